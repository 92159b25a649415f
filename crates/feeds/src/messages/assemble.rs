//! Parts become lists. One process does this at a time: it runs in the job.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::parts::{ListRow, PartRow};
use crate::{Feeds, Result};

/// Parts looked at in one transaction.
const PAGE: i64 = 500;
/// Lists of one source that may be open at a time.
pub(super) const MOST_OPEN: i64 = 2_000;

pub(super) const MANY_PARTS: &str = "feeds-refused-many-parts";
pub(super) const MANY_LISTS: &str = "feeds-refused-many-lists";
/// Why a part that was cut off no longer counts.
pub(crate) const SENT_AGAIN: &str = "feeds-ignored-sent-again";

/// What becomes of a part.
struct Fate {
    id: Uuid,
    list: Option<Uuid>,
    status: &'static str,
    partial: bool,
    reason: Option<&'static str>,
}

impl Feeds {
    /// Gives parts to lists and closes lists whose time is over. Returns whether there may be more.
    pub(super) async fn assemble(&self) -> Result<bool> {
        let now = self.now();
        let mut tx = self.db().read().await?;
        let idle = !super::store::has_parts_to_sort(&mut tx, now).await?;
        let wait = self.settings().wait();
        drop(tx);
        if idle {
            return Ok(false);
        }
        let mut tx = self.db().begin().await?;
        let parts: Vec<PartRow> = tx
            .all(
                sql("SELECT id, source_id, list_key, lane, part, is_last, is_cut, said_at,
                        received_at, bytes
                     FROM feed_message WHERE status = 'buffered' AND list_id IS NULL
                     ORDER BY said_at, id LIMIT $1")
                .bind(PAGE),
            )
            .await?;
        let more = parts.len() as i64 == PAGE;
        sort(&mut tx, &parts, wait, now).await?;
        let closed = if more { 0 } else { time_out(&mut tx, now).await? };
        tx.commit().await?;
        Ok(more || closed == PAGE as u64)
    }
}

async fn sort(tx: &mut Tx, parts: &[PartRow], wait: Duration, now: DateTime<Utc>) -> Result<()> {
    if parts.is_empty() {
        return Ok(());
    }
    let mut lists = lists_of(tx, parts).await?;
    let mut open = open_by_source(tx).await?;
    let mut fates = Vec::with_capacity(parts.len());
    let (mut overfull, mut replaced) = (Vec::new(), Vec::new());
    let mut touched = BTreeSet::new();
    for part in parts {
        let known = lists.entry(part.list_key.clone()).or_default();
        if known.iter().any(|list| list.status == "quarantined" && list.is_near(part)) {
            fates.push(refused(part.id, MANY_PARTS));
            continue;
        }
        let at = match nearest(known, part) {
            Some(at) => at,
            None => {
                let of_source = open.entry(part.source_id).or_insert(0);
                if *of_source >= MOST_OPEN {
                    fates.push(refused(part.id, MANY_LISTS));
                    continue;
                }
                *of_source += 1;
                known.push(ListRow::of(part, wait, now));
                known.len() - 1
            }
        };
        let Some(list) = known.get_mut(at) else { continue };
        if list.replaces(part) {
            replaced.push((list.id, part.part, part.id));
        }
        list.add(part);
        touched.insert(list.id);
        fates.push(fate(list, part.id));
        if list.status == "quarantined" {
            overfull.push(list.id);
        }
    }
    let changed = lists.into_values().flatten().filter(|list| touched.contains(&list.id));
    write_lists(tx, changed.collect()).await?;
    write_fates(tx, fates, now).await?;
    give_way(tx, replaced, now).await?;
    for list in overfull {
        tx.exec(
            sql("UPDATE feed_message SET status = 'quarantined', reason = $2, settled_at = $3
                 WHERE list_id = $1 AND status IN ('buffered', 'waiting')")
            .bind(list)
            .bind(MANY_PARTS)
            .bind(now),
        )
        .await?;
    }
    Ok(())
}

/// The list a part belongs to, of those known under its key: the nearest in time.
fn nearest(known: &[ListRow], part: &PartRow) -> Option<usize> {
    let takes = known.iter().enumerate().filter(|(_, list)| list.takes(part));
    takes.min_by_key(|(_, list)| (list.said_at - part.said_at).abs()).map(|(at, _)| at)
}

/// What the part just added to a list means for both.
fn fate(list: &mut ListRow, part: Uuid) -> Fate {
    let was_partial = list.status == "partial";
    let mut fate =
        Fate { id: part, list: Some(list.id), status: "buffered", partial: false, reason: None };
    if list.is_too_much() {
        list.status = "quarantined".to_owned();
    } else if list.is_complete() || was_partial {
        // A part that comes after the time-out has the list applied anew, with it.
        fate.status = "waiting";
        fate.partial = !list.is_complete();
        list.status = if list.is_complete() { "ready" } else { "partial" }.to_owned();
    }
    fate
}

fn refused(id: Uuid, reason: &'static str) -> Fate {
    Fate { id, list: None, status: "quarantined", partial: false, reason: Some(reason) }
}

async fn lists_of(tx: &mut Tx, parts: &[PartRow]) -> Result<HashMap<String, Vec<ListRow>>> {
    let keys: BTreeSet<&str> = parts.iter().map(|part| part.list_key.as_str()).collect();
    let rows = keys.into_iter().map(|key| vec![key.into()]).collect();
    let found: Vec<ListRow> = tx
        .with_rows_all(
            &[Col::text("list_key")],
            rows,
            "SELECT l.id, l.list_key, l.source_id, l.lane, l.status, l.parts, l.cut, l.last_part,
                l.bytes, l.head, l.said_at, l.first_at, l.due_at
             FROM feed_list l JOIN input ON input.list_key = l.list_key
             WHERE l.status IN ('open', 'partial', 'quarantined')",
        )
        .await?;
    let mut lists: HashMap<String, Vec<ListRow>> = HashMap::new();
    for list in found {
        lists.entry(list.list_key.clone()).or_default().push(list);
    }
    Ok(lists)
}

async fn open_by_source(tx: &mut Tx) -> Result<HashMap<Uuid, i64>> {
    let counted: Vec<(Uuid, i64)> = tx
        .all(sql(
            "SELECT source_id, COUNT(*) FROM feed_list WHERE status = 'open' GROUP BY source_id",
        ))
        .await?;
    Ok(counted.into_iter().collect())
}

async fn write_lists(tx: &mut Tx, lists: Vec<ListRow>) -> Result<()> {
    let columns = [
        Col::uuid("id"),
        Col::text("list_key"),
        Col::uuid("source_id"),
        Col::text("lane"),
        Col::text("status"),
        Col::json("parts"),
        Col::json("cut"),
        Col::i64("last_part"),
        Col::i64("bytes"),
        Col::uuid("head"),
        Col::time("said_at"),
        Col::time("first_at"),
        Col::time("due_at"),
    ];
    let row = |list: ListRow| -> Vec<Value> {
        vec![
            list.id.into(),
            list.list_key.into(),
            list.source_id.into(),
            list.lane.into(),
            list.status.into(),
            json!(list.parts.0).into(),
            json!(list.cut.0).into(),
            list.last_part.into(),
            list.bytes.into(),
            list.head.into(),
            list.said_at.into(),
            list.first_at.into(),
            list.due_at.into(),
        ]
    };
    let rows = lists.into_iter().map(row).collect();
    let then = "ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status, parts = EXCLUDED.parts,
        cut = EXCLUDED.cut, last_part = EXCLUDED.last_part, bytes = EXCLUDED.bytes, head = EXCLUDED.head";
    tx.bulk("feed_list", &columns, rows, then).await?;
    Ok(())
}

async fn write_fates(tx: &mut Tx, fates: Vec<Fate>, now: DateTime<Utc>) -> Result<()> {
    let columns = [
        Col::uuid("id"),
        Col::uuid("list_id"),
        Col::text("status"),
        Col::bool("partial"),
        Col::text("reason"),
        Col::time("settled_at"),
    ];
    let row = |fate: Fate| -> Vec<Value> {
        let settled = fate.reason.map(|_| now);
        vec![
            fate.id.into(),
            fate.list.into(),
            fate.status.into(),
            fate.partial.into(),
            fate.reason.map(str::to_owned).into(),
            settled.into(),
        ]
    };
    let rows = fates.into_iter().map(row).collect();
    tx.with_rows(
        &columns,
        rows,
        "UPDATE feed_message SET list_id = input.list_id, status = input.status,
            partial = input.partial, reason = input.reason, settled_at = input.settled_at
         FROM input WHERE feed_message.id = input.id",
    )
    .await?;
    Ok(())
}

/// Parts that were cut off give way to those that came whole: of which list, which part, which is
/// the whole one.
async fn give_way(tx: &mut Tx, replaced: Vec<(Uuid, i64, Uuid)>, now: DateTime<Utc>) -> Result<()> {
    let row = |(list, part, by): (Uuid, i64, Uuid)| -> Vec<Value> {
        vec![list.into(), part.into(), by.into(), SENT_AGAIN.into(), now.into()]
    };
    tx.with_rows(
        &[
            Col::uuid("list_id"),
            Col::i64("part"),
            Col::uuid("by_id"),
            Col::text("reason"),
            Col::time("at"),
        ],
        replaced.into_iter().map(row).collect(),
        "UPDATE feed_message SET status = 'ignored', reason = input.reason, partial = FALSE,
            replaced_by = input.by_id, settled_at = input.at, list_id = NULL
         FROM input WHERE feed_message.list_id = input.list_id AND feed_message.part = input.part
            AND feed_message.id <> input.by_id",
    )
    .await?;
    Ok(())
}

/// Lists whose time is over are applied as far as they are there.
async fn time_out(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    let due: Vec<(Uuid, Uuid)> = tx
        .all(
            sql("SELECT id, head FROM feed_list WHERE status = 'open' AND due_at <= $1
                 ORDER BY due_at, id LIMIT $2")
            .bind(now)
            .bind(PAGE),
        )
        .await?;
    let columns = [Col::uuid("id"), Col::uuid("head")];
    let rows = due.iter().map(|(id, head)| vec![(*id).into(), (*head).into()]);
    let rows: Vec<Vec<Value>> = rows.collect();
    tx.with_rows(
        &columns,
        rows.clone(),
        "UPDATE feed_message SET status = 'waiting', partial = TRUE
         FROM input WHERE feed_message.id = input.head AND feed_message.status = 'buffered'",
    )
    .await?;
    tx.with_rows(
        &columns,
        rows,
        "UPDATE feed_list SET status = 'partial' FROM input WHERE feed_list.id = input.id",
    )
    .await?;
    Ok(due.len() as u64)
}
