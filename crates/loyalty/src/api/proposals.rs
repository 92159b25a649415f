use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::shape::Made;
use super::{Rooms, body, member, named};
use crate::members::Asked;
use web::once::{self, Begun};

/// Propose an adjustment or a tier by hand
///
/// Nothing happens until another person approves.
#[utoipa::path(post, path = "/api/v1/members/{id}/proposals", tag = "members",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = Asked,
    responses((status = 201, body = Made), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn propose(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Made>), Problem> {
    who.actor.may(crate::permissions::PROPOSE)?;
    let id = member(&path)?;
    let given: Asked = body(&bytes)?;
    let mut tx = rooms.loyalty.db().begin().await?;
    let what = format!("propose {id}");
    let (status, made) =
        match once::begin(&mut tx, &rooms.web, &who, &headers, &what, &bytes).await? {
            Begun::Before(status, made) => (status, made),
            Begun::Go(key) => {
                let made = rooms.loyalty.propose_in(&mut tx, &who.actor, id, given).await?;
                once::finish(tx, &who, key, StatusCode::CREATED, &made.to_string()).await?;
                (StatusCode::CREATED, made.to_string())
            }
        };
    Ok((status, Json(Made { id: made })))
}

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionIn {
    /// Carry it out, or turn it down.
    approve: bool,
}

/// Decide a proposal
///
/// Nobody approves their own. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/decision", tag = "members",
    params(("id" = uuid::Uuid, Path)),
    request_body = DecisionIn,
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(super) async fn decide(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<StatusCode, Problem> {
    who.actor.may(crate::permissions::PROPOSE)?;
    let id = named(&id, "proposal")?;
    let given: DecisionIn = body(&bytes)?;
    let _ = rooms.loyalty.decide(&who.actor, id, given.approve).await?;
    Ok(StatusCode::NO_CONTENT)
}
