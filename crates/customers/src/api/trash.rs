use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use web::{ApiActor, Problem};

use super::{named, shape};
use crate::Rooms;

/// Put a customer in the trash
///
/// Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/customers/{id}/trash", tag = "customers",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = shape::CustomerOut), (status = 401), (status = 403),
        (status = 404)))]
pub(super) async fn trash(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Response, Problem> {
    let id = named(&path)?;
    let _ = rooms.customers.trash(&who.actor, id).await?;
    let whole = rooms.customers.whole(&who.actor, id).await?;
    Ok(shape::answer(StatusCode::OK, whole, who.lang))
}

/// Take a customer out of the trash
///
/// Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/customers/{id}/restore", tag = "customers",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = shape::CustomerOut), (status = 401), (status = 403),
        (status = 404)))]
pub(super) async fn restore(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Response, Problem> {
    let id = named(&path)?;
    let _ = rooms.customers.restore(&who.actor, id).await?;
    let whole = rooms.customers.whole(&who.actor, id).await?;
    Ok(shape::answer(StatusCode::OK, whole, who.lang))
}
