//! What one person proposes: miles by hand, a tier by hand, and its end.

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use chrono::{Datelike, Months, NaiveDate};
use kernel::Outcome;
use uuid::Uuid;
use web::form::{Errors, Fields};
use web::{Ctx, PageResult, Toast};

use super::deeds::crumbs;
use super::forms::{Ask, Input, Kind, mistakes, told};
use super::head::Head;
use super::href;
use crate::ledger::{NEVER, Unit};
use crate::members::Asked;
use crate::{Error, MemberId, Rooms, permissions};

/// Why miles are given or taken by hand.
const ADJUSTMENTS: [&str; 6] =
    ["goodwill", "missing-miles", "service-failure", "posting-error", "partner-error", "misuse"];
/// Why a tier is given by hand.
const TIERS: [&str; 4] = ["status-match", "corporate", "goodwill", "service-failure"];

fn choices(ctx: &Ctx, codes: &[&str]) -> Kind {
    let word = |code: &&str| ((*code).to_owned(), ctx.t(&format!("loyalty-reason-{code}")));
    Kind::Choice(codes.iter().map(word).collect())
}

/// The form's own id: what a second click is known by.
fn key(ctx: &Ctx) -> Input {
    Input::hidden("key", kernel::ids::v7(ctx.now).to_string())
}

fn key_of(fields: &Fields, ctx: &Ctx) -> Uuid {
    fields.get("key").parse().unwrap_or_else(|_| kernel::ids::v7(ctx.now))
}

fn adjust_form<'a>(ctx: &'a Ctx, head: &Head, errors: Errors) -> Ask<'a> {
    let units = Unit::ALL
        .iter()
        .map(|it| (it.as_str().to_owned(), ctx.t(&format!("loyalty-unit-{}", it.as_str()))));
    let line = |name, key: &str, kind| Input::new(name, ctx.t(key), Kind::Line(kind));
    let end = ctx.today().checked_add_months(Months::new(36)).unwrap_or(NEVER);
    Ask {
        ctx,
        title: ctx.t("loyalty-adjust"),
        crumbs: crumbs(ctx, head),
        intro: vec![ctx.t("loyalty-propose-what")],
        action: format!("{}/adjust", head.href()),
        inputs: vec![
            key(ctx),
            Input::new("unit", ctx.t("loyalty-statement-unit"), Kind::Choice(units.collect())),
            line("amount", "loyalty-adjust-amount", "text")
                .help(ctx.t("loyalty-adjust-amount-help")),
            line("expires_on", "loyalty-adjust-expires", "date")
                .value(end.to_string())
                .help(ctx.t("loyalty-adjust-expires-help")),
            Input::new("reason", ctx.t("loyalty-propose-reason"), choices(ctx, &ADJUSTMENTS)),
            Input::new("note", ctx.t("loyalty-propose-note"), Kind::Area)
                .help(ctx.t("loyalty-propose-note-help")),
        ],
        errors,
        button: ctx.t("loyalty-propose-do"),
        icon: "send",
        back: head.href(),
    }
}

/// `GET /members/{id}/adjust`
pub(super) async fn ask_adjustment(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::PROPOSE)?;
    let head = Head::of(&ctx, &rooms, super::id(&id)?, "account").await?;
    Ok(adjust_form(&ctx, &head, Errors::none()).page(None))
}

/// A whole number as people write it: `+12,000`, `−500`, `12 000`.
fn whole(text: &str) -> Option<i64> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，' | '\u{202f}' | '+'))
        .map(|c| if matches!(c, '\u{2212}' | '－') { '-' } else { c })
        .collect();
    plain.parse().ok()
}

fn read_adjustment(fields: &Fields) -> Result<Asked, Error> {
    let unit: Unit = fields.get("unit").parse()?;
    let wrong = || Error::invalid("amount", "loyalty-amount");
    let amount = whole(fields.get("amount")).ok_or_else(wrong)?;
    // People count segments; the books count hundredths of them.
    let hundred = if unit == Unit::QualifyingSegments { 100 } else { 1 };
    let amount = amount.checked_mul(hundred).ok_or_else(wrong)?;
    let given = amount > 0 && unit == Unit::Miles;
    let day = fields.get("expires_on").parse::<NaiveDate>().ok();
    let day = day.filter(|day| (1970..=9999).contains(&day.year()));
    let reason = one_of(fields, &ADJUSTMENTS)?;
    Ok(Asked::Adjustment { unit, amount, expires_on: day.filter(|_| given), reason })
}

fn one_of(fields: &Fields, codes: &[&str]) -> Result<String, Error> {
    let found = codes.iter().find(|code| **code == fields.get("reason"));
    found.map(|code| (*code).to_owned()).ok_or_else(|| Error::invalid("reason", "loyalty-reason"))
}

