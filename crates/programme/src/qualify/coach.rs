//! The tier-cliff coach: what is coming, what would keep or raise the tier, and until when.

use chrono::NaiveDate;
use kernel::Period;
use kernel::dates::add_months;
use serde::{Deserialize, Serialize};

use super::decision::{Activity, Decision, Standing};
use super::evaluate::{Scratch, sum_of, with_past};
use super::progress::{Aim, Goal, missing};
use super::window::next;
use crate::document::{Rank, Window};
use crate::{Amounts, Engine};

/// How often one trip is proposed at most.
const MOST_TRIPS: i64 = 60;
/// How many proposals are made.
const MOST_WAYS: usize = 3;
/// How many trips are combined with each other.
const MOST_CHOICES: usize = 12;

/// A trip a member might make: what one of their usual journeys would be worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trip {
    /// As the member knows it: `PEK–SHA return, class Y`.
    pub label: String,
    /// What it counts.
    pub amounts: Amounts,
    /// What it costs about, in minor units, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_minor: Option<i64>,
}

/// A member as the coach sees them.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'a> {
    /// The tier held.
    pub standing: &'a Standing,
    /// What is in the account, as far back as the longest window.
    pub activity: &'a [Activity],
    /// Flights to come by their day, worth what they would count.
    pub booked: &'a [Activity],
    /// What the member might fly besides.
    pub trips: &'a [Trip],
    /// The day of the advice.
    pub today: NaiveDate,
}

/// Until a day so much is missing; afterwards more, because older flights no longer count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Last day; open for the last stage of a window that nothing leaves any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// What is missing: any one of these is enough.
    pub missing: Vec<Amounts>,
}

/// Trips that would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Place in the list of trips, and how often.
    pub trips: Vec<(usize, u32)>,
    /// What they cost, where every one's cost is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_minor: Option<i64>,
}

/// What counts from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// First day.
    pub on: NaiveDate,
    /// Sum of the window.
    pub have: Amounts,
}

/// Advice about one goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Which goal.
    pub goal: Goal,
    /// What bookings will add while the first stage lasts.
    pub booked: Amounts,
    /// What is missing and until when, bookings counted in; empty when bookings are enough.
    pub stages: Vec<Stage>,
    /// Cheapest first; of equal or unknown cost the fewest trips first.
    pub ways: Vec<Way>,
    /// The window's sum over the year behind and the year ahead, bookings counted in.
    pub graph: Vec<Point>,
    /// The tier's decisions in the year ahead if nothing but the bookings is flown.
    pub forecast: Vec<Decision>,
    /// The tier held a year from now then.
    pub predicted: Rank,
}

impl Engine {
    /// Advice on keeping the present tier, or on reaching the nearest higher one when there is
    /// nothing to keep or it is kept already. `None` when there is neither.
    #[must_use]
    pub fn advise(&self, outlook: &Outlook<'_>) -> Option<Advice> {
        let goals = self.progress(outlook.standing, outlook.activity, outlook.today);
        let wanted = |goal: &&Goal| goal.kind != Window::Lifetime && !goal.met;
        let goal = goals.iter().find(wanted).or(goals.last())?;
        Some(self.advise_on(goal, outlook))
    }

    /// Advice on one of the goals of [`Engine::progress`], asked on the same day.
    #[must_use]
    pub fn advise_on(&self, goal: &Goal, outlook: &Outlook<'_>) -> Advice {
        let (standing, today) = (outlook.standing, outlook.today);
        let known = outlook.activity.iter().filter(|one| one.counted() <= today);
        let booked = outlook.booked.iter().filter(|one| one.on > today);
        let all: Vec<Activity> = known.chain(booked).copied().collect();
        let ahead = Period { from: next(today), to: add_months(today, 12) };
        let stages = stages(goal, standing, &all, ahead);
        let until = stages.first().map_or(goal.fly_by, |stage| stage.until);
        let coming = Period { from: ahead.from, to: until.unwrap_or(ahead.to) };
        let least = stages.first().map_or(&[][..], |stage| &stage.missing);
        let mut later = *standing;
        let mut forecast = Vec::new();
        self.evaluate(&mut later, &all, ahead, &mut Scratch::default(), &mut forecast);
        Advice {
            goal: goal.clone(),
            booked: sum_of(&all, coming, coming.to),
            ways: ways(least, outlook.trips),
            graph: graph(goal, standing, &all, today),
            stages,
            forecast,
            predicted: later.tier,
        }
    }
}

