//! The pages of value: overview, a run, comparing two, schemes; and what the customer page shows.

mod compare;
mod overview;
mod panel;
mod run;
mod runs;
mod schemes;
mod view;

use axum::Router;
use axum::routing::{get, post};
use web::Web;

use crate::Value;

pub use panel::panels;

/// What the pages need.
#[derive(Clone)]
pub struct Rooms {
    /// The shell.
    pub web: Web,
    /// The service.
    pub value: Value,
}

impl std::fmt::Debug for Rooms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("value::Rooms")
    }
}

impl axum::extract::FromRef<Rooms> for Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

/// The routes.
pub fn pages(rooms: Rooms) -> Router {
    Router::new()
        .route("/value", get(overview::page))
        .route("/value/runs", get(runs::list).post(runs::start))
        .route("/value/runs/new", get(runs::form))
        .route("/value/runs/{id}", get(run::page))
        .route("/value/runs/{id}/publish", post(runs::publish))
        .route("/value/runs/{id}/choose-k", post(runs::choose_k))
        .route("/value/runs/{id}/dropped", get(run::dropped))
        .route("/value/runs/{id}/export", get(runs::export))
        .route("/value/compare", get(compare::page))
        .route("/value/moved", get(compare::moved))
        .route("/value/schemes", get(schemes::list))
        .route("/value/schemes/new", get(schemes::fresh).post(schemes::add))
        .route("/value/schemes/{id}", get(schemes::page).post(schemes::save))
        .with_state(rooms)
}
