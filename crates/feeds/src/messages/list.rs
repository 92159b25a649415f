//! Messages as people and programs see them.

use std::collections::BTreeMap;

use access::{Actor, Purpose, Target};
use chrono::{DateTime, NaiveDate, Utc};
use flights::MessageFact;
use kernel::page::{BadCursor, Cursor, Page};
use serde::Deserialize;
use sqlx::types::Json;
use store::SqlBuilder;
use uuid::Uuid;

use super::model::{Entry, MessageId, Refused, Status};
use crate::{Error, Feeds, Result, permissions};

const SELECT: &str = "SELECT m.id, s.name AS source, m.name, m.sha256, m.bytes, m.cards, \
    m.received_at, m.said_at, m.kind, m.carrier, m.flight_number, m.flight_date, m.board, m.part, \
    m.list_id, m.status, m.partial, m.reason, m.errors, m.warnings, m.notes, m.codes, m.people, \
    m.facts_read, m.facts_changed, m.refused, m.attempts, m.settled_at, m.repeats, m.repeated_at, \
    m.original_id, m.replaced_by FROM feed_message m JOIN feed_source s ON s.id = m.source_id";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    source: String,
    name: String,
    sha256: Vec<u8>,
    bytes: i64,
    cards: i64,
    received_at: DateTime<Utc>,
    said_at: DateTime<Utc>,
    kind: String,
    carrier: String,
    flight_number: String,
    flight_date: Option<NaiveDate>,
    board: String,
    part: Option<i64>,
    list_id: Option<Uuid>,
    status: String,
    partial: bool,
    reason: Option<String>,
    errors: i64,
    warnings: i64,
    notes: i64,
    codes: Json<BTreeMap<String, u64>>,
    people: i64,
    facts_read: i64,
    facts_changed: i64,
    refused: Json<Vec<Refused>>,
    attempts: i64,
    settled_at: Option<DateTime<Utc>>,
    repeats: i64,
    repeated_at: Option<DateTime<Utc>>,
    original_id: Option<Uuid>,
    replaced_by: Option<Uuid>,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            source: row.source,
            name: row.name,
            sha256: hex::encode(row.sha256),
            bytes: row.bytes,
            cards: row.cards,
            received_at: row.received_at,
            said_at: row.said_at,
            kind: row.kind,
            flight: row.carrier + &row.flight_number,
            flight_date: row.flight_date,
            board: row.board,
            part: row.part,
            list: row.list_id,
            status: Status::parse(&row.status).unwrap_or(Status::Waiting),
            partial: row.partial,
            reason: row.reason,
            errors: row.errors,
            warnings: row.warnings,
            notes: row.notes,
            codes: row.codes.0,
            people: row.people,
            read: row.facts_read,
            changed: row.facts_changed,
            refused: row.refused.0,
            attempts: row.attempts,
            settled_at: row.settled_at,
            repeats: row.repeats,
            repeated_at: row.repeated_at,
            original: row.original_id,
            replaced_by: row.replaced_by,
        }
    }
}

/// Which messages are asked for. Empty asks for all.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Filter {
    /// Where they stand.
    pub status: Option<Status>,
    /// `PNL`, …
    pub kind: Option<String>,
    /// Name of the source.
    pub source: Option<String>,
    /// `CA1501`.
    pub flight: Option<String>,
    /// Local day of departure.
    pub date: Option<NaiveDate>,
    /// Cursor of the page before.
    pub after: Option<String>,
    /// 1–200, 50 by default.
    pub limit: Option<i64>,
}

