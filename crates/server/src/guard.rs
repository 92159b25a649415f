//! What every request passes through, from outside in: an id, a line in the log, a count, the headers
//! that keep browsers safe, a limit on time and size, and a net for faults of ours.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::App;
use app::config::Config;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::{Next, from_fn};
use kernel::Clock;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tracing::Instrument;

use crate::metrics;

/// The browser's rules for every answer. Pages may say more; none may say less.
const HEADERS: &[(header::HeaderName, &str)] = &[
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; \
         form-action 'self'",
    ),
];

/// Puts the guards around `router`.
pub(crate) fn around(router: Router, app: &App, config: &Config) -> Router {
    let seconds = Duration::from_secs(config.server.request_timeout_secs.max(1));
    let https = config.is_https();
    let make_id = Ids(app.clock().clone());
    router
        .layer(DefaultBodyLimit::max(config.server.body_limit_mib.max(1) * 1024 * 1024))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, seconds))
        .layer(CatchPanicLayer::custom(fault))
        .layer(CompressionLayer::new())
        .layer(from_fn(move |request, next| headers(https, request, next)))
        .layer(from_fn(watched))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(make_id))
}

#[derive(Clone)]
struct Ids(Arc<dyn Clock>);

impl MakeRequestId for Ids {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id = kernel::ids::v7(self.0.now()).to_string();
        HeaderValue::from_str(&id).ok().map(RequestId::new)
    }
}

async fn headers(https: bool, request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    let to = response.headers_mut();
    for (name, value) in HEADERS {
        to.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        to.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(year);
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
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let span = tracing::info_span!("request", id, verb, route);
    let began = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    metrics::request(&verb, &route, status, took);
    let ms = took.as_secs_f64() * 1000.0;
    span.in_scope(|| match status {
        500.. => tracing::error!(status, ms, "answered"),
        400.. => tracing::info!(status, ms, "answered"),
        _ => tracing::debug!(status, ms, "answered"),
    });
    response
}

/// A fault of ours: the request ends, the process does not.
#[expect(clippy::needless_pass_by_value, reason = "the shape tower-http asks for")]
fn fault(panic: Box<dyn Any + Send>) -> Response<Body> {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(what, "a handler panicked");
    let body = "{\"type\":\"about:blank\",\"title\":\"Internal fault\",\"status\":500,\
                \"code\":\"internal\"}";
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
