use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use web::{ApiActor, Problem};

use super::{named, shape};
use crate::Rooms;

/// Read a customer
///
/// Contacts and documents are masked. `ETag` is the version.
#[utoipa::path(get, path = "/api/v1/customers/{id}", tag = "customers",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = shape::CustomerOut), (status = 401), (status = 403),
        (status = 404)))]
pub(super) async fn get(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Response, Problem> {
    let whole = rooms.customers.whole(&who.actor, named(&path)?).await?;
    Ok(shape::answer(StatusCode::OK, whole, who.lang))
}
