//! Sub-elements: a code, its text word for word, and a typed view of it on demand.

use std::borrow::Cow;

use serde::Serialize;

use crate::diagnostic::Rule;
use crate::passenger_list::connection::Connection;
use crate::passenger_list::model::Locator;
use crate::passenger_list::remark::{self, Remark};
use crate::passenger_list::rules;

/// Where a typed reader tells what it could not read: the rule, and the piece of its text.
pub(crate) type Complain<'c, 'a> = &'c mut dyn FnMut(Rule, &'a str);

/// The code of a sub-element, without dot and slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// `.L/` record locator.
    Locator,
    /// `.R/` remark or special service request.
    Remark,
    /// `.C/` corporate or group name.
    Corporate,
    /// `.O/`, `.O2/` onward flight; the first is 1.
    Onward(u8),
    /// `.I/`, `.I2/` inbound flight; the first is 1.
    Inbound(u8),
    /// `.M/` marketing flight.
    Marketing,
    /// `.WL/` waitlisted.
    Waitlisted,
    /// `.ID1/` staff with a booking.
    StaffBooked,
    /// `.ID2/` staff on standby.
    StaffStandby,
    /// `.DG1/`, `.RG1/` and the like: reduced fare, firm or on standby.
    Reduced,
    /// `.BG/` baggage pool.
    BagPool,
    /// `.W/` pieces and weight.
    Bags,
    /// `.N/` baggage tag.
    BagTag,
    /// `.U/` a reference that is unique to the passenger.
    Unique,
    /// Anything else, and lines that are no element at all.
    Other,
}

impl Code {
    /// Reads what stands between dot and slash.
    #[must_use]
    pub(crate) fn of(label: &str) -> Self {
        match label.as_bytes() {
            b"R" => Self::Remark,
            b"L" => Self::Locator,
            b"C" => Self::Corporate,
            b"M" => Self::Marketing,
            b"N" => Self::BagTag,
            b"W" => Self::Bags,
            b"U" => Self::Unique,
            b"O" => Self::Onward(1),
            b"I" => Self::Inbound(1),
            [b'O', digit @ b'1'..=b'9'] => Self::Onward(digit - b'0'),
            [b'I', digit @ b'1'..=b'9'] => Self::Inbound(digit - b'0'),
            b"BG" => Self::BagPool,
            b"WL" => Self::Waitlisted,
            b"ID1" => Self::StaffBooked,
            b"ID2" => Self::StaffStandby,
            b"DG1" | b"DG2" | b"RG1" | b"RG2" => Self::Reduced,
            _ => Self::Other,
        }
    }
}

/// Of whom in its name element an element speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Of all of them, or it is not said of which.
    Everyone,
    /// Of the passenger at this place of the name element, counted from 0.
    One(u16),
    /// Of those whose bits are set, the lowest being the first passenger.
    Several(u64),
}

impl Whom {
    /// Whether it certainly speaks of the passenger at `place` of `all`.
    #[must_use]
    pub const fn is(self, place: usize, all: usize) -> bool {
        match self {
            Self::Everyone => all == 1,
            Self::One(one) => one as usize == place,
            Self::Several(bits) => place < 64 && bits >> place & 1 == 1,
        }
    }
}

/// A sub-element of a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Element<'t> {
    /// What it is.
    pub code: Code,
    /// Whom it concerns.
    pub whom: Whom,
    /// What stood between dot and slash: `R`, `O2`, `ID1`.
    pub label: &'t str,
    /// What stood behind the slash, continuations joined, the cross-reference still at its end.
    pub text: Cow<'t, str>,
    /// Byte of `text` at which the cross-reference `-1SURNAME/GIVEN` begins; its length if none.
    pub(crate) reference: u32,
    /// Byte of the message at which the element begins.
    pub(crate) at: u32,
}

impl Element<'_> {
    /// The text without cross-reference.
    #[must_use]
    pub fn own_text(&self) -> &str {
        let own = self.text.get(..self.reference as usize).unwrap_or(&self.text);
        own.trim_ascii_end()
    }

    /// What it says. Fields that cannot be read are left empty. `airline` operates the flight: a
    /// locator without system is its own.
    #[must_use]
    pub fn detail<'a>(&'a self, airline: &'a str) -> Detail<'a> {
        let text = self.own_text();
        let silent: Complain<'_, 'a> = &mut |_, _| {};
        match self.code {
            Code::Locator => Detail::Locator(locator(text, airline, silent)),
            Code::Remark => Detail::Remark(remark::read(text, silent)),
            Code::Corporate => Detail::Corporate(text),
            Code::Onward(number) => connected(number, text, silent, Detail::Onward),
            Code::Inbound(number) => connected(number, text, silent, Detail::Inbound),
            Code::Marketing => {
                Connection::read(text).map_or(Detail::Other(text), Detail::Marketing)
            }
            Code::Waitlisted | Code::StaffBooked | Code::StaffStandby | Code::Reduced => {
                Detail::Status(text)
            }
            Code::BagPool => Detail::BagPool(text),
            Code::Bags => Bags::read(text).map_or(Detail::Other(text), Detail::Bags),
            Code::BagTag => BagTag::read(text).map_or(Detail::Other(text), Detail::BagTag),
            Code::Unique => Detail::Unique(text),
            Code::Other => Detail::Other(text),
        }
    }
}

