//! `/feeds`: the sources with lag, errors and quality; making and setting one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult, Toast};

use super::Rooms;
use super::words::source_name;
use crate::sources::{Folder, Health, Kind, Setting};
use crate::{Error, permissions};

#[derive(Template)]
#[template(path = "feeds/sources.html")]
struct Overview<'a> {
    ctx: &'a Ctx,
    lines: Vec<Line>,
    may_set: bool,
    quarantined: u64,
}

struct Line {
    name: String,
    title: String,
    kind: String,
    state: &'static str,
    icon: &'static str,
    status: String,
    received: String,
    lag: String,
    errors: String,
    bad: bool,
    quality: String,
    heard: String,
    spark: Vec<Bar>,
    spark_label: String,
    messages: String,
}

struct Bar {
    x: usize,
    y: u64,
    height: u64,
}

/// `GET /feeds`
pub(super) async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let health = rooms.feeds.health(&ctx.actor).await?;
    let quarantined = health.iter().map(|one| one.quarantined).sum();
    let lines = health.iter().map(|one| line(&ctx, one)).collect();
    let may_set = ctx.actor.may(permissions::SOURCES).is_ok();
    Ok(ctx.page(&Overview { ctx: &ctx, lines, may_set, quarantined }))
}

fn line(ctx: &Ctx, health: &Health) -> Line {
    let source = &health.source;
    let (state, icon, status) = if let Some(problem) = &source.problem {
        ("bad", "folder", if ctx.has(problem) { ctx.t(problem) } else { problem.clone() })
    } else if let Some(since) = source.silent_since {
        ("bad", "bell-ring", ctx.t1("feeds-source-silent", "when", ctx.ago_text(since)))
    } else if !source.active {
        ("", "pause", ctx.t("feeds-source-paused"))
    } else if source.received_at.is_none() {
        ("info", "clock", ctx.t("feeds-source-never"))
    } else {
        ("good", "circle-check", ctx.t("feeds-source-well"))
    };
    let share = health.quarantined as f64 / health.received.max(1) as f64;
    Line {
        name: source.name.clone(),
        title: source_name(ctx, &source.name),
        kind: ctx.t(&format!("feeds-source-kind-{}", source.kind.as_str())),
        state,
        icon,
        status,
        received: ctx.num(health.received),
        lag: health.lag_seconds.map_or_else(|| "–".to_owned(), |seconds| lag(ctx, seconds)),
        errors: if health.received == 0 { "–".to_owned() } else { ctx.pct(share) },
        bad: health.quarantined > 0,
        quality: health.quality.map_or_else(|| "–".to_owned(), |score| ctx.dec(score, 1)),
        heard: source.received_at.map_or_else(|| "–".to_owned(), |at| ctx.ago_text(at)),
        spark: spark(&health.hours),
        spark_label: ctx.t1("feeds-source-spark", "n", health.received),
        messages: format!("/feeds/messages?f=source:in:{}", source.name),
    }
}

fn lag(ctx: &Ctx, seconds: i64) -> String {
    match seconds {
        ..=119 => ctx.t1("feeds-lag-seconds", "n", seconds),
        120..=7_199 => ctx.t1("feeds-lag-minutes", "n", seconds / 60),
        7_200..=172_799 => ctx.t1("feeds-lag-hours", "n", seconds / 3_600),
        _ => ctx.t1("feeds-lag-days", "n", seconds / 86_400),
    }
}

/// A bar of up to 20 units for each hour.
fn spark(hours: &[u64]) -> Vec<Bar> {
    let most = hours.iter().copied().max().unwrap_or(0).max(1);
    let bar = |(at, n): (usize, &u64)| {
        let height = if *n == 0 { 1 } else { (n * 20 / most).max(2) };
        Bar { x: at * 4, y: 21 - height, height }
    };
    hours.iter().enumerate().map(bar).collect()
}

#[derive(Template)]
#[template(path = "feeds/source.html")]
struct Edit<'a> {
    ctx: &'a Ctx,
    is_new: bool,
    title: String,
    form: Form,
    kinds: Vec<(String, String)>,
    errors: &'a Errors,
    hint: Option<String>,
    /// A fresh key, shown once.
    key: Option<String>,
}

