//! The flights of a booking, and what check-in knows about them.

use serde::Serialize;

use super::{Locator, Note, Office, Request, Stamp, Word, blank};
use crate::flight::Airport;

/// A flight of the booking.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Flight<'t> {
    /// Local day and time of departure.
    #[serde(skip_serializing_if = "Stamp::is_empty")]
    pub departs: Stamp,
    /// Local day and time of arrival; the day is often left out, see [`Flight::arrival_day`].
    #[serde(skip_serializing_if = "Stamp::is_empty")]
    pub arrives: Stamp,
    /// Board point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Airport>,
    /// Off point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Airport>,
    /// Marketing carrier.
    #[serde(skip_serializing_if = "blank")]
    pub marketing: Word<'t>,
    /// Operating carrier, if it is another.
    #[serde(skip_serializing_if = "blank")]
    pub operating: Word<'t>,
    /// Flight number with its suffix; `OPEN`, `ARNK` occur.
    #[serde(skip_serializing_if = "blank")]
    pub number: Word<'t>,
    /// Booking class.
    #[serde(skip_serializing_if = "blank")]
    pub class: Word<'t>,
    /// Number and class of the partner's flight (`TVL+++++303:Y`): of the other of the two carriers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<(Word<'t>, Word<'t>)>,
    /// How many seats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<u16>,
    /// `HK`, `YG`.
    #[serde(skip_serializing_if = "blank")]
    pub status: Word<'t>,
    /// Aircraft type.
    #[serde(skip_serializing_if = "blank")]
    pub aircraft: Word<'t>,
    /// Locators of this flight's carrier.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locators: Vec<Locator<'t>>,
    /// Requests for this flight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request<'t>>,
    /// Texts about this flight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note<'t>>,
    /// What the departure control system knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub check_ins: Vec<CheckIn<'t>>,
}

/// A check-in transaction.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CheckIn<'t> {
    /// When: (qualifier, time); 2 check-in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<(Word<'t>, Stamp)>,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<Box<Office<'t>>>,
    /// Who was checked in.
    pub passengers: Vec<CheckedPassenger<'t>>,
}

/// A passenger at check-in.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CheckedPassenger<'t> {
    /// Check-in or boarding number: `108`, `SIN-168`.
    #[serde(skip_serializing_if = "blank")]
    pub number: Word<'t>,
    /// [`Passenger::reference`].
    #[serde(skip_serializing_if = "blank")]
    pub passenger: Word<'t>,
    /// Surname.
    #[serde(skip_serializing_if = "blank")]
    pub surname: Word<'t>,
    /// Given names with title.
    #[serde(skip_serializing_if = "blank")]
    pub given: Word<'t>,
    /// Seat as written: `011D`.
    #[serde(skip_serializing_if = "blank")]
    pub seat: Word<'t>,
    /// Cabin of the seat.
    #[serde(skip_serializing_if = "blank")]
    pub cabin: Word<'t>,
    /// Checked bags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bags: Vec<Bags<'t>>,
}

/// Checked bags of one passenger or pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bags<'t> {
    /// Pieces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pieces: Option<u16>,
    /// Weight as written.
    #[serde(skip_serializing_if = "blank")]
    pub weight: Word<'t>,
    /// 700 kilogrammes, 701 pounds.
    #[serde(skip_serializing_if = "blank")]
    pub unit: Word<'t>,
    /// HP head of a pool, MP member of one; and whose.
    #[serde(skip_serializing_if = "blank")]
    pub pool: Word<'t>,
    /// Tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag<'t>>,
}

/// A run of bag tags.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tag<'t> {
    /// Airline, as letters or as its three digits.
    pub airline: Word<'t>,
    /// Number of the first.
    pub number: Word<'t>,
    /// How many in a row.
    #[serde(skip_serializing_if = "blank")]
    pub count: Word<'t>,
    /// Where to.
    #[serde(skip_serializing_if = "blank")]
    pub to: Word<'t>,
}

/// A hotel, car or other service of the booking.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OtherService<'t> {
    /// Code of MSG: 8 hotel, 1 air, 5 car, 9 train ….
    pub kind: Word<'t>,
    /// The TVL segment, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Word<'t>>,
}
