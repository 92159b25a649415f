//! Days and times as `formats` has them.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Timelike, Utc};
use formats::envelope::{Address, Envelope, TimeGroup};
use formats::movement::Stamp;
use formats::when::Day;
use formats::{DayMonth, TimeOfDay};

/// Where the airline is at home; its day begins and ends there.
const HOURS_AHEAD: i64 = 8;

pub(crate) fn day(date: NaiveDate) -> Day {
    Day { year: date.year(), month: date.month() as u8, day: date.day() as u8 }
}

pub(crate) fn day_month(date: NaiveDate) -> DayMonth {
    DayMonth { day: date.day() as u8, month: date.month() as u8 }
}

pub(crate) fn time(minute: u32) -> TimeOfDay {
    TimeOfDay { minute: minute as u16 }
}

pub(crate) fn time_of(at: NaiveTime) -> TimeOfDay {
    time(at.hour() * 60 + at.minute())
}

pub(crate) fn stamp(at: DateTime<Utc>, with_day: bool) -> Stamp {
    Stamp { day: with_day.then(|| at.day() as u8), time: time_of(at.time()) }
}

/// Midnight at home.
pub(crate) fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc() - Duration::hours(HOURS_AHEAD)
}

/// Address lines: to the commercial department, from an office of a station.
pub(crate) fn envelope(from: &str, at: DateTime<Utc>) -> Envelope<'_> {
    Envelope {
        priority: Some("QU"),
        destinations: ["TFUCRJB", "TFUKMJB"].into_iter().filter_map(Address::read).collect(),
        origin: Address::read(from),
        time: Some(TimeGroup {
            day: at.day() as u8,
            hour: at.hour() as u8,
            minute: at.minute() as u8,
            second: None,
        }),
        ..Envelope::default()
    }
}
