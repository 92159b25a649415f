use axum::Json;
use axum::extract::{Path, State};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{Rooms, member};
use crate::members::TierRow;

/// A member's tiers, newest row first.
#[derive(Serialize, ToSchema)]
pub(super) struct TiersOut {
    /// The one that counts today.
    current: Option<TierOut>,
    items: Vec<TierOut>,
}

/// A row of the history.
#[derive(Serialize, ToSchema)]
pub(super) struct TierOut {
    id: Uuid,
    tier: String,
    rank: i64,
    is_by_hand: bool,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    reason: String,
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    recorded_at: DateTime<Utc>,
}

impl From<TierRow> for TierOut {
    fn from(row: TierRow) -> Self {
        Self {
            id: row.id,
            tier: row.tier,
            rank: row.rank,
            is_by_hand: row.is_by_hand,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            reason: row.reason,
            detail: row.detail,
            recorded_at: row.recorded_at,
        }
    }
}

/// Read a member's tiers
#[utoipa::path(get, path = "/api/v1/members/{id}/tiers", tag = "members",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = TiersOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn tiers(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<TiersOut>, Problem> {
    let id = member(&path)?;
    let loyalty = &rooms.loyalty;
    loyalty.member(&who.actor, id).await?;
    let rows = loyalty.tiers(&who.actor, id).await?;
    let mut tx = loyalty.db().read().await?;
    let current = loyalty.tier_on(&mut tx, id, loyalty.today()).await?;
    let items = rows.into_iter().map(TierOut::from).collect();
    Ok(Json(TiersOut { current: current.map(TierOut::from), items }))
}
