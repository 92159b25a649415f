//! Signing in, the first password, and the pages of members who cannot come in as things stand.

use access::secrets;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::{Explain, Kind, Lang};
use serde::Deserialize;
use web::flash::own;
use web::form::{Errors, Fields, StrangerForm};
use web::{CameFrom, Look, PageError, PageResult, See, Toast, cookies};

use super::ctx::{DEVICE, MEMBER, MyCtx, device};
use super::{Rooms, words};
use crate::account::NewSession;
use crate::{Error, Shown};

/// Seconds a browser keeps its name: what browsers allow at most.
const DEVICE_LIFE: i64 = 400 * 24 * 3_600;

/// Programmes to choose from: code and name. One alone is not asked for.
type Choice = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "portal/sign_in.html")]
struct SignIn<'a> {
    ctx: &'a Look,
    programmes: Choice,
    form: &'a Door,
    next: &'a str,
    error: Option<String>,
    shown: Option<Shown>,
}

#[derive(Template)]
#[template(path = "portal/activate.html")]
struct Activate<'a> {
    ctx: &'a Look,
    programmes: Choice,
    form: &'a Door,
    error: Option<String>,
    errors: &'a Errors,
}

#[derive(Template)]
#[template(path = "portal/closed.html")]
struct Closed<'a> {
    ctx: &'a MyCtx,
    text: String,
    hint: String,
    number: String,
    into: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Door {
    #[serde(default)]
    programme: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

async fn choice(rooms: &Rooms, lang: Lang) -> Result<Choice, PageError> {
    let mut choice = Vec::new();
    for code in rooms.portal.programmes().await? {
        let name = rooms.portal.programme_name(&code, lang).await?;
        choice.push((code, name));
    }
    Ok(choice)
}

/// Where a sign-in leads: a page of the portal, home for anything else.
fn next_of(text: &str) -> String {
    let next = own(text);
    let ours = next == "/my" || next.starts_with("/my/") || next.starts_with("/my?");
    if ours && !next.starts_with("/my/sign-in") { next } else { "/my".to_owned() }
}

/// `GET /my/sign-in?next=…`
pub(super) async fn sign_in(look: Look, State(rooms): State<Rooms>) -> PageResult {
    let fields = Fields(web::url::pairs(&look.query));
    let next = next_of(fields.get("next"));
    let form = Door::default();
    let (programmes, shown) = (choice(&rooms, look.lang).await?, rooms.portal.shown().await?);
    let page = SignIn { ctx: &look, programmes, form: &form, next: &next, error: None, shown };
    Ok(look.page(&page))
}

/// `POST /my/sign-in`
pub(super) async fn sign_in_send(
    look: Look,
    State(rooms): State<Rooms>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    StrangerForm(form): StrangerForm<Door>,
) -> PageResult {
    let next = next_of(&form.next);
    let who = (form.programme.as_str(), form.number.as_str());
    match rooms.portal.sign_in(who, &form.password, &origin).await {
        Ok(session) => Ok(enter(&look, &rooms, &session, &headers, &next).await?.into_response()),
        Err(error) => {
            let (error, status) = said(&look, error)?;
            let (programmes, shown) =
                (choice(&rooms, look.lang).await?, rooms.portal.shown().await?);
            let error = Some(error);
            let page = SignIn { ctx: &look, programmes, form: &form, next: &next, error, shown };
            Ok(with(look.page(&page), status))
        }
    }
}

/// `GET /my/activate`
pub(super) async fn activate(look: Look, State(rooms): State<Rooms>) -> PageResult {
    let programmes = choice(&rooms, look.lang).await?;
    let (form, errors) = (Door::default(), Errors::none());
    let page = Activate { ctx: &look, programmes, form: &form, error: None, errors: &errors };
    Ok(look.page(&page))
}

/// `POST /my/activate`
pub(super) async fn activate_send(
    look: Look,
    State(rooms): State<Rooms>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    StrangerForm(form): StrangerForm<Door>,
) -> PageResult {
    let (mut errors, mut error, mut status) =
        (Errors::none(), None, StatusCode::UNPROCESSABLE_ENTITY);
    if form.password != form.again {
        errors.add("again", look.t("password-differ"));
    } else {
        let who = (form.programme.as_str(), form.number.as_str());
        match rooms.portal.activate(who, &form.code, &form.password, &origin).await {
            Ok(session) => {
                let done = Toast::good(look.t("portal-activated"));
                let see = enter(&look, &rooms, &session, &headers, "/my").await?;
                return Ok(see.toast(done).into_response());
            }
            Err(why) if why.code().starts_with("password-") => {
                errors.add("password", said(&look, why)?.0);
            }
            Err(why) => {
                let (sentence, kind) = said(&look, why)?;
                (error, status) = (Some(sentence), kind);
            }
        }
    }
    let programmes = choice(&rooms, look.lang).await?;
    let page = Activate { ctx: &look, programmes, form: &form, error, errors: &errors };
    Ok(with(look.page(&page), status))
}

/// Into the portal with a session, in a browser that is known again by its name.
async fn enter(
    look: &Look,
    rooms: &Rooms,
    session: &NewSession,
    headers: &HeaderMap,
    next: &str,
) -> Result<See, PageError> {
    let name = device(headers).map_or_else(secrets::token, str::to_owned);
    rooms.portal.seen_on(session, &name).await?;
    let life = (session.expires_at - look.now).num_seconds();
    Ok(See::to(&rooms.web, next)
        .cookie(cookies::set(&rooms.web, MEMBER, &session.token, Some(life)))
        .cookie(cookies::set(&rooms.web, DEVICE, &name, Some(DEVICE_LIFE))))
}

fn with(mut answer: Response, status: StatusCode) -> Response {
    *answer.status_mut() = status;
    answer
}

/// What the member can put right in words, with its status; the rest is an error page.
pub(super) fn said(look: &Look, error: Error) -> Result<(String, StatusCode), PageError> {
    let kind = error.kind();
    if !matches!(kind, Kind::Invalid | Kind::Unauthenticated | Kind::RateLimited) {
        return Err(PageError::from(error));
    }
    let status = match kind {
        Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((words::error(look, &error), status))
}

/// The page of a member who is merged, frozen or closed; `None` for all others.
pub(super) async fn closed(rooms: &Rooms, ctx: &MyCtx) -> Result<Option<Response>, PageError> {
    let member = &ctx.session.member;
    let Some(key) = crate::account::hindrance(member) else { return Ok(None) };
    let into = rooms.portal.merged_into(member).await?;
    let number = kernel::member_no::grouped(&member.member_no);
    let into = into.map(|number| kernel::member_no::grouped(&number));
    let (text, hint) = words::both(ctx, key);
    Ok(Some(ctx.page(&Closed { ctx, text, hint, number, into })))
}
