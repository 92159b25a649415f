use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::shape::StepIn;
use super::{Rooms, body};
use crate::Error;
use crate::ledger::Transfer;

/// Transfers in one request at most.
const MOST: usize = 1_000;

/// A batch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchIn {
    /// 1–1,000.
    transfers: Vec<TransferIn>,
}

/// A transfer to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferIn {
    /// The caller's: sent again, it is posted once.
    id: Uuid,
    step: StepIn,
    /// Why: 1–40 of `a-z 0-9 - .`.
    code: String,
    /// Not after now; now when left out.
    effective_at: Option<DateTime<Utc>>,
    /// What caused it, up to 200 characters.
    #[serde(default)]
    reference: String,
    /// An object for the statement.
    #[schema(value_type = Object)]
    #[serde(default = "nothing")]
    explanation: serde_json::Value,
    /// All or none with the next one.
    #[serde(default)]
    linked: bool,
}

fn nothing() -> serde_json::Value {
    serde_json::json!({})
}

/// What became of the batch.
#[derive(Serialize, ToSchema)]
pub(super) struct BatchOut {
    /// One for each transfer, in order.
    outcomes: Vec<OutcomeOut>,
}

/// What became of one transfer.
#[derive(Serialize, ToSchema)]
pub(super) struct OutcomeOut {
    id: Uuid,
    /// `posted`, `already-posted`, or why not.
    outcome: &'static str,
    /// Whether it is in the books.
    posted: bool,
}

/// Post transfers
///
/// Posts, holds, settles, releases and reverses. Each transfer has its own outcome; linked ones are
/// all posted or none. Needs an API key: people propose adjustments. Sent again, nothing is posted
/// twice; give `effective_at` then, it is part of what is compared.
#[utoipa::path(post, path = "/api/v1/ledger/transfers", tag = "ledger",
    request_body = BatchIn,
    responses((status = 200, body = BatchOut), (status = 401), (status = 403), (status = 409),
        (status = 422)))]
pub(super) async fn post(
    who: ApiActor,
    State(rooms): State<Rooms>,
    bytes: Bytes,
) -> Result<Json<BatchOut>, Problem> {
    who.actor.may(crate::permissions::POST)?;
    let given: BatchIn = body(&bytes)?;
    if given.transfers.is_empty() || given.transfers.len() > MOST {
        return Err(Error::invalid("transfers", "loyalty-batch").into());
    }
    let now = rooms.loyalty.now();
    let transfers: Vec<Transfer> = given
        .transfers
        .into_iter()
        .map(|it| Transfer {
            id: it.id.into(),
            step: it.step.into(),
            code: it.code,
            effective_at: it.effective_at.unwrap_or(now),
            reference: it.reference,
            explanation: it.explanation,
            linked: it.linked,
        })
        .collect();
    let ids: Vec<Uuid> = transfers.iter().map(|transfer| transfer.id.into()).collect();
    let outcomes = rooms.loyalty.post(&who.actor, transfers).await?;
    let outcomes = ids.into_iter().zip(outcomes).map(|(id, outcome)| OutcomeOut {
        id,
        outcome: outcome.as_str(),
        posted: outcome.is_posted(),
    });
    Ok(Json(BatchOut { outcomes: outcomes.collect() }))
}
