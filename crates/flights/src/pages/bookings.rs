//! The panel of coming trips on the page of a customer.

use askama::Template;
use customers::CustomerId;
use web::{Ctx, PageError};

use super::{broken, words};
use crate::{Booked, Flights, permissions};

/// Trips shown; the timeline has the rest.
const SHOWN: i64 = 6;

struct Line {
    day: String,
    time: String,
    flight: String,
    href: String,
    route: String,
    place: String,
    state: String,
}

#[derive(Template)]
#[template(path = "flights/bookings.html")]
struct Bookings {
    lines: Vec<Line>,
}

pub(super) async fn panel(
    flights: &Flights,
    ctx: Ctx,
    customer: CustomerId,
) -> Result<Option<String>, PageError> {
    if ctx.actor.may(permissions::READ).is_err() {
        return Ok(None);
    }
    let mut tx = ctx.web.db.read().await?;
    let coming = flights.coming(&mut tx, customer, SHOWN).await?;
    drop(tx);
    if coming.is_empty() {
        return Ok(None);
    }
    let lines = coming.iter().map(|of| line(&ctx, of)).collect();
    Ok(Some(Bookings { lines }.render().map_err(broken)?))
}

fn line(ctx: &Ctx, of: &Booked) -> Line {
    let cabin = match of.cabin.as_str() {
        "" => String::new(),
        cabin => ctx.t(&format!("flights-cabin-{cabin}")),
    };
    let place = [cabin, of.booking_class.clone(), of.seat.clone(), of.locator.clone()];
    let place: Vec<String> = place.into_iter().filter(|of| !of.is_empty()).collect();
    let state = if of.flight_status == "planned" && of.outcome == "booked" {
        String::new()
    } else if of.outcome == "booked" {
        words::status(ctx, &of.flight_status).html(ctx)
    } else {
        words::outcome(ctx, &of.outcome, "").html(ctx)
    };
    let time = words::local(of.at, &of.from, of.flight_date);
    Line {
        day: ctx.date(of.flight_date),
        time: if of.timed { time } else { String::new() },
        flight: of.designator(),
        href: of.href(),
        route: format!("{}–{}", of.from, of.to),
        place: place.join(" · "),
        state,
    }
}
