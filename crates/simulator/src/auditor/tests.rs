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
