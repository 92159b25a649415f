//! Records of schedule files.

use serde::Serialize;

use super::code::Code;
pub use super::values::{Bound, Days, TimeMode};
use crate::flight::{Airport, FlightDesignator};
use crate::when::{Day, TimeOfDay};

/// One record.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record<'t> {
    /// Type 1.
    Header(Header<'t>),
    /// Type 2.
    Carrier(Carrier<'t>),
    /// Type 3.
    Leg(Leg),
    /// Type 4.
    Data(SegmentData<'t>),
    /// Type 5.
    Trailer(Trailer),
    /// Zeros up to the end of a tape block.
    Filler,
    /// Another type, word for word.
    Unknown(&'t str),
}

/// Type 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Header<'t> {
    /// Columns 2 to 35; `AIRLINE STANDARD SCHEDULE DATA SET`.
    pub title: &'t str,
    /// Column 41.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seasons: Option<char>,
    /// Columns 192 to 194.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_set: Option<u32>,
    /// Columns 195 to 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<u32>,
}

/// Type 2: the carrier of the legs that follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Carrier<'t> {
    /// Column 2; local if blank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_mode: Option<TimeMode>,
    /// Columns 3 to 5.
    pub airline: Code<3>,
    /// Columns 6 to 10, which the manual keeps free.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub reserved: Code<5>,
    /// Columns 11 to 13: `S26`, `W26`.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub season: Code<3>,
    /// Columns 15 to 21.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Bound>,
    /// Columns 22 to 28.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Bound>,
    /// Columns 29 to 35.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<Day>,
    /// Columns 36 to 64.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub title: &'t str,
    /// Columns 65 to 71.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Day>,
    /// Column 72: P proposed, C complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<char>,
    /// Columns 73 to 107.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub creator: &'t str,
    /// Columns 109 to 188: general and in-flight service information.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub information: &'t str,
    /// Columns 189 and 190.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub e_ticket: Code<2>,
    /// Columns 191 to 194.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<TimeOfDay>,
    /// Columns 195 to 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<u32>,
}

impl Carrier<'_> {
    /// Local unless the record says UTC.
    #[must_use]
    pub fn mode(&self) -> TimeMode {
        self.time_mode.unwrap_or(TimeMode::Local)
    }
}

/// One end of a leg.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub airport: Option<Airport>,
    /// Scheduled for passengers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passenger_time: Option<TimeOfDay>,
    /// Scheduled for the aircraft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aircraft_time: Option<TimeOfDay>,
    /// Local time minus UTC, minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i16>,
    /// Passenger terminal.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub terminal: Code<2>,
    /// Days from the flight's date to this one. None if left blank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_change: Option<i8>,
}

impl Point {
    /// The passenger time, or the aircraft's where that is all there is.
    #[must_use]
    pub fn time(&self) -> Option<TimeOfDay> {
        self.passenger_time.or(self.aircraft_time)
    }
}

/// Type 3: one leg over a period. Owns everything and is copied freely (224 bytes).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Leg {
    /// Columns 3 to 5.
    pub airline: Code<3>,
    /// Columns 6 to 9.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Column 2: operational suffix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<char>,
    /// Columns 10 and 11, hundreds in column 128.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variation: Option<u16>,
    /// Columns 12 and 13.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u8>,
    /// Column 14: J scheduled passengers, F cargo, P positioning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_type: Option<char>,
    /// Columns 15 to 21.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Bound>,
    /// Columns 22 to 28.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Bound>,
    /// Columns 29 to 35.
    pub days: Days,
    /// Column 36: every so many weeks; blank is every week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_weeks: Option<u8>,
    /// Columns 37 to 54 and 193.
    pub departure: Point,
    /// Columns 55 to 72 and 194.
    pub arrival: Point,
    /// Columns 73 to 75: type of aircraft.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub equipment: Code<3>,
    /// Columns 76 to 95: one letter each.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub booking_classes: Code<20>,
    /// Columns 96 to 100.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub booking_modifiers: Code<5>,
    /// Columns 101 to 110.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub meals: Code<10>,
    /// Columns 111 to 119.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub joint_airlines: Code<9>,
    /// Columns 120 and 121: status for minimum connecting times, departure and arrival.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub connecting_status: Code<2>,
    /// Column 122.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secure_flight: Option<char>,
    /// Columns 129 to 131.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub owner: Code<3>,
    /// Columns 132 to 134.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub cockpit_crew: Code<3>,
    /// Columns 135 to 137.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub cabin_crew: Code<3>,
    /// Columns 138 to 144 and 146: what the aircraft flies next (airline, number, suffix).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub onward: Code<9>,
    /// Column 148.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transit_layover: Option<char>,
    /// Column 149.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disclosure: Option<char>,
    /// Columns 150 to 161.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub restrictions: Code<12>,
    /// Columns 162 to 172, which the manual keeps free and aggregators do not.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub reserved: Code<11>,
    /// Columns 173 to 192.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub configuration: Code<20>,
    /// Columns 195 to 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<u32>,
}

