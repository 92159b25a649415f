//! Deciding tiers over a span of days, one member at a time and millions of members a minute.
//!
//! Sums of a window only grow on days when something is counted, and rules only change on days
//! when a row begins; so only these days, last days of tiers, and the days after a landing are
//! looked at. Each activity enters and leaves each window's sum once. Nothing is allocated once
//! [`Scratch`] has grown to the largest member.

use chrono::NaiveDate;
use kernel::Period;
use kernel::dates::add_months;

use super::decision::{Activity, Decision, Kind, Standing};
use super::window::next;
use crate::document::{Landing, LandingRow, Rank, RenewalRow, Row, UpgradeRow, Window, on};
use crate::{Amounts, Engine, Id};

/// Room to work in, kept from member to member.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The activity by the day it counts from, where it was not passed in like that.
    counted: Vec<Activity>,
    /// The activity by the day of the flight, where that is another order.
    flown: Vec<Activity>,
    sums: Vec<Running>,
}

/// A window's sum on the day looked at.
#[derive(Debug)]
struct Running {
    window: Window,
    period: Period,
    /// First place in the order of flights that has not left the window.
    tail: usize,
    sum: Amounts,
}

impl Engine {
    /// Decides a member's tier on every day of `span` and moves `standing` along.
    ///
    /// `activity` reaches back as far as the longest window and may come in any order (quicker in
    /// the order of days); what is posted after a day is not known on it. Decisions are added to
    /// `decisions` in the order of days: none means the tier is kept. Spans that follow each other
    /// give the same decisions as one span over all; a last day before the span that was never
    /// decided is decided first.
    pub fn evaluate(
        &self,
        standing: &mut Standing,
        activity: &[Activity],
        span: Period,
        scratch: &mut Scratch,
        decisions: &mut Vec<Decision>,
    ) {
        let Scratch { counted, flown, sums } = scratch;
        let (by_counted, by_flown) = in_order(activity, counted, flown);
        while let Some(expiry) = standing.valid_to.filter(|last| *last < span.from) {
            self.expire(standing, expiry, by_flown, decisions);
        }
        sums.clear();
        sums.extend(self.windows().iter().map(|window| Running {
            window: *window,
            period: Period { from: NaiveDate::MIN, to: NaiveDate::MIN },
            tail: 0,
            sum: Amounts::ZERO,
        }));
        let mut head = 0;
        let mut day = span.from;
        while day <= span.to {
            for running in &mut *sums {
                running.advance(day, standing.joined_on, by_flown);
            }
            while let Some(one) = by_counted.get(head).filter(|one| one.counted() <= day) {
                sums.iter_mut().for_each(|running| running.add(one));
                head += 1;
            }
            self.upgrade(standing, day, sums, decisions);
            let mut landed = false;
            if standing.valid_to == Some(day) {
                self.expire(standing, day, by_flown, decisions);
                landed = true;
            }
            let after = next(day);
            if after == day {
                break;
            }
            let later = |one: &NaiveDate| *one > day;
            let coming = [
                by_counted.get(head).map(Activity::counted),
                self.next_break(day),
                standing.valid_to.filter(later),
                self.tiers_from(standing, day).filter(later),
                landed.then_some(after),
            ];
            match coming.into_iter().flatten().min() {
                Some(coming) => day = coming,
                None => break,
            }
        }
    }

    /// The decision of one day, [`Kind::Keep`] included; `standing` moves along.
    pub fn decide(
        &self,
        standing: &mut Standing,
        activity: &[Activity],
        today: NaiveDate,
    ) -> Decision {
        let before = *standing;
        let mut decisions = Vec::new();
        let span = Period { from: today, to: today };
        self.evaluate(standing, activity, span, &mut Scratch::default(), &mut decisions);
        decisions.pop().unwrap_or(Decision {
            kind: Kind::Keep,
            on: today,
            effective: today,
            from: before.tier,
            to: before.tier,
            valid_to: before.valid_to,
            row: None,
            landing: None,
            window: None,
            have: Amounts::ZERO,
        })
    }

