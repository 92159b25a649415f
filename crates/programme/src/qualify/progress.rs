//! How far a member is from the next tiers and from keeping the present one.

use chrono::NaiveDate;
use kernel::Period;
use serde::{Deserialize, Serialize};

use super::decision::{Activity, Standing};
use super::evaluate::{sum_of, with_past};
use super::window::last_of_year;
use crate::document::{Criterion, Rank, Row, Window};
use crate::{Amounts, Engine, Id};

/// What reaching a goal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aim {
    /// The present tier goes on.
    Keep,
    /// A higher tier, at once.
    Raise,
}

/// What leaves a window on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollOff {
    /// First day on which it no longer counts.
    pub on: NaiveDate,
    /// What.
    pub amounts: Amounts,
    /// What is left, if nothing is added.
    pub left: Amounts,
}

/// A tier within sight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Keep or raise.
    pub aim: Aim,
    /// Which tier.
    pub tier: Rank,
    /// The upgrade or renewal row.
    pub row: Id,
    /// The row's window.
    pub kind: Window,
    /// Its days: as of today, or those that decide about keeping.
    pub window: Period,
    /// Last day of a flight that still counts; `None` where the window moves along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fly_by: Option<NaiveDate>,
    /// Last day for it to be in the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_by: Option<NaiveDate>,
    /// What counts today.
    pub have: Amounts,
    /// What is asked.
    pub need: Criterion,
    /// Whether it is enough already.
    pub met: bool,
    /// What is missing: any one of these is enough. All zero when met.
    pub missing: Vec<Amounts>,
    /// What leaves the window, in order of days.
    pub rolls_off: Vec<RollOff>,
}

impl Engine {
    /// Keeping the present tier first, then the higher ones from the nearest up.
    #[must_use]
    pub fn progress(
        &self,
        standing: &Standing,
        activity: &[Activity],
        today: NaiveDate,
    ) -> Vec<Goal> {
        let keep = self.keeping(standing, activity, today);
        let raises = self.upgrades().iter().rev().filter(|up| up.rank > standing.tier);
        let raises = raises.filter_map(|up| {
            let row = self.upgrade_row(up.row).filter(|row| row.span().contains(today))?;
            let window = row.window.on(today, standing.joined_on);
            let have = with_past(sum_of(activity, window, today), row.window, standing);
            let fly_by = match row.window {
                Window::CalendarYear => Some(last_of_year(today)),
                Window::MembershipYear => {
                    let next = row.window.rolls_off(today, standing.joined_on);
                    next.and_then(|day| day.pred_opt())
                }
                _ => None,
            };
            Some(Goal {
                aim: Aim::Raise,
                tier: up.rank,
                row: row.id.clone(),
                kind: row.window,
                window,
                fly_by,
                post_by: None,
                have,
                met: row.need.met(&have),
                missing: missing(&row.need, &have),
                need: row.need.clone(),
                rolls_off: roll_offs(row.window, window, standing, activity, have),
            })
        });
        keep.into_iter().chain(raises).collect()
    }

    fn keeping(
        &self,
        standing: &Standing,
        activity: &[Activity],
        today: NaiveDate,
    ) -> Option<Goal> {
        let expiry = standing.valid_to?;
        let row = self.renewal(standing.tier, expiry)?;
        let window = row.window.before(expiry, standing.joined_on);
        let have = with_past(sum_of(activity, window, today.min(expiry)), row.window, standing);
        Some(Goal {
            aim: Aim::Keep,
            tier: standing.tier,
            row: row.id.clone(),
            kind: row.window,
            window,
            fly_by: Some(window.to.min(expiry)),
            post_by: Some(expiry),
            have,
            met: row.need.met(&have),
            missing: missing(&row.need, &have),
            need: row.need.clone(),
            rolls_off: Vec::new(),
        })
    }
}

/// The ways that ask no more than another in every measure; the others help nobody.
pub(crate) fn missing(need: &Criterion, have: &Amounts) -> Vec<Amounts> {
    let mut ways: Vec<Amounts> = need.ways().iter().map(|least| have.missing(least)).collect();
    ways.sort_by_key(Amounts::values);
    ways.dedup();
    let all = ways.clone();
    ways.retain(|way| !all.iter().any(|other| other != way && way.reach(other)));
    ways
}

fn roll_offs(
    kind: Window,
    window: Period,
    standing: &Standing,
    activity: &[Activity],
    have: Amounts,
) -> Vec<RollOff> {
    let mut leaving: Vec<(NaiveDate, Amounts)> = activity
        .iter()
        .filter(|one| window.contains(one.on) && one.counted() <= window.to)
        .filter_map(|one| Some((kind.rolls_off(one.on, standing.joined_on)?, one.amounts)))
        .collect();
    leaving.sort_by_key(|(day, _)| *day);
    let mut rolls: Vec<RollOff> = Vec::new();
    let mut left = have;
    for (on, amounts) in leaving {
        left -= amounts;
        match rolls.last_mut().filter(|last| last.on == on) {
            Some(last) => {
                last.amounts += amounts;
                last.left = left;
            }
            None => rolls.push(RollOff { on, amounts, left }),
        }
    }
    rolls
}
