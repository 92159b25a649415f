//! Exact numbers: percentages, hundredths, and how a fraction becomes a whole.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text is no such number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number with at most two decimals, such as {0}")]
pub struct BadNumber(&'static str);

/// A percentage in hundredths of a percent: `"75%"` is 7,500.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Percent(pub i64);

/// A number in hundredths: `"1.25"` qualifying segments are 125.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hundredths(pub i64);

impl Percent {
    /// All of it.
    pub const WHOLE: Self = Self(10_000);
    /// None of it.
    pub const ZERO: Self = Self(0);

    /// This part of `amount`, rounded.
    ///
    /// ```
    /// use programme::{Percent, Rounding};
    /// assert_eq!(Percent(2_500).of(1_110, Rounding::HalfUp), 278);
    /// assert_eq!(Percent(2_500).of(1_110, Rounding::HalfEven), 278);
    /// assert_eq!(Percent(2_500).of(1_106, Rounding::HalfEven), 276);
    /// ```
    #[must_use]
    pub fn of(self, amount: i64, rounding: Rounding) -> i64 {
        rounding.divide(i128::from(amount) * i128::from(self.0), 10_000)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", Hundredths(self.0))
    }
}

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match part {
            0 => write!(f, "{sign}{whole}"),
            _ if part % 10 == 0 => write!(f, "{sign}{whole}.{}", part / 10),
            _ => write!(f, "{sign}{whole}.{part:02}"),
        }
    }
}

impl FromStr for Hundredths {
    type Err = BadNumber;
    fn from_str(text: &str) -> Result<Self, BadNumber> {
        let bad = BadNumber("1.25");
        let text = text.trim();
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 15 || part.len() > 2 || !plain(whole) || !plain(part) {
            return Err(bad);
        }
        let size: i64 = format!("{whole}{part:0<2}").parse().map_err(|_| bad)?;
        Ok(Self(if negative { -size } else { size }))
    }
}

impl FromStr for Percent {
    type Err = BadNumber;
    fn from_str(text: &str) -> Result<Self, BadNumber> {
        let number = text.trim().strip_suffix('%').ok_or(BadNumber("12.5%"))?;
        number.parse::<Hundredths>().map(|n| Self(n.0)).map_err(|_| BadNumber("12.5%"))
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                text.parse().map_err(|why| D::Error::custom(format!("`{text}` is {why}")))
            }
        }
    };
}
as_text!(Percent);
as_text!(Hundredths);

/// How a fraction becomes a whole number. Each posting is rounded once, then they are added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// A half goes up.
    #[default]
    HalfUp,
    /// A half goes to the even neighbour.
    HalfEven,
    /// What is over is dropped.
    Down,
    /// Anything over counts as one.
    Up,
}

impl Rounding {
    /// `amount / by`, rounded away from or towards zero alike for both signs; pinned at the ends
    /// of `i64`. A divisor below 1 counts as 1.
    #[must_use]
    pub fn divide(self, amount: i128, by: i128) -> i64 {
        let by = by.max(1);
        let (size, sign) = (amount.abs(), amount.signum());
        let (whole, over) = (size / by, size % by);
        let up = match self {
            Self::HalfUp => over * 2 >= by,
            Self::HalfEven => over * 2 > by || (over * 2 == by && whole % 2 == 1),
            Self::Down => false,
            Self::Up => over > 0,
        };
        let rounded = sign * (whole + i128::from(up));
        i64::try_from(rounded).unwrap_or(if sign < 0 { i64::MIN } else { i64::MAX })
    }
}

/// What distances are measured in, and what the redeemable currency is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Kilometres.
    Km,
    /// Statute miles.
    Miles,
    /// Points, which are no distance.
    Points,
}

impl Unit {
    /// A distance in this unit, half up; points leave it as it is. A mile is 1,609.344 metres.
    ///
    /// ```
    /// use programme::Unit;
    /// assert_eq!(Unit::Miles.convert(1_000, Unit::Km), 1_609);
    /// assert_eq!(Unit::Km.convert(1_000, Unit::Miles), 621);
    /// ```
    #[must_use]
    pub fn convert(self, distance: i64, to: Self) -> i64 {
        let distance = i128::from(distance);
        match (self, to) {
            (Self::Miles, Self::Km) => Rounding::HalfUp.divide(distance * 1_609_344, 1_000_000),
            (Self::Km, Self::Miles) => Rounding::HalfUp.divide(distance * 1_000_000, 1_609_344),
            _ => i64::try_from(distance).unwrap_or(i64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_as_written() {
        for text in ["0", "1", "1.25", "0.5", "-0.75", "300"] {
            assert_eq!(text.parse::<Hundredths>().unwrap().to_string(), text);
            let percent = format!("{text}%");
            assert_eq!(percent.parse::<Percent>().unwrap().to_string(), percent);
        }
        for bad in ["", ".5", "1.255", "1,5", "x", "--1", "9999999999999999"] {
            assert!(bad.parse::<Hundredths>().is_err(), "{bad}");
        }
        assert!("75".parse::<Percent>().is_err());
    }

    #[test]
    fn halves() {
        use Rounding::{Down, HalfEven, HalfUp, Up};
        for (rounding, wholes) in
            [(HalfUp, [3, 4, 3]), (HalfEven, [2, 4, 3]), (Down, [2, 3, 2]), (Up, [3, 4, 3])]
        {
            let found = [(25, 10), (35, 10), (26, 10)].map(|(a, b)| rounding.divide(a, b));
            assert_eq!(found, wholes.map(i64::from), "{rounding:?}");
            assert_eq!(rounding.divide(-25, 10), -rounding.divide(25, 10));
        }
        assert_eq!(HalfUp.divide(i128::MAX / 4, 1), i64::MAX);
    }
}
