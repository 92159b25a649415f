//! Passenger and crew lists for border control (PAXLST, UN/EDIFACT D.02B and later).
//!
//! One message is one flight: carrier and times in front, then for every person a `NAD` group with
//! sex, birth, places, nationality, references and documents. Often sent over Type B, broken into
//! lines of 63 characters and signed by a mail gateway: both are read as if they were not there.

mod parse;
pub mod rules;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::Serialize;

pub use parse::{parse, parse_into};

use crate::pnrgov::Part;
use crate::when::{Day, TimeOfDay};

/// Text of a message.
pub type Word<'t> = Cow<'t, str>;

fn blank(word: &Word<'_>) -> bool {
    word.is_empty()
}

/// One message.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct List<'t> {
    /// Sender of the interchange.
    #[serde(skip_serializing_if = "blank")]
    pub sender: Word<'t>,
    /// Reference number of UNH.
    #[serde(skip_serializing_if = "blank")]
    pub reference: Word<'t>,
    /// `D:02B`.
    #[serde(skip_serializing_if = "blank")]
    pub version: Word<'t>,
    /// Common access reference.
    #[serde(skip_serializing_if = "blank")]
    pub access: Word<'t>,
    /// Which part of a split list this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// Code of BGM: 745 passengers, 250 crew, 266 closed, 336 change.
    #[serde(skip_serializing_if = "blank")]
    pub kind: Word<'t>,
    /// Flights, usually one.
    pub flights: Vec<Flight<'t>>,
    /// Everybody in the list.
    pub people: Vec<Person<'t>>,
    /// How many people it says there are (CNT), on this flight in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Other segments, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<&'t str>,
}

/// A flight.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Flight<'t> {
    /// `UA123`, as written.
    #[serde(skip_serializing_if = "blank")]
    pub number: Word<'t>,
    /// Carrier, if it is named apart.
    #[serde(skip_serializing_if = "blank")]
    pub carrier: Word<'t>,
    /// Last place of departure abroad, and others: (qualifier, place). 125 departure, 87 arrival, 92
    /// onward, 130 last before.
    pub places: Vec<(Word<'t>, Word<'t>)>,
    /// Local times: (qualifier, day, time). 189 departure, 232 arrival.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<(Word<'t>, Moment)>,
}

/// YYMMDDHHMM on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Day.
    pub day: Day,
    /// Time of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeOfDay>,
}

/// A passenger or a crew member.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Person<'t> {
    /// FL passenger, FM crew, DDU and DDT in transit.
    pub role: Word<'t>,
    /// Surname.
    #[serde(skip_serializing_if = "blank")]
    pub surname: Word<'t>,
    /// First given name.
    #[serde(skip_serializing_if = "blank")]
    pub given: Word<'t>,
    /// Further given names.
    #[serde(skip_serializing_if = "blank")]
    pub middle: Word<'t>,
    /// Street, city, state, postal code and country, as far as said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<Word<'t>>,
    /// M, F, U, X.
    #[serde(skip_serializing_if = "blank")]
    pub sex: Word<'t>,
    /// YYMMDD on the wire; see [`Person::birth_day`].
    #[serde(skip_serializing_if = "blank")]
    pub born: Word<'t>,
    /// (qualifier, place): 178 board, 179 off, 22 border, 174 residence, 180 birth.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<(Word<'t>, Word<'t>)>,
    /// Three letters.
    #[serde(skip_serializing_if = "blank")]
    pub nationality: Word<'t>,
    /// Record locator (RFF AVF).
    #[serde(skip_serializing_if = "blank")]
    pub locator: Word<'t>,
    /// Seat (RFF SEA).
    #[serde(skip_serializing_if = "blank")]
    pub seat: Word<'t>,
    /// Other references: (qualifier, value); ABO passenger, AEA, CR, FFN frequent flyer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<(Word<'t>, Word<'t>)>,
    /// Documents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document<'t>>,
    /// Bag tags (FTX BAG).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bags: Vec<Word<'t>>,
    /// Pieces checked (MEA CT).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bag_count: Option<u16>,
}

/// A travel document.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Document<'t> {
    /// P passport, V visa, I, A, C, F, L.
    pub kind: Word<'t>,
    /// Number.
    #[serde(skip_serializing_if = "blank")]
    pub number: Word<'t>,
    /// Last day of validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Day>,
    /// Country that issued it.
    #[serde(skip_serializing_if = "blank")]
    pub issued_by: Word<'t>,
}

impl Person<'_> {
    /// The birth: the last such day that is not after `today`.
    #[must_use]
    pub fn birth_day(&self, today: Day) -> Option<Day> {
        let part = |from: usize| self.born.get(from..from + 2)?.parse::<u8>().ok();
        if self.born.len() == 8 {
            let year = self.born.get(..4)?.parse().ok()?;
            return Day::new(year, part(4)?, part(6)?);
        }
        let (year, month, day) = (i32::from(part(0)?), part(2)?, part(4)?);
        let century = today.year.div_euclid(100) * 100;
        let days = [century, century - 100].into_iter();
        days.filter_map(|base| Day::new(base + year, month, day)).find(|day| *day <= today)
    }

    /// A member of the crew.
    #[must_use]
    pub fn is_crew(&self) -> bool {
        self.role == "FM"
    }
}

impl Flight<'_> {
    /// Place by qualifier: `125` is the departure, `87` the arrival.
    #[must_use]
    pub fn place(&self, qualifier: &str) -> Option<&str> {
        self.places.iter().find(|(kind, _)| kind == qualifier).map(|(_, place)| &**place)
    }

    /// Time by qualifier: `189` departure, `232` arrival.
    #[must_use]
    pub fn time(&self, qualifier: &str) -> Option<Moment> {
        self.times.iter().find(|(kind, _)| kind == qualifier).map(|(_, moment)| *moment)
    }
}
