//! One flight: legs, delays and why, totals, passengers, what was said of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use web::list::{Cell, ListRow};
use web::{Ctx, PageError, PageResult};

use super::list::{PASSENGER_SELECT, PassengerRow};
use super::{Rooms, words};
use crate::operations::movement::{Row, Told};
use crate::{FlightOut, LegOut, MessageOut, permissions};

/// Passengers on the page; all of them are a click away.
const PASSENGERS: i64 = 50;
/// Messages on the page.
const MESSAGES: i64 = 100;

/// A leg in words.
struct LegLine {
    from: String,
    to: String,
    status: String,
    departs: String,
    departed: String,
    arrives: String,
    arrived: String,
    late: String,
    aircraft: String,
    causes: Vec<Cause>,
    note: String,
}

/// A cause of delay in words.
struct Cause {
    code: String,
    words: String,
    minutes: String,
    attribution: String,
    tone: &'static str,
}

struct TotalLine {
    words: String,
    count: String,
    href: String,
}

struct Said {
    at: String,
    kind: String,
    text: String,
    href: String,
    quiet: bool,
}

struct PassengerLine {
    cells: Vec<String>,
}

#[derive(Template)]
#[template(path = "flights/flight.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    flight: &'a FlightOut,
    title: String,
    status: String,
    legs: Vec<LegLine>,
    totals: Vec<TotalLine>,
    passengers: Vec<PassengerLine>,
    heads: Vec<String>,
    all: String,
    said: Vec<Said>,
}

/// `GET /flights/{designator}/{date}`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((designator, date)): Path<(String, NaiveDate)>,
) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let flights = &rooms.flights;
    let mut tx = ctx.web.db.read().await?;
    let Some(flight) = flights.flight(&mut tx, &designator, date).await? else {
        return Err(PageError::not_found());
    };
    if flight.flight_date != date || flight.designator() != designator {
        // A later leg's day, or a number written otherwise: one flight has one address.
        return Ok(ctx.see(&flight.href()).into_response());
    }
    let legs = flights.legs(&mut tx, flight.id).await?;
    let totals = flights.totals(&mut tx, flight.id).await?;
    let messages = flights.messages_of(&mut tx, flight.id, MESSAGES).await?;
    let moves = flights.movements_of(&mut tx, flight.id).await?;
    let mut text = store::SqlBuilder::new("SELECT ");
    text.push(PASSENGER_SELECT);
    text.push(" FROM flight_passenger p LEFT JOIN customer c ON c.id = p.customer_id");
    text.push(" WHERE p.flight_id = ").bind(flight.id);
    text.push(" ORDER BY p.surname, p.id LIMIT ").bind(PASSENGERS);
    let people: Vec<PassengerRow> = tx.all(text.build()).await?;
    drop(tx);
    let keys = ["name", "outcome", "tier", "group", "cabin", "class", "seat", "locator"];
    let heads = keys.iter().map(|key| ctx.t(&format!("flights-col-{key}"))).collect();
    let all = format!("{}/passengers", flight.href());
    let lines = |row: &PassengerRow| PassengerLine {
        cells: keys.iter().map(|key| row.cell(key, &ctx).html(&ctx)).collect(),
    };
    let total = |of: &crate::Total| TotalLine {
        words: ctx.t(&format!("flights-outcome-{}", of.outcome)),
        count: ctx.num(of.passengers),
        href: format!("{all}?f=outcome:in:{}", of.outcome),
    };
    let title = format!("{} · {}", flight.designator(), ctx.date(flight.flight_date));
    Ok(ctx.page(&Page {
        ctx: &ctx,
        title,
        status: words::status(&ctx, &flight.status).html(&ctx),
        legs: legs.iter().map(|leg| leg_line(&ctx, leg)).collect(),
        totals: totals.iter().map(total).collect(),
        passengers: people.iter().map(lines).collect(),
        heads,
        said: messages.iter().map(|message| said(&ctx, message, &moves)).collect(),
        all,
        flight: &flight,
    }))
}

