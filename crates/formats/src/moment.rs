//! A minute of a day: what schedules and movements are resolved to.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::when::{Day, TimeOfDay};

const MINUTES_A_DAY: i64 = 1440;

/// A minute of a day, in whatever zone its owner says (UTC unless told otherwise).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// 0 to 1439.
    pub minute: u16,
}

impl Moment {
    /// That time of that day; 2400 is 0000 of the next.
    #[must_use]
    pub fn new(day: Day, time: TimeOfDay) -> Option<Self> {
        Self::from_number(day.number().checked_mul(MINUTES_A_DAY)? + i64::from(time.minute))
    }

    /// Minutes since 1970-01-01 00:00.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.day.number() * MINUTES_A_DAY + self.minute as i64
    }

    /// The minute with that number.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        let day = Day::from_number(number.div_euclid(MINUTES_A_DAY))?;
        Some(Self { day, minute: u16::try_from(number.rem_euclid(MINUTES_A_DAY)).ok()? })
    }

    /// `minutes` later, or earlier if negative.
    #[must_use]
    pub fn plus(self, minutes: i64) -> Option<Self> {
        Self::from_number(self.number().checked_add(minutes)?)
    }

    /// Minutes from `earlier` to here, negative if it is later.
    #[must_use]
    pub const fn minutes_since(self, earlier: Self) -> i64 {
        self.number() - earlier.number()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}T{:02}:{:02}", self.day, self.minute / 60, self.minute % 60)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_roll_over_days() {
        let eve = Day::new(2026, 12, 31).unwrap();
        let midnight = Moment::new(eve, TimeOfDay { minute: 1440 }).unwrap();
        assert_eq!(midnight.to_string(), "2027-01-01T00:00");
        assert_eq!(midnight.plus(-1).unwrap().to_string(), "2026-12-31T23:59");
        assert_eq!(midnight.minutes_since(midnight.plus(-90).unwrap()), 90);
    }
}
