//! What the check finds: each contradiction made on purpose, and found with its rows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use kernel::Lang;
use programme::check::{Problem, Severity, check};
use programme::document::{Criterion, Landing, Window};
use programme::{BookingClass, Engine, Id, Percent, Programme, examples};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn km() -> Programme {
    Programme::from_toml(examples::BRIDGE_KM).unwrap()
}

/// The findings that a change brings.
fn after(change: impl FnOnce(&mut Programme)) -> Vec<(Severity, Problem, Vec<String>)> {
    let before = check(&km());
    let mut programme = km();
    change(&mut programme);
    check(&programme)
        .into_iter()
        .filter(|finding| !before.contains(finding))
        .map(|f| (f.severity, f.problem, f.rows.iter().map(Id::to_string).collect()))
        .collect()
}

fn one(change: impl FnOnce(&mut Programme)) -> (Severity, Problem, Vec<String>) {
    let mut found = after(change);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

fn class<'p>(p: &'p mut Programme, id: &str) -> &'p mut programme::document::ClassRow {
    p.accrual.classes.iter_mut().find(|row| row.id == *id).unwrap()
}

#[test]
fn a_gap_names_the_rows_before_and_after() {
    let found = one(|p| class(p, "dom-d-2019").valid_to = Some(day("2024-12-29")));
    let Problem::Gap { cell, from, to } = found.1 else { panic!("{found:?}") };
    assert_eq!((from, to), (day("2024-12-30"), day("2024-12-31")));
    assert_eq!(cell, "JB domestic business D");
    assert_eq!((found.0, found.2), (Severity::Error, vec!["dom-d-2019".into(), "dom-d".into()]));
}

#[test]
fn an_overlap_names_both_rows() {
    let found = one(|p| class(p, "dom-d-2019").valid_to = Some(day("2025-01-01")));
    let Problem::Overlap { from, .. } = found.1 else { panic!("{found:?}") };
    assert_eq!(from, day("2025-01-01"));
    assert_eq!(found.2, ["dom-d-2019", "dom-d"]);
    let found = one(|p| {
        class(p, "dom-y").classes.push(BookingClass::parse("M").unwrap());
    });
    assert_eq!(found.2, ["dom-bmu", "dom-y"]);
}

#[test]
fn an_open_row_hides_no_later_one() {
    let found = one(|p| class(p, "dom-d-2019").valid_to = None);
    assert!(matches!(found.1, Problem::Overlap { .. }), "{found:?}");
}

#[test]
fn terms_must_cover_the_programme() {
    let found = one(|p| p.accrual.terms[0].valid_from = day("2014-01-01"));
    assert!(matches!(found.1, Problem::Gap { .. }), "{found:?}");
    let found = one(|p| p.accrual.terms[0].valid_to = Some(day("2030-12-31")));
    assert_eq!(found.0, Severity::Error);
    assert!(matches!(found.1, Problem::Ends { .. }), "{found:?}");
}

#[test]
fn names_must_stand_for_something() {
    let found = one(|p| p.accrual.bonuses[0].tier = "BRONZE".into());
    assert_eq!(found.1, Problem::Unknown { kind: "tier", name: "BRONZE".into() });
    let found = after(|p| p.redemption.chart[0].zones = ["CN".into(), "MOON".into()]);
    let unknown = Problem::Unknown { kind: "zone", name: "MOON".into() };
    assert!(found.iter().any(|found| found.1 == unknown), "{found:?}");
    let found = one(|p| p.benefits.milestones[0].choices.push("wish".into()));
    assert_eq!(found.1, Problem::Unknown { kind: "benefit", name: "wish".into() });
    let found = one(|p| class(p, "dom-y").id = "dom-z".into());
    assert_eq!(found.1, Problem::DuplicateName);
}

#[test]
fn codes_that_no_table_knows_are_pointed_out() {
    let found = one(|p| p.redemption.upgrades[0].classes.push(BookingClass::parse("9").unwrap()));
    assert_eq!(found.0, Severity::Warning);
    assert_eq!(found.1, Problem::Unknown { kind: "class", name: "9".into() });
    let found = one(|p| p.accrual.promotions[1].flights.operating = vec!["XQ".parse().unwrap()]);
    assert_eq!(found.1, Problem::Unknown { kind: "carrier", name: "XQ".into() });
    let found = one(|p| p.accrual.promotions[2].flights.routes[0].origin = "QQQ".parse().unwrap());
    assert_eq!(found.1, Problem::Unknown { kind: "airport", name: "QQQ".into() });
}

#[test]
fn numbers_stay_within_reason() {
    let found = one(|p| class(p, "dom-y").factor = Percent(100_001));
    assert!(matches!(found.1, Problem::OutOfRange { field: "factor", .. }), "{found:?}");
    let found = one(|p| p.accrual.bonuses[0].percent = Percent(-1));
    assert!(matches!(found.1, Problem::OutOfRange { field: "percent", .. }), "{found:?}");
    let found = one(|p| p.accrual.promotions[0].valid_to = Some(day("2024-12-31")));
    assert_eq!(found.1, Problem::EndsBeforeItBegins);
    let found = one(|p| p.accrual.promotions[1].of = None);
    assert!(matches!(found.1, Problem::Missing { .. }), "{found:?}");
    let found = one(|p| class(p, "dom-y").source = " ".into());
    assert_eq!(found.1, Problem::Missing { field: "source" });
}

