//! `/imports/{id}`: an import under way, how it ended, and what can be done with it. While it
//! moves, the middle of the page asks for itself every second.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde_json::json;
use store::jobs::{self, Job};
use uuid::Uuid;
use web::chart::{Chart, Row};
use web::form::Fields;
use web::{Ctx, PageResult, Toast};

use super::Rooms;
use super::words::{self, ReasonLine};
use crate::imports::{Import, Status};
use crate::mapping::fields::FileKind;
use crate::permissions;

struct PhaseLine {
    state: String,
    icon: String,
    label: String,
    count: String,
    time: String,
}

#[derive(Template)]
#[template(path = "feeds/show.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    import: &'a Import,
    steps: Vec<(String, &'static str, usize)>,
    title: String,
    file_line: String,
    live: Live<'a>,
}

#[derive(Template)]
#[template(path = "feeds/live.html")]
struct Live<'a> {
    ctx: &'a Ctx,
    import: &'a Import,
    moving: bool,
    percent: u64,
    answer: String,
    note: String,
    tiles: Vec<(String, String, &'static str, String)>,
    phases: Vec<PhaseLine>,
    chart: Option<Chart>,
    reasons: Vec<ReasonLine>,
    rejected: u64,
    sums: Option<String>,
    done: bool,
    failure: Option<(String, String)>,
    can_start: bool,
    can_revert: bool,
    undo_until: Option<String>,
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>, Path(id): Path<Uuid>) -> PageResult {
    let import = rooms.feeds.import(&ctx.actor, id.into()).await?;
    let elsewhere = match import.status {
        Status::Uploading => Some("/imports/new".to_owned()),
        Status::Mapping if import.rows_done == 0 => Some(format!("/imports/{id}/map")),
        Status::Checking | Status::Checked => Some(format!("/imports/{id}/check")),
        _ => None,
    };
    if let Some(href) = elsewhere {
        return Ok(ctx.see(&href).into_response());
    }
    let job = job(&rooms, &import).await?;
    let live = live(&ctx, &import, job.as_ref());
    if ctx.part {
        return Ok(ctx.page(&live));
    }
    let page = Show {
        ctx: &ctx,
        import: &import,
        steps: words::steps(&ctx, if import.status == Status::Done { 4 } else { 3 }),
        title: ctx.t(&format!("feeds-title-{}", import.kind.as_str())),
        file_line: words::file_line(&ctx, &import),
        live,
    };
    Ok(ctx.page(&page))
}

/// The background work on an import.
pub async fn job(rooms: &Rooms, import: &Import) -> crate::Result<Option<Job>> {
    let Some(id) = import.job_id else { return Ok(None) };
    let mut tx = rooms.web.db.read().await?;
    Ok(jobs::get(&mut tx, id).await?)
}

fn live<'a>(ctx: &'a Ctx, import: &'a Import, job: Option<&Job>) -> Live<'a> {
    let open = job.is_some_and(|job| job.status.is_open());
    // A command line runs its imports without a job: its progress is the import's own.
    let moving = import.status.is_moving() && (open || import.job_id.is_none());
    let interrupted = import.status.is_moving() && !moving;
    let now = ctx.now;
    let failed = job.and_then(|job| job.failure.as_ref()).filter(|_| interrupted);
    let failure = match (&import.failure, failed) {
        (Some(failure), _) => Some(words::failure(ctx, failure)),
        (None, Some(failure)) => {
            let failure =
                crate::imports::Failure { code: failure.code.clone(), args: failure.args.clone() };
            Some(words::failure(ctx, &failure))
        }
        _ => None,
    };
    Live {
        ctx,
        import,
        moving,
        percent: percent(import, job),
        answer: answer(ctx, import, job, interrupted),
        note: ctx.t1("feeds-leave", "row", ctx.num(import.rows_done + 1)),
        tiles: tiles(ctx, import),
        phases: phases(ctx, import, moving),
        chart: chart(ctx, import),
        reasons: words::reasons(ctx, import, "import", &import.reasons),
        rejected: import.counts.rejected,
        sums: words::sums(ctx, &import.counts),
        done: import.status == Status::Done,
        failure,
        can_start: (import.can_start() || interrupted)
            && ctx.actor.may(permissions::IMPORT).is_ok(),
        can_revert: import.can_revert(now) && ctx.actor.may(permissions::REVERT).is_ok(),
        undo_until: import.undo_until().map(|until| ctx.at(until)),
    }
}

