//! Tiers against a slow and simple model, and what must hold of them.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use kernel::{Lang, Period};
use programme::document::{Landing, Rank, Row, Window};
use programme::qualify::{Activity, Aim, Decision, Outlook, Scratch, Standing, Trip};
use programme::{Amounts, Engine, say};
use proptest::prelude::*;

use super::{day, engines};

static ENGINES: LazyLock<Vec<Engine>> = LazyLock::new(engines);

fn activity() -> impl Strategy<Value = Vec<Activity>> {
    let one = (0_u64..900, 0_u64..60, 0_i64..30_000, 0_i64..900, 0_i64..2_000_000).prop_map(
        |(on, late, distance, segments, spend)| Activity {
            on: day(on),
            posted: day(on + late.saturating_sub(30)),
            amounts: Amounts { distance, segments, spend, lifetime: distance * 5 },
        },
    );
    prop::collection::vec(one, 0..25)
}

fn standing() -> impl Strategy<Value = Standing> {
    (0_u8..4, 0_u64..500, 0_u64..400).prop_map(|(tier, since, joined)| Standing {
        tier: Rank(tier),
        since: day(since),
        valid_to: (tier > 0).then(|| kernel::dates::month_end(day(since + 30))),
        joined_on: day(0) - chrono::Days::new(joined),
        birth_date: None,
        lifetime_before: 0,
    })
}

fn run(
    engine: &Engine,
    standing: &Standing,
    activity: &[Activity],
    span: Period,
) -> (Standing, Vec<Decision>) {
    let (mut standing, mut decisions) = (*standing, Vec::new());
    let mut room = Scratch::default();
    engine.evaluate(&mut standing, activity, span, &mut room, &mut decisions);
    (standing, decisions)
}

/// One day after the other, everything summed anew: no order, no pointers, no shortcuts.
mod model {
    use super::*;

    fn sum(activity: &[Activity], window: Period, known: NaiveDate) -> Amounts {
        let mut sum = Amounts::ZERO;
        for one in activity {
            if window.contains(one.on) && one.on <= known && one.posted <= known {
                sum += one.amounts;
            }
        }
        sum
    }

    fn window(window: Window, today: NaiveDate, joined: NaiveDate) -> Period {
        let new_year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap();
        let from = match window {
            Window::RollingMonths(months) => Period::months_ending(today, months).from,
            Window::CalendarYear => new_year,
            Window::MembershipYear => (0..20)
                .map(|years| kernel::dates::add_months(joined, 12 * years))
                .take_while(|day| *day <= today)
                .last()
                .unwrap(),
            Window::CalendarMonths(_) => panic!("in no shipped programme"),
            Window::Lifetime => NaiveDate::MIN,
            Window::BeforeExpiry { .. } => panic!("no window of an upgrade"),
        };
        Period { from, to: today }
    }

    fn renewal(
        engine: &Engine,
        tier: Rank,
        expiry: NaiveDate,
        activity: &[Activity],
    ) -> Option<NaiveDate> {
        let rules = &engine.programme().qualification;
        let code = &engine.programme().tiers[usize::from(tier.0)].code;
        let moved = rules
            .transitions
            .iter()
            .filter(|row| row.expires_from <= expiry && expiry <= row.expires_to)
            .flat_map(|row| &row.renew_on)
            .find_map(|id| rules.renewals.iter().find(|r| r.id == *id && r.tier == *code));
        let row = moved.or_else(|| {
            rules.renewals.iter().find(|r| r.tier == *code && r.span().contains(expiry))
        })?;
        let Window::BeforeExpiry { months, months_before } = row.window else { panic!() };
        let mut last = expiry;
        for _ in 0..months_before {
            last = kernel::dates::month_start(last).pred_opt().unwrap();
        }
        let window = Period::months_ending(kernel::dates::month_end(last), months);
        let next = expiry.succ_opt().unwrap();
        row.need.met(&sum(activity, window, expiry)).then(|| row.validity.last_day(next).unwrap())
    }

