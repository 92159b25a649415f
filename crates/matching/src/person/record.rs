//! What a source said about a person, as far as it helps to tell who it is.

use std::fmt;

use kernel::chrono::{Datelike, NaiveDate};
use kernel::names::PersonName;
use serde::{Deserialize, Serialize};

use crate::dates::Digits;

/// One source record. Numbers and contacts come in as keyed hashes (HMAC of the normalised value,
/// at least its first eight bytes): equal values give equal hashes, and no value is needed here.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct PersonRecord {
    /// Every form the source gave, `SURNAME/GIVEN` with or without a glued title too.
    pub names: Vec<PersonName>,
    pub birth: Option<Birth>,
    pub gender: Option<Gender>,
    /// ISO 3166-1 alpha-2, as numbers: see [`country`].
    pub nationality: Option<u16>,
    pub documents: Vec<Document>,
    pub members: Vec<Member>,
    pub phones: Vec<u64>,
    pub emails: Vec<u64>,
    /// Hashes of the normalised city and of the whole address.
    pub city: Option<u64>,
    pub address: Option<u64>,
    pub bookings: Vec<Seat>,
    /// Which feed the record is from, by the caller's own numbering.
    pub source: u32,
}

impl fmt::Debug for PersonRecord {
    /// Prints nothing of the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonRecord(•••)")
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birth {
    pub date: Digits,
    /// Read from a document or confirmed by the person.
    pub verified: bool,
}

impl Birth {
    #[must_use]
    pub fn new(date: NaiveDate, verified: bool) -> Option<Self> {
        let year = u32::try_from(date.year()).ok()?;
        Some(Self { date: Digits::new(year, date.month(), date.day())?, verified })
    }

    /// Whether the date says more than the year: forms and agents write the first of January when
    /// they know no better, so that day counts only when verified.
    #[must_use]
    pub fn is_complete(self) -> bool {
        let (month, day) = (self.date.month(), self.date.day());
        let placeholder = month == 1 && day == 1 && !self.verified;
        !placeholder && month > 0 && day > 0 && self.date.year() > 1900
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    Female,
    Male,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// Chinese resident identity number, eighteen characters: a person has one for life.
    IdentityCard,
    /// Renewed every few years under another number.
    Passport,
    /// Travel permits, residence permits and all others.
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub kind: DocumentKind,
    /// Keyed hash of the number alone.
    pub key: u64,
    /// Issuing country, see [`country`].
    pub country: Option<u16>,
    /// The check character is right, or staff or the issuer confirmed the number.
    pub valid: bool,
}

/// Membership of a frequent-flyer programme.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The airline's designator, as [`country`] makes numbers of two letters.
    pub programme: u16,
    /// Keyed hash of programme and number.
    pub key: u64,
}

/// A place on a booking.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Hash of record locator and the day the booking was made or flown.
    pub booking: u64,
    /// The passenger's number within it, by the source's own order; 0 when not known.
    pub position: u32,
}

/// Two letters as a number, capitals or not; `None` for anything else.
///
/// ```
/// assert_eq!(matching::person::country("cn"), matching::person::country("CN"));
/// assert_eq!(matching::person::country("CHN"), None);
/// ```
#[must_use]
pub fn country(code: &str) -> Option<u16> {
    match code.as_bytes() {
        [a, b] if a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() => {
            Some(u16::from_be_bytes([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
        }
        _ => None,
    }
}