#[derive(Default)]
struct Form {
    name: String,
    kind: String,
    active: bool,
    expected: String,
    path: String,
    pattern: String,
}

fn kinds(ctx: &Ctx) -> Vec<(String, String)> {
    let word = |kind: Kind| ctx.t(&format!("feeds-source-kind-{}", kind.as_str()));
    Kind::ALL.into_iter().map(|kind| (kind.as_str().to_owned(), word(kind))).collect()
}

/// `GET /feeds/sources/new`
pub(super) async fn new(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::SOURCES)?;
    let form = Form { active: true, pattern: "*".to_owned(), ..Form::default() };
    let (errors, kinds) = (Errors::none(), kinds(&ctx));
    let edit = Edit {
        ctx: &ctx,
        is_new: true,
        title: ctx.t("feeds-source-new"),
        form,
        kinds,
        errors: &errors,
        hint: None,
        key: None,
    };
    Ok(ctx.page(&edit))
}

/// `GET /feeds/sources/{name}`
pub(super) async fn edit(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
) -> PageResult {
    show(&ctx, &rooms, &name, None).await
}

async fn show(ctx: &Ctx, rooms: &Rooms, name: &str, key: Option<String>) -> PageResult {
    ctx.actor.may(permissions::SOURCES)?;
    let source = rooms.feeds.source(&ctx.actor, name).await?;
    let folder = source.folder.unwrap_or(Folder { path: String::new(), pattern: "*".to_owned() });
    let form = Form {
        name: source.name,
        kind: source.kind.as_str().to_owned(),
        active: source.active,
        expected: source.expected_minutes.map(|n| n.to_string()).unwrap_or_default(),
        path: folder.path,
        pattern: folder.pattern,
    };
    let (errors, kinds) = (Errors::none(), kinds(ctx));
    let hint = source.write_key_hint;
    let title = source_name(ctx, &form.name);
    Ok(ctx.page(&Edit { ctx, is_new: false, title, form, kinds, errors: &errors, hint, key }))
}

/// `POST /feeds/sources`: makes or changes one.
pub(super) async fn save(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    let form = Form {
        name: fields.get("name").trim().to_owned(),
        kind: fields.get("kind").to_owned(),
        active: fields.has("active"),
        expected: fields.get("expected").trim().to_owned(),
        path: fields.get("path").trim().to_owned(),
        pattern: fields.get("pattern").trim().to_owned(),
    };
    let kind = Kind::parse(&form.kind);
    let folder = (kind == Some(Kind::Folder))
        .then(|| Folder { path: form.path.clone(), pattern: form.pattern.clone() });
    let mut errors = Errors::none();
    let expected = match form.expected.as_str() {
        "" => None,
        text => match text.parse() {
            Ok(minutes) => Some(minutes),
            Err(_) => {
                errors.add("expected", ctx.t("feeds-source-expected-wrong"));
                None
            }
        },
    };
    let setting = Setting {
        name: form.name.clone(),
        kind,
        active: form.active,
        expected_minutes: expected,
        folder,
    };
    if errors.is_empty() {
        match rooms.feeds.set_source(&ctx.actor, &setting).await {
            Ok(_) => {
                let toast = Toast::good(ctx.t("feeds-source-saved"));
                return Ok(ctx.see("/feeds").toast(toast).into_response());
            }
            Err(Error::SourceName) => errors.add("name", ctx.t("error-feeds-source-name")),
            Err(Error::SourceSetting(what)) => {
                let field = if what == "minutes" { "expected" } else { what };
                errors.add(field, ctx.t(&format!("feeds-setting-{what}")));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let (is_new, kinds) = (fields.has("new"), kinds(&ctx));
    let title = if is_new { ctx.t("feeds-source-new") } else { source_name(&ctx, &form.name) };
    let edit =
        Edit { ctx: &ctx, is_new, title, form, kinds, errors: &errors, hint: None, key: None };
    Ok(ctx.page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &edit))
}

/// `POST /feeds/sources/{name}/key`: a new write key, shown this once.
pub(super) async fn key(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(name): Path<String>,
) -> PageResult {
    let key = rooms.feeds.make_write_key(&ctx.actor, &name).await?;
    show(&ctx, &rooms, &name, Some(key.reveal().clone())).await
}
