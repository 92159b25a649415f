//! The one door for messages.

use std::collections::HashMap;

use access::Actor;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::look::{self, Looked, Piece};
use super::model::{Delivery, Received, Status};
use super::raw::{self, Kept};
use crate::sources::{self, Kind as SourceKind};
use crate::{Error, Feeds, Result, permissions};

/// A message made ready outside the transaction.
pub(super) struct Ready {
    pub looked: Looked,
    pub kept: Kept,
    pub sha256: Vec<u8>,
    pub bytes: usize,
    pub cards: usize,
    pub name: String,
    pub as_of: Option<chrono::NaiveDate>,
    pub received_at: DateTime<Utc>,
}

impl Feeds {
    /// Takes in one message, or several one behind the other, from the source of that name; a
    /// source nobody knows yet is made. Answers once they are kept, in their order. A message that
    /// was here before is recognised, however it came, and counted on the first.
    ///
    /// # Errors
    /// Denied; [`Error::EmptyMessage`] for blank bytes; [`Error::LongMessage`]; the database failed
    /// and nothing was kept.
    pub async fn receive(
        &self,
        actor: &Actor,
        source: &str,
        delivery: Delivery,
    ) -> Result<Vec<Received>> {
        let all = self.receive_all(actor, source, vec![delivery]).await?;
        if all.is_empty() { Err(Error::EmptyMessage) } else { Ok(all) }
    }

    /// The same for many deliveries in one transaction. Blank ones are passed over.
    ///
    /// # Errors
    /// As [`Feeds::receive`]; nothing of them all was kept then.
    pub async fn receive_all(
        &self,
        actor: &Actor,
        source: &str,
        deliveries: Vec<Delivery>,
    ) -> Result<Vec<Received>> {
        actor.may(permissions::RECEIVE)?;
        let ready = self.ready(deliveries).await?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let source = sources::named(&mut tx, source, SourceKind::Messages, now).await?;
        let received = keep(&mut tx, source, ready, None, now).await?;
        self.enqueue_processing(&mut tx).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(received)
    }

    /// The same for a source that is there; the caller commits, with what belongs to it.
    pub(crate) async fn receive_in(&self, source: Uuid, deliveries: Vec<Delivery>) -> Result<Tx> {
        let ready = self.ready(deliveries).await?;
        let mut tx = self.db().begin().await?;
        if !ready.is_empty() {
            keep(&mut tx, source, ready, None, self.now()).await?;
            self.enqueue_processing(&mut tx).await?;
        }
        Ok(tx)
    }

    /// Cuts, hashes, packs and reads on a thread where that may take its time.
    pub(super) async fn ready(&self, deliveries: Vec<Delivery>) -> Result<Vec<Ready>> {
        if deliveries.iter().any(|one| one.bytes.len() > raw::LONGEST) {
            return Err(Error::LongMessage(raw::LONGEST as u64));
        }
        let (vault, now) = (self.access().vault().clone(), self.now());
        let work = move || {
            let mut ready = Vec::new();
            for delivery in deliveries {
                let pieces = look::cut(&delivery.bytes);
                let (name, as_of) = (delivery.name, delivery.as_of);
                drop(delivery.bytes);
                for piece in pieces {
                    // A microsecond apart, so that they stay in the order they came in.
                    let step = i64::try_from(ready.len()).unwrap_or(0);
                    let at = now + Duration::microseconds(step);
                    ready.push(prepare(&vault, &piece, &name, as_of, at)?);
                }
            }
            Ok(ready)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Reader)?
    }
}

fn prepare(
    vault: &access::Vault,
    piece: &Piece,
    name: &str,
    as_of: Option<chrono::NaiveDate>,
    received_at: DateTime<Utc>,
) -> Result<Ready> {
    let sha256 = Sha256::digest(&piece.bytes).to_vec();
    let looked = look::look(&piece.bytes, received_at, as_of);
    let kept = raw::pack(vault, looked.kind, &piece.bytes)?;
    let name = name.chars().take(200).collect();
    let (bytes, cards) = (piece.bytes.len(), piece.cards);
    Ok(Ready { looked, kept, sha256, bytes, cards, name, as_of, received_at })
}

const COLUMNS: &[Col] = &[
    Col::uuid("id"),
    Col::uuid("source_id"),
    Col::text("name"),
    Col::bytes("sha256"),
    Col::bytes("dedup"),
    Col::bytes("raw"),
    Col::bool("sealed"),
    Col::i64("bytes"),
    Col::i64("cards"),
    Col::time("received_at"),
    Col::i64("hour"),
    Col::time("said_at"),
    Col::date("as_of"),
    Col::text("kind"),
    Col::text("carrier"),
    Col::text("flight_number"),
    Col::date("flight_date"),
    Col::text("board"),
    Col::text("lane"),
    Col::i64("part"),
    Col::bool("is_last"),
    Col::bool("is_cut"),
    Col::text("list_key"),
    Col::text("status"),
    Col::bool("partial"),
    Col::text("reason"),
    Col::i64("errors"),
    Col::i64("warnings"),
    Col::i64("notes"),
    Col::json("codes"),
    Col::i64("people"),
    Col::i64("facts_read"),
    Col::i64("facts_changed"),
    Col::json("refused"),
    Col::i64("attempts"),
    Col::time("settled_at"),
    Col::i64("repeats"),
    Col::uuid("original_id"),
    Col::uuid("changed_by"),
];

