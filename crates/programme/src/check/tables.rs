//! Each table's cells: what its rows decide.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Problem, Severity};
use super::spans::{Cover, follow};
use crate::Carrier;
use crate::document::{
    AgeRow, AllianceRow, AwardRow, AwardUpgradeRow, BonusRow, Cabin, CarrierRow, ClassRow,
    CodeshareRow, DynamicRow, ExpiryRow, ItemRow, LandingRow, Market, MatchRow, MinimumRow,
    Programme, RateRow, RedepositRow, RenewalRow, Span, UpgradeRow, ZoneRow,
};

const MARKETS: [Market; 3] = [Market::Domestic, Market::Regional, Market::International];
const CABINS: [Cabin; 4] = [Cabin::Economy, Cabin::Premium, Cabin::Business, Cabin::First];

pub(super) fn check(programme: &Programme, found: &mut Vec<Finding>) {
    let whole = Span { from: programme.valid_from, to: programme.valid_to };
    accrual(programme, whole, found);
    classes(programme, found);
    rules(programme, whole, found);
    redemption(programme, whole, found);
}

fn accrual(programme: &Programme, whole: Span, found: &mut Vec<Finding>) {
    let accrual = &programme.accrual;
    let carriers = all_carriers(programme);
    let tiers: Vec<&str> = programme.tiers.iter().map(|tier| tier.code.as_str()).collect();
    let one = |_: &_| vec!["every flight".to_owned()];
    follow("accrual.terms", &accrual.terms, Cover::Always, whole, one, found);
    let cells = |row: &CarrierRow| names(&row.carriers);
    follow("accrual.carriers", &accrual.carriers, Cover::NoHoles, whole, cells, found);
    let cells = |row: &CodeshareRow| {
        cross(&[or_all(&row.marketing, &carriers), or_all(&row.operating, &carriers)])
    };
    follow("accrual.codeshares", &accrual.codeshares, Cover::Apart, whole, cells, found);
    let cells = |row: &ClassRow| {
        let cabins = row.cabin.map_or(CABINS.to_vec(), |cabin| vec![cabin]);
        cross(&[names(&row.carriers), markets(&row.markets), debug(&cabins), names(&row.classes)])
    };
    follow("accrual.classes", &accrual.classes, Cover::NoHoles, whole, cells, found);
    let cells = |row: &MinimumRow| {
        cross(&[or_all(&row.carriers, &carriers), markets(&row.markets), debug(&row.cabins)])
    };
    follow("accrual.minimums", &accrual.minimums, Cover::NoHoles, whole, cells, found);
    let cells =
        |row: &RateRow| cross(&[or_all(&row.carriers, &carriers), vec![row.tier.to_string()]]);
    follow("accrual.rates", &accrual.rates, Cover::NoHoles, whole, cells, found);
    let cells =
        |row: &BonusRow| cross(&[or_all(&row.carriers, &carriers), vec![row.tier.to_string()]]);
    follow("accrual.bonuses", &accrual.bonuses, Cover::NoHoles, whole, cells, found);
    let cells = |row: &AgeRow| {
        let ages: Vec<String> =
            (row.from_age..=row.to_age.min(150)).map(|age| format!("age {age}")).collect();
        let seats = row.seat.map_or(vec![true, false], |seat| vec![seat]);
        let seats = seats.iter().map(|s| if *s { "with a seat" } else { "on a lap" }.to_owned());
        cross(&[ages, seats.collect()])
    };
    follow("accrual.ages", &accrual.ages, Cover::NoHoles, whole, cells, found);
    if accrual.rates.is_empty() {
        return;
    }
    for tier in tiers {
        if !accrual.rates.iter().any(|row| row.tier == *tier) {
            let problem = Problem::Missing { field: "a rate for every tier" };
            let rows = vec![tier.into()];
            let place = "accrual.rates";
            found.push(Finding { severity: Severity::Error, place, rows, problem });
        }
    }
}

