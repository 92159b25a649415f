//! The outermost assembly: our own pages, the assets, and the layers around everything.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::{Web, assets, refuse, staff};

/// Largest body of a form. Uploads set their own limit on their routes.
const FORM: usize = 2 * 1024 * 1024;

/// The program's router: `domains` (pages and API, already with their state), our own pages and the
/// layers. `Router<()>`, ready to serve; `server` adds tracing, metrics and time limits outside.
pub fn finish(web: &Web, domains: Router) -> Router {
    let own = staff::router().with_state(web.clone());
    // Files of rows are streamed as they are: their readers want progress, not compression.
    let worth = SizeAbove::new(1024)
        .and(NotForContentType::const_new("text/csv"))
        .and(NotForContentType::const_new("application/vnd"))
        .and(NotForContentType::const_new("image/png"));
    Router::new()
        .merge(domains)
        .merge(own)
        .route("/assets/{file}", get(assets::serve))
        .layer(DefaultBodyLimit::max(FORM))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(web.clone(), refuse::layer))
        .layer(CompressionLayer::new().compress_when(worth))
}
