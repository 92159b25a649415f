use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{body, member, named};
use crate::goodwill::{Grant, NewGrant};
use crate::{Rooms, permissions};

/// Goodwill to be granted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantIn {
    /// The caller's: the same again is granted once.
    id: Uuid,
    /// Row of the catalogue.
    benefit: String,
    /// 1 to 20.
    count: u32,
    /// Last day; within two years.
    valid_to: NaiveDate,
    /// `disruption`, `complaint`, `loyalty`, `family-event` or `mistake`.
    reason: String,
    /// Nobody's name.
    note: Option<String>,
}

/// Goodwill.
#[derive(Serialize, ToSchema)]
pub(super) struct GrantOut {
    id: Uuid,
    benefit: String,
    count: i64,
    used: i64,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    reason: String,
    note: String,
    recorded_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl From<Grant> for GrantOut {
    fn from(it: Grant) -> Self {
        Self {
            id: it.id,
            benefit: it.benefit,
            count: it.count,
            used: it.used,
            valid_from: it.valid_from,
            valid_to: it.valid_to,
            reason: it.reason,
            note: it.note,
            recorded_at: it.recorded_at,
            ended_at: it.ended_at,
        }
    }
}

/// Grant goodwill
///
/// More of a benefit, or one the tier does not have, for a reason, until a day.
#[utoipa::path(post, path = "/api/v1/members/{id}/benefit-grants", tag = "benefits",
    params(("id" = uuid::Uuid, Path)),
    request_body = GrantIn,
    responses((status = 201, body = GrantOut), (status = 200, body = GrantOut), (status = 401),
        (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn grant(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<GrantOut>), Problem> {
    who.actor.may(permissions::GRANT)?;
    let id = member(&path)?;
    let given: GrantIn = body(&bytes)?;
    let new = NewGrant {
        id: given.id,
        benefit: given.benefit,
        count: given.count,
        valid_to: given.valid_to,
        reason: given.reason,
        note: given.note.unwrap_or_default(),
    };
    let made = rooms.benefits.grant(&who.actor, id, &new).await?;
    let status = if made.is_repeat() { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(made.into_inner().into())))
}

/// End goodwill
///
/// What was used of it stays used. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/benefit-grants/{id}/end", tag = "benefits",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = GrantOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn end(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<GrantOut>, Problem> {
    who.actor.may(permissions::GRANT)?;
    let ended = rooms.benefits.end_grant(&who.actor, named(&id, "grant")?).await?;
    Ok(Json(ended.into_inner().into()))
}
