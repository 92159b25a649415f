use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use web::{ApiActor, Problem};

use super::Rooms;
use crate::liability::{Liability, Movements};

/// Of which programme, and what a thousand miles are worth.
#[derive(Deserialize)]
pub(super) struct Asked {
    programme: String,
    #[serde(default)]
    minor_per_thousand: i64,
}

/// Of which programme.
#[derive(Deserialize)]
pub(super) struct Which {
    programme: String,
}

/// Read what a programme owes its members
///
/// Outstanding miles by month of coming and last day, the breakage expected by the cohorts that have
/// run out, and the revenue deferred for the rest at `minor_per_thousand` minor units for 1,000
/// miles.
#[utoipa::path(get, path = "/api/v1/loyalty/liability", tag = "ledger",
    params(("programme" = String, Query), ("minor_per_thousand" = Option<i64>, Query)),
    responses((status = 200, body = Liability), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub(super) async fn liability(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Query(asked): Query<Asked>,
) -> Result<Json<Liability>, Problem> {
    let value = asked.minor_per_thousand;
    Ok(Json(rooms.loyalty.liability(&who.actor, &asked.programme, value).await?))
}

/// Read what moved in each month
///
/// Opening, issued, bought, redeemed, expired, adjusted, reversed, redeposited, closing, by the month
/// in which it was recorded. `ties` says whether the last closing is the balance of the books.
#[utoipa::path(get, path = "/api/v1/loyalty/liability/movements", tag = "ledger",
    params(("programme" = String, Query)),
    responses((status = 200, body = Movements), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn movements(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Query(which): Query<Which>,
) -> Result<Json<Movements>, Problem> {
    Ok(Json(rooms.loyalty.movements(&who.actor, &which.programme).await?))
}
