use axum::Json;
use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::shape::{FlightOut, FlightQuery, ReplyOut, UseOut};
use super::{member, named};
use crate::{Rooms, permissions};

/// What was promised on a flight, and what was given.
#[derive(Serialize, ToSchema)]
pub(super) struct PromiseOut {
    flight: FlightOut,
    /// By what was known at this moment.
    known_at: DateTime<Utc>,
    /// Nothing was known when it departed: told by what is known now.
    known_later: bool,
    #[serde(flatten)]
    reply: ReplyOut,
    /// Uses on the flight that stand.
    given: Vec<UseOut>,
}

/// What a member was promised on a flight that has departed
///
/// As it was known at departure: tier as recorded then, rules as approved then, choices and uses as taken
/// down by then. A flight by its facts, or a flown `segment` of the member's.
#[utoipa::path(get, path = "/api/v1/members/{id}/promised", tag = "benefits",
    params(("id" = uuid::Uuid, Path), ("segment" = Option<uuid::Uuid>, Query),
        ("flight" = Option<String>, Query), ("date" = Option<String>, Query),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query),
        ("departs_at" = Option<String>, Query), ("operating" = Option<String>, Query),
        ("cabin" = Option<String>, Query)),
    responses((status = 200, body = PromiseOut), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn promised(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    Query(query): Query<FlightQuery>,
) -> Result<Json<PromiseOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let id = member(&path)?;
    let benefits = &rooms.benefits;
    let promise = match &query.segment {
        Some(segment) => benefits.promised_on(&who.actor, id, named(segment, "flight")?).await?,
        None => benefits.promised(&who.actor, id, &query.asked()?).await?,
    };
    Ok(Json(PromiseOut {
        flight: (&promise.flight).into(),
        known_at: promise.known_at,
        known_later: promise.known_later,
        reply: promise.reply.into(),
        given: promise.given.into_iter().map(Into::into).collect(),
    }))
}
