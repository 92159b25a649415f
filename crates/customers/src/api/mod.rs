//! `/api/v1/customers`: for programs, and for the try-it page.
//!
//! Callers that change something send `Idempotency-Key`; edits send the version they are based on,
//! as `If-Match: "7"` or as `version` in the body. Failures are problem+json.

mod board;
mod create;
mod get;
mod identity;
mod list;
mod notes;
mod patch;
mod search;
mod shape;
mod tags;
mod tasks;
mod timeline;
mod trash;

#[cfg(test)]
mod tests;

use axum::extract::Path;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Problem;

use crate::{CustomerId, Error, Rooms};

/// All operations of this domain, with their documentation.
pub fn api(rooms: Rooms) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(search::search))
        .routes(routes!(get::get, patch::patch))
        .routes(routes!(trash::trash))
        .routes(routes!(trash::restore))
        .routes(routes!(notes::notes, notes::add))
        .routes(routes!(tags::add, tags::remove))
        .routes(routes!(tasks::tasks, tasks::add))
        .routes(routes!(tasks::finish))
        .routes(routes!(board::board))
        .routes(routes!(board::patch))
        .routes(routes!(timeline::timeline))
        .routes(routes!(identity::reviews))
        .routes(routes!(identity::review))
        .routes(routes!(identity::decide, identity::undo_decision))
        .routes(routes!(identity::merge))
        .routes(routes!(identity::split))
        .routes(routes!(identity::undo_step))
        .routes(routes!(identity::steps))
        .routes(routes!(identity::records))
        .routes(routes!(identity::run))
        .with_state(rooms)
}

/// The customer named in the path; anything that is no id names nobody.
fn named(Path(id): &Path<String>) -> Result<CustomerId, Problem> {
    Ok(id.parse().map_err(|_| Error::NotFound("customer"))?)
}

/// A body as JSON of the expected shape.
fn body<T: serde::de::DeserializeOwned>(bytes: &axum::body::Bytes) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|_| Problem::new(kernel::Kind::Invalid, "form"))
}
