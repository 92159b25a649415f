//! `/api/v1/claims` and `/api/v1/partners`: for programs, and for the try-it page.
//!
//! Callers that make something give its id, so that asking again finds it. Failures are
//! problem+json.

mod agreements;
mod claims;
mod files;
mod settlement;
#[cfg(test)]
mod tests;

use axum::extract::{DefaultBodyLimit, FromRef};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use web::{Problem, Web};

use crate::{Error, Partners};

/// Bytes of a file in one request.
const FILE: usize = 16 * 1024 * 1024;

/// What pages and operations of this domain stand on.
#[derive(Clone, Debug)]
pub struct Rooms {
    /// The floor.
    pub web: Web,
    /// The service.
    pub partners: Partners,
}

impl FromRef<Rooms> for Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

/// All operations of this domain, with their documentation.
pub fn api(rooms: Rooms) -> OpenApiRouter {
    let files =
        OpenApiRouter::new().routes(routes!(files::receive)).layer(DefaultBodyLimit::max(FILE));
    OpenApiRouter::new()
        .routes(routes!(claims::make))
        .routes(routes!(claims::read))
        .routes(routes!(claims::of_member))
        .routes(routes!(claims::decide))
        .routes(routes!(agreements::list, agreements::add))
        .routes(routes!(agreements::read))
        .routes(routes!(agreements::rate))
        .routes(routes!(agreements::price))
        .merge(files)
        .routes(routes!(files::read))
        .routes(routes!(files::rows))
        .routes(routes!(files::acknowledgement))
        .routes(routes!(settlement::statement))
        .routes(routes!(settlement::issue))
        .routes(routes!(settlement::invoice))
        .with_state(rooms)
}

/// What the path names; anything that is no id names nothing.
fn named<T: From<Uuid>>(id: &str, what: &'static str) -> Result<T, Problem> {
    Ok(T::from(id.parse::<Uuid>().map_err(|_| Error::NotFound(what))?))
}

/// A body as JSON of the expected shape.
fn body<T: serde::de::DeserializeOwned>(bytes: &axum::body::Bytes) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|_| Problem::new(kernel::Kind::Invalid, "form"))
}
