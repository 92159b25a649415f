//! `/api/v1/awards`, `/redemptions`, `/vouchers`: for programs, and for the try-it page.
//!
//! What is made carries the caller's id, so that asking again is safe. Failures are problem+json.

mod items;
mod quotes;
mod redemptions;
mod shape;
mod vouchers;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use web::{Problem, Web};

use crate::{Awards, Error};

/// What pages and operations of this domain stand on.
#[derive(Clone, Debug)]
pub struct Rooms {
    /// The floor.
    pub web: Web,
    /// The service.
    pub awards: Awards,
}

impl FromRef<Rooms> for Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

/// All operations of this domain, with their documentation.
pub fn api(rooms: Rooms) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(quotes::quote))
        .routes(routes!(redemptions::list, redemptions::redeem))
        .routes(routes!(redemptions::read))
        .routes(routes!(redemptions::confirm))
        .routes(routes!(redemptions::cancel))
        .routes(routes!(redemptions::terms, redemptions::redeposit))
        .routes(routes!(vouchers::list))
        .routes(routes!(vouchers::look))
        .routes(routes!(vouchers::take))
        .routes(routes!(vouchers::reveal))
        .routes(routes!(items::items))
        .routes(routes!(items::set))
        .routes(routes!(items::stock))
        .with_state(rooms)
}

/// What the path names; anything that is no id names nothing.
fn named<T: From<Uuid>>(id: &str, what: &'static str) -> Result<T, Problem> {
    Ok(T::from(id.parse::<Uuid>().map_err(|_| Error::NotFound(what))?))
}

/// A member of the path that there is.
async fn member(
    rooms: &Rooms,
    actor: &access::Actor,
    id: &str,
) -> Result<loyalty::MemberId, Problem> {
    let id = id.parse::<Uuid>().map_err(|_| loyalty::Error::NotFound("member"))?;
    Ok(rooms.awards.loyalty().member(actor, id.into()).await?.id)
}

/// A body as JSON of the expected shape.
fn body<T: serde::de::DeserializeOwned>(bytes: &axum::body::Bytes) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|_| Problem::new(kernel::Kind::Invalid, "form"))
}
