//! One's own page: who I am, how pages look, where I am signed in, my password.

use access::{SessionId, UserId};
use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use kernel::{Explain, Kind};
use serde::Deserialize;
use uuid::Uuid;

use crate::error::{PageError, PageResult};
use crate::flash::{Toast, own};
use crate::form::{Errors, Fields, Form};
use crate::{Ctx, Web, url};

#[derive(Template)]
#[template(path = "web/me.html")]
struct MePage<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    sessions: Vec<Line>,
}

struct Line {
    id: Uuid,
    device: String,
    address: String,
    seen: DateTime<Utc>,
    current: bool,
}

/// `GET /me`
pub(crate) async fn page(ctx: Ctx, State(web): State<Web>) -> PageResult {
    show(&ctx, &web, &Errors::none()).await
}

pub(super) async fn show(ctx: &Ctx, web: &Web, errors: &Errors) -> PageResult {
    let sessions = web.access.sessions_of(&ctx.actor, UserId::from(ctx.actor.id)).await?;
    let lines = sessions.into_iter().map(|session| Line {
        id: session.id.uuid(),
        device: device(&session.agent),
        address: session.address.reveal().clone(),
        seen: session.last_seen_at,
        current: session.current,
    });
    let page = MePage { ctx, errors, sessions: lines.collect() };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(ctx.page_with(status, &page))
}

/// Browser and system in two words, from what the browser says of itself.
#[must_use]
pub fn device(agent: &str) -> String {
    let find = |names: &[(&str, &str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| (*name).to_owned())
    };
    let browser = find(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = find(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    let words: Vec<String> = [browser, system].into_iter().flatten().collect();
    if words.is_empty() { "–".to_owned() } else { words.join(" · ") }
}

/// `GET /me/token`: the form token of the new session, for a form that outlived the old one.
pub(crate) async fn token(ctx: Ctx) -> Json<serde_json::Value> {
    Json(serde_json::json!({ "csrf": ctx.csrf }))
}

/// `POST /me/sessions/{id}`: ends one.
pub(crate) async fn end_session(
    ctx: Ctx,
    State(web): State<Web>,
    Path(id): Path<Uuid>,
    _form: Fields,
) -> PageResult {
    let _ended = web.access.revoke_session(&ctx.actor, SessionId::from(id)).await?;
    Ok(ctx.see("/me").toast(Toast::good(ctx.t("me-session-ended"))).into_response())
}

/// `POST /me/sessions/others`: ends all but this one.
pub(crate) async fn end_others(ctx: Ctx, State(web): State<Web>, _form: Fields) -> PageResult {
    web.access.revoke_other_sessions(&ctx.actor).await?;
    Ok(ctx.see("/me").toast(Toast::good(ctx.t("me-sessions-ended"))).into_response())
}

#[derive(Template)]
#[template(path = "web/password.html")]
struct PasswordPage<'a> {
    ctx: &'a Ctx,
    /// Where the person was going when they were asked for a new password.
    next: &'a str,
    errors: &'a Errors,
    forced: bool,
}

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    next: String,
}

/// `GET /me/password`
pub(crate) async fn password_page(ctx: Ctx) -> PageResult {
    let forced = ctx.must_change;
    let fields = Fields(url::pairs(&ctx.query));
    let next = own(fields.get("next"));
    Ok(ctx.page(&PasswordPage { ctx: &ctx, next: &next, errors: &Errors::none(), forced }))
}

/// `POST /me/password`
pub(crate) async fn password_send(
    ctx: Ctx,
    State(web): State<Web>,
    Form(form): Form<PasswordForm>,
) -> PageResult {
    let mut errors = Errors::none();
    if form.new != form.again {
        errors.add("again", ctx.t("password-differ"));
    } else if let Err(error) =
        web.access.change_password(&ctx.actor, &form.current, &form.new).await
    {
        errors =
            said(
                &ctx,
                error,
                |code| if code.starts_with("password-wrong") { "current" } else { "new" },
            )?;
    }
    if errors.is_empty() {
        let done = Toast::good(ctx.t("password-done"));
        return Ok(ctx.see(&own(&form.next)).toast(done).into_response());
    }
    let forced = ctx.must_change;
    let page = PasswordPage { ctx: &ctx, next: &own(&form.next), errors: &errors, forced };
    Ok(ctx.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// What the person can put right becomes a sentence beside a field; the rest is an error page.
pub(super) fn said(
    ctx: &Ctx,
    error: access::Error,
    field: impl Fn(&str) -> &'static str,
) -> Result<Errors, PageError> {
    if !matches!(
        error.kind(),
        Kind::Invalid | Kind::Forbidden | Kind::Unauthenticated | Kind::RateLimited
    ) {
        return Err(PageError::from(error));
    }
    let mut errors = Errors::none();
    errors.add(field(error.code()), ctx.tv(&format!("error-{}", error.code()), &error.args()));
    Ok(errors)
}
