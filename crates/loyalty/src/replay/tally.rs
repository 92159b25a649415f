//! What a comparison of two sets of rules adds up to: of one member, of a part of the base, of all.
//! Adding is in any order; the size does not grow with the number of members.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use kernel::Period;
use programme::accrual::{Member, Registered};
use programme::qualify::{Activity, Standing};
use programme::replay::{Flown, Replayed};
use programme::{Engine, Measure, Rounding};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many of those who will mind are named.
pub const NAMED: usize = 50;

/// A member as far as a replay asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Whose.
    pub id: Uuid,
    /// Day of enrolment.
    pub joined_on: NaiveDate,
    /// Where it is known.
    pub birth_date: Option<NaiveDate>,
    /// The tier by rule before the first day: code, first and last day.
    pub tier: Option<(String, NaiveDate, Option<NaiveDate>)>,
    /// Nothing was credited before the first day.
    pub is_new: bool,
    /// What was earned before the first day and may still count.
    pub before: Vec<Activity>,
    /// Promotions registered for, each with its day.
    pub registered: Vec<Registered>,
    /// What was flown from the first day to the last.
    pub flown: Vec<Flown>,
}

impl Subject {
    /// The span under one set of rules.
    #[must_use]
    pub fn replay(&self, engine: &Engine, span: Period) -> Replayed {
        let begin = Standing { birth_date: self.birth_date, ..Standing::new(self.joined_on) };
        let standing = match &self.tier {
            None => begin,
            Some((code, since, valid_to)) => Standing {
                tier: engine.programme().rank(code).unwrap_or_default(),
                since: *since,
                valid_to: *valid_to,
                ..begin
            },
        };
        let member = Member {
            number: String::new(),
            tier: standing.tier,
            birth_date: self.birth_date,
            joined_on: self.joined_on,
            first_flight: self.is_new,
            registered: self.registered.clone(),
            used: Vec::new(),
        };
        engine.replay(&standing, &member, &self.before, &self.flown, span)
    }
}

/// Somebody who loses by the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minding {
    /// Whom; the number is read when it is shown, so that a forgotten one is.
    pub member: Uuid,
    /// Places of the tiers at the end, under the one and the other rules.
    pub tiers: [u8; 2],
    /// How many tiers lower.
    pub tiers_lost: i64,
    /// Miles earned, under the one and the other rules.
    pub miles: [i64; 2],
}

impl Minding {
    fn order(&self) -> (Reverse<i64>, Reverse<i64>, Uuid) {
        let lost = self.miles[0].saturating_sub(self.miles[1]);
        (Reverse(self.tiers_lost), Reverse(lost), self.member)
    }
}

/// What a comparison adds up to. Pairs are: under the rules before, under those after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Members looked at.
    pub members: u64,
    /// Flights looked at.
    pub flights: u64,
    /// Members by tier at the end: a row for each tier before, a column for each after.
    pub matrix: Vec<Vec<u64>>,
    /// Members with a higher tier, with a lower one.
    pub moved: [u64; 2],
    /// Members with more miles, with fewer.
    pub richer: [u64; 2],
    /// Miles earned.
    pub issued: [i64; 2],
    /// Of these those still valid after the last day, had nobody spent any.
    pub outstanding: [i64; 2],
    /// Miles earned by month of flight, by its first day.
    pub months: BTreeMap<NaiveDate, [i64; 2]>,
    /// The largest losses: by tier, then by miles.
    pub minding: Vec<Minding>,
}

/// Two sets of rules.
#[derive(Debug)]
pub struct Pair {
    /// Those before and those after.
    pub engines: [std::sync::Arc<Engine>; 2],
    /// Which days.
    pub span: Period,
    /// The place among the tiers after of each tier before.
    pub same: Vec<u8>,
}

