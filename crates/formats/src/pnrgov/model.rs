//! The record of a push. Empty fields are left out of the tree.

use serde::Serialize;

use super::{Address, Flight, Note, OtherService, Passenger, Request, Stamp, Word, blank};

/// One transmission.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Interchange<'t> {
    /// Who sent it: airline or host.
    #[serde(skip_serializing_if = "blank")]
    pub sender: Word<'t>,
    /// To which authority.
    #[serde(skip_serializing_if = "blank")]
    pub recipient: Word<'t>,
    /// YYMMDD and HHMM as written.
    #[serde(skip_serializing_if = "blank")]
    pub prepared: Word<'t>,
    /// Control reference.
    #[serde(skip_serializing_if = "blank")]
    pub reference: Word<'t>,
    /// In the order they came.
    pub messages: Vec<Message<'t>>,
}

/// One message: the bookings on one flight, or a part of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Message<'t> {
    /// Reference number of UNH.
    #[serde(skip_serializing_if = "blank")]
    pub reference: Word<'t>,
    /// `11:1`.
    #[serde(skip_serializing_if = "blank")]
    pub version: Word<'t>,
    /// Common access reference: the same in all parts of a split push.
    #[serde(skip_serializing_if = "blank")]
    pub access: Word<'t>,
    /// Which part of a split push this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// Function of MSG: 22 push, 141 update.
    #[serde(skip_serializing_if = "blank")]
    pub function: Word<'t>,
    /// System that made it.
    #[serde(skip_serializing_if = "Office::is_empty")]
    pub origin: Office<'t>,
    /// The flight it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flight: Option<Box<Flight<'t>>>,
    /// How many bookings it says it has. Some senders count passengers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_count: Option<u32>,
    /// The bookings.
    pub records: Vec<Record<'t>>,
    /// Segments that belong nowhere, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<Word<'t>>,
}

/// `01:C`, `02`, `03:F`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// From 1.
    pub number: u16,
    /// There is a part after this one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
    /// There is none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub last: bool,
}

/// Who made or holds a booking.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Office<'t> {
    /// Airline or host.
    #[serde(skip_serializing_if = "blank")]
    pub system: Word<'t>,
    /// Where it is.
    #[serde(skip_serializing_if = "blank")]
    pub place: Word<'t>,
    /// IATA number of the agency.
    #[serde(skip_serializing_if = "blank")]
    pub agency: Word<'t>,
    /// Pseudo city or office code.
    #[serde(skip_serializing_if = "blank")]
    pub office: Word<'t>,
    /// City of the agent.
    #[serde(skip_serializing_if = "blank")]
    pub city: Word<'t>,
    /// A airline, T or N travel agent.
    #[serde(skip_serializing_if = "blank")]
    pub kind: Word<'t>,
    /// Two letters.
    #[serde(skip_serializing_if = "blank")]
    pub country: Word<'t>,
    /// Three letters.
    #[serde(skip_serializing_if = "blank")]
    pub currency: Word<'t>,
    /// Sign of the agent.
    #[serde(skip_serializing_if = "blank")]
    pub agent: Word<'t>,
}

impl Office<'_> {
    /// Nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One booking (PNR).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Record<'t> {
    /// One per system that holds it.
    pub locators: Vec<Locator<'t>>,
    /// Locators of the bookings it was split from or into.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<Locator<'t>>,
    /// Times of the booking: (qualifier, time); 700 last change, 710 ticketing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<(Word<'t>, Stamp)>,
    /// Who made it.
    #[serde(skip_serializing_if = "Office::is_empty")]
    pub office: Office<'t>,
    /// Addresses and telephone numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address<'t>>,
    /// Excess baggage as written (EBD).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excess_bags: Vec<&'t str>,
    /// Requests at the level of the booking.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request<'t>>,
    /// OSI and other texts at the level of the booking.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note<'t>>,
    /// Everybody booked, infants too.
    pub passengers: Vec<Passenger<'t>>,
    /// All flights of the booking.
    pub flights: Vec<Flight<'t>>,
    /// Hotels, cars and the like.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_services: Vec<OtherService<'t>>,
    /// What happened to it: segments behind ABI, and LTS lines, word for word but for card numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Word<'t>>,
    /// Segments that belong nowhere, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<Word<'t>>,
}

/// A record locator.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Locator<'t> {
    /// Airline or system that gave it.
    #[serde(skip_serializing_if = "blank")]
    pub system: Word<'t>,
    /// `3PGZOV`.
    #[serde(skip_serializing_if = "blank")]
    pub locator: Word<'t>,
    /// When it was made.
    #[serde(skip_serializing_if = "Stamp::is_empty")]
    pub created: Stamp,
}