impl Leg {
    /// Airline, number and suffix.
    #[must_use]
    pub fn flight(&self) -> Option<FlightDesignator<'_>> {
        let (number, airline) = (self.number?, self.airline.as_str());
        (!airline.is_empty()).then_some(FlightDesignator { airline, number, suffix: self.suffix })
    }

    /// Another airline flies it: operating airline disclosure L or Z.
    #[must_use]
    pub fn is_code_share(&self) -> bool {
        matches!(self.disclosure, Some('L' | 'Z'))
    }

    /// Do both describe the same leg of the same itinerary?
    #[must_use]
    pub fn holds(&self, data: &SegmentData<'_>) -> bool {
        (self.airline, self.number, self.suffix) == (data.airline, data.number, data.suffix)
            && (self.variation, self.sequence) == (data.variation, data.sequence)
    }
}

/// Type 4: data about a leg, or about a segment that begins with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SegmentData<'t> {
    /// Columns 3 to 5.
    pub airline: Code<3>,
    /// Columns 6 to 9.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Column 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<char>,
    /// Columns 10 and 11, hundreds in column 28.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variation: Option<u16>,
    /// Columns 12 and 13.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u8>,
    /// Column 14.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_type: Option<char>,
    /// Columns 29 and 30: board and off point indicators, as letters.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub indicators: Code<2>,
    /// Columns 31 to 33: data element identifier. 10 marketing flights, 50 operating flight, 127
    /// operating airline by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<u16>,
    /// Columns 34 to 36.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub board: Option<Airport>,
    /// Columns 37 to 39.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off: Option<Airport>,
    /// Columns 40 to 194.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub text: &'t str,
    /// Columns 195 to 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<u32>,
}

impl<'t> SegmentData<'t> {
    /// The flights in the text of elements 10 and 50: `CA 1501 /ZH 4012`.
    pub fn flights(&self) -> impl Iterator<Item = FlightDesignator<'t>> {
        let some = matches!(self.element, Some(10 | 50));
        let text = if some { self.text } else { "" };
        text.split('/').filter_map(|flight| FlightDesignator::read(flight.trim()))
    }
}

/// Type 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Trailer {
    /// Columns 3 to 5.
    pub airline: Code<3>,
    /// Columns 6 to 12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<Day>,
    /// Columns 188 to 193: serial number of the record before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<u32>,
    /// Column 194: C another carrier follows, E end of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<char>,
    /// Columns 195 to 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<u32>,
}

/// A leg with the carrier record it came under and its segment data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FlightLeg<'t> {
    /// Type 3.
    #[serde(flatten)]
    pub leg: Leg,
    /// Type 4, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<SegmentData<'t>>,
}

impl<'t> FlightLeg<'t> {
    /// The flight that is flown, where it is not this one: element 50.
    #[must_use]
    pub fn operated_as(&self) -> Option<FlightDesignator<'t>> {
        let operating = self.data.iter().find(|data| data.element == Some(50))?;
        operating.flights().next()
    }

    /// The flights others sell on it: element 10.
    pub fn sold_as(&self) -> impl Iterator<Item = FlightDesignator<'t>> {
        let sold = self.data.iter().filter(|data| data.element == Some(10));
        sold.flat_map(SegmentData::flights)
    }
}

/// What one carrier flies.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Block<'t> {
    /// Missing if legs stand before any type 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Carrier<'t>>,
    /// In the order of the file.
    pub legs: Vec<FlightLeg<'t>>,
    /// Segment data whose leg is not there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stray: Vec<SegmentData<'t>>,
    /// Type 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trailer: Option<Trailer>,
}

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Schedule<'t> {
    /// Type 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<Header<'t>>,
    /// One for each type 2.
    pub blocks: Vec<Block<'t>>,
    /// Records of other types, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<&'t str>,
}
