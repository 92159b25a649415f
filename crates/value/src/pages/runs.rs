//! Runs: the list, starting one, publishing one, looking for k, taking a group away as a file.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use kernel::Explain;
use serde::Deserialize;
use uuid::Uuid;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult, Toast};

use super::Rooms;
use super::overview::{RunLine, lines};
use crate::explain::did;
use crate::permissions;
use crate::run::export::{self, Format};
use crate::run::{RunParams, Source};

#[derive(Template)]
#[template(path = "value/runs.html")]
struct List<'a> {
    ctx: &'a Ctx,
    runs: Vec<RunLine>,
    may_run: bool,
}

pub async fn list(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let runs = rooms.value.list(&ctx.actor, 200).await?;
    let published = rooms.value.published(&ctx.actor).await?.map(|run| run.id);
    let page = List {
        runs: lines(&ctx, &runs, published),
        may_run: ctx.may(permissions::RUN.as_str()),
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

#[derive(Template)]
#[template(path = "value/run_new.html")]
struct Form<'a> {
    ctx: &'a Ctx,
    errors: &'a Errors,
    observed_on: String,
    window_months: String,
    k: String,
    starts: String,
    seed: String,
    sources: Vec<(String, String)>,
    source: String,
    publish: bool,
}

fn sources(ctx: &Ctx) -> Vec<(String, String)> {
    [Source::Auto, Source::Segments, Source::Summaries]
        .map(|s| (s.as_str().to_owned(), ctx.t(&format!("value-source-{}", s.as_str()))))
        .to_vec()
}

pub async fn form(ctx: Ctx) -> PageResult {
    ctx.actor.may(permissions::RUN)?;
    let usual = RunParams::default();
    let errors = Errors::none();
    let page = Form {
        errors: &errors,
        observed_on: String::new(),
        window_months: usual.window_months.to_string(),
        k: usual.k.to_string(),
        starts: usual.starts.to_string(),
        seed: usual.seed.to_string(),
        sources: sources(&ctx),
        source: usual.source.as_str().to_owned(),
        publish: true,
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

pub async fn start(ctx: Ctx, State(rooms): State<Rooms>, fields: Fields) -> PageResult {
    let mut errors = Errors::none();
    let params = read(&ctx, &fields, &mut errors);
    if let Err(error) = params.check() {
        let (code, args) = (error.code(), error.args());
        let field = args.iter().find(|(name, _)| *name == "name").map(|(_, f)| f.clone());
        let field = match field.as_deref() {
            Some("starts") => "starts",
            Some("window_months") => "window_months",
            _ => "k",
        };
        let args: Vec<(&str, String)> = args.into_iter().collect();
        errors.add(field, ctx.tv(&format!("error-{code}"), &args));
    }
    if !errors.is_empty() {
        let text = |name: &str| fields.get(name).to_owned();
        let page = Form {
            observed_on: text("observed_on"),
            window_months: text("window_months"),
            k: text("k"),
            starts: text("starts"),
            seed: text("seed"),
            sources: sources(&ctx),
            source: text("source"),
            publish: fields.has("publish"),
            errors: &errors,
            ctx: &ctx,
        };
        return Ok(ctx.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let started = rooms.value.start_run(&ctx.actor, &params).await?;
    let key = if did(&started) { "value-run-started" } else { "value-run-under-way" };
    let id = started.into_inner();
    Ok(ctx.see(&format!("/value/runs/{id}")).toast(Toast::good(ctx.t(key))).into_response())
}

fn read(ctx: &Ctx, fields: &Fields, errors: &mut Errors) -> RunParams {
    let usual = RunParams::default();
    let observed = fields.get("observed_on").trim();
    let observed_on = (!observed.is_empty()).then(|| observed.parse().ok()).flatten();
    if observed_on.is_none() && !observed.is_empty() {
        errors.add("observed_on", ctx.t("value-run-date-wrong"));
    }
    let number = |name: &'static str, usual: u64, errors: &mut Errors| {
        let text = fields.get(name).trim();
        text.parse().unwrap_or_else(|_| {
            if !text.is_empty() {
                errors.add(name, ctx.t("value-run-number-wrong"));
            }
            usual
        })
    };
    let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    RunParams {
        observed_on,
        window_months: u32::try_from(number("window_months", 24, errors)).unwrap_or(u32::MAX),
        source: match fields.get("source") {
            "segments" => Source::Segments,
            "summaries" => Source::Summaries,
            _ => Source::Auto,
        },
        k: size(number("k", usual.k as u64, errors)),
        starts: size(number("starts", usual.starts as u64, errors)),
        seed: number("seed", usual.seed, errors),
        publish: fields.has("publish"),
    }
}

pub async fn publish(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    _fields: Fields,
) -> PageResult {
    let _ = rooms.value.start_publish(&ctx.actor, id).await?;
    let toast = Toast::good(ctx.t("value-publish-started"));
    Ok(ctx.see(&format!("/value/runs/{id}")).toast(toast).into_response())
}

pub async fn choose_k(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    _fields: Fields,
) -> PageResult {
    let _ = rooms.value.start_choose_k(&ctx.actor, id).await?;
    let toast = Toast::good(ctx.t("value-choose-k-started"));
    Ok(ctx.see(&format!("/value/runs/{id}")).toast(toast).into_response())
}

#[derive(Debug, Deserialize)]
pub struct ExportAsked {
    #[serde(default)]
    group: String,
    #[serde(default)]
    format: String,
}

pub async fn export(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Query(asked): Query<ExportAsked>,
) -> PageResult {
    let format = Format::parse(&asked.format);
    let group = Some(asked.group).filter(|group| !group.is_empty());
    let file = rooms.value.export(&ctx.actor, id, group, format).await?;
    Ok(export::response(file))
}
