//! The layer between handlers and the network: failures become pages or problem+json, and every
//! answer carries the security headers and its request id.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use axum::http::request::Parts as RequestParts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Kind;

use crate::error::{Failure, status};
use crate::{Ctx, Look, MEMBERS, Web};

/// No inline script, no inline style, nothing from elsewhere, no framing.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; \
     form-action 'self'";

/// The id of a request: in the log, in the answer's `x-request-id` and on error pages.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

#[derive(Template)]
#[template(path = "web/error.html")]
struct ErrorPage<'a> {
    ctx: &'a Ctx,
    said: &'a Said,
}

#[derive(Template)]
#[template(path = "web/error_bare.html")]
struct BareErrorPage<'a> {
    ctx: &'a Look,
    said: &'a Said,
}

/// A failure in words.
pub(crate) struct Said {
    pub status: u16,
    pub title: String,
    pub hint: String,
    pub code: &'static str,
    pub request: String,
    /// The link's filter is at fault: the list without it is offered.
    pub filter: bool,
    /// Where the reader begins, and where they sign in.
    pub home: &'static str,
    pub door: &'static str,
}

impl Said {
    fn of(look: &Look, failure: &Failure, request: &str) -> Self {
        let key = format!("error-{}", failure.code);
        let hint = format!("{key}-hint");
        let known = look.has(&key);
        let args = worded(look, &failure.args);
        let title = if known { look.tv(&key, &args) } else { look.t("error-internal") };
        let hint = if look.has(&hint) { look.tv(&hint, &args) } else { String::new() };
        let status = status(failure.kind).as_u16();
        let filter = failure.code.starts_with("list-filter");
        let (home, door) = match of_members(&look.path) {
            true => (MEMBERS, "/my/sign-in"),
            false => ("/", "/sign-in"),
        };
        let request = request.to_owned();
        Self { status, title, hint, code: failure.code, request, filter, home, door }
    }
}

