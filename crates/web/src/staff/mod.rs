//! Pages every member of staff has: signing in, own settings, jobs, search.

mod jobs;
mod me;
mod notices;
mod search;
mod settings;
mod sign_in;
mod two_factor;

use axum::Router;
use axum::routing::{get, post};

pub use self::me::device;
pub use self::sign_in::CameFrom;

use crate::list::saved;
use crate::{Look, Web};

/// All of them.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route("/sign-in", get(sign_in::page).post(sign_in::send))
        .route("/signed-in", get(sign_in::signed_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/settings", post(settings::change))
        .route("/me", get(me::page))
        .route("/me/token", get(me::token))
        .route("/me/password", get(me::password_page).post(me::password_send))
        .route("/me/sessions/others", post(me::end_others))
        .route("/me/sessions/{id}", post(me::end_session))
        .route("/me/two-factor", get(two_factor::page).post(two_factor::confirm))
        .route("/me/two-factor/off", post(two_factor::off))
        .route("/jobs", get(jobs::page))
        .route("/jobs/news", get(jobs::news))
        .route("/jobs/{id}/cancel", post(jobs::cancel))
        .route("/notices", get(notices::page))
        .route("/notices/read", post(notices::read_all))
        .route("/notices/{id}", get(notices::open))
        .route("/search", get(search::page).post(search::send))
        .route("/search/hits", post(search::hits))
        .route("/views", post(saved::create))
        .route("/views/{id}", post(saved::change))
}

/// A job's name in words: `feeds.import` is the text `job-feeds-import`.
pub(crate) fn job_name(look: &Look, kind: &str) -> String {
    look.t(&format!("job-{}", kind.replace(['.', '_'], "-")))
}
