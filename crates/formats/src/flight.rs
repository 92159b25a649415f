//! Designators that every message shares.

use std::fmt;

use serde::{Serialize, Serializer};

/// A flight designator: airline (two characters, or three letters), number, optional suffix.
/// `CA1501`, `3U8887D`, `CCA0981`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlightDesignator<'t> {
    /// Two alphanumeric characters, at least one a letter, or three letters.
    pub airline: &'t str,
    /// 1 to 5 digits as a number.
    pub number: u32,
    /// Operational suffix.
    pub suffix: Option<char>,
}

impl<'t> FlightDesignator<'t> {
    /// Reads all of `text`, blanks between airline and number allowed (`CA 981`).
    #[must_use]
    pub fn read(text: &'t str) -> Option<Self> {
        let (designator, rest) = Self::read_start(text)?;
        rest.is_empty().then_some(designator)
    }

    /// Reads a designator at the start of `text`; the rest comes back. A letter after the digits is
    /// the suffix only if nothing alphanumeric follows it.
    #[must_use]
    pub fn read_start(text: &'t str) -> Option<(Self, &'t str)> {
        let bytes = text.as_bytes();
        let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let length = if letter(0) && letter(1) && letter(2) { 3 } else { 2 };
        let two = (letter(0) && (letter(1) || digit(1))) || (digit(0) && letter(1));
        if !two {
            return None;
        }
        let airline = text.get(..length)?;
        let after = text.get(length..)?.trim_start_matches(' ');
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=5).contains(&digits) {
            return None;
        }
        let number = after.get(..digits)?.parse().ok()?;
        let rest = after.get(digits..)?;
        let mut ahead = rest.chars();
        let suffix = ahead.next().filter(char::is_ascii_uppercase);
        let alone = !ahead.next().is_some_and(|next| next.is_ascii_alphanumeric());
        match suffix.filter(|_| alone) {
            Some(suffix) => Some((Self { airline, number, suffix: Some(suffix) }, rest.get(1..)?)),
            None => Some((Self { airline, number, suffix: None }, rest)),
        }
    }
}

impl fmt::Display for FlightDesignator<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.airline, self.number)?;
        self.suffix.map_or(Ok(()), |suffix| write!(out, "{suffix}"))
    }
}

impl Serialize for FlightDesignator<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A three-letter location identifier. Whether such an airport exists is not asked here.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Airport([u8; 3]);

impl Airport {
    /// Reads exactly three upper-case letters.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }

    /// The same, from bytes.
    #[inline]
    #[must_use]
    pub const fn from_letters(letters: [u8; 3]) -> Option<Self> {
        let [first, second, third] = letters;
        let all =
            first.is_ascii_uppercase() && second.is_ascii_uppercase() && third.is_ascii_uppercase();
        if all { Some(Self(letters)) } else { None }
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl fmt::Debug for Airport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Display for Airport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Serialize for Airport {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        FlightDesignator::read(text).map(|flight| flight.to_string())
    }

    #[test]
    fn designators_of_every_shape() {
        assert_eq!(read("CA1501").as_deref(), Some("CA1501"));
        assert_eq!(read("3U0987D").as_deref(), Some("3U987D"));
        assert_eq!(read("CCA 981").as_deref(), Some("CCA981"));
        assert_eq!(read("U62").as_deref(), Some("U62"));
        for bad in ["", "C", "CA", "12345", "CA123456", "ca12", "CA12XX", "ЮТ298", "CA12 "] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_follows_a_designator_comes_back() {
        let (flight, rest) = FlightDesignator::read_start("UT298/22NOV AER").unwrap();
        assert_eq!((flight.number, flight.suffix, rest), (298, None, "/22NOV AER"));
        let (flight, rest) = FlightDesignator::read_start("UT190G22PRGAMS0120").unwrap();
        assert_eq!((flight.number, flight.suffix, rest), (190, None, "G22PRGAMS0120"));
        let (flight, rest) = FlightDesignator::read_start("UT190A/22").unwrap();
        assert_eq!((flight.suffix, rest), (Some('A'), "/22"));
    }

    #[test]
    fn airports_are_three_letters() {
        assert_eq!(Airport::read("PEK").unwrap().as_str(), "PEK");
        assert!(Airport::read("PE").is_none() && Airport::read("P3K").is_none());
        assert!(Airport::read("ПЭК").is_none());
    }
}
