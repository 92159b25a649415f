//! The pages of loyalty.

pub mod programmes;

use axum::Router;

use crate::Rooms;

/// The routes.
pub fn pages(rooms: Rooms) -> Router {
    Router::new().merge(programmes::router()).with_state(rooms)
}
