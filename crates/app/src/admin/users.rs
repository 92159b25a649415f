//! Staff accounts.

use access::{
    EditUser, NewUser, OneTimePassword, Role, SessionId, SessionRow, User, UserFilter, UserId,
    UserState, permissions,
};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use kernel::{Explain, Kind};
use serde::Deserialize;
use web::form::{Errors, Fields, Form};
use web::{Ctx, PageError, PageResult, Toast};

use super::{Tab, tabs};
use crate::Rooms;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    state: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "app/users.html")]
struct Users<'a> {
    ctx: &'a Ctx,
    tabs: Vec<Tab>,
    asked: &'a Asked,
    users: Vec<User>,
    roles: Vec<(String, String)>,
    states: Vec<(String, String)>,
    next: Option<String>,
    may_edit: bool,
}

pub(super) async fn list(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let filter = UserFilter {
        search: asked.q.trim().to_owned(),
        role: asked.role.parse().ok(),
        state: UserState::ALL.into_iter().find(|state| state.as_str() == asked.state),
        after: asked.after.clone(),
        limit: 50,
        ..UserFilter::default()
    };
    let page = rooms.access().users(&ctx.actor, &filter).await?;
    let next = page.next.map(|after| {
        let part = |name: &str, value: &str| format!("{name}={}", web::url::encode(value));
        let (q, role) = (part("q", &asked.q), part("role", &asked.role));
        let (state, after) = (part("state", &asked.state), part("after", &after));
        format!("/admin/users?{q}&{role}&{state}&{after}")
    });
    Ok(ctx.page(&Users {
        ctx: &ctx,
        tabs: tabs(&ctx),
        asked: &asked,
        users: page.items,
        roles: with_any(&ctx, "admin-any-role", role_words(&ctx)),
        states: with_any(&ctx, "admin-any-state", state_words(&ctx)),
        next,
        may_edit: ctx.may(permissions::USERS_EDIT.as_str()),
    }))
}

fn with_any(ctx: &Ctx, key: &str, words: Vec<(String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), ctx.t(key))).chain(words).collect()
}

fn role_words(ctx: &Ctx) -> Vec<(String, String)> {
    Role::ALL.iter().map(|role| (role.as_str().to_owned(), ctx.t(&role.text_key()))).collect()
}

fn state_words(ctx: &Ctx) -> Vec<(String, String)> {
    UserState::ALL
        .iter()
        .map(|state| (state.as_str().to_owned(), ctx.t(&state_key(state))))
        .collect()
}

pub(crate) fn state_key(state: &UserState) -> String {
    format!("user-state-{}", state.as_str())
}

/// How loud a state is.
pub(crate) fn state_tone(state: &UserState) -> &'static str {
    match state {
        UserState::Active => "good",
        UserState::Invited => "info",
        UserState::Disabled => "warn",
    }
}

/// What a person typed, so that a refused form comes back as it was.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    version: i64,
}

impl Typed {
    fn roles(&self) -> Vec<Role> {
        self.roles.iter().filter_map(|role| role.parse().ok()).collect()
    }

    fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|chosen| chosen == role)
    }
}

#[derive(Template)]
#[template(path = "app/user_new.html")]
struct NewPage<'a> {
    ctx: &'a Ctx,
    tabs: Vec<Tab>,
    typed: &'a Typed,
    roles: Vec<(String, String)>,
    errors: &'a Errors,
}

fn new_page(ctx: &Ctx, typed: &Typed, errors: &Errors, status: StatusCode) -> PageResult {
    let page = NewPage { ctx, tabs: tabs(ctx), typed, roles: role_words(ctx), errors };
    Ok(ctx.page_with(status, &page))
}

pub(super) async fn blank(ctx: Ctx, State(_): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::USERS_EDIT)?;
    new_page(&ctx, &Typed::default(), &Errors::none(), StatusCode::OK)
}

#[derive(Template)]
#[template(path = "app/user_password.html")]
struct PasswordPage<'a> {
    ctx: &'a Ctx,
    tabs: Vec<Tab>,
    account: &'a OneTimePassword,
}

/// The password is on this answer alone: it is kept nowhere it could be read from again.
fn password_page(ctx: &Ctx, account: &OneTimePassword) -> PageResult {
    Ok(ctx.page(&PasswordPage { ctx, tabs: tabs(ctx), account }))
}

