use chrono::{DateTime, Utc};
use kernel::Uuid;
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};

use super::model::{ApiKey, NewKey, Token};
use crate::{ApiKeyId, Result, UserId, random};

const COLUMNS: &str = "SELECT k.id, k.user_id, u.name AS owner_name, k.name, k.prefix, k.scopes,
    k.created_at, k.expires_at, k.last_used_at, k.revoked_at
    FROM access_api_key k JOIN access_user u ON u.id = k.user_id";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    owner_name: String,
    name: String,
    prefix: String,
    scopes: Json<Vec<String>>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl Row {
    fn key(self) -> ApiKey {
        ApiKey {
            id: self.id.into(),
            owner: self.user_id.into(),
            owner_name: self.owner_name,
            name: self.name,
            prefix: format!("jb_{}", self.prefix),
            scopes: self.scopes.0,
            created_at: self.created_at,
            expires_at: self.expires_at,
            last_used_at: self.last_used_at,
            revoked_at: self.revoked_at,
        }
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    owner: UserId,
    new: &NewKey,
    token: &Token,
    at: DateTime<Utc>,
) -> Result<ApiKeyId> {
    let id = ApiKeyId::new(at);
    let scopes: serde_json::Value = new.scopes.iter().map(String::as_str).collect();
    tx.exec(
        sql("INSERT INTO access_api_key (id, user_id, name, prefix, secret_hash, scopes,
                 created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(id.uuid())
        .bind(owner.uuid())
        .bind(&new.name)
        .bind(&token.prefix)
        .bind(random::hash(&token.secret))
        .bind(scopes)
        .bind(at)
        .bind(new.expires_at),
    )
    .await?;
    Ok(id)
}

pub(super) async fn by_id(tx: &mut Tx, id: ApiKeyId) -> Result<Option<ApiKey>> {
    let mut find = SqlBuilder::new(COLUMNS);
    find.push(" WHERE k.id = ").bind(id.uuid());
    Ok(tx.maybe::<Row>(find.build()).await?.map(Row::key))
}

/// Keys of one user, or of everybody, the newest first; also those that open nothing any more.
pub(super) async fn list(tx: &mut Tx, of: Option<UserId>) -> Result<Vec<ApiKey>> {
    let mut list = SqlBuilder::new(COLUMNS);
    if let Some(owner) = of {
        list.push(" WHERE k.user_id = ").bind(owner.uuid());
    }
    list.push(" ORDER BY k.created_at DESC, k.id DESC LIMIT 1000");
    Ok(tx.all::<Row>(list.build()).await?.into_iter().map(Row::key).collect())
}

pub(super) async fn living(tx: &mut Tx, owner: UserId, now: DateTime<Utc>) -> Result<i64> {
    let count = tx
        .value(
            sql("SELECT COUNT(*) FROM access_api_key
                 WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2")
            .bind(owner.uuid())
            .bind(now),
        )
        .await?;
    Ok(count)
}

/// Takes a key back; whether it had not been taken back before.
pub(super) async fn revoke(tx: &mut Tx, id: ApiKeyId, at: DateTime<Utc>) -> Result<bool> {
    let revoked = tx
        .exec(
            sql("UPDATE access_api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
                .bind(id.uuid())
                .bind(at),
        )
        .await?;
    Ok(revoked == 1)
}

/// A key that may open, with its owner.
#[derive(sqlx::FromRow)]
pub(super) struct Found {
    pub id: Uuid,
    pub user_id: Uuid,
    pub secret_hash: Vec<u8>,
    pub scopes: Json<Vec<String>>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub name: String,
    pub roles: Json<serde_json::Value>,
}

pub(super) async fn opening(
    tx: &mut Tx,
    prefix: &str,
    now: DateTime<Utc>,
) -> Result<Option<Found>> {
    let found = tx
        .maybe(
            sql("SELECT k.id, k.user_id, k.secret_hash, k.scopes, k.last_used_at, u.name, u.roles
                 FROM access_api_key k JOIN access_user u ON u.id = k.user_id
                 WHERE k.prefix = $1 AND k.revoked_at IS NULL AND k.expires_at > $2
                     AND u.disabled_at IS NULL")
            .bind(prefix)
            .bind(now),
        )
        .await?;
    Ok(found)
}

pub(super) async fn touch(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    tx.exec(sql("UPDATE access_api_key SET last_used_at = $2 WHERE id = $1").bind(id).bind(at))
        .await?;
    Ok(())
}
