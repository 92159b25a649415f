use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{ApiActor, Problem};

use super::shape::MemberOut;
use super::{Rooms, body, member};
use crate::ledger::AccountState;

/// A freeze, or its end.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FreezeIn {
    /// `debits-frozen` (accrual goes on), `frozen`, or `open` to take it off.
    state: AccountState,
    /// `takeover`, `fraud`, `dispute`, `deceased`, `member-asked`.
    reason: String,
}

/// Freeze a member, or take a freeze off
///
/// Holds under way end and expiry goes on. Twice is the same as once.
#[utoipa::path(post, path = "/api/v1/members/{id}/freeze", tag = "members",
    params(("id" = uuid::Uuid, Path)),
    request_body = FreezeIn,
    responses((status = 200, body = MemberOut), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn freeze(
    who: ApiActor,
    State(rooms): State<Rooms>,
    path: Path<String>,
    bytes: Bytes,
) -> Result<Json<MemberOut>, Problem> {
    who.actor.may(crate::permissions::FREEZE)?;
    let id = member(&path)?;
    let given: FreezeIn = body(&bytes)?;
    let _ = rooms.loyalty.freeze(&who.actor, id, given.state, &given.reason).await?;
    super::member::whole(&who, &rooms, id).await
}
