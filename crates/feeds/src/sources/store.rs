//! The SQL of sources.

use chrono::{DateTime, Utc};
use serde_json::json;
use store::{Tx, sql};
use uuid::Uuid;

use super::Kind;
use crate::{Error, Result};

/// The source of that name, made if there is none.
pub(crate) async fn named(tx: &mut Tx, name: &str, kind: Kind, now: DateTime<Utc>) -> Result<Uuid> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 60 || !name.bytes().all(fits) {
        return Err(Error::SourceName);
    }
    let known = sql("SELECT id FROM feed_source WHERE name = $1").bind(name);
    if let Some(id) = tx.value_maybe(known.clone()).await? {
        return Ok(id);
    }
    tx.exec(
        sql("INSERT INTO feed_source (id, name, kind, title, config, active, created_at)
             VALUES ($1, $2, $3, '', $4, TRUE, $5) ON CONFLICT (name) DO NOTHING")
        .bind(kernel::ids::v7(now))
        .bind(name)
        .bind(kind.as_str())
        .bind(json!({}))
        .bind(now),
    )
    .await?;
    Ok(tx.value(known).await?)
}

/// Something came in from the source.
pub(crate) async fn heard(
    tx: &mut Tx,
    source: Uuid,
    said_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.exec(
        sql("UPDATE feed_source SET received_at = $2, silent_since = NULL,
                said_at = CASE WHEN said_at IS NULL OR said_at < $3 THEN $3 ELSE said_at END
             WHERE id = $1")
        .bind(source)
        .bind(now)
        .bind(said_at),
    )
    .await?;
    Ok(())
}
