use axum::Json;
use axum::extract::{Path, State};
use customers::CustomerId;
use serde_json::Value as Object;
use web::{ApiActor, Problem};

use crate::{Error, Rooms};

/// Read a customer's value
///
/// Group, score and what each feature adds to it, lifecycle state, and the reasons as text keys with
/// their numbers, from the published run. 404 for who is not in it.
#[utoipa::path(get, path = "/api/v1/customers/{id}/value", tag = "value",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Object), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn value(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<Object>, Problem> {
    let id: CustomerId = id.parse().map_err(|_| Error::NotInRun)?;
    let found = rooms.value.explain(&who.actor, id).await?.ok_or(Error::NotInRun)?;
    let found = serde_json::to_value(found).map_err(store::Error::from).map_err(Error::from)?;
    Ok(Json(found))
}