    /// The first day after `day` on which there may be something to decide if nothing more is
    /// counted; `None`: never. What is decided by a tier's last day is decided the day after it.
    #[must_use]
    pub fn next_look(
        &self,
        standing: &Standing,
        activity: &[Activity],
        day: NaiveDate,
    ) -> Option<NaiveDate> {
        let later = |one: &NaiveDate| *one > day;
        let counted = activity.iter().map(Activity::counted).filter(later).min();
        let coming = [
            counted,
            self.next_break(day),
            standing.valid_to.map(next).filter(later),
            self.tiers_from(standing, day).filter(later),
        ];
        coming.into_iter().flatten().min()
    }

    /// First day on which a child has tiers; `None` when that does not matter.
    fn tiers_from(&self, standing: &Standing, today: NaiveDate) -> Option<NaiveDate> {
        let birth = standing.birth_date?;
        let row = on(&self.programme().members.enrolment, today)?;
        let months = i32::try_from(row.member_from_age.saturating_mul(12)).ok()?;
        (!row.children_have_tiers).then(|| add_months(birth, months))
    }

    fn upgrade(
        &self,
        standing: &mut Standing,
        day: NaiveDate,
        sums: &[Running],
        decisions: &mut Vec<Decision>,
    ) {
        if self.tiers_from(standing, day).is_some_and(|from| day < from) {
            return;
        }
        let better = self.upgrades().iter().take_while(|upgrade| upgrade.rank > standing.tier);
        for upgrade in better {
            let Some((row, running)) = self.upgrade_row(upgrade.row).zip(sums.get(upgrade.window))
            else {
                continue;
            };
            let have = with_past(running.sum, running.window, standing);
            if !row.span().contains(day) || !row.need.met(&have) {
                continue;
            }
            let valid_to = self.last_day(row, upgrade.rank, day);
            let kind = if valid_to.is_none() { Kind::Lifetime } else { Kind::Upgrade };
            decisions.push(Decision {
                kind,
                on: day,
                effective: day,
                from: standing.tier,
                to: upgrade.rank,
                valid_to,
                row: Some(row.id.clone()),
                landing: None,
                window: Some(running.period),
                have,
            });
            (standing.tier, standing.since, standing.valid_to) = (upgrade.rank, day, valid_to);
            return;
        }
    }

    fn last_day(&self, row: &UpgradeRow, rank: Rank, day: NaiveDate) -> Option<NaiveDate> {
        let lifetime = self.programme().tier(rank).is_some_and(|tier| tier.lifetime);
        if lifetime { None } else { row.validity.last_day(day) }
    }

    /// Decides what follows a tier's last day, with what was in the account on it.
    fn expire(
        &self,
        standing: &mut Standing,
        expiry: NaiveDate,
        activity: &[Activity],
        decisions: &mut Vec<Decision>,
    ) {
        let effective = next(expiry);
        let from = standing.tier;
        let row = self.renewal(from, expiry);
        let counted = row.map(|row| self.counted(row, standing, expiry, activity));
        let renewed = row.zip(counted.as_ref()).filter(|(row, (_, have))| row.need.met(have));
        let (kind, to, valid_to, landing) = match renewed {
            Some((row, _)) => (Kind::Renew, from, row.validity.last_day(effective), None),
            None => self.land(standing, expiry, activity),
        };
        let (window, have) = counted.map_or((None, Amounts::ZERO), |(w, have)| (Some(w), have));
        decisions.push(Decision {
            kind,
            on: expiry,
            effective,
            from,
            to,
            valid_to,
            row: row.map(|row| row.id.clone()),
            landing,
            window,
            have,
        });
        (standing.tier, standing.since, standing.valid_to) = (to, effective, valid_to);
    }

    fn land(
        &self,
        standing: &Standing,
        expiry: NaiveDate,
        activity: &[Activity],
    ) -> (Kind, Rank, Option<NaiveDate>, Option<Id>) {
        let row = self.landing(standing.tier, expiry);
        let below = Rank(standing.tier.0.saturating_sub(1));
        let to = match row.map(|row| row.landing) {
            Some(Landing::OneDown) => below,
            Some(Landing::Requalify) => (1..=below.0)
                .rev()
                .map(Rank)
                .find(|rank| {
                    self.renewal(*rank, expiry).is_some_and(|row| {
                        row.need.met(&self.counted(row, standing, expiry, activity).1)
                    })
                })
                .unwrap_or_default(),
            Some(Landing::Named) => row
                .and_then(|row| self.programme().rank(row.falls_to.as_ref()?.as_str()))
                .unwrap_or_default()
                .min(below),
            Some(Landing::Lowest) | None => Rank(0),
        };
        let landing = row.map(|row| row.id.clone());
        match (to, row) {
            (Rank(0), _) | (_, None) => (Kind::Downgrade, Rank(0), None, landing),
            (to, Some(row)) => {
                (Kind::SoftLanding, to, row.validity.last_day(next(expiry)), landing)
            }
        }
    }

