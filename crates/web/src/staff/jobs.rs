//! Jobs of the reader: progress, cancel, result. Shown on `/jobs`, asked for by the ring.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::Serialize;
use store::jobs::{self, Job, Status};
use uuid::Uuid;

use super::job_name;
use crate::error::{PageError, PageResult};
use crate::flash::{Toast, own};
use crate::form::Fields;
use crate::{Ctx, Web};

const SHOWN: i64 = 100;

#[derive(Template)]
#[template(path = "web/jobs.html")]
struct JobsPage<'a> {
    ctx: &'a Ctx,
    jobs: Vec<Line>,
    running: bool,
}

struct Line {
    id: Uuid,
    name: String,
    /// The file it works on, when it works on one.
    about: String,
    icon: &'static str,
    phase: String,
    at: DateTime<Utc>,
    why: Option<String>,
    open: bool,
    cancel_asked: bool,
    percent: Option<u8>,
    status: String,
    state: &'static str,
    href: Option<String>,
}

impl Line {
    fn of(ctx: &Ctx, job: &Job) -> Self {
        let (icon, state) = match job.status {
            Status::Queued => ("hourglass", ""),
            Status::Running => ("loader", "info"),
            Status::Done => ("circle-check", "good"),
            Status::Failed => ("circle-alert", "bad"),
            Status::Cancelled => ("ban", ""),
        };
        let open = job.status.is_open();
        Self {
            id: job.id,
            name: job_name(ctx, &job.kind),
            about: about(job).unwrap_or_default(),
            icon,
            phase: if open && !job.phase.is_empty() { ctx.t(&job.phase) } else { String::new() },
            at: job.finished_at.or(job.started_at).unwrap_or(job.created_at),
            why: why(ctx, job),
            open,
            cancel_asked: job.cancel_asked,
            percent: job.percent(),
            status: ctx.t(&format!("jobs-status-{}", job.status.as_str())),
            state,
            href: result_link(job),
        }
    }
}

/// Why it failed, and what to do.
fn why(ctx: &Ctx, job: &Job) -> Option<String> {
    let failure = job.failure.as_ref().filter(|_| job.status == Status::Failed)?;
    let args: Vec<(&str, String)> =
        failure.args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let key = format!("error-{}", failure.code);
    let hint = format!("{key}-hint");
    let text = if ctx.has(&key) { ctx.tv(&key, &args) } else { ctx.t("error-internal") };
    Some(if ctx.has(&hint) { format!("{text} · {}", ctx.tv(&hint, &args)) } else { text })
}

/// The name of the file a job works on, without its folder.
fn about(job: &Job) -> Option<String> {
    let file = job.args.get("file")?.as_str()?;
    file.rsplit(['/', '\\']).next().map(str::to_owned)
}

fn result_link(job: &Job) -> Option<String> {
    let href = job.result.as_ref()?.get("href")?.as_str()?;
    Some(own(href))
}

/// `GET /jobs`
pub(crate) async fn page(ctx: Ctx, State(web): State<Web>) -> PageResult {
    let mut tx = web.db.read().await?;
    let mine = jobs::recent(&mut tx, ctx.actor.id, SHOWN).await?;
    let running = mine.iter().any(|job| job.status.is_open());
    let jobs = mine.iter().map(|job| Line::of(&ctx, job)).collect();
    Ok(ctx.page(&JobsPage { ctx: &ctx, jobs, running }))
}

/// What the ring is told.
#[derive(Serialize)]
pub(crate) struct News {
    running: Vec<Told>,
    finished: Vec<Told>,
    /// Notices not opened yet, and the words for the bell.
    unread: i64,
    bell: String,
}

#[derive(Serialize)]
struct Told {
    id: Uuid,
    status: &'static str,
    percent: Option<u8>,
    text: String,
    href: Option<String>,
}

impl Told {
    fn of(ctx: &Ctx, job: &Job) -> Self {
        let name = job_name(ctx, &job.kind);
        let text = if job.status.is_open() {
            name
        } else {
            format!("{name} · {}", ctx.t(&format!("jobs-status-{}", job.status.as_str())))
        };
        let href = result_link(job);
        Self { id: job.id, status: job.status.as_str(), percent: job.percent(), text, href }
    }
}

/// `GET /jobs/news`: what runs, and what has just ended.
pub(crate) async fn news(ctx: Ctx, State(web): State<Web>) -> Result<Json<News>, PageError> {
    let mut tx = web.db.read().await?;
    let mine = jobs::recent(&mut tx, ctx.actor.id, 20).await?;
    let (open, ended): (Vec<&Job>, Vec<&Job>) = mine.iter().partition(|job| job.status.is_open());
    let running = open.into_iter().map(|job| Told::of(&ctx, job)).collect();
    let finished = ended.into_iter().map(|job| Told::of(&ctx, job)).collect();
    let bell = ctx.t1("notices-unread", "n", ctx.unread);
    Ok(Json(News { running, finished, unread: ctx.unread, bell }))
}

/// `POST /jobs/{id}/cancel`: one's own, or anybody's for those who administer.
pub(crate) async fn cancel(
    ctx: Ctx,
    State(web): State<Web>,
    Path(id): Path<Uuid>,
    _form: Fields,
) -> PageResult {
    let mut tx = web.db.begin().await?;
    let job = jobs::get(&mut tx, id).await?.ok_or_else(PageError::not_found)?;
    if job.owner != Some(ctx.actor.id) && !ctx.actor.roles.contains(&access::Role::Administrator) {
        return Err(PageError::not_found());
    }
    jobs::cancel(&mut tx, id, ctx.now).await?;
    tx.commit().await?;
    Ok(ctx.see("/jobs").toast(Toast::info(ctx.t("jobs-cancelled"))).into_response())
}
