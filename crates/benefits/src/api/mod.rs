//! `/api/v1/…/entitlements`, `/api/v1/benefit-uses`, `-choices`, `-grants`: for check-in, lounges and
//! other programs, and for the try-it page.
//!
//! What is made carries the caller's own id, so that a repeated request makes it once. Failures are
//! problem+json.

mod choices;
mod entitlements;
mod grants;
mod held;
mod promised;
mod shape;
mod uses;

use axum::body::Bytes;
use axum::extract::Path;
use loyalty::MemberId;
use serde::de::DeserializeOwned;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use web::Problem;

use crate::{Error, Rooms};

/// All operations of this domain, with their documentation.
pub fn api(rooms: Rooms) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(entitlements::of_member))
        .routes(routes!(entitlements::of_many))
        .routes(routes!(held::held))
        .routes(routes!(uses::list))
        .routes(routes!(uses::record))
        .routes(routes!(uses::undo))
        .routes(routes!(choices::list, choices::choose))
        .routes(routes!(choices::undo))
        .routes(routes!(grants::grant))
        .routes(routes!(grants::end))
        .routes(routes!(promised::promised))
        .with_state(rooms)
}

/// What the path names; anything that is no id names nothing.
fn named(id: &str, what: &'static str) -> Result<Uuid, Problem> {
    Ok(id.parse::<Uuid>().map_err(|_| Error::NotFound(what))?)
}

fn member(Path(id): &Path<String>) -> Result<MemberId, Problem> {
    Ok(named(id, "member")?.into())
}

/// A body as JSON of the expected shape.
fn body<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|_| Problem::new(kernel::Kind::Invalid, "form"))
}