pub(super) async fn invite(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Form(typed): Form<Typed>,
) -> PageResult {
    let errors = lacking(&ctx, &typed);
    if !errors.is_empty() {
        return new_page(&ctx, &typed, &errors, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let user = NewUser {
        email: typed.email.trim().to_owned(),
        name: typed.name.trim().to_owned(),
        roles: typed.roles(),
    };
    match rooms.access().invite(&ctx.actor, user).await {
        Ok(account) => password_page(&ctx, &account),
        Err(error) => {
            let errors = refused(&ctx, error)?;
            new_page(&ctx, &typed, &errors, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

fn lacking(ctx: &Ctx, typed: &Typed) -> Errors {
    let mut errors = Errors::none();
    if !typed.email.contains('@') {
        errors.add("email", ctx.t("admin-email-wrong"));
    }
    if typed.name.trim().is_empty() {
        errors.add("name", ctx.t("admin-name-missing"));
    }
    if typed.roles().is_empty() {
        errors.add("roles", ctx.t("admin-roles-missing"));
    }
    errors
}

/// What the person can put right goes back into the form; the rest is a page of its own.
fn refused(ctx: &Ctx, error: access::Error) -> Result<Errors, PageError> {
    if !matches!(error.kind(), Kind::Invalid | Kind::Conflict) {
        return Err(error.into());
    }
    let mut errors = Errors::none();
    errors.add("", ctx.tv(&format!("error-{}", error.code()), &error.args()));
    Ok(errors)
}

#[derive(Template)]
#[template(path = "app/user.html")]
struct UserPage<'a> {
    ctx: &'a Ctx,
    tabs: Vec<Tab>,
    user: &'a User,
    typed: &'a Typed,
    roles: Vec<(String, String)>,
    sessions: Vec<SessionRow>,
    errors: &'a Errors,
    may_edit: bool,
    is_self: bool,
}

async fn user_page(
    ctx: &Ctx,
    rooms: &Rooms,
    user: &User,
    typed: &Typed,
    errors: &Errors,
) -> PageResult {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let sessions = rooms.access().sessions_of(&ctx.actor, user.id).await?;
    let page = UserPage {
        ctx,
        tabs: tabs(ctx),
        user,
        typed,
        roles: role_words(ctx),
        sessions,
        errors,
        may_edit: ctx.may(permissions::USERS_EDIT.as_str()),
        is_self: user.id.uuid() == ctx.actor.id,
    };
    Ok(ctx.page_with(status, &page))
}

async fn load(ctx: &Ctx, rooms: &Rooms, id: UserId) -> Result<User, PageError> {
    rooms.access().user(&ctx.actor, id).await?.ok_or_else(PageError::not_found)
}

pub(super) async fn show(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<UserId>,
) -> PageResult {
    let user = load(&ctx, &rooms, id).await?;
    let typed = Typed {
        email: user.email.reveal().clone(),
        name: user.name.reveal().clone(),
        roles: user.roles.iter().map(|role| role.as_str().to_owned()).collect(),
        version: user.version,
    };
    user_page(&ctx, &rooms, &user, &typed, &Errors::none()).await
}

pub(super) async fn edit(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<UserId>,
    Form(typed): Form<Typed>,
) -> PageResult {
    let user = load(&ctx, &rooms, id).await?;
    let errors = lacking(&ctx, &typed);
    if !errors.is_empty() {
        return user_page(&ctx, &rooms, &user, &typed, &errors).await;
    }
    let edit = EditUser {
        email: typed.email.trim().to_owned(),
        name: typed.name.trim().to_owned(),
        roles: typed.roles(),
    };
    match rooms.access().edit_user(&ctx.actor, id, typed.version, edit).await {
        Ok(_) => Ok(back_to(&ctx, id, "admin-user-saved")),
        Err(error) => {
            let errors = refused(&ctx, error)?;
            user_page(&ctx, &rooms, &user, &typed, &errors).await
        }
    }
}

fn back_to(ctx: &Ctx, id: UserId, said: &str) -> axum::response::Response {
    ctx.see(&format!("/admin/users/{id}")).toast(Toast::good(ctx.t(said))).into_response()
}

#[derive(Debug, Deserialize)]
pub(super) struct StateForm {
    to: String,
}

pub(super) async fn change_state(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<UserId>,
    Form(form): Form<StateForm>,
) -> PageResult {
    let said = match form.to.as_str() {
        "disabled" => {
            rooms.access().disable_user(&ctx.actor, id).await?.into_inner();
            "admin-user-disabled"
        }
        "active" => {
            rooms.access().enable_user(&ctx.actor, id).await?.into_inner();
            "admin-user-enabled"
        }
        "without-two-factor" => {
            rooms.access().reset_two_factor(&ctx.actor, id).await?.into_inner();
            "admin-two-factor-off"
        }
        _ => return Err(PageError::new(Kind::Invalid, "form")),
    };
    Ok(back_to(&ctx, id, said))
}

pub(super) async fn reset_password(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<UserId>,
    _: Fields,
) -> PageResult {
    let account = rooms.access().reset_password(&ctx.actor, id).await?;
    password_page(&ctx, &account)
}

#[derive(Debug, Deserialize)]
pub(super) struct SessionForm {
    session: SessionId,
}

pub(super) async fn end_session(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<UserId>,
    Form(form): Form<SessionForm>,
) -> PageResult {
    rooms.access().revoke_session(&ctx.actor, form.session).await?.into_inner();
    Ok(back_to(&ctx, id, "admin-session-ended"))
}
