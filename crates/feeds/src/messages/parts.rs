//! Parts of one list: which belong together, when all are there.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use sqlx::types::Json;
use uuid::Uuid;

/// More parts than any list has: a flight of 800 seats needs some 60.
pub(super) const MOST_PARTS: usize = 200;
/// All parts of a list together, in bytes.
const MOST_BYTES: i64 = 16 * 1024 * 1024;
/// Parts of one list are stamped minutes apart at most.
const APART: Duration = Duration::hours(2);

/// A part that is to be given to a list.
#[derive(sqlx::FromRow)]
pub(super) struct PartRow {
    pub id: Uuid,
    pub source_id: Uuid,
    pub list_key: String,
    pub lane: String,
    pub part: i64,
    pub is_last: bool,
    pub is_cut: bool,
    pub said_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub bytes: i64,
}

/// Parts that belong together, as far as they are here.
#[derive(sqlx::FromRow)]
pub(super) struct ListRow {
    pub id: Uuid,
    pub list_key: String,
    pub source_id: Uuid,
    pub lane: String,
    pub status: String,
    pub parts: Json<BTreeSet<i64>>,
    /// Those of the parts that were cut off.
    pub cut: Json<BTreeSet<i64>>,
    pub last_part: Option<i64>,
    pub bytes: i64,
    pub head: Uuid,
    pub said_at: DateTime<Utc>,
    pub first_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
}

impl ListRow {
    pub fn of(part: &PartRow, wait: Duration, now: DateTime<Utc>) -> Self {
        Self {
            id: kernel::ids::v7(now),
            list_key: part.list_key.clone(),
            source_id: part.source_id,
            lane: part.lane.clone(),
            status: "open".to_owned(),
            parts: Json(BTreeSet::new()),
            cut: Json(BTreeSet::new()),
            last_part: None,
            bytes: 0,
            head: part.id,
            said_at: part.said_at,
            first_at: part.received_at,
            due_at: part.received_at + wait,
        }
    }

    pub fn is_near(&self, part: &PartRow) -> bool {
        (self.said_at - part.said_at).abs() <= APART
    }

    /// Whether the part may be one of this list: its number is free, or taken by a part that was
    /// cut off and has now come whole.
    pub fn takes(&self, part: &PartRow) -> bool {
        let mut others = self.parts.0.iter().filter(|n| **n != part.part);
        let fits = if part.is_last {
            self.last_part.is_none() && others.all(|n| *n < part.part)
        } else {
            self.last_part.is_none_or(|last| part.part < last)
        };
        let free = !self.parts.0.contains(&part.part);
        matches!(self.status.as_str(), "open" | "partial")
            && self.is_near(part)
            && (free || self.replaces(part))
            && fits
    }

    /// Whether the part is the whole copy of one that was cut off.
    pub fn replaces(&self, part: &PartRow) -> bool {
        !part.is_cut && self.cut.0.contains(&part.part)
    }

    pub fn add(&mut self, part: &PartRow) {
        self.parts.0.insert(part.part);
        if part.is_cut {
            self.cut.0.insert(part.part);
        } else {
            self.cut.0.remove(&part.part);
        }
        self.last_part = self.last_part.or(part.is_last.then_some(part.part));
        self.bytes += part.bytes;
        self.head = part.id;
    }

    /// A part that was cut off is as good as missing: it may be sent again.
    pub fn is_complete(&self) -> bool {
        self.cut.0.is_empty()
            && self.last_part.is_some_and(|last| self.parts.0.len() as i64 == last)
    }

    pub fn is_too_much(&self) -> bool {
        self.parts.0.len() > MOST_PARTS || self.bytes > MOST_BYTES
    }
}
