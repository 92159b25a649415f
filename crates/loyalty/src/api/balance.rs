use axum::Json;
use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::shape::AccountOut;
use super::{Rooms, named};
use crate::{Error, permissions};

/// The moments asked about.
#[derive(Deserialize)]
pub(super) struct When {
    effective_at: Option<DateTime<Utc>>,
    known_at: Option<DateTime<Utc>>,
}

/// A balance.
#[derive(Serialize, ToSchema)]
pub(super) struct BalanceOut {
    account: AccountOut,
    /// What can be spent today.
    available: i64,
    /// True at `effective_at`, by what was known at `known_at`.
    balance: i64,
    effective_at: DateTime<Utc>,
    known_at: DateTime<Utc>,
}

/// Read a balance, now or in the past
///
/// `effective_at` is the moment it is true of, `known_at` that of the knowledge: a flight of March
/// credited in May changes the balance effective in March, as known from May on. Both are now when
/// left out.
#[utoipa::path(get, path = "/api/v1/ledger/accounts/{id}/balance", tag = "ledger",
    params(("id" = uuid::Uuid, Path), ("effective_at" = Option<String>, Query),
        ("known_at" = Option<String>, Query)),
    responses((status = 200, body = BalanceOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn balance(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Query(when): Query<When>,
) -> Result<Json<BalanceOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let (ledger, now) = (rooms.loyalty.ledger(), rooms.loyalty.now());
    let mut tx = rooms.loyalty.db().read().await?;
    let id = named(&id, "account")?;
    let account = ledger.account(&mut tx, id).await?.ok_or(Error::NotFound("account"))?;
    let effective_at = when.effective_at.unwrap_or(now);
    let known_at = when.known_at.unwrap_or(now);
    let balance = ledger.balance_at(&mut tx, id, effective_at, known_at).await?;
    let available = ledger.available(&mut tx, id).await?;
    let account = AccountOut::from(&account);
    Ok(Json(BalanceOut { account, available, balance, effective_at, known_at }))
}
