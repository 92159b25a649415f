//! `/api/v1/flights…`: dated flights, one with everything about it, its passengers; a customer's
//! bookings.

use axum::Json;
use axum::extract::{Path, Query, RawQuery, State};
use chrono::NaiveDate;
use customers::CustomerId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::list::{ListQuery, Today};
use web::{ApiActor, Problem};

use super::After;
use crate::outcomes::Outcome;
use crate::pages::{LIST, Rooms};
use crate::{Booked, Error, FlightOut, LegOut, MessageOut, PassengerOut, Total, permissions};

/// A page of flights.
#[derive(Serialize, ToSchema)]
pub(super) struct FlightsPage {
    items: Vec<FlightOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
    /// Give it as `before` for the page before.
    prev: Option<String>,
}

/// List flights
///
/// The same filters and orders as the page: `f=day:is:2026-11-24;status:in:cancelled`.
#[utoipa::path(get, path = "/api/v1/flights", tag = "flights",
    params(
        ("f" = Option<String>, Query, description = "Filter: `;` and, `,` or, brackets"),
        ("sort" = Option<String>, Query, description = "Column, `-` in front for descending"),
        ("q" = Option<String>, Query, description = "Number, airport, or pair `PEK-SHA`"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("before" = Option<String>, Query, description = "`prev` of the page after"),
        ("n" = Option<i64>, Query, description = "Rows, 1–200, usually 50"),
    ),
    responses((status = 200, body = FlightsPage), (status = 422)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
    RawQuery(query): RawQuery,
) -> Result<Json<FlightsPage>, Problem> {
    who.actor.may(permissions::READ)?;
    let (query, _) = ListQuery::parse(&query.unwrap_or_default(), &LIST)?;
    let zone = who.web.config.time_zone;
    let today = Today { date: rooms.flights.now().with_timezone(&zone).date_naive(), zone };
    let mut tx = rooms.web.db.read().await?;
    let found: web::list::Rows<FlightOut> =
        web::list::fetch(&mut tx, &LIST, &query, None, today).await?;
    let next = found.rows.last().filter(|_| found.more_after).map(|of| of.id.to_string());
    let prev = found.rows.first().filter(|_| found.more_before).map(|of| of.id.to_string());
    Ok(Json(FlightsPage { items: found.rows, next, prev }))
}

/// A flight with its legs, what passengers came to, and the messages behind it.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeFlight {
    flight: FlightOut,
    legs: Vec<LegOut>,
    totals: Vec<Total>,
    /// The last 200, newest first.
    messages: Vec<MessageOut>,
}

/// One flight
#[utoipa::path(get, path = "/api/v1/flights/{designator}/{date}", tag = "flights",
    params(("designator" = String, Path, description = "`CA1501`"),
        ("date" = NaiveDate, Path, description = "Local day of departure")),
    responses((status = 200, body = WholeFlight), (status = 404)))]
pub(super) async fn get(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path((designator, date)): Path<(String, NaiveDate)>,
) -> Result<Json<WholeFlight>, Problem> {
    who.actor.may(permissions::READ)?;
    let flights = &rooms.flights;
    let mut tx = rooms.web.db.read().await?;
    let found = flights.flight(&mut tx, &designator, date).await?;
    let flight = found.ok_or(Error::Unknown)?;
    let legs = flights.legs(&mut tx, flight.id).await?;
    let totals = flights.totals(&mut tx, flight.id).await?;
    let messages = flights.messages_of(&mut tx, flight.id, 200).await?;
    Ok(Json(WholeFlight { flight, legs, totals, messages }))
}

#[derive(Deserialize)]
pub(super) struct Asked {
    outcome: Option<String>,
    after: Option<Uuid>,
    limit: Option<i64>,
}

/// A page of passengers.
#[derive(Serialize, ToSchema)]
pub(super) struct Passengers {
    items: Vec<PassengerOut>,
    /// For `after`, when there are more.
    next: Option<Uuid>,
}

/// Passengers of a flight
#[utoipa::path(get, path = "/api/v1/flights/{designator}/{date}/passengers", tag = "flights",
    params(("designator" = String, Path, description = "`CA1501`"),
        ("date" = NaiveDate, Path, description = "Local day of departure"),
        ("outcome" = Option<String>, Query, description = "flown, no-show, go-show, …"),
        ("after" = Option<Uuid>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1–500, 200 by default")),
    responses((status = 200, body = Passengers), (status = 404)))]
pub(super) async fn passengers(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path((designator, date)): Path<(String, NaiveDate)>,
    Query(asked): Query<Asked>,
) -> Result<Json<Passengers>, Problem> {
    who.actor.may(permissions::READ)?;
    let flights = &rooms.flights;
    let mut tx = rooms.web.db.read().await?;
    let found = flights.flight(&mut tx, &designator, date).await?;
    let flight = found.ok_or(Error::Unknown)?;
    // A word that is no outcome finds nobody.
    let outcome = asked.outcome.as_deref().map(|of| Outcome::read(of).map_or("?", Outcome::as_str));
    let limit = asked.limit.unwrap_or(200).clamp(1, 500);
    let mut items = flights.passengers(&mut tx, flight.id, outcome, asked.after, limit + 1).await?;
    let more = items.len() as i64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(200));
    let next = items.last().filter(|_| more).map(|of| of.id);
    Ok(Json(Passengers { items, next }))
}

/// A page of bookings.
#[derive(Serialize, ToSchema)]
pub(super) struct Bookings {
    /// The last departure first.
    items: Vec<Booked>,
    /// For `after`, when there are more.
    next: Option<String>,
}

/// A customer's bookings that are no flown, missed or returned segments
#[utoipa::path(get, path = "/api/v1/customers/{id}/bookings", tag = "flights",
    params(("id" = Uuid, Path, description = "Customer"),
        ("after" = Option<String>, Query, description = "Cursor of the page before"),
        ("limit" = Option<i64>, Query, description = "1–200, 50 by default")),
    responses((status = 200, body = Bookings)))]
pub(super) async fn bookings(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Query(query): Query<After>,
) -> Result<Json<Bookings>, Problem> {
    who.actor.may(permissions::READ)?;
    let mut tx = rooms.web.db.read().await?;
    let (customer, before) = (CustomerId::from(id), query.before()?);
    let mut items = rooms.flights.bookings(&mut tx, customer, before, query.limit() + 1).await?;
    let next = query.next(&mut items, |of| (of.at, of.id));
    Ok(Json(Bookings { items, next }))
}
