//! The SQL that several parts of this module share.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use super::model::{Refused, Status};
use crate::Result;

/// Whether there are parts without a list, or lists whose time is over.
pub(super) async fn has_parts_to_sort(tx: &mut Tx, now: DateTime<Utc>) -> Result<bool> {
    let parts: Option<Uuid> = tx
        .value_maybe(sql(
            "SELECT id FROM feed_message WHERE status = 'buffered' AND list_id IS NULL
                 ORDER BY said_at, id LIMIT 1",
        ))
        .await?;
    if parts.is_some() {
        return Ok(true);
    }
    let due: Option<Uuid> = tx
        .value_maybe(
            sql("SELECT id FROM feed_list WHERE status = 'open' AND due_at <= $1 LIMIT 1")
                .bind(now),
        )
        .await?;
    Ok(due.is_some())
}

/// The next messages to be applied with their lanes, in order. A message waits while a list of
/// the same flight that was made earlier is being put together.
pub(super) async fn next(tx: &mut Tx, limit: i64) -> Result<Vec<(Uuid, String)>> {
    Ok(tx
        .all(
            sql("SELECT m.id, m.lane FROM feed_message m
                 WHERE m.status = 'waiting' AND NOT EXISTS (
                    SELECT 1 FROM feed_list l
                    WHERE l.status = 'open' AND l.lane = m.lane AND l.said_at < m.said_at)
                 ORDER BY m.said_at, m.id LIMIT $1")
            .bind(limit),
        )
        .await?)
}

/// A message with its bytes.
#[derive(sqlx::FromRow)]
pub(super) struct RawRow {
    pub id: Uuid,
    pub raw: Vec<u8>,
    pub sealed: bool,
    pub bytes: i64,
    pub received_at: DateTime<Utc>,
    pub said_at: DateTime<Utc>,
    pub as_of: Option<NaiveDate>,
    pub kind: String,
    pub list_id: Option<Uuid>,
    pub status: String,
    pub partial: bool,
}

const RAW: &str = "SELECT id, raw, sealed, bytes, received_at, said_at, as_of, kind, list_id, \
    status, partial FROM feed_message";

pub(super) async fn raw(tx: &mut Tx, id: Uuid) -> Result<Option<RawRow>> {
    let mut query = SqlBuilder::new(RAW);
    query.push(" WHERE id = ").bind(id);
    Ok(tx.maybe(query.build()).await?)
}

/// All parts of a list that are here.
pub(super) async fn raw_of_list(tx: &mut Tx, list: Uuid) -> Result<Vec<RawRow>> {
    let mut query = SqlBuilder::new(RAW);
    query.push(" WHERE list_id = ").bind(list).push(" ORDER BY part, id LIMIT ");
    query.bind(super::parts::MOST_PARTS as i64 + 1);
    Ok(tx.all(query.build()).await?)
}

/// How a message ends.
pub(super) struct End<'a> {
    pub status: Status,
    pub reason: Option<&'a str>,
    pub read: u64,
    pub changed: u64,
    pub refused: &'a [Refused],
}

/// Writes the end of a message that was waiting, and of the parts it stands for. False when it
/// was no longer waiting: another process has settled it.
pub(super) async fn settle(
    tx: &mut Tx,
    head: &RawRow,
    end: &End<'_>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let settled = tx
        .exec(
            sql("UPDATE feed_message SET status = $2, reason = $3, facts_read = $4,
                    facts_changed = $5, refused = $6, settled_at = $7, attempts = attempts + 1
                 WHERE id = $1 AND status = 'waiting'")
            .bind(head.id)
            .bind(end.status.as_str())
            .bind(end.reason)
            .bind(count(end.read))
            .bind(count(end.changed))
            .bind(json!(end.refused))
            .bind(now),
        )
        .await?;
    if settled == 0 {
        return Ok(false);
    }
    let Some(list) = head.list_id else { return Ok(true) };
    tx.exec(
        sql("UPDATE feed_message SET status = $3, reason = $4, partial = $5, settled_at = $6
             WHERE list_id = $1 AND id <> $2")
        .bind(list)
        .bind(head.id)
        .bind(end.status.as_str())
        .bind(end.reason)
        .bind(head.partial)
        .bind(now),
    )
    .await?;
    let of_list = match (end.status, head.partial) {
        (Status::Applied | Status::Ignored, false) => "applied",
        (Status::Applied | Status::Ignored, true) => "partial",
        _ => "failed",
    };
    tx.exec(sql("UPDATE feed_list SET status = $2 WHERE id = $1").bind(list).bind(of_list)).await?;
    Ok(true)
}