    pub fn run(
        engine: &Engine,
        standing: &Standing,
        activity: &[Activity],
        span: Period,
    ) -> Vec<(NaiveDate, Rank, Option<NaiveDate>)> {
        let programme = engine.programme();
        let (mut tier, mut until) = (standing.tier, standing.valid_to);
        let mut said = Vec::new();
        for today in span.from.iter_days().take_while(|day| *day <= span.to) {
            let best = programme
                .qualification
                .upgrades
                .iter()
                .filter(|row| row.span().contains(today))
                .filter(|row| {
                    let days = window(row.window, today, standing.joined_on);
                    row.need.met(&sum(activity, days, today))
                })
                .max_by_key(|row| programme.rank(row.tier.as_str()));
            if let Some(row) = best
                && let Some(rank) = programme.rank(row.tier.as_str()).filter(|rank| *rank > tier)
            {
                (tier, until) = (rank, row.validity.last_day(today));
                said.push((today, tier, until));
            }
            if until != Some(today) {
                continue;
            }
            let row = &programme.qualification.landings;
            let code = &programme.tiers[usize::from(tier.0)].code;
            let row = row.iter().find(|r| r.tier.as_ref() == Some(code)).or(row.first()).unwrap();
            until = renewal(engine, tier, today, activity);
            if until.is_none() {
                tier = match row.landing {
                    Landing::OneDown => Rank(tier.0 - 1),
                    Landing::Lowest => Rank(0),
                    Landing::Named => {
                        programme.rank(row.falls_to.as_ref().unwrap().as_str()).unwrap()
                    }
                    Landing::Requalify => (0..tier.0)
                        .rev()
                        .map(Rank)
                        .find(|r| r.0 == 0 || renewal(engine, *r, today, activity).is_some())
                        .unwrap(),
                };
                let next = today.succ_opt().unwrap();
                until = (tier.0 > 0).then(|| row.validity.last_day(next).unwrap());
            }
            said.push((today, tier, until));
        }
        said
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(192)))]

    #[test]
    fn the_engine_agrees_with_the_model(
        activity in activity(), standing in standing(), which in 0..3_usize, from in 0_u64..530,
    ) {
        let engine = &ENGINES[which];
        // The model knows nothing of last days that were never decided.
        let span = Period { from: day(from).min(standing.since), to: day(1_400) };
        let (_, found) = run(engine, &standing, &activity, span);
        let found: Vec<_> = found
            .iter()
            .map(|one| (one.on, one.to, one.valid_to))
            .collect();
        prop_assert_eq!(found, model::run(engine, &standing, &activity, span));
    }

    #[test]
    fn spans_in_a_row_decide_as_one(
        activity in activity(), standing in standing(), which in 0..3_usize, cut in 1_u64..1_300,
    ) {
        let engine = &ENGINES[which];
        let span = |from, to| Period { from: day(from), to: day(to) };
        let (end, whole) = run(engine, &standing, &activity, span(0, 1_400));
        let (middle, mut parts) = run(engine, &standing, &activity, span(0, cut));
        let (end_of_parts, rest) = run(engine, &middle, &activity, span(cut + 1, 1_400));
        parts.extend(rest);
        prop_assert_eq!(parts, whole);
        prop_assert_eq!(end_of_parts, end);
    }

    #[test]
    fn the_order_of_activity_is_nothing(
        activity in activity().prop_shuffle(), standing in standing(), which in 0..3_usize,
    ) {
        let engine = &ENGINES[which];
        let span = Period { from: day(0), to: day(1_400) };
        let mut sorted = activity.clone();
        sorted.sort_by_key(|one| (one.on, one.posted));
        prop_assert_eq!(
            run(engine, &standing, &activity, span),
            run(engine, &standing, &sorted, span)
        );
    }

    #[test]
    fn more_activity_never_means_a_lower_tier(
        mut activity in activity(), more in activity(), standing in standing(),
        which in 0..3_usize, today in 0_u64..1_000,
    ) {
        let engine = &ENGINES[which];
        // On one day and from one standing; over years an earlier upgrade also ends earlier.
        let before = engine.decide(&mut standing.clone(), &activity, day(today));
        let highest = |activity: &[Activity]| {
            let begin = Standing { tier: Rank(0), valid_to: None, ..standing };
            let (_, decisions) = run(engine, &begin, activity, Period { from: day(0), to: day(1_000) });
            decisions.iter().map(|one| one.to).max().unwrap_or_default()
        };
        let reached = highest(&activity);
        activity.extend(more);
        let after = engine.decide(&mut standing.clone(), &activity, day(today));
        prop_assert!(after.to >= before.to, "{before:?} {after:?}");
        prop_assert!(highest(&activity) >= reached);
    }

    #[test]
    fn what_is_missing_is_enough(
        activity in activity(), standing in standing(), which in 0..3_usize, today in 500_u64..900,
    ) {
        let engine = &ENGINES[which];
        let today = day(today);
        let (standing, _) = run(engine, &standing, &activity, Period { from: day(0), to: today });
        for goal in engine.progress(&standing, &activity, today) {
            prop_assert!(!goal.missing.is_empty());
            for missing in &goal.missing {
                prop_assert_eq!(goal.met, goal.missing.contains(&Amounts::ZERO));
                let mut with = goal.have;
                with += *missing;
                prop_assert!(goal.need.met(&with));
                if goal.aim == Aim::Raise {
                    let mut all = activity.clone();
                    all.push(Activity::new(today, *missing));
                    let then = engine.decide(&mut standing.clone(), &all, today);
                    prop_assert!(then.to >= goal.tier, "{goal:?} {then:?}");
                }
            }
            for lang in Lang::ALL {
                prop_assert!(!say::goal(engine.programme(), &goal, lang).is_empty());
            }
        }
    }

    #[test]
    fn proposed_trips_do(
        activity in activity(), standing in standing(), which in 0..3_usize, today in 500_u64..900,
    ) {
        let engine = &ENGINES[which];
        let today = day(today);
        let (standing, _) = run(engine, &standing, &activity, Period { from: day(0), to: today });
        let trip = |label: &str, distance, segments, spend, cost_minor| Trip {
            label: label.into(),
            amounts: Amounts { distance, segments, spend, lifetime: 0 },
            cost_minor,
        };
        let trips = [
            trip("TFU–HGH return", 3_400, 200, 220_000, Some(240_000)),
            trip("TFU–SIN return", 9_000, 400, 900_000, Some(1_000_000)),
            trip("HGH–PKX", 1_100, 100, 0, None),
        ];
        let outlook =
            Outlook { standing: &standing, activity: &activity, booked: &[], trips: &trips, today };
        let Some(advice) = engine.advise(&outlook) else {
            return Ok(());
        };
        for way in &advice.ways {
            let stage = &advice.stages[0];
            let mut flown = Amounts::ZERO;
            for (place, times) in &way.trips {
                flown += trips[*place].amounts.times(i64::from(*times));
            }
            let reached = stage.missing.iter().any(|least| flown.reach(least));
            prop_assert!(reached, "{way:?} {stage:?}");
            let last = stage.until.unwrap_or(today.succ_opt().unwrap());
            if advice.goal.aim == Aim::Raise && last > today {
                let mut all: Vec<Activity> =
                    activity.iter().filter(|one| one.on.max(one.posted) <= today).copied().collect();
                all.push(Activity::new(last, flown));
                let ahead = Period { from: today.succ_opt().unwrap(), to: last };
                let (_, then) = run(engine, &standing, &all, ahead);
                // Unless an expiry on the way lands the member first.
                let best = then.iter().map(|one| one.to).max().unwrap_or_default();
                prop_assert!(best >= advice.goal.tier || standing.valid_to.is_some_and(|v| v < last));
            }
        }
        for lang in Lang::ALL {
            let said = say::advice(engine.programme(), &advice, &trips, lang);
            prop_assert!(!said.is_empty());
        }
        prop_assert!(advice.graph.is_sorted_by_key(|point| point.on));
    }
}
