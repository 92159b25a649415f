use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use web::{ApiActor, Problem};

use super::Rooms;
use crate::Error;
use crate::liability::{Liability, Movements, Report, Valuation};

/// Of which programme, on which day, and what a thousand miles are worth.
#[derive(Deserialize)]
pub(super) struct Asked {
    programme: String,
    day: Option<NaiveDate>,
    minor_per_thousand: Option<i64>,
    assumed_share: Option<i64>,
}

/// Of which programme, on which day.
#[derive(Deserialize)]
pub(super) struct Which {
    programme: String,
    day: Option<NaiveDate>,
}

async fn kept(
    who: &ApiActor,
    rooms: &Rooms,
    programme: &str,
    day: Option<NaiveDate>,
) -> Result<Report, Problem> {
    let found = rooms.loyalty.liability_report(&who.actor, programme, day).await?;
    Ok(found.ok_or(Error::NotFound("report"))?)
}

/// Read what a programme owes its members
///
/// From the report that is kept every night: the newest, or the newest that is not after `day`.
/// Outstanding miles by month of coming and last day, the breakage expected by the cohorts that have
/// run out or assumed by finance, and the revenue deferred for the rest. `minor_per_thousand` (minor
/// units for 1,000 miles) and `assumed_share` (hundredths of a percent) go before what is set in the
/// console.
#[utoipa::path(get, path = "/api/v1/loyalty/liability", tag = "ledger",
    params(("programme" = String, Query), ("day" = Option<NaiveDate>, Query),
        ("minor_per_thousand" = Option<i64>, Query), ("assumed_share" = Option<i64>, Query)),
    responses((status = 200, body = Liability), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub(super) async fn liability(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Query(asked): Query<Asked>,
) -> Result<Json<Liability>, Problem> {
    let report = kept(&who, &rooms, &asked.programme, asked.day).await?;
    let said = rooms.loyalty.valuation(&who.actor, &asked.programme).await?;
    let by = Valuation {
        minor_per_thousand: asked.minor_per_thousand.unwrap_or(said.minor_per_thousand),
        assumed_share: asked.assumed_share.or(said.assumed_share),
    };
    by.check()?;
    Ok(Json(report.liability(&by)))
}

/// Read what moved in each month
///
/// Opening, issued, bought, redeemed, expired, adjusted, reversed, redeposited, closing, by the month
/// in which it was recorded, as the nightly report found it. `ties` says whether the last closing is
/// the balance of the books.
#[utoipa::path(get, path = "/api/v1/loyalty/liability/movements", tag = "ledger",
    params(("programme" = String, Query), ("day" = Option<NaiveDate>, Query)),
    responses((status = 200, body = Movements), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn movements(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Query(which): Query<Which>,
) -> Result<Json<Movements>, Problem> {
    Ok(Json(kept(&who, &rooms, &which.programme, which.day).await?.movements()))
}

/// Read the books of a programme again
///
/// In the background; asked twice it is done once. The report of today is replaced.
#[utoipa::path(post, path = "/api/v1/loyalty/liability/report", tag = "ledger",
    params(("programme" = String, Query)),
    responses((status = 202), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn report(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Query(which): Query<Which>,
) -> Result<StatusCode, Problem> {
    rooms.loyalty.report_again(&who.actor, &which.programme).await?;
    Ok(StatusCode::ACCEPTED)
}
