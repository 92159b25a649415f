use chrono::{DateTime, Utc};
use kernel::Uuid;
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};

use super::Origin;
use crate::{Result, SessionId, UserId};

/// A session with its user, in one reading.
#[derive(sqlx::FromRow)]
pub(super) struct Found {
    pub id: Uuid,
    pub user_id: Uuid,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub email: String,
    pub name: String,
    pub roles: Json<serde_json::Value>,
    pub preferences: Json<serde_json::Value>,
    pub must_change: bool,
    pub two_factor: bool,
}

pub(super) async fn by_token(tx: &mut Tx, token_hash: Vec<u8>) -> Result<Option<Found>> {
    let found = tx
        .maybe(
            sql("SELECT s.id, s.user_id, s.created_at, s.last_seen_at, s.expires_at, u.email,
                     u.name, u.roles, u.preferences, u.must_change,
                     u.totp_secret IS NOT NULL AS two_factor
                 FROM access_session s JOIN access_user u ON u.id = s.user_id
                 WHERE s.token_hash = $1 AND u.disabled_at IS NULL")
            .bind(token_hash),
        )
        .await?;
    Ok(found)
}

/// What a new session begins with.
pub(super) struct Start {
    pub user: UserId,
    pub token_hash: Vec<u8>,
    pub at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

pub(super) async fn insert(tx: &mut Tx, start: Start, origin: &Origin) -> Result<SessionId> {
    let id = SessionId::new(start.at);
    tx.exec(
        sql("INSERT INTO access_session (id, user_id, token_hash, address, agent, created_at,
                 last_seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7)")
        .bind(id.uuid())
        .bind(start.user.uuid())
        .bind(start.token_hash)
        .bind(origin.address())
        .bind(origin.agent())
        .bind(start.at)
        .bind(start.expires_at),
    )
    .await?;
    Ok(id)
}

pub(super) async fn touch(tx: &mut Tx, id: SessionId, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql("UPDATE access_session SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2")
            .bind(id.uuid())
            .bind(at),
    )
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub(super) struct Listed {
    pub id: Uuid,
    pub user_id: Uuid,
    pub address: String,
    pub agent: String,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Living sessions of one user, or of everybody, the latest first.
pub(super) async fn living(
    tx: &mut Tx,
    user: Option<UserId>,
    now: DateTime<Utc>,
    seen_after: DateTime<Utc>,
) -> Result<Vec<Listed>> {
    let mut list = SqlBuilder::new(
        "SELECT id, user_id, address, agent, created_at, last_seen_at, expires_at
         FROM access_session WHERE expires_at > ",
    );
    list.bind(now).push(" AND last_seen_at > ").bind(seen_after);
    if let Some(user) = user {
        list.push(" AND user_id = ").bind(user.uuid());
    }
    list.push(" ORDER BY last_seen_at DESC, id DESC LIMIT 1000");
    Ok(tx.all(list.build()).await?)
}

pub(super) async fn user_of(tx: &mut Tx, id: SessionId) -> Result<Option<UserId>> {
    let user: Option<Uuid> = tx
        .value_maybe(sql("SELECT user_id FROM access_session WHERE id = $1").bind(id.uuid()))
        .await?;
    Ok(user.map(UserId::from))
}

/// Ends one session; whether it was there.
pub(super) async fn end(tx: &mut Tx, id: SessionId) -> Result<bool> {
    let ended = tx.exec(sql("DELETE FROM access_session WHERE id = $1").bind(id.uuid())).await?;
    Ok(ended == 1)
}

/// Ends a user's sessions and half sign-ins but for `except`; how many sessions.
pub(crate) async fn end_all(tx: &mut Tx, user: UserId, except: Option<SessionId>) -> Result<u64> {
    tx.exec(sql("DELETE FROM access_ticket WHERE user_id = $1").bind(user.uuid())).await?;
    let mut list = SqlBuilder::new("DELETE FROM access_session WHERE user_id = ");
    list.bind(user.uuid());
    if let Some(except) = except {
        list.push(" AND id <> ").bind(except.uuid());
    }
    Ok(tx.exec(list.build()).await?)
}

/// Sweeps out what has ended.
pub(super) async fn sweep(
    tx: &mut Tx,
    now: DateTime<Utc>,
    throttled_before: DateTime<Utc>,
) -> Result<()> {
    tx.exec(sql("DELETE FROM access_session WHERE expires_at <= $1").bind(now)).await?;
    tx.exec(sql("DELETE FROM access_ticket WHERE expires_at <= $1").bind(now)).await?;
    tx.exec(sql("DELETE FROM access_throttle WHERE since <= $1").bind(throttled_before)).await?;
    Ok(())
}
