//! Records of movement messages.

use std::fmt;

use serde::Serialize;

use crate::flight::{Airport, FlightDesignator};
use crate::when::{Day, DayMonth, TimeOfDay, nearest_numbered};

/// Which message it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// Movement, written by the station.
    #[default]
    Mvt,
    /// Movement, sent by the aircraft itself.
    Mva,
    /// Diversion: the station is where the flight was meant to land.
    Div,
}

impl Kind {
    /// The identifier: `MVT`, `MVA`, `DIV`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mvt => "MVT",
            Self::Mva => "MVA",
            Self::Div => "DIV",
        }
    }
}

/// A movement message. Nearly always about one flight; some senders put several under one
/// identifier.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Message<'t> {
    /// `COR`: replaces what was sent before about the same flight and station.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub correction: bool,
    /// One for each flight line.
    pub movements: Vec<Movement<'t>>,
    /// `PART 1 END`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
}

/// What one flight did, or is expected to do.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Movement<'t> {
    /// The identifier it stands under.
    pub kind: Kind,
    /// None if elements came before any flight line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flight: Option<FlightDesignator<'t>>,
    /// Day of the flight's scheduled departure, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
    /// Its month, which only some senders give.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<u8>,
    /// As sent, hyphens and all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<&'t str>,
    /// Departure airport for departures and delays, arrival airport for arrivals, intended airport
    /// for a diversion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<Airport>,
    /// AD, first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_block: Option<Stamp>,
    /// AD, second time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub airborne: Option<Stamp>,
    /// EA: one for each stop still ahead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub estimated_arrivals: Vec<Estimate>,
    /// AA, first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touch_down: Option<Stamp>,
    /// AA, second time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_block: Option<Stamp>,
    /// FLD: day of this leg's departure, where it differs from the flight's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leg_day: Option<u8>,
    /// ED: estimated off-block time of a delayed flight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_departure: Option<Stamp>,
    /// NI: delayed indefinitely; more will be known then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_information: Option<Stamp>,
    /// EO: off block, but take-off is delayed until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_take_off: Option<Stamp>,
    /// EB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_on_block: Option<Stamp>,
    /// RR: back at the stand without having flown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_to_ramp: Option<Stamp>,
    /// FR, first time: landed again where it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_touch_down: Option<Stamp>,
    /// FR, second time: on block there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_on_block: Option<Stamp>,
    /// DL and EDL in order, each with its sub-code of DLA.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delays: Vec<Delay<'t>>,
    /// PX.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passengers: Option<Passengers>,
    /// DR: reason of the diversion, a delay code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diversion_reason: Option<&'t str>,
    /// TOF, ZFW and the like, in the sender's unit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure<'t>>,
    /// SI, one entry for each line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supplementary: Vec<&'t str>,
    /// What was not understood, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<&'t str>,
}

/// A time, with its day if six digits were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Stamp {
    /// 1 to 31.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
    /// UTC.
    pub time: TimeOfDay,
}

impl Stamp {
    /// Reads `HHMM` or `DDHHMM`; a closing `Z` is allowed.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_suffix('Z').unwrap_or(text);
        match digits.len() {
            4 => Some(Self { day: None, time: TimeOfDay::read(digits)? }),
            6 => {
                let day = crate::when::number(digits.get(..2)?)?;
                let time = TimeOfDay::read(digits.get(2..)?)?;
                (1..=31).contains(&day).then_some(Self { day: Some(day), time })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(day) = self.day {
            write!(out, "{day:02}")?;
        }
        write!(out, "{:02}{:02}", self.time.minute / 60, self.time.minute % 60)
    }
}

/// EA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// Estimated touch-down.
    pub time: Stamp,
    /// Left out when the arrival station itself sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub airport: Option<Airport>,
}

/// One cause of delay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Delay<'t> {
    /// Two characters, by the book or by the airline's own list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'t str>,
    /// Three characters of DLA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_code: Option<&'t str>,
    /// How much of the delay it is to blame for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
}

impl<'t> Delay<'t> {
    /// The two characters that tables of delay codes list: of `41A` and of the sub-code `411` it is
    /// `41`.
    #[must_use]
    pub fn listed_code(&self) -> Option<&'t str> {
        self.code.or(self.sub_code).and_then(|code| code.get(..2))
    }
}

/// PX.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Passengers {
    /// One figure, or one for each stop still ahead.
    pub counts: Vec<u32>,
    /// On laps, not in the counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infants: Option<u32>,
}

impl Passengers {
    /// On board in seats.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// A named number: `TOF6400`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figure<'t> {
    /// TOF take-off fuel, ZFW zero-fuel weight, TOW take-off weight, and others.
    pub name: &'t str,
    /// In the sender's unit.
    pub value: u32,
}

impl Movement<'_> {
    /// The flight's scheduled day of departure (UTC) nearest to `near`.
    #[must_use]
    pub fn departure_day(&self, near: Day) -> Option<Day> {
        let day = self.day?;
        match self.month {
            Some(month) => DayMonth { day, month }.nearest(near),
            None => nearest_numbered(day, near),
        }
    }

    /// All delay minutes told.
    #[must_use]
    pub fn delay_minutes(&self) -> u32 {
        self.delays.iter().filter_map(|delay| delay.minutes).map(u32::from).sum()
    }
}
