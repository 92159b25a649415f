//! From lots to an estimate. Pure, whole numbers.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// Cohorts that have run out, at least, before anything is estimated.
pub const COHORTS: usize = 12;

/// Miles that came in one month and run out on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
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

/// What is expected to run out unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Breakage {
    /// Cohorts it rests on.
    pub cohorts: usize,
    /// Of what these brought, hundredths of a percent that ran out.
    pub share: i64,
    /// Of what is outstanding, miles expected to run out.
    pub miles: i64,
}

/// What a programme owes today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Liability {
    /// Outstanding: left in lots, and held, less what members owe.
    pub miles: i64,
    /// Of it waiting in holds.
    pub held: i64,
    /// What members owe.
    pub owed: i64,
    /// Lots with miles left, by month of coming and last day.
    pub slices: Vec<Slice>,
    /// The estimate; missing where too few cohorts have run out.
    pub breakage: Option<Breakage>,
    /// Minor units for 1,000 miles, as asked for.
    pub minor_per_thousand: i64,
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

fn breakage(slices: &[Slice], today: NaiveDate) -> Option<Breakage> {
    let all = cohorts(slices);
    let is_over = |one: &Cohort| one.last_day.is_some_and(|last| last < today);
    let over: Vec<&Cohort> = all.values().filter(|one| is_over(one)).collect();
    let brought: i128 = over.iter().map(|one| i128::from(one.brought)).sum();
    let expired: i128 = over.iter().map(|one| i128::from(one.expired)).sum();
    if over.len() < COHORTS || brought == 0 {
        return None;
    }
    let expected = |one: &Cohort| (part(one.brought, expired, brought) - one.expired).max(0);
    let open = all.values().filter(|one| !is_over(one));
    let miles = open.map(|one| expected(one).min(one.left)).sum();
    Some(Breakage { cohorts: over.len(), share: part(10_000, expired, brought), miles })
}

pub(super) fn liability(
    slices: Vec<Slice>,
    today: NaiveDate,
    minor_per_thousand: i64,
    (miles, held, owed): (i64, i64, i64),
) -> Liability {
    let breakage = breakage(&slices, today);
    let lasting = (miles - breakage.map_or(0, |it| it.miles)).max(0);
    let deferred_minor = part(lasting, i128::from(minor_per_thousand), 1_000);
    let slices = slices.into_iter().filter(|slice| slice.left > 0).collect();
    Liability { miles, held, owed, slices, breakage, minor_per_thousand, deferred_minor }
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

    #[test]
    fn the_share_of_old_cohorts_is_expected_of_young_ones() {
        let found = liability(slices(30), month(30), 50_000, (12 * 600, 0, 0));
        let over = u32::try_from(found.breakage.unwrap().cohorts).unwrap();
        let open = i64::from(30 - over);
        assert_eq!(found.breakage.unwrap().share, 2_500);
        assert_eq!(found.breakage.unwrap().miles, 250 * open);
        assert_eq!(found.deferred_minor, (7_200 - 250 * open) * 50);
    }

    #[test]
    fn short_history_is_not_estimated() {
        let found = liability(slices(20), month(20), 50_000, (7_200, 0, 0));
        assert_eq!((found.breakage, found.deferred_minor), (None, 360_000));
    }

    #[test]
    fn never_more_than_is_left() {
        let mut all = slices(30);
        all.iter_mut().filter(|slice| slice.left > 0).for_each(|slice| slice.left = 100);
        let found = liability(all, month(30), 0, (1_800, 0, 0));
        assert!(found.breakage.unwrap().miles <= 1_800);
        assert_eq!(found.deferred_minor, 0);
    }
}
