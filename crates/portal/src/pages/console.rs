//! In the console: how a member's access stands, a new activation code, the end of access.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use customers::{CustomerId, Panel, Place};
use kernel::Uuid;
use loyalty::MemberId;
use loyalty::members::Member;
use web::form::Fields;
use web::{Ctx, PageError, PageResult, Toast};

use super::{Rooms, words};
use crate::account::{Invitation, Standing, hindrance};
use crate::{Error, Portal, permissions};

#[derive(Template)]
#[template(path = "portal/console.html")]
struct Page<'a> {
    ctx: &'a Ctx,
    member: Member,
    number: String,
    name: String,
    standing: Standing,
    hindrance: Option<(String, String)>,
    made: Option<Invitation>,
}

fn id_of(id: &str) -> Result<MemberId, PageError> {
    Ok(id.parse::<Uuid>().map_err(|_| PageError::from(Error::NotFound))?.into())
}

async fn show(ctx: &Ctx, portal: &Portal, id: MemberId, made: Option<Invitation>) -> PageResult {
    let member = portal.parts().loyalty.member(&ctx.actor, id).await?;
    let standing = portal.standing(&ctx.actor, id).await?;
    let card = portal.card(&member).await?;
    let page = Page {
        ctx,
        number: kernel::member_no::grouped(&member.member_no),
        name: ctx.name(&card.name),
        hindrance: hindrance(&member).map(|key| words::both(ctx, key)),
        standing,
        member,
        made,
    };
    let mut answer = ctx.page(&page);
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// `GET /members/{id}/portal`
pub(super) async fn page(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    show(&ctx, &rooms.portal, id_of(&id)?, None).await
}

/// `POST /members/{id}/portal`: a new code, shown on this answer and never again.
pub(super) async fn invite(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    _form: Fields,
) -> PageResult {
    let id = id_of(&id)?;
    let made = rooms.portal.invite(&ctx.actor, id).await?;
    show(&ctx, &rooms.portal, id, Some(made)).await
}

/// `POST /members/{id}/portal/close`
pub(super) async fn close(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    _form: Fields,
) -> PageResult {
    let id = id_of(&id)?;
    let _ = rooms.portal.close(&ctx.actor, id).await?;
    let done = Toast::good(ctx.t("portal-closed"));
    Ok(ctx.see(&format!("/members/{id}/portal")).toast(done).into_response())
}

#[derive(Template)]
#[template(path = "portal/panel.html")]
struct PanelView<'a> {
    ctx: &'a Ctx,
    members: Vec<(Uuid, String, Standing)>,
}

/// The panel on the customer's page: which membership opens the portal, and the way to give access.
#[must_use]
pub fn panels(portal: &Portal) -> Vec<Panel> {
    let portal = portal.clone();
    vec![Panel {
        key: "portal",
        title_key: "portal-panel",
        order: 60,
        place: Place::Side,
        render: Arc::new(move |ctx, customer| {
            let portal = portal.clone();
            Box::pin(async move { panel(&portal, ctx, customer).await })
        }),
    }]
}

async fn panel(
    portal: &Portal,
    ctx: Ctx,
    customer: CustomerId,
) -> Result<Option<String>, PageError> {
    if ctx.actor.may(permissions::INVITE).is_err() {
        return Ok(None);
    }
    let found = portal.parts().loyalty.members_of(&ctx.actor, customer).await?;
    let mut members = Vec::with_capacity(found.len());
    for member in found.into_iter().filter(|member| hindrance(member).is_none()) {
        let standing = portal.standing(&ctx.actor, member.id).await?;
        let number = kernel::member_no::grouped(&member.member_no);
        members.push((member.id.uuid(), number, standing));
    }
    if members.is_empty() {
        return Ok(None);
    }
    let html = PanelView { ctx: &ctx, members }.render();
    html.map(Some).map_err(|_| PageError::new(kernel::Kind::Internal, "internal"))
}
