//! Value at a glance: the answer, the groups, who brings the value, the runs.

use askama::Template;
use axum::extract::State;
use stats::Lifecycle;
use web::chart::{Chart, Row};
use web::{Ctx, PageResult};

use super::{Rooms, view};
use crate::permissions;
use crate::run::{Report, Run, RunStatus};

#[derive(Template)]
#[template(path = "value/overview.html")]
struct Overview<'a> {
    ctx: &'a Ctx,
    published: Option<Published<'a>>,
    runs: Vec<RunLine>,
    may_run: bool,
}

struct Published<'a> {
    run: &'a Run,
    report: &'a Report,
    answer: String,
    cards: Vec<view::Card>,
    pareto: Option<Chart>,
    states: Vec<StateLine>,
}

struct StateLine {
    words: String,
    why: String,
    members: String,
    width: String,
    href: String,
}

/// A run in a list.
pub struct RunLine {
    pub id: uuid::Uuid,
    pub observed: String,
    pub when: String,
    pub status: String,
    pub state: &'static str,
    pub members: String,
    pub source: String,
    pub compare: Option<String>,
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    let published = rooms.value.published(&ctx.actor).await?;
    let runs = rooms.value.list(&ctx.actor, 8).await?;
    let shown = published.as_ref().and_then(|run| Some((run, run.report.as_ref()?)));
    let page = Overview {
        published: shown.map(|(run, report)| Published {
            run,
            report,
            answer: answer(&ctx, report),
            cards: view::cards(&ctx, report),
            pareto: report.pareto.as_ref().map(|pareto| concentration(&ctx, pareto)),
            states: states(&ctx, report),
        }),
        runs: lines(&ctx, &runs, published.as_ref().map(|run| run.id)),
        may_run: ctx.may(permissions::RUN.as_str()),
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

/// The sentence first: who brings the revenue, and whom to call.
pub fn answer(ctx: &Ctx, report: &Report) -> String {
    let Some(best) = report.groups.iter().find(|group| group.name == "keep") else {
        return ctx.t1("value-answer-plain", "k", report.k);
    };
    let (members, revenue) = (ctx.pct(best.member_share), ctx.pct(best.revenue_share));
    let first = ctx.t2("value-answer", "members", members, "revenue", revenue);
    let at_risk = best.lifecycle.get(&Lifecycle::AtRisk).copied().unwrap_or(0);
    let second = match (best.members_before, at_risk) {
        (Some(before), _) if before != best.members => {
            let grew = best.members > before;
            let key = if grew { "value-answer-grew" } else { "value-answer-shrank" };
            ctx.t1(key, "n", ctx.num(best.members.abs_diff(before)))
        }
        _ => String::new(),
    };
    let third = match at_risk {
        0 => String::new(),
        n => ctx.t1("value-answer-at-risk", "n", ctx.num(n)),
    };
    format!("{first}{second}{third}")
}

fn concentration(ctx: &Ctx, pareto: &stats::Pareto) -> Chart {
    let curve: Vec<(f64, f64)> = pareto
        .points
        .iter()
        .map(|p| (round(p.customers * 100.0), round(p.value * 100.0)))
        .collect();
    let fifth =
        ctx.t2("value-pareto-mark", "members", ctx.pct(0.2), "revenue", ctx.pct(pareto.best_fifth));
    let marks = [(20.0, round(pareto.best_fifth * 100.0), fifth)];
    let (x, y) = (ctx.t("value-pareto-x"), ctx.t("value-pareto-y"));
    let option = web::chart::pareto(&curve, &x, &y, &marks);
    let rows = curve
        .iter()
        .filter(|(members, _)| members % 10.0 == 0.0)
        .map(|(members, value)| Row::new(vec![ctx.pct(members / 100.0), ctx.pct(value / 100.0)]));
    let label = ctx.t1("value-pareto-label", "share", ctx.pct(pareto.best_fifth));
    Chart::new("pareto", label, option).size("m").table(vec![x, y], rows.collect())
}

fn round(share: f64) -> f64 {
    (share * 10.0).round() / 10.0
}

fn states(ctx: &Ctx, report: &Report) -> Vec<StateLine> {
    let count = |state: Lifecycle| -> u64 {
        report.groups.iter().filter_map(|group| group.lifecycle.get(&state)).sum()
    };
    let most = Lifecycle::ALL.into_iter().map(count).max().unwrap_or(0).max(1);
    let present = Lifecycle::ALL.into_iter().filter(|state| count(*state) > 0);
    present
        .map(|state| StateLine {
            words: ctx.t(&format!("customers-lifecycle-{}", state.code())),
            why: ctx.t(&format!("customers-lifecycle-why-{}", state.code())),
            members: ctx.num(count(state)),
            width: format!("{:.1}", count(state) as f64 / most as f64 * 100.0),
            href: format!("/customers?f=life:in:{}", state.code()),
        })
        .collect()
}

/// Runs as lines of a table; each finished one can be compared with `published`.
pub fn lines(ctx: &Ctx, runs: &[Run], published: Option<uuid::Uuid>) -> Vec<RunLine> {
    let observed = |run: &Run| run.report.as_ref().map(|report| report.observed_on);
    let shown = runs.iter().find(|run| Some(run.id) == published).and_then(observed);
    runs.iter()
        .map(|run| {
            let earlier = observed(run) <= shown || shown.is_none();
            line(ctx, run, published, earlier)
        })
        .collect()
}

/// Where a run stands, and its state: only one is published, the others were.
pub fn standing(run: &Run, published: Option<uuid::Uuid>) -> (&'static str, &'static str) {
    match run.status {
        RunStatus::Published if published.is_some_and(|id| id != run.id) => ("was-published", ""),
        RunStatus::Published => ("published", "good"),
        RunStatus::Running => ("running", "info"),
        RunStatus::Ready => ("ready", ""),
        RunStatus::Failed => ("failed", "bad"),
    }
}

fn line(ctx: &Ctx, run: &Run, published: Option<uuid::Uuid>, earlier: bool) -> RunLine {
    let (status, state) = standing(run, published);
    let report = run.report.as_ref();
    let none = || "—".to_owned();
    let other = published.filter(|other| report.is_some() && *other != run.id);
    RunLine {
        id: run.id,
        observed: report.map_or_else(none, |report| ctx.date(report.observed_on)),
        when: ctx.at(run.created_at),
        status: ctx.t(&format!("value-status-{status}")),
        state,
        members: report.map_or_else(none, |report| ctx.num(report.rows_clustered)),
        source: report
            .map_or_else(none, |report| ctx.t(&format!("value-source-{}", report.source.as_str()))),
        compare: other.map(|other| {
            let (then, now) = if earlier { (run.id, other) } else { (other, run.id) };
            format!("/value/compare?then={then}&now={now}")
        }),
    }
}
