//! Pages about members: the list, one account with its statement, what waits for a decision,
//! enrolment; what other pages show of them; and the rules they earn by.

mod account;
mod accruals;
mod cards;
mod chart;
mod deeds;
mod enrol;
mod export;
mod forms;
mod head;
mod limits;
mod lines;
mod list;
mod merge;
mod more;
mod panel;
pub mod programmes;
mod promotions;
mod proposals;
mod propose;
mod reviews;
mod search;
mod statement;
#[cfg(test)]
mod tests;
mod words;

use axum::Router;
use axum::routing::{get, post};
use web::PageError;

use crate::{MemberId, Rooms};

pub use list::LIST;
pub use more::{MemberPanel, Render, above};
pub use panel::panels;
pub use search::search_provider;

/// All pages of this domain.
pub fn pages(rooms: Rooms) -> Router {
    Router::new()
        .route("/members", get(list::page))
        .route("/members/new", get(enrol::ask).post(enrol::enrol))
        .route("/members/proposals", get(proposals::page))
        .route("/members/proposals/{id}", post(proposals::decide))
        .route("/members/reviews", get(reviews::page))
        .route("/members/reviews/{id}", post(reviews::decide))
        .route("/members/limits", get(limits::page).post(limits::add))
        .route("/members/limits/{id}/end", post(limits::end))
        .route("/members/merges/{id}/undo", post(merge::undo))
        .route("/members/{id}", get(account::page))
        .route("/members/{id}/statement", get(statement::page))
        .route("/members/{id}/accruals", get(accruals::page))
        .route("/members/{id}/freeze", get(deeds::ask_freeze).post(deeds::freeze))
        .route("/members/{id}/adjust", get(propose::ask_adjustment).post(propose::adjustment))
        .route("/members/{id}/tier", get(propose::ask_tier).post(propose::tier))
        .route("/members/{id}/tier/end", post(propose::end_tier))
        .route("/members/{id}/nominees", get(deeds::ask_nominee).post(deeds::nominee))
        .route("/members/{id}/nominees/{nominee}/remove", post(deeds::remove_nominee))
        .route("/members/{id}/cards", post(cards::issue))
        .route("/members/{id}/cards/{serial}/block", post(cards::block))
        .route("/members/{id}/merge", get(merge::ask).post(merge::merge))
        .merge(programmes::router())
        .merge(promotions::router())
        .with_state(rooms)
}

/// An id in an address that is none leads to "not found", not to a complaint about its form.
fn id<T: std::str::FromStr>(text: &str) -> Result<T, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

/// The page of a member.
fn href(member: MemberId) -> String {
    format!("/members/{member}")
}

/// A template that does not render is a fault of the program.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn broken(error: askama::Error) -> PageError {
    tracing::error!(%error, "a panel could not be rendered");
    PageError::new(kernel::Kind::Internal, "internal")
}
