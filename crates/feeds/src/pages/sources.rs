//! `/feeds`: the sources with lag, errors and quality.

use askama::Template;
use axum::extract::State;
use web::{Ctx, PageResult};

use super::Rooms;
use super::words::{problem, source_name};
use crate::permissions;
use crate::sources::Health;

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
    let (state, icon, status) = if let Some(of) = &source.problem {
        ("bad", "circle-alert", problem(ctx, of).0)
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