impl Feeds {
    /// Messages, newest first.
    ///
    /// # Errors
    /// Denied, or a cursor that is none.
    pub async fn messages(&self, actor: &Actor, filter: &Filter) -> Result<Page<Entry>> {
        actor.may(permissions::READ)?;
        let limit = filter.limit.unwrap_or(50).clamp(1, 200);
        let mut query = SqlBuilder::new(SELECT);
        query.push(" WHERE TRUE");
        if let Some(status) = filter.status {
            query.push(" AND m.status = ").bind(status.as_str());
        }
        if let Some(kind) = &filter.kind {
            query.push(" AND m.kind = ").bind(kind);
        }
        if let Some(source) = &filter.source {
            query.push(" AND s.name = ").bind(source);
        }
        if let Some(flight) = &filter.flight {
            query.push(" AND (m.carrier || m.flight_number) = ").bind(flight);
        }
        if let Some(date) = filter.date {
            query.push(" AND m.flight_date = ").bind(date);
        }
        if let Some(after) = &filter.after {
            query.push(" AND m.id < ").bind(cursor(after)?);
        }
        query.push(" ORDER BY m.id DESC LIMIT ").bind(limit + 1);
        let mut tx = self.db().read().await?;
        let rows: Vec<Row> = tx.all(query.build()).await?;
        let more = rows.len() as i64 > limit;
        let mut items: Vec<Entry> = rows.into_iter().map(Entry::from).collect();
        items.truncate(usize::try_from(limit).unwrap_or(1));
        let next = items.last().filter(|_| more);
        let next = next.map(|last| Cursor(vec![last.id.to_string().into()]).encode());
        Ok(Page { items, next, prev: None })
    }

    /// One message.
    ///
    /// # Errors
    /// Denied; [`Error::NoMessage`].
    pub async fn message(&self, actor: &Actor, id: Uuid) -> Result<Entry> {
        actor.may(permissions::READ)?;
        let mut query = SqlBuilder::new(SELECT);
        query.push(" WHERE m.id = ").bind(id);
        let mut tx = self.db().read().await?;
        let row: Row = tx.maybe(query.build()).await?.ok_or(Error::NoMessage)?;
        Ok(row.into())
    }

    /// What belongs to a message: the other parts of its list, the message it corrects, its
    /// corrections. Oldest first.
    ///
    /// # Errors
    /// Denied; the database failed.
    pub async fn related(&self, actor: &Actor, message: &Entry) -> Result<Vec<Entry>> {
        actor.may(permissions::READ)?;
        let mut query = SqlBuilder::new(SELECT);
        query.push(" WHERE m.id <> ").bind(message.id).push(" AND (m.original_id = ");
        query.bind(message.id);
        let linked = [message.original, message.replaced_by];
        query.push(" OR m.id IN ").bind_list(linked.into_iter().flatten());
        if let Some(list) = message.list {
            query.push(" OR m.list_id = ").bind(list);
        }
        query.push(") ORDER BY m.id LIMIT 200");
        let mut tx = self.db().read().await?;
        let rows: Vec<Row> = tx.all(query.build()).await?;
        Ok(rows.into_iter().map(Entry::from).collect())
    }

    /// Facts that hang on a message, at most `limit` of each kind.
    pub(crate) async fn facts_of(&self, id: Uuid, limit: i64) -> Result<Vec<MessageFact>> {
        let mut tx = self.db().read().await?;
        Ok(self.flights().facts_of_message(&mut tx, id, limit).await?)
    }

    /// The text of a message in clear, for a purpose, with a trace in the audit trail.
    ///
    /// # Errors
    /// Denied when the actor's roles do not hold the purpose; [`Error::NoMessage`].
    pub async fn reveal_message(
        &self,
        actor: &Actor,
        id: Uuid,
        purpose: Purpose,
    ) -> Result<Vec<u8>> {
        actor.may(permissions::READ)?;
        let text = self.text_of(id).await?;
        let mut tx = self.db().begin().await?;
        let target = Target::new(MessageId::KIND, MessageId::from(id));
        self.access().reveal(&mut tx, actor, purpose, &target, &["text"]).await?;
        tx.commit().await?;
        Ok(text)
    }
}

fn cursor(text: &str) -> Result<Uuid> {
    let cursor = Cursor::decode(text)?;
    let id = cursor.0.first().and_then(|value| value.as_str()).and_then(|id| id.parse().ok());
    id.ok_or(Error::Cursor(BadCursor))
}
