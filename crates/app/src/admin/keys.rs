//! API keys: one's own, and for administrators everybody's.

use access::{ApiKey, ApiKeyId, KeyState, NewKey, permissions};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::Duration;
use kernel::{Explain, Kind, Personal};
use serde::Deserialize;
use store::idempotency::{self, Claim};
use uuid::Uuid;
use web::form::{Errors, Fields, Form};
use web::{Ctx, PageResult, Toast};

use super::{Tab, tabs};
use crate::Rooms;

/// Days a key may live, as offered in the form.
const LIFETIMES: [i64; 4] = [30, 90, 365, 730];

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    days: String,
    /// One form makes one key, however often it is sent.
    #[serde(default)]
    form: String,
}

impl Default for Typed {
    fn default() -> Self {
        let (name, form) = (String::new(), String::new());
        Self { name, scopes: Vec::new(), days: "90".to_owned(), form }
    }
}

/// The rights of one domain, as offered in the form.
struct Domain {
    text: String,
    /// `customers.*`
    all: String,
    /// Scope and what it lets do.
    scopes: Vec<(String, String)>,
    open: bool,
}

/// Scopes by domain. Wildcards below a domain (`access.users.*`) are left to the API.
fn domains(ctx: &Ctx, offered: &[String], chosen: &[String]) -> Vec<Domain> {
    let mut domains: Vec<Domain> = Vec::new();
    for scope in offered.iter().filter(|scope| !scope.ends_with(".*")) {
        let name = scope.split('.').next().unwrap_or_default();
        let all = format!("{name}.*");
        if domains.last().is_none_or(|domain| domain.all != all) {
            domains.push(Domain {
                text: ctx.t(&format!("permission-domain-{name}")),
                open: chosen.iter().any(|one| one.starts_with(&all[..=name.len()])),
                scopes: Vec::new(),
                all,
            });
        }
        if let Some(domain) = domains.last_mut() {
            let text = ctx.t(&format!("permission-{}", scope.replace('.', "-")));
            domain.scopes.push((scope.clone(), text));
        }
    }
    domains
}

struct Line {
    key: ApiKey,
    state: KeyState,
}

#[derive(Template)]
#[template(path = "app/keys.html")]
struct Keys<'a> {
    ctx: &'a Ctx,
    tabs: Vec<Tab>,
    keys: Vec<Line>,
    domains: Vec<Domain>,
    lifetimes: Vec<(String, String)>,
    typed: &'a Typed,
    errors: &'a Errors,
    /// A new one each time the page is made.
    form: Uuid,
    created: Option<&'a Personal<String>>,
    everybody: bool,
}

async fn page(
    ctx: &Ctx,
    rooms: &Rooms,
    typed: &Typed,
    errors: &Errors,
    created: Option<&Personal<String>>,
) -> PageResult {
    let everybody = ctx.may(permissions::KEYS_MANAGE.as_str());
    let of = (!everybody).then(|| ctx.actor.id.into());
    let keys = rooms.access().keys(&ctx.actor, of).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let days = |days: &i64| (days.to_string(), ctx.t1("admin-key-days", "n", *days));
    let page = Keys {
        ctx,
        tabs: tabs(ctx),
        keys: keys.into_iter().map(|key| Line { state: key.state(ctx.now), key }).collect(),
        domains: domains(ctx, &rooms.access().scopes_for(&ctx.actor), &typed.scopes),
        lifetimes: LIFETIMES.iter().map(days).collect(),
        typed,
        errors,
        form: kernel::ids::v7(ctx.now),
        created,
        everybody,
    };
    Ok(ctx.page_with(status, &page))
}

/// How loud a state is.
pub(crate) fn tone(state: &KeyState) -> &'static str {
    match state {
        KeyState::Active => "good",
        KeyState::Expired => "warn",
        KeyState::Revoked => "",
    }
}

pub(super) async fn list(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::KEYS_OWN)?;
    page(&ctx, &rooms, &Typed::default(), &Errors::none(), None).await
}

pub(super) async fn create(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Form(typed): Form<Typed>,
) -> PageResult {
    ctx.actor.may(permissions::KEYS_OWN)?;
    let mut errors = Errors::none();
    if typed.name.trim().is_empty() {
        errors.add("name", ctx.t("admin-key-name-missing"));
    }
    if typed.scopes.is_empty() {
        errors.add("scopes", ctx.t("admin-key-scopes-missing"));
    }
    let days = typed.days.parse().ok().filter(|days| LIFETIMES.contains(days)).unwrap_or(90);
    if !errors.is_empty() {
        return page(&ctx, &rooms, &typed, &errors, None).await;
    }
    let key = NewKey {
        name: typed.name.trim().to_owned(),
        scopes: typed.scopes.clone(),
        expires_at: ctx.now + Duration::days(days),
    };
    if !is_first(&ctx, &rooms, &typed.form).await? {
        let toast = Toast::info(ctx.t("admin-key-made-already"));
        return Ok(ctx.see("/admin/keys").toast(toast).into_response());
    }
    match rooms.access().create_key(&ctx.actor, key).await {
        Ok(created) => page(&ctx, &rooms, &Typed::default(), &errors, Some(&created.token)).await,
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => {
            errors.add("", ctx.tv(&format!("error-{}", error.code()), &error.args()));
            page(&ctx, &rooms, &typed, &errors, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether this form was not sent before. A key that then fails costs a new form, which the answer
/// brings.
async fn is_first(ctx: &Ctx, rooms: &Rooms, form: &str) -> Result<bool, store::Error> {
    let key = format!("admin-key-form/{form}");
    let mut tx = rooms.app.db().begin().await?;
    let claim = idempotency::begin(&mut tx, ctx.actor.id, &key, &[], ctx.now).await?;
    if claim == Claim::New {
        idempotency::finish(&mut tx, ctx.actor.id, &key, 200, &[]).await?;
        tx.commit().await?;
    }
    Ok(claim == Claim::New)
}

pub(super) async fn revoke(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<ApiKeyId>,
    _: Fields,
) -> PageResult {
    rooms.access().revoke_key(&ctx.actor, id).await?.into_inner();
    let toast = Toast::good(ctx.t("admin-key-revoked"));
    Ok(ctx.see("/admin/keys").toast(toast).into_response())
}
