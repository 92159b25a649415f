//! A booking message as a record. Empty fields are left out of the tree.

use std::borrow::Cow;

use serde::Serialize;

use super::Status;
use crate::flight::Airport;
use crate::names::Name;
use crate::requests::{self, Contact, Details};
use crate::when::{DayMonth, TimeOfDay};

/// One message about one booking.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Booking<'t> {
    /// `DVD`, `BPR`: most messages have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<&'t str>,
    /// The sender's locator first, then those of others.
    pub references: Vec<Reference<'t>>,
    /// As in the message; with changes of names, those before them.
    pub names: Vec<NameElement<'t>>,
    /// `CHNT`: names replaced by others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<NameChange<'t>>,
    /// Flights.
    pub segments: Vec<Segment<'t>>,
    /// SSR.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request<'t>>,
    /// OSI.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub information: Vec<Information<'t>>,
    /// Everything else, word for word but for card numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<Cow<'t, str>>,
}

/// A record locator and where it is from.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reference<'t> {
    /// City of the office: `NYC`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub city: &'t str,
    /// Airline or system: `1G`.
    pub system: &'t str,
    /// `CPNR1G`.
    pub locator: &'t str,
    /// Who sold it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point_of_sale: Option<PointOfSale<'t>>,
}

/// `/AAA/111122223333/NYC/1G/T/NL/CHF/SU`, told by position.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PointOfSale<'t> {
    /// Pseudo city or office code.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub office: &'t str,
    /// IATA number of the agency, or an id of the user.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub agency: &'t str,
    /// City of the user.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub city: &'t str,
    /// System of the user.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub system: &'t str,
    /// T travel agent, A airline, N non-IATA agent, E, G ….
    #[serde(skip_serializing_if = "str::is_empty")]
    pub kind: &'t str,
    /// Two letters.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub country: &'t str,
    /// Three letters.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub currency: &'t str,
    /// Duty code, first departure and whatever follows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rest: Vec<&'t str>,
}

/// `2KUSUMA/BUDIMR/ANIMRS`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NameElement<'t> {
    /// How many people.
    pub count: u16,
    /// Surname, or the name of a group.
    pub surname: &'t str,
    /// Given names; fewer than the count if the others are not named yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person<'t>>,
    /// As written, without the count.
    #[serde(skip)]
    pub text: &'t str,
}

/// A given name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Person<'t> {
    /// May hold blanks; with two fields of it (`ANGGARA/BAYI`) the slash is in it.
    pub given: &'t str,
    /// `MR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'t str>,
}

/// A name and what it is from now on: `1AAAAA/RMR 1BBBBB/SMR`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NameChange<'t> {
    /// One of the names of the booking; none if the new name replaces all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NameElement<'t>>,
    /// The new name.
    pub to: NameElement<'t>,
}

/// A flight of the booking.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Segment<'t> {
    /// Airline.
    pub airline: &'t str,
    /// None for an open flight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Operational suffix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<char>,
    /// Booking class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<char>,
    /// Local day of departure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<DayMonth>,
    /// Two digits, if the message names a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u8>,
    /// Board point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Airport>,
    /// Off point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Airport>,
    /// Action, advice or status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status<'t>>,
    /// Local time of departure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departs: Option<TimeOfDay>,
    /// Local time of arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrives: Option<TimeOfDay>,
    /// Days from departure to arrival: `/1`, `/M1`.
    #[serde(skip_serializing_if = "is_zero")]
    pub day_change: i8,
    /// What follows.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub rest: &'t str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero(days: &i8) -> bool {
    *days == 0
}

/// The flight a request is about: `NRTLAX0123Y21DEC`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FlightReference {
    /// Board point.
    pub from: Airport,
    /// Off point.
    pub to: Airport,
    /// Flight number of the airline asked.
    pub number: u32,
    /// Booking class.
    pub class: char,
    /// Local day of departure.
    pub day: DayMonth,
}

