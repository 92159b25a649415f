//! Values that schedule files and schedule messages share.

use serde::{Serialize, Serializer};

use crate::when::Day;

/// What days and times of a carrier's records mean (record 2, column 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeMode {
    /// Everything is UTC; offsets lead to local time.
    Utc,
    /// Everything is local time of its airport; offsets lead to UTC.
    Local,
}

/// Where a period begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// The first or last day.
    On(Day),
    /// `00XXX00`: since ever, or until further notice.
    Open,
}

/// Days of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Days(u8);

impl Days {
    /// Bit 0 is Monday, bit 6 Sunday; others are dropped.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 0x7F)
    }

    /// Bit 0 is Monday, bit 6 Sunday.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// 1 is Monday, 7 Sunday.
    #[must_use]
    pub const fn has(self, weekday: u8) -> bool {
        weekday >= 1 && weekday <= 7 && self.0 >> (weekday - 1) & 1 == 1
    }

    /// With that weekday, 1 to 7; others change nothing.
    #[must_use]
    pub const fn with(self, weekday: u8) -> Self {
        if weekday >= 1 && weekday <= 7 { Self(self.0 | 1 << (weekday - 1)) } else { self }
    }

    /// Does `day` fall on one of them?
    #[must_use]
    pub const fn on(self, day: Day) -> bool {
        // 1970-01-01 was a Thursday.
        self.0 >> (day.number() + 3).rem_euclid(7) & 1 == 1
    }

    /// No day.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl std::fmt::Display for Days {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (1..=7).filter(|day| self.has(*day)).try_for_each(|day| write!(out, "{day}"))
    }
}

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
