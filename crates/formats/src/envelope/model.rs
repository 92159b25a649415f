//! What an envelope says.

use std::fmt;
use std::ops::Range;

use serde::{Serialize, Serializer};

use crate::when::{Day, last_numbered, number};

/// Seven characters: three of location, two of department, two of company. `PEKKMCA`, `MOWKK1H`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Address<'t>(&'t str);

impl<'t> Address<'t> {
    /// Reads exactly seven upper-case letters or digits.
    #[must_use]
    pub fn read(text: &'t str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        (text.len() == 7 && text.bytes().all(fits)).then_some(Self(text))
    }

    /// All seven.
    #[must_use]
    pub const fn as_str(&self) -> &'t str {
        self.0
    }

    /// `PEK` of `PEKKMCA`.
    #[must_use]
    pub fn location(&self) -> &'t str {
        self.0.get(..3).unwrap_or_default()
    }

    /// `KM` of `PEKKMCA`: KM, KK and KN are departure control, RM reservations control, ET e-ticketing.
    #[must_use]
    pub fn department(&self) -> &'t str {
        self.0.get(3..5).unwrap_or_default()
    }

    /// `CA` of `PEKKMCA`; `1H`, `1A`, `1E`, `1S` are reservation systems.
    #[must_use]
    pub fn company(&self) -> &'t str {
        self.0.get(5..).unwrap_or_default()
    }
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

/// `DDHHMM` or `DDHHMMSS`, UTC, no month and no year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeGroup {
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59, if it was sent.
    pub second: Option<u8>,
}

impl TimeGroup {
    /// Reads six or eight digits; a `Z` behind them is allowed.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_suffix('Z').unwrap_or(text);
        let second = match digits.len() {
            6 => None,
            8 => Some(number(digits.get(6..)?).filter(|second| *second < 60)?),
            _ => return None,
        };
        let day = number(digits.get(..2)?).filter(|day| (1..=31).contains(day))?;
        let hour = number(digits.get(2..4)?).filter(|hour| *hour < 24)?;
        let minute = number(digits.get(4..6)?).filter(|minute| *minute < 60)?;
        Some(Self { day, hour, minute, second })
    }

    /// The last day of that number that is not after `received` plus one day: the sender's clock may
    /// run ahead. `received` is the UTC day the message came in.
    #[must_use]
    pub fn on(self, received: Day) -> Option<Day> {
        last_numbered(self.day, received.plus(1)?)
    }
}

impl fmt::Display for TimeGroup {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:02}{:02}{:02}", self.day, self.hour, self.minute)?;
        self.second.map_or(Ok(()), |second| write!(out, "{second:02}"))
    }
}

impl Serialize for TimeGroup {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Everything around the body. All empty for a message that came bare.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Envelope<'t> {
    /// What followed `ZCZC` on its line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<&'t str>,
    /// `QU`, `QD`, `QK`, `QN`, `QX`, `SS`, or another `Q` code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<&'t str>,
    /// In the order sent, good ones only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub destinations: Vec<Address<'t>>,
    /// The sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Address<'t>>,
    /// `UT` of `UT/280925`: who is billed for the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<&'t str>,
    /// When the message was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeGroup>,
    /// Other words of the origin line, and a gateway's message number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<&'t str>,
    /// The message identifier, such as `PNL`. Booking messages have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<&'t str>,
    /// `COR` stood before or beside the identifier.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub correction: bool,
    /// Bytes from the identifier line to the end, without the frame.
    #[serde(skip)]
    pub content: Range<usize>,
    /// Bytes after the identifier line; all of `content` if there is none.
    #[serde(skip)]
    pub body: Range<usize>,
}

impl<'t> Envelope<'t> {
    /// The text of [`Self::body`].
    #[must_use]
    pub fn body_of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.body.clone()).unwrap_or_default()
    }

    /// The text of [`Self::content`].
    #[must_use]
    pub fn content_of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.content.clone()).unwrap_or_default()
    }

    /// There was nothing around the message.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        self.origin.is_none() && self.destinations.is_empty() && self.priority.is_none()
    }
}
