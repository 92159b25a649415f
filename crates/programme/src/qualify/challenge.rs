//! Tiers given for a status elsewhere, and tiers to be earned in a short time.

use chrono::{Days, NaiveDate};
use kernel::Period;
use kernel::dates::add_months;
use serde::{Deserialize, Serialize};

use super::decision::Activity;
use super::evaluate::sum_of;
use crate::document::{Rank, Row};
use crate::{Amounts, Engine, Id};

/// A tier given by a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Which.
    pub tier: Rank,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` for life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
    /// The match or challenge row.
    pub row: Id,
}

/// Why a status is not matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum GrantRefused {
    /// No row has the programme and the status on the day.
    #[error("no rule matches this status on this day")]
    NoRule,
    /// Matched before.
    #[error("matched before; again possible from {again:?}")]
    Before {
        /// First day on which it is possible again; never when `None`.
        again: Option<NaiveDate>,
    },
    /// The tier held is as high.
    #[error("the tier held is as high")]
    NotHigher,
}

/// How a challenge stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// Which tier.
    pub tier: Rank,
    /// Whose flights count.
    pub window: Period,
    /// What they came to so far.
    pub have: Amounts,
    /// What is missing: any one of these is enough.
    pub missing: Vec<Amounts>,
    /// The day it was won.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub won_on: Option<NaiveDate>,
    /// The tier won, or held meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
}

impl Engine {
    /// The tier for a status in another programme.
    ///
    /// # Errors
    /// [`GrantRefused`] when no row has the status, when the member was matched before, or when
    /// the tier held is as high.
    pub fn match_status(
        &self,
        programme: &str,
        status: &str,
        held: Rank,
        last_match: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<Grant, GrantRefused> {
        let mut rows = self.programme().qualification.matches.iter();
        let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b.trim());
        let row = rows
            .find(|row| {
                row.span().contains(today)
                    && same(&row.programme, programme)
                    && row.statuses.iter().any(|one| same(one, status))
            })
            .ok_or(GrantRefused::NoRule)?;
        if let Some(last) = last_match {
            let months = row.again_after_months.and_then(|months| i32::try_from(months).ok());
            let again = months.map(|months| add_months(last, months));
            if again.is_none_or(|again| today < again) {
                return Err(GrantRefused::Before { again });
            }
        }
        let tier = self.programme().rank(row.tier.as_str()).ok_or(GrantRefused::NoRule)?;
        if tier <= held {
            return Err(GrantRefused::NotHigher);
        }
        let valid_to = row.validity.last_day(today);
        Ok(Grant { tier, from: today, valid_to, row: row.id.clone() })
    }

    /// How a challenge that began on `start` stands on `today`; `None` for a row there is not.
    #[must_use]
    pub fn challenge(
        &self,
        row: &str,
        start: NaiveDate,
        activity: &[Activity],
        today: NaiveDate,
    ) -> Option<Challenge> {
        let mut rows = self.programme().qualification.challenges.iter();
        let row = rows.find(|one| one.id == *row)?;
        let tier = self.programme().rank(row.tier.as_str())?;
        let days = Days::new(u64::from(row.days.max(1) - 1));
        let window = Period { from: start, to: start.checked_add_days(days)? };
        let known = today.min(window.to);
        let mut days: Vec<NaiveDate> = activity.iter().map(Activity::counted).collect();
        days.retain(|day| window.contains(*day) && *day <= known);
        days.sort_unstable();
        let won_on = days.into_iter().find(|day| row.need.met(&sum_of(activity, window, *day)));
        let have = sum_of(activity, window, known);
        let granted = |from, valid_to| Grant { tier, from, valid_to, row: row.id.clone() };
        let grant = match won_on {
            Some(day) => Some(granted(day, row.validity.last_day(day))),
            None if row.held_meanwhile && today <= window.to => {
                Some(granted(start, Some(window.to)))
            }
            None => None,
        };
        let missing = row.need.ways().iter().map(|least| have.missing(least)).collect();
        Some(Challenge { tier, window, have, missing, won_on, grant })
    }
}
