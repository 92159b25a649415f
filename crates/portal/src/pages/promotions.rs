//! Promotions: what is given now, and one tap to take part.

use access::Actor;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use loyalty::promotions::{Phase, Promotion};
use programme::accrual::Registered;
use programme::say;
use web::{PageResult, Toast};

use super::ctx::{MyCtx, Posted};
use super::{Rooms, words};
use crate::{Error, Portal};

/// A promotion in words.
struct View {
    id: String,
    name: String,
    days: String,
    terms: String,
    /// Nobody need register.
    for_all: bool,
    registered: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/promotions.html")]
struct Page<'a> {
    ctx: &'a MyCtx,
    promotions: Vec<View>,
    wrong: Option<String>,
}

fn view(ctx: &MyCtx, one: &Promotion, own: &[Registered]) -> View {
    let row = &one.row;
    let registered = own.iter().find(|it| it.row == row.id);
    let from = ctx.day(row.valid_from);
    View {
        id: row.id.to_string(),
        name: row.name.get(ctx.lang).to_owned(),
        days: match row.valid_to {
            Some(to) => ctx.t2("portal-promotions-days", "from", from, "to", ctx.day(to)),
            None => ctx.t1("portal-promotions-since", "from", from),
        },
        terms: say::promotion(one.engine.programme(), row, ctx.lang),
        for_all: !one.asks_to_register(),
        registered: registered
            .map(|it| ctx.t1("portal-promotions-registered", "day", ctx.day(it.on))),
    }
}

async fn show(ctx: &MyCtx, portal: &Portal, wrong: Option<String>) -> PageResult {
    let (loyalty, member) = (&portal.parts().loyalty, &ctx.session.member);
    let mut tx = portal.parts().db.read().await.map_err(Error::from)?;
    let own = loyalty.registered(&mut tx, member.id).await.map_err(Error::from)?;
    drop(tx);
    let all = loyalty.promotions(&member.programme).await.map_err(Error::from)?;
    let open = all.iter().filter(|one| one.phase == Phase::Open);
    let page = Page { promotions: open.map(|one| view(ctx, one, &own)).collect(), ctx, wrong };
    let failed = page.wrong.is_some();
    Ok(if failed { ctx.wrong(&page) } else { ctx.page(&page) })
}

/// `GET /my/promotions`
pub(super) async fn page(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    show(&ctx, &rooms.portal, None).await
}

/// `POST /my/promotions/{id}`: a second tap finds the first.
pub(super) async fn register(
    ctx: MyCtx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    Posted(_): Posted,
) -> PageResult {
    let (loyalty, member) = (&rooms.portal.parts().loyalty, ctx.session.member.id);
    match loyalty.register(&Actor::member(member.uuid()), member, &id).await {
        Ok(_) => {
            let done = Toast::good(ctx.t("portal-promotions-done"));
            Ok(ctx.see("/my/promotions").toast(done).into_response())
        }
        Err(error @ loyalty::Error::Refused(_)) => {
            show(&ctx, &rooms.portal, Some(words::error(&ctx, &error))).await
        }
        Err(other) => Err(Error::from(other).into()),
    }
}
