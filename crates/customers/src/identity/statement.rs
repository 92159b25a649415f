//! What one message, row or event says about one person.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Personal;
use kernel::names::PersonName;
use uuid::Uuid;

use crate::model::{DocumentKind, Gender};

/// One thing a source says about a person. `None` and empty mean that it says nothing.
#[derive(Clone, Default)]
pub struct Statement {
    /// Kind of source: `booking`, `departure`, `ticket`, `boarding-pass`, `web`, `member`, …
    pub source: String,
    /// The source's own key of the person, stable over repetitions: the same key again is the same
    /// mention, and a later statement under it replaces the earlier one.
    pub source_key: String,
    /// The message it was read from.
    pub message: Option<Uuid>,
    /// When the source said it.
    pub said_at: DateTime<Utc>,
    /// Every form the source has, titles taken off.
    pub names: Vec<PersonName>,
    /// As stated, or as a title says.
    pub gender: Option<Gender>,
    /// As stated.
    pub birth_date: Option<NaiveDate>,
    /// Whether the birth date was read from a travel document.
    pub birth_verified: bool,
    /// ISO 3166-1 alpha-2.
    pub nationality: Option<String>,
    /// Travel and identity documents.
    pub documents: Vec<StatedDocument>,
    /// Frequent-flyer memberships, of any airline.
    pub memberships: Vec<Membership>,
    /// Telephones, as stated.
    pub phones: Vec<Personal<String>>,
    /// E-mail addresses, as stated.
    pub emails: Vec<Personal<String>>,
    /// City of residence.
    pub city: Option<String>,
    /// Preferred language.
    pub language: Option<String>,
    /// Place on a booking: two places on one booking are two people.
    pub booking: Option<BookingPlace>,
}

impl fmt::Debug for Statement {
    /// Prints nothing of the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Statement({} •••)", self.source)
    }
}

/// A document as a source states it.
#[derive(Clone)]
pub struct StatedDocument {
    /// Which kind.
    pub kind: DocumentKind,
    /// As stated.
    pub number: Personal<String>,
    /// Issuing country, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Last day of validity.
    pub expires_on: Option<NaiveDate>,
}

/// Membership of a frequent-flyer programme.
#[derive(Clone)]
pub struct Membership {
    /// The airline's designator, two or three letters.
    pub programme: String,
    /// As stated.
    pub number: String,
}

/// A place on a booking.
#[derive(Clone)]
pub struct BookingPlace {
    /// Designator of the airline or system the locator is from.
    pub carrier: String,
    /// Record locator.
    pub locator: String,
    /// Local day of the first flight known of the booking: locators are used again after years.
    pub day: NaiveDate,
    /// The passenger's number within the booking by the source's own order, from 1; 0 if unknown.
    pub position: u32,
}
