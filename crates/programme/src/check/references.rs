//! Names that must stand for something, and days that must be in order.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Problem, Severity};
use crate::document::{Programme, Row, Span};
use crate::{BookingClass, Carrier, Id};

pub(super) fn check(programme: &Programme, found: &mut Vec<Finding>) {
    rows(programme, found);
    tiers(programme, found);
    names(programme, found);
    codes(programme, found);
    transitions(programme, found);
}

/// Calls `$visit` with the name of each table and its rows.
macro_rules! tables {
    ($programme:expr, $visit:ident, $($name:literal: $($field:ident).+),* $(,)?) => {
        $( for row in &$programme.$($field).+ { $visit($name, row); } )*
    };
}

/// Names are unique over all tables, days are in order and of the programme.
fn rows(programme: &Programme, found: &mut Vec<Finding>) {
    let mut names: BTreeMap<Id, &'static str> = BTreeMap::new();
    let whole = Span { from: programme.valid_from, to: programme.valid_to };
    let mut visit = |place: &'static str, row: &dyn Row| {
        let mut say = |severity, problem| {
            found.push(Finding { severity, place, rows: vec![row.id().clone()], problem });
        };
        if names.insert(row.id().clone(), place).is_some() {
            say(Severity::Error, Problem::DuplicateName);
        }
        let span = row.span();
        if span.to.is_some_and(|to| to < span.from) {
            say(Severity::Error, Problem::EndsBeforeItBegins);
        } else if !span.overlaps(&whole) {
            say(Severity::Warning, Problem::OutsideProgramme);
        }
        if row.source().trim().is_empty() {
            say(Severity::Error, Problem::Missing { field: "source" });
        }
    };
    tables!(programme, visit,
        "accrual.terms": accrual.terms,
        "accrual.carriers": accrual.carriers,
        "accrual.codeshares": accrual.codeshares,
        "accrual.classes": accrual.classes,
        "accrual.minimums": accrual.minimums,
        "accrual.rates": accrual.rates,
        "accrual.bonuses": accrual.bonuses,
        "accrual.ages": accrual.ages,
        "accrual.exclusions": accrual.exclusions,
        "accrual.promotions": accrual.promotions,
        "qualification.upgrades": qualification.upgrades,
        "qualification.renewals": qualification.renewals,
        "qualification.transitions": qualification.transitions,
        "qualification.landings": qualification.landings,
        "qualification.matches": qualification.matches,
        "qualification.challenges": qualification.challenges,
        "expiry": expiry,
        "alliance": alliance,
        "benefits.catalogue": benefits.catalogue,
        "benefits.milestones": benefits.milestones,
        "redemption.zones": redemption.zones,
        "redemption.seasons": redemption.seasons,
        "redemption.chart": redemption.chart,
        "redemption.dynamic": redemption.dynamic,
        "redemption.upgrades": redemption.upgrades,
        "redemption.shop": redemption.shop,
        "redemption.mixes": redemption.mixes,
        "redemption.redeposits": redemption.redeposits,
        "members.enrolment": members.enrolment,
        "members.nominees": members.nominees,
        "members.pools": members.pools,
        "members.negative_balance": members.negative_balance,
    );
    if programme.valid_to.is_some_and(|to| to < programme.valid_from) {
        let problem = Problem::EndsBeforeItBegins;
        let rows = vec![programme.code.clone()];
        found.push(Finding { severity: Severity::Error, place: "programme", rows, problem });
    }
}

/// Rows that speak of tiers speak of tiers there are.
fn tiers(programme: &Programme, found: &mut Vec<Finding>) {
    let mut visit = |place: &'static str, row: (&Id, Vec<&Id>)| {
        for tier in row.1.into_iter().filter(|tier| programme.rank(tier.as_str()).is_none()) {
            let problem = Problem::Unknown { kind: "tier", name: tier.to_string() };
            let rows = vec![row.0.clone()];
            found.push(Finding { severity: Severity::Error, place, rows, problem });
        }
    };
    let p = programme;
    p.accrual.rates.iter().for_each(|r| visit("accrual.rates", (&r.id, vec![&r.tier])));
    p.accrual.bonuses.iter().for_each(|r| visit("accrual.bonuses", (&r.id, vec![&r.tier])));
    for r in &p.accrual.promotions {
        visit("accrual.promotions", (&r.id, r.flights.tiers.iter().collect()));
    }
    let q = &p.qualification;
    q.upgrades.iter().for_each(|r| visit("qualification.upgrades", (&r.id, vec![&r.tier])));
    q.renewals.iter().for_each(|r| visit("qualification.renewals", (&r.id, vec![&r.tier])));
    for r in &q.landings {
        visit("qualification.landings", (&r.id, r.tier.iter().chain(&r.falls_to).collect()));
    }
    q.matches.iter().for_each(|r| visit("qualification.matches", (&r.id, vec![&r.tier])));
    q.challenges.iter().for_each(|r| visit("qualification.challenges", (&r.id, vec![&r.tier])));
    p.expiry.iter().for_each(|r| visit("expiry", (&r.id, r.tiers.iter().collect())));
    p.alliance.iter().for_each(|r| visit("alliance", (&r.id, vec![&r.tier])));
    for r in &p.benefits.catalogue {
        visit("benefits.catalogue", (&r.id, r.tiers.iter().collect()));
    }
    for r in &p.benefits.milestones {
        visit("benefits.milestones", (&r.id, r.tiers.iter().collect()));
    }
    for r in &p.redemption.shop {
        visit("redemption.shop", (&r.id, r.tiers.iter().collect()));
    }
    for r in &p.redemption.redeposits {
        visit("redemption.redeposits", (&r.id, r.tiers.iter().collect()));
    }
    for r in &p.members.nominees {
        visit("members.nominees", (&r.id, r.first_at_once.iter().collect()));
    }
}

