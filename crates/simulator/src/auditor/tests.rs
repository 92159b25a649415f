#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::NaiveDate;

use super::*;
use crate::loyalty::{Setup, Years};

const DOCUMENTS: [&str; 3] = [
    include_str!("../../../programme/programmes/bridge-km.toml"),
    include_str!("../../../programme/programmes/bay-year.toml"),
    include_str!("../../../programme/programmes/tern-fare.toml"),
];

fn setup(seed: u64) -> Setup {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    Setup { members: 40, first, years: 3, seed, faults: true, nights: 1, pace: 2 }
}

/// Everything that moved is what members have and what is held; heaps are the balance.
#[test]
fn the_model_ties_to_itself() {
    for document in DOCUMENTS {
        let mut auditor = Auditor::new(document).unwrap();
        for moment in Years::new(setup(5)) {
            auditor.hear(&moment);
        }
        let figures: Vec<Figures> = (0..40).filter_map(|who| auditor.figures(who)).collect();
        for one in &figures {
            let heaps: i64 = one.heaps.iter().map(|heap| heap.left).sum();
            assert_eq!(heaps, one.miles.max(0));
        }
        let miles: i64 = figures.iter().map(|one| one.miles).sum();
        let moved: i64 = auditor
            .movement()
            .months
            .values()
            .map(|m| {
                m.issued
                    + m.bought
                    + m.redeemed
                    + m.expired
                    + m.adjusted
                    + m.issue_reversed
                    + m.redeposited
            })
            .sum();
        assert_eq!(moved, miles + auditor.movement().held);
        assert!(figures.iter().any(|one| one.tiers.len() > 1), "nobody's tier ever changed");
    }
}

#[test]
fn one_seed_gives_one_plan() {
    let one: Vec<_> = Years::new(setup(3)).collect();
    assert_eq!(one, Years::new(setup(3)).collect::<Vec<_>>());
    assert_ne!(one, Years::new(setup(4)).collect::<Vec<_>>());
    assert!(one.iter().any(|moment| matches!(moment.act, Act::Facts { killed: true, .. })));
    assert!(one.windows(2).any(|two| two[1].at < two[0].at), "no clock went back");
}

/// What is refused when it is approved is undone as a whole, with what it had booked out.
#[test]
fn a_refused_adjustment_leaves_no_trace() {
    let mut auditor = Auditor::new(DOCUMENTS[2]).unwrap();
    let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap();
    let at = |date: NaiveDate| date.and_hms_opt(12, 0, 0).unwrap();
    let adjust = |amount, expires_on| Act::Adjust { who: 0, amount, expires_on };
    let mut hear = |date, act| auditor.hear(&Moment { at: at(date), act });
    let born = NaiveDate::from_ymd_opt(1980, 1, 1).unwrap();
    hear(day(1, 1), Act::Enrol { who: 0, born, guardian: None });
    assert_eq!(hear(day(1, 2), adjust(500, Some(day(1, 31)))), ["posted"]);
    assert_eq!(hear(day(2, 2), adjust(-900, None)), ["insufficient"]);
    let miles = |auditor: &Auditor| auditor.movement().months.get(&(2024, 2)).copied();
    assert_eq!(miles(&auditor), None);
    auditor.hear(&Moment { at: at(day(2, 3)), act: adjust(100, Some(day(12, 31))) });
    let month = miles(&auditor).unwrap();
    assert_eq!((month.expired, month.adjusted), (-500, 100));
}
