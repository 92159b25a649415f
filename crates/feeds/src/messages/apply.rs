//! Messages into the facts of flights: one in a transaction of its own, or several that make no
//! trouble in one.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveTime, Utc};
use flights::messages::{Absorbed, Arrival};
use formats::passenger_list::{self, PassengerList};
use formats::text::{self, Text};
use formats::{Kind, Message};
use futures::FutureExt;
use kernel::Explain;
use store::Tx;
use uuid::Uuid;

use super::model::{Refused, Status};
use super::store::{self as rows, End, RawRow};
use super::{look, raw};
use crate::{Error, Feeds, Result};

/// Kinds that are kept for those who look for them; no fact is taken from them yet.
const KEPT_ONLY: &[Kind] = &[Kind::Bsm, Kind::Bpm, Kind::Ahl, Kind::Ohd, Kind::Fwd, Kind::Paxlst];

/// A failure of the database is tried again before the message is put aside.
const MOST_TRIES: u32 = 3;

/// Places that could not be applied which are kept.
const MOST_REFUSED: usize = 200;

/// What became of a message.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Applied {
    pub status: Option<Status>,
    pub read: u64,
    pub changed: u64,
}

enum Try {
    Done(Applied),
    /// Rolled back; this is why.
    Refused(&'static str, Vec<Refused>),
}

impl Feeds {
    /// Applies a waiting message with all parts it stands for. Whatever is wrong with it, or with
    /// the program, is its quarantine; only a database that does not answer is an error.
    pub(super) async fn apply(&self, id: Uuid) -> Result<Applied> {
        let mut tx = self.db().read().await?;
        let waiting = waiting(&mut tx, id).await?;
        drop(tx);
        let Some((head, parts)) = waiting else { return Ok(Applied::default()) };
        let mut tries = 1;
        let tried = loop {
            let tried = AssertUnwindSafe(self.attempt(&head, &parts)).catch_unwind().await;
            // Two flights may wait for each other's rows; the engine then sends one of them back.
            if tries == MOST_TRIES || !matches!(tried, Ok(Err(_))) {
                break tried;
            }
            tries += 1;
        };
        let (reason, refused) = match tried {
            Ok(Ok(Try::Done(applied))) => return Ok(applied),
            Ok(Ok(Try::Refused(reason, refused))) => (reason, refused),
            Ok(Err(error @ Error::Lost)) => return Err(error),
            Ok(Err(Error::TextGone)) => ("feeds-refused-text-gone", Vec::new()),
            Ok(Err(error)) if error.kind() == kernel::Kind::Unavailable => return Err(error),
            Ok(Err(error)) => {
                tracing::error!(message = %id, code = error.code(), "a message was not applied");
                ("feeds-refused-program", Vec::new())
            }
            Err(_) => {
                tracing::error!(message = %id, "the program failed on a message");
                ("feeds-refused-program", Vec::new())
            }
        };
        self.put_into_quarantine(&head, reason, &refused).await
    }

    /// Applies messages in order in one transaction, as many as fit into `time`: where there is one
    /// writer, a commit a message costs more than what is in it. Returns what became of those that
    /// were applied, at least one.
    ///
    /// # Errors
    /// One of them made trouble and nothing was applied: so many, it the last, are to be applied one
    /// by one.
    pub(super) async fn apply_together(
        &self,
        ids: &[Uuid],
        time: Duration,
    ) -> std::result::Result<Vec<Applied>, usize> {
        let tried = AtomicUsize::new(0);
        let group = AssertUnwindSafe(self.group(ids, time, &tried)).catch_unwind().await;
        match group {
            Ok(Ok(Some(group))) if !group.is_empty() => Ok(group),
            _ => Err(tried.load(Ordering::Relaxed).max(1)),
        }
    }

    async fn group(
        &self,
        ids: &[Uuid],
        time: Duration,
        tried: &AtomicUsize,
    ) -> Result<Option<Vec<Applied>>> {
        let begun = Instant::now();
        let mut group = Vec::new();
        let mut tx = self.db().begin().await?;
        for id in ids {
            tried.fetch_add(1, Ordering::Relaxed);
            // In the same transaction: parts of a list that was applied just now wait no more.
            let applied = match waiting(&mut tx, *id).await? {
                None => Applied::default(),
                Some((head, parts)) => match self.attempt_in(&mut tx, &head, &parts).await? {
                    Try::Done(applied) => applied,
                    Try::Refused(..) => return Ok(None),
                },
            };
            group.push(applied);
            if begun.elapsed() >= time {
                break;
            }
        }
        tx.commit().await?;
        Ok(Some(group))
    }

    /// Ends a waiting message, with all parts it stands for, in quarantine.
    pub(super) async fn put_into_quarantine(
        &self,
        head: &RawRow,
        reason: &'static str,
        refused: &[Refused],
    ) -> Result<Applied> {
        let mut tx = self.db().begin().await?;
        let status = Status::Quarantined;
        let end = End { status, reason: Some(reason), read: 0, changed: 0, refused };
        rows::settle(&mut tx, head, &end, self.now()).await?;
        tx.commit().await?;
        Ok(Applied { status: Some(status), ..Applied::default() })
    }

