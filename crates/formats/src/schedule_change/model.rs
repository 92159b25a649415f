//! Records of schedule messages.

use serde::Serialize;

use crate::flight::{Airport, FlightDesignator};
use crate::moment::Moment;
use crate::schedule::{Days, TimeMode};
use crate::when::{Day, DayMonth, TimeOfDay, nearest_numbered};

/// Which message it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// Standard schedules message: periods.
    #[default]
    Ssm,
    /// Ad hoc schedules message: single dates.
    Asm,
}

/// A schedule message: one or more changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Message<'t> {
    /// Which message.
    pub kind: Kind,
    /// `UTC` or `LT`: what days and times mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_mode: Option<TimeMode>,
    /// The sequence line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference<'t>>,
    /// In order; they are to be applied in order.
    pub changes: Vec<Change<'t>>,
    /// SI, one entry for each line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supplementary: Vec<&'t str>,
    /// Lines before any change, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<&'t str>,
}

/// `07JAN00612E002/REF 901`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reference<'t> {
    /// Of creation.
    pub day: DayMonth,
    /// Number of the group of messages on that day.
    pub group: u32,
    /// E: the last message of the group. C: more follow.
    pub last: bool,
    /// Number in the group.
    pub number: u32,
    /// What the creator adds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<&'t str>,
}

/// What a change does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Action<'t> {
    /// New flight, period or days.
    New,
    /// Cancellation.
    Cnl,
    /// Replacement of everything known about the flight in the period.
    Rpl,
    /// What follows replaces the schedule in the period.
    Skd,
    /// Acknowledged.
    Ack,
    /// Not acted upon.
    Nac,
    /// Change of data elements alone.
    Adm,
    /// Change of configuration.
    Con,
    /// Change of equipment.
    Eqt,
    /// Change of flight designator.
    Flt,
    /// Revised period or days: the first period is the old one.
    Rev,
    /// Request for schedule data.
    Rsd,
    /// Change of times.
    Tim,
    /// ASM: reinstated.
    Rin,
    /// ASM: change of routing.
    Rrt,
    /// Another, as it was written; empty where an action should be and is not.
    #[serde(untagged)]
    Other(&'t str),
}

impl<'t> Action<'t> {
    /// Reads the three letters.
    #[must_use]
    pub fn read(text: &'t str) -> Option<Self> {
        Some(match text {
            "NEW" => Self::New,
            "CNL" => Self::Cnl,
            "RPL" => Self::Rpl,
            "SKD" => Self::Skd,
            "ACK" => Self::Ack,
            "NAC" => Self::Nac,
            "ADM" => Self::Adm,
            "CON" => Self::Con,
            "EQT" => Self::Eqt,
            "FLT" => Self::Flt,
            "REV" => Self::Rev,
            "RSD" => Self::Rsd,
            "TIM" => Self::Tim,
            "RIN" => Self::Rin,
            "RRT" => Self::Rrt,
            _ => return None,
        })
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change<'t> {
    /// What it does.
    pub action: Action<'t>,
    /// Further actions of `RPL/TIM/EQT`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<&'t str>,
    /// `XASM`: ad hoc changes made before are withdrawn.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub withdraws_ad_hoc: bool,
    /// Reasons: WEAT, TECH, COMM, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<&'t str>,
    /// The flights it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flights: Vec<Flight<'t>>,
    /// SSM: when. Of REV the first is the old period.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub periods: Vec<Period>,
    /// SSM: the designator that the flight gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_flight: Option<FlightDesignator<'t>>,
    /// In order of appearance; a leg says which one it is flown with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub equipment: Vec<Equipment<'t>>,
    /// The routing, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub legs: Vec<Leg>,
    /// Data elements of all lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<Element<'t>>,
    /// What was not understood, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<&'t str>,
}

/// `LX544A/12MAY26 ORD/LAS LX644/12`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flight<'t> {
    /// Airline, number, suffix.
    pub flight: FlightDesignator<'t>,
    /// ASM: departure of the first leg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<FlightDate>,
    /// The legs the change is about, if not all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stations: Vec<Airport>,
    /// FLT: what it becomes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub becomes: Option<FlightDesignator<'t>>,
    /// FLT: and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub becomes_date: Option<FlightDate>,
}

/// `12`, `12MAY`, `12MAY26`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FlightDate {
    /// 1 to 31.
    pub day: u8,
    /// 1 to 12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<u8>,
    /// Four digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
}

impl FlightDate {
    /// The day, or the nearest to `near` of those it may be.
    #[must_use]
    pub fn nearest(self, near: Day) -> Option<Day> {
        match (self.month, self.year) {
            (Some(month), Some(year)) => Day::new(year, month, self.day),
            (Some(month), None) => DayMonth { day: self.day, month }.nearest(near),
            (None, _) => nearest_numbered(self.day, near),
        }
    }
}

