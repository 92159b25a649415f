//! What the page of a customer shows of their memberships.

use std::sync::Arc;

use askama::Template;
use customers::{CustomerId, Panel, Place};
use web::{Ctx, PageError};

use super::account::{latest, miles, way};
use super::broken;
use super::head::Head;
use super::lines::Said;
use crate::{Loyalty, Rooms, permissions};

/// Lines of the statement shown.
const LINES: i64 = 3;

/// The panels of this domain, for `customers`' 360° page.
#[must_use]
pub fn panels(loyalty: &Loyalty) -> Vec<Panel> {
    let loyalty = loyalty.clone();
    vec![Panel {
        key: "membership",
        title_key: "loyalty-panel",
        order: 5,
        place: Place::Side,
        render: Arc::new(move |ctx, customer| {
            let loyalty = loyalty.clone();
            Box::pin(async move { render(loyalty, ctx, customer).await })
        }),
    }]
}

struct Membership {
    head: Head,
    available: String,
    sentence: String,
    coach: Option<String>,
    lines: Vec<Said>,
}

#[derive(Template)]
#[template(path = "loyalty/members/panel.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    all: Vec<Membership>,
    enrol: Option<String>,
}

async fn render(
    loyalty: Loyalty,
    ctx: Ctx,
    customer: CustomerId,
) -> Result<Option<String>, PageError> {
    if ctx.actor.may(permissions::READ).is_err() {
        return Ok(None);
    }
    let rooms = Rooms { web: ctx.web.clone(), loyalty, deeds: &[], more: Vec::new() };
    let mut all = Vec::new();
    for member in rooms.loyalty.members_of(&ctx.actor, customer).await? {
        if member.merged_into.is_none() {
            all.push(membership(&ctx, &rooms, member.id).await?);
        }
    }
    let may = ctx.actor.may(permissions::ENROL).is_ok();
    if all.is_empty() && !may {
        return Ok(None);
    }
    if all.is_empty() {
        let mut tx = ctx.web.db.read().await?;
        if rooms.loyalty.rulebook(&mut tx).await?.is_empty() {
            return Ok(None);
        }
    }
    let enrol = all.is_empty().then(|| format!("/members/new?customer={customer}"));
    let show = Show { ctx: &ctx, all, enrol };
    Ok(Some(show.render().map_err(broken)?))
}

async fn membership(
    ctx: &Ctx,
    rooms: &Rooms,
    id: crate::MemberId,
) -> Result<Membership, PageError> {
    let head = Head::of(ctx, rooms, id, "account").await?;
    let coach = way(ctx, &rooms.loyalty, id).await?;
    let mut tx = ctx.web.db.read().await?;
    let accounts = rooms.loyalty.accounts(&mut tx, id).await?;
    let miles = miles(ctx, &rooms.loyalty, &mut tx, &head, &accounts).await?;
    let lines = latest(ctx, &rooms.loyalty, &mut tx, &head, &accounts, LINES).await?;
    Ok(Membership {
        head,
        available: miles.available,
        sentence: miles.sentence,
        coach: coach.and_then(|way| way.sentences.into_iter().next()),
        lines,
    })
}
