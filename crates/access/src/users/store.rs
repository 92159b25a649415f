use chrono::{DateTime, Utc};
use kernel::{Personal, Uuid};
use sqlx::types::Json;
use store::{Tx, sql};

use super::model::{NewUser, Preferences, User, UserState};
use crate::{Error, Result, Role, UserId};

/// A user as the tables keep them.
#[derive(Clone, sqlx::FromRow)]
pub(crate) struct UserRow {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub roles: Json<serde_json::Value>,
    pub password_hash: String,
    pub totp_secret: Option<Vec<u8>>,
    pub totp_pending: Option<Vec<u8>>,
    pub totp_since: Option<DateTime<Utc>>,
    pub disabled_at: Option<DateTime<Utc>>,
    pub last_sign_in_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub version: i64,
}

/// Roles this program does not know give nothing.
pub(crate) fn roles_of(value: &serde_json::Value) -> Vec<Role> {
    let names = value.as_array().map(Vec::as_slice).unwrap_or_default();
    names.iter().filter_map(|name| name.as_str()?.parse().ok()).collect()
}

impl UserRow {
    pub(crate) fn id(&self) -> UserId {
        self.id.into()
    }

    pub(super) fn user(self) -> User {
        User {
            id: self.id.into(),
            roles: roles_of(&self.roles.0),
            state: match (self.disabled_at, self.last_sign_in_at) {
                (Some(_), _) => UserState::Disabled,
                (None, None) => UserState::Invited,
                (None, Some(_)) => UserState::Active,
            },
            two_factor: self.totp_secret.is_some(),
            created_at: self.created_at,
            last_sign_in_at: self.last_sign_in_at,
            version: self.version,
            email: Personal::new(self.email),
            name: Personal::new(self.name),
        }
    }
}

pub(crate) async fn by_id(tx: &mut Tx, id: UserId) -> Result<Option<UserRow>> {
    Ok(tx.maybe(sql("SELECT * FROM access_user WHERE id = $1").bind(id.uuid())).await?)
}

pub(crate) async fn by_email(tx: &mut Tx, email: &str) -> Result<Option<UserRow>> {
    Ok(tx.maybe(sql("SELECT * FROM access_user WHERE email = $1").bind(email)).await?)
}

/// What a new row begins with.
pub(super) struct Start {
    pub password_hash: String,
    pub must_change: bool,
    pub at: DateTime<Utc>,
}

pub(super) async fn insert(tx: &mut Tx, new: &NewUser, start: Start) -> Result<UserId> {
    let id = UserId::new(start.at);
    let preferences = serde_json::to_value(Preferences::default()).map_err(store::Error::from)?;
    tx.exec(
        sql("INSERT INTO access_user (id, email, name, roles, preferences, password_hash,
                 must_change, created_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)")
        .bind(id.uuid())
        .bind(&new.email)
        .bind(&new.name)
        .bind(roles_json(&new.roles))
        .bind(preferences)
        .bind(start.password_hash)
        .bind(start.must_change)
        .bind(start.at),
    )
    .await
    .map_err(taken)?;
    Ok(id)
}

/// Changes the row if it still has `version`; whether it had.
pub(super) async fn update(tx: &mut Tx, id: UserId, version: i64, to: &NewUser) -> Result<bool> {
    let changed = tx
        .exec(
            sql("UPDATE access_user SET email = $3, name = $4, roles = $5, version = version + 1
                 WHERE id = $1 AND version = $2")
            .bind(id.uuid())
            .bind(version)
            .bind(&to.email)
            .bind(&to.name)
            .bind(roles_json(&to.roles)),
        )
        .await
        .map_err(taken)?;
    Ok(changed == 1)
}

/// Disables (with a moment) or enables (without); whether anything changed.
pub(super) async fn set_disabled(
    tx: &mut Tx,
    id: UserId,
    at: Option<DateTime<Utc>>,
) -> Result<bool> {
    let changed = tx
        .exec(
            sql("UPDATE access_user SET disabled_at = $2, version = version + 1
                 WHERE id = $1 AND (disabled_at IS NULL) = $3")
            .bind(id.uuid())
            .bind(at)
            .bind(at.is_some()),
        )
        .await?;
    Ok(changed == 1)
}

/// Sets a password in the place of the one behind `old`; whether that was still the one.
pub(super) async fn set_password(
    tx: &mut Tx,
    user: &UserRow,
    hash: String,
    must_change: bool,
) -> Result<bool> {
    let changed = tx
        .exec(
            sql("UPDATE access_user
                 SET password_hash = $3, must_change = $4, version = version + 1
                 WHERE id = $1 AND password_hash = $2")
            .bind(user.id)
            .bind(&user.password_hash)
            .bind(hash)
            .bind(must_change),
        )
        .await?;
    Ok(changed == 1)
}

pub(super) async fn set_preferences(tx: &mut Tx, id: UserId, to: &Preferences) -> Result<()> {
    let value = serde_json::to_value(to).map_err(store::Error::from)?;
    tx.exec(
        sql("UPDATE access_user SET preferences = $2 WHERE id = $1").bind(id.uuid()).bind(value),
    )
    .await?;
    Ok(())
}

pub(super) async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(tx.value(sql("SELECT COUNT(*) FROM access_user")).await?)
}

/// Administrators who can come in.
pub(super) async fn administrators(tx: &mut Tx) -> Result<i64> {
    let count = tx
        .value(
            sql("SELECT COUNT(*) FROM (SELECT CAST(roles AS TEXT) AS held FROM access_user
                     WHERE disabled_at IS NULL) able
                 WHERE lower(held) LIKE lower($1)")
            .bind(holding(Role::Administrator)),
        )
        .await?;
    Ok(count)
}

/// A pattern for the text of the roles column.
pub(super) fn holding(role: Role) -> String {
    format!("%\"{role}\"%")
}

fn roles_json(roles: &[Role]) -> serde_json::Value {
    roles.iter().map(|role| serde_json::Value::from(role.as_str())).collect()
}

fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Conflict(_) => Error::EmailTaken,
        other => other.into(),
    }
}
