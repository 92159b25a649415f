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

/// A page of what is read backwards in the order (at, id).
#[derive(Deserialize)]
struct After {
    after: Option<String>,
    limit: Option<i64>,
}

impl After {
    /// Where the page begins; a cursor of another list begins it anew.
    fn before(&self) -> Result<Option<(DateTime<Utc>, Uuid)>, Problem> {
        let Some(after) = &self.after else { return Ok(None) };
        let Cursor(values) = Cursor::decode(after)?;
        let read = || {
            let at: DateTime<Utc> = values.first()?.as_str()?.parse().ok()?;
            Some((at, values.get(1)?.as_str()?.parse::<Uuid>().ok()?))
        };
        Ok(read())
    }

    /// Rows of the page.
    fn limit(&self) -> i64 {
        self.limit.unwrap_or(50).clamp(1, 200)
    }

    /// Cuts off the one row that was read too much; if there was one, the cursor of the next page.
    fn next<T>(&self, items: &mut Vec<T>, at: fn(&T) -> (DateTime<Utc>, Uuid)) -> Option<String> {
        let limit = usize::try_from(self.limit()).unwrap_or(50);
        let more = items.len() > limit;
        items.truncate(limit);
        let (at, id) = items.last().filter(|_| more).map(at)?;
        Some(Cursor(vec![at.to_rfc3339().into(), id.to_string().into()]).encode())
    }
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
    let mut tx = rooms.web.db.read().await?;
    let (customer, before) = (CustomerId::from(id), query.before()?);
    let mut items = rooms.flights.trips(&mut tx, customer, before, query.limit() + 1).await?;
    let next = query.next(&mut items, |trip| (trip.at, trip.id));
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
