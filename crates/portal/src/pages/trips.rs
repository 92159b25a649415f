//! Trips: to come, and past with what each earned or why it earned nothing.

use askama::Template;
use axum::extract::State;
use chrono::{DateTime, Utc};
use web::PageResult;
use web::form::Fields;

use super::ctx::MyCtx;
use super::{Rooms, words};
use crate::read::{Card, Coming, Earned, Flown};

/// Flights of a page.
const FLIGHTS: usize = 30;

/// A flight to come in words.
pub(super) struct NextView {
    pub from: String,
    pub from_city: String,
    pub to: String,
    pub to_city: String,
    pub day: String,
    pub flight: String,
    pub departs: Option<String>,
    pub arrives: Option<(String, i64)>,
    pub length: Option<String>,
    pub status: Option<String>,
    pub details: String,
    pub worth: Option<String>,
}

impl NextView {
    pub fn new(ctx: &MyCtx, card: &Card, one: &Coming) -> Self {
        let booked = &one.booked;
        let local = |at: DateTime<Utc>, iata: &str| at.with_timezone(&kernel::airports::zone(iata));
        let departs = booked.timed.then(|| local(booked.at, &booked.from));
        let arrives = one.arrives_at.map(|at| local(at, &booked.to));
        let later = |at: chrono::NaiveDate| (at - booked.flight_date).num_days();
        let minutes = one.arrives_at.filter(|_| booked.timed).map(|at| at - booked.at);
        let minutes = minutes.map(|length| length.num_minutes()).filter(|n| *n > 0);
        let status = match booked.outcome.as_str() {
            "flight-cancelled" => Some(ctx.t("portal-trip-cancelled")),
            "waitlisted" => Some(ctx.t("portal-trip-waitlisted")),
            _ if booked.flight_status == "cancelled" => Some(ctx.t("portal-trip-cancelled")),
            _ => None,
        };
        let mut details = Vec::new();
        if !booked.booking_class.is_empty() {
            let class = booked.booking_class.as_str();
            details.push(ctx.t1("portal-trip-class", "class", class));
        }
        if !booked.seat.is_empty() {
            details.push(ctx.t1("portal-trip-seat", "seat", booked.seat.as_str()));
        }
        let engine = card.engine.as_deref();
        Self {
            from: booked.from.clone(),
            from_city: words::city(ctx.lang, &booked.from),
            to: booked.to.clone(),
            to_city: words::city(ctx.lang, &booked.to),
            day: ctx.day(booked.flight_date),
            flight: format!("{} {}", booked.carrier, booked.number),
            departs: departs.map(|at| at.format("%H:%M").to_string()),
            arrives: arrives.map(|at| (at.format("%H:%M").to_string(), later(at.date_naive()))),
            length: minutes.map(|n| ctx.t2("portal-trip-length", "h", n / 60, "m", n % 60)),
            status,
            details: details.join(" · "),
            worth: (one.miles > 0).then(|| {
                let n = ctx.num(one.miles);
                ctx.t2("portal-trip-worth", "n", n, "unit", words::unit(ctx, engine))
            }),
        }
    }
}

/// A flight of the past in words.
struct PastView {
    what: String,
    cities: String,
    day: String,
    earned: Option<String>,
    why: Option<String>,
}

impl PastView {
    fn new(ctx: &MyCtx, one: &Flown) -> Self {
        let trip = &one.trip;
        let city = |code: &Option<String>| {
            code.as_deref().map(|code| words::city(ctx.lang, code)).unwrap_or_default()
        };
        let outcome = format!("portal-outcome-{}", trip.outcome);
        let (earned, why) = match &one.earned {
            Earned::Miles(miles) => (Some(words::signed(ctx, *miles)), None),
            Earned::Nothing(why) => (None, Some(why.clone())),
            Earned::Because(code) => {
                let key = format!("portal-because-{code}");
                let key = if ctx.has(&key) { key } else { "portal-because".to_owned() };
                (None, Some(ctx.t(&key)))
            }
            Earned::Unknown if trip.outcome == "flown" => {
                (None, Some(ctx.t("portal-because-soon")))
            }
            Earned::Unknown if ctx.has(&outcome) => (None, Some(ctx.t(&outcome))),
            Earned::Unknown => (None, Some(ctx.t("portal-outcome"))),
        };
        Self {
            what: words::route(trip),
            cities: format!("{} → {}", city(&trip.origin), city(&trip.destination)),
            day: ctx.day(trip.flight_date),
            earned,
            why,
        }
    }
}

#[derive(Template)]
#[template(path = "portal/trips.html")]
struct Trips<'a> {
    ctx: &'a MyCtx,
    coming: Vec<NextView>,
    past: Vec<PastView>,
    unit: String,
    first: bool,
    next: Option<String>,
}

/// `GET /my/trips?after=…`
pub(super) async fn page(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let (portal, member) = (&rooms.portal, &ctx.session.member);
    let fields = Fields(web::url::pairs(&ctx.query));
    let after = fields.get("after");
    let card = portal.card(member).await?;
    let coming = match after.is_empty() {
        true => portal.coming(&card).await?,
        false => Vec::new(),
    };
    let travels = portal.travels(member, ctx.lang, Some(after), FLIGHTS).await?;
    let page = Trips {
        coming: coming.iter().map(|one| NextView::new(&ctx, &card, one)).collect(),
        past: travels.flown.iter().map(|one| PastView::new(&ctx, one)).collect(),
        unit: words::unit(&ctx, card.engine.as_deref()),
        first: after.is_empty(),
        next: travels.next.map(|after| format!("/my/trips?after={after}")),
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}
