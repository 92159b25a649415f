use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use programme::say;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{body, member, named};
use crate::choices::{Choice, NewChoice};
use crate::{Rooms, permissions};

/// Milestones of a member, and what was chosen.
#[derive(Serialize, ToSchema)]
pub(super) struct ChoicesOut {
    milestones: Vec<MilestoneOut>,
    /// All that was ever chosen, latest first.
    choices: Vec<ChoiceOut>,
}

/// A milestone in one period.
#[derive(Serialize, ToSchema)]
pub(super) struct MilestoneOut {
    milestone: String,
    period_from: NaiveDate,
    period_to: Option<NaiveDate>,
    reached: bool,
    /// What is asked and missing, in the reader's language.
    sentence: String,
    /// Benefits to choose from.
    benefits: Vec<String>,
    /// How many may still be chosen.
    left: u32,
    /// Last day a choice made today would hold.
    holds_to: NaiveDate,
}

/// A choice.
#[derive(Serialize, ToSchema)]
pub(super) struct ChoiceOut {
    id: Uuid,
    milestone: String,
    period_from: NaiveDate,
    benefit: String,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    recorded_at: DateTime<Utc>,
    undone_at: Option<DateTime<Utc>>,
}

impl From<Choice> for ChoiceOut {
    fn from(it: Choice) -> Self {
        Self {
            id: it.id,
            milestone: it.milestone,
            period_from: it.period_from,
            benefit: it.benefit,
            valid_from: it.valid_from,
            valid_to: it.valid_to,
            recorded_at: it.recorded_at,
            undone_at: it.undone_at,
        }
    }
}

/// A choice to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChoiceIn {
    /// The caller's: the same again is made once.
    id: Uuid,
    milestone: String,
    /// Of the milestone; the present one when left out.
    period_from: Option<NaiveDate>,
    benefit: String,
}

/// Read a member's milestones and choices
#[utoipa::path(get, path = "/api/v1/members/{id}/benefit-choices", tag = "benefits",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ChoicesOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
) -> Result<Json<ChoicesOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let seen = rooms.benefits.overview(&who.actor, member(&path)?).await?;
    let rules = seen.engine.as_ref().map(|engine| engine.programme());
    let milestones = seen.steps.iter().map(|step| MilestoneOut {
        milestone: step.row.id.to_string(),
        period_from: step.period_from,
        period_to: step.period_to,
        reached: step.milestone.reached,
        sentence: rules.map_or_else(String::new, |rules| {
            say::milestone(rules, &step.row, &step.milestone, who.lang)
        }),
        benefits: step.choices.iter().map(|row| row.id.to_string()).collect(),
        left: step.left,
        holds_to: step.holds_to,
    });
    let milestones = milestones.collect();
    let choices = seen.choices.into_iter().map(Into::into).collect();
    Ok(Json(ChoicesOut { milestones, choices }))
}

/// Choose at a milestone
///
/// Refused when it is not reached or all was chosen.
#[utoipa::path(post, path = "/api/v1/members/{id}/benefit-choices", tag = "benefits",
    params(("id" = uuid::Uuid, Path)),
    request_body = ChoiceIn,
    responses((status = 201, body = ChoiceOut), (status = 200, body = ChoiceOut), (status = 401),
        (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn choose(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<ChoiceOut>), Problem> {
    who.actor.may(permissions::CHOOSE)?;
    let id = member(&path)?;
    let given: ChoiceIn = body(&bytes)?;
    let ChoiceIn { milestone, period_from, benefit, .. } = given;
    let new = NewChoice { id: given.id, milestone, period_from, benefit };
    let made = rooms.benefits.choose(&who.actor, id, &new).await?;
    let status = if made.is_repeat() { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(made.into_inner().into())))
}

/// Take a choice back
///
/// Refused when what was chosen was used since. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/benefit-choices/{id}/undo", tag = "benefits",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ChoiceOut), (status = 401), (status = 403), (status = 404),
        (status = 409)))]
pub(super) async fn undo(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<ChoiceOut>, Problem> {
    who.actor.may(permissions::CHOOSE)?;
    let undone = rooms.benefits.take_choice_back(&who.actor, named(&id, "choice")?).await?;
    Ok(Json(undone.into_inner().into()))
}
