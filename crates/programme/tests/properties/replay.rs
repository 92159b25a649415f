//! Years at once against one day after the other.

use std::sync::LazyLock;

use kernel::Period;
use programme::Engine;
use programme::accrual::{Accrued, Fact};
use programme::document::Rank;
use programme::qualify::{Activity, Decision, Kind, Scratch, Standing};
use programme::replay::Flown;
use proptest::prelude::*;

use super::accrual::{fact, member};
use super::{day, engines};

static ENGINES: LazyLock<Vec<Engine>> = LazyLock::new(engines);

fn flown() -> impl Strategy<Value = Flown> {
    // Dear and far enough that tiers move within a few flights.
    (fact(), 0_u64..40).prop_map(|(mut fact, late): (Fact, u64)| {
        fact.flight_date = day((fact.flight_date - day(0)).num_days() as u64 % 700);
        fact.great_circle_km = fact.great_circle_km.map(|km| km * 3);
        fact.fare_minor = fact.fare_minor.map(|fare| fare * 2);
        let posted = fact.flight_date + chrono::Days::new(late.saturating_sub(30));
        Flown { fact, posted }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(96)))]

    #[test]
    fn years_at_once_are_days_in_a_row(
        flown in prop::collection::vec(flown(), 0..15),
        mut member in member(),
        which in 0..3_usize,
        tier in 0_u8..3,
    ) {
        let engine = &ENGINES[which];
        member.first_flight = false;
        let standing = Standing {
            tier: Rank(tier),
            valid_to: (tier > 0).then(|| day(240)),
            ..Standing::new(member.joined_on)
        };
        let span = Period { from: day(0), to: day(1_000) };
        let replayed = engine.replay(&standing, &member, &[], &flown, span);

        let mut today = standing;
        let mut decisions: Vec<Decision> = Vec::new();
        let mut accrued: Vec<Option<Accrued>> = vec![None; flown.len()];
        let mut activity: Vec<Activity> = Vec::new();
        for on in span.from.iter_days().take_while(|on| *on <= span.to) {
            member.tier = today.tier;
            for (one, accrued) in flown.iter().zip(&mut accrued) {
                if one.fact.flight_date == on {
                    let earned = engine.accrue(&one.fact, &member);
                    let amounts = earned.amounts();
                    activity.push(Activity { on, posted: one.posted, amounts });
                    *accrued = Some(earned);
                }
            }
            let mut room = Scratch::default();
            let night = Period { from: on, to: on };
            engine.evaluate(&mut today, &activity, night, &mut room, &mut decisions);
        }
        let accrued: Vec<Accrued> = accrued.into_iter().flatten().collect();
        prop_assert_eq!(&replayed.accrued, &accrued);
        prop_assert_eq!(&replayed.decisions, &decisions);
        prop_assert_eq!(replayed.standing, today);
        prop_assert_eq!(replayed.lots.len(), flown.len());
        prop_assert!(replayed.decisions.iter().all(|one| one.kind != Kind::Keep));
    }
}
