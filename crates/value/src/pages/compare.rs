//! Two runs side by side, and the list of who moved with what changed about them.

use askama::Template;
use axum::extract::{Query, State};
use customers::CustomerId;
use serde::Deserialize;
use uuid::Uuid;
use web::chart::Chart;
use web::{Ctx, PageResult};

use super::Rooms;
use super::view::{LETTERS, Moves, kind_of, word};
use crate::run::Run;
use crate::run::compare::{Mover, MoversAsked, in_page_order};

#[derive(Debug, Deserialize)]
pub struct Asked {
    then: Option<Uuid>,
    now: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "value/compare.html")]
struct Compare<'a> {
    ctx: &'a Ctx,
    choices: Vec<(String, String)>,
    then: String,
    now: String,
    shown: Option<Shown>,
}

struct Shown {
    answer: String,
    chart: Chart,
    groups: Vec<GroupLine>,
    list: String,
}

struct GroupLine {
    kind: &'static str,
    name: String,
    before: String,
    after: String,
    change: String,
    /// How far the centre moved, in standard deviations.
    drift: String,
}

pub async fn page(ctx: Ctx, State(rooms): State<Rooms>, Query(asked): Query<Asked>) -> PageResult {
    let runs = rooms.value.list(&ctx.actor, 200).await?;
    let mut finished: Vec<&Run> = runs.iter().filter(|run| run.report.is_some()).collect();
    let observed = |run: &Run| run.report.as_ref().map(|report| report.observed_on);
    finished.sort_by_key(|run| std::cmp::Reverse((observed(run), run.created_at)));
    let choice = |run: &&Run| {
        let observed = run.report.as_ref().map(|report| ctx.date(report.observed_on));
        (
            run.id.to_string(),
            format!("{} · {}", observed.unwrap_or_default(), ctx.at(run.created_at)),
        )
    };
    let now = asked.now.or_else(|| finished.first().map(|run| run.id));
    let then = asked.then.or_else(|| finished.get(1).map(|run| run.id));
    let shown = match (then, now) {
        (Some(then), Some(now)) if then != now => Some(compare(&ctx, &rooms, then, now).await?),
        _ => None,
    };
    let page = Compare {
        choices: finished.iter().map(choice).collect(),
        then: then.map(|id| id.to_string()).unwrap_or_default(),
        now: now.map(|id| id.to_string()).unwrap_or_default(),
        shown,
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

async fn compare(ctx: &Ctx, rooms: &Rooms, then: Uuid, now: Uuid) -> Result<Shown, web::PageError> {
    let found = rooms.value.compare(&ctx.actor, then, now).await?;
    let (before, after) = (found.then.report()?, found.now.report()?);
    let view = Moves { then: (then, before), now: (now, after), migration: &found.migration };
    let groups = in_page_order(after)
        .into_iter()
        .map(|at| {
            let group = &after.groups[at];
            let earlier = before.groups.iter().find(|earlier| earlier.name == group.name);
            let had = earlier.map_or(0, |earlier| earlier.members);
            let sign = if group.members >= had { "+" } else { "−" };
            let drift = earlier.map(|earlier| {
                let apart = group.centre.iter().zip(earlier.centre).map(|(a, b)| (a - b) * (a - b));
                apart.sum::<f64>().sqrt()
            });
            GroupLine {
                kind: kind_of(&group.name),
                name: word(ctx, &group.name),
                before: ctx.num(had),
                after: ctx.num(group.members),
                change: format!("{sign}{}", ctx.num(group.members.abs_diff(had))),
                drift: drift.map_or_else(|| "—".to_owned(), |drift| ctx.dec(drift, 2)),
            }
        })
        .collect();
    let share = found.moved as f64 / (found.in_both.max(1)) as f64;
    Ok(Shown {
        answer: ctx.t3(
            "value-compare-answer",
            "moved",
            ctx.num(found.moved),
            "all",
            ctx.num(found.in_both),
            "share",
            ctx.pct(share),
        ),
        chart: view.chart(ctx),
        groups,
        list: format!("/value/moved?then={then}&now={now}"),
    })
}

#[derive(Debug, Deserialize)]
pub struct MovedAsked {
    then: Uuid,
    now: Uuid,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    page: usize,
}

#[derive(Template)]
#[template(path = "value/moved.html")]
struct Moved<'a> {
    ctx: &'a Ctx,
    back: String,
    title: String,
    total: String,
    rows: Vec<MovedLine>,
    previous: Option<String>,
    next: Option<String>,
}

struct MovedLine {
    href: String,
    name: String,
    from: (&'static str, String),
    to: (&'static str, String),
    why: String,
    score: String,
}

/// Movers on a page.
const PAGE: usize = 50;

pub async fn moved(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Query(asked): Query<MovedAsked>,
) -> PageResult {
    let given = |word: &str| Some(word.to_owned()).filter(|word| !word.is_empty());
    let wanted = MoversAsked {
        from: given(&asked.from),
        to: given(&asked.to),
        limit: PAGE,
        skip: asked.page.saturating_mul(PAGE),
    };
    let pair = (asked.then, asked.now);
    let (movers, total) = rooms.value.moved(&ctx.actor, pair, wanted).await?;
    let ids: Vec<CustomerId> = movers.iter().map(|m| CustomerId::from(m.customer)).collect();
    let names = rooms.value.names(&ctx.actor, &ids).await?;
    let rows = movers.iter().zip(&ids).map(|(mover, id)| {
        let name = names.get(id).map(|name| ctx.name(name)).unwrap_or_default();
        line(&ctx, mover, name)
    });
    let here = |page: usize| {
        let (then, now, from, to) = (asked.then, asked.now, &asked.from, &asked.to);
        format!("/value/moved?then={then}&now={now}&from={from}&to={to}&page={page}")
    };
    let more = ((asked.page + 1) * PAGE) as u64;
    let any = ctx.t("value-any-group");
    let side = |name: &str| if name.is_empty() { any.clone() } else { word(&ctx, name) };
    let page = Moved {
        back: format!("/value/compare?then={}&now={}", asked.then, asked.now),
        title: ctx.t2("value-moved-title", "from", side(&asked.from), "to", side(&asked.to)),
        total: ctx.num(total),
        rows: rows.collect(),
        previous: asked.page.checked_sub(1).map(here),
        next: (more < total).then(|| here(asked.page + 1)),
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

fn line(ctx: &Ctx, mover: &Mover, name: String) -> MovedLine {
    let side = |name: Option<&str>, none: &str| {
        let name = name.unwrap_or(none);
        (kind_of(name), word(ctx, name))
    };
    let causes = mover.causes.iter().map(|cause| {
        let places = match cause.feature {
            0 | 1 => 1,
            4 => 2,
            _ => 0,
        };
        let key = format!("value-cause-{}", LETTERS[cause.feature.min(4)]);
        ctx.t2(&key, "then", ctx.dec(cause.then, places), "now", ctx.dec(cause.now, places))
    });
    MovedLine {
        href: format!("/customers/{}", mover.customer),
        name,
        from: side(mover.from.as_deref(), crate::run::compare::NEW),
        to: side(mover.to.as_deref(), crate::run::compare::GONE),
        why: causes.collect::<Vec<_>>().join(&ctx.t("value-and")),
        score: format!("{} → {}", ctx.dec(mover.score.0, 0), ctx.dec(mover.score.1, 0)),
    }
}
