//! Years of flights under one set of rules: what the time machine runs twice, and what derives a
//! member's account from flown facts alone.

use chrono::NaiveDate;
use kernel::Period;

use crate::accrual::{Accrued, Fact, Member};
use crate::document::Rank;
use crate::expiry::Lot;
use crate::qualify::{Activity, Decision, Kind, Scratch, Standing};
use crate::{Engine, Measure};

/// A fact and the day it came into the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flown {
    /// What was flown.
    pub fact: Fact,
    /// Not before the flight.
    pub posted: NaiveDate,
}

/// What years of flights came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Each flight's accrual, in the order they were passed in.
    pub accrued: Vec<Accrued>,
    /// Each flight's redeemable miles as a lot, nothing spent, in the same order; flights that
    /// earned none have an empty one.
    pub lots: Vec<Lot>,
    /// The tier's decisions in the order of days.
    pub decisions: Vec<Decision>,
    /// The tier at the end.
    pub standing: Standing,
}

/// The tier a flight of `day` earns with: what a flight lifts the member to holds from the next
/// day on, what follows a last day holds from the morning after it.
#[must_use]
pub fn tier_on(begin: Rank, decisions: &[Decision], day: NaiveDate) -> Rank {
    let holds = |one: &&Decision| match one.kind {
        Kind::Upgrade | Kind::Lifetime => one.effective < day,
        _ => one.effective <= day,
    };
    decisions.iter().rev().find(holds).map_or(begin, |one| one.to)
}

impl Engine {
    /// Earns every flight with the tier of its day and decides every tier by what was earned.
    ///
    /// `member` says what does not change; its tier is that of `standing`, and the first flight
    /// flown is the first flight if it says so. Promotions' caps are those it says for every
    /// flight: who shares a budget is not known here. `activity` is what was earned before and
    /// still counts. Facts may come in any order.
    #[must_use]
    pub fn replay(
        &self,
        standing: &Standing,
        member: &Member,
        activity: &[Activity],
        flown: &[Flown],
        span: Period,
    ) -> Replayed {
        let mut member = member.clone();
        let first = member.first_flight;
        let earliest = flown.iter().map(|one| one.fact.flight_date).min();
        let mut earn = |one: &Flown, tier: Rank| {
            member.tier = tier;
            member.first_flight = first && Some(one.fact.flight_date) == earliest;
            self.accrue(&one.fact, &member)
        };
        let mut tiers = vec![standing.tier; flown.len()];
        let mut accrued: Vec<Accrued> = flown.iter().map(|one| earn(one, standing.tier)).collect();
        let (mut scratch, mut decisions) = (Scratch::default(), Vec::new());
        let mut end = *standing;
        // A flight's worth rests on the decisions before its day, and these on the flights before
        // it: each round settles at least one more day, so there are no more rounds than flights.
        for _ in 0..=flown.len() {
            let mut all = activity.to_vec();
            all.extend(flown.iter().zip(&accrued).map(|(one, accrued)| Activity {
                on: one.fact.flight_date,
                posted: one.posted,
                amounts: accrued.amounts(),
            }));
            (end, decisions) = (*standing, Vec::new());
            self.evaluate(&mut end, &all, span, &mut scratch, &mut decisions);
            let mut settled = true;
            for ((one, tier), accrued) in flown.iter().zip(&mut tiers).zip(&mut accrued) {
                let now = tier_on(standing.tier, &decisions, one.fact.flight_date);
                if now != *tier {
                    let before = accrued.amounts();
                    (*tier, *accrued) = (now, earn(one, now));
                    settled &= before == accrued.amounts();
                }
            }
            if settled {
                break;
            }
        }
        let lots = flown.iter().zip(&tiers).zip(&accrued);
        let lots = lots.map(|((one, tier), accrued)| {
            let posted = one.posted.max(one.fact.flight_date);
            let row = self.programme().expiry_row(*tier, posted);
            let last_day = row.and_then(|row| row.policy.last_day(posted, None));
            Lot { posted, last_day, miles: accrued.total(Measure::Redeemable) }
        });
        Replayed { lots: lots.collect(), accrued, decisions, standing: end }
    }
}