/// `04SEP26`, `04SEP`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CalendarDate {
    /// Day and month.
    pub day: DayMonth,
    /// Four digits; two were 1980 to 2079.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
}

impl CalendarDate {
    /// The day, or the nearest of that name to `near`.
    #[must_use]
    pub fn nearest(self, near: Day) -> Option<Day> {
        match self.year {
            Some(year) => Day::new(year, self.day.month, self.day.day),
            None => self.day.nearest(near),
        }
    }
}

/// Where a period begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edge {
    /// A day.
    On(CalendarDate),
    /// `00XXX00`.
    Open,
}

/// `04SEP26 11SEP26 1234/W2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Edge>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Edge>,
    /// Days of the week.
    pub days: Days,
    /// Every so many weeks; every week if not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_weeks: Option<u8>,
}

impl Period {
    /// Does a flight of this period leave on `day`? Dates without a year are those nearest to
    /// `day`, the end not before the beginning.
    #[must_use]
    pub fn flies_on(&self, day: Day) -> bool {
        let near = |edge: Option<Edge>| match edge {
            Some(Edge::On(date)) => date.nearest(day).map(|day| (day, date.year.is_some())),
            _ => None,
        };
        let (from, to) = (near(self.from), near(self.to));
        let mut first = from.map_or(i64::MIN, |(day, _)| day.number());
        let mut last = to.map_or(i64::MAX, |(day, _)| day.number());
        // 15DEC to 10JAN: one of both is a year off.
        if let (Some((begins, dated)), Some((ends, false))) = (from, to)
            && last < first
        {
            if dated || day >= begins {
                last = Day::new(ends.year + 1, ends.month, ends.day).map_or(last, Day::number);
            } else {
                first =
                    Day::new(begins.year - 1, begins.month, begins.day).map_or(first, Day::number);
            }
        }
        let missing = self.from.is_none() || self.to.is_none();
        let number = day.number();
        let weeks = i64::from(self.every_weeks.unwrap_or(1).max(1));
        let week = if first == i64::MIN { 0 } else { (number - first).div_euclid(7) };
        !missing && (first..=last).contains(&number) && self.days.on(day) && week % weeks == 0
    }
}

/// `J 332 J24Y275`, `J 738 FYB.C8Y168`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Equipment<'t> {
    /// J scheduled passengers, F cargo, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_type: Option<char>,
    /// Type of aircraft.
    pub aircraft: &'t str,
    /// Booking classes, one letter each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking_classes: Option<&'t str>,
    /// Seats by class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<&'t str>,
}

/// One leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Leg {
    /// Where and when it begins.
    pub departure: Call,
    /// Where and when it ends.
    pub arrival: Call,
    /// Which of the change's equipment flies it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equipment: Option<usize>,
}

/// `CMN0140/1`: one end of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The station.
    pub airport: Airport,
    /// Scheduled for the aircraft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeOfDay>,
    /// Day of the month, in messages that write DDHHMM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
    /// Days from the flight's date; `M1` is the day before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_change: Option<i8>,
    /// Scheduled for passengers, where it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passenger_time: Option<TimeOfDay>,
}

impl Call {
    /// When it is for a flight of `date`, by the clock of the message (UTC or local).
    #[must_use]
    pub fn on(&self, date: Day) -> Option<Moment> {
        let base = match self.day {
            Some(day) => nearest_numbered(day, date)?,
            None => date.plus(i64::from(self.day_change.unwrap_or(0)))?,
        };
        Moment::new(base, self.time?)
    }
}

/// `3/HFM`: a data element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Element<'t> {
    /// Data element identifier, as in schedule files.
    pub number: u16,
    /// What follows the slash.
    pub value: &'t str,
    /// Board and off point it is about, if not everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<(Airport, Airport)>,
    /// Which of the change's flights it stands at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flight: Option<usize>,
    /// Which of the change's legs it stands at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leg: Option<usize>,
}

impl<'t> Change<'t> {
    pub(super) const fn new(action: Action<'t>) -> Self {
        Self {
            action,
            also: Vec::new(),
            withdraws_ad_hoc: false,
            reasons: Vec::new(),
            flights: Vec::new(),
            periods: Vec::new(),
            new_flight: None,
            equipment: Vec::new(),
            legs: Vec::new(),
            elements: Vec::new(),
            other: Vec::new(),
        }
    }

    /// Values of one data element.
    pub fn element(&self, number: u16) -> impl Iterator<Item = &'t str> {
        self.elements.iter().filter(move |found| found.number == number).map(|found| found.value)
    }

    /// The equipment a leg is flown with.
    #[must_use]
    pub fn equipment_of(&self, leg: &Leg) -> Option<&Equipment<'t>> {
        self.equipment.get(leg.equipment?)
    }
}
