use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::Uuid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::{Rooms, named};
use crate::limits::{Action, Limit, What};
use crate::{Error, permissions};

/// Of which programme.
#[derive(Deserialize)]
pub(super) struct Which {
    programme: String,
}

/// A limit. One on redemptions, transfers, nominees or claims has a count or an amount; what waits
/// after a new nominee or device has neither.
#[derive(Deserialize, Serialize, ToSchema)]
pub(super) struct LimitBody {
    /// Identity, chosen by who sets it: the same again is done once.
    #[serde(default)]
    id: Option<Uuid>,
    #[serde(default)]
    programme: String,
    /// `redemption`, `transfer`, `nominee`, `claim`, `new-nominee`, `new-device`.
    #[serde(default)]
    what: String,
    /// The time looked back on.
    #[serde(default)]
    hours: i64,
    #[serde(default)]
    most_count: Option<i64>,
    /// Miles.
    #[serde(default)]
    most_amount: Option<i64>,
    /// `refuse` or `review`.
    #[serde(default)]
    action: String,
    /// Set when read.
    #[serde(default)]
    valid_from: Option<DateTime<Utc>>,
    /// Set when read: until before this moment.
    #[serde(default)]
    valid_to: Option<DateTime<Utc>>,
}

impl From<Limit> for LimitBody {
    fn from(limit: Limit) -> Self {
        Self {
            id: Some(limit.id),
            programme: limit.programme,
            what: limit.what.as_str().to_owned(),
            hours: limit.hours,
            most_count: limit.most_count,
            most_amount: limit.most_amount,
            action: limit.action.as_str().to_owned(),
            valid_from: Some(limit.valid_from),
            valid_to: limit.valid_to,
        }
    }
}

/// Read the limits of a programme
///
/// Ended ones too.
#[utoipa::path(get, path = "/api/v1/loyalty/limits", tag = "loyalty",
    params(("programme" = String, Query)),
    responses((status = 200, body = [LimitBody]), (status = 401), (status = 403)))]
pub(super) async fn limits(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Query(which): Query<Which>,
) -> Result<Json<Vec<LimitBody>>, Problem> {
    let found = rooms.loyalty.limits(&who.actor, &which.programme).await?;
    Ok(Json(found.into_iter().map(LimitBody::from).collect()))
}

/// Set a limit
///
/// It holds from now on, beside those there are: the strictest counts.
#[utoipa::path(post, path = "/api/v1/loyalty/limits", tag = "loyalty", request_body = LimitBody,
    responses((status = 201, body = LimitBody), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn add(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Json(body): Json<LimitBody>,
) -> Result<(StatusCode, Json<LimitBody>), Problem> {
    who.actor.may(permissions::LIMITS)?;
    let now = rooms.loyalty.now();
    let what: What = body.what.parse().map_err(|_| Error::invalid("what", "loyalty-limit-word"))?;
    let action: Action =
        body.action.parse().map_err(|_| Error::invalid("action", "loyalty-limit-word"))?;
    let limit = Limit {
        id: body.id.unwrap_or_else(|| kernel::ids::v7(now)),
        programme: body.programme,
        what,
        hours: body.hours,
        most_count: body.most_count,
        most_amount: body.most_amount,
        action,
        valid_from: now,
        valid_to: None,
    };
    rooms.loyalty.add_limit(&who.actor, &limit).await?;
    Ok((StatusCode::CREATED, Json(limit.into())))
}

/// End a limit
///
/// Again changes nothing.
#[utoipa::path(post, path = "/api/v1/loyalty/limits/{id}/end", tag = "loyalty",
    params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn end(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let _ = rooms.loyalty.end_limit(&who.actor, named(&id, "limit")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
