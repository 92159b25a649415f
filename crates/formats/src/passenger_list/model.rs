//! A list as it was sent, flat.

use std::ops::Range;

use serde::Serialize;

use crate::detect::Kind;
use crate::envelope::TimeGroup;
use crate::flight::FlightDesignator;
use crate::passenger_list::element::Element;
use crate::passenger_list::name::Title;
use crate::when::DayMonth;

/// The flight line: `UT298/22NOV AER PART1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flight<'t> {
    /// Airline, number, suffix. The airline may be two Cyrillic letters.
    pub designator: FlightDesignator<'t>,
    /// Local day of departure from the boarding point. It has no year.
    pub date: Option<DayMonth>,
    /// The boarding point, three letters, Cyrillic or Latin; empty if it is missing.
    pub board: &'t str,
}

/// How a part ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Cut off: there is no END line.
    #[default]
    Missing,
    /// `ENDPART3`: more follows.
    Part(u16),
    /// `ENDPNL`.
    Last,
}

/// `CFG/007C056Y`: seats of one compartment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Configuration<'t> {
    /// Where this configuration begins, if it is not the boarding point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<&'t str>,
    /// The compartment's letter.
    pub compartment: &'t str,
    /// Seats.
    pub seats: u16,
}

/// `Y/YBMUH` of an `RBD` line: the booking classes of one compartment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compartment<'t> {
    /// The compartment's letter.
    pub code: &'t str,
    /// One character each.
    pub classes: &'t str,
}

/// `AVAIL` or `TRANSIT`: stations, then per compartment a number for each leg.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Availability<'t> {
    /// In the order flown, the boarding point included if it was sent.
    pub stations: Vec<&'t str>,
    /// Compartment, and its numbers; negative when oversold.
    pub rows: Vec<(&'t str, Vec<i16>)>,
}

/// Numbers of passengers on board for a destination, as PFS sends them before the names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Numerics<'t> {
    /// Three letters.
    pub destination: &'t str,
    /// By compartment in the order of the aircraft; None where the field is empty or no number.
    pub numbers: Vec<Option<u16>>,
    /// The same for `PAD`, passengers who may be left behind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pad: Vec<Option<u16>>,
}

/// What an ADL does with the names below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Change {
    /// They are no longer booked.
    Del,
    /// They are booked now.
    Add,
    /// They are booked as before; all about them is said anew.
    Chg,
}

/// What the names below it inherit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section<'t> {
    /// Three letters; empty if names came before any total.
    pub destination: &'t str,
    /// The booking class; empty if none was sent.
    pub class: &'t str,
    /// The total sent. Of an ADL it is the new total of all sections of this destination and class.
    pub count: Option<u16>,
    /// `-PAD003`.
    pub pad: Option<u16>,
    /// Of an ADL.
    pub change: Option<Change>,
    /// Of a PFS: `NOSHO`, `GOSHO`, or any other code.
    pub category: Option<&'t str>,
    /// Of `list.names`.
    pub names: Range<u32>,
}

/// `-B2`: names of one booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Group<'t> {
    /// One or two letters.
    pub id: &'t str,
    /// Of the whole party; may differ between names of one group.
    pub size: u16,
}

/// A name element: `2WANG/WU/XIAOBAOCHD-B2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<'t> {
    /// As sent; may be empty (`1/`).
    pub surname: &'t str,
    /// Seats.
    pub count: u16,
    /// The group identifier.
    pub group: Option<Group<'t>>,
    /// Index into `list.sections`.
    pub section: u32,
    /// Index into `list.bookings`.
    pub booking: u32,
    /// Of `list.passengers`.
    pub passengers: Range<u32>,
    /// Of `list.elements`.
    pub elements: Range<u32>,
    /// Byte of the message at which it begins.
    pub at: u32,
}

/// Who or what has a seat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonKind {
    /// Nothing says otherwise.
    #[default]
    Adult,
    /// By title or by a CHLD remark.
    Child,
    /// An infant with a seat of its own. Infants in arms are [`crate::passenger_list::Infant`].
    Infant,
    /// An extra seat, a bag in the cabin, a stretcher: EXST, CBBG, STCR, ZZ. Not a person.
    Seat,
}

/// One seat of a name element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passenger<'t> {
    /// Index into `list.names`.
    pub name: u32,
    /// Given names without the title; empty for a blank name.
    pub given: &'t str,
    /// Given names and title as they were sent.
    pub sent: &'t str,
    /// The title, if one was found.
    pub title: Option<Title>,
    /// What kind of passenger.
    pub kind: PersonKind,
}