/// Classes an airline's table has in one market and not in another.
fn classes(programme: &Programme, found: &mut Vec<Finding>) {
    let mut known: BTreeMap<(Carrier, &str), BTreeSet<&str>> = BTreeMap::new();
    for row in &programme.accrual.classes {
        let places: Vec<&str> = if row.markets.is_empty() {
            MARKETS.iter().map(|market| word(*market)).collect()
        } else {
            row.markets.iter().map(|market| word(*market)).collect()
        };
        for carrier in &row.carriers {
            for class in &row.classes {
                known.entry((*carrier, class.as_str())).or_default().extend(&places);
            }
        }
    }
    for ((carrier, class), places) in known {
        for market in MARKETS.iter().filter(|market| !places.contains(word(**market))) {
            let cell = format!("{carrier} {} {class}", word(*market));
            let problem = Problem::MissingInMarket { cell };
            let row = programme.accrual.classes.iter().find(|row| {
                row.carriers.contains(&carrier) && row.classes.iter().any(|c| c.as_str() == class)
            });
            let rows = row.iter().map(|row| row.id.clone()).collect();
            let place = "accrual.classes";
            found.push(Finding { severity: Severity::Warning, place, rows, problem });
        }
    }
}

fn rules(programme: &Programme, whole: Span, found: &mut Vec<Finding>) {
    let rules = &programme.qualification;
    // A tier may be reached over several windows; over each by one row a day.
    let cells = |row: &UpgradeRow| vec![format!("{} by {:?}", row.tier, row.window)];
    follow("qualification.upgrades", &rules.upgrades, Cover::Apart, whole, cells, found);
    let cells = |row: &UpgradeRow| vec![row.tier.to_string()];
    follow("qualification.upgrades", &rules.upgrades, Cover::Together, whole, cells, found);
    let cells = |row: &RenewalRow| vec![row.tier.to_string()];
    follow("qualification.renewals", &rules.renewals, Cover::NoHoles, whole, cells, found);
    let cells =
        |row: &LandingRow| vec![row.tier.as_ref().map_or("other tiers", |t| t.as_str()).to_owned()];
    follow("qualification.landings", &rules.landings, Cover::NoHoles, whole, cells, found);
    let cells = |row: &MatchRow| {
        let statuses = row.statuses.iter().map(|status| status.to_lowercase());
        cross(&[vec![row.programme.to_lowercase()], statuses.collect()])
    };
    follow("qualification.matches", &rules.matches, Cover::Apart, whole, cells, found);
    let cells = |row: &ExpiryRow| or_others(&row.tiers);
    follow("expiry", &programme.expiry, Cover::Always, whole, cells, found);
    let cells = |row: &AllianceRow| vec![format!("{} {}", row.alliance, row.tier)];
    follow("alliance", &programme.alliance, Cover::NoHoles, whole, cells, found);
    let members = &programme.members;
    follow("members.enrolment", &members.enrolment, Cover::NoHoles, whole, |_| all(), found);
    follow("members.nominees", &members.nominees, Cover::NoHoles, whole, |_| all(), found);
    follow("members.pools", &members.pools, Cover::NoHoles, whole, |_| all(), found);
    let negative = &members.negative_balance;
    follow("members.negative_balance", negative, Cover::NoHoles, whole, |_| all(), found);
}

