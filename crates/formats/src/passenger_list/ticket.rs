//! TKNE, TKNA, TKNM: electronic and paper tickets.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::passenger_list::element::Complain;
use crate::passenger_list::remark::Head;
use crate::passenger_list::rules;

/// Thirteen digits: three of the airline, ten of the document. A check digit is left off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketNumber([u8; 13]);

impl TicketNumber {
    /// Reads thirteen digits, or fourteen with the check digit, at the start of `text`; a hyphen or blank
    /// may stand behind the airline's three. The rest comes back.
    #[must_use]
    pub fn read_start(text: &str) -> Option<(Self, &str)> {
        let mut digits = [0; 13];
        let bytes = text.as_bytes();
        if let Some((plain, rest)) = bytes.split_first_chunk::<13>()
            && plain.iter().all(u8::is_ascii_digit)
            && !rest.first().is_some_and(u8::is_ascii_digit)
        {
            return Some((Self(*plain), text.get(13..)?));
        }
        let separated = matches!(bytes.get(3), Some(b'-' | b' '));
        let mut at = 0;
        for (index, digit) in digits.iter_mut().enumerate() {
            if index == 3 && separated {
                at += 1;
            }
            *digit = bytes.get(at).copied().filter(u8::is_ascii_digit)?;
            at += 1;
        }
        if bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        let ends = !bytes.get(at).is_some_and(u8::is_ascii_digit);
        ends.then_some((Self(digits), text.get(at..)?))
    }

    /// Reads all of `text`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::read_start(text).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
    }

    /// All thirteen.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Serialize for TicketNumber {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// A ticket remark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ticket<'a> {
    /// `TKNE`, `TKNA`, `TKNM`.
    pub code: &'a str,
    /// None if what was sent is not 13 digits; `sent` has it.
    pub number: Option<TicketNumber>,
    /// From 1; None if it was not sent.
    pub coupon: Option<u8>,
    /// It is the infant's.
    pub infant: bool,
    /// Word for word.
    pub sent: &'a str,
}

/// Reads `2982425696898/1`, `INF2986145134263/2`, `1259876543210C1`, `999-2345678901/1`.
pub(super) fn read<'a>(head: &Head<'a>, complain: Complain<'_, 'a>) -> Ticket<'a> {
    let sent = head.rest.trim_ascii();
    let (infant, text) = match sent.strip_prefix("INF") {
        Some(text) => (true, text.trim_start_matches([' ', '/'])),
        None => (false, sent),
    };
    let Some((number, rest)) = TicketNumber::read_start(text) else {
        // Older tickets of TKNA have fewer digits and are kept as they are.
        if head.code == "TKNE" {
            complain(rules::BAD_TICKET, sent);
        }
        return Ticket { code: head.code, number: None, coupon: None, infant, sent };
    };
    // `-02`: the last figures of a ticket issued in conjunction.
    let conjunction = rest
        .strip_prefix('-')
        .filter(|rest| rest.bytes().take_while(u8::is_ascii_digit).count() >= 2);
    let rest =
        conjunction.map_or(rest, |rest| rest.trim_start_matches(|of: char| of.is_ascii_digit()));
    let mut coupon = rest.bytes().filter(|byte| !matches!(byte, b'/' | b'C' | b' '));
    let coupon =
        coupon.next().filter(|digit| (b'1'..=b'9').contains(digit)).map(|digit| digit - b'0');
    if coupon.is_none() && head.code == "TKNE" {
        complain(rules::BAD_COUPON, sent);
    }
    Ticket { code: head.code, number: Some(number), coupon, infant, sent }
}
