//! The year a pass does not name.

use super::{BoardingPass, Leg};
use crate::when::Day;

impl BoardingPass<'_> {
    /// The day the pass was issued: the last such day that is not after the day after `scanned`. The
    /// pass names the last digit of the year, so it may be up to ten years before.
    #[must_use]
    pub fn issued_on(&self, scanned: Day) -> Option<Day> {
        let (digit, day) = self.issue.day?;
        let latest = scanned.plus(1)?;
        let years = (0..=40).filter_map(|back| latest.year.checked_sub(back));
        let years = years.filter(|year| year.rem_euclid(10) == i32::from(digit));
        years.filter_map(|year| day_of(year, day)).find(|day| *day <= latest)
    }

    /// The day `leg` was flown: nearest to the day of issue if the pass names it, else nearest to the
    /// day the pass was `scanned` or handed in. A day 366 exists in leap years only.
    #[must_use]
    pub fn flown_on(&self, leg: &Leg<'_>, scanned: Day) -> Option<Day> {
        let wanted = leg.day_of_year?;
        let near = self.issued_on(scanned).unwrap_or(scanned);
        let years = (-1..=1).filter_map(|away| near.year.checked_add(away));
        let days = years.filter_map(|year| day_of(year, wanted));
        days.min_by_key(|day| ((day.number() - near.number()).abs(), -day.number()))
    }
}

/// Day `of` (1 to 366) of a year.
fn day_of(year: i32, of: u16) -> Option<Day> {
    let found = Day::new(year, 1, 1)?.plus(i64::from(of).checked_sub(1)?)?;
    (found.year == year).then_some(found)
}
