//! Words that several pages share.

use flights::Trip;
use kernel::{Explain, Lang};
use loyalty::ledger::{Kind, Posted, Unit as Counted};
use programme::{Engine, Measure, Unit};
use web::Look;

/// What is wrong, and what can be done about it.
pub(super) fn error(look: &Look, error: &impl Explain) -> String {
    let (key, args) = (format!("error-{}", error.code()), error.args());
    let hint = format!("{key}-hint");
    let text = look.tv(&key, &args);
    if !look.has(&hint) {
        return text;
    }
    format!("{text}{}{}", look.t("sentence-gap"), look.tv(&hint, &args))
}

/// A refusal and its remedy, each by itself.
pub(super) fn both(look: &Look, code: &str) -> (String, String) {
    (look.t(&format!("error-{code}")), look.t(&format!("error-{code}-hint")))
}

/// What the programme's miles are called.
pub(super) fn unit(look: &Look, engine: Option<&Engine>) -> String {
    let unit = engine.map(|engine| engine.programme().unit);
    look.t(unit_key(unit.unwrap_or(Unit::Miles)))
}

fn unit_key(unit: Unit) -> &'static str {
    match unit {
        Unit::Km => "portal-unit-km",
        Unit::Miles => "portal-unit-miles",
        Unit::Points => "portal-unit-points",
    }
}

/// An amount of a measure: `26,520 km`, `12.5 segments`, `CNY 1,200.00`.
pub(super) fn measured(look: &Look, engine: &Engine, measure: Measure, amount: i64) -> String {
    let rules = engine.programme();
    let of = |unit| format!("{}\u{a0}{}", look.num(amount), look.t(unit_key(unit)));
    match measure {
        Measure::Redeemable => of(rules.unit),
        Measure::Distance | Measure::Lifetime => of(rules.distance_unit),
        Measure::Segments => look.t1("portal-segments", "n", hundredths(look, amount)),
        Measure::Spend => look.money(&kernel::Money::new(amount, rules.currency)),
    }
}

/// `1250` → `12.5`.
fn hundredths(look: &Look, amount: i64) -> String {
    let (whole, part) = (amount / 100, (amount % 100).abs());
    let part = format!("{part:02}");
    match part.trim_end_matches('0') {
        "" => look.num(whole),
        part => format!("{}.{part}", look.num(whole)),
    }
}

/// What an account counts, as a measure.
pub(super) fn measure(unit: Counted) -> Measure {
    match unit {
        Counted::Miles => Measure::Redeemable,
        Counted::QualifyingDistance => Measure::Distance,
        Counted::QualifyingSegments => Measure::Segments,
        Counted::QualifyingSpend => Measure::Spend,
        Counted::LifetimeDistance => Measure::Lifetime,
    }
}

/// What a measure is called.
pub(super) fn measure_name(look: &Look, measure: Measure) -> String {
    look.t(match measure {
        Measure::Redeemable => "portal-measure-miles",
        Measure::Distance => "portal-measure-distance",
        Measure::Segments => "portal-measure-segments",
        Measure::Spend => "portal-measure-spend",
        Measure::Lifetime => "portal-measure-lifetime",
    })
}

/// A signed amount: `+1,870`, `−500`.
pub(super) fn signed(look: &Look, change: i64) -> String {
    let text = look.num(change);
    if change > 0 { format!("+{text}") } else { text }
}

/// `JB1501 PVG–PEK`, as far as it is known.
pub(super) fn route(trip: &Trip) -> String {
    let points = trip.origin.as_deref().zip(trip.destination.as_deref());
    let points = points.map(|(from, to)| format!("{from}–{to}"));
    let parts: Vec<String> = trip.designator().into_iter().chain(points).collect();
    parts.join(" ")
}

/// What a line of the statement is about, in plain words.
pub(super) fn line(
    look: &Look,
    engine: Option<&Engine>,
    transfer: &Posted,
    change: i64,
    trip: Option<&Trip>,
) -> String {
    let what = trip.map(route).filter(|text| !text.is_empty());
    let flight = |known: &str, by_day: &str| match &what {
        Some(what) => look.t1(known, "what", what.as_str()),
        None => {
            let day = transfer.effective_at.with_timezone(&look.zone).date_naive();
            look.t1(by_day, "day", look.day(day))
        }
    };
    // What was redeemed says so itself.
    if let Some(says) = transfer.explanation["says"][look.lang.as_str()].as_str() {
        return says.to_owned();
    }
    match (transfer.kind, transfer.code.as_str()) {
        (Kind::Expire, _) => look.t("portal-line-expired"),
        (_, "accrual-flight") => flight("portal-line-flight", "portal-line-flight-day"),
        (_, "accrual-tier-bonus") => flight("portal-line-bonus", "portal-line-bonus-day"),
        (_, "accrual-promotion") => match promotion(look.lang, engine, transfer) {
            Some(name) => name,
            None => flight("portal-line-promotion", "portal-line-promotion-day"),
        },
        (_, "accrual-correction") => flight("portal-line-correction", "portal-line-correction-day"),
        (_, "adjustment") => look.t("portal-line-adjustment"),
        (Kind::Hold, _) => look.t("portal-line-held"),
        (Kind::Settle, _) if change > 0 => look.t("portal-line-settled"),
        (Kind::Release, _) => look.t("portal-line-released"),
        (Kind::Reverse, _) if change > 0 => look.t("portal-line-returned"),
        (Kind::Reverse, _) => look.t("portal-line-reversed"),
        _ if change > 0 => look.t("portal-line-credit"),
        _ => look.t("portal-line-debit"),
    }
}

fn promotion(lang: Lang, engine: Option<&Engine>, transfer: &Posted) -> Option<String> {
    let id = transfer.explanation["origin"]["promotion"].as_str()?;
    let rows = &engine?.programme().accrual.promotions;
    Some(rows.iter().find(|row| row.id == *id)?.name.get(lang).to_owned())
}

/// A city, or the code of an airport that is not known.
pub(super) fn city(lang: Lang, iata: &str) -> String {
    kernel::airports::find(iata).map_or_else(|| iata.to_owned(), |it| it.city(lang).to_owned())
}
