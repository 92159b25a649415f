//! One run: what it found, how the groups differ, what moved, why so many groups, who was left out.

use askama::Template;
use axum::extract::{Path, Query, State};
use customers::CustomerId;
use lake::{ParquetIn, column};
use serde::Deserialize;
use stats::ChooseK;
use store::jobs::Job;
use uuid::Uuid;
use web::chart::{Chart, Row};
use web::{Ctx, PageResult};

use super::view::{Card, LETTERS, Moves, cards, kind_of, name_of, radar};
use super::{Rooms, overview};
use crate::error::Error;
use crate::facts::Reason;
use crate::permissions;
use crate::run::compare::{in_page_order, stayed};
use crate::run::{Report, Run, RunStatus, result};

#[derive(Template)]
#[template(path = "value/run.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    run: &'a Run,
    report: &'a Report,
    status: String,
    state: &'static str,
    answer: String,
    cards: Vec<Card>,
    radar: Chart,
    boxes: Vec<(String, String, Chart)>,
    moves: Option<MovesView>,
    why: Option<WhyK>,
    choosing: bool,
    cleaning: Vec<(String, String, String)>,
    dropped: u64,
    truth: Option<TruthView>,
    scheme_version: Option<i64>,
    may_run: bool,
    may_export: bool,
}

struct MovesView {
    title: String,
    chart: Chart,
    moved: String,
    href: String,
    say: Option<String>,
}

struct WhyK {
    elbow: Chart,
    silhouette: Chart,
    note: String,
}

struct TruthView {
    agreement: String,
    groups: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "value/run_waiting.html")]
struct Waiting<'a> {
    ctx: &'a Ctx,
    id: Uuid,
    failed: bool,
    phase: String,
    percent: Option<u8>,
}

