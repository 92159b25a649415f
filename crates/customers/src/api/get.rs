use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use web::{ApiActor, Problem};

use super::{named, shape};
use crate::Rooms;

/// Read a customer
///
/// Contacts and documents are masked. `ETag` is the version. A customer merged into another leads
/// there.
#[utoipa::path(get, path = "/api/v1/customers/{id}", tag = "customers",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = shape::CustomerOut), (status = 308), (status = 401),
        (status = 403), (status = 404)))]
pub(super) async fn get(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Response, Problem> {
    let whole = rooms.customers.whole(&who.actor, named(&path)?).await?;
    if let Some(into) = whole.customer.merged_into {
        return Ok(Redirect::permanent(&format!("/api/v1/customers/{into}")).into_response());
    }
    Ok(shape::answer(StatusCode::OK, whole, who.lang))
}
