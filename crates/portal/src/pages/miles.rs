//! The statement, a line's explanation, the balance on a day.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use flights::Trip;
use kernel::Uuid;
use loyalty::ledger::TransferId;
use programme::{Engine, say};
use web::form::Fields;
use web::{PageError, PageResult};

use super::ctx::MyCtx;
use super::home::expiry;
use super::{Rooms, words};
use crate::Error;
use crate::read::{Day, Entry, Explained, Miles, Part, Show};

/// Lines of a page.
const LINES: usize = 30;
/// Days of expiry that are named.
const NEXT: usize = 3;

/// A line of the statement in words.
pub(super) struct LineView {
    pub href: String,
    pub what: String,
    pub day: NaiveDate,
    pub change: String,
    pub gains: bool,
    pub balance: String,
}

/// Lines in words; `segments` are the member's flights by the keys of their accruals.
pub(super) fn lines(
    ctx: &MyCtx,
    engine: Option<&Engine>,
    entries: &[Entry],
    segments: &HashMap<String, Trip>,
) -> Vec<LineView> {
    let view = |entry: &Entry| {
        let transfer = &entry.transfer;
        let trip = segments.get(&transfer.reference);
        LineView {
            href: format!("/my/miles/{}", transfer.id),
            what: words::line(ctx, engine, transfer, entry.change, trip),
            day: transfer.effective_at.with_timezone(&ctx.zone).date_naive(),
            change: words::signed(ctx, entry.change),
            gains: entry.change > 0,
            balance: ctx.num(entry.balance),
        }
    };
    entries.iter().map(view).collect()
}

/// Lines that came in one month.
struct MonthView {
    name: String,
    lines: Vec<LineView>,
}

#[derive(Template)]
#[template(path = "portal/miles.html")]
struct MilesPage<'a> {
    ctx: &'a MyCtx,
    miles: Miles,
    unit: String,
    expires: Vec<String>,
    tabs: Vec<(&'static str, String, bool)>,
    months: Vec<MonthView>,
    filtered: bool,
    first: bool,
    next: Option<String>,
    asked: String,
    day: Option<Day>,
    wrong_day: bool,
}

/// `GET /my/miles?show=…&after=…&on=…`
pub(super) async fn page(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let (portal, member) = (&rooms.portal, &ctx.session.member);
    let fields = Fields(web::url::pairs(&ctx.query));
    let (show, after) = (Show::read(fields.get("show")), fields.get("after"));
    let card = portal.card(member).await?;
    let miles = portal.miles(member).await?;
    let statement = portal.statement(member, show, Some(after), LINES).await?;
    let segments = portal.segments(member).await?;
    let asked = fields.get("on").chars().take(10).collect::<String>();
    let on: Option<NaiveDate> = asked.parse().ok();
    let day = match on.filter(|day| *day <= ctx.today()) {
        Some(day) => Some(portal.balance_on(member, day).await?),
        None => None,
    };
    let engine = card.engine.as_deref();
    let tabs = Show::ALL
        .iter()
        .map(|one| (one.as_str(), ctx.t(&format!("portal-show-{}", one.as_str())), *one == show));
    let next = statement.next.as_ref();
    let next = next.map(|after| format!("/my/miles?show={}&after={after}", show.as_str()));
    let expires = miles.expiring.iter().take(NEXT).map(|(day, n)| expiry(&ctx, *day, *n));
    let page = MilesPage {
        ctx: &ctx,
        unit: words::unit(&ctx, engine),
        expires: expires.collect(),
        tabs: tabs.collect(),
        months: months(&ctx, engine, &statement.entries, &segments),
        filtered: show != Show::All,
        first: after.is_empty(),
        next,
        wrong_day: !asked.is_empty() && day.is_none(),
        asked,
        day,
        miles,
    };
    Ok(ctx.page(&page))
}

/// By the month in which they came into the account: the balance beside them runs in that order.
fn months(
    ctx: &MyCtx,
    engine: Option<&Engine>,
    entries: &[Entry],
    segments: &HashMap<String, Trip>,
) -> Vec<MonthView> {
    let month =
        |entry: &Entry| ctx.month(entry.transfer.recorded_at.with_timezone(&ctx.zone).date_naive());
    let mut months: Vec<MonthView> = Vec::new();
    for part in entries.chunk_by(|one, other| month(one) == month(other)) {
        let name = part.first().map(month).unwrap_or_default();
        months.push(MonthView { name, lines: lines(ctx, engine, part, segments) });
    }
    months
}