/// One record locator of one system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Locator<'t> {
    /// The airline or reservation system whose locator it is; the operating airline if none was sent.
    pub system: &'t str,
    /// Five to eight characters.
    pub code: &'t str,
}

/// Names that belong to one booking, by group identifier; most have one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// Index into `list.names` of its first name.
    pub first: u32,
    /// Seats of all its names in this list.
    pub seats: u32,
    /// First and last of its locators in the list's chain; `u32::MAX` for none.
    pub(crate) locators: (u32, u32),
}

/// One part of a list, or all of it after [`crate::passenger_list::merge`].
#[derive(Clone, Debug, PartialEq)]
pub struct PassengerList<'t> {
    /// PNL, ADL, PFS, PRL, ETL, FTL or TPM.
    pub kind: Kind,
    /// None if the flight line is missing or cannot be read.
    pub flight: Option<Flight<'t>>,
    /// `PART1`. None if missing or wrong.
    pub part: Option<u16>,
    /// Whether more parts follow.
    pub end: End,
    /// `ANA/123456`: ties parts together.
    pub association: Option<&'t str>,
    /// `ATD/220612`: when the flight left, local time.
    pub departed: Option<TimeGroup>,
    /// `CFG`.
    pub configuration: Vec<Configuration<'t>>,
    /// `RBD`.
    pub compartments: Vec<Compartment<'t>>,
    /// `AVAIL`.
    pub available: Availability<'t>,
    /// `TRANSIT`.
    pub transit: Availability<'t>,
    /// Before the names of a PFS.
    pub numerics: Vec<Numerics<'t>>,
    /// Lines of the heading that are not known, word for word.
    pub other: Vec<&'t str>,
    /// The message says that there is nobody.
    pub nil: bool,
    /// What names inherit.
    pub sections: Vec<Section<'t>>,
    /// Name elements.
    pub names: Vec<Name<'t>>,
    /// Seats.
    pub passengers: Vec<Passenger<'t>>,
    /// Sub-elements.
    pub elements: Vec<Element<'t>>,
    /// Names that are one booking.
    pub bookings: Vec<Booking>,
    /// Locators, and the next of the same booking (`u32::MAX` for none).
    pub(crate) locators: Vec<(Locator<'t>, u32)>,
}

impl<'t> PassengerList<'t> {
    /// Nothing yet.
    #[must_use]
    pub const fn new(kind: Kind) -> Self {
        Self {
            kind,
            flight: None,
            part: None,
            end: End::Missing,
            association: None,
            departed: None,
            configuration: Vec::new(),
            compartments: Vec::new(),
            available: Availability { stations: Vec::new(), rows: Vec::new() },
            transit: Availability { stations: Vec::new(), rows: Vec::new() },
            numerics: Vec::new(),
            other: Vec::new(),
            nil: false,
            sections: Vec::new(),
            names: Vec::new(),
            passengers: Vec::new(),
            elements: Vec::new(),
            bookings: Vec::new(),
            locators: Vec::new(),
        }
    }

    /// The compartment in which a booking class is sold on this flight, by the `RBD` line. None if
    /// there is no such line or the class is not on it.
    #[must_use]
    pub fn compartment(&self, class: &str) -> Option<&'t str> {
        let of =
            self.compartments.iter().find(|of| !class.is_empty() && of.classes.contains(class));
        of.map(|of| of.code)
    }

    /// The airline that operates the flight; empty if the flight line could not be read.
    #[must_use]
    pub fn airline(&self) -> &'t str {
        self.flight.as_ref().map_or("", |flight| flight.designator.airline)
    }

    /// Locators of a booking, in the order sent, each once.
    pub fn locators_of(&self, booking: u32) -> impl Iterator<Item = Locator<'t>> {
        let first = self.bookings.get(booking as usize).map_or(u32::MAX, |of| of.locators.0);
        let chain = std::iter::successors(self.locators.get(first as usize), |(_, next)| {
            self.locators.get(*next as usize)
        });
        chain.map(|(locator, _)| *locator)
    }
}

/// An index range as one of `usize`.
pub(crate) const fn wide(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// A length or an offset as an index. Messages beyond 4 GiB are cut by their reader.
pub(crate) fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
