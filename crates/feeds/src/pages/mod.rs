//! The import wizard (file, columns, check, import), the history and the mappings; sources and
//! messages.

mod check;
mod history;
mod inspect;
mod map;
mod map_form;
mod mappings;
mod message;
pub(crate) mod messages;
mod new;
mod reading;
mod report;
mod show;
mod source;
mod sources;
mod upload;
mod words;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::routing::{get, post};

use crate::Feeds;

/// A part of an upload is 4 MB; twice that leaves room.
const PART: usize = 8 * 1024 * 1024;

/// What the pages and the API of this domain need.
#[derive(Clone)]
pub struct Rooms {
    /// The web floor.
    pub web: web::Web,
    /// The service.
    pub feeds: Feeds,
}

impl FromRef<Rooms> for web::Web {
    fn from_ref(rooms: &Rooms) -> Self {
        rooms.web.clone()
    }
}

/// The pages of this domain.
pub fn pages(rooms: Rooms) -> Router {
    let parts = Router::new()
        .route("/imports/uploads", post(upload::begin))
        .route("/imports/uploads/{id}", get(upload::state).put(upload::part))
        .route("/imports/uploads/{id}/finish", post(upload::finish))
        .layer(DefaultBodyLimit::max(PART));
    let whole = Router::new()
        .route("/imports/new", get(new::page).post(upload::plain))
        // Streamed to disk; the disk is the limit.
        .layer(DefaultBodyLimit::disable());
    let texts = Router::new()
        .route("/feeds/inspect", get(inspect::page).post(inspect::show))
        .route("/feeds/messages/{id}/correct", post(message::correct))
        .layer(DefaultBodyLimit::max(PART));
    Router::new()
        .route("/imports", get(history::page))
        .route("/imports/samples/{name}", get(new::sample))
        .route("/imports/mappings", get(mappings::page))
        .route("/imports/mappings/{name}", get(mappings::download))
        .route("/imports/mappings/{name}/delete", post(mappings::delete))
        .route("/imports/{id}", get(show::page))
        .route("/imports/{id}/map", get(map::page).post(map::save))
        .route("/imports/{id}/check", get(check::page).post(check::start))
        .route("/imports/{id}/start", post(show::start))
        .route("/imports/{id}/cancel", post(show::cancel))
        .route("/imports/{id}/revert", post(show::revert))
        .route("/imports/{id}/delete", post(show::delete))
        .route("/imports/{id}/issues", get(report::page))
        .route("/imports/{id}/issues.csv", get(report::csv))
        .route("/feeds", get(sources::page))
        .route("/feeds/sources", post(source::save))
        .route("/feeds/sources/new", get(source::new))
        .route("/feeds/sources/{name}", get(source::edit))
        .route("/feeds/sources/{name}/key", post(source::key))
        .route("/feeds/sources/{name}/try", post(source::attempt))
        .route("/feeds/sources/{name}/host-key", post(source::pin))
        .route("/feeds/messages", get(messages::page))
        .route("/feeds/messages/bulk/replay", post(messages::ask))
        .route("/feeds/messages/bulk/replay/run", post(messages::run))
        .route("/feeds/messages/{id}", get(message::page))
        .route("/feeds/messages/{id}/reveal", post(message::reveal))
        .route("/feeds/messages/{id}/replay", post(message::replay))
        .route("/feeds/messages/{id}/drop", post(message::put_aside))
        .merge(texts)
        .merge(parts)
        .merge(whole)
        .with_state(rooms)
}