fn percent(import: &Import, job: Option<&Job>) -> u64 {
    match import.status {
        Status::Done | Status::Reverted => 100,
        Status::Reverting => job.and_then(Job::percent).map_or(0, u64::from),
        _ => import.percent().unwrap_or(0),
    }
}

fn answer(ctx: &Ctx, import: &Import, job: Option<&Job>, interrupted: bool) -> String {
    let done = ("done", ctx.num(import.rows_done));
    let total = ("total", ctx.num(import.rows_total.unwrap_or(import.rows_done)));
    if interrupted {
        return ctx.tv("feeds-answer-interrupted", &[done, total]);
    }
    match import.status {
        Status::Importing => match seconds_left(import) {
            Some(seconds) => {
                ctx.tv("feeds-answer-importing", &[done, total, ("seconds", ctx.num(seconds))])
            }
            None => ctx.tv("feeds-answer-importing-unknown", &[done, total]),
        },
        Status::Done => ctx.tv(
            "feeds-answer-done",
            &[
                ("read", ctx.num(import.counts.read)),
                ("created", ctx.num(import.counts.created)),
                ("updated", ctx.num(import.counts.updated)),
                ("rejected", ctx.num(import.counts.rejected)),
            ],
        ),
        Status::Reverting => {
            let undone = job.map_or(import.undone, |job| job.done.max(import.undone));
            ctx.t1("feeds-answer-reverting", "n", ctx.num(undone))
        }
        Status::Reverted => ctx.tv(
            "feeds-answer-reverted",
            &[("undone", ctx.num(import.undone)), ("kept", ctx.num(import.undo_kept))],
        ),
        other => ctx.tv(&format!("feeds-answer-{}", other.as_str()), &[done, total]),
    }
}

fn seconds_left(import: &Import) -> Option<u64> {
    let left = import.rows_total?.checked_sub(import.rows_done)?;
    let (ms, rows) = import.speed.last().copied().filter(|(ms, _)| *ms > 500)?;
    (rows > 0).then(|| left * ms / rows / 1_000 + 1)
}

fn tiles(ctx: &Ctx, import: &Import) -> Vec<(String, String, &'static str, String)> {
    let counts = &import.counts;
    let new = format!("feeds-tile-new-{}", import.kind.as_str());
    let tile = |key: &str, n: u64| (ctx.t(key), ctx.num(n), "", String::new());
    let mut tiles = vec![
        tile(&new, counts.created),
        tile("feeds-tile-updated", counts.updated),
        tile("feeds-tile-unchanged", counts.unchanged + counts.repeated),
    ];
    let share = counts.rejected as f64 / counts.read.max(1) as f64;
    let (state, share) =
        if counts.rejected > 0 { ("bad", ctx.pct(share)) } else { ("", String::new()) };
    tiles.push((ctx.t("feeds-tile-rejected"), ctx.num(counts.rejected), state, share));
    tiles.push(match import.kind {
        FileKind::Members => tile("feeds-tile-skipped", counts.skipped),
        _ => tile("feeds-tile-people", counts.people),
    });
    tiles
}

fn seconds(ctx: &Ctx, ms: u64) -> String {
    ctx.t1("feeds-seconds", "s", ctx.dec(ms as f64 / 1_000.0, 1))
}