/// The days up to which the same is missing, with every booking that lies before their end.
fn stages(goal: &Goal, standing: &Standing, all: &[Activity], ahead: Period) -> Vec<Stage> {
    if goal.aim == Aim::Keep || goal.fly_by.is_some() {
        let to = goal.fly_by.unwrap_or(ahead.to);
        let window = Period { from: goal.window.from, to };
        let have = with_past(sum_of(all, window, goal.post_by.unwrap_or(to)), goal.kind, standing);
        let missing = missing(&goal.need, &have);
        return enough(goal, &have).unwrap_or_else(|| vec![Stage { until: Some(to), missing }]);
    }
    let mut stages: Vec<Stage> = Vec::new();
    let mut ends: Vec<NaiveDate> = all
        .iter()
        .filter_map(|one| goal.kind.rolls_off(one.on, standing.joined_on))
        .filter(|day| *day > ahead.from && *day <= ahead.to)
        .filter_map(|day| day.pred_opt())
        .collect();
    ends.sort_unstable();
    ends.dedup();
    for until in ends.into_iter().map(Some).chain([None]) {
        let day = until.unwrap_or(ahead.to);
        let window = goal.kind.on(day, standing.joined_on);
        let have = with_past(sum_of(all, window, day), goal.kind, standing);
        if let Some(done) = enough(goal, &have) {
            return done;
        }
        let missing = missing(&goal.need, &have);
        match stages.last_mut().filter(|last| last.missing == missing) {
            Some(last) => last.until = until,
            None => stages.push(Stage { until, missing }),
        }
    }
    stages
}

fn enough(goal: &Goal, have: &Amounts) -> Option<Vec<Stage>> {
    goal.need.met(have).then(Vec::new)
}

/// Trips, alone or two kinds together, that reach one of the ways.
fn ways(missing: &[Amounts], trips: &[Trip]) -> Vec<Way> {
    let trips = &trips[..trips.len().min(MOST_CHOICES)];
    let mut found: Vec<(i64, u32, Way)> = Vec::new();
    for least in missing {
        for (i, first) in trips.iter().enumerate() {
            if let Some(count) = count(&first.amounts, least) {
                found.push(way(trips, &[(i, count)]));
            }
            for (j, second) in trips.iter().enumerate().skip(i + 1) {
                for times in 1..MOST_TRIPS {
                    let rest = first.amounts.times(times).missing(least);
                    if rest == Amounts::ZERO {
                        break;
                    }
                    if let Some(count) = count(&second.amounts, &rest) {
                        found.push(way(trips, &[(i, times), (j, count)]));
                    }
                }
            }
        }
    }
    found.sort_by_key(|(cost, count, way)| (*cost, *count, way.trips.len()));
    let mut ways: Vec<Way> = Vec::new();
    for (_, _, way) in found {
        let kinds = |way: &Way| way.trips.iter().map(|trip| trip.0).collect::<Vec<_>>();
        if ways.len() < MOST_WAYS && !ways.iter().any(|other| kinds(other) == kinds(&way)) {
            ways.push(way);
        }
    }
    ways
}

/// How often a trip must be made to reach `least`; `None` when it never does.
fn count(trip: &Amounts, least: &Amounts) -> Option<i64> {
    let mut times = 1;
    for (worth, asked) in trip.values().into_iter().zip(least.values()) {
        if asked > 0 {
            times = times.max((asked - 1).checked_div(worth.max(0))? + 1);
        }
    }
    (times <= MOST_TRIPS).then_some(times)
}

fn way(trips: &[Trip], counts: &[(usize, i64)]) -> (i64, u32, Way) {
    let cost = counts.iter().try_fold(0_i64, |sum, (place, times)| {
        let one = trips.get(*place).and_then(|trip| trip.cost_minor)?;
        sum.checked_add(one.checked_mul(*times)?)
    });
    let trips: Vec<(usize, u32)> =
        counts.iter().map(|(place, n)| (*place, u32::try_from(*n).unwrap_or(u32::MAX))).collect();
    let all = trips.iter().map(|trip| trip.1).sum();
    (cost.unwrap_or(i64::MAX), all, Way { trips, cost_minor: cost })
}

/// The days on which the window's sum changes, from a year ago to a year from now.
fn graph(goal: &Goal, standing: &Standing, all: &[Activity], today: NaiveDate) -> Vec<Point> {
    let shown = Period { from: add_months(today, -12), to: add_months(today, 12) };
    let mut days: Vec<NaiveDate> = all
        .iter()
        .flat_map(|one| [Some(one.counted()), goal.kind.rolls_off(one.on, standing.joined_on)])
        .flatten()
        .chain([shown.from, today])
        .filter(|day| shown.contains(*day))
        .collect();
    days.sort_unstable();
    days.dedup();
    let window = |day| match goal.aim {
        Aim::Keep => Period { from: goal.window.from, to: goal.window.to.min(day) },
        Aim::Raise => goal.kind.on(day, standing.joined_on),
    };
    let sum = |day| with_past(sum_of(all, window(day), day), goal.kind, standing);
    days.into_iter().map(|on| Point { on, have: sum(on) }).collect()
}