fn connected<'a>(
    number: u8,
    text: &'a str,
    _: Complain<'_, 'a>,
    make: fn(u8, Connection<'a>) -> Detail<'a>,
) -> Detail<'a> {
    Connection::read(text).map_or(Detail::Other(text), |flight| make(number, flight))
}

/// `F57K6C/UT`.
pub(crate) fn locator<'a>(
    text: &'a str,
    airline: &'a str,
    complain: Complain<'_, 'a>,
) -> Locator<'a> {
    // Six characters and a system of two or three: what most locators are.
    if let Some((code, behind)) = text.split_at_checked(6)
        && let [b'/', system @ ..] = behind.as_bytes()
        && (2..=3).contains(&system.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && system.iter().all(u8::is_ascii_alphanumeric)
    {
        return Locator { system: behind.get(1..).unwrap_or_default(), code };
    }
    let slash = text.bytes().position(|byte| byte == b'/').unwrap_or(text.len());
    let (code, system) = text.split_at_checked(slash).unwrap_or((text, ""));
    let code = code.trim_ascii();
    let system = system.trim_ascii_end().trim_matches('/').trim_ascii_start();
    let plain =
        (5..=8).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let fits =
        || (5..=8).contains(&code.chars().count()) && code.chars().all(char::is_alphanumeric);
    if !plain && !fits() {
        complain(rules::WRONG_LOCATOR, text);
    }
    Locator { system: if system.is_empty() { airline } else { system }, code }
}

/// The typed view of an element.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail<'a> {
    /// `.L/`
    Locator(Locator<'a>),
    /// `.R/`
    Remark(Remark<'a>),
    /// `.C/`
    Corporate(&'a str),
    /// `.O/`: which of several, and the flight.
    Onward(u8, Connection<'a>),
    /// `.I/`: which of several, and the flight.
    Inbound(u8, Connection<'a>),
    /// `.M/`
    Marketing(Connection<'a>),
    /// `.WL/`, `.ID1/`, …: the priority.
    Status(&'a str),
    /// `.BG/`: its number.
    BagPool(&'a str),
    /// `.W/`
    Bags(Bags),
    /// `.N/`
    BagTag(BagTag<'a>),
    /// `.U/`
    Unique(&'a str),
    /// Word for word.
    Other(&'a str),
}

/// `K/1/18`: pieces and weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bags {
    /// K kilograms, L pounds, P pieces only.
    pub unit: char,
    /// Checked pieces.
    pub pieces: u16,
    /// Their weight in the unit.
    pub weight: Option<u16>,
    /// Weight of cabin bags in the unit.
    pub cabin: Option<u16>,
}

impl Bags {
    /// Reads `K/1/18`, `P/2`, `K/1/18/5`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut fields = text.split('/');
        let unit = fields.next()?.chars().next().filter(|unit| matches!(unit, 'K' | 'L' | 'P'))?;
        let pieces = fields.next()?.trim_ascii().parse().ok()?;
        let weight = fields.next().and_then(|field| field.trim_ascii().parse().ok());
        let cabin = fields.next().and_then(|field| field.trim_ascii().parse().ok());
        Some(Self { unit, pieces, weight, cabin })
    }
}

/// `0999123456001/SHA`: the first tag, how many follow each other, and where they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BagTag<'a> {
    /// Ten digits (licence plate), or airline and six digits.
    pub first: &'a str,
    /// Consecutive tags.
    pub count: u16,
    /// Final destination.
    pub destination: &'a str,
}

impl<'a> BagTag<'a> {
    /// Reads `0999123456001/SHA` and `CA123456/001/SHA`.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let (number, rest) = text.split_once('/').unwrap_or((text, ""));
        if let Some((count, destination)) = rest.split_once('/') {
            let destination = destination.trim_ascii();
            return Some(Self { first: number, count: count.parse().ok()?, destination });
        }
        if !number.bytes().all(|byte| byte.is_ascii_digit()) || !(11..=13).contains(&number.len()) {
            return None;
        }
        let (first, count) = number.split_at_checked(number.len().checked_sub(3)?)?;
        Some(Self { first, count: count.parse().ok()?, destination: rest.trim_ascii() })
    }
}
