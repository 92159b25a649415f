//! Mappings over HTTP.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use web::{ApiActor, Problem};

use crate::imports::MappingRef;
use crate::mapping::Mapping;
use crate::pages::Rooms;
use crate::permissions;
use crate::saved::Listed;

/// Shipped mappings, then saved ones.
#[utoipa::path(get, path = "/api/v1/mappings", tag = "imports",
    responses((status = 200, body = Vec<Listed>)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
) -> Result<Json<Vec<Listed>>, Problem> {
    Ok(Json(rooms.feeds.mappings(&who.actor).await?))
}

/// One mapping.
#[utoipa::path(get, path = "/api/v1/mappings/{name}", tag = "imports",
    params(("name" = String, Path, description = "Its name")),
    responses((status = 200, body = Mapping), (status = 404)))]
pub(super) async fn get(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
) -> Result<Json<Mapping>, Problem> {
    who.actor.may(permissions::READ)?;
    Ok(Json(rooms.feeds.mapping(&MappingRef::Name(name)).await?))
}

/// The version a mapping has now.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Saved {
    version: i64,
}

/// Saves a mapping under this name.
#[utoipa::path(put, path = "/api/v1/mappings/{name}", tag = "imports",
    params(("name" = String, Path, description = "Its name")), request_body = Mapping,
    responses((status = 200, body = Saved), (status = 409), (status = 422)))]
pub(super) async fn put(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
    Json(mapping): Json<Mapping>,
) -> Result<Json<Saved>, Problem> {
    let mapping = Mapping { name, ..mapping };
    let version = rooms.feeds.save_mapping(&who.actor, &mapping, &[]).await?;
    Ok(Json(Saved { version }))
}

/// Deletes a saved mapping; imports keep the copy they used.
#[utoipa::path(delete, path = "/api/v1/mappings/{name}", tag = "imports",
    params(("name" = String, Path, description = "Its name")),
    responses((status = 204), (status = 404), (status = 409)))]
pub(super) async fn delete(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    rooms.feeds.delete_mapping(&who.actor, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
