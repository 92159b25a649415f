//! Signing in, in one or two steps, and out.

use access::{NewSession, Origin, SignIn};
use askama::Template;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::{Explain, Kind};
use serde::Deserialize;

use crate::error::{PageError, PageResult};
use crate::flash::{See, Toast, own};
use crate::form::{Fields, StrangerForm};
use crate::{Look, Web, cookies, url};

/// Half a sign-in waits in this cookie for its code.
const TICKET: &str = "jb_ticket";

#[derive(Template)]
#[template(path = "web/sign_in.html")]
struct SignInPage<'a> {
    ctx: &'a Look,
    next: &'a str,
    email: &'a str,
    error: Option<String>,
    ask_code: bool,
}

#[derive(Template)]
#[template(path = "web/signed_in.html")]
struct SignedInPage<'a> {
    ctx: &'a Look,
}

/// Where a request came from, for throttling and the list of sessions.
#[derive(Clone, Debug)]
pub struct CameFrom(pub Origin);

impl<S: Send + Sync> FromRequestParts<S> for CameFrom {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let address = parts
            .extensions
            .get::<axum::extract::ConnectInfo<std::net::SocketAddr>>()
            .map(|info| info.0.ip());
        let agent = parts.headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Self(Origin { address, agent: agent.to_owned() }))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    next: String,
}

/// `GET /sign-in?next=…`
pub(crate) async fn page(look: Look) -> PageResult {
    let fields = Fields(url::pairs(&look.query));
    let next = own(fields.get("next"));
    Ok(look.page(&SignInPage { ctx: &look, next: &next, email: "", error: None, ask_code: false }))
}

/// `POST /sign-in`: the password, or the code of the second step.
pub(crate) async fn send(
    look: Look,
    State(web): State<Web>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    StrangerForm(form): StrangerForm<SignInForm>,
) -> PageResult {
    let next = own(&form.next);
    let jar = headers.get(COOKIE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let ticket = cookies::get(jar, TICKET).filter(|ticket| !ticket.is_empty());
    let tried = match (ticket, form.code.as_deref()) {
        (Some(ticket), Some(code)) => {
            web.access.second_factor(ticket, code, &origin).await.map(|s| SignIn::Done(s.into()))
        }
        _ => web.access.sign_in(&form.email, &form.password, None, &origin).await,
    };
    match tried {
        Ok(SignIn::Done(session)) => Ok(enter(&look, &web, &session, &next)),
        Ok(SignIn::SecondFactor(ticket)) => {
            let life = (ticket.expires_at - look.now).num_seconds();
            let page =
                SignInPage { ctx: &look, next: &next, email: "", error: None, ask_code: true };
            let mut answer = look.page(&page);
            let cookie = cookies::set(&web, TICKET, &ticket.token, Some(life));
            answer.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
            Ok(answer)
        }
        Err(error) => refused(&look, &form, &next, ticket.is_some(), error),
    }
}

fn enter(look: &Look, web: &Web, session: &NewSession, next: &str) -> Response {
    let life = (session.expires_at - look.now).num_seconds();
    See::to(web, next)
        .cookie(cookies::set(web, cookies::SESSION, &session.token, Some(life)))
        .cookie(cookies::set(web, TICKET, "", Some(0)))
        .into_response()
}

/// The form again, with the reason; what was typed stays, but for the password.
fn refused(
    look: &Look,
    form: &SignInForm,
    next: &str,
    second: bool,
    error: access::Error,
) -> PageResult {
    if matches!(error.kind(), Kind::Internal | Kind::Unavailable) {
        return Err(PageError::from(error));
    }
    let key = format!("error-{}", error.code());
    let hint = format!("{key}-hint");
    let mut text = look.tv(&key, &error.args());
    if look.has(&hint) {
        text = format!("{text}{}{}", look.t("sentence-gap"), look.tv(&hint, &error.args()));
    }
    // A code that does not fit may be tried again; an ended ticket begins anew.
    let ask_code = second && form.code.is_some() && error.code() != "ticket-ended";
    let page = SignInPage { ctx: look, next, email: &form.email, error: Some(text), ask_code };
    let mut answer = look.page(&page);
    *answer.status_mut() = match error.kind() {
        Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(answer)
}

/// `GET /signed-in`: the tab opened for signing in during a form.
pub(crate) async fn signed_in(look: Look) -> PageResult {
    Ok(look.page(&SignedInPage { ctx: &look }))
}

/// `POST /sign-out`
pub(crate) async fn sign_out(
    look: Look,
    State(web): State<Web>,
    headers: HeaderMap,
    _form: Fields,
) -> PageResult {
    let jar = headers.get(COOKIE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if let Some(token) = cookies::get(jar, cookies::SESSION) {
        web.access.sign_out(token).await?;
    }
    Ok(See::to(&web, "/sign-in")
        .cookie(cookies::set(&web, cookies::SESSION, "", Some(0)))
        .toast(Toast::info(look.t("signed-out-done")))
        .into_response())
}
