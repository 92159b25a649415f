use axum::Json;
use axum::extract::{Query, State};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::Rooms;
use crate::accrual::Derived;

/// Which segment.
#[derive(Deserialize)]
pub(super) struct Which {
    key: String,
}

/// What was derived from a segment.
#[derive(Serialize, ToSchema)]
pub(super) struct AccrualOut {
    key: String,
    revision: i64,
    member: Option<Uuid>,
    programme: String,
    /// Of the rules that were applied.
    version: Option<i64>,
    state: Derived,
    /// Why nothing was earned, as a code.
    reason: String,
    flight_date: Option<NaiveDate>,
    derived_at: DateTime<Utc>,
    /// Transfers that stand for it, with what is left of each.
    #[schema(value_type = Vec<Object>)]
    postings: Vec<crate::accrual::Standing>,
    /// The arithmetic in the reader's language; the reason last, when there is one.
    sentences: Vec<String>,
}

/// Read what a segment earned
///
/// With the arithmetic, or the reason for nothing: what a claim is explained by.
#[utoipa::path(get, path = "/api/v1/accruals", tag = "members",
    params(("key" = String, Query)),
    responses((status = 200, body = AccrualOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn accrual(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Query(which): Query<Which>,
) -> Result<Json<AccrualOut>, Problem> {
    let kept = rooms.loyalty.accrual(&who.actor, &which.key).await?;
    let sentences = match (&kept.accrued, kept.version) {
        (Some(accrued), Some(number)) => {
            let engine = rooms.loyalty.programme_numbered(&kept.programme, number).await?;
            programme::say::accrued(engine.programme(), accrued, who.lang)
        }
        _ => Vec::new(),
    };
    Ok(Json(AccrualOut {
        key: kept.key,
        revision: kept.revision,
        member: kept.member.map(Into::into),
        programme: kept.programme,
        version: kept.version,
        state: kept.derived,
        reason: kept.reason,
        flight_date: kept.flight_date,
        derived_at: kept.derived_at,
        postings: kept.postings,
        sentences,
    }))
}