fn leg_line(ctx: &Ctx, leg: &LegOut) -> LegLine {
    let at = |at: Option<DateTime<Utc>>, airport: &str| {
        at.map(|at| words::local(at, airport, leg.date)).unwrap_or_default()
    };
    let expected = |is: Option<DateTime<Utc>>, soon: Option<DateTime<Utc>>, airport: &str| {
        let told = at(is, airport);
        if !told.is_empty() || soon.is_none() {
            return told;
        }
        ctx.t1("flights-expected", "time", at(soon, airport))
    };
    let landed = leg.on_block_at.or(leg.touch_down_at);
    let minutes = leg.arrival_delay.or(leg.departure_delay);
    let late = match minutes {
        Some(minutes) if minutes > 0 => ctx.t1("flights-late", "minutes", minutes),
        Some(minutes) if minutes < 0 => ctx.t1("flights-early", "minutes", -minutes),
        Some(_) => ctx.t("flights-on-time"),
        None => String::new(),
    };
    let note = if leg.diverted_to.is_empty() {
        String::new()
    } else {
        ctx.t1("flights-diverted-to", "airport", words::airport(ctx, &leg.diverted_to))
    };
    let aircraft = [leg.aircraft.as_str(), leg.registration.as_str()];
    let known: Vec<&str> = aircraft.into_iter().filter(|of| !of.is_empty()).collect();
    LegLine {
        from: words::airport(ctx, &leg.from),
        to: words::airport(ctx, &leg.to),
        status: words::status(ctx, &leg.status).html(ctx),
        departs: at(leg.departs_at, &leg.from),
        departed: expected(leg.off_block_at.or(leg.airborne_at), leg.expected_off_at, &leg.from),
        arrives: at(leg.arrives_at, &leg.to),
        arrived: expected(landed, leg.expected_on_at, &leg.to),
        late,
        aircraft: known.join(" · "),
        causes: leg
            .delays
            .as_array()
            .map(|causes| causes.iter().map(|of| cause(ctx, of)).collect())
            .unwrap_or_default(),
        note,
    }
}

fn cause(ctx: &Ctx, of: &Json) -> Cause {
    let text = |key: &str| of[key].as_str().unwrap_or_default();
    let words = text(if ctx.zh() { "zh" } else { "en" });
    let attribution = text("attribution");
    Cause {
        code: text("code").to_owned(),
        words: if words.is_empty() { ctx.t("flights-cause-unknown") } else { words.to_owned() },
        minutes: of["minutes"]
            .as_i64()
            .map(|minutes| ctx.t1("flights-minutes", "n", minutes))
            .unwrap_or_default(),
        attribution: match attribution {
            "" => String::new(),
            known => ctx.t(&format!("flights-attribution-{known}")),
        },
        tone: match attribution {
            "carrier" => "warn",
            "non-carrier" => "info",
            _ => "",
        },
    }
}

fn said(ctx: &Ctx, message: &MessageOut, moves: &[Row]) -> Said {
    let told: Vec<String> = moves
        .iter()
        .filter(|row| row.message_id == message.message_id)
        .map(|row| movement(ctx, row))
        .collect();
    let text = if !told.is_empty() {
        told.join("; ")
    } else if message.kind == "schedule" {
        ctx.t("flights-said-schedule")
    } else {
        let (people, changed) = (message.people, message.changed);
        ctx.t2("flights-said-people", "people", people, "changed", changed)
    };
    Said {
        at: ctx.at(message.said_at),
        kind: message.kind.to_uppercase(),
        text,
        // Rows of a coupon file are no messages: nothing to open.
        href: match message.kind.as_str() {
            "coupons" => String::new(),
            _ => format!("/feeds/messages/{}", message.message_id),
        },
        quiet: message.changed == 0,
    }
}

/// What a movement told, in words; times as UTC, like the message.
fn movement(ctx: &Ctx, row: &Row) -> String {
    let told: &Told = &row.facts.0;
    let times = [
        ("flights-move-off", told.off_block),
        ("flights-move-airborne", told.airborne),
        ("flights-move-touch-down", told.touch_down),
        ("flights-move-on", told.on_block),
        ("flights-move-expected-off", told.expected_off),
        ("flights-move-expected-on", told.expected_on),
        ("flights-move-informs", told.informs),
        ("flights-move-returned", told.returned),
    ];
    let mut words: Vec<String> = times
        .iter()
        .filter_map(|(key, at)| Some(ctx.t1(key, "time", at.as_ref()?.format("%H:%M").to_string())))
        .collect();
    if !told.diverted_to.is_empty() {
        let to = words::airport(ctx, &told.diverted_to);
        words.push(ctx.t1("flights-diverted-to", "airport", to));
    }
    if !told.delays.is_empty() {
        let codes: Vec<&str> = told.delays.iter().map(|cause| cause.code.as_str()).collect();
        words.push(ctx.t1("flights-move-codes", "codes", codes.join(", ")));
    }
    if let Some(people) = told.passengers {
        words.push(ctx.t1("flights-move-passengers", "n", people));
    }
    if row.correction {
        words.push(ctx.t("flights-move-correction"));
    }
    if words.is_empty() { Cell::Empty.plain(ctx) } else { words.join(", ") }
}
