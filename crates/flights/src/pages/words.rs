//! How flights are put into words.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::airports;
use web::Ctx;
use web::list::Cell;

/// `08:30` by the clock of the airport; `00:10 +1` on the next day.
pub(super) fn local(at: DateTime<Utc>, airport: &str, day: NaiveDate) -> String {
    let local = at.with_timezone(&airports::zone(airport));
    let days = (local.date_naive() - day).num_days();
    let time = local.format("%H:%M");
    if days == 0 { time.to_string() } else { format!("{time} {days:+}") }
}

/// State, icon and words of a flight's or leg's status.
pub(super) fn status(ctx: &Ctx, status: &str) -> Cell {
    let words = ctx.t(&format!("flights-status-{status}"));
    match status {
        "departed" => Cell::Status("info", "plane-takeoff", words),
        "arrived" => Cell::Status("good", "plane-landing", words),
        "diverted" => Cell::Status("warn", "route", words),
        "returned" => Cell::Status("warn", "undo-2", words),
        "cancelled" => Cell::Status("bad", "ban", words),
        _ => Cell::Status("", "calendar", words),
    }
}

/// The tone of an outcome.
pub(super) fn tone(outcome: &str) -> &'static str {
    match outcome {
        "flown" | "go-show" | "no-record" => "good",
        "no-show" | "offloaded" | "not-carried" | "moved" => "warn",
        "denied" | "flight-cancelled" | "unclear" => "bad",
        "waitlisted" | "refunded" | "changed" => "info",
        _ => "",
    }
}

/// An outcome with what it rests on.
pub(super) fn outcome(ctx: &Ctx, outcome: &str, basis: &str) -> Cell {
    if outcome.is_empty() {
        return Cell::Empty;
    }
    let words = Cell::Tag(tone(outcome), ctx.t(&format!("flights-outcome-{outcome}")));
    if matches!(basis, "" | "booking" | "flight") {
        return words;
    }
    Cell::Many(vec![words, Cell::Soft(ctx.t(&format!("flights-basis-{basis}")))])
}

/// `PEK Beijing`
pub(super) fn airport(ctx: &Ctx, iata: &str) -> String {
    match airports::find(iata) {
        Some(airport) => format!("{iata} {}", airport.city(ctx.lang)),
        None if iata.is_empty() => ctx.t("flights-somewhere"),
        None => iata.to_owned(),
    }
}
