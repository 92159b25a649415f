use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Outcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::{Rooms, body, named};
use crate::claims::{Asked, Channel, Claim, ClaimId, Decision, State as Stands, Verdict};
use crate::permissions;

/// A claim to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewClaim {
    /// The caller's: asking again with it finds the first.
    id: Option<Uuid>,
    /// The member.
    member: Uuid,
    /// What is claimed.
    claim: Asked,
}

/// A claim with its verdict.
#[derive(Serialize, ToSchema)]
pub(super) struct ClaimOut {
    id: Uuid,
    member: Uuid,
    claimed_at: DateTime<Utc>,
    flight: String,
    date: NaiveDate,
    origin: String,
    destination: String,
    state: Stands,
    verdict: Verdict,
    /// Values of the verdict: `miles`, `day`, `reason`, `outcome`.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    /// Credited.
    miles: Option<i64>,
}

impl From<&Claim> for ClaimOut {
    fn from(claim: &Claim) -> Self {
        Self {
            id: claim.id.into(),
            member: claim.by.member.into(),
            claimed_at: claim.by.at,
            flight: claim.about.designator(),
            date: claim.about.date,
            origin: claim.about.origin.clone(),
            destination: claim.about.destination.clone(),
            state: claim.state,
            verdict: claim.verdict,
            detail: claim.detail.clone(),
            miles: claim.miles,
        }
    }
}

/// Claim a flight
///
/// Judged at once. The same flight again, while the first claim is under way or credited, is that
/// claim, with status 200.
#[utoipa::path(post, path = "/api/v1/claims", tag = "claims",
    request_body = NewClaim,
    responses((status = 201, body = ClaimOut), (status = 200, body = ClaimOut), (status = 401),
        (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn make(
    who: ApiActor,
    State(rooms): State<Rooms>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<ClaimOut>), Problem> {
    who.actor.may(permissions::CLAIM)?;
    let given: NewClaim = body(&bytes)?;
    let id = given.id.map_or_else(|| ClaimId::new(rooms.partners.now()), ClaimId::from);
    let member = given.member.into();
    let made = rooms.partners.claim(&who.actor, id, member, Channel::Program, &given.claim).await?;
    let status = match &made {
        Outcome::Done(_) => StatusCode::CREATED,
        Outcome::AlreadyDone(_) => StatusCode::OK,
    };
    Ok((status, Json(ClaimOut::from(&made.into_inner()))))
}

/// Read a claim
#[utoipa::path(get, path = "/api/v1/claims/{id}", tag = "claims",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ClaimOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn read(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<ClaimOut>, Problem> {
    who.actor.may(permissions::CLAIMS_READ)?;
    let (claim, _) = rooms.partners.claim_of(&who.actor, named(&id, "claim")?).await?;
    Ok(Json(ClaimOut::from(&claim)))
}

/// List a member's claims
///
/// Latest first, at most 200.
#[utoipa::path(get, path = "/api/v1/members/{id}/claims", tag = "claims",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<ClaimOut>), (status = 401), (status = 403)))]
pub(super) async fn of_member(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<Vec<ClaimOut>>, Problem> {
    who.actor.may(permissions::CLAIMS_READ)?;
    let claims = rooms.partners.claims_of(&who.actor, named(&id, "claim")?, 200).await?;
    Ok(Json(claims.iter().map(ClaimOut::from).collect()))
}

/// Decide a claim
///
/// Accepting gives no miles by hand: the flight becomes the member's and earns as any other.
#[utoipa::path(post, path = "/api/v1/claims/{id}/decision", tag = "claims",
    params(("id" = Uuid, Path)),
    request_body = Decision,
    responses((status = 200, body = ClaimOut), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn decide(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json<ClaimOut>, Problem> {
    who.actor.may(permissions::CLAIM_DECIDE)?;
    let decision: Decision = body(&bytes)?;
    let id = named(&id, "claim")?;
    let done = rooms.partners.decide_claim(&who.actor, id, &decision).await?;
    Ok(Json(ClaimOut::from(&done.into_inner())))
}