/// `POST /members/{id}/adjust`
pub(super) async fn adjustment(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: MemberId = super::id(&id)?;
    ctx.actor.may(permissions::PROPOSE)?;
    let proposed = match read_adjustment(&fields) {
        Ok(asked) => propose(&ctx, &rooms, id, asked, &fields).await,
        Err(error) => Err(error),
    };
    match proposed {
        Ok(outcome) => Ok(said(&ctx, id, &outcome)),
        Err(error) => {
            let errors = mistakes(&ctx, error)?;
            let head = Head::of(&ctx, &rooms, id, "account").await?;
            Ok(adjust_form(&ctx, &head, errors).page(Some(&fields)))
        }
    }
}

async fn propose(
    ctx: &Ctx,
    rooms: &Rooms,
    id: MemberId,
    asked: Asked,
    fields: &Fields,
) -> Result<Outcome<Uuid>, Error> {
    let key = key_of(fields, ctx);
    rooms.loyalty.propose_as(&ctx.actor, id, key, (asked, fields.get("note"))).await
}

fn said(ctx: &Ctx, id: MemberId, outcome: &Outcome<Uuid>) -> axum::response::Response {
    let said = match outcome {
        Outcome::Done(_) => Toast::good(ctx.t("loyalty-proposed"))
            .link("/members/proposals", ctx.t("loyalty-proposals-open")),
        Outcome::AlreadyDone(_) => Toast::info(ctx.t("loyalty-proposed-already")),
    };
    ctx.see(&href(id)).toast(said).into_response()
}

fn tier_form<'a>(ctx: &'a Ctx, head: &Head, errors: Errors) -> Ask<'a> {
    let tiers = head.programme().map_or(&[][..], |rules| rules.tiers.as_slice());
    let tiers = tiers
        .iter()
        .skip(1)
        .map(|tier| (tier.code.to_string(), tier.name.get(ctx.lang).to_owned()))
        .collect();
    let line = |name, key: &str| Input::new(name, ctx.t(key), Kind::Line("date"));
    let end = ctx.today().checked_add_months(Months::new(12)).unwrap_or(NEVER);
    Ask {
        ctx,
        title: ctx.t("loyalty-tier-by-hand"),
        crumbs: crumbs(ctx, head),
        intro: vec![ctx.t("loyalty-propose-what")],
        action: format!("{}/tier", head.href()),
        inputs: vec![
            key(ctx),
            Input::new("tier", ctx.t("loyalty-col-tier"), Kind::Choice(tiers)),
            line("valid_from", "loyalty-tier-from").value(ctx.today().to_string()),
            line("valid_to", "loyalty-tier-to").value(end.to_string()),
            Input::new("reason", ctx.t("loyalty-propose-reason"), choices(ctx, &TIERS)),
            Input::new("note", ctx.t("loyalty-propose-note"), Kind::Area)
                .help(ctx.t("loyalty-propose-note-help")),
        ],
        errors,
        button: ctx.t("loyalty-propose-do"),
        icon: "send",
        back: head.href(),
    }
}

/// `GET /members/{id}/tier`
pub(super) async fn ask_tier(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
) -> PageResult {
    ctx.actor.may(permissions::PROPOSE)?;
    let head = Head::of(&ctx, &rooms, super::id(&id)?, "account").await?;
    Ok(tier_form(&ctx, &head, Errors::none()).page(None))
}

fn read_tier(head: &Head, fields: &Fields) -> Result<Asked, Error> {
    let tier = fields.get("tier");
    let rank = head.programme().and_then(|rules| rules.rank(tier)).filter(|rank| rank.0 > 0);
    let rank = rank.ok_or_else(|| Error::invalid("tier", "loyalty-tier"))?;
    let day = |name: &'static str| {
        let day = fields.get(name).parse::<NaiveDate>().ok();
        day.filter(|day| (1970..9999).contains(&day.year()))
            .ok_or_else(|| Error::invalid(name, "loyalty-valid-to"))
    };
    Ok(Asked::Tier {
        tier: tier.to_owned(),
        rank: i64::from(rank.0),
        valid_from: day("valid_from")?,
        valid_to: day("valid_to")?,
        reason: one_of(fields, &TIERS)?,
    })
}

/// `POST /members/{id}/tier`
pub(super) async fn tier(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: MemberId = super::id(&id)?;
    ctx.actor.may(permissions::PROPOSE)?;
    let head = Head::of(&ctx, &rooms, id, "account").await?;
    let proposed = match read_tier(&head, &fields) {
        Ok(asked) => propose(&ctx, &rooms, id, asked, &fields).await,
        Err(error) => Err(error),
    };
    match proposed {
        Ok(outcome) => Ok(said(&ctx, id, &outcome)),
        Err(error) => Ok(tier_form(&ctx, &head, mistakes(&ctx, error)?).page(Some(&fields))),
    }
}

/// `POST /members/{id}/tier/end`: from today on, if another person agrees.
pub(super) async fn end_tier(
    ctx: Ctx,
    State(rooms): State<Rooms>,
    Path(id): Path<String>,
    fields: Fields,
) -> PageResult {
    let id: MemberId = super::id(&id)?;
    let asked = Asked::EndTier { row: super::id(fields.get("row"))?, from: ctx.today() };
    let proposed = propose(&ctx, &rooms, id, asked, &fields).await;
    told(&ctx, proposed, &href(id), "loyalty-proposed")
}
