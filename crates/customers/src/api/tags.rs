use axum::extract::{Path, State};
use axum::http::StatusCode;
use web::{ApiActor, Problem};

use super::named;
use crate::Rooms;

/// Hang a tag on a customer
///
/// Twice is the same as once.
#[utoipa::path(put, path = "/api/v1/customers/{id}/tags/{tag}", tag = "customers",
    params(("id" = uuid::Uuid, Path), ("tag" = String, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub(super) async fn add(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path((id, tag)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let _ = rooms.customers.add_tag(&who.actor, named(&Path(id))?, &tag).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a tag off a customer
///
/// Twice is the same as once.
#[utoipa::path(delete, path = "/api/v1/customers/{id}/tags/{tag}", tag = "customers",
    params(("id" = uuid::Uuid, Path), ("tag" = String, Path)),
    responses((status = 204), (status = 401), (status = 403)))]
pub(super) async fn remove(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path((id, tag)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let _ = rooms.customers.remove_tag(&who.actor, named(&Path(id))?, &tag).await?;
    Ok(StatusCode::NO_CONTENT)
}
