//! What was put aside: looked at again, corrected, replayed, dropped.

use access::{Actor, Details, Target};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use store::{Tx, jobs, sql};
use uuid::Uuid;

use super::jobs::PROCESS;
use super::look::{self, Looked};
use super::model::{Delivery, MessageId, Received, Status};
use super::{raw, receive};
use crate::{Error, Feeds, Result, permissions};

const BY_HAND: &str = "feeds-ignored-by-hand";
const REPLACED: &str = "feeds-ignored-replaced";

#[derive(sqlx::FromRow)]
struct Aside {
    id: Uuid,
    source_id: Uuid,
    name: String,
    raw: Vec<u8>,
    sealed: bool,
    bytes: i64,
    received_at: DateTime<Utc>,
    as_of: Option<NaiveDate>,
    status: String,
    list_id: Option<Uuid>,
    list_key: Option<String>,
    replaced_by: Option<Uuid>,
}

impl Aside {
    async fn load(tx: &mut Tx, id: Uuid) -> Result<Self> {
        let found =
            sql("SELECT id, source_id, name, raw, sealed, bytes, received_at, as_of, status,
                list_id, list_key, replaced_by FROM feed_message WHERE id = $1");
        tx.maybe(found.bind(id)).await?.ok_or(Error::NoMessage)
    }

    fn status(&self) -> Status {
        Status::parse(&self.status).unwrap_or(Status::Waiting)
    }

    fn is_aside(&self) -> bool {
        matches!(self.status(), Status::Quarantined | Status::Ignored)
    }
}

impl Feeds {
    /// Has a message that was put aside read and applied again, with all parts of its list. One
    /// that is on its way or applied is left as it is: a second click changes nothing. Returns
    /// whether there was something to do.
    ///
    /// # Errors
    /// Denied; [`Error::NoMessage`]; [`Error::TextGone`].
    pub async fn replay(&self, actor: &Actor, id: Uuid) -> Result<bool> {
        actor.may(permissions::REPLAY)?;
        let mut tx = self.db().begin().await?;
        let replayed = self.replay_in(&mut tx, id).await?;
        if replayed {
            self.note(&mut tx, actor, "feeds.message.replayed", id).await?;
            self.enqueue_processing(&mut tx).await?;
        }
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(replayed)
    }

    /// Replays in the caller's transaction.
    pub(super) async fn replay_in(&self, tx: &mut Tx, id: Uuid) -> Result<bool> {
        let aside = Aside::load(tx, id).await?;
        // Of one that another took the place of, that one counts.
        if !aside.is_aside() || aside.replaced_by.is_some() {
            return Ok(false);
        }
        if aside.raw.is_empty() {
            return Err(Error::TextGone);
        }
        if let Some(list) = aside.list_id {
            let of_list: Option<(String, Uuid)> = tx
                .maybe(sql("SELECT status, head FROM feed_list WHERE id = $1").bind(list))
                .await?;
            if let Some((status, head)) = of_list
                && status != "quarantined"
            {
                return replay_list(tx, list, head).await;
            }
        }
        let bytes = usize::try_from(aside.bytes).unwrap_or(0);
        let text = raw::unpack(self.access().vault(), &aside.raw, aside.sealed, bytes)?;
        let looked = look::look(&text, aside.received_at, aside.as_of);
        relook(tx, id, &looked, self.now()).await?;
        Ok(true)
    }

    /// Takes the corrected text of a message that was put aside as a new message in its place. The
    /// original stays as it came, linked to the new one. The same correction twice is one.
    ///
    /// # Errors
    /// Denied; [`Error::NoMessage`]; [`Error::MessageState`] when it is not aside;
    /// [`Error::EmptyMessage`].
    pub async fn correct(&self, actor: &Actor, id: Uuid, text: &str) -> Result<Received> {
        actor.may(permissions::REPLAY)?;
        let mut tx = self.db().read().await?;
        let aside = Aside::load(&mut tx, id).await?;
        drop(tx);
        let delivery = Delivery {
            bytes: text.as_bytes().to_vec(),
            name: aside.name.clone(),
            as_of: aside.as_of.or(Some(aside.received_at.date_naive())),
        };
        let ready = self.ready(vec![delivery]).await?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let aside = Aside::load(&mut tx, id).await?;
        if !aside.is_aside() {
            return Err(Error::MessageState { status: aside.status().as_str() });
        }
        let edited = Some((id, actor.id));
        let all = receive::keep(&mut tx, aside.source_id, ready, edited, now).await?;
        let first = *all.first().ok_or(Error::EmptyMessage)?;
        if first.id == id {
            // Nothing that counts was changed.
            self.replay_in(&mut tx, id).await?;
        } else {
            replace(&mut tx, &aside, first.id, now).await?;
        }
        self.note(&mut tx, actor, "feeds.message.corrected", id).await?;
        self.enqueue_processing(&mut tx).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(first)
    }

