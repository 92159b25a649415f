//! `/api/v1/customers/{id}/…`: trips, activity by month and habits of one customer.

mod flights;

use axum::Json;
use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use customers::CustomerId;
use kernel::Cursor;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use web::{ApiActor, Problem};

use crate::pages::Rooms;
use crate::{MonthActivity, Preferences, Trip, permissions};

/// The operations of this domain.
pub fn api(rooms: Rooms) -> OpenApiRouter<()> {
    OpenApiRouter::new()
        .routes(routes!(trips))
        .routes(routes!(activity))
        .routes(routes!(preferences))
        .routes(routes!(flights::list))
        .routes(routes!(flights::get))
        .routes(routes!(flights::passengers))
        .routes(routes!(flights::bookings))
        .with_state(rooms)
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
    limit: Option<i64>,
}

/// A page of trips.
#[derive(Serialize, utoipa::ToSchema)]
struct Trips {
    /// Newest first.
    items: Vec<Trip>,
    /// For `after`, when there are more.
    next: Option<String>,
}

/// A customer's segments, newest first.
#[utoipa::path(get, path = "/api/v1/customers/{id}/segments", tag = "flights",
    params(("id" = Uuid, Path, description = "Customer"),
        ("after" = Option<String>, Query, description = "Cursor of the page before"),
        ("limit" = Option<i64>, Query, description = "1–200, 50 by default")),
    responses((status = 200, body = Trips)))]
async fn trips(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
    Query(query): Query<After>,
) -> Result<Json<Trips>, Problem> {
    who.actor.may(permissions::READ)?;
    let before = query.after.as_deref().map(Cursor::decode).transpose()?.and_then(|cursor| {
        let at: DateTime<Utc> = cursor.0.first()?.as_str()?.parse().ok()?;
        Some((at, cursor.0.get(1)?.as_str()?.parse::<Uuid>().ok()?))
    });
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let mut tx = rooms.web.db.read().await?;
    let mut items = rooms.flights.trips(&mut tx, CustomerId::from(id), before, limit + 1).await?;
    let more = items.len() as i64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(50));
    let next = items
        .last()
        .filter(|_| more)
        .map(|trip| Cursor(vec![trip.at.to_rfc3339().into(), trip.id.to_string().into()]).encode());
    Ok(Json(Trips { items, next }))
}

/// A customer's activity by month, oldest first, without gaps.
#[utoipa::path(get, path = "/api/v1/customers/{id}/activity", tag = "flights",
    params(("id" = Uuid, Path, description = "Customer")),
    responses((status = 200, body = Vec<MonthActivity>)))]
async fn activity(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Result<Json<Vec<MonthActivity>>, Problem> {
    who.actor.may(permissions::READ)?;
    let mut tx = rooms.web.db.read().await?;
    Ok(Json(rooms.flights.activity_by_month(&mut tx, CustomerId::from(id), 60).await?))
}

/// What a customer's trips say about their habits, with evidence.
#[utoipa::path(get, path = "/api/v1/customers/{id}/preferences", tag = "flights",
    params(("id" = Uuid, Path, description = "Customer")),
    responses((status = 200, body = Preferences)))]
async fn preferences(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<Uuid>,
) -> Result<Json<Preferences>, Problem> {
    who.actor.may(permissions::READ)?;
    let mut tx = rooms.web.db.read().await?;
    Ok(Json(rooms.flights.preferences(&mut tx, CustomerId::from(id)).await?))
}
