//! `/api/v1/imports`, `/api/v1/mappings` and `/api/v1/feeds`.

mod imports;
mod mappings;
mod messages;
mod shape;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::pages::Rooms;

/// The operations of this domain.
pub fn api(rooms: Rooms) -> OpenApiRouter<()> {
    let doors = OpenApiRouter::new()
        .routes(routes!(messages::receive))
        .layer(axum::extract::DefaultBodyLimit::max(messages::LONGEST));
    OpenApiRouter::new()
        .routes(routes!(messages::list))
        .routes(routes!(messages::get))
        .routes(routes!(messages::reveal))
        .routes(routes!(messages::replay))
        .routes(routes!(messages::correct))
        .routes(routes!(messages::put_aside))
        .routes(routes!(messages::replay_many))
        .routes(routes!(messages::sources))
        .routes(routes!(messages::set_source))
        .routes(routes!(messages::try_source))
        .routes(routes!(messages::make_key))
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
        .merge(doors)
        .merge(crate::tracking::routes())
        .with_state(rooms)
}
