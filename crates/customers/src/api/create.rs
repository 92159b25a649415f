use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use web::{ApiActor, Problem};

use super::{body, shape};
use crate::{CustomerId, Error, Rooms};
use web::once::{self, Begun};

/// Create a customer
///
/// Needs a name or a member number.
#[utoipa::path(post, path = "/api/v1/customers", tag = "customers",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = shape::CustomerIn,
    responses((status = 201, body = shape::CustomerOut), (status = 401), (status = 403),
        (status = 409), (status = 422)))]
pub(super) async fn create(
    who: ApiActor,
    State(rooms): State<Rooms>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Problem> {
    who.actor.may(crate::permissions::EDIT)?;
    let given: shape::CustomerIn = body(&bytes)?;
    let mut tx = rooms.customers.db().begin().await?;
    let begun = once::begin(&mut tx, &rooms.web, &who, &headers, "create customer", &bytes).await?;
    let (status, id) = match begun {
        Begun::Before(status, id) => {
            let id: CustomerId = id.parse().map_err(|_| Error::NotFound("customer"))?;
            (status, id)
        }
        Begun::Go(key) => {
            let made = rooms.customers.create_in(&mut tx, &who.actor, given.draft()).await?;
            let status = StatusCode::CREATED;
            once::finish(tx, &who, key, status, &made.id.to_string()).await?;
            rooms.customers.dictionary().note(&made.profile.name);
            (status, made.id)
        }
    };
    let whole = rooms.customers.whole(&who.actor, id).await?;
    Ok(shape::answer(status, whole, who.lang))
}