#[derive(Template)]
#[template(path = "portal/line.html")]
struct LinePage<'a> {
    ctx: &'a MyCtx,
    title: String,
    amount: String,
    facts: Vec<(String, String)>,
    steps: Vec<String>,
    rules: Option<String>,
    note: Option<String>,
    others: Vec<(String, String)>,
}

/// `GET /my/miles/{id}`
pub(super) async fn line(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    let id: Uuid = id.parse().map_err(|_| PageError::from(Error::NotFound))?;
    let (portal, member) = (&rooms.portal, &ctx.session.member);
    let told = portal.explain(member, TransferId::from(id)).await?;
    let card = portal.card(member).await?;
    let segments = portal.segments(member).await?;
    let engine = told.accrued.as_ref().map(|(engine, _)| engine).or(card.engine.as_ref());
    let engine = engine.map(|engine| &**engine);
    let trip = segments.get(&told.part.transfer.reference);
    let amount = |part: &Part| amount(&ctx, engine, part);
    let others = told
        .others
        .iter()
        .map(|part| (words::measure_name(&ctx, words::measure(part.unit)), amount(part)));
    let accrued = told.accrued.as_ref();
    let page = LinePage {
        title: words::line(&ctx, engine, &told.part.transfer, told.part.change, trip),
        amount: amount(&told.part),
        facts: facts(&ctx, &told),
        steps: accrued.map_or_else(Vec::new, |(engine, accrued)| {
            say::accrued(engine.programme(), accrued, ctx.lang)
        }),
        rules: accrued.map(|(engine, accrued)| {
            let name = engine.programme().name.get(ctx.lang);
            ctx.t2("portal-rules", "name", name, "version", accrued.version)
        }),
        note: note(&ctx, &told, engine),
        others: others.collect(),
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

fn amount(ctx: &MyCtx, engine: Option<&Engine>, part: &Part) -> String {
    let sign = if part.change > 0 { "+" } else { "" };
    match engine {
        Some(engine) => {
            let measure = words::measure(part.unit);
            format!("{sign}{}", words::measured(ctx, engine, measure, part.change))
        }
        None => words::signed(ctx, part.change),
    }
}

fn facts(ctx: &MyCtx, told: &Explained) -> Vec<(String, String)> {
    let transfer = &told.part.transfer;
    let day = |at: chrono::DateTime<chrono::Utc>| ctx.day(at.with_timezone(&ctx.zone).date_naive());
    let mut facts = vec![
        (ctx.t("portal-line-effective"), day(transfer.effective_at)),
        (ctx.t("portal-line-recorded"), day(transfer.recorded_at)),
    ];
    if let Some(last) = transfer.expires_on.filter(|_| told.part.change > 0) {
        let until = match last < loyalty::ledger::NEVER {
            true => ctx.day(last),
            false => ctx.t("portal-never"),
        };
        facts.push((ctx.t("portal-line-until"), until));
    }
    let place = [transfer.credit_after, transfer.debit_after];
    let place = if told.part.change > 0 { place[0] } else { place[1] };
    if let Some(place) = place {
        facts.push((ctx.t("portal-line-after"), ctx.num(place.balance)));
    }
    facts
}

/// What no rules explain: expiry, adjustments, what was taken back.
fn note(ctx: &MyCtx, told: &Explained, engine: Option<&Engine>) -> Option<String> {
    use loyalty::ledger::Kind;
    let transfer = &told.part.transfer;
    if let (Kind::Expire, Some(lot)) = (transfer.kind, &told.about) {
        let came = lot.transfer.effective_at.with_timezone(&ctx.zone).date_naive();
        return Some(ctx.t2(
            "portal-note-expired",
            "came",
            ctx.day(came),
            "n",
            amount(ctx, engine, lot),
        ));
    }
    if let (Kind::Reverse, Some(original)) = (transfer.kind, &told.about) {
        let came = original.transfer.recorded_at.with_timezone(&ctx.zone).date_naive();
        let n = amount(ctx, engine, original);
        return Some(ctx.t2("portal-note-reversed", "came", ctx.day(came), "n", n));
    }
    match transfer.code.as_str() {
        "adjustment" => Some(ctx.t("portal-note-adjustment")),
        _ if told.accrued.is_none() => Some(ctx.t("portal-note-none")),
        _ => None,
    }
}
