//! Days and times as messages write them, and their resolution against a day the caller names.

use std::fmt;

use serde::{Serialize, Serializer};

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// A day of the proleptic Gregorian calendar, as a plain triple: this crate has no calendar library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day {
    /// Four digits.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Day {
    /// None if there is no such day.
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let exists = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01 (Hinnant's `days_from_civil`).
    #[must_use]
    pub const fn number(self) -> i64 {
        let year = self.year as i64 - if self.month <= 2 { 1 } else { 0 };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let shifted = (self.month as i64 + 9) % 12;
        let of_year = (153 * shifted + 2) / 5 + self.day as i64 - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day with that number.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        let shifted = number.checked_add(719_468)?;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_shifted = (5 * of_year + 2) / 153;
        let day = u8::try_from(of_year - (153 * month_shifted + 2) / 5 + 1).ok()?;
        let month = u8::try_from((month_shifted + 2) % 12 + 1).ok()?;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::new(i32::try_from(year).ok()?, month, day)
    }

    /// `days` later, or earlier if negative.
    #[must_use]
    pub fn plus(self, days: i64) -> Option<Self> {
        Self::from_number(self.number().checked_add(days)?)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Days in a month; 0 for a month that does not exist.
#[must_use]
pub const fn days_in(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// `22NOV`: a day without a year. 29 February is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DayMonth {
    /// 1 to 31.
    pub day: u8,
    /// 1 to 12.
    pub month: u8,
}

impl DayMonth {
    /// Reads `22NOV`, nothing before or after.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let month = month(text.get(2..)?)?;
        let day = number(text.get(..2)?)?;
        (1..=days_in(2000, month)).contains(&day).then_some(Self { day, month })
    }

    /// The day of that name nearest to `near`; of two as near, the later.
    #[must_use]
    pub fn nearest(self, near: Day) -> Option<Day> {
        // Four years on either side: 29 February is that rare (eight around 1900 and 2100).
        let year_of = |away: i32| Day::new(near.year.checked_add(away)?, self.month, self.day);
        let days = (-8..=8).filter_map(year_of);
        days.min_by_key(|day| ((day.number() - near.number()).abs(), -day.number()))
    }
}

impl fmt::Display for DayMonth {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = MONTHS.get(usize::from(self.month.wrapping_sub(1))).unwrap_or(&"???");
        write!(out, "{:02}{month}", self.day)
    }
}

impl Serialize for DayMonth {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// `22NOV26` or `22NOV2026`. A two-digit year is of the century that brings it nearest to `near`.
#[must_use]
pub fn read_dated(text: &str, near: Day) -> Option<Day> {
    let of = DayMonth::read(text.get(..5)?)?;
    let year = text.get(5..)?;
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let given: i32 = year.parse().ok()?;
    match year.len() {
        4 => Day::new(given, of.month, of.day),
        2 => {
            let century = near.year.div_euclid(100) * 100;
            let years = [century - 100, century, century + 100].map(|base| base + given);
            let days = years.into_iter().filter_map(|year| Day::new(year, of.month, of.day));
            days.min_by_key(|day| (day.number() - near.number()).abs())
        }
        _ => None,
    }
}

/// `NOV` as 11.
#[must_use]
pub fn month(text: &str) -> Option<u8> {
    let at = MONTHS.iter().position(|name| *name == text)?;
    u8::try_from(at + 1).ok()
}

/// The last day numbered `day` that is not after `last` (a Type B time group names no month).
#[must_use]
pub fn last_numbered(day: u8, last: Day) -> Option<Day> {
    (0..=92).filter_map(|back| last.plus(-back)).find(|found| found.day == day)
}

/// The day numbered `day` nearest to `near` (MVT, LDM).
#[must_use]
pub fn nearest_numbered(day: u8, near: Day) -> Option<Day> {
    let days = (-62..=62).filter_map(|away| near.plus(away)).filter(|found| found.day == day);
    days.min_by_key(|found| ((found.number() - near.number()).abs(), -found.number()))
}

/// `HHMM`; 2400 is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeOfDay {
    /// 0 to 1440.
    pub minute: u16,
}

impl TimeOfDay {
    /// Reads four digits, 0000 to 2400.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.len() != 4 {
            return None;
        }
        let hour = u16::from(number(text.get(..2)?)?);
        let of_hour = u16::from(number(text.get(2..)?)?);
        let minute = hour * 60 + of_hour;
        (of_hour < 60 && minute <= 1440).then_some(Self { minute })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:02}:{:02}", self.minute / 60, self.minute % 60)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Exactly two digits.
#[must_use]
pub fn number(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit() => {
            Some((tens - b'0') * 10 + (ones - b'0'))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u8, day: u8) -> Day {
        Day::new(year, month, day).unwrap()
    }

    #[test]
    fn years_are_the_nearest() {
        let new_year = day(2026, 1, 3);
        assert_eq!(DayMonth::read("30DEC").unwrap().nearest(new_year), Some(day(2025, 12, 30)));
        assert_eq!(DayMonth::read("29FEB").unwrap().nearest(new_year), Some(day(2024, 2, 29)));
        assert_eq!(read_dated("04NOV60", new_year), Some(day(2060, 11, 4)));
        assert_eq!(read_dated("04NOV1960", new_year), Some(day(1960, 11, 4)));
        for bad in ["31APR", "00JAN", "1JAN", "01JAM", "01JAN2", "", "é1JAN"] {
            assert!(DayMonth::read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn days_without_a_month() {
        assert_eq!(last_numbered(31, day(2026, 3, 1)), Some(day(2026, 1, 31)));
        assert_eq!(last_numbered(2, day(2026, 3, 2)), Some(day(2026, 3, 2)));
        assert_eq!(nearest_numbered(1, day(2026, 11, 30)), Some(day(2026, 12, 1)));
        assert_eq!(nearest_numbered(32, day(2026, 11, 30)), None);
    }

    #[test]
    fn times() {
        assert_eq!(TimeOfDay::read("2400").unwrap().minute, 1440);
        for bad in ["2401", "0960", "960", "09 0", "+900"] {
            assert!(TimeOfDay::read(bad).is_none(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn day_numbers_go_both_ways(number in -1_000_000_i64..3_000_000) {
            let found = Day::from_number(number).unwrap();
            prop_assert_eq!(found.number(), number);
        }

        #[test]
        fn no_text_makes_a_reader_panic(text in "\\PC{0,12}") {
            let near = day(2026, 11, 23);
            let _ = (DayMonth::read(&text), read_dated(&text, near), TimeOfDay::read(&text));
            let _ = crate::flight::FlightDesignator::read_start(&text);
        }
    }
}
