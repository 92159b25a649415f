//! Who the member is, where they are signed in, their password, and signing out.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use customers::ContactKind;
use kernel::{Explain, Uuid};
use web::form::Errors;
use web::{Look, PageError, PageResult, See, Toast, cookies};

use super::Rooms;
use super::ctx::{MEMBER, MyCtx, Posted, token};
use super::door::said;
use crate::{Error, SessionId};

/// A session in words.
struct SessionView {
    id: Uuid,
    device: String,
    address: String,
    seen: DateTime<Utc>,
    current: bool,
}

#[derive(Template)]
#[template(path = "portal/profile.html")]
struct Profile<'a> {
    ctx: &'a MyCtx,
    name: String,
    second: Option<String>,
    number: String,
    programme: String,
    since: chrono::NaiveDate,
    phones: Vec<String>,
    emails: Vec<String>,
    sessions: Vec<SessionView>,
}

/// `GET /my/profile`
pub(super) async fn page(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let (portal, member) = (&rooms.portal, &ctx.session.member);
    let card = portal.card(member).await?;
    let contacts = portal.contacts(member).await?;
    let of = |kind: ContactKind| {
        let of = contacts.iter().filter(move |contact| contact.kind == kind);
        of.map(|contact| contact.masked.clone()).collect()
    };
    let sessions = portal.sessions(&ctx.session).await?.into_iter().map(|row| SessionView {
        id: row.id.uuid(),
        device: web::device(&row.agent),
        address: row.address.reveal().clone(),
        seen: row.last_seen_at,
        current: row.current,
    });
    let page = Profile {
        name: ctx.name(&card.name),
        second: ctx.name2(&card.name),
        number: kernel::member_no::grouped(&member.member_no),
        programme: portal.programme_name(&member.programme, ctx.lang).await?,
        since: member.enrolled_at.with_timezone(&ctx.zone).date_naive(),
        phones: of(ContactKind::Phone),
        emails: of(ContactKind::Email),
        sessions: sessions.collect(),
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

/// `POST /my/sessions/{id}`: ends one.
pub(super) async fn end_session(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    _form: Posted,
) -> PageResult {
    let id: Uuid = id.parse().map_err(|_| PageError::from(Error::NotFound))?;
    let ended = rooms.portal.end_session(&ctx.session, SessionId::from(id)).await?;
    let told = match ended {
        kernel::Outcome::Done(()) => Toast::good(ctx.t("me-session-ended")),
        kernel::Outcome::AlreadyDone(()) => Toast::info(ctx.t("portal-session-gone")),
    };
    Ok(ctx.see("/my/profile").toast(told).into_response())
}

/// `POST /my/sessions/others`: ends all but this one.
pub(super) async fn end_others(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    _form: Posted,
) -> PageResult {
    let _ = rooms.portal.end_other_sessions(&ctx.session).await?;
    Ok(ctx.see("/my/profile").toast(Toast::good(ctx.t("me-sessions-ended"))).into_response())
}

/// `POST /my/sign-out`
pub(super) async fn sign_out(
    look: Look,
    State(rooms): State<Rooms>,
    headers: HeaderMap,
    _form: Posted,
) -> PageResult {
    if let Some(token) = token(&headers) {
        rooms.portal.sign_out(token).await?;
    }
    Ok(See::to(&rooms.web, "/my/sign-in")
        .cookie(cookies::set(&rooms.web, MEMBER, "", Some(0)))
        .toast(Toast::info(look.t("signed-out-done")))
        .into_response())
}

#[derive(Template)]
#[template(path = "portal/password.html")]
struct Password<'a> {
    ctx: &'a MyCtx,
    errors: &'a Errors,
}

/// `GET /my/password`
pub(super) async fn password(ctx: MyCtx) -> PageResult {
    Ok(ctx.page(&Password { ctx: &ctx, errors: &Errors::none() }))
}

/// `POST /my/password`
pub(super) async fn password_send(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    Posted(form): Posted,
) -> PageResult {
    let mut errors = Errors::none();
    let (current, new) = (form.get("current"), form.get("new"));
    if new != form.get("again") {
        errors.add("again", ctx.t("password-differ"));
    } else if let Err(error) = rooms.portal.change_password(&ctx.session, current, new).await {
        let weak = error.code().starts_with("password-") && error.code() != "password-wrong";
        errors.add(if weak { "new" } else { "current" }, said(&ctx, error)?.0);
    }
    if errors.is_empty() {
        let done = Toast::good(ctx.t("portal-password-done"));
        return Ok(ctx.see("/my/profile").toast(done).into_response());
    }
    Ok(ctx.wrong(&Password { ctx: &ctx, errors: &errors }))
}
