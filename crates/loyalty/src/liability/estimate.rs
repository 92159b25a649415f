//! From lots to an estimate. Pure, whole numbers.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Report;
use crate::{Error, Result};

/// Cohorts that have run out, at least, before anything is estimated.
pub const COHORTS: usize = 12;

/// Miles that came in one month and run out on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Slice {
    /// First day of the month in which they came.
    pub month: NaiveDate,
    /// Last day of use; 9999-12-31 for ever.
    pub last_day: NaiveDate,
    /// How many came.
    pub brought: i64,
    /// How many are left.
    pub left: i64,
    /// How many ran out.
    pub expired: i64,
}

/// What finance says of miles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Valuation {
    /// Minor units for 1,000 miles.
    pub minor_per_thousand: i64,
    /// Hundredths of a percent of what comes that are expected to run out unused, for as long as too
    /// few cohorts have.
    #[serde(default)]
    pub assumed_share: Option<i64>,
}

impl Valuation {
    pub(crate) fn check(&self) -> Result<()> {
        if !(0..=1_000_000_000).contains(&self.minor_per_thousand) {
            return Err(Error::invalid("minor_per_thousand", "loyalty-amount"));
        }
        if self.assumed_share.is_some_and(|share| !(0..=10_000).contains(&share)) {
            return Err(Error::invalid("assumed_share", "loyalty-share"));
        }
        Ok(())
    }
}

/// What a share of breakage rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// What happened to cohorts that have run out.
    Cohorts,
    /// What finance assumes.
    Assumed,
}

/// What is expected to run out unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Breakage {
    /// What the share rests on.
    pub basis: Basis,
    /// Of what comes, hundredths of a percent that run out.
    pub share: i64,
    /// Of what is outstanding, miles expected to run out.
    pub miles: i64,
}

/// Lots with miles left, and what is expected of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Open {
    /// First day of the month in which they came.
    pub month: NaiveDate,
    /// Last day of use; 9999-12-31 for ever.
    pub last_day: NaiveDate,
    /// How many came.
    pub brought: i64,
    /// How many are left.
    pub left: i64,
    /// Of these, how many are expected to run out.
    pub expected: i64,
    /// Deferred for the others, in minor units. All add up to the whole, but for what is held or
    /// owed.
    pub deferred_minor: i64,
}

/// What a programme owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Liability {
    /// Up to and with this day, where the books are kept.
    pub day: NaiveDate,
    /// When the books were read.
    pub made_at: DateTime<Utc>,
    /// Outstanding: left in lots, and held, less what members owe.
    pub miles: i64,
    /// Of it waiting in holds.
    pub held: i64,
    /// What members owe.
    pub owed: i64,
    /// Lots with miles left, by month of coming and last day.
    pub slices: Vec<Open>,
    /// Cohorts that have run out.
    pub cohorts: usize,
    /// The estimate; missing where too few cohorts have run out and nothing is assumed.
    pub breakage: Option<Breakage>,
    /// As asked for.
    pub valuation: Valuation,
    /// Deferred revenue in minor units: outstanding miles less breakage, at that value. Without an
    /// estimate no breakage is taken off.
    pub deferred_minor: i64,
}

#[derive(Clone, Copy, Default)]
struct Cohort {
    brought: i64,
    left: i64,
    expired: i64,
    last_day: Option<NaiveDate>,
}

impl Cohort {
    fn is_over(&self, today: NaiveDate) -> bool {
        self.last_day.is_some_and(|last| last < today)
    }
}

fn cohorts(slices: &[Slice]) -> BTreeMap<NaiveDate, Cohort> {
    let mut all: BTreeMap<NaiveDate, Cohort> = BTreeMap::new();
    for slice in slices {
        let one = all.entry(slice.month).or_default();
        one.brought += slice.brought;
        one.left += slice.left;
        one.expired += slice.expired;
        one.last_day = one.last_day.max(Some(slice.last_day));
    }
    all
}

fn part(of: i64, share: i128, whole: i128) -> i64 {
    let whole = whole.max(1);
    i64::try_from((i128::from(of) * share * 2 + whole) / (2 * whole)).unwrap_or(i64::MAX)
}

/// The share of what comes that runs out, and on how many cohorts that have run out it rests.
fn share(
    all: &BTreeMap<NaiveDate, Cohort>,
    today: NaiveDate,
    by: &Valuation,
) -> (usize, Option<(Basis, i128, i128)>) {
    let over: Vec<&Cohort> = all.values().filter(|one| one.is_over(today)).collect();
    let brought: i128 = over.iter().map(|one| i128::from(one.brought)).sum();
    let expired: i128 = over.iter().map(|one| i128::from(one.expired)).sum();
    let share = if over.len() >= COHORTS && brought > 0 {
        Some((Basis::Cohorts, expired, brought))
    } else {
        by.assumed_share.map(|share| (Basis::Assumed, i128::from(share), 10_000))
    };
    (over.len(), share)
}

/// Shares `whole` among `parts` by their size; what is given adds up to it.
fn spread(whole: i64, parts: &[i64]) -> Vec<i64> {
    let all: i64 = parts.iter().sum();
    let (mut sum, mut given) = (0, 0);
    let each = parts.iter().map(|one| {
        sum += one;
        let next = part(whole, i128::from(sum), i128::from(all));
        let own = next - given;
        given = next;
        own
    });
    each.collect()
}

