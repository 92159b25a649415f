use serde::Serialize;
use store::{Db, sql};

use super::chain::Row;
use crate::Result;

/// A place in the chain that was written down elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Anchor {
    /// Number of the row; 0 before the first.
    pub seq: i64,
    /// Its hash in hexadecimal.
    pub hash: String,
}

/// How the chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BreakKind {
    /// The row is not there.
    Missing,
    /// The row's content does not give its hash: it was edited.
    Edited,
    /// The row does not continue the row before it: something was put in, moved or computed anew.
    Unlinked,
    /// The chain does not end where its head says: rows were cut off or added behind its back.
    WrongEnd,
    /// The row is not the one that was written down: the chain was computed anew.
    NotAnchored,
}

impl BreakKind {
    /// Its stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Edited => "edited",
            Self::Unlinked => "unlinked",
            Self::WrongEnd => "wrong-end",
            Self::NotAnchored => "not-anchored",
        }
    }

    /// Key of its text.
    #[must_use]
    pub fn text_key(self) -> String {
        format!("audit-break-{}", self.as_str())
    }
}

/// The first place where the chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Break {
    /// Number of the row.
    pub seq: i64,
    /// What is wrong there.
    pub what: BreakKind,
}

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Rows that are in order, up to the break if there is one.
    pub rows: i64,
    /// The last row in order: worth writing down elsewhere.
    pub head: Anchor,
    /// The first break.
    pub broken: Option<Break>,
}

enum Stop {
    Broken(Break),
    Failed(store::Error),
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        Self::Failed(error)
    }
}

/// Walks the whole chain, row by row in one snapshot, and stops at the first break. Memory does
/// not grow with the trail.
///
/// # Errors
/// When the database fails. A broken chain is not an error but a finding.
pub async fn verify(db: &Db, anchor: Option<&Anchor>) -> Result<Verified> {
    let mut tx = db.read().await?;
    let end: Option<(i64, Vec<u8>)> =
        tx.maybe(sql("SELECT seq, hash FROM access_audit_head WHERE id = 1")).await?;
    let mut walk = Walk { seq: 0, hash: Vec::new(), anchor };
    let walked = tx
        .each(
            sql("SELECT seq, at, action, actor_kind, actor_id, actor_key, actor_name,
                     target_kind, target_id, details, prev_hash, hash
                 FROM access_audit ORDER BY seq"),
            |row: Row| walk.step(row).map_err(Stop::Broken),
        )
        .await;
    let broken = match walked {
        Ok(()) => walk.end(end),
        Err(Stop::Broken(broken)) => Some(broken),
        Err(Stop::Failed(error)) => return Err(error.into()),
    };
    let head = Anchor { seq: walk.seq, hash: hex::encode(&walk.hash) };
    Ok(Verified { rows: walk.seq, head, broken })
}

/// How far the walk has come.
struct Walk<'a> {
    seq: i64,
    hash: Vec<u8>,
    anchor: Option<&'a Anchor>,
}

impl Walk<'_> {
    fn step(&mut self, row: Row) -> Result<(), Break> {
        let expected = self.seq + 1;
        let broken = |what| Err(Break { seq: expected, what });
        if row.seq != expected {
            return broken(BreakKind::Missing);
        }
        if row.expected_hash() != row.hash {
            return broken(BreakKind::Edited);
        }
        if row.prev_hash != self.hash {
            return broken(BreakKind::Unlinked);
        }
        if self.anchor.is_some_and(|anchor| {
            anchor.seq == expected && !anchor.hash.eq_ignore_ascii_case(&hex::encode(&row.hash))
        }) {
            return broken(BreakKind::NotAnchored);
        }
        self.seq = expected;
        self.hash = row.hash;
        Ok(())
    }

    fn end(&self, head: Option<(i64, Vec<u8>)>) -> Option<Break> {
        if head.is_none_or(|(seq, hash)| seq != self.seq || hash != self.hash) {
            return Some(Break { seq: self.seq + 1, what: BreakKind::WrongEnd });
        }
        let anchored = self.anchor.is_none_or(|anchor| anchor.seq <= self.seq);
        (!anchored).then_some(Break { seq: self.seq + 1, what: BreakKind::Missing })
    }
}