impl<'a> Waiting<'a> {
    fn of(ctx: &'a Ctx, id: Uuid, failed: bool, job: Option<&Job>) -> Self {
        let phase = job.map(|job| job.phase.as_str()).filter(|phase| !phase.is_empty());
        let phase = phase.map(|phase| ctx.t(phase)).unwrap_or_default();
        Self { ctx, id, failed, phase, percent: job.and_then(Job::percent) }
    }
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>, Path(id): Path<Uuid>) -> PageResult {
    let run = match rooms.value.show(&ctx.actor, id).await {
        Ok(run) => run,
        // Queued, not begun: the job has the run's identity.
        Err(error @ Error::NoRun { .. }) => match rooms.value.job_of(id).await? {
            Some(job) => return Ok(ctx.page(&Waiting::of(&ctx, id, false, Some(&job)))),
            None => return Err(error.into()),
        },
        Err(error) => return Err(error.into()),
    };
    let Some(report) = &run.report else {
        let failed = run.status == RunStatus::Failed;
        let job = if failed { None } else { rooms.value.job_of(id).await? };
        return Ok(ctx.page(&Waiting::of(&ctx, id, failed, job.as_ref())));
    };
    // A run that publishes when it is done goes on for a moment after its result is there.
    if run.status == RunStatus::Ready
        && let Some(job) = rooms.value.job_of(id).await?
    {
        return Ok(ctx.page(&Waiting::of(&ctx, id, false, Some(&job))));
    }
    let why = rooms.value.choose_k(&ctx.actor, id).await?;
    let previous = match report.previous {
        Some(previous) => rooms.value.show(&ctx.actor, previous).await.ok(),
        None => None,
    };
    let choosing = why.is_none() && rooms.value.is_choosing(id).await?;
    let published = rooms.value.published(&ctx.actor).await?.map(|run| run.id);
    let (status, state) = overview::standing(&run, published);
    let order = in_page_order(report);
    let page = Show {
        choosing,
        status: ctx.t(&format!("value-status-{status}")),
        state,
        answer: overview::answer(&ctx, report),
        cards: cards(&ctx, report),
        radar: radar(&ctx, report),
        boxes: boxes(&ctx, report),
        moves: previous.as_ref().and_then(|previous| moves(&ctx, previous, &run, report)),
        why: why.map(|found| why_k(&ctx, report, &found)),
        cleaning: cleaning(&ctx, report),
        dropped: report.dropped.values().sum(),
        truth: report.truth.as_ref().map(|truth| TruthView {
            agreement: ctx.dec(truth.adjusted_rand, 2),
            groups: order.iter().map(|&at| name_of(&ctx, &report.names[at])).collect(),
            rows: truth
                .archetypes
                .iter()
                .zip(&truth.counts)
                .map(|(kind, counts)| {
                    let counts = order.iter().map(|&at| counts.get(at).copied().unwrap_or(0));
                    (made_as(&ctx, kind), counts.map(|count| ctx.num(count)).collect())
                })
                .collect(),
        }),
        scheme_version: report.scheme.map(|scheme| scheme.version),
        may_run: ctx.may(permissions::RUN.as_str()),
        may_export: ctx.may(permissions::EXPORT.as_str()),
        run: &run,
        report,
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

/// What the simulator calls a kind of member; unknown kinds keep their word.
fn made_as(ctx: &Ctx, kind: &str) -> String {
    let key = format!("value-truth-{kind}");
    if ctx.has(&key) { ctx.t(&key) } else { kind.to_owned() }
}

/// Box plots of the five features: letter, words, chart. Kilometres in thousands.
fn boxes(ctx: &Ctx, report: &Report) -> Vec<(String, String, Chart)> {
    let order = in_page_order(report);
    let one = |(feature, letter): (usize, &str)| {
        let scale = if feature == 3 { 1000.0 } else { 1.0 };
        let places = usize::from(feature == 4) + usize::from(feature != 2);
        let mut rows = Vec::new();
        let mut table = Vec::new();
        let mut most = 0.0_f64;
        for &at in &order {
            let group = &report.groups[at];
            let Some(spread) = group.spreads.as_array()[feature] else { continue };
            let five = [spread.p5, spread.p25, spread.median, spread.p75, spread.p95]
                .map(|value| (value / scale * 100.0).round() / 100.0);
            most = most.max(five[4]);
            let name = name_of(ctx, &group.name);
            let tip = format!(
                "{name}: 5 % {} · 25 % {} · 50 % {} · 75 % {} · 95 % {}",
                ctx.dec(five[0], places),
                ctx.dec(five[1], places),
                ctx.dec(five[2], places),
                ctx.dec(five[3], places),
                ctx.dec(five[4], places)
            );
            rows.push((kind_of(&group.name), five, tip));
            let cells = std::iter::once(name).chain(five.iter().map(|v| ctx.dec(*v, places)));
            table.push(Row::linked(cells.collect(), super::view::customers_in(&group.name)));
        }
        let title = ctx.t(&format!("value-box-{letter}"));
        let headers = [ctx.t("value-group"), "5 %".into(), "25 %".into(), "50 %".into()]
            .into_iter()
            .chain(["75 %".to_owned(), "95 %".to_owned()]);
        let option = web::chart::boxes(&rows, steps(most));
        let chart = Chart::new(format!("box-{letter}"), title.clone(), option)
            .size("s")
            .table(headers.collect(), table);
        (letter.to_uppercase(), title, chart)
    };
    LETTERS.into_iter().enumerate().map(one).collect()
}

/// The end of an axis that reaches `most`, and its even steps: at most four of 1, 2, 2.5 or 5 times
/// a power of ten.
fn steps(most: f64) -> (f64, f64) {
    if most <= 0.0 {
        return (1.0, 0.5);
    }
    let power = 10_f64.powf((most / 4.0).log10().floor());
    let round = [1.0, 2.0, 2.5, 5.0, 10.0].map(|times| times * power);
    let step = round.into_iter().find(|step| step * 4.0 >= most).unwrap_or(most);
    ((most / step).ceil() * step, step)
}

fn moves(ctx: &Ctx, previous: &Run, run: &Run, report: &Report) -> Option<MovesView> {
    let then = previous.report.as_ref()?;
    let migration = report.migration.as_ref()?;
    let view = Moves { then: (previous.id, then), now: (run.id, report), migration };
    let moved = migration.in_both() - stayed(migration, then, report);
    let say = view.largest().map(|(from, to, n)| {
        let n = ctx.num(n);
        ctx.t3("value-moves-say", "n", n, "from", name_of(ctx, from), "to", name_of(ctx, to))
    });
    Some(MovesView {
        title: ctx.t1("value-moves-since", "date", ctx.day(then.observed_on)),
        chart: view.chart(ctx),
        moved: ctx.t1("value-moved", "n", ctx.num(moved)),
        href: format!("/value/compare?then={}&now={}", previous.id, run.id),
        say,
    })
}

fn why_k(ctx: &Ctx, report: &Report, found: &ChooseK) -> WhyK {
    let point = |k: usize, value: f64, label: String| {
        let own = k == report.k;
        let colour = if own { "var(--accent-solid)" } else { "var(--v-general)" };
        serde_json::json!({
            "value": value, "symbolSize": if own { 9 } else { 5 }, "itemStyle": { "color": colour },
            "label": { "show": own, "formatter": label, "color": "var(--accent-text)",
                "fontWeight": 600, "position": "top", "distance": 6 },
        })
    };
    let line = |id: &str, title: String, values: Vec<(usize, f64)>, places: usize| {
        let data: Vec<_> = values
            .iter()
            .map(|(k, v)| point(*k, *v, format!("k = {k} · {}", ctx.dec(*v, places))))
            .collect();
        let option = serde_json::json!({
            "grid": { "left": 40, "right": 12, "top": 22, "bottom": 22 },
            "tooltip": { "trigger": "axis" },
            "xAxis": { "type": "category", "boundaryGap": false,
                "data": values.iter().map(|(k, _)| k.to_string()).collect::<Vec<_>>() },
            "yAxis": { "type": "value", "min": 0, "splitNumber": 3 },
            "series": [{ "type": "line", "symbol": "circle", "data": data,
                "lineStyle": { "color": "var(--v-general)", "width": 1.5 } }],
        });
        let rows = values
            .iter()
            .map(|(k, v)| Row::new(vec![k.to_string(), ctx.dec(*v, places)]))
            .collect();
        Chart::new(id, title.clone(), option)
            .caption(title.clone())
            .size("s")
            .table(vec!["k".to_owned(), title], rows)
    };
    let squares =
        found.candidates.iter().map(|c| (c.k, (c.inertia / 100.0).round() / 10.0)).collect();
    let widths = found
        .candidates
        .iter()
        .filter_map(|c| Some((c.k, (c.silhouette? * 1000.0).round() / 1000.0)))
        .collect();
    let say = |key: &str, k: Option<usize>| k.map(|k| ctx.t1(key, "k", k)).unwrap_or_default();
    let own = ctx.t1("value-why-own", "k", report.k);
    let elbow = say("value-why-elbow", found.elbow);
    let best = say("value-why-silhouette", found.best_silhouette);
    WhyK {
        elbow: line("elbow", ctx.t("value-squares"), squares, 1),
        silhouette: line("silhouette", ctx.t("value-silhouette"), widths, 3),
        note: format!("{elbow}{best}{own}"),
    }
}

/// The cleaning report: rule, dropped, left.
fn cleaning(ctx: &Ctx, report: &Report) -> Vec<(String, String, String)> {
    let mut left = report.rows_read;
    let mut lines = vec![(ctx.t("value-clean-read"), "—".to_owned(), ctx.num(left))];
    for (reason, count) in report.dropped.iter().chain(&report.left_out) {
        left = left.saturating_sub(*count);
        let words = ctx.t(&format!("value-reason-{}", reason.code()));
        lines.push((words, ctx.num(*count), ctx.num(left)));
    }
    lines
}

#[derive(Debug, Deserialize)]
pub struct DroppedAsked {
    #[serde(default)]
    page: usize,
}

#[derive(Template)]
#[template(path = "value/dropped.html")]
struct DroppedPage<'a> {
    ctx: &'a Ctx,
    run: &'a Run,
    report: &'a Report,
    rows: Vec<(String, String, String)>,
    total: String,
    previous: Option<String>,
    next: Option<String>,
}

/// Members on a page of the dropped.
const PAGE: usize = 50;

pub async fn dropped(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Query(asked): Query<DroppedAsked>,
) -> PageResult {
    let run = rooms.value.show(&ctx.actor, id).await?;
    let report = run.report()?;
    let total: u64 = report.dropped.values().sum();
    let from = asked.page.saturating_mul(PAGE);
    let found = rooms.value.dropped_of(id, from, PAGE)?;
    let ids: Vec<CustomerId> = found.iter().map(|(id, _)| CustomerId::from(*id)).collect();
    let names = rooms.value.names(&ctx.actor, &ids).await?;
    let rows = found
        .iter()
        .zip(&ids)
        .map(|((id, reason), customer)| {
            let name = names.get(customer).map(|name| ctx.name(name)).unwrap_or_default();
            let words = ctx.t(&format!("value-reason-{reason}"));
            (format!("/customers/{id}"), name, words)
        })
        .collect();
    let here = |page: usize| format!("/value/runs/{id}/dropped?page={page}");
    let more = (from + PAGE) as u64;
    let page = DroppedPage {
        rows,
        total: ctx.num(total),
        previous: asked.page.checked_sub(1).map(here),
        next: (more < total).then(|| here(asked.page + 1)),
        run: &run,
        report,
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

impl crate::Value {
    /// Dropped members of a run with the word of the reason, from the `from`th.
    fn dropped_of(
        &self,
        id: Uuid,
        from: usize,
        limit: usize,
    ) -> Result<Vec<(Uuid, String)>, Error> {
        let path = result::dropped_path(&self.runs_dir()?, id);
        let mut found = Vec::new();
        if !path.exists() {
            return Ok(found);
        }
        let mut at = 0;
        for batch in ParquetIn::open(path)?.batches()? {
            let batch = batch?;
            let ids = column::uuids(&batch, result::KEY)?;
            let reasons = column::texts(&batch, "reason")?;
            for row in 0..batch.num_rows() {
                if at >= from && found.len() < limit {
                    let word = reasons.value(row);
                    let known = Reason::ALL.iter().find(|reason| reason.code() == word);
                    let word = known.map_or("standard-filter", |reason| reason.code());
                    found.push((column::uuid(ids, row), word.to_owned()));
                }
                at += 1;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        for (most, end, step) in [
            (108.5, 150.0, 50.0),
            (1.46, 1.5, 0.5),
            (22.8, 30.0, 10.0),
            (183.0, 200.0, 50.0),
            (0.0, 1.0, 0.5),
        ] {
            let (found, by) = steps(most);
            assert!((found - end).abs() < 1e-9 && (by - step).abs() < 1e-9, "{most}: {found} {by}");
        }
    }
}
