//! Pages about benefits: a panel and a page of each member, forms, the answer for a flight, and the
//! catalogue by tiers.

mod ask;
mod catalogue;
mod forms;
mod member;
mod record;
#[cfg(test)]
mod tests;
mod words;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{get, post};
use loyalty::MemberId;
use web::{PageError, Web};

use crate::Benefits;

pub use member::panel;

/// What pages and operations of this domain stand on.
#[derive(Clone, Debug)]
pub struct Rooms {
    /// The floor.
    pub web: Web,
    /// The service.
    pub benefits: Benefits,
    /// Rooms of the member's pages: the head above ours is theirs.
    pub loyalty: loyalty::Rooms,
}

impl FromRef<Rooms> for Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

/// All pages of this domain.
pub fn pages(rooms: Rooms) -> Router {
    Router::new()
        .route("/benefits", get(catalogue::page))
        .route("/members/{id}/benefits", get(member::page))
        .route("/members/{id}/benefits/flight", get(ask::page))
        .route("/members/{id}/benefits/use", get(record::ask_use).post(record::record_use))
        .route("/members/{id}/benefits/uses/{one}/undo", post(record::undo_use))
        .route("/members/{id}/benefits/choose", post(record::choose))
        .route("/members/{id}/benefits/choices/{one}/undo", post(record::undo_choice))
        .route("/members/{id}/benefits/grant", get(record::ask_grant).post(record::grant))
        .route("/members/{id}/benefits/grants/{one}/end", post(record::end_grant))
        .with_state(rooms)
}

/// An id in an address that is none leads to "not found".
fn id<T: std::str::FromStr>(text: &str) -> Result<T, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

fn href(member: MemberId) -> String {
    format!("/members/{member}/benefits")
}
