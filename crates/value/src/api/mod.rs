//! `/api/v1/value/…`: runs, groups, schemes and the standing of one customer, for programs.

mod customer;
mod runs;
mod schemes;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Rooms;

/// All operations of this domain, with their documentation.
pub fn api(rooms: Rooms) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(runs::list, runs::start))
        .routes(routes!(runs::show))
        .routes(routes!(runs::publish))
        .routes(routes!(runs::groups))
        .routes(routes!(schemes::list))
        .routes(routes!(schemes::change))
        .routes(routes!(schemes::preview))
        .routes(routes!(customer::value))
        .with_state(rooms)
}

/// A body as JSON of the expected shape.
fn body<T: serde::de::DeserializeOwned>(bytes: &axum::body::Bytes) -> Result<T, web::Problem> {
    serde_json::from_slice(bytes).map_err(|_| web::Problem::new(kernel::Kind::Invalid, "form"))
}
