//! x
use axum::Router;

use crate::Rooms;

/// The routes.
pub fn router() -> Router<Rooms> {
    Router::new()
}
