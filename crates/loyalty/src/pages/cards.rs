//! Cards: a new one, and one blocked.

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use web::form::Fields;
use web::{Ctx, PageError, PageResult, Toast};

use super::forms::told;
use super::href;
use crate::members::Medium;
use crate::{MemberId, Rooms, permissions};

/// `POST /members/{id}/cards`: the page says how many there were, so that a second click issues none.
pub(super) async fn issue(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: MemberId = super::id(&id)?;
    ctx.actor.may(permissions::EDIT)?;
    let medium: Medium = fields.get("medium").parse().map_err(|_| PageError::not_found())?;
    let cards = rooms.loyalty.cards(&ctx.actor, id).await?.len();
    if fields.get("after").parse().is_ok_and(|after: usize| after < cards) {
        let said = Toast::info(ctx.t("loyalty-card-already"));
        return Ok(ctx.see(&href(id)).toast(said).into_response());
    }
    let issued = rooms.loyalty.issue_card(&ctx.actor, id, medium).await;
    told(&ctx, issued, &href(id), "loyalty-card-made")
}

/// `POST /members/{id}/cards/{serial}/block`
pub(super) async fn block(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path((id, serial)): Path<(String, String)>,
    fields: Fields,
) -> PageResult {
    let id: MemberId = super::id(&id)?;
    let serial: i64 = super::id(&serial)?;
    let blocked = rooms.loyalty.block_card(&ctx.actor, id, serial, fields.get("reason")).await;
    told(&ctx, blocked, &href(id), "loyalty-card-blocked-done")
}
