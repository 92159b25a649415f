//! The member's home: card, miles, tier, next trip, latest lines.

use askama::Template;
use axum::extract::State;
use chrono::NaiveDate;
use programme::Engine;
use web::PageResult;

use super::card::CardView;
use super::ctx::MyCtx;
use super::miles::{LineView, lines};
use super::trips::NextView;
use super::{Rooms, words};
use crate::read::{Afford, Card, Coach, Miles, Show, affordable};

/// Latest lines that are shown.
const LATEST: usize = 3;

/// A bar of the way to a tier.
pub(super) struct BarView {
    pub name: String,
    pub label: String,
    pub have: String,
    pub booked: Option<String>,
    pub need: String,
    pub parts: (i64, i64, i64),
}

/// The way to a tier.
pub(super) struct CoachView {
    pub title: String,
    pub first: String,
    pub bars: Vec<BarView>,
}

impl CoachView {
    pub fn new(ctx: &MyCtx, coach: &Coach) -> Option<Self> {
        let key = match coach.aim? {
            programme::qualify::Aim::Keep => "portal-tier-keep",
            programme::qualify::Aim::Raise => "portal-tier-raise",
        };
        let engine = &coach.sight.engine;
        let bars = coach.bars.iter().map(|bar| {
            let said = |amount| words::measured(ctx, engine, bar.measure, amount);
            let (have, need) = (said(bar.have), said(bar.need));
            let booked = (bar.booked > 0).then(|| said(bar.booked));
            let key = if booked.is_some() { "portal-bar-booked" } else { "portal-bar" };
            let label = ctx.tv(
                key,
                &[
                    ("have", have.clone()),
                    ("booked", booked.clone().unwrap_or_default()),
                    ("need", need.clone()),
                ],
            );
            let name = words::measure_name(ctx, bar.measure);
            BarView { name, label, have, booked, need, parts: bar.parts() }
        });
        Some(Self {
            title: ctx.t1(key, "tier", coach.tier.as_str()),
            first: coach.sentences.first().cloned().unwrap_or_default(),
            bars: bars.collect(),
        })
    }
}

#[derive(Template)]
#[template(path = "portal/home.html")]
struct Home<'a> {
    ctx: &'a MyCtx,
    card: CardView,
    miles: Miles,
    unit: String,
    enough: Vec<String>,
    expires: Option<String>,
    coach: Option<CoachView>,
    next: Option<NextView>,
    ahead: usize,
    latest: Vec<LineView>,
}

/// `GET /my`
pub(super) async fn page(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let (portal, member) = (&rooms.portal, &ctx.session.member);
    let card = portal.card(member).await?;
    let engine = card.engine.as_deref();
    let miles = portal.miles(member).await?;
    let usual = portal.usual(member).await?;
    let coming = portal.coming(&card).await?;
    let coach = portal.coach(&card, &coming, &usual, ctx.lang).await?;
    let statement = portal.statement(member, Show::All, None, LATEST).await?;
    let segments = portal.segments(member).await?;
    let unit = words::unit(&ctx, engine);
    let enough = match engine.filter(|_| miles.begun) {
        Some(engine) => {
            let told =
                affordable(engine, card.rank(), miles.balance, &usual, ctx.today(), ctx.lang);
            told.iter().filter_map(|one| enough(&ctx, one, &miles, engine)).collect()
        }
        None => Vec::new(),
    };
    let expires = miles.expiring.first().map(|(day, amount)| expiry(&ctx, *day, *amount));
    let latest = lines(&ctx, engine, &statement.entries, &segments);
    let home = Home {
        ctx: &ctx,
        card: CardView::new(&ctx, &card),
        unit,
        enough,
        expires,
        coach: coach.as_ref().and_then(|coach| CoachView::new(&ctx, coach)),
        next: coming.first().map(|one| NextView::new(&ctx, &card, one)),
        ahead: coming.len(),
        latest,
        miles,
    };
    Ok(ctx.page(&home))
}

fn enough(ctx: &MyCtx, what: &Afford, miles: &Miles, engine: &Engine) -> Option<String> {
    let unit = words::unit(ctx, Some(engine));
    Some(match what {
        Afford::Tickets { count: 0, origin, destination, price } => ctx.tv(
            "portal-enough-not",
            &[
                ("more", ctx.num(price - miles.balance.max(0))),
                ("unit", unit),
                ("from", words::city(ctx.lang, origin)),
                ("to", words::city(ctx.lang, destination)),
            ],
        ),
        Afford::Tickets { count, origin, destination, .. } => ctx.t3(
            "portal-enough-tickets",
            "n",
            *count,
            "from",
            words::city(ctx.lang, origin),
            "to",
            words::city(ctx.lang, destination),
        ),
        Afford::Item { name, price, enough: true } => {
            ctx.t2("portal-enough-item", "name", name.as_str(), "price", *price)
        }
        Afford::Item { name, price, enough: false } => ctx.tv(
            "portal-enough-not-item",
            &[
                ("more", ctx.num(price - miles.balance.max(0))),
                ("unit", unit),
                ("name", name.clone()),
            ],
        ),
    })
}

/// What runs out next.
pub(super) fn expiry(ctx: &MyCtx, day: NaiveDate, amount: i64) -> String {
    ctx.t2("portal-expires", "n", ctx.num(amount), "day", ctx.day(day))
}

/// Kept for templates that show a card's rules.
pub(super) fn rules_of(ctx: &MyCtx, card: &Card) -> Option<String> {
    let rules = card.engine.as_ref()?.programme();
    Some(ctx.t2("portal-rules", "name", rules.name.get(ctx.lang), "version", rules.version))
}
