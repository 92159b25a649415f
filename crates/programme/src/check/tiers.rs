//! Tiers that can be reached, that ask more the higher they are, and from which one lands lower.

use std::collections::BTreeSet;

use super::finding::{Finding, Problem, Severity};
use crate::Id;
use crate::document::{Criterion, Landing, Programme, Span, UpgradeRow, Validity};

pub(super) fn check(programme: &Programme, found: &mut Vec<Finding>) {
    ladder(programme, found);
    reachable(programme, found);
    rising(programme, found);
    kept(programme, found);
    landing(programme, found);
}

fn say(found: &mut Vec<Finding>, severity: Severity, rows: Vec<Id>, problem: Problem) {
    found.push(Finding { severity, place: "tiers", rows, problem });
}

fn ladder(programme: &Programme, found: &mut Vec<Finding>) {
    let mut names = BTreeSet::new();
    for tier in &programme.tiers {
        if !names.insert(&tier.code) {
            say(found, Severity::Error, vec![tier.code.clone()], Problem::DuplicateName);
        }
    }
    let count = programme.tiers.len();
    if !(1..=255).contains(&count) {
        let (field, value) = ("tiers", count.to_string());
        let problem = Problem::OutOfRange { field, value, allowed: "1 to 255" };
        say(found, Severity::Error, vec![programme.code.clone()], problem);
    }
}

fn reachable(programme: &Programme, found: &mut Vec<Finding>) {
    let rules = &programme.qualification;
    for tier in programme.tiers.iter().skip(1) {
        let led_to = rules.upgrades.iter().any(|row| row.tier == tier.code)
            || rules.matches.iter().any(|row| row.tier == tier.code)
            || rules.challenges.iter().any(|row| row.tier == tier.code);
        if !led_to {
            let problem = Problem::UnreachableTier { tier: tier.code.clone() };
            say(found, Severity::Error, vec![tier.code.clone()], problem);
        }
    }
}

/// Upgrade rows of one window that hold on one day, compared by the least that meets them.
fn rising(programme: &Programme, found: &mut Vec<Finding>) {
    let rows = &programme.qualification.upgrades;
    let rank = |row: &UpgradeRow| programme.rank(row.tier.as_str());
    let span = |row: &UpgradeRow| Span { from: row.valid_from, to: row.valid_to };
    for low in rows {
        for high in rows {
            let comparable = rank(low).zip(rank(high)).is_some_and(|(low, high)| low < high)
                && low.window == high.window
                && span(low).overlaps(&span(high));
            if !comparable || implies(&high.need, &low.need) {
                continue;
            }
            let ids = vec![low.id.clone(), high.id.clone()];
            if implies(&low.need, &high.need) {
                let problem = Problem::UnreachableTier { tier: low.tier.clone() };
                say(found, Severity::Error, ids, problem);
            } else {
                let (lower, higher) = (low.tier.clone(), high.tier.clone());
                say(found, Severity::Warning, ids, Problem::NotRising { lower, higher });
            }
        }
    }
}

/// Whether whatever meets `strong` meets `weak`.
fn implies(strong: &Criterion, weak: &Criterion) -> bool {
    strong.ways().iter().all(|least| weak.met(least))
}

/// Whoever can lose a tier must have a way to keep it and a place to land on.
fn kept(programme: &Programme, found: &mut Vec<Finding>) {
    let rules = &programme.qualification;
    let ends = |validity| validity != Validity::Lifetime;
    for tier in programme.tiers.iter().skip(1).filter(|tier| !tier.lifetime) {
        let can_end = rules.upgrades.iter().any(|row| row.tier == tier.code && ends(row.validity))
            || rules.matches.iter().any(|row| row.tier == tier.code && ends(row.validity))
            || rules.challenges.iter().any(|row| row.tier == tier.code && ends(row.validity));
        if can_end && !rules.renewals.iter().any(|row| row.tier == tier.code) {
            let problem = Problem::Missing { field: "a renewal row" };
            say(found, Severity::Warning, vec![tier.code.clone()], problem);
        }
        let lands = |row: &crate::document::LandingRow| {
            row.tier.as_ref().is_none_or(|one| *one == tier.code)
        };
        if can_end && !rules.landings.iter().any(lands) {
            let problem = Problem::Missing { field: "a landing row" };
            say(found, Severity::Error, vec![tier.code.clone()], problem);
        }
    }
}

/// Follows `named` landings until they reach the lowest tier or a tier already left.
fn landing(programme: &Programme, found: &mut Vec<Finding>) {
    let rows = &programme.qualification.landings;
    for start in rows.iter().filter(|row| row.landing == Landing::Named) {
        let Some(from) = &start.tier else {
            let problem = Problem::Missing { field: "tier, which goes with `named`," };
            say(found, Severity::Error, vec![start.id.clone()], problem);
            continue;
        };
        let mut way = vec![from.clone()];
        let mut step = start.falls_to.clone();
        while let Some(tier) = step {
            let up = way.last().zip(programme.rank(tier.as_str())).is_some_and(|(last, to)| {
                programme.rank(last.as_str()).is_some_and(|from| to >= from)
            });
            way.push(tier.clone());
            if up {
                let problem = Problem::LandingCycle { tiers: way };
                say(found, Severity::Error, vec![start.id.clone()], problem);
                break;
            }
            let next = rows.iter().find(|row| row.tier.as_ref() == Some(&tier));
            step = next.and_then(|row| row.falls_to.clone());
        }
    }
}
