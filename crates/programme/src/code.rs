//! Short codes of the trade, and the names rows go by.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text is no such code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a code: letters and digits, {least} to {most} of them")]
pub struct BadCode {
    least: usize,
    most: usize,
}

/// Up to `N` ASCII letters and digits in upper case, one fewer at least; copied, never allocated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code<const N: usize>([u8; N]);

/// An airline's designator: two or three characters.
pub type Carrier = Code<3>;
/// An airport's or city's IATA code.
pub type Station = Code<3>;
/// A booking class (RBD): one letter.
pub type BookingClass = Code<1>;

impl<const N: usize> Code<N> {
    /// Nobody's: what no rule names.
    pub const NONE: Self = Self([0; N]);

    /// Reads a code in either case, blanks around it aside.
    ///
    /// # Errors
    /// [`BadCode`] when the text is too short, too long, or has other characters.
    pub fn parse(text: &str) -> Result<Self, BadCode> {
        let text = text.trim().as_bytes();
        let least = N.saturating_sub(1).max(1);
        let fits = (least..=N).contains(&text.len());
        if !fits || !text.iter().all(u8::is_ascii_alphanumeric) {
            return Err(BadCode { least, most: N });
        }
        let mut code = [0; N];
        for (to, from) in code.iter_mut().zip(text) {
            *to = from.to_ascii_uppercase();
        }
        Ok(Self(code))
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(N);
        std::str::from_utf8(&self.0[..end]).unwrap_or_default()
    }
}

impl<const N: usize> FromStr for Code<N> {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        Self::parse(text)
    }
}

impl<const N: usize> fmt::Display for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> Serialize for Code<N> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de, const N: usize> Deserialize<'de> for Code<N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(|why| D::Error::custom(format!("`{text}`: {why}")))
    }
}

/// The name of a rule row, a tier, a zone or a benefit. Cloning it allocates nothing.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(Arc<str>);

impl Id {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.is_empty() || text.len() > 64 || !text.chars().all(good) {
            return Err(D::Error::custom(format!(
                "`{text}` is no name: 1 to 64 letters, digits, `-`, `_`, `.`"
            )));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_either_case_and_length() {
        assert_eq!(Carrier::parse(" ca ").unwrap().as_str(), "CA");
        assert_eq!(Carrier::parse("CCA").unwrap().as_str(), "CCA");
        assert_eq!(BookingClass::parse("y").unwrap().as_str(), "Y");
        for bad in ["", "C", "CCAX", "C*", "国航"] {
            assert!(Carrier::parse(bad).is_err(), "{bad}");
        }
    }
}
