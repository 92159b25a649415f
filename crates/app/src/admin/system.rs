//! How the system does: version, database, jobs.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use kernel::Uuid;
use store::jobs::{self, Job, Status};
use store::{Engine, sql};
use web::form::Fields;
use web::{Ctx, PageError, PageResult, Toast};

use super::{Tab, tabs};
use crate::{Rooms, permissions};

struct Line {
    job: Job,
    name: String,
    owner: String,
    because: String,
}

#[derive(Template)]
#[template(path = "app/system.html")]
struct System<'a> {
    ctx: &'a Ctx,
    tabs: Vec<Tab>,
    version: &'static str,
    engine: &'static str,
    migrations: i64,
    last_migration: String,
    events_waiting: i64,
    failures: i64,
    texts_missing: u64,
    lines: Vec<Line>,
    may_operate: bool,
}

#[derive(sqlx::FromRow)]
struct Figures {
    migrations: i64,
    last_migration: String,
    events_waiting: i64,
    failures: i64,
}

pub(super) async fn show(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::SYSTEM_READ)?;
    let mut tx = rooms.web.db.read().await?;
    let figures: Figures = tx
        .one(sql("SELECT (SELECT COUNT(*) FROM schema_migration) AS migrations,
                (SELECT MAX(name) FROM schema_migration) AS last_migration,
                (SELECT COUNT(*) FROM outbox_event WHERE dispatched_at IS NULL) AS events_waiting,
                (SELECT COUNT(*) FROM outbox_failure WHERE handler <> '') AS failures"))
        .await?;
    let recent = jobs::list(&mut tx, None, 50).await?;
    drop(tx);
    let owners: Vec<Uuid> = recent.iter().filter_map(|job| job.owner).collect();
    let names = rooms.access().names(&owners).await?;
    let lines = recent
        .into_iter()
        .map(|job| Line {
            name: ctx.t(&super::job_key(&job.kind)),
            owner: job.owner.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            because: because(&ctx, &job),
            job,
        })
        .collect();
    Ok(ctx.page(&System {
        ctx: &ctx,
        tabs: tabs(&ctx),
        version: env!("CARGO_PKG_VERSION"),
        engine: match rooms.web.db.engine() {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        },
        migrations: figures.migrations,
        last_migration: figures.last_migration,
        events_waiting: figures.events_waiting,
        failures: figures.failures,
        texts_missing: rooms.web.texts.missing(),
        lines,
        may_operate: ctx.may(permissions::SYSTEM_OPERATE.as_str()),
    }))
}

/// How loud a status is.
pub(crate) fn tone(status: &Status) -> &'static str {
    match status {
        Status::Queued | Status::Running => "info",
        Status::Done => "good",
        Status::Failed => "bad",
        Status::Cancelled => "",
    }
}

fn because(ctx: &Ctx, job: &Job) -> String {
    let Some(failure) = &job.failure else { return String::new() };
    let args: Vec<(&str, String)> =
        failure.args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    ctx.tv(&format!("error-{}", failure.code), &args)
}

pub(super) async fn cancel(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    _: Fields,
) -> PageResult {
    ctx.actor.may(permissions::SYSTEM_OPERATE)?;
    let mut tx = rooms.web.db.begin().await?;
    if jobs::get(&mut tx, id).await?.is_none() {
        return Err(PageError::not_found());
    }
    let stopped = jobs::cancel(&mut tx, id, ctx.now).await?;
    tx.commit().await?;
    let key = if stopped { "admin-job-cancelled" } else { "admin-job-ended" };
    Ok(ctx.see("/admin/system").toast(Toast::info(ctx.t(key))).into_response())
}
