//! The built front end, embedded in the binary. File names carry a hash of their content, so a
//! browser keeps them for ever and never sees an old one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../assets/dist"]
struct Dist;

static MANIFEST: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    Dist::get("manifest.json")
        .and_then(|file| serde_json::from_slice(&file.data).ok())
        .unwrap_or_default()
});

/// Address of a built file: `asset("app.css")` → `/assets/app-1f2e3d.css`.
#[must_use]
pub fn asset(name: &str) -> String {
    let hashed = MANIFEST.get(name).map_or(name, String::as_str);
    format!("/assets/{hashed}")
}

/// Whether the sprite has this icon; a test asks it for every icon a page uses.
#[must_use]
pub fn has_icon(name: &str) -> bool {
    static SPRITE: LazyLock<String> = LazyLock::new(|| {
        MANIFEST
            .get("icons.svg")
            .and_then(|file| Dist::get(file))
            .map(|file| String::from_utf8_lossy(&file.data).into_owned())
            .unwrap_or_default()
    });
    SPRITE.contains(&format!("id=\"{name}\""))
}

/// `GET /assets/{file}`.
pub(crate) async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let zipped = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"))
        .then(|| Dist::get(&format!("{file}.gz")))
        .flatten();
    let encoded = zipped.is_some();
    let Some(found) = zipped.or_else(|| Dist::get(&file)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut answer = Response::new(Body::from(found.data));
    let out = answer.headers_mut();
    out.insert(CONTENT_TYPE, content_type(&file));
    out.insert(CACHE_CONTROL, "public, max-age=31536000, immutable".parse_static());
    out.insert(VARY, "accept-encoding".parse_static());
    if encoded {
        out.insert(CONTENT_ENCODING, "gzip".parse_static());
    }
    answer
}

fn content_type(file: &str) -> axum::http::HeaderValue {
    let text = match file.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "text/plain; charset=utf-8",
    };
    text.parse_static()
}

/// A header value from program text, without a panic on the way.
pub(crate) trait ParseStatic {
    fn parse_static(&'static self) -> axum::http::HeaderValue;
}

impl ParseStatic for str {
    fn parse_static(&'static self) -> axum::http::HeaderValue {
        axum::http::HeaderValue::from_static(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_hashed_and_icons_known() {
        assert!(asset("app.css").starts_with("/assets/app-"), "run script/assets");
        assert!(has_icon("users"));
        assert!(!has_icon("no-such-icon"));
    }
}
