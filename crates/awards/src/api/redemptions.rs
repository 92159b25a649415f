use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate};
use kernel::page::{BadCursor, Cursor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::shape::{RedemptionOut, WholeOut};
use super::{Rooms, body, member, named};
use crate::{Ask, Confirm, RedemptionId, permissions};

/// Which page.
#[derive(Deserialize)]
pub(super) struct Which {
    after: Option<String>,
    n: Option<i64>,
}

/// A page of redemptions, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct RedemptionsOut {
    items: Vec<RedemptionOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// List a member's redemptions
#[utoipa::path(get, path = "/api/v1/members/{id}/redemptions", tag = "awards",
    params(("id" = uuid::Uuid, Path),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("n" = Option<i64>, Query, description = "Redemptions, 1–200, usually 50")),
    responses((status = 200, body = RedemptionsOut), (status = 401), (status = 403),
        (status = 404), (status = 422)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Json<RedemptionsOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let id = member(&rooms, &who.actor, &id).await?;
    let after = which.after.as_deref().map(place).transpose()?;
    let n = which.n.unwrap_or(50).clamp(1, 200);
    let mut all = rooms.awards.redemptions(&who.actor, id, after, n + 1).await?;
    let more = i64::try_from(all.len()).unwrap_or(i64::MAX) > n;
    all.truncate(usize::try_from(n).unwrap_or(usize::MAX));
    let last = all.last().filter(|_| more);
    let next = last.map(|one| {
        Cursor(vec![one.made_at.timestamp_micros().into(), one.id.to_string().into()]).encode()
    });
    let items = all.iter().map(|one| RedemptionOut::new(one, who.lang)).collect();
    Ok(Json(RedemptionsOut { items, next }))
}

fn place(text: &str) -> Result<(DateTime<chrono::Utc>, Uuid), BadCursor> {
    let Cursor(values) = Cursor::decode(text)?;
    let at = values.first().and_then(|it| it.as_i64()).and_then(DateTime::from_timestamp_micros);
    let id = values.get(1).and_then(|it| it.as_str()?.parse().ok());
    at.zip(id).ok_or(BadCursor)
}

/// A redemption to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RedeemIn {
    /// The caller's: the same again redeems nothing more.
    id: Uuid,
    /// Of an offer.
    quote: String,
    /// Confirm at once, when no review, no money and no ticket is in the way.
    #[serde(default)]
    confirm: bool,
}

/// Redeem what was quoted
///
/// Holds the miles and reserves the thing. 201 when it was made now, 200 when this id had been.
#[utoipa::path(post, path = "/api/v1/members/{id}/redemptions", tag = "awards",
    params(("id" = uuid::Uuid, Path)),
    request_body = RedeemIn,
    responses((status = 200, body = RedemptionOut), (status = 201, body = RedemptionOut),
        (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn redeem(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<RedemptionOut>), Problem> {
    who.actor.may(permissions::REDEEM)?;
    let given: RedeemIn = body(&bytes)?;
    let ask = Ask {
        id: given.id.into(),
        member: named(&id, "member")?,
        token: given.quote,
        confirm: given.confirm,
        device: None,
    };
    let made = rooms.awards.redeem(&who.actor, &ask).await?;
    let status = if made.is_repeat() { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(RedemptionOut::new(&made.into_inner(), who.lang))))
}

/// Read a redemption
///
/// With what each account paid and with its history.
#[utoipa::path(get, path = "/api/v1/redemptions/{id}", tag = "awards",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = WholeOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn read(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<WholeOut>, Problem> {
    let whole = rooms.awards.redemption(&who.actor, named(&id, "redemption")?).await?;
    Ok(Json(WholeOut::new(&whole, who.lang)))
}

/// What is known when a redemption is confirmed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmIn {
    /// Ticket or document number of a flight, order number of a thing.
    #[serde(default)]
    reference: String,
    /// Receipt of the money, where the price has some.
    #[serde(default)]
    payment: String,
}

/// Confirm a redemption
///
/// Spends the held miles and issues vouchers. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/redemptions/{id}/confirmation", tag = "awards",
    params(("id" = uuid::Uuid, Path)),
    request_body = ConfirmIn,
    responses((status = 200, body = RedemptionOut), (status = 401), (status = 403),
        (status = 404), (status = 409), (status = 422)))]
pub(super) async fn confirm(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json<RedemptionOut>, Problem> {
    who.actor.may(permissions::REDEEM)?;
    let ConfirmIn { reference, payment } = body(&bytes)?;
    let id: RedemptionId = named(&id, "redemption")?;
    let done = rooms.awards.confirm(&who.actor, id, &Confirm { reference, payment }).await?;
    Ok(Json(RedemptionOut::new(&done.into_inner(), who.lang)))
}

/// Call a redemption off
///
/// Before it is confirmed: miles and thing go back. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/redemptions/{id}/cancellation", tag = "awards",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = RedemptionOut), (status = 401), (status = 403),
        (status = 404), (status = 409)))]
pub(super) async fn cancel(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<RedemptionOut>, Problem> {
    who.actor.may(permissions::REDEEM)?;
    let done = rooms.awards.cancel(&who.actor, named(&id, "redemption")?).await?;
    Ok(Json(RedemptionOut::new(&done.into_inner(), who.lang)))
}

/// What taking back costs.
#[derive(Serialize, ToSchema)]
pub(super) struct TermsOut {
    /// Row of the rules.
    row: String,
    fee_miles: i64,
    fee_minor: i64,
    back_miles: i64,
    /// Below zero: what is asked for.
    back_minor: i64,
    /// Miles that expired meanwhile can be used until this day.
    grace: Option<NaiveDate>,
}

/// Ask what taking back costs
#[utoipa::path(get, path = "/api/v1/redemptions/{id}/redeposit", tag = "awards",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = TermsOut), (status = 401), (status = 403), (status = 404),
        (status = 409)))]
pub(super) async fn terms(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<TermsOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let terms = rooms.awards.terms(&who.actor, named(&id, "redemption")?).await?;
    Ok(Json(TermsOut {
        row: terms.row,
        fee_miles: terms.fee_miles,
        fee_minor: terms.fee_minor,
        back_miles: terms.back_miles,
        back_minor: terms.back_minor,
        grace: terms.grace,
    }))
}

/// The fee that was told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RedepositIn {
    fee_miles: i64,
    fee_minor: i64,
}

/// Take a redemption back
///
/// For the fee that was told; refused when it is another by now. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/redemptions/{id}/redeposit", tag = "awards",
    params(("id" = uuid::Uuid, Path)),
    request_body = RedepositIn,
    responses((status = 200, body = RedemptionOut), (status = 401), (status = 403),
        (status = 404), (status = 409), (status = 422)))]
pub(super) async fn redeposit(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json<RedemptionOut>, Problem> {
    who.actor.may(permissions::REDEPOSIT)?;
    let told: RedepositIn = body(&bytes)?;
    let id: RedemptionId = named(&id, "redemption")?;
    let done = rooms.awards.redeposit(&who.actor, id, (told.fee_miles, told.fee_minor)).await?;
    Ok(Json(RedemptionOut::new(&done.into_inner(), who.lang)))
}
