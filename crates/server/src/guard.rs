//! What every request passes through, from outside in: a line in the log and a count, a limit on time.
//! Ids, security headers, compression, limits on size and the words of failures are the web floor's
//! (`web::finish`).

use std::time::{Duration, Instant};

use app::config::Config;
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::{Next, from_fn};
use tower_http::timeout::TimeoutLayer;
use tracing::Instrument;

use crate::metrics;

/// Puts the guards around `router`.
pub(crate) fn around(router: Router, config: &Config) -> Router {
    let seconds = Duration::from_secs(config.server.request_timeout_secs.max(1));
    let https = config.is_https();
    router
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, seconds))
        .layer(from_fn(move |request, next| strict_transport(https, request, next)))
        .layer(from_fn(watched))
}

/// Behind TLS, browsers are told never to come without it.
async fn strict_transport(https: bool, request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// One line and one count for each request. Addresses stay out of both: they may name a person.
async fn watched(request: Request, next: Next) -> Response<Body> {
    let verb = request.method().to_string();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", verb, route);
    let began = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    metrics::request(&verb, &route, status, took);
    let ms = took.as_secs_f64() * 1000.0;
    let id =
        response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    span.in_scope(|| match status {
        500.. => tracing::error!(id, status, ms, "answered"),
        400.. => tracing::info!(id, status, ms, "answered"),
        _ => tracing::debug!(id, status, ms, "answered"),
    });
    response
}
