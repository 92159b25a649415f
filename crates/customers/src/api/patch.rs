use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use web::{ApiActor, Problem};

use super::{body, named, shape};
use crate::Rooms;
use web::once::{self, Begun};

/// Edit a customer
///
/// Fields left out stay, `null` empties. A stale version answers 409 and says who changed what.
#[utoipa::path(patch, path = "/api/v1/customers/{id}", tag = "customers",
    params(("id" = uuid::Uuid, Path), ("If-Match" = Option<String>, Header),
        ("Idempotency-Key" = Option<String>, Header)),
    request_body = shape::CustomerIn,
    responses((status = 200, body = shape::CustomerOut), (status = 401), (status = 403),
        (status = 404), (status = 409), (status = 422)))]
pub(super) async fn patch(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Problem> {
    who.actor.may(crate::permissions::EDIT)?;
    let id = named(&path)?;
    let given: shape::CustomerIn = body(&bytes)?;
    let version = shape::version(&headers, given.version)?;
    let what = format!("patch {id} {version}");
    let mut tx = rooms.customers.db().begin().await?;
    if let Begun::Go(key) = once::begin(&mut tx, &rooms.web, &who, &headers, &what, &bytes).await? {
        let draft = given.draft();
        let edited = rooms.customers.edit_in(&mut tx, &who.actor, id, version, draft).await?;
        once::finish(tx, &who, key, StatusCode::OK, &id.to_string()).await?;
        rooms.customers.dictionary().note(&edited.into_inner().customer.profile.name);
    }
    let whole = rooms.customers.whole(&who.actor, id).await?;
    Ok(shape::answer(StatusCode::OK, whole, who.lang))
}