impl Pair {
    /// Tiers are the same when they have one code; one that is gone counts by its place.
    #[must_use]
    pub fn new(engines: [std::sync::Arc<Engine>; 2], span: Period) -> Self {
        let [before, after] = [&engines[0], &engines[1]].map(|engine| engine.programme());
        let place = |(at, code): (usize, &str)| {
            let own = u8::try_from(at).unwrap_or(u8::MAX);
            after.rank(code).map_or(own, |rank| rank.0)
        };
        let codes = before.tiers.iter().map(|tier| tier.code.as_str());
        let same = codes.enumerate().map(place).collect();
        Self { engines, span, same }
    }

    /// What one member comes to.
    #[must_use]
    pub fn compare(&self, subject: &Subject) -> Tally {
        let [before, after] = [0, 1].map(|at| subject.replay(&self.engines[at], self.span));
        let mut tally = Tally::new(self);
        tally.members = 1;
        tally.flights = u64::try_from(subject.flown.len()).unwrap_or(u64::MAX);
        let tiers = [before.standing.tier.0, after.standing.tier.0];
        let row = tally.matrix.get_mut(usize::from(tiers[0]));
        if let Some(cell) = row.and_then(|row| row.get_mut(usize::from(tiers[1]))) {
            *cell += 1;
        }
        let held = self.same.get(usize::from(tiers[0])).copied().unwrap_or(tiers[0]);
        let tiers_lost = i64::from(held) - i64::from(tiers[1]);
        tally.moved = [u64::from(tiers_lost < 0), u64::from(tiers_lost > 0)];
        for (side, replayed) in [&before, &after].into_iter().enumerate() {
            self.add_miles(&mut tally, side, replayed);
        }
        let [then, now] = tally.issued;
        tally.richer = [u64::from(now > then), u64::from(now < then)];
        if tiers_lost > 0 || (tiers_lost == 0 && now < then) {
            let (member, miles) = (subject.id, tally.issued);
            tally.minding.push(Minding { member, tiers, tiers_lost, miles });
        }
        tally
    }

    fn add_miles(&self, tally: &mut Tally, side: usize, replayed: &Replayed) {
        for accrued in &replayed.accrued {
            let miles = accrued.total(Measure::Redeemable);
            if miles == 0 {
                continue;
            }
            let first = accrued.flight_date.with_day(1).unwrap_or(accrued.flight_date);
            let month = tally.months.entry(first).or_default();
            month[side] = month[side].saturating_add(miles);
            tally.issued[side] = tally.issued[side].saturating_add(miles);
        }
        let valid = replayed.lots.iter().filter(|lot| lot.posted <= self.span.to);
        for lot in valid.filter(|lot| lot.last_day.is_none_or(|last| last > self.span.to)) {
            tally.outstanding[side] = tally.outstanding[side].saturating_add(lot.miles);
        }
    }
}

impl Tally {
    /// Nothing yet.
    #[must_use]
    pub fn new(pair: &Pair) -> Self {
        let [before, after] = [0, 1].map(|at| pair.engines[at].programme().tiers.len());
        Self { matrix: vec![vec![0; after]; before], ..Self::default() }
    }

    /// The two together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.members += other.members;
        self.flights += other.flights;
        for (row, more) in self.matrix.iter_mut().zip(other.matrix) {
            for (cell, more) in row.iter_mut().zip(more) {
                *cell += more;
            }
        }
        for at in [0, 1] {
            self.moved[at] += other.moved[at];
            self.richer[at] += other.richer[at];
            self.issued[at] = self.issued[at].saturating_add(other.issued[at]);
            self.outstanding[at] = self.outstanding[at].saturating_add(other.outstanding[at]);
        }
        for (month, more) in other.months {
            let sum = self.months.entry(month).or_default();
            for at in [0, 1] {
                sum[at] = sum[at].saturating_add(more[at]);
            }
        }
        if !other.minding.is_empty() {
            self.minding.extend(other.minding);
            self.minding.sort_unstable_by_key(Minding::order);
            self.minding.truncate(NAMED);
        }
        self
    }
}

/// What so many miles cost, in minor units, half up.
#[must_use]
pub fn cost(miles: i64, minor_per_thousand: i64) -> i64 {
    Rounding::HalfUp.divide(i128::from(miles) * i128::from(minor_per_thousand), 1_000)
}
