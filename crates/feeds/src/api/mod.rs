//! `/api/v1/imports` and `/api/v1/mappings`.

mod imports;
mod mappings;
mod shape;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::pages::Rooms;

/// The operations of this domain.
pub fn api(rooms: Rooms) -> OpenApiRouter<()> {
    OpenApiRouter::new()
        .routes(routes!(imports::list, imports::create))
        .routes(routes!(imports::get, imports::delete))
        .routes(routes!(imports::append))
        .routes(routes!(imports::finish))
        .routes(routes!(imports::suggestions))
        .routes(routes!(imports::set_mapping))
        .routes(routes!(imports::check))
        .routes(routes!(imports::start))
        .routes(routes!(imports::cancel))
        .routes(routes!(imports::revert))
        .routes(routes!(imports::issues))
        .routes(routes!(mappings::list))
        .routes(routes!(mappings::get, mappings::put, mappings::delete))
        .layer(axum::extract::DefaultBodyLimit::max(16 * 1024 * 1024))
        .with_state(rooms)
}