fn phases(ctx: &Ctx, import: &Import, moving: bool) -> Vec<PhaseLine> {
    let line = |state: &str, key: &str, count: String, time: String| PhaseLine {
        state: state.to_owned(),
        icon: match state {
            "done" => "check",
            "now" => "loader",
            _ => "circle",
        }
        .to_owned(),
        label: ctx.t(key),
        count,
        time,
    };
    let none = || "—".to_owned();
    let total = ctx.num(import.rows_total.unwrap_or(import.counts.read));
    let mut lines =
        vec![line("done", "feeds-phase-read", total, seconds(ctx, import.times.inspect))];
    if let Some(checked) = &import.checked {
        let rows = ctx.num(checked.counts.read);
        lines.push(line("done", "feeds-phase-check", rows, seconds(ctx, import.times.check)));
    }
    let written = import.status == Status::Done || import.status == Status::Reverted;
    let rate = import.rows_done * 1_000 / import.times.write.max(1);
    let (state, time) = match (written, moving) {
        (true, _) => ("done", seconds(ctx, import.times.write)),
        (false, true) => ("now", ctx.t1("feeds-rate", "n", ctx.num(rate))),
        (false, false) => ("next", none()),
    };
    let key = format!("feeds-phase-write-{}", import.kind.as_str());
    lines.push(line(state, &key, ctx.num(import.rows_done), time));
    if import.kind == FileKind::Members {
        let (state, time) = match (written, import.times.finish) {
            (true, ms) => ("done", seconds(ctx, ms)),
            (false, _) => ("next", none()),
        };
        lines.push(line(state, "feeds-phase-finish", none(), time));
    }
    lines
}

/// Thousand rows a second over the seconds since the start.
fn chart(ctx: &Ctx, import: &Import) -> Option<Chart> {
    let mut points = Vec::new();
    let mut before = (0, 0);
    for (ms, rows) in &import.speed {
        let span = ms.saturating_sub(before.0);
        if span < 250 {
            continue;
        }
        let rate = rows.saturating_sub(before.1) as f64 / span as f64;
        points.push((*ms as f64 / 1_000.0, rate));
        before = (*ms, *rows);
    }
    if points.len() < 2 {
        return None;
    }
    let data: Vec<_> =
        points.iter().map(|(s, rate)| json!([s, (rate * 10.0).round() / 10.0])).collect();
    let option = json!({
        "grid": { "left": 36, "right": 12, "top": 10, "bottom": 22 },
        "xAxis": { "type": "value", "min": 0, "axisLabel": { "formatter": "{value} s" } },
        "yAxis": { "type": "value", "min": 0 },
        "series": [{ "type": "line", "data": data, "showSymbol": false,
            "itemStyle": { "color": "var(--accent-solid)" },
            "areaStyle": { "color": "mix(--accent-solid,--bg,0.15)" } }],
    });
    let mean = import.rows_done * 1_000 / import.times.write.max(1);
    let label = ctx.t1("feeds-speed-label", "n", ctx.num(mean));
    let rows =
        points.iter().map(|(s, rate)| Row::new(vec![ctx.dec(*s, 1), ctx.dec(*rate, 1)])).collect();
    let headers = vec![ctx.t("feeds-speed-second"), ctx.t("feeds-speed-caption")];
    Some(Chart::new("feeds-speed", label, option).size("s").table(headers, rows))
}

pub async fn start(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    _: Fields,
) -> PageResult {
    rooms.feeds.start_import(&ctx.actor, id.into()).await?;
    Ok(ctx.see(&format!("/imports/{id}")).into_response())
}

pub async fn cancel(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    _: Fields,
) -> PageResult {
    rooms.feeds.cancel(&ctx.actor, id.into()).await?;
    let toast = Toast::info(ctx.t("feeds-cancel-asked"));
    Ok(ctx.see(&format!("/imports/{id}")).toast(toast).into_response())
}

pub async fn revert(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    _: Fields,
) -> PageResult {
    rooms.feeds.start_revert(&ctx.actor, id.into()).await?;
    Ok(ctx.see(&format!("/imports/{id}")).into_response())
}

pub async fn delete(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    _: Fields,
) -> PageResult {
    rooms.feeds.throw_away(&ctx.actor, id.into()).await?;
    let toast = Toast::good(ctx.t("feeds-thrown-away"));
    Ok(ctx.see("/imports").toast(toast).into_response())
}
