use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use serde_json::Value as Object;
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::body;
use crate::scheme::WeightOf;
use crate::{Error, Rooms};

/// All schemes with their current version.
#[derive(Serialize, ToSchema)]
pub(super) struct Schemes {
    #[schema(value_type = Vec<Object>)]
    items: Vec<Object>,
}

/// New weights for a scheme.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewWeights {
    /// The version this change is based on.
    version: i64,
    /// They add up to 10,000.
    weights: Vec<WeightOf>,
    /// Why.
    #[serde(default)]
    note: String,
}

/// Weights to be looked at.
#[derive(Deserialize, ToSchema)]
pub(super) struct Weights {
    /// They add up to 10,000.
    weights: Vec<WeightOf>,
}

/// The version that is current now.
#[derive(Serialize, ToSchema)]
pub(super) struct Version {
    /// Its number.
    version: i64,
    /// Whether the weights were the same before.
    already: bool,
}

fn named(id: &str) -> Result<uuid::Uuid, Error> {
    id.parse().map_err(|_| Error::NoScheme)
}

/// List schemes
#[utoipa::path(get, path = "/api/v1/value/schemes", tag = "value",
    responses((status = 200, body = Schemes), (status = 401), (status = 403)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
) -> Result<Json<Schemes>, Problem> {
    let schemes = rooms.value.schemes(&who.actor).await?;
    let whole = |scheme| serde_json::to_value(scheme).map_err(store::Error::from);
    let items = schemes.iter().map(whole).collect::<Result<_, _>>().map_err(Error::from)?;
    Ok(Json(Schemes { items }))
}

/// Change the weights of a scheme
///
/// Adds a version; the next run scores with it. A stale `version` is refused.
#[utoipa::path(put, path = "/api/v1/value/schemes/{id}", tag = "value",
    params(("id" = uuid::Uuid, Path)), request_body = NewWeights,
    responses((status = 200, body = Version), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn change(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json<Version>, Problem> {
    let new: NewWeights = body(&bytes)?;
    let id = named(&id)?;
    let changed =
        rooms.value.change_scheme(&who.actor, id, new.version, &new.weights, &new.note).await?;
    let already = changed.is_repeat();
    Ok(Json(Version { version: changed.into_inner(), already }))
}

/// Preview other weights
///
/// Who would rise and fall a band among the members of the published run. Changes nothing.
#[utoipa::path(post, path = "/api/v1/value/schemes/{id}/preview", tag = "value",
    params(("id" = uuid::Uuid, Path)), request_body = Weights,
    responses((status = 200, body = Object), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub(super) async fn preview(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json<Object>, Problem> {
    let asked: Weights = body(&bytes)?;
    let preview = rooms.value.preview(&who.actor, named(&id)?, &asked.weights).await?;
    let preview = serde_json::to_value(preview).map_err(store::Error::from).map_err(Error::from)?;
    Ok(Json(preview))
}