fn of_members(path: &str) -> bool {
    path.strip_prefix(MEMBERS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A permission's name is followed by what it means in the reader's language.
fn worded(look: &Look, args: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    let word = |(name, value): &(&'static str, String)| {
        let key = format!("permission-{}", value.replace('.', "-"));
        let value = match *name == "permission" && look.has(&key) {
            true => look.t2("error-permission", "text", look.t(&key), "name", value),
            false => value.clone(),
        };
        (*name, value)
    };
    args.iter().map(word).collect()
}

/// Wraps every request of the program.
pub(crate) async fn layer(State(web): State<Web>, request: Request, next: Next) -> Response {
    let id = kernel::ids::v7(web.clock.now()).simple().to_string();
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(RequestId(id.clone()));
    let asked = copy(&parts);
    let mut answer = next.run(Request::from_parts(parts, body)).await;
    if let Some(failure) = failure_of(&mut answer) {
        answer = match without_slash(&asked).filter(|_| failure.code == "not-found") {
            Some(path) => axum::response::Redirect::permanent(&path).into_response(),
            None => {
                log(&failure, &id, &asked);
                told(&web, &asked, &failure, &id).await
            }
        };
    }
    unfollowed(&mut answer, &asked);
    dress(&mut answer, &id, &asked);
    answer
}

/// The address without the slash at its end, for addresses typed with one. Never another host's.
fn without_slash(asked: &RequestParts) -> Option<String> {
    let path = asked.uri.path();
    let reading = matches!(asked.method, Method::GET | Method::HEAD);
    let short = path.strip_suffix('/').filter(|short| reading && short.len() > 1)?;
    if path.contains("//") {
        return None;
    }
    let query = asked.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{short}{query}"))
}

/// Failures say so; axum's own refusals (no such path, wrong method, too large) are given words.
fn failure_of(answer: &mut Response) -> Option<Failure> {
    if let Some(failure) = answer.extensions_mut().remove::<Failure>() {
        return Some(failure);
    }
    let plain = answer
        .headers()
        .get(CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !plain {
        return None;
    }
    match answer.status() {
        StatusCode::NOT_FOUND => Some(Failure::new(Kind::NotFound, "not-found")),
        StatusCode::METHOD_NOT_ALLOWED => Some(Failure::new(Kind::NotFound, "method")),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Failure::new(Kind::TooLarge, "too-large")),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            Some(Failure::new(Kind::Invalid, "form"))
        }
        StatusCode::INTERNAL_SERVER_ERROR => Some(Failure::new(Kind::Internal, "internal")),
        _ => None,
    }
}

/// The head of the request, for rendering the page around a failure.
fn copy(parts: &RequestParts) -> RequestParts {
    let (mut copy, ()) = Request::new(()).into_parts();
    copy.method = parts.method.clone();
    copy.uri = parts.uri.clone();
    copy.headers = parts.headers.clone();
    copy
}

/// A fault of ours is logged once, here, with everything that led to it; never with the query.
fn log(failure: &Failure, id: &str, asked: &RequestParts) {
    if !matches!(failure.kind, Kind::Internal | Kind::Unavailable) {
        return;
    }
    let mut why = String::new();
    let mut next: Option<&dyn std::error::Error> =
        failure.source.as_deref().map(|e| e as &dyn std::error::Error);
    while let Some(error) = next {
        if !why.is_empty() {
            why.push_str(": ");
        }
        why.push_str(&error.to_string());
        next = error.source();
    }
    let (method, path) = (asked.method.as_str(), asked.uri.path());
    tracing::error!(request = id, method, path, code = failure.code, why, "request failed");
}

/// Whether the caller wants JSON.
fn machine(asked: &RequestParts) -> bool {
    let accept = asked.headers.get(ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    asked.uri.path().starts_with("/api/v") || accept.starts_with("application/")
}

async fn told(web: &Web, asked: &RequestParts, failure: &Failure, id: &str) -> Response {
    let reader = match of_members(asked.uri.path()) {
        true => None,
        false => Ctx::of(web, asked).await.ok().flatten(),
    };
    let code = status(failure.kind);
    if machine(asked) {
        let look = reader.as_deref().cloned().unwrap_or_else(|| Look::of(web, asked));
        return problem(&look, failure, id);
    }
    let mut answer = match reader {
        Some(ctx) => {
            let said = Said::of(&ctx, failure, id);
            ctx.page(&ErrorPage { ctx: &ctx, said: &said })
        }
        None => {
            let look = Look::of(web, asked);
            let said = Said::of(&look, failure, id);
            look.page(&BareErrorPage { ctx: &look, said: &said })
        }
    };
    *answer.status_mut() = code;
    answer
}

/// RFC 9457.
fn problem(look: &Look, failure: &Failure, id: &str) -> Response {
    let said = Said::of(look, failure, id);
    let mut json = serde_json::json!({
        "type": format!("/api#problem-{}", said.code),
        "title": said.title,
        "status": said.status,
        "code": said.code,
        "instance": format!("urn:request:{id}"),
    });
    if !said.hint.is_empty() {
        json["detail"] = said.hint.into();
    }
    let mut answer = (status(failure.kind), json.to_string()).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

/// A script that sent a form goes to the next page itself: were it to follow the redirect, it would
/// use up the messages meant for the reader.
fn unfollowed(answer: &mut Response, asked: &RequestParts) {
    if answer.status() != StatusCode::SEE_OTHER || !asked.headers.contains_key("jb-guard") {
        return;
    }
    if let Some(location) = answer.headers_mut().remove(LOCATION) {
        answer.headers_mut().insert(HeaderName::from_static("jb-location"), location);
        *answer.status_mut() = StatusCode::NO_CONTENT;
    }
}

fn dress(answer: &mut Response, id: &str, asked: &RequestParts) {
    let fixed = [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ];
    let headers = answer.headers_mut();
    // A sprite or a logo is not a page; its own drawing rules stay.
    let skip = usize::from(asked.uri.path().starts_with("/assets/"));
    for (name, value) in fixed.into_iter().skip(skip) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}
