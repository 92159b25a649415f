use axum::Json;
use axum::extract::{Path, Query, State};
use kernel::page::{BadCursor, Cursor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::shape::TransferOut;
use super::{Rooms, named};
use crate::{Error, permissions};

/// Which page.
#[derive(Deserialize)]
pub(super) struct Which {
    before: Option<String>,
    n: Option<i64>,
}

/// A page of a statement, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct StatementOut {
    items: Vec<LineOut>,
    /// Give it as `before` for the next page.
    next: Option<String>,
}

/// A line.
#[derive(Serialize, ToSchema)]
pub(super) struct LineOut {
    /// Counts the lines of the account from 1.
    seq: i64,
    /// What it did to the balance.
    change: i64,
    /// The balance afterwards.
    balance: i64,
    transfer: TransferOut,
}

/// Read a member's statement
#[utoipa::path(get, path = "/api/v1/ledger/accounts/{id}/statement", tag = "ledger",
    params(("id" = uuid::Uuid, Path),
        ("before" = Option<String>, Query, description = "`next` of the page before"),
        ("n" = Option<i64>, Query, description = "Lines, 1–200, usually 50")),
    responses((status = 200, body = StatementOut), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub(super) async fn statement(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Json<StatementOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let ledger = rooms.loyalty.ledger();
    let before = match which.before.as_deref().map(Cursor::decode).transpose()? {
        Some(Cursor(values)) => Some(values.first().and_then(|it| it.as_i64()).ok_or(BadCursor)?),
        None => None,
    };
    let n = which.n.unwrap_or(50).clamp(1, 200);
    let mut tx = rooms.loyalty.db().read().await?;
    let id = named(&id, "account")?;
    ledger.account(&mut tx, id).await?.ok_or(Error::NotFound("account"))?;
    let lines = ledger.statement(&mut tx, id, before, n).await?;
    // The first line of an account has no line before it.
    let last = lines.last().map(|line| line.seq).filter(|seq| *seq > 1);
    let next = last.map(|seq| Cursor(vec![seq.into()]).encode());
    let items = lines.into_iter().map(|line| LineOut {
        seq: line.seq,
        change: line.change,
        balance: line.balance,
        transfer: line.transfer.into(),
    });
    Ok(Json(StatementOut { items: items.collect(), next }))
}
