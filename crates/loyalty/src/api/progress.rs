use axum::Json;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use programme::say;
use serde::Serialize;
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::{Rooms, member};
use crate::tiers::Outlook;

/// Where a member stands towards the tiers.
#[derive(Serialize, ToSchema)]
pub(super) struct ProgressOut {
    /// Code of the tier by rule.
    tier: String,
    /// Last day; none for the lowest tier and for life.
    valid_to: Option<NaiveDate>,
    goals: Vec<GoalOut>,
    /// What would keep or raise it, in the reader's language.
    advice: Vec<String>,
}

/// A tier within sight.
#[derive(Serialize, ToSchema)]
pub(super) struct GoalOut {
    /// Code of the tier.
    tier: String,
    /// In the reader's language.
    sentence: String,
    /// What counts, what is asked, what is missing.
    #[schema(value_type = Object)]
    goal: programme::qualify::Goal,
}

/// Read a member's progress
///
/// Keeping the present tier first, then the higher ones; and the coach's advice.
#[utoipa::path(get, path = "/api/v1/members/{id}/progress", tag = "members",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ProgressOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn progress(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<ProgressOut>, Problem> {
    let id = member(&path)?;
    let sight = rooms.loyalty.progress(&who.actor, id, &Outlook::default()).await?;
    let rules = sight.engine.programme();
    let code = |rank| rules.tier(rank).map(|tier| tier.code.to_string()).unwrap_or_default();
    let goals = sight.goals.iter().map(|goal| GoalOut {
        tier: code(goal.tier),
        sentence: say::goal(rules, goal, who.lang),
        goal: goal.clone(),
    });
    let advice = sight.advice.as_ref();
    let advice = advice.map(|advice| say::advice(rules, advice, &[], who.lang));
    Ok(Json(ProgressOut {
        tier: code(sight.standing.tier),
        valid_to: sight.standing.valid_to,
        goals: goals.collect(),
        advice: advice.unwrap_or_default(),
    }))
}
