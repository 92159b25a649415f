//! The member who reads a page. A session of staff is never looked at here, nor a member's there.

use std::ops::Deref;

use access::secrets;
use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::Kind;
use loyalty::ledger::AccountState;
use web::form::Fields;
use web::{Look, PageError, See, cookies};

use super::Rooms;
use crate::account::Session;

/// The cookie with a member's session.
pub const MEMBER: &str = "jb_member";
/// Letters of a browser's name.
const DEVICE_LONG: usize = 43;
/// The cookie by which a browser is known again: a random name, of which only the hash is kept.
pub const DEVICE: &str = "jb_device";

/// The page context of a member: everything [`Look`] has, and who they are.
#[derive(Clone, Debug)]
pub struct MyCtx {
    look: Look,
    /// Who is reading, and in which session.
    pub session: Session,
    /// Their form token.
    pub csrf: String,
    /// Nothing can be spent at present; what comes in is credited.
    pub half_frozen: bool,
    /// Hash of the browser's name. A session in a browser without one is a device of its own: a
    /// session that was stolen is not taken for the member's.
    pub device: Vec<u8>,
}

impl Deref for MyCtx {
    type Target = Look;

    fn deref(&self) -> &Look {
        &self.look
    }
}

impl MyCtx {
    /// Whether this is the page at `path`, or one below it.
    #[must_use]
    pub fn is_at(&self, path: &str) -> bool {
        let here = self.path.as_str();
        here == path || (path != "/my" && here.starts_with(&format!("{path}/")))
    }

    /// Another page after a form.
    #[must_use]
    pub fn see(&self, href: &str) -> See {
        See::to(&self.web, href)
    }

    /// A form that came back with what is wrong.
    #[must_use]
    pub fn wrong(&self, template: &impl Template) -> Response {
        let mut answer = self.page(template);
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        answer
    }
}

/// The token in a request's cookie.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, MEMBER)
}

/// The name a browser was given when somebody signed in with it.
pub(super) fn device(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, DEVICE).filter(|name| name.len() == DEVICE_LONG)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let jar = headers.get(COOKIE).and_then(|value| value.to_str().ok())?;
    cookies::get(jar, name).filter(|value| !value.is_empty())
}

impl FromRequestParts<Rooms> for MyCtx {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, rooms: &Rooms) -> Result<Self, Response> {
        let found = match token(&parts.headers) {
            Some(token) => {
                let session = rooms.portal.by_session(token).await;
                let device = secrets::hash(device(&parts.headers).unwrap_or(token));
                session
                    .map_err(|error| PageError::from(error).into_response())?
                    .map(|session| (session, web::form::token_of(&rooms.web, token), device))
            }
            None => None,
        };
        let Some((session, csrf, device)) = found else { return Err(to_sign_in(rooms, parts)) };
        let look = match Look::from_request_parts(parts, rooms).await {
            Ok(look) => look,
            Err(never) => match never {},
        };
        let half_frozen = session.member.state == AccountState::DebitsFrozen;
        let ctx = Self { look, session, csrf, half_frozen, device };
        let leaving = ctx.path == "/my/sign-out";
        match super::door::closed(rooms, &ctx).await {
            Ok(Some(page)) if !leaving => Err(page),
            Ok(_) => Ok(ctx),
            Err(error) => Err(error.into_response()),
        }
    }
}

/// A reader is led to sign in and back; a form learns that the session ended.
fn to_sign_in(rooms: &Rooms, parts: &Parts) -> Response {
    if parts.method != Method::GET {
        return PageError::new(Kind::Unauthenticated, "signed-out").into_response();
    }
    let asked = parts.uri.path_and_query().map_or("/my", |target| target.as_str());
    let href = format!("/my/sign-in?next={}", web::url::encode(asked));
    See::to(&rooms.web, &href).into_response()
}

/// A form a member sent from a page of theirs.
#[derive(Clone, Debug)]
pub(super) struct Posted(pub Fields);

impl FromRequest<Rooms> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, rooms: &Rooms) -> Result<Self, Response> {
        web::form::posted_in(request, &rooms.web, MEMBER).await.map(Self)
    }
}