/// An edited text: of which message, by whom.
pub(super) type Edited = (Uuid, Uuid);

/// Writes messages down; those that were here before are counted on the first of them.
pub(super) async fn keep(
    tx: &mut Tx,
    source: Uuid,
    ready: Vec<Ready>,
    edited: Option<Edited>,
    now: DateTime<Utc>,
) -> Result<Vec<Received>> {
    let newest = ready.iter().map(|one| one.looked.said_at).max();
    let mut keys = Vec::with_capacity(ready.len());
    let mut rows = Vec::with_capacity(ready.len());
    for one in ready {
        let id = kernel::ids::v7(one.received_at);
        keys.push((one.looked.dedup.clone(), id));
        rows.push(row(id, source, one, edited));
    }
    tx.bulk("feed_message", COLUMNS, rows, "ON CONFLICT (dedup) DO NOTHING").await?;
    let asked = keys.iter().map(|(key, _)| vec![key.clone().into()]).collect();
    let known: Vec<(Vec<u8>, Uuid)> = tx
        .with_rows_all(
            &[Col::bytes("dedup")],
            asked,
            "SELECT m.dedup, m.id FROM feed_message m JOIN input ON input.dedup = m.dedup",
        )
        .await?;
    let known: HashMap<Vec<u8>, Uuid> = known.into_iter().collect();
    let mut repeats: HashMap<Uuid, i64> = HashMap::new();
    let mut received = Vec::with_capacity(keys.len());
    for (key, made) in &keys {
        let id = known.get(key).copied().unwrap_or(*made);
        let duplicate = id != *made;
        if duplicate {
            *repeats.entry(id).or_default() += 1;
        }
        received.push(Received { id, duplicate });
    }
    count_repeats(tx, &repeats, now).await?;
    sources::heard(tx, source, newest, now).await?;
    Ok(received)
}

async fn count_repeats(
    tx: &mut Tx,
    repeats: &HashMap<Uuid, i64>,
    now: DateTime<Utc>,
) -> Result<()> {
    let columns = [Col::uuid("id"), Col::i64("n"), Col::time("at")];
    let rows = repeats.iter().map(|(id, n)| vec![(*id).into(), (*n).into(), now.into()]).collect();
    tx.with_rows(
        &columns,
        rows,
        "UPDATE feed_message SET repeats = repeats + input.n, repeated_at = input.at
         FROM input WHERE feed_message.id = input.id",
    )
    .await?;
    Ok(())
}

fn row(id: Uuid, source: Uuid, one: Ready, edited: Option<Edited>) -> Vec<Value> {
    let looked = one.looked;
    let status = status_of(&looked);
    let count = |n: u64| Value::Int(Some(i64::try_from(n).unwrap_or(i64::MAX)));
    let (carrier, number, date, board) = match looked.flight {
        Some(of) => (of.carrier, of.number, Some(of.date), of.board),
        None => (String::new(), String::new(), None, String::new()),
    };
    let settled = (status == Status::Quarantined).then_some(one.received_at);
    let part = looked.list.as_ref().map(|list| i64::from(list.part));
    vec![
        id.into(),
        source.into(),
        one.name.into(),
        one.sha256.into(),
        looked.dedup.into(),
        one.kept.raw.into(),
        one.kept.sealed.into(),
        count(one.bytes as u64),
        count(one.cards as u64),
        one.received_at.into(),
        one.received_at.timestamp().div_euclid(3_600).into(),
        looked.said_at.into(),
        one.as_of.into(),
        looked.kind.name().into(),
        carrier.into(),
        number.into(),
        date.into(),
        board.into(),
        looked.lane.into(),
        part.into(),
        looked.list.as_ref().is_none_or(|list| list.is_last).into(),
        looked.list.as_ref().is_some_and(|list| list.is_cut).into(),
        looked.list.map(|list| list.key).into(),
        status.as_str().into(),
        looked.partial.into(),
        looked.refused.map(str::to_owned).into(),
        count(looked.found[0]),
        count(looked.found[1]),
        count(looked.found[2]),
        json!(looked.codes).into(),
        count(looked.people as u64),
        0_i64.into(),
        0_i64.into(),
        json!([]).into(),
        0_i64.into(),
        settled.into(),
        0_i64.into(),
        edited.map(|(original, _)| original).into(),
        edited.map(|(_, by)| by).into(),
    ]
}

/// Where a message stands once it has been looked at.
pub(super) fn status_of(looked: &Looked) -> Status {
    match (looked.refused, &looked.list) {
        (Some(_), _) => Status::Quarantined,
        (None, Some(_)) => Status::Buffered,
        (None, None) => Status::Waiting,
    }
}