/// Zones, seasons, benefits, renewal rows and airports.
fn names(programme: &Programme, found: &mut Vec<Finding>) {
    let mut unknown = |place, row: &Id, kind, name: &str| {
        let problem = Problem::Unknown { kind, name: name.to_owned() };
        let rows = vec![row.clone()];
        found.push(Finding { severity: Severity::Error, place, rows, problem });
    };
    for row in &programme.qualification.transitions {
        for name in &row.renew_on {
            if !programme.qualification.renewals.iter().any(|renewal| renewal.id == *name) {
                unknown("qualification.transitions", &row.id, "renewal", name.as_str());
            }
        }
    }
    for row in &programme.benefits.milestones {
        for name in &row.choices {
            if !programme.benefits.catalogue.iter().any(|benefit| benefit.id == *name) {
                unknown("benefits.milestones", &row.id, "benefit", name.as_str());
            }
        }
    }
    let redemption = &programme.redemption;
    for row in &redemption.chart {
        for zone in &row.zones {
            if !redemption.zones.iter().any(|one| one.zone == *zone) {
                unknown("redemption.chart", &row.id, "zone", zone.as_str());
            }
        }
        if let Some(season) = &row.season
            && !redemption.seasons.iter().any(|one| one.season == *season)
        {
            unknown("redemption.chart", &row.id, "season", season.as_str());
        }
    }
    for row in &redemption.zones {
        for country in &row.countries {
            if kernel::countries::find(country).is_none() {
                unknown("redemption.zones", &row.id, "country", country);
            }
        }
        for airport in &row.airports {
            if kernel::airports::find(airport.as_str()).is_none() {
                unknown("redemption.zones", &row.id, "airport", airport.as_str());
            }
        }
    }
}

/// Classes, airlines and airports that no table knows. Only warnings for the first two: a class may
/// be excluded before a table has it.
fn codes(programme: &Programme, found: &mut Vec<Finding>) {
    let accrual = &programme.accrual;
    let classes: BTreeSet<_> = accrual.classes.iter().flat_map(|row| &row.classes).collect();
    let carriers: BTreeSet<_> = accrual.carriers.iter().flat_map(|row| &row.carriers).collect();
    let mut unknown = |severity, place, row: &Id, kind, name: String| {
        let problem = Problem::Unknown { kind, name };
        found.push(Finding { severity, place, rows: vec![row.clone()], problem });
    };
    let mut look = |place, row: &Id, of_class: &[BookingClass], of_carrier: &[&[Carrier]]| {
        for class in of_class.iter().filter(|class| !classes.contains(class)) {
            unknown(Severity::Warning, place, row, "class", class.to_string());
        }
        let of_carrier = of_carrier.iter().copied().flatten();
        for carrier in of_carrier.filter(|carrier| !carriers.contains(carrier)) {
            unknown(Severity::Warning, place, row, "carrier", carrier.to_string());
        }
    };
    accrual.classes.iter().for_each(|r| look("accrual.classes", &r.id, &[], &[&r.carriers]));
    accrual.minimums.iter().for_each(|r| look("accrual.minimums", &r.id, &[], &[&r.carriers]));
    accrual.rates.iter().for_each(|r| look("accrual.rates", &r.id, &[], &[&r.carriers]));
    accrual.bonuses.iter().for_each(|r| look("accrual.bonuses", &r.id, &[], &[&r.carriers]));
    for row in &accrual.exclusions {
        look("accrual.exclusions", &row.id, &row.classes, &[&row.carriers]);
    }
    for row in &accrual.promotions {
        let of_carrier = [&row.flights.operating[..], &row.flights.marketing];
        look("accrual.promotions", &row.id, &row.flights.classes, &of_carrier);
    }
    for row in &programme.redemption.upgrades {
        look("redemption.upgrades", &row.id, &row.classes, &[]);
    }
    for row in &accrual.promotions {
        let ends = row.flights.routes.iter().flat_map(|route| [route.origin, route.destination]);
        for airport in ends.filter(|one| kernel::airports::find(one.as_str()).is_none()) {
            let (place, name) = ("accrual.promotions", airport.to_string());
            unknown(Severity::Warning, place, &row.id, "airport", name);
        }
    }
}

/// Two transitions for one last day: which one holds would be chance.
fn transitions(programme: &Programme, found: &mut Vec<Finding>) {
    let rows = &programme.qualification.transitions;
    for (at, a) in rows.iter().enumerate() {
        for b in rows.iter().skip(at + 1) {
            if a.expires_from <= b.expires_to && b.expires_from <= a.expires_to {
                let from = a.expires_from.max(b.expires_from);
                let problem = Problem::Overlap { cell: "tiers running out".to_owned(), from };
                let (place, rows) = ("qualification.transitions", vec![a.id.clone(), b.id.clone()]);
                found.push(Finding { severity: Severity::Error, place, rows, problem });
            }
        }
    }
}