/// What each of them is expected to lose, in their order.
fn expected(
    slices: &[Slice],
    all: &BTreeMap<NaiveDate, Cohort>,
    today: NaiveDate,
    share: Option<(Basis, i128, i128)>,
) -> Vec<i64> {
    let Some((_, expired, brought)) = share else { return vec![0; slices.len()] };
    let mut found = Vec::with_capacity(slices.len());
    for own in slices.chunk_by(|a, b| a.month == b.month) {
        let cohort = own.first().and_then(|one| all.get(&one.month)).copied().unwrap_or_default();
        let loses = part(cohort.brought, expired, brought) - cohort.expired;
        let loses = if cohort.is_over(today) { 0 } else { loses.clamp(0, cohort.left) };
        // What never runs out is never broken.
        let lasts = |one: &Slice| one.last_day == NaiveDate::MAX || one.last_day.year() == 9_999;
        let left: Vec<i64> = own.iter().map(|one| if lasts(one) { 0 } else { one.left }).collect();
        let loses = loses.min(left.iter().sum());
        found.extend(spread(loses, &left));
    }
    found
}

impl Report {
    /// What these books come to by a valuation.
    #[must_use]
    pub fn liability(&self, by: &Valuation) -> Liability {
        let all = cohorts(&self.slices);
        let (cohorts, share) = share(&all, self.day, by);
        let expected = expected(&self.slices, &all, self.day, share);
        let breaks: i64 = expected.iter().sum();
        let rate = i128::from(by.minor_per_thousand);
        let (mut lasting, mut given) = (0, 0);
        let mut slices = Vec::with_capacity(self.slices.len());
        for (one, expected) in self.slices.iter().zip(expected).filter(|(one, _)| one.left > 0) {
            lasting += one.left - expected;
            let next = part(lasting, rate, 1_000);
            let Slice { month, last_day, brought, left, .. } = *one;
            let deferred_minor = next - given;
            slices.push(Open { month, last_day, brought, left, expected, deferred_minor });
            given = next;
        }
        let breakage = share.map(|(basis, expired, brought)| Breakage {
            basis,
            share: part(10_000, expired, brought),
            miles: breaks,
        });
        Liability {
            day: self.day,
            made_at: self.made_at,
            miles: self.miles,
            held: self.held,
            owed: self.owed,
            slices,
            cohorts,
            breakage,
            valuation: *by,
            deferred_minor: part((self.miles - breaks).max(0), rate, 1_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Months;

    use super::*;

    fn month(n: u32) -> NaiveDate {
        let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
        first.checked_add_months(Months::new(n)).unwrap()
    }

    /// A month's lots last twelve months; a quarter of the first ones ran out.
    fn slices(months: u32) -> Vec<Slice> {
        let slice = |n: u32| {
            let over = n + 12 < months;
            let (left, expired) = if over { (0, 250) } else { (600, 0) };
            Slice { month: month(n), last_day: month(n + 12), brought: 1_000, left, expired }
        };
        (0..months).map(slice).collect()
    }

    fn report(slices: Vec<Slice>, today: NaiveDate) -> Report {
        let miles = slices.iter().map(|slice| slice.left).sum();
        let (made_at, months) = (DateTime::<Utc>::MIN_UTC, Vec::new());
        Report { day: today, made_at, miles, held: 0, owed: 0, slices, months }
    }

    fn by(minor_per_thousand: i64, assumed_share: Option<i64>) -> Valuation {
        Valuation { minor_per_thousand, assumed_share }
    }

    #[test]
    fn the_share_of_old_cohorts_is_expected_of_young_ones() {
        let found = report(slices(30), month(30)).liability(&by(50_000, Some(9_000)));
        let open = 30 - i64::try_from(found.cohorts).unwrap();
        let breakage = found.breakage.unwrap();
        assert_eq!((breakage.basis, breakage.share), (Basis::Cohorts, 2_500));
        assert_eq!(breakage.miles, 250 * open);
        assert_eq!(found.deferred_minor, (found.miles - 250 * open) * 50);
        assert!(found.slices.iter().all(|one| one.expected == 250));
        let deferred: i64 = found.slices.iter().map(|one| one.deferred_minor).sum();
        assert_eq!(deferred, found.deferred_minor);
    }

    #[test]
    fn short_history_is_not_estimated_but_may_be_assumed() {
        let books = report(slices(20), month(20));
        let found = books.liability(&by(50_000, None));
        assert_eq!((found.breakage, found.deferred_minor), (None, found.miles * 50));
        let found = books.liability(&by(50_000, Some(1_000)));
        let open = i64::try_from(found.slices.len()).unwrap();
        let breakage = found.breakage.unwrap();
        assert_eq!((breakage.basis, breakage.miles), (Basis::Assumed, 100 * open));
    }

    #[test]
    fn never_more_than_is_left_and_never_of_what_lasts() {
        let mut all = slices(30);
        all.iter_mut().filter(|slice| slice.left > 0).for_each(|slice| slice.left = 100);
        let found = report(all.clone(), month(30)).liability(&by(0, None));
        assert_eq!(found.breakage.unwrap().miles, found.miles);
        assert_eq!(found.deferred_minor, 0);
        let last = all.last_mut().unwrap();
        last.last_day = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
        let lasting = report(all, month(30)).liability(&by(0, None));
        assert_eq!(lasting.breakage.unwrap().miles, found.miles - 100);
    }

    #[test]
    fn parts_add_up() {
        assert_eq!(spread(10, &[1, 1, 1]), [3, 4, 3]);
        assert_eq!(spread(7, &[0, 5, 2]), [0, 5, 2]);
        assert_eq!(spread(0, &[0, 0]), [0, 0]);
    }
}