#[test]
fn tiers_can_be_reached_and_rise() {
    let found = after(|p| p.qualification.upgrades.retain(|row| row.tier != "LIFETIME"));
    let unreachable = Problem::UnreachableTier { tier: "LIFETIME".into() };
    assert!(found.iter().any(|found| found.1 == unreachable), "{found:?}");
    let found = after(|p| {
        let silver = &mut p.qualification.upgrades[0];
        silver.need = Criterion::Distance(50_000);
    });
    let not = Problem::NotRising { lower: "SILVER".into(), higher: "GOLD".into() };
    assert!(found.iter().any(|found| found.1 == not), "{found:?}");
    let found = after(|p| {
        let [silver, gold, ..] = &mut p.qualification.upgrades[..] else { panic!() };
        std::mem::swap(&mut silver.need, &mut gold.need);
    });
    let unreachable = Problem::UnreachableTier { tier: "SILVER".into() };
    assert!(found.iter().any(|found| found.1 == unreachable), "{found:?}");
}

#[test]
fn a_tier_may_be_reached_over_several_windows() {
    let other = |p: &mut Programme, window| {
        let mut row = p.qualification.upgrades[0].clone();
        (row.id, row.window) = ("up-silver-too".into(), window);
        p.qualification.upgrades.push(row);
    };
    assert!(after(|p| other(p, Window::RollingMonths(24))).is_empty());
    let found = one(|p| other(p, Window::RollingMonths(12)));
    assert_eq!(found.2, ["up-silver", "up-silver-too"]);
    assert!(matches!(found.1, Problem::Overlap { .. }), "{found:?}");
    let found = one(|p| {
        other(p, Window::CalendarYear);
        p.qualification.upgrades[0].valid_to = Some(day("2025-12-30"));
        p.qualification.upgrades.last_mut().unwrap().valid_from = day("2026-01-01");
    });
    let Problem::Gap { from, to, .. } = found.1 else { panic!("{found:?}") };
    assert_eq!((from, to), (day("2025-12-31"), day("2025-12-31")));
}

#[test]
fn landing_leads_down() {
    let found = after(|p| {
        let row = &mut p.qualification.landings[0];
        row.tier = Some("GOLD".into());
        row.landing = Landing::Named;
        row.falls_to = Some("PLATINUM".into());
        let mut back = row.clone();
        back.id = "back".into();
        back.tier = Some("PLATINUM".into());
        back.falls_to = Some("GOLD".into());
        p.qualification.landings.push(back);
    });
    assert!(found.iter().any(|f| matches!(f.1, Problem::LandingCycle { .. })), "{found:?}");
}

#[test]
fn classes_known_in_one_market_only_are_pointed_out() {
    let found = after(|p| class(p, "int-j").classes = vec![BookingClass::parse("O").unwrap()]);
    let missing = |cell: &str| Problem::MissingInMarket { cell: cell.into() };
    assert!(found.iter().any(|f| f.1 == missing("JB international J")), "{found:?}");
    assert!(found.iter().all(|f| f.0 == Severity::Warning), "{found:?}");
}

#[test]
fn contradictory_rules_make_no_engine() {
    let mut programme = km();
    class(&mut programme, "dom-d-2019").valid_to = Some(day("2025-01-01"));
    let error = Engine::new(programme).unwrap_err();
    assert!(error.to_string().contains("dom-d-2019, dom-d"), "{error}");
}

#[test]
fn findings_are_said_in_both_languages_and_located() {
    let mut programme = km();
    class(&mut programme, "dom-d-2019").valid_to = Some(day("2024-12-30"));
    let found = check(&programme);
    let finding = found.iter().find(|f| matches!(f.problem, Problem::Gap { .. })).unwrap();
    assert_eq!(
        finding.say(Lang::En),
        "accrual.classes [dom-d-2019, dom-d]: nothing holds for JB domestic business D \
         from 2024-12-31 to 2024-12-31"
    );
    assert_eq!(
        finding.say(Lang::ZhCn),
        "accrual.classes [dom-d-2019、dom-d]：2024-12-31 至 2024-12-31 没有适用于 JB domestic \
         business D 的规则"
    );
    assert!(finding.remedy(Lang::ZhCn).contains("0%"));
    let lines = finding.lines(examples::BRIDGE_KM);
    assert_eq!(lines.len(), 2, "{lines:?}");
    let line = examples::BRIDGE_KM.lines().nth(lines[0] - 1).unwrap();
    assert!(line.contains("dom-d-2019"), "{line}");
}

#[test]
fn a_misspelt_rule_is_refused_with_its_place() {
    let text = examples::BRIDGE_KM.replacen("claim_months = 6", "claim_month = 6", 1);
    let error = Programme::from_toml(&text).unwrap_err();
    let line = text.lines().position(|line| line.starts_with("claim_month =")).unwrap() + 1;
    assert_eq!((error.line, error.column), (Some(line), Some(1)));
    assert!(error.what.contains("claim_month"), "{}", error.what);
    let text = examples::BRIDGE_KM.replacen("percent = \"25%\"", "percent = \"25\"", 1);
    assert!(Programme::from_toml(&text).unwrap_err().what.contains("12.5%"));
    for bad in ["", "code = 1", "tiers = 3", "\u{0}", "[[[["] {
        assert!(Programme::from_toml(bad).is_err());
    }
}
