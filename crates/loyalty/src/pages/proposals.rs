//! `/members/proposals`: what waits for another person, and what was decided.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use programme::{Engine, Programme};
use uuid::Uuid;
use web::form::Fields;
use web::list::Cell;
use web::{Ctx, PageError, PageResult, Toast};

use super::account::names;
use super::forms::refusal;
use super::{href, words};
use crate::ledger::Unit;
use crate::members::{Asked, Decision, Proposal};
use crate::{Error, Rooms, permissions};

/// Shown at once: waiting, and of the history a page.
const OPEN: i64 = 200;
const PAGE: i64 = 50;

struct Line {
    id: String,
    who: String,
    number: String,
    href: String,
    sentence: String,
    note: String,
    proposed: String,
    decided: String,
    decided_note: String,
    state: String,
    own: bool,
}

#[derive(Template)]
#[template(path = "loyalty/members/proposals.html")]
struct Show<'a> {
    ctx: &'a Ctx,
    open: Vec<Line>,
    decided: Vec<Line>,
    may: bool,
    first: Option<String>,
    next: Option<String>,
}

/// What is proposed, in a sentence.
pub(super) fn sentence(ctx: &Ctx, rules: Option<&Programme>, proposal: &Proposal) -> String {
    match &proposal.asked {
        Asked::Adjustment { unit, amount, expires_on, reason } => {
            let reason = words::code(ctx, "loyalty-reason-", reason);
            let size = words::amount(ctx, rules, *unit, amount.saturating_abs());
            let key = if *amount > 0 { "loyalty-asks-give" } else { "loyalty-asks-take" };
            let of = if *unit == Unit::Miles {
                size
            } else {
                format!("{} {size}", ctx.t(&format!("loyalty-unit-{}", unit.as_str())))
            };
            let said = ctx.t2(key, "amount", of, "reason", reason);
            match expires_on {
                Some(day) => {
                    let last = ctx.t1("loyalty-asks-usable", "day", words::last_day(ctx, *day));
                    format!("{said}{last}")
                }
                None => said,
            }
        }
        Asked::Tier { tier, valid_from, valid_to, reason, .. } => ctx.tv(
            "loyalty-asks-tier",
            &[
                ("tier", words::tier_name(ctx, rules, tier)),
                ("from", ctx.date(*valid_from)),
                ("to", ctx.date(*valid_to)),
                ("reason", words::code(ctx, "loyalty-reason-", reason)),
            ],
        ),
        Asked::EndTier { from, .. } => ctx.t1("loyalty-asks-end", "day", ctx.date(*from)),
    }
}

/// `GET /members/proposals`
pub(super) async fn page(ctx: Ctx, State(rooms): State<Rooms>) -> PageResult {
    ctx.actor.may(permissions::READ)?;
    let loyalty = &rooms.loyalty;
    let fields = Fields(web::url::pairs(&ctx.query));
    let before: Option<Uuid> = fields.get("before").parse().ok();
    let open = loyalty.open_proposals(&ctx.actor, OPEN).await?;
    let mut decided = loyalty.decided_proposals(&ctx.actor, before, PAGE + 1).await?;
    let more = decided.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    decided.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let last = decided.last().map(|one| one.id).filter(|_| more);
    let open_lines = lines(&ctx, &rooms, &open).await?;
    let show = Show {
        decided: lines(&ctx, &rooms, &decided).await?,
        open: open_lines,
        may: ctx.actor.may(permissions::APPROVE).is_ok(),
        first: before.map(|_| "/members/proposals".to_owned()),
        next: last.map(|id| format!("/members/proposals?before={id}")),
        ctx: &ctx,
    };
    Ok(ctx.page(&show))
}

async fn lines(ctx: &Ctx, rooms: &Rooms, of: &[Proposal]) -> Result<Vec<Line>, PageError> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<Uuid> = of
        .iter()
        .flat_map(|one| [Some(one.proposed.1), one.decided.map(|it| it.1)])
        .flatten()
        .collect();
    let names = names(ctx, &people).await?;
    let mut tx = ctx.web.db.read().await?;
    let named = rooms.loyalty.named(&mut tx, of.iter().map(|one| one.member)).await?;
    let book = rooms.loyalty.rulebook(&mut tx).await?;
    drop(tx);
    let name = |id: &Uuid| names.get(id).cloned().unwrap_or_default();
    let lines = of.iter().map(|one| {
        let member = named.get(&one.member);
        let rules = member.and_then(|it| book.get(&it.programme));
        let decided = one
            .decided
            .map(|(at, by)| ctx.t2("loyalty-decided-by", "name", name(&by), "at", ctx.at(at)));
        Line {
            id: one.id.to_string(),
            who: member.map(|it| words::called(ctx, it)).unwrap_or_default(),
            number: member.map(|it| words::number(&it.member_no)).unwrap_or_default(),
            href: href(one.member),
            sentence: sentence(ctx, rules.map(|it| Engine::programme(it)), one),
            note: one.note.clone(),
            proposed: ctx.t2(
                "loyalty-proposed-by",
                "name",
                name(&one.proposed.1),
                "at",
                ctx.at(one.proposed.0),
            ),
            decided: decided.unwrap_or_default(),
            decided_note: one.decided_note.clone(),
            state: state(ctx, one),
            own: one.proposed.1 == ctx.actor.id,
        }
    });
    Ok(lines.collect())
}

fn state(ctx: &Ctx, one: &Proposal) -> String {
    let withdrawn = one.decided.is_some_and(|(_, by)| by == one.proposed.1);
    let (tone, key) = match one.state {
        Decision::Open => ("info", "loyalty-proposal-open"),
        Decision::Approved => ("good", "loyalty-proposal-approved"),
        Decision::Refused if withdrawn => ("", "loyalty-proposal-withdrawn"),
        Decision::Refused => ("warn", "loyalty-proposal-refused"),
    };
    Cell::Tag(tone, ctx.t(key)).html(ctx)
}

/// `POST /members/proposals/{id}`
pub(super) async fn decide(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: Uuid = super::id(&id)?;
    let approve = match fields.get("verdict") {
        "approve" => true,
        "refuse" => false,
        _ => return Err(PageError::new(kernel::Kind::Invalid, "loyalty-verdict")),
    };
    let decided = rooms.loyalty.decide_noted(&ctx.actor, id, approve, fields.get("note")).await;
    let said = match decided {
        Ok(_) if approve => Toast::good(ctx.t("loyalty-approved-done")),
        Ok(_) => Toast::good(ctx.t("loyalty-refused-done")),
        Err(error @ (Error::Refused(_) | Error::Ledger(_))) => Toast::bad(refusal(&ctx, &error)),
        Err(Error::Invalid(_)) => Toast::bad(ctx.t("error-loyalty-note")),
        Err(error) => return Err(error.into()),
    };
    Ok(ctx.see("/members/proposals").toast(said).into_response())
}