    /// Drops a message from quarantine: it stays, nothing is taken from it.
    ///
    /// # Errors
    /// Denied; [`Error::NoMessage`]; [`Error::MessageState`] when it is not in quarantine.
    pub async fn put_aside(&self, actor: &Actor, id: Uuid) -> Result<()> {
        actor.may(permissions::REPLAY)?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let aside = Aside::load(&mut tx, id).await?;
        match aside.status() {
            Status::Ignored => return Ok(()),
            Status::Quarantined => {}
            other => return Err(Error::MessageState { status: other.as_str() }),
        }
        // With all parts of its list, if it is one of several.
        tx.exec(
            sql("UPDATE feed_message SET status = 'ignored', reason = $3, settled_at = $4
                 WHERE (id = $1 OR list_id = $2) AND status = 'quarantined'")
            .bind(id)
            .bind(aside.list_id)
            .bind(BY_HAND)
            .bind(now),
        )
        .await?;
        self.note(&mut tx, actor, "feeds.message.dropped", id).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) async fn enqueue_processing(&self, tx: &mut Tx) -> Result<()> {
        let now = self.now();
        let job = jobs::New::now(PROCESS, json!({}), now).key(PROCESS);
        jobs::enqueue(tx, job, now).await?;
        Ok(())
    }

    pub(super) async fn note(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: &'static str,
        id: Uuid,
    ) -> Result<()> {
        let target = Target::new(MessageId::KIND, MessageId::from(id));
        self.access().record(tx, actor, action, &target, Details::new()).await?;
        Ok(())
    }
}

/// All parts of a list again, as many as there are.
async fn replay_list(tx: &mut Tx, list: Uuid, head: Uuid) -> Result<bool> {
    let (parts, last, cut): (i64, Option<i64>, i64) = tx
        .one(
            sql("SELECT COUNT(DISTINCT part), MAX(CASE WHEN is_last THEN part END),
                    CAST(COALESCE(SUM(CASE WHEN is_cut THEN 1 ELSE 0 END), 0) AS BIGINT)
                 FROM feed_message WHERE list_id = $1")
            .bind(list),
        )
        .await?;
    let partial = last != Some(parts) || cut > 0;
    tx.exec(
        sql(
            "UPDATE feed_message SET status = CASE WHEN id = $2 THEN 'waiting' ELSE 'buffered' END,
                partial = $3, reason = NULL, settled_at = NULL
             WHERE list_id = $1",
        )
        .bind(list)
        .bind(head)
        .bind(partial),
    )
    .await?;
    let status = if partial { "partial" } else { "ready" };
    tx.exec(sql("UPDATE feed_list SET status = $2 WHERE id = $1").bind(list).bind(status)).await?;
    Ok(true)
}

/// Writes down what a new look found: the reader may have learned something since.
async fn relook(tx: &mut Tx, id: Uuid, looked: &Looked, now: DateTime<Utc>) -> Result<()> {
    let status = receive::status_of(looked);
    let settled = looked.refused.map(|_| now);
    let (carrier, number, date, board) = match &looked.flight {
        Some(of) => (of.carrier.as_str(), of.number.as_str(), Some(of.date), of.board.as_str()),
        None => ("", "", None, ""),
    };
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    tx.exec(
        sql("UPDATE feed_message SET status = $2, reason = $3, settled_at = $4, kind = $5,
                carrier = $6, flight_number = $7, flight_date = $8, board = $9, lane = $10,
                said_at = $11, part = $12, is_last = $13, list_key = $14, list_id = NULL,
                partial = $15, errors = $16, warnings = $17, notes = $18, codes = $19,
                people = $20, refused = $21, is_cut = $22
             WHERE id = $1")
        .bind(id)
        .bind(status.as_str())
        .bind(looked.refused)
        .bind(settled)
        .bind(looked.kind.name())
        .bind(carrier)
        .bind(number)
        .bind(date)
        .bind(board)
        .bind(&looked.lane)
        .bind(looked.said_at)
        .bind(looked.list.as_ref().map(|list| i64::from(list.part)))
        .bind(looked.list.as_ref().is_none_or(|list| list.is_last))
        .bind(looked.list.as_ref().map(|list| list.key.clone()))
        .bind(looked.partial)
        .bind(count(looked.found[0]))
        .bind(count(looked.found[1]))
        .bind(count(looked.found[2]))
        .bind(json!(looked.codes))
        .bind(count(looked.people as u64))
        .bind(json!([]))
        .bind(looked.list.as_ref().is_some_and(|list| list.is_cut)),
    )
    .await?;
    Ok(())
}

/// The corrected text takes the place of the original, also within its list.
async fn replace(tx: &mut Tx, aside: &Aside, by: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql("UPDATE feed_message SET status = 'ignored', reason = $2, replaced_by = $3,
                settled_at = $4, list_id = NULL WHERE id = $1")
        .bind(aside.id)
        .bind(REPLACED)
        .bind(by)
        .bind(now),
    )
    .await?;
    let Some(list) = aside.list_id else { return Ok(()) };
    let joined = tx
        .exec(
            sql("UPDATE feed_message SET list_id = $2
                 WHERE id = $1 AND status = 'buffered' AND list_id IS NULL AND list_key = $3")
            .bind(by)
            .bind(list)
            .bind(aside.list_key.as_deref()),
        )
        .await?;
    if joined == 1 {
        tx.exec(sql("UPDATE feed_list SET head = $2 WHERE id = $1").bind(list).bind(by)).await?;
        replay_list(tx, list, by).await?;
    }
    Ok(())
}
