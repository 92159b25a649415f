//! How members, tiers and amounts are put into words.

use chrono::NaiveDate;
use kernel::{Money, member_no};
use programme::accrual::Fact;
use programme::{Programme, Unit as Of};
use web::Ctx;

use crate::ledger::{NEVER, Posted, Unit};
use crate::members::Named;

/// The colour of a tier: by its usual code, else by its height.
pub(super) fn tier_key(code: &str, rank: i64) -> &'static str {
    match (code.to_ascii_lowercase().as_str(), rank) {
        ("silver", _) => "silver",
        ("gold", _) => "gold",
        ("platinum" | "diamond", _) => "platinum",
        ("lifetime", _) => "lifetime",
        ("base" | "basic" | "ordinary", _) | (_, 0) => "ordinary",
        (_, 1) => "silver",
        (_, 2) => "gold",
        _ => "platinum",
    }
}

/// A tier's name by the rules, else by what the usual codes mean, else the code.
pub(super) fn tier_name(ctx: &Ctx, rules: Option<&Programme>, code: &str) -> String {
    let ruled = rules.and_then(|rules| {
        let rank = if code.is_empty() { programme::Rank::default() } else { rules.rank(code)? };
        Some(rules.tier(rank)?.name.get(ctx.lang).to_owned())
    });
    ruled.unwrap_or_else(|| {
        let key = format!("loyalty-tier-{}", code.to_ascii_lowercase());
        if code.is_empty() {
            ctx.t("loyalty-tier-base")
        } else if ctx.has(&key) {
            ctx.t(&key)
        } else {
            code.to_owned()
        }
    })
}

/// `12,345 km`; qualifying units in words of their own.
pub(super) fn amount(ctx: &Ctx, rules: Option<&Programme>, unit: Unit, n: i64) -> String {
    let of = |unit: Of| match unit {
        Of::Km => "loyalty-amount-km",
        Of::Miles => "loyalty-amount-miles",
        Of::Points => "loyalty-amount-points",
    };
    match (unit, rules) {
        (Unit::Miles, rules) => {
            ctx.t1(rules.map_or("loyalty-amount-miles", |r| of(r.unit)), "n", ctx.num(n))
        }
        (Unit::QualifyingSegments, _) => ctx.t1("loyalty-amount-segments", "n", hundredths(ctx, n)),
        (Unit::QualifyingSpend, Some(rules)) => ctx.money(&Money::new(n, rules.currency)),
        (Unit::QualifyingSpend, None) => ctx.num(n),
        (_, rules) => {
            ctx.t1(rules.map_or("loyalty-amount-km", |r| of(r.distance_unit)), "n", ctx.num(n))
        }
    }
}

/// Without the unit: for tables whose head names it.
pub(super) fn figure(ctx: &Ctx, rules: Option<&Programme>, unit: Unit, n: i64) -> String {
    match (unit, rules) {
        (Unit::QualifyingSegments, _) => hundredths(ctx, n),
        (Unit::QualifyingSpend, Some(rules)) => ctx.money(&Money::new(n, rules.currency)),
        _ => ctx.num(n),
    }
}

/// With its sign: what a line did.
pub(super) fn change(ctx: &Ctx, rules: Option<&Programme>, unit: Unit, n: i64) -> String {
    let sign = if n > 0 { "+" } else { "\u{2212}" };
    let size = i64::try_from(n.unsigned_abs()).unwrap_or(i64::MAX);
    format!("{sign}{}", figure(ctx, rules, unit, size))
}

fn hundredths(ctx: &Ctx, n: i64) -> String {
    let whole = n % 100 == 0;
    #[expect(clippy::cast_precision_loss, reason = "segments are few")]
    let x = n as f64 / 100.0;
    if whole { ctx.num(n / 100) } else { ctx.dec(x, 2) }
}

/// The last day, or for ever.
pub(super) fn last_day(ctx: &Ctx, day: NaiveDate) -> String {
    if day >= NEVER { ctx.t("loyalty-never") } else { ctx.date(day) }
}

/// Name, or the number where there is none.
pub(super) fn called(ctx: &Ctx, named: &Named) -> String {
    let name = ctx.name(&named.name);
    if name.trim().is_empty() { number(&named.member_no) } else { name }
}

/// The number in groups; nobody's in words.
pub(super) fn number(no: &str) -> String {
    if no.starts_with("forgotten-") { "—".to_owned() } else { member_no::grouped(no) }
}

/// A code of the program in the reader's words; one that a program of others made as it is.
pub(super) fn code(ctx: &Ctx, prefix: &str, code: &str) -> String {
    let key = format!("{prefix}{}", code.replace(['.', '_'], "-"));
    if ctx.has(&key) { ctx.t(&key) } else { code.to_owned() }
}

/// Number and places of a flight as it was told.
pub(super) fn told(fact: &Fact) -> String {
    let Fact { marketing, flight_no, origin, destination, .. } = fact;
    format!("{marketing}{flight_no} {origin}–{destination}")
}

/// What a transfer says of itself (`says` of its explanation, by language): domains that redeem
/// write their lines so.
pub(super) fn says(lang: kernel::Lang, transfer: &Posted) -> Option<String> {
    transfer.explanation["says"][lang.as_str()].as_str().map(str::to_owned)
}

/// Number and places of the flight a transfer carries.
pub(super) fn flight(transfer: &Posted) -> Option<String> {
    let flight = transfer.explanation.get("flight").filter(|it| it.is_object())?;
    let part = |name: &str| flight[name].as_str().unwrap_or_default();
    Some(format!("{} {}–{}", part("no"), part("from"), part("to")))
}
