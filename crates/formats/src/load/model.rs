//! Records of load messages.

use serde::Serialize;

use crate::flight::{Airport, FlightDesignator};
use crate::scan::number;
use crate::when::{Day, DayMonth, nearest_numbered};

/// A load message.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Message<'t> {
    /// `COR`: replaces what was sent before about the same flight.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub correction: bool,
    /// The flight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flight: Option<FlightDesignator<'t>>,
    /// Day of its scheduled departure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
    /// Its month, which only some senders give.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<u8>,
    /// As sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<&'t str>,
    /// Aircraft version or seats by class, in the airline's own notation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'t str>,
    /// On duty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crew: Option<Crew>,
    /// In the order of the stops.
    pub destinations: Vec<Destination<'t>>,
    /// SI, one entry for each line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supplementary: Vec<&'t str>,
    /// Lines that were not understood, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<&'t str>,
}

/// `2/5` or `2/1/4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Crew {
    /// Flight deck.
    pub cockpit: u32,
    /// Cabin; men and women together where the message tells them apart.
    pub cabin: u32,
}

/// What is on board for one stop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Destination<'t> {
    /// The stop.
    pub airport: Airport,
    /// `NIL`: nothing and nobody.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nil: bool,
    /// Passengers by kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passengers: Option<Split>,
    /// Baggage in the cabin, kg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cabin_baggage: Option<u32>,
    /// T: total dead load, kg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_load: Option<u32>,
    /// Its distribution.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Hold<'t>>,
    /// PAX: seats taken by class, highest class first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seated: Option<Seated>,
    /// PAD: passengers who may be offloaded for others, by class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available: Option<Seated>,
    /// The airline's own fields, word for word (`DHC/0`, `PRF/0`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<&'t str>,
}

/// Passengers of a destination, by the kinds the sender counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", untagged)]
pub enum Split {
    /// One, two or three numbers.
    ByAge {
        /// Twelve and older.
        adults: u32,
        /// In seats.
        children: u32,
        /// On laps.
        infants: u32,
    },
    /// Four numbers.
    BySex {
        /// Men.
        male: u32,
        /// Women.
        female: u32,
        /// In seats.
        children: u32,
        /// On laps.
        infants: u32,
    },
}

impl Split {
    /// Grown-up, in seats.
    #[must_use]
    pub const fn adults(self) -> u32 {
        match self {
            Self::ByAge { adults, .. } => adults,
            Self::BySex { male, female, .. } => male.saturating_add(female),
        }
    }

    /// Children in seats.
    #[must_use]
    pub const fn children(self) -> u32 {
        match self {
            Self::ByAge { children, .. } | Self::BySex { children, .. } => children,
        }
    }

    /// Infants on laps.
    #[must_use]
    pub const fn infants(self) -> u32 {
        match self {
            Self::ByAge { infants, .. } | Self::BySex { infants, .. } => infants,
        }
    }

    /// In seats.
    #[must_use]
    pub const fn seated(self) -> u32 {
        self.adults().saturating_add(self.children())
    }
}

/// `3/624`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hold<'t> {
    /// `3`, `1A`, `51`; 0 is the cabin.
    pub hold: &'t str,
    /// kg.
    pub weight: u32,
}

/// Counts by class, highest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Seated {
    /// One for each class of the version.
    pub by_class: Vec<u32>,
}

impl Seated {
    /// Of all classes.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.by_class.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

impl<'t> Message<'t> {
    /// The flight's day nearest to `near`.
    #[must_use]
    pub fn departure_day(&self, near: Day) -> Option<Day> {
        let day = self.day?;
        match self.month {
            Some(month) => DayMonth { day, month }.nearest(near),
            None => nearest_numbered(day, near),
        }
    }

    /// Passengers in seats, to all destinations.
    #[must_use]
    pub fn seated(&self) -> u32 {
        let of =
            |destination: &Destination<'_>| match (&destination.passengers, &destination.seated) {
                (Some(split), _) => split.seated(),
                (None, Some(seated)) => seated.total(),
                (None, None) => 0,
            };
        self.destinations.iter().map(of).fold(0, u32::saturating_add)
    }

    /// Weights by kind, from the fields of destinations and the supplementary lines: `B/1510`
    /// baggage, `C/284` cargo, `M/50` mail, with the destination if one stands before them.
    pub fn weights(&self) -> impl Iterator<Item = (Option<Airport>, &'t str, u32)> {
        let fields = self.destinations.iter().flat_map(|destination| {
            let airport = Some(destination.airport);
            destination.other.iter().filter_map(move |field| weight(field, airport))
        });
        let remarks = self.supplementary.iter().flat_map(|line| {
            let mut airport = None;
            line.split([' ', '.', ',']).filter_map(move |part| {
                airport = Airport::read(part.trim_matches('-')).or(airport);
                weight(part, airport)
            })
        });
        fields.chain(remarks)
    }
}

fn weight(field: &str, airport: Option<Airport>) -> Option<(Option<Airport>, &str, u32)> {
    let (kind, weight) = field.split_once('/')?;
    let kind = Some(kind).filter(|kind| matches!(*kind, "B" | "C" | "M" | "E" | "T"))?;
    Some((airport, kind, number(weight)?))
}