fn redemption(programme: &Programme, whole: Span, found: &mut Vec<Finding>) {
    let redemption = &programme.redemption;
    let carriers = all_carriers(programme);
    let cells = |row: &ZoneRow| row.countries.iter().cloned().chain(names(&row.airports)).collect();
    follow("redemption.zones", &redemption.zones, Cover::NoHoles, whole, cells, found);
    follow("redemption.seasons", &redemption.seasons, Cover::Apart, whole, |_| all(), found);
    let cells = |row: &AwardRow| {
        let [a, b] = &row.zones;
        let zones = if a <= b { format!("{a}-{b}") } else { format!("{b}-{a}") };
        let season = row.season.as_ref().map_or("any season", |season| season.as_str());
        let operating = or_all(&row.operating, &carriers);
        cross(&[vec![zones], debug(&[row.cabin]), vec![season.to_owned()], operating])
    };
    follow("redemption.chart", &redemption.chart, Cover::NoHoles, whole, cells, found);
    let cells = |row: &DynamicRow| cross(&[or_all(&row.operating, &carriers), debug(&[row.cabin])]);
    follow("redemption.dynamic", &redemption.dynamic, Cover::NoHoles, whole, cells, found);
    let cells = |row: &ItemRow| vec![row.sku.to_string()];
    follow("redemption.shop", &redemption.shop, Cover::Apart, whole, cells, found);
    follow("redemption.mixes", &redemption.mixes, Cover::NoHoles, whole, |_| all(), found);
    let cells = |row: &RedepositRow| {
        let hours = vec![format!("{} h before", row.hours_before)];
        cross(&[or_others(&row.tiers), hours])
    };
    follow("redemption.redeposits", &redemption.redeposits, Cover::NoHoles, whole, cells, found);
    bands(programme, found);
}

/// Upgrade prices go by distance: two bands of one class must not meet.
fn bands(programme: &Programme, found: &mut Vec<Finding>) {
    let rows = &programme.redemption.upgrades;
    for (at, a) in rows.iter().enumerate() {
        for b in rows.iter().skip(at + 1) {
            let span = |row: &AwardUpgradeRow| Span { from: row.valid_from, to: row.valid_to };
            let below = |end: Option<i64>, start: i64| end.is_none_or(|end| start <= end);
            let meet = a.to == b.to
                && a.classes.iter().any(|class| b.classes.contains(class))
                && (a.markets.is_empty()
                    || b.markets.is_empty()
                    || a.markets.iter().any(|market| b.markets.contains(market)))
                && below(a.distance_to, b.distance_from)
                && below(b.distance_to, a.distance_from);
            if meet && span(a).overlaps(&span(b)) {
                let cell = format!("classes {} to {:?}", names(&a.classes).join(" "), a.to);
                let from = a.valid_from.max(b.valid_from);
                let problem = Problem::Overlap { cell: cell.to_lowercase(), from };
                let (rows, place) = (vec![a.id.clone(), b.id.clone()], "redemption.upgrades");
                found.push(Finding { severity: Severity::Error, place, rows, problem });
            }
        }
    }
}

fn all() -> Vec<String> {
    vec!["everything".to_owned()]
}

fn all_carriers(programme: &Programme) -> Vec<Carrier> {
    let rows = programme.accrual.carriers.iter();
    let all: BTreeSet<Carrier> = rows.flat_map(|row| row.carriers.iter().copied()).collect();
    all.into_iter().collect()
}

fn names<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn debug<T: std::fmt::Debug>(list: &[T]) -> Vec<String> {
    list.iter().map(|one| format!("{one:?}").to_lowercase()).collect()
}

fn markets(list: &[Market]) -> Vec<String> {
    let list = if list.is_empty() { &MARKETS } else { list };
    list.iter().map(|market| word(*market).to_owned()).collect()
}

fn word(market: Market) -> &'static str {
    match market {
        Market::Domestic => "domestic",
        Market::Regional => "regional",
        Market::International => "international",
    }
}

fn or_all(list: &[Carrier], all: &[Carrier]) -> Vec<String> {
    names(if list.is_empty() { all } else { list })
}

fn or_others(tiers: &[crate::Id]) -> Vec<String> {
    if tiers.is_empty() { vec!["other tiers".to_owned()] } else { names(tiers) }
}

/// Every combination, joined by blanks.
fn cross(parts: &[Vec<String>]) -> Vec<String> {
    parts.iter().fold(vec![String::new()], |so_far, part| {
        let join = |head: &String| {
            let head = head.clone();
            part.iter().map(move |tail| format!("{head} {tail}").trim_start().to_owned())
        };
        so_far.iter().flat_map(join).collect()
    })
}