    async fn attempt(&self, head: &RawRow, parts: &[RawRow]) -> Result<Try> {
        let mut tx = self.db().begin().await?;
        let tried = self.attempt_in(&mut tx, head, parts).await?;
        if matches!(tried, Try::Done(_)) {
            tx.commit().await?;
        }
        Ok(tried)
    }

    /// What is refused leaves its traces in the transaction: it is then to be dropped.
    async fn attempt_in(&self, tx: &mut Tx, head: &RawRow, parts: &[RawRow]) -> Result<Try> {
        let all = if parts.is_empty() { std::slice::from_ref(head) } else { parts };
        let texts = self.texts(all)?;
        let texts: Vec<Text<'_>> = texts.iter().map(|bytes| text::decode(bytes)).collect();
        let Some(message) = whole(&texts) else {
            return Ok(Try::Refused("feeds-refused-unknown", Vec::new()));
        };
        let arrival = arrival(head, all);
        if matches!(message, Message::Unread) {
            return Ok(Try::Refused("feeds-refused-unknown", Vec::new()));
        }
        let is_list = matches!(message, Message::PassengerList(_));
        if is_list && look::flight(&message, arrival.received_at.date_naive()).is_none() {
            return Ok(Try::Refused("feeds-refused-no-flight", Vec::new()));
        }
        let kept_only = KEPT_ONLY.iter().any(|kind| kind.name() == head.kind);
        let absorbed = if kept_only {
            Absorbed::default()
        } else {
            self.flights().absorb(tx, arrival, &message).await?
        };
        if let Some(first) = absorbed.refused.iter().find(|refused| refused.line == 0) {
            return Ok(Try::Refused(first.code, told(&absorbed)));
        }
        let (status, reason) = match kept_only {
            true => (Status::Ignored, Some("feeds-ignored-kind")),
            false => (Status::Applied, None),
        };
        let (read, changed) = (absorbed.read, absorbed.changed);
        let end = End { status, reason, read, changed, refused: &told(&absorbed) };
        if !rows::settle(tx, head, &end, self.now()).await? {
            return Err(Error::Lost);
        }
        Ok(Try::Done(Applied { status: Some(status), read, changed }))
    }

    /// The text of a message as it is kept, for whoever has been allowed to see it.
    ///
    /// # Errors
    /// [`Error::NoMessage`]; [`Error::TextGone`]; it cannot be unpacked.
    pub(crate) async fn text_of(&self, id: Uuid) -> Result<Vec<u8>> {
        let mut tx = self.db().read().await?;
        let row = rows::raw(&mut tx, id).await?.ok_or(Error::NoMessage)?;
        drop(tx);
        let mut texts = self.texts(std::slice::from_ref(&row))?;
        texts.pop().ok_or(Error::NoMessage)
    }

    fn texts(&self, rows: &[RawRow]) -> Result<Vec<Vec<u8>>> {
        let vault = self.access().vault();
        let unpacked = rows.iter().map(|row| {
            if row.raw.is_empty() {
                return Err(Error::TextGone);
            }
            raw::unpack(vault, &row.raw, row.sealed, usize::try_from(row.bytes).unwrap_or(0))
        });
        unpacked.collect()
    }
}

/// A message whose turn has come, and the parts it stands for when it is one of a list.
async fn waiting(tx: &mut Tx, id: Uuid) -> Result<Option<(RawRow, Vec<RawRow>)>> {
    let head = rows::raw(tx, id).await?;
    let Some(head) = head.filter(|head| head.status == Status::Waiting.as_str()) else {
        return Ok(None);
    };
    let parts = match head.list_id {
        Some(list) => rows::raw_of_list(tx, list).await?,
        None => Vec::new(),
    };
    Ok(Some((head, parts)))
}

fn told(absorbed: &Absorbed) -> Vec<Refused> {
    let kept = absorbed.refused.iter().take(MOST_REFUSED);
    kept.map(|one| Refused { line: one.line, code: one.code.to_owned() }).collect()
}

fn arrival(head: &RawRow, all: &[RawRow]) -> Arrival {
    Arrival {
        message: head.id,
        received_at: head.as_of.map_or(head.received_at, noon),
        said_at: all.iter().map(|part| part.said_at).max().unwrap_or(head.said_at),
        partial: head.partial,
    }
}

fn noon(day: chrono::NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + chrono::Duration::hours(12)
}

/// All parts as one message.
fn whole<'t>(texts: &'t [Text<'_>]) -> Option<Message<'t>> {
    let mut read = texts.iter().map(|text| formats::read(text).message);
    let (Some(first), rest) = (read.next(), read) else { return None };
    let mut lists: Vec<PassengerList<'t>> = Vec::new();
    match first {
        Message::PassengerList(list) => lists.push(*list),
        other => return Some(other),
    }
    for message in rest {
        if let Message::PassengerList(list) = message {
            lists.push(*list);
        }
    }
    let merged = passenger_list::merge(lists)?;
    Some(Message::PassengerList(Box::new(merged.list)))
}
