//! The tier: what counts by month and when it rolls off, ways to keep or reach, what it gives.

use askama::Template;
use axum::extract::State;
use programme::document::{BenefitRow, Per, Row as _};
use programme::{Amounts, Measure};
use web::PageResult;

use super::ctx::MyCtx;
use super::home::{CoachView, rules_of};
use super::{Rooms, words};
use crate::read::{Card, Coach};

/// A month in words, with its bar.
struct MonthView {
    name: String,
    amount: String,
    percent: i64,
    off: Option<String>,
}

/// A benefit in words.
struct BenefitView {
    name: String,
    note: String,
}

#[derive(Template)]
#[template(path = "portal/tier.html")]
struct Tier<'a> {
    ctx: &'a MyCtx,
    tier: String,
    valid: String,
    coach: Option<CoachView>,
    more: Vec<String>,
    goals: Vec<String>,
    months: Vec<MonthView>,
    benefits: Vec<BenefitView>,
    rules: Option<String>,
}

/// `GET /my/tier`
pub(super) async fn page(ctx: MyCtx, State(rooms): State<Rooms>) -> PageResult {
    let (portal, member) = (&rooms.portal, &ctx.session.member);
    let card = portal.card(member).await?;
    let usual = portal.usual(member).await?;
    let coming = portal.coming(&card).await?;
    let coach = portal.coach(&card, &coming, &usual, ctx.lang).await?;
    let valid = match card.valid_to() {
        Some(last) => ctx.t1("portal-tier-until", "day", ctx.day(last)),
        None => ctx.t("portal-card-no-end"),
    };
    let sentences = coach.as_ref().map_or(&[][..], |coach| &coach.sentences);
    let page = Tier {
        tier: card.tier_name(ctx.lang),
        valid,
        more: sentences.iter().skip(1).cloned().collect(),
        goals: coach.as_ref().map(|coach| coach.goals.clone()).unwrap_or_default(),
        months: coach.as_ref().map_or_else(Vec::new, |coach| months(&ctx, coach)),
        coach: coach.as_ref().and_then(|coach| CoachView::new(&ctx, coach)),
        benefits: benefits(&ctx, &card),
        rules: rules_of(&ctx, &card),
        ctx: &ctx,
    };
    Ok(ctx.page(&page))
}

fn months(ctx: &MyCtx, coach: &Coach) -> Vec<MonthView> {
    let measure = coach.bars.first().map_or(Measure::Distance, |bar| bar.measure);
    let of = |amounts: &Amounts| match measure {
        Measure::Segments => amounts.segments,
        Measure::Spend => amounts.spend,
        Measure::Lifetime => amounts.lifetime,
        Measure::Distance | Measure::Redeemable => amounts.distance,
    };
    let most = coach.months.iter().map(|month| of(&month.amounts)).max().unwrap_or(0).max(1);
    let view = |month: &crate::read::Month| MonthView {
        name: ctx.month(month.month),
        amount: words::measured(ctx, &coach.sight.engine, measure, of(&month.amounts)),
        percent: of(&month.amounts).clamp(0, most).saturating_mul(100) / most,
        off: month.rolls_off.map(|day| ctx.t1("portal-tier-off", "day", ctx.day(day))),
    };
    coach.months.iter().map(view).collect()
}

/// What the programme's document gives the tier today.
fn benefits(ctx: &MyCtx, card: &Card) -> Vec<BenefitView> {
    let Some(engine) = &card.engine else { return Vec::new() };
    let rules = engine.programme();
    let Some(tier) = rules.tier(card.rank()) else { return Vec::new() };
    let rows = rules.benefits.catalogue.iter();
    let rows = rows.filter(|row| row.tiers.contains(&tier.code));
    let rows = rows.filter(|row| row.span().contains(ctx.today()));
    let view = |row: &BenefitRow| BenefitView {
        name: row.name.get(ctx.lang).to_owned(),
        note: note(ctx, row),
    };
    rows.map(view).collect()
}

fn note(ctx: &MyCtx, row: &BenefitRow) -> String {
    let mut parts = Vec::new();
    if row.by_choice {
        parts.push(ctx.t("portal-benefit-choice"));
    }
    if let Some(allowance) = row.allowance {
        let per = match allowance.per {
            Per::Flight => "portal-benefit-per-flight",
            Per::CalendarYear => "portal-benefit-per-year",
            Per::MembershipYear => "portal-benefit-per-membership-year",
            Per::TierPeriod => "portal-benefit-per-tier",
        };
        parts.push(ctx.t1(per, "n", allowance.count));
    }
    if row.companions > 0 {
        parts.push(ctx.t1("portal-benefit-companions", "n", row.companions));
    }
    if let Some(hours) = row.until_hours_before {
        parts.push(ctx.t1("portal-benefit-hours", "n", hours));
    }
    let airlines: Vec<&str> =
        row.operating.iter().chain(&row.marketing).map(|it| it.as_str()).collect();
    if !airlines.is_empty() {
        let mut airlines = airlines;
        airlines.sort_unstable();
        airlines.dedup();
        parts.push(ctx.t1("portal-benefit-airlines", "names", airlines.join(" / ")));
    }
    parts.join(" · ")
}