/// `SSR`. See [`Request::details`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request<'t> {
    /// `TKNE`.
    pub code: &'t str,
    /// Airline asked.
    pub airline: &'t str,
    /// Action or status.
    pub status: Option<Status<'t>>,
    /// The flight, if it is about one.
    pub flight: Option<FlightReference>,
    /// The passengers, if it is not about all of them.
    pub names: Vec<NameElement<'t>>,
    /// Free text, continuations (`///`) joined to it.
    pub text: Cow<'t, str>,
}

/// `OSI`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Information<'t> {
    /// Airline told; YY is all of them.
    pub airline: &'t str,
    /// Free text.
    pub text: Cow<'t, str>,
    /// The passengers it names.
    pub names: Vec<NameElement<'t>>,
}

impl<'t> NameElement<'t> {
    /// Surname, given name and title of each person named.
    pub fn people(&self) -> impl Iterator<Item = Name<'t>> {
        let surname = self.surname;
        self.people.iter().map(move |one| Name { surname, given: one.given, title: one.title })
    }

    /// Written the same.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<'t> Booking<'t> {
    /// The names in force: those after the changes.
    #[must_use]
    pub fn names_now(&self) -> Vec<&NameElement<'t>> {
        let replaces_all = self.changes.iter().any(|change| change.from.is_none());
        if replaces_all {
            return self.changes.iter().map(|change| &change.to).collect();
        }
        let now = |name| {
            let mut changes = self.changes.iter();
            let change = changes.find(|one| one.from.as_ref().is_some_and(|old| old.is_same(name)));
            change.map_or(name, |change| &change.to)
        };
        self.names.iter().map(now).collect()
    }

    /// How many people are booked, named or not.
    #[must_use]
    pub fn party(&self) -> u32 {
        self.names_now().iter().map(|name| u32::from(name.count)).sum()
    }

    /// Contacts among requests and information.
    #[must_use]
    pub fn contacts(&self) -> Vec<Contact<'_>> {
        let asked = self.requests.iter().filter_map(|request| match request.details() {
            Some(Details::Contact(contact)) => Some(contact),
            _ => None,
        });
        asked.chain(self.information.iter().filter_map(Information::contact)).collect()
    }
}

impl Request<'_> {
    /// What the text says, if the code has a known grammar.
    #[must_use]
    pub fn details(&self) -> Option<Details<'_>> {
        requests::read(self.code, &self.text)
    }
}

impl Information<'_> {
    /// A contact.
    #[must_use]
    pub fn contact(&self) -> Option<Contact<'_>> {
        requests::contact_in(&self.text).or_else(|| {
            // `1PRATAMA/ARIELUCY E/ARIE.L@EXAMPLE.COM`
            let at = self.text.find(" E/").or_else(|| self.text.find(" CTC"))?;
            requests::contact_in(self.text.get(at + 1..)?)
        })
    }

    /// `RLOC HDQ8GCPNRSJ`: a locator in another system.
    #[must_use]
    pub fn locator(&self) -> Option<Reference<'_>> {
        let rest = self.text.trim_start().strip_prefix("RLOC")?.trim();
        let (city, rest) =
            rest.split_at_checked(3).filter(|(city, _)| !city.contains(' ')).unwrap_or(("", rest));
        let (system, locator) = rest.split_at_checked(2)?;
        let locator = locator.trim();
        let fits = (5..=8).contains(&locator.len())
            && locator.bytes().all(|byte| byte.is_ascii_alphanumeric());
        fits.then_some(Reference { city, system, locator, point_of_sale: None })
    }

    /// `CLID 12345`: a company's number with the airline. Never a member.
    #[must_use]
    pub fn company(&self) -> Option<&str> {
        let rest = self.text.trim_start().strip_prefix("CLID")?;
        let number = rest.trim_start_matches(['/', ' ', '-']).split(' ').next()?;
        (!number.is_empty()).then_some(number)
    }
}
