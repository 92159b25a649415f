//! Money in whole minor units of a named currency.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ISO 4217 alphabetic code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(pub [u8; 3]);

/// The text is no currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a currency code has three letters, such as CNY")]
pub struct BadCurrency;

impl Currency {
    pub const CNY: Self = Self(*b"CNY");
    pub const USD: Self = Self(*b"USD");
    pub const EUR: Self = Self(*b"EUR");

    /// Reads three letters, in either case. Whether such a currency exists is not asked.
    ///
    /// # Errors
    /// [`BadCurrency`] for anything but three ASCII letters.
    pub fn parse(code: &str) -> Result<Self, BadCurrency> {
        match code.trim().as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|x| x.is_ascii_alphabetic()) => {
                Ok(Self([a, b, c].map(u8::to_ascii_uppercase)))
            }
            _ => Err(BadCurrency),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimal places between the minor and the major unit (ISO 4217): 2 but for the few.
    #[must_use]
    pub fn exponent(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = BadCurrency;
    fn from_str(code: &str) -> Result<Self, BadCurrency> {
        Self::parse(code)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

/// An amount in minor units (fen, cents): exact, and added only to its own currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    #[must_use]
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// `None` when the currencies differ or the sum does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Some(Self::new(self.minor.checked_add(other.minor)?, self.currency))
    }

    /// The plain decimal amount without the currency.
    ///
    /// ```
    /// use kernel::{Currency, Money};
    /// assert_eq!(Money::new(-5, Currency::CNY).decimal(), "-0.05");
    /// assert_eq!(Money::new(1234, Currency(*b"JPY")).decimal(), "1234");
    /// assert_eq!(Money::new(1234, Currency(*b"KWD")).decimal(), "1.234");
    /// ```
    #[must_use]
    pub fn decimal(self) -> String {
        let places = self.currency.exponent();
        let scale = 10_u64.pow(places);
        let sign = if self.minor < 0 { "-" } else { "" };
        let size = self.minor.unsigned_abs();
        match places {
            0 => format!("{sign}{size}"),
            n => format!("{sign}{}.{:0n$}", size / scale, size % scale, n = n as usize),
        }
    }

    /// Reads a plain decimal amount, `1,234.5` or `1234.50`. Digits beyond the minor unit must
    /// be 0.
    ///
    /// ```
    /// use kernel::{Currency, Money};
    /// let amount = Money::new(123_450, Currency::CNY);
    /// assert_eq!(Money::parse("1,234.5", Currency::CNY), Some(amount));
    /// assert_eq!(Money::parse("0.005", Currency::CNY), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str, currency: Currency) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let whole: String = whole.chars().filter(|c| *c != ',').collect();
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(&whole) || !all_digits(part) {
            return None;
        }
        let places = currency.exponent() as usize;
        let (kept, beyond) = part.split_at(part.len().min(places));
        if beyond.bytes().any(|b| b != b'0') {
            return None;
        }
        let minor: i64 = format!("{whole}{kept:0<places$}").parse().ok()?;
        Some(Self::new(if negative { -minor } else { minor }, currency))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_have_three_letters() {
        assert_eq!(Currency::parse("cny"), Ok(Currency::CNY));
        for bad in ["", "CN", "CNYY", "C1Y", "人民币"] {
            assert_eq!(Currency::parse(bad), Err(BadCurrency), "{bad}");
        }
    }

    #[test]
    fn currencies_do_not_mix() {
        let yuan = Money::new(100, Currency::CNY);
        assert_eq!(yuan.checked_add(Money::new(100, Currency::USD)), None);
        assert_eq!(yuan.checked_add(yuan), Some(Money::new(200, Currency::CNY)));
        assert_eq!(Money::new(i64::MAX, Currency::CNY).checked_add(yuan), None);
    }

    proptest! {
        #[test]
        fn decimal_reads_back(
            minor in -1_000_000_000_000_i64..1_000_000_000_000,
            code in 0..3_usize,
        ) {
            let currency = Currency([*b"CNY", *b"JPY", *b"KWD"][code]);
            let money = Money::new(minor, currency);
            prop_assert_eq!(Money::parse(&money.decimal(), currency), Some(money));
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC*") {
            let _ = Money::parse(&text, Currency::CNY);
        }
    }
}
