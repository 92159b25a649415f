//! The history of a profile: who changed which fields, and what was there before, so that a change
//! can be explained to the next editor and taken back for 30 days.

use access::{Actor, ActorKind};
use chrono::{DateTime, Utc};
use kernel::ids;
use serde_json::{Map, Value as Json};
use sqlx::types::Json as Column;
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use crate::contacts::Sealed;
use crate::error::{ChangedBy, Result};
use crate::model::CustomerId;

/// Days during which an import or a bulk action can be taken back.
pub const UNDO_DAYS: i64 = 30;

/// One change, to be written.
pub(crate) struct Change {
    pub customer: CustomerId,
    /// The version after the change.
    pub version: i64,
    pub fields: Vec<&'static str>,
    /// The changed fields as they were; contacts and documents stay sealed.
    pub before: Map<String, Json>,
}

/// Who makes changes: a person, or an import or bulk action on their behalf.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Author<'a> {
    pub kind: &'a str,
    pub id: Option<Uuid>,
    pub batch: Option<Uuid>,
}

impl<'a> Author<'a> {
    pub fn of(actor: &'a Actor) -> Self {
        let kind = match actor.kind {
            ActorKind::Staff => "staff",
            ActorKind::ApiKey => "api-key",
            ActorKind::System => "system",
            ActorKind::Member => "member",
        };
        let id = (actor.kind != ActorKind::System).then_some(actor.id);
        Self { kind, id, batch: None }
    }

    pub fn import(import: Uuid) -> Self {
        Self { kind: "import", id: None, batch: Some(import) }
    }
}

const COLUMNS: &[Col] = &[
    Col::uuid("id"),
    Col::uuid("customer_id"),
    Col::i64("version"),
    Col::time("at"),
    Col::text("actor_kind"),
    Col::uuid("actor_id"),
    Col::uuid("batch_id"),
    Col::json("fields"),
    Col::json("before"),
];

/// Writes changes down.
pub(crate) async fn write(
    tx: &mut Tx,
    author: Author<'_>,
    at: DateTime<Utc>,
    changes: Vec<Change>,
) -> store::Result<()> {
    let rows: Vec<Vec<Value>> = changes
        .into_iter()
        .map(|change| {
            vec![
                ids::v7(at).into(),
                change.customer.uuid().into(),
                change.version.into(),
                at.into(),
                author.kind.into(),
                author.id.into(),
                author.batch.into(),
                Json::from(change.fields).into(),
                Json::Object(change.before).into(),
            ]
        })
        .collect();
    tx.bulk("customer_change", COLUMNS, rows, "").await?;
    Ok(())
}

/// Sealed values as kept in `before`.
pub(crate) fn sealed_json(values: &[Sealed]) -> Result<Json> {
    Ok(serde_json::to_value(values)?)
}

/// One change as read back.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Kept {
    pub id: Uuid,
    pub customer_id: Uuid,
    pub version: i64,
    pub at: DateTime<Utc>,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub fields: Column<Vec<String>>,
    pub before: Column<Map<String, Json>>,
}

/// What happened to a profile after `version`, for the conflict message.
pub(crate) async fn since(
    tx: &mut Tx,
    access: &access::Access,
    customer: CustomerId,
    version: i64,
    now_at: i64,
) -> Result<ChangedBy> {
    let kept: Vec<Kept> = tx
        .all(
            sql("SELECT id, customer_id, version, at, actor_kind, actor_id, fields, before
                 FROM customer_change WHERE customer_id = $1 AND version > $2
                 ORDER BY version DESC, id DESC LIMIT 50")
            .bind(customer.uuid())
            .bind(version),
        )
        .await?;
    let mut fields: Vec<String> = Vec::new();
    for field in kept.iter().flat_map(|change| change.fields.0.iter()) {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    let last = kept.first();
    let who = match last.and_then(|change| change.actor_id) {
        Some(id) => access.names(&[id]).await?.remove(&id).unwrap_or_default(),
        None => last.map_or(String::new(), |change| change.actor_kind.clone()),
    };
    let at = last.map_or(String::new(), |change| change.at.to_rfc3339());
    Ok(ChangedBy { who, fields, at, version: now_at })
}

/// The changes of a customer, newest first, older than `before`.
pub(crate) async fn of(
    tx: &mut Tx,
    customer: CustomerId,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Kept>> {
    let mut query = store::SqlBuilder::new(
        "SELECT id, customer_id, version, at, actor_kind, actor_id, fields, before
         FROM customer_change WHERE customer_id = ",
    );
    query.bind(customer.uuid());
    if let Some((at, id)) = before {
        query.push(" AND (at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY at DESC, id DESC LIMIT ").bind(limit);
    Ok(tx.all(query.build()).await?)
}

/// Changes of an import or bulk action, any order.
pub(crate) async fn of_batch(tx: &mut Tx, batch: Uuid, limit: i64) -> Result<Vec<Kept>> {
    Ok(tx
        .all(
            sql("SELECT id, customer_id, version, at, actor_kind, actor_id, fields, before
                 FROM customer_change WHERE batch_id = $1
                 ORDER BY version DESC, id DESC LIMIT $2")
            .bind(batch)
            .bind(limit),
        )
        .await?)
}

/// Changes that were taken back disappear.
pub(crate) async fn drop_rows(tx: &mut Tx, ids: Vec<Vec<Value>>) -> store::Result<()> {
    let statement = "DELETE FROM customer_change WHERE id IN (SELECT id FROM input)";
    tx.with_rows(&[Col::uuid("id")], ids, statement).await?;
    Ok(())
}

/// Changes that stay, because something happened since, lose their tie to the batch.
pub(crate) async fn untie_rows(tx: &mut Tx, ids: Vec<Vec<Value>>) -> store::Result<()> {
    let statement = "UPDATE customer_change SET batch_id = NULL WHERE id IN (SELECT id FROM input)";
    tx.with_rows(&[Col::uuid("id")], ids, statement).await?;
    Ok(())
}
