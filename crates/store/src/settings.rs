//! Small values an operator or a job keeps: JSON objects by key.

use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::types::Json;

use crate::{Result, Tx, sql};

/// The value under `key`, or `None`. The stored JSON must fit `T`.
pub async fn get<T: DeserializeOwned>(tx: &mut Tx, key: &str) -> Result<Option<T>> {
    let found: Option<Json<serde_json::Value>> =
        tx.value_maybe(sql("SELECT value FROM setting WHERE key = $1").bind(key)).await?;
    Ok(found.map(|Json(value)| serde_json::from_value(value)).transpose()?)
}

/// Puts `value`, which must serialise to an object or an array, under `key`.
pub async fn put<T: Serialize>(
    tx: &mut Tx,
    key: &str,
    value: &T,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.exec(
        sql("INSERT INTO setting (key, value, changed_at) VALUES ($1, $2, $3)
             ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, changed_at = EXCLUDED.changed_at")
            .bind(key)
            .bind(serde_json::to_value(value)?)
            .bind(now),
    )
    .await?;
    Ok(())
}