    /// The renewal row for a tier with this last day: of a transition, or of the day.
    pub(crate) fn renewal(&self, tier: Rank, expiry: NaiveDate) -> Option<&RenewalRow> {
        let rules = &self.programme().qualification;
        let code = &self.programme().tiers.get(usize::from(tier.0))?.code;
        let mut transitions = rules.transitions.iter();
        let special = transitions
            .find(|row| row.expires_from <= expiry && expiry <= row.expires_to)
            .and_then(|row| {
                let named = |renewal: &&RenewalRow| row.renew_on.contains(&renewal.id);
                rules.renewals.iter().filter(named).find(|renewal| renewal.tier == *code)
            });
        let mut of_the_day = rules.renewals.iter();
        special.or_else(|| of_the_day.find(|row| row.tier == *code && row.span().contains(expiry)))
    }

    fn landing(&self, tier: Rank, expiry: NaiveDate) -> Option<&LandingRow> {
        let code = &self.programme().tier(tier)?.code;
        let rows = &self.programme().qualification.landings;
        let holds = |row: &&LandingRow| row.span().contains(expiry);
        let own = rows.iter().filter(holds).find(|row| row.tier.as_ref() == Some(code));
        own.or_else(|| rows.iter().filter(holds).find(|row| row.tier.is_none()))
    }

    /// What counts for keeping a tier, as known on its last day.
    fn counted(
        &self,
        row: &RenewalRow,
        standing: &Standing,
        expiry: NaiveDate,
        activity: &[Activity],
    ) -> (Period, Amounts) {
        let window = row.window.before(expiry, standing.joined_on);
        let sum = sum_of(activity, window, expiry);
        (window, with_past(sum, row.window, standing))
    }
}

/// What was flown in a window and known on a day.
pub(crate) fn sum_of(activity: &[Activity], window: Period, known: NaiveDate) -> Amounts {
    let mut sum = Amounts::ZERO;
    for one in activity.iter().filter(|one| window.contains(one.on) && one.counted() <= known) {
        sum += one.amounts;
    }
    sum
}

/// Distance from before the activity counts for a lifetime and for nothing else.
pub(crate) fn with_past(mut sum: Amounts, window: Window, standing: &Standing) -> Amounts {
    if window == Window::Lifetime {
        sum.lifetime = sum.lifetime.saturating_add(standing.lifetime_before);
    }
    sum
}

impl Running {
    /// Moves the window to `day` and lets go what was flown before it.
    fn advance(&mut self, day: NaiveDate, joined_on: NaiveDate, by_flown: &[Activity]) {
        let known = self.period.to;
        self.period = self.window.on(day, joined_on);
        while let Some(one) = by_flown.get(self.tail).filter(|one| one.on < self.period.from) {
            // What was posted later than the day before had not been added.
            if one.counted() <= known {
                self.sum -= one.amounts;
            }
            self.tail += 1;
        }
    }

    fn add(&mut self, one: &Activity) {
        if one.on >= self.period.from {
            self.sum += one.amounts;
        }
    }
}

/// The activity by the day it counts from, and by the day of the flight.
fn in_order<'a>(
    activity: &'a [Activity],
    counted: &'a mut Vec<Activity>,
    flown: &'a mut Vec<Activity>,
) -> (&'a [Activity], &'a [Activity]) {
    let copy = |room: &mut Vec<Activity>, key: fn(&Activity) -> NaiveDate| {
        room.clear();
        room.extend_from_slice(activity);
        room.sort_by_key(key);
    };
    let by_counted = if activity.is_sorted_by_key(Activity::counted) {
        activity
    } else {
        copy(counted, Activity::counted);
        counted
    };
    let by_flown = if activity.is_sorted_by_key(|one| one.on) {
        activity
    } else {
        copy(flown, |one| one.on);
        flown
    };
    (by_counted, by_flown)
}
