//! Messages carried over one redirect, in a signed cookie, and the redirect that carries them.

use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::{Web, cookies};

/// A short message in the corner of the next page. Its text names no person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toast {
    /// `good`, `info`, `warn` or `bad`.
    pub state: String,
    /// The sentence, in the reader's language.
    pub text: String,
    /// Link after it: address and words.
    pub link: Option<(String, String)>,
    /// Undo: address to post to.
    pub undo: Option<String>,
}

impl Toast {
    fn new(state: &str, text: String) -> Self {
        Self { state: state.to_owned(), text, link: None, undo: None }
    }

    /// Something was done.
    #[must_use]
    pub fn good(text: String) -> Self {
        Self::new("good", text)
    }

    /// Something to know.
    #[must_use]
    pub fn info(text: String) -> Self {
        Self::new("info", text)
    }

    /// Something to look at.
    #[must_use]
    pub fn warn(text: String) -> Self {
        Self::new("warn", text)
    }

    /// Something went wrong.
    #[must_use]
    pub fn bad(text: String) -> Self {
        Self::new("bad", text)
    }

    /// With a link.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.link = Some((href.into(), text.into()));
        self
    }

    /// With a button that posts to `href` and takes the deed back.
    #[must_use]
    pub fn undo(mut self, href: impl Into<String>) -> Self {
        self.undo = Some(href.into());
        self
    }
}

/// `303 See Other`, with messages.
#[derive(Debug)]
pub struct See {
    web: Web,
    href: String,
    toasts: Vec<Toast>,
    cookies: Vec<axum::http::HeaderValue>,
}

impl See {
    /// To a page of ours; anything else leads home, so that no link of a stranger is followed.
    #[must_use]
    pub fn to(web: &Web, href: &str) -> Self {
        Self { web: web.clone(), href: own(href), toasts: Vec::new(), cookies: Vec::new() }
    }

    /// Adds a message.
    #[must_use]
    pub fn toast(mut self, toast: Toast) -> Self {
        self.toasts.push(toast);
        self
    }

    /// Adds a `Set-Cookie` line.
    #[must_use]
    pub fn cookie(mut self, cookie: axum::http::HeaderValue) -> Self {
        self.cookies.push(cookie);
        self
    }
}

impl IntoResponse for See {
    fn into_response(self) -> Response {
        let mut answer = StatusCode::SEE_OTHER.into_response();
        let headers = answer.headers_mut();
        if let Ok(location) = self.href.parse() {
            headers.insert(LOCATION, location);
        }
        for cookie in self.cookies {
            headers.append(SET_COOKIE, cookie);
        }
        if !self.toasts.is_empty() {
            let text = serde_json::to_vec(&self.toasts).unwrap_or_default();
            let text = URL_SAFE_NO_PAD.encode(text);
            let value = format!("{text}.{}", self.web.sign("flash", &text));
            headers.append(SET_COOKIE, cookies::set(&self.web, cookies::FLASH, &value, Some(60)));
        }
        answer
    }
}

/// `href` when it is a path of ours, `/` otherwise.
#[must_use]
pub fn own(href: &str) -> String {
    let ours = href.starts_with('/')
        && !href.starts_with("//")
        && !href.starts_with("/\\")
        && href.len() <= 4000
        && href.bytes().all(|b| b.is_ascii_graphic());
    if ours { href.to_owned() } else { "/".to_owned() }
}

pub(crate) fn read(web: &Web, jar: &str) -> Vec<Toast> {
    let Some((text, signature)) = cookies::get(jar, cookies::FLASH).and_then(|v| v.split_once('.'))
    else {
        return Vec::new();
    };
    if !web.signed("flash", text, signature) {
        return Vec::new();
    }
    let json = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    serde_json::from_slice(&json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn only_own_paths_are_followed() {
        assert_eq!(own("/customers?sort=-km"), "/customers?sort=-km");
        for foreign in ["https://x.example", "//x.example", "/\\x.example", "", "/a\r\nb", "/中"] {
            assert_eq!(own(foreign), "/");
        }
    }
}
