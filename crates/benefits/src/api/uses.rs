use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::shape::{UseOut, WhoIn};
use super::{body, member, named};
use crate::{Asked, NewUse, Rooms, permissions};

/// Uses shown.
const MOST: i64 = 500;

/// Uses of a member.
#[derive(Serialize, ToSchema)]
pub(super) struct UsesOut {
    items: Vec<UseOut>,
}

/// A use to be taken down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UseIn {
    /// The caller's: the same again is taken down once.
    id: Uuid,
    member: WhoIn,
    /// Row of the catalogue.
    benefit: String,
    /// 1 when left out.
    count: Option<u32>,
    /// People who came along.
    companions: Option<u32>,
    flight: Option<Asked>,
    /// Day, without a flight; today when left out.
    on: Option<NaiveDate>,
    /// Where: an airport, a lounge. Nobody's name.
    place: Option<String>,
    /// Nobody's name.
    note: Option<String>,
}

/// Read a member's uses of benefits
///
/// The latest 500, those taken back included.
#[utoipa::path(get, path = "/api/v1/members/{id}/benefit-uses", tag = "benefits",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = UsesOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<UsesOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let uses = rooms.benefits.uses(&who.actor, member(&path)?, MOST).await?;
    Ok(Json(UsesOut { items: uses.into_iter().map(Into::into).collect() }))
}

/// Record a use of a benefit
///
/// Refused when the member does not have it on that flight, or nothing is left. The same id again
/// answers 200 with what was taken down.
#[utoipa::path(post, path = "/api/v1/benefit-uses", tag = "benefits",
    request_body = UseIn,
    responses((status = 201, body = UseOut), (status = 200, body = UseOut), (status = 401),
        (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn record(
    who: ApiActor,
    State(rooms): State<Rooms>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<UseOut>), Problem> {
    who.actor.may(permissions::USE)?;
    let given: UseIn = body(&bytes)?;
    let new = NewUse {
        id: given.id,
        who: given.member.who()?,
        benefit: given.benefit,
        count: given.count.unwrap_or(1),
        companions: given.companions.unwrap_or(0),
        flight: given.flight,
        on: given.on,
        place: given.place.unwrap_or_default(),
        note: given.note.unwrap_or_default(),
    };
    let made = rooms.benefits.record(&who.actor, new).await?;
    let status = if made.is_repeat() { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(made.into_inner().into())))
}

/// Take a use back
///
/// What it took can be used again. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/benefit-uses/{id}/undo", tag = "benefits",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = UseOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn undo(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<UseOut>, Problem> {
    who.actor.may(permissions::USE)?;
    let undone = rooms.benefits.take_back(&who.actor, named(&id, "use")?).await?;
    Ok(Json(undone.into_inner().into()))
}
