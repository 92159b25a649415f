//! Dates as people mistype them.

use serde::{Deserialize, Serialize};

/// A calendar date as its digits, `yyyymmdd`. The day need not exist: files hold `19800231`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Digits(u32);

/// How two dates agree, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateMatch {
    /// The same day.
    Same,
    /// Day and month changed places.
    Swapped,
    /// One digit replaced, or two neighbouring digits changed places.
    Typo,
    /// Year and month, year and day, or month and day.
    TwoParts,
    /// Each of year, month and day the same or next to it (years also ten apart).
    Near,
    /// The same year.
    Year,
    Different,
}

impl Digits {
    #[must_use]
    pub fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let right = year < 10_000 && month < 100 && day < 100;
        right.then_some(Self(year * 10_000 + month * 100 + day))
    }

    /// Eight digits with or without hyphens, slashes or dots between; `None` for anything else.
    ///
    /// ```
    /// use matching::dates::Digits;
    /// assert_eq!(Digits::read("1980-02-31"), Digits::new(1980, 2, 31));
    /// assert_eq!(Digits::read("19800231"), Digits::new(1980, 2, 31));
    /// assert_eq!(Digits::read("1980"), None);
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut number = 0_u32;
        let mut count = 0;
        for byte in text.trim().bytes() {
            match byte {
                b'0'..=b'9' if count < 8 => {
                    number = number * 10 + u32::from(byte - b'0');
                    count += 1;
                }
                b'-' | b'/' | b'.' if count > 0 => {}
                _ => return None,
            }
        }
        (count == 8).then_some(Self(number))
    }

    #[must_use]
    pub fn number(self) -> u32 {
        self.0
    }

    #[must_use]
    pub fn year(self) -> u32 {
        self.0 / 10_000
    }

    #[must_use]
    pub fn month(self) -> u32 {
        self.0 / 100 % 100
    }

    #[must_use]
    pub fn day(self) -> u32 {
        self.0 % 100
    }

    /// How the two agree; the same both ways.
    ///
    /// ```
    /// use matching::dates::{DateMatch, Digits};
    /// let compare = |a, b| Some(Digits::read(a)?.compare(Digits::read(b)?));
    /// assert_eq!(compare("1980-03-04", "1980-04-03"), Some(DateMatch::Swapped));
    /// assert_eq!(compare("1980-03-04", "1908-03-04"), Some(DateMatch::Typo));
    /// assert_eq!(compare("1980-03-04", "1981-03-05"), Some(DateMatch::Near));
    /// ```
    #[must_use]
    pub fn compare(self, other: Self) -> DateMatch {
        if self == other {
            return DateMatch::Same;
        }
        let (year, month, day) =
            (self.year() == other.year(), self.month() == other.month(), self.day() == other.day());
        if year && self.month() == other.day() && self.day() == other.month() {
            return DateMatch::Swapped;
        }
        if one_slip(self.0, other.0) {
            return DateMatch::Typo;
        }
        if u8::from(year) + u8::from(month) + u8::from(day) == 2 {
            return DateMatch::TwoParts;
        }
        let years = self.year().abs_diff(other.year());
        let near = (years <= 1 || years == 10)
            && self.month().abs_diff(other.month()) <= 1
            && self.day().abs_diff(other.day()) <= 1;
        match (near, year) {
            (true, _) => DateMatch::Near,
            (false, true) => DateMatch::Year,
            (false, false) => DateMatch::Different,
        }
    }
}

/// Whether two different eight-digit numbers differ by one digit or one swap of neighbours.
fn one_slip(mut left: u32, mut right: u32) -> bool {
    // The digit that differed last: its place, and what it was on either side.
    let mut differed: Option<(u32, u32, u32)> = None;
    let mut swapped = false;
    for at in 0..8 {
        let (a, b) = (left % 10, right % 10);
        (left, right) = (left / 10, right / 10);
        if a == b {
            continue;
        }
        match differed {
            None => differed = Some((at, a, b)),
            Some((place, x, y)) if !swapped && at == place + 1 && a == y && b == x => {
                swapped = true;
            }
            Some(_) => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ways_to_get_a_date_wrong() {
        for (left, right, found) in [
            ("1985-11-24", "1985-11-24", DateMatch::Same),
            ("1985-11-02", "1985-02-11", DateMatch::Swapped),
            ("1985-11-24", "1985-11-25", DateMatch::Typo),
            ("1985-11-24", "1985-11-42", DateMatch::Typo),
            ("1985-11-24", "1995-11-24", DateMatch::Typo),
            ("1985-12-24", "1985-21-24", DateMatch::Typo),
            ("1985-11-24", "1958-11-24", DateMatch::Typo),
            ("1985-11-24", "1985-11-06", DateMatch::TwoParts),
            ("1985-11-24", "1962-11-24", DateMatch::TwoParts),
            ("1985-11-24", "1995-12-24", DateMatch::Near),
            ("1985-11-24", "1984-10-23", DateMatch::Near),
            ("1985-11-24", "1985-03-06", DateMatch::Year),
            ("1985-11-24", "1962-03-06", DateMatch::Different),
        ] {
            let read = |text| Digits::read(text).expect("a date");
            assert_eq!(read(left).compare(read(right)), found, "{left} {right}");
        }
    }

    proptest! {
        #[test]
        fn both_ways_are_one(a in 0_u32..100_000_000, b in 0_u32..100_000_000) {
            prop_assert_eq!(Digits(a).compare(Digits(b)), Digits(b).compare(Digits(a)));
        }
    }
}
