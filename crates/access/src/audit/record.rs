use chrono::{DateTime, Utc};
use sqlx::types::Json;
use store::{Tx, sql};

use super::chain::Row;
use super::{Details, Target};
use crate::actor::{Actor, ActorKind};
use crate::{Access, Result};

#[derive(sqlx::FromRow)]
struct Head {
    seq: i64,
    hash: Vec<u8>,
}

/// Adds a row to the trail, in the transaction that does the thing. From here to the commit no
/// other transaction can add one: make it the last write. Returns the row's number.
///
/// # Errors
/// When the database fails; the thing must not be done then.
pub async fn record(
    tx: &mut Tx,
    now: DateTime<Utc>,
    actor: &Actor,
    action: &'static str,
    target: &Target,
    details: Details,
) -> Result<i64> {
    // The update waits for whoever holds the head and then sees what they left: one chain.
    let head: Head = tx
        .one(sql("UPDATE access_audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash"))
        .await?;
    let mut row = Row {
        seq: head.seq,
        at: now,
        action: action.to_owned(),
        actor_kind: actor.kind.as_str().to_owned(),
        actor_id: actor.id,
        actor_key: actor.key.map(crate::ApiKeyId::uuid),
        // A person is found by identity; only jobs have no other name.
        actor_name: match actor.kind {
            ActorKind::System => actor.name.clone(),
            ActorKind::Staff | ActorKind::ApiKey | ActorKind::Member => String::new(),
        },
        target_kind: target.kind().to_owned(),
        target_id: target.id().to_owned(),
        details: Json(details.into_value()),
        prev_hash: head.hash,
        hash: Vec::new(),
    };
    row.hash = row.expected_hash();
    let (seq, hash) = (row.seq, row.hash.clone());
    insert(tx, row).await?;
    tx.exec(sql("UPDATE access_audit_head SET hash = $1 WHERE id = 1").bind(hash)).await?;
    Ok(seq)
}

async fn insert(tx: &mut Tx, row: Row) -> Result<()> {
    tx.exec(
        sql("INSERT INTO access_audit (seq, at, action, actor_kind, actor_id, actor_key,
                 actor_name, target_kind, target_id, details, prev_hash, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(row.seq)
        .bind(row.at)
        .bind(row.action)
        .bind(row.actor_kind)
        .bind(row.actor_id)
        .bind(row.actor_key)
        .bind(row.actor_name)
        .bind(row.target_kind)
        .bind(row.target_id)
        .bind(row.details.0)
        .bind(row.prev_hash)
        .bind(row.hash),
    )
    .await?;
    Ok(())
}

impl Access {
    /// [`record`] at this moment.
    ///
    /// # Errors
    /// As [`record`].
    pub async fn record(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: &'static str,
        target: &Target,
        details: Details,
    ) -> Result<i64> {
        record(tx, self.now(), actor, action, target, details).await
    }
}
