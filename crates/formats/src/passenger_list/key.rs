//! What tells one part of a list, and one passenger of a flight, from another.

use serde::Serialize;

use crate::detect::Kind;
use crate::envelope::{Envelope, TimeGroup};
use crate::passenger_list::model::{End, PassengerList};
use crate::passenger_list::people::Person;
use crate::when::DayMonth;

/// What parts of one list have in common, and which part this is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct PartKey {
    /// Sender's address; empty if there was no envelope.
    pub origin: String,
    /// PNL, ADL, …
    pub kind: Kind,
    /// `CA1501`, suffix included.
    pub flight: String,
    /// Local day of departure. It has no year: the caller knows when the message came.
    pub date: Option<DayMonth>,
    /// Boarding point.
    pub board: String,
    /// `ANA`, if it was sent: the best tie between parts.
    pub association: Option<String>,
    /// When the message was made. Parts of one list may differ by minutes.
    pub time: Option<TimeGroup>,
    /// From 1; None if it was not sent.
    pub part: Option<u16>,
    /// No part follows.
    pub is_last: bool,
}

impl PartKey {
    /// None if the flight line could not be read: such a part belongs nowhere.
    #[must_use]
    pub fn of(envelope: &Envelope<'_>, list: &PassengerList<'_>) -> Option<Self> {
        let flight = list.flight.as_ref()?;
        Some(Self {
            origin: envelope.origin.map(|origin| origin.to_string()).unwrap_or_default(),
            kind: list.kind,
            flight: flight.designator.to_string(),
            date: flight.date,
            board: flight.board.to_owned(),
            association: list.association.map(str::to_owned),
            time: envelope.time,
            part: list.part,
            is_last: list.end == End::Last,
        })
    }

    /// Parts with the same one are parts of one list. The time is not in it: senders stamp parts as
    /// they leave.
    #[must_use]
    pub fn list(&self) -> (&str, Kind, &str, Option<DayMonth>, &str, Option<&str>) {
        (&self.origin, self.kind, &self.flight, self.date, &self.board, self.association.as_deref())
    }
}

/// A passenger within a flight, as an ADL names them: the same letters and a shared locator.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Identity {
    /// `WANG/XIAOBAO`: letters only, upper case, without title.
    pub name: String,
    /// `CA/NABC12`, sorted. Two mentions are one passenger if the names are equal and the locators
    /// have one in common, or one side has none.
    pub locators: Vec<String>,
}

impl Identity {
    /// Of a passenger of a list.
    #[must_use]
    pub fn of(person: &Person<'_, '_>) -> Self {
        let mut name = letters(person.surname());
        name.push('/');
        name.push_str(&letters(person.given()));
        let mut locators: Vec<String> =
            person.locators().map(|of| format!("{}/{}", of.system, of.code)).collect();
        locators.sort_unstable();
        locators.dedup();
        Self { name, locators }
    }

    /// Whether both may be one passenger.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.name == other.name
            && (self.locators.is_empty()
                || other.locators.is_empty()
                || self.locators.iter().any(|locator| other.locators.contains(locator)))
    }
}

fn letters(name: &str) -> String {
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
