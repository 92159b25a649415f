use axum::Json;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use programme::say;
use serde::Serialize;
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::member;
use crate::{Holding, Outcome, Rooms, Why, permissions};

/// What a member has today.
#[derive(Serialize, ToSchema)]
pub(super) struct HeldOut {
    outcome: Outcome,
    /// Code of today's tier.
    tier: Option<String>,
    items: Vec<HoldingOut>,
}

/// A benefit.
#[derive(Serialize, ToSchema)]
pub(super) struct HoldingOut {
    id: String,
    /// In the reader's language.
    name: String,
    /// How often, for whom, on which flights; in the reader's language.
    terms: String,
    because: Why,
    /// Allowed in the period, goodwill aside.
    allowed: Option<u32>,
    used: Option<u32>,
    /// Goodwill that is left.
    extra: Option<u32>,
    left: Option<u32>,
    /// First day on which it is counted anew.
    resets_on: Option<NaiveDate>,
}

impl HoldingOut {
    fn new(one: &Holding, lang: kernel::Lang) -> Self {
        Self {
            id: one.row.id.to_string(),
            name: one.row.name.get(lang).to_owned(),
            terms: say::benefit(&one.row, lang),
            because: one.because,
            allowed: one.counter.map(|it| it.allowed),
            used: one.counter.map(|it| it.used),
            extra: one.counter.map(|it| it.extra),
            left: one.counter.map(|it| it.left()),
            resets_on: one.counter.and_then(|it| it.resets_on),
        }
    }
}

/// Read a member's benefits and counters
///
/// Of today, whatever the flight.
#[utoipa::path(get, path = "/api/v1/members/{id}/benefits", tag = "benefits",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = HeldOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn held(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<HeldOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let seen = rooms.benefits.overview(&who.actor, member(&path)?).await?;
    let items = seen.has.iter().map(|one| HoldingOut::new(one, who.lang)).collect();
    Ok(Json(HeldOut { outcome: seen.outcome, tier: seen.tier.map(|it| it.code), items }))
}
