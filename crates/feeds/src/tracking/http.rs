//! The tracking API over HTTP: `/v1/…`, Basic authentication with a write key.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;

use super::call::{self, Bad, LARGEST_BATCH};
use super::keep;
use crate::pages::Rooms;

/// The calls of pages and apps. Not part of the OpenAPI document: the specification is Segment's.
pub(crate) fn routes() -> OpenApiRouter<Rooms> {
    OpenApiRouter::new()
        .route("/v1/{method}", post(take).options(asked_first))
        .layer(DefaultBodyLimit::max(LARGEST_BATCH + 1))
}

/// Pages of other origins may send, and read nothing but whether it was taken.
const OPEN: [(HeaderName, HeaderValue); 3] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST")),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type")),
];

async fn asked_first() -> Response {
    (StatusCode::NO_CONTENT, OPEN).into_response()
}

async fn take(
    State(rooms): State<Rooms>,
    Path(method): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let feeds = &rooms.feeds;
    let source = match write_key(&headers) {
        Some(key) => keep::source_of(feeds, &key).await,
        None => Ok(None),
    };
    let source = match source {
        Ok(Some(source)) => source,
        Ok(None) => return no(StatusCode::UNAUTHORIZED, "the write key is missing or unknown"),
        Err(_) => return no(StatusCode::SERVICE_UNAVAILABLE, "try later"),
    };
    let calls = match call::calls(&method, &body, feeds.now()) {
        Ok(calls) => calls,
        Err(bad @ Bad::Long) => return no(StatusCode::PAYLOAD_TOO_LARGE, &bad.to_string()),
        Err(bad @ Bad::Method) => return no(StatusCode::NOT_FOUND, &bad.to_string()),
        Err(bad) => return no(StatusCode::BAD_REQUEST, &bad.to_string()),
    };
    match feeds.keep_calls(source, calls).await {
        Ok(_) => (StatusCode::OK, OPEN, Json(json!({ "success": true }))).into_response(),
        Err(error) => {
            let code = kernel::Explain::code(&error);
            tracing::error!(code, "web events were not kept");
            no(StatusCode::SERVICE_UNAVAILABLE, "try later")
        }
    }
}

fn no(status: StatusCode, why: &str) -> Response {
    (status, OPEN, Json(json!({ "success": false, "message": why }))).into_response()
}

/// The key is the user name; the password is empty.
fn write_key(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, sent) = sent.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let plain = String::from_utf8(STANDARD.decode(sent.trim()).ok()?).ok()?;
    let (key, _) = plain.split_once(':').unwrap_or((&plain, ""));
    Some(key.to_owned()).filter(|key| !key.is_empty() && key.len() < 200)
}
