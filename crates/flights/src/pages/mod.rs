//! Pages of flights, and what flights show on the 360° page: panels and the trips of the timeline.

mod bookings;
mod flight;
mod list;
mod panels;
#[cfg(test)]
pub(crate) mod tests;
mod words;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use web::PageError;

use crate::Flights;

pub use list::LIST;
pub use panels::panels;

/// What the pages and the API of this domain need.
#[derive(Clone)]
pub struct Rooms {
    /// The web floor.
    pub web: web::Web,
    /// The service.
    pub flights: Flights,
}

impl FromRef<Rooms> for web::Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

/// All pages of this domain.
pub fn pages(rooms: Rooms) -> Router {
    Router::new()
        .route("/flights", get(list::page))
        .route("/flights/{designator}/{date}", get(flight::page))
        .route("/flights/{designator}/{date}/passengers", get(list::passengers))
        .with_state(rooms)
}

/// A template that does not render is a fault of the program.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn broken(error: askama::Error) -> PageError {
    tracing::error!(%error, "a panel could not be rendered");
    PageError::new(kernel::Kind::Internal, "internal")
}
