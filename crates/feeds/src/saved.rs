//! Mappings people saved, by name, and the one used last for a file with the same columns.

use access::Actor;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use store::{Tx, sql};

use crate::mapping::{Mapping, shipped, shipped_names};
use crate::{Error, Feeds, Result, permissions};

/// A mapping as it is listed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Listed {
    /// The mapping.
    pub mapping: Mapping,
    /// It comes with the program.
    pub shipped: bool,
    /// Counts saves; 0 for shipped ones.
    pub version: i64,
    /// When it was saved last.
    pub saved_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct SavedRow {
    mapping: Json<Mapping>,
    version: i64,
    saved_at: DateTime<Utc>,
}

/// Fingerprint of a file's columns, whatever their order.
fn header_key(header: &[String]) -> String {
    let mut names: Vec<&str> = header.iter().map(String::as_str).collect();
    names.sort_unstable();
    hex::encode(&Sha256::digest(names.join("\u{1f}"))[..16])
}

pub(crate) async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Mapping>> {
    let found: Option<Json<Mapping>> =
        tx.value_maybe(sql("SELECT mapping FROM feed_mapping WHERE name = $1").bind(name)).await?;
    Ok(found.map(|json| json.0))
}

pub(crate) async fn of_header(tx: &mut Tx, header: &[String]) -> Result<Option<Mapping>> {
    let found: Option<Json<Mapping>> = tx
        .value_maybe(
            sql("SELECT mapping FROM feed_mapping WHERE header_key = $1
                 ORDER BY saved_at DESC LIMIT 1")
            .bind(header_key(header)),
        )
        .await?;
    Ok(found.map(|json| json.0))
}

impl Feeds {
    /// All mappings: shipped ones, then saved ones by name.
    ///
    /// # Errors
    /// Denied, or the database failed.
    pub async fn mappings(&self, actor: &Actor) -> Result<Vec<Listed>> {
        actor.may(permissions::READ)?;
        let shipped = shipped_names().filter_map(shipped).map(|mapping| Listed {
            mapping,
            shipped: true,
            version: 0,
            saved_at: None,
        });
        let mut all: Vec<Listed> = shipped.collect();
        let mut tx = self.db().read().await?;
        let saved: Vec<SavedRow> = tx
            .all(sql("SELECT mapping, version, saved_at FROM feed_mapping ORDER BY name"))
            .await?;
        all.extend(saved.into_iter().map(|row| Listed {
            mapping: row.mapping.0,
            shipped: false,
            version: row.version,
            saved_at: Some(row.saved_at),
        }));
        Ok(all)
    }

    /// Saves `mapping` under its name, over an earlier one of that name. `header` are the columns of
    /// the file it was made for, if there was one.
    ///
    /// # Errors
    /// Denied; [`Error::ShippedMapping`] for the name of a shipped one; the mapping is not sound.
    pub async fn save_mapping(
        &self,
        actor: &Actor,
        mapping: &Mapping,
        header: &[String],
    ) -> Result<i64> {
        actor.may(permissions::IMPORT)?;
        mapping.check()?;
        if shipped(&mapping.name).is_some() {
            return Err(Error::ShippedMapping(mapping.name.clone()));
        }
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let version: i64 = tx
            .value(
                sql("INSERT INTO feed_mapping (id, name, kind, header_key, mapping, version,
                        saved_by, saved_at) VALUES ($1, $2, $3, $4, $5, 1, $6, $7)
                     ON CONFLICT (name) DO UPDATE SET kind = EXCLUDED.kind,
                        header_key = EXCLUDED.header_key, mapping = EXCLUDED.mapping,
                        version = feed_mapping.version + 1, saved_by = EXCLUDED.saved_by,
                        saved_at = EXCLUDED.saved_at
                     RETURNING version")
                .bind(kernel::ids::v7(now))
                .bind(&mapping.name)
                .bind(mapping.kind.as_str())
                .bind(header_key(header))
                .bind(serde_json::to_value(mapping)?)
                .bind(actor.id)
                .bind(now),
            )
            .await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Deletes a saved mapping. Imports keep the copy they used.
    ///
    /// # Errors
    /// Denied; [`Error::ShippedMapping`]; [`Error::NoMapping`].
    pub async fn delete_mapping(&self, actor: &Actor, name: &str) -> Result<()> {
        actor.may(permissions::IMPORT)?;
        if shipped(name).is_some() {
            return Err(Error::ShippedMapping(name.to_owned()));
        }
        let mut tx = self.db().begin().await?;
        let gone = tx.exec(sql("DELETE FROM feed_mapping WHERE name = $1").bind(name)).await?;
        tx.commit().await?;
        if gone == 0 { Err(Error::NoMapping(name.to_owned())) } else { Ok(()) }
    }
}
