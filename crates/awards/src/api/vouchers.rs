use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use kernel::Personal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiActor, Problem};

use super::shape::VoucherOut;
use super::{Rooms, body, member, named};
use crate::permissions;
use crate::vouchers::Use;

/// A member's vouchers, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct VouchersOut {
    items: Vec<VoucherOut>,
}

/// List a member's vouchers
///
/// Without their codes.
#[utoipa::path(get, path = "/api/v1/members/{id}/vouchers", tag = "awards",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = VouchersOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn list(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<VouchersOut>, Problem> {
    who.actor.may(permissions::READ)?;
    let id = member(&rooms, &who.actor, &id).await?;
    let vouchers = rooms.awards.vouchers(&who.actor, id).await?;
    Ok(Json(VouchersOut { items: vouchers.iter().map(Into::into).collect() }))
}

/// A code as shown or typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeIn {
    code: String,
}

/// Look a voucher up by its code
///
/// The code is in the body, so that no log keeps it.
#[utoipa::path(post, path = "/api/v1/vouchers/lookup", tag = "awards",
    request_body = CodeIn,
    responses((status = 200, body = VoucherOut), (status = 401), (status = 403), (status = 404),
        (status = 422)))]
pub(super) async fn look(
    who: ApiActor,
    State(rooms): State<Rooms>,
    bytes: Bytes,
) -> Result<Json<VoucherOut>, Problem> {
    who.actor.may(permissions::VOUCHER)?;
    let CodeIn { code } = body(&bytes)?;
    let voucher = rooms.awards.voucher(&who.actor, &Personal::new(code)).await?;
    Ok(Json((&voucher).into()))
}

/// A voucher at a counter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UseIn {
    /// The caller's: the same again is the same use.
    id: Uuid,
    code: String,
    /// What it is to be good for; not asked when empty.
    #[serde(default)]
    scope: String,
    /// Whose it is said to be: asked when it is not transferable.
    member: Option<Uuid>,
    /// Where: a lounge, a shop.
    #[serde(default)]
    place: String,
}

/// Use a voucher
///
/// Once, whoever else tries.
#[utoipa::path(post, path = "/api/v1/vouchers/uses", tag = "awards",
    request_body = UseIn,
    responses((status = 200, body = VoucherOut), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 422)))]
pub(super) async fn take(
    who: ApiActor,
    State(rooms): State<Rooms>,
    bytes: Bytes,
) -> Result<Json<VoucherOut>, Problem> {
    who.actor.may(permissions::VOUCHER)?;
    let given: UseIn = body(&bytes)?;
    let asked = Use {
        id: given.id,
        code: Personal::new(given.code),
        scope: given.scope,
        member: given.member.map(Into::into),
        place: given.place,
    };
    let used = rooms.awards.use_voucher(&who.actor, &asked).await?;
    Ok(Json((&used.into_inner()).into()))
}

/// A voucher with its code.
#[derive(Serialize, ToSchema)]
pub(super) struct CodeOut {
    voucher: VoucherOut,
    /// In groups of four; none when the person was erased.
    code: Option<String>,
}

/// See a voucher's code
///
/// The trail keeps who saw it.
#[utoipa::path(post, path = "/api/v1/vouchers/{id}/reveal", tag = "awards",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = CodeOut), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn reveal(
    who: ApiActor,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> Result<Json<CodeOut>, Problem> {
    who.actor.may(permissions::REVEAL)?;
    let (voucher, code) = rooms.awards.reveal(&who.actor, named(&id, "voucher")?).await?;
    let code = code.map(|code| code.reveal().clone());
    Ok(Json(CodeOut { voucher: (&voucher).into(), code }))
}
