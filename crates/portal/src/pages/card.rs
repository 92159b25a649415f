//! The digital card: on the home page, and alone on a screen for the counter.

use askama::Template;
use axum::extract::State;
use programme::document::Row as _;
use web::PageResult;

use super::Rooms;
use super::ctx::MyCtx;
use crate::barcode::{Barcode, code_128};
use crate::read::Card;

/// The card in words.
pub(super) struct CardView {
    pub name: String,
    pub second: Option<String>,
    pub number: String,
    pub tier: String,
    pub valid: String,
    pub alliance: Option<String>,
    pub code: Option<Barcode>,
}

impl CardView {
    pub fn new(ctx: &MyCtx, card: &Card) -> Self {
        let valid = match card.valid_to() {
            Some(last) => ctx.t1("portal-card-valid", "day", ctx.date(last)),
            None => ctx.t("portal-card-no-end"),
        };
        Self {
            name: ctx.name(&card.name),
            second: ctx.name2(&card.name),
            number: kernel::member_no::grouped(&card.member.member_no),
            tier: card.tier_name(ctx.lang),
            valid,
            alliance: alliance(ctx, card),
            code: code_128(&card.member.member_no),
        }
    }
}

/// What the tier is called in the alliance. The documents write it in English; the usual two have
/// words of their own.
fn alliance(ctx: &MyCtx, card: &Card) -> Option<String> {
    let rules = card.engine.as_ref()?.programme();
    let code = &rules.tier(card.rank())?.code;
    let row =
        rules.alliance.iter().find(|row| row.tier == *code && row.span().contains(ctx.today()))?;
    let status = row.status.to_lowercase();
    Some(if status.contains("gold") {
        ctx.t("portal-alliance-gold")
    } else if status.contains("silver") {
        ctx.t("portal-alliance-silver")
    } else {
        row.status.clone()
    })
}

#[derive(Template)]
#[template(path = "portal/card.html")]
struct CardPage<'a> {
    ctx: &'a MyCtx,
    card: CardView,
}

/// `GET /my/card`
pub(super) async fn page(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let card = rooms.portal.card(&ctx.session.member).await?;
    let card = CardView::new(&ctx, &card);
    Ok(ctx.page(&CardPage { ctx: &ctx, card }))
}
