//! What flights show on the 360° page: panels and the trips of the timeline.

mod panels;

use axum::extract::FromRef;

use crate::Flights;

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
