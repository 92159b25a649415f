//! When lots of miles run out, in which order they are spent, and what comes back on a redeposit.

use chrono::{Days, NaiveDate};
use kernel::dates::{add_months, month_end};
use serde::{Deserialize, Serialize};

use crate::document::{ExpiryPolicy, ExpiryRow, Programme, Rank, Row, Validity};

impl ExpiryPolicy {
    /// The last day miles posted on `posted` can be spent; `None` when they never run out.
    /// `last_activity` is the member's latest day of accrual or redemption; posting counts as one.
    #[must_use]
    pub fn last_day(
        self,
        posted: NaiveDate,
        last_activity: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        let signed = |months: u32| i32::try_from(months).unwrap_or(i32::MAX);
        match self {
            Self::MonthsFromMonthEnd(months) => Some(add_months(month_end(posted), signed(months))),
            Self::EndOfYear(years) => Validity::EndOfYear(years).last_day(posted),
            Self::AfterActivity(months) => {
                let active = last_activity.map_or(posted, |day| day.max(posted));
                Some(add_months(active, signed(months)))
            }
            Self::Never => None,
        }
    }
}

/// Miles posted together that run out together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lot {
    /// Day of posting.
    pub posted: NaiveDate,
    /// Last day they can be spent; `None` when they never run out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<NaiveDate>,
    /// What is left of them.
    pub miles: i64,
}

impl Lot {
    /// Whether they can be spent on `day`.
    #[must_use]
    pub fn lives(&self, day: NaiveDate) -> bool {
        self.last_day.is_none_or(|last| day <= last)
    }

    /// First to run out, first spent; of equal days the first posted.
    #[must_use]
    pub fn order(&self) -> (NaiveDate, NaiveDate) {
        (self.last_day.unwrap_or(NaiveDate::MAX), self.posted)
    }
}

/// What taking miles out of lots came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// Places in the list of lots, and how much of each, in the order of taking.
    pub parts: Vec<(usize, i64)>,
    /// What the living lots did not hold.
    pub short: i64,
}

/// Takes `miles` out of the lots that live on `day`, first to run out first. Nothing is changed:
/// the parts say what to change.
#[must_use]
pub fn take(lots: &[Lot], miles: i64, day: NaiveDate) -> Taken {
    let mut order: Vec<usize> = (0..lots.len()).collect();
    order.sort_by_key(|place| lots.get(*place).map(Lot::order));
    let mut taken = Taken { parts: Vec::new(), short: miles.max(0) };
    for place in order {
        let Some(lot) = lots.get(place).filter(|lot| lot.lives(day) && lot.miles > 0) else {
            continue;
        };
        if taken.short == 0 {
            break;
        }
        let part = lot.miles.min(taken.short);
        taken.parts.push((place, part));
        taken.short -= part;
    }
    taken
}

/// What becomes of a spent part when the award is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub enum Restored {
    /// It goes back to its lot, which has not run out.
    AsWas,
    /// The lot has run out: it comes back as a lot that lasts until this day.
    Grace {
        /// That day.
        last_day: NaiveDate,
    },
    /// The lot has run out, and there is no grace.
    Lost,
}

/// What becomes of a part of `lot` that is redeposited on `day`.
#[must_use]
pub fn restore(lot: &Lot, day: NaiveDate, grace_days: u32) -> Restored {
    if lot.lives(day) {
        return Restored::AsWas;
    }
    let grace = Days::new(u64::from(grace_days));
    match day.checked_add_days(grace).filter(|_| grace_days > 0) {
        Some(last_day) => Restored::Grace { last_day },
        None => Restored::Lost,
    }
}

impl Programme {
    /// The expiry row for miles posted on a day to a member of a tier.
    #[must_use]
    pub fn expiry_row(&self, tier: Rank, posted: NaiveDate) -> Option<&ExpiryRow> {
        let code = &self.tier(tier)?.code;
        let holds = |row: &&ExpiryRow| row.span().contains(posted);
        let own = self.expiry.iter().filter(holds).find(|row| row.tiers.contains(code));
        own.or_else(|| self.expiry.iter().filter(holds).find(|row| row.tiers.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn lot(posted: &str, last: &str, miles: i64) -> Lot {
        Lot { posted: day(posted), last_day: Some(day(last)), miles }
    }

    #[test]
    fn the_first_to_run_out_is_spent_first_and_the_dead_are_not() {
        let lots = [
            lot("2024-01-01", "2027-01-31", 500),
            lot("2024-02-01", "2026-06-30", 300),
            lot("2023-01-01", "2026-01-31", 900),
        ];
        let taken = take(&lots, 600, day("2026-02-01"));
        assert_eq!(taken, Taken { parts: vec![(1, 300), (0, 300)], short: 0 });
        assert_eq!(take(&lots, 900, day("2026-02-01")).short, 100);
        assert_eq!(take(&lots, 900, day("2026-01-31")).parts, vec![(2, 900)]);
    }

    #[test]
    fn redeposits() {
        let lot = lot("2023-01-01", "2026-01-31", 900);
        assert_eq!(restore(&lot, day("2026-01-31"), 0), Restored::AsWas);
        assert_eq!(restore(&lot, day("2026-02-01"), 0), Restored::Lost);
        let last_day = day("2026-03-03");
        assert_eq!(restore(&lot, day("2026-02-01"), 30), Restored::Grace { last_day });
    }
}
