//! What is known of a message.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

kernel::typed_id!(
    /// A message as it came in.
    MessageId,
    "message"
);

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Kept; its turn comes.
    Waiting,
    /// A part; the others are not here yet.
    Buffered,
    /// Its facts are in.
    Applied,
    /// Could not be read or applied; somebody should look.
    Quarantined,
    /// Kept only: nothing is taken from messages of this kind, or somebody put it aside.
    Ignored,
}

impl Status {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 5] =
        [Self::Waiting, Self::Buffered, Self::Applied, Self::Quarantined, Self::Ignored];

    /// As kept in the database and in text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Buffered => "buffered",
            Self::Applied => "applied",
            Self::Quarantined => "quarantined",
            Self::Ignored => "ignored",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// Bytes handed in: one message or several, one behind the other.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    /// As they came over the wire.
    pub bytes: Vec<u8>,
    /// Name of the file they were in; empty if there was none.
    pub name: String,
    /// The day by which days without a year are read, where that is not the day of arrival.
    pub as_of: Option<NaiveDate>,
}

impl Delivery {
    /// Bytes without a name, of today.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), ..Self::default() }
    }
}

/// What became of one message handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Received {
    /// The kept message: of a duplicate, the one it repeats.
    pub id: Uuid,
    /// It was here before; nothing was kept.
    pub duplicate: bool,
}

/// A message as lists and pages show it. What it says is read from its text when asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Entry {
    /// Identity.
    pub id: Uuid,
    /// Name of the source.
    pub source: String,
    /// Name of the file it came in, if it came in one.
    pub name: String,
    /// Hash of the bytes as kept, hexadecimal.
    pub sha256: String,
    /// Length of the text in bytes.
    pub bytes: i64,
    /// Payment card numbers starred out before it was kept.
    pub cards: i64,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// When its sender says it was made; when it came in, where it does not say.
    pub said_at: DateTime<Utc>,
    /// `PNL`, …
    pub kind: String,
    /// `CA1501`; empty where it is about no single flight.
    pub flight: String,
    /// Local day of departure.
    pub flight_date: Option<NaiveDate>,
    /// Boarding point.
    pub board: String,
    /// Part of a list, from 1.
    pub part: Option<i64>,
    /// The list its part belongs to.
    pub list: Option<Uuid>,
    /// Where it stands.
    pub status: Status,
    /// Applied without all its parts.
    pub partial: bool,
    /// Why it is quarantined or ignored: `feeds-refused-…`, `flights-refused-…`.
    pub reason: Option<String>,
    /// Findings of severity error.
    pub errors: i64,
    /// Findings of severity warning.
    pub warnings: i64,
    /// Findings of severity note.
    pub notes: i64,
    /// Findings by code.
    pub codes: BTreeMap<String, u64>,
    /// Passengers named in it.
    pub people: i64,
    /// Passengers, coupons or legs taken from it.
    pub read: i64,
    /// Facts made or changed by it.
    pub changed: i64,
    /// Places that could not be applied.
    pub refused: Vec<Refused>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was applied, quarantined or ignored.
    pub settled_at: Option<DateTime<Utc>>,
    /// How often the same came in again.
    pub repeats: i64,
    /// When it did last.
    pub repeated_at: Option<DateTime<Utc>>,
    /// The message this one is an edited text of.
    pub original: Option<Uuid>,
    /// The edited text that took its place.
    pub replaced_by: Option<Uuid>,
}

/// A place of a message that could not be applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refused {
    /// Line of the message, from 1; 0 when it is the message as a whole.
    pub line: u32,
    /// A text key.
    pub code: String,
}
