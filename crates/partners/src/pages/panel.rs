//! What the page of a customer shows of their claims.

use std::sync::Arc;

use askama::Template;
use customers::{CustomerId, Panel, Place};
use web::{Ctx, PageError};

use super::{broken, words};
use crate::{Partners, permissions};

/// Claims shown.
const MOST: i64 = 3;

/// The panels of this domain, for `customers`' 360° page.
#[must_use]
pub fn panels(partners: &Partners) -> Vec<Panel> {
    let partners = partners.clone();
    vec![Panel {
        key: "claims",
        title_key: "claims-panel",
        order: 6,
        place: Place::Side,
        render: Arc::new(move |ctx, customer| {
            let partners = partners.clone();
            Box::pin(async move { render(partners, ctx, customer).await })
        }),
    }]
}

struct Line {
    href: String,
    flight: String,
    day: String,
    tone: &'static str,
    state: String,
}

#[derive(Template)]
#[template(path = "partners/panel.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    lines: Vec<Line>,
    new: Option<String>,
}

async fn render(
    partners: Partners,
    ctx: Ctx,
    customer: CustomerId,
) -> Result<Option<String>, PageError> {
    if ctx.actor.may(permissions::CLAIMS_READ).is_err() {
        return Ok(None);
    }
    let members = partners.loyalty().members_of(&ctx.actor, customer).await?;
    let Some(member) = members.iter().find(|it| it.merged_into.is_none()) else {
        return Ok(None);
    };
    let mut lines = Vec::new();
    for one in &members {
        for claim in partners.claims_of(&ctx.actor, one.id, MOST).await? {
            lines.push(Line {
                href: format!("/claims/{}", claim.id),
                flight: words::flight(&claim.about),
                day: ctx.date(claim.about.date),
                tone: words::tone(claim.state).0,
                state: ctx.t(&format!("claims-state-{}", claim.state.as_str())),
            });
        }
    }
    let may = ctx.actor.may(permissions::CLAIM).is_ok();
    let new = may.then(|| format!("/members/{}/claims/new", member.id));
    let show = Show { ctx: &ctx, lines, new };
    Ok(Some(show.render().map_err(broken)?))
}
