//! Spans of days.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// Days from `from` to `to`, both counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Period {
    /// The `months` months that end on `end`, that day included: 24 months ending 2026-03-31 begin
    /// on 2024-04-01.
    #[must_use]
    pub fn months_ending(end: NaiveDate, months: u32) -> Self {
        let before = add_months(end, -i64::from(months));
        // The last day of a month stays the last day: 28 February → 31 March is a whole month.
        let before = if is_month_end(end) { month_end(before) } else { before };
        Self { from: before.succ_opt().unwrap_or(before), to: end }
    }

    /// Whether `day` lies in it.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// How many days it has; none when it ends before it begins.
    #[must_use]
    pub fn days(&self) -> i64 {
        ((self.to - self.from).num_days() + 1).max(0)
    }
}

/// `date` moved by whole months; a day the month does not have becomes its last day.
#[must_use]
pub fn add_months(date: NaiveDate, months: i64) -> NaiveDate {
    let count = Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX));
    let moved = if months < 0 {
        date.checked_sub_months(count)
    } else {
        date.checked_add_months(count)
    };
    moved.unwrap_or(date)
}

/// The last day of the month of `date`.
#[must_use]
pub fn month_end(date: NaiveDate) -> NaiveDate {
    use chrono::Datelike;
    let first = date.with_day(1).unwrap_or(date);
    add_months(first, 1).pred_opt().unwrap_or(date)
}

/// Whether `date` is the last day of its month.
#[must_use]
pub fn is_month_end(date: NaiveDate) -> bool {
    month_end(date) == date
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_of_months_holds_its_last_day_and_not_the_day_before_its_first() {
        let window = Period::months_ending(day("2026-03-31"), 24);
        assert_eq!(window.from, day("2024-04-01"));
        assert!(window.contains(day("2026-03-31")) && window.contains(day("2024-04-01")));
        assert!(!window.contains(day("2024-03-31")) && !window.contains(day("2026-04-01")));
        assert_eq!(window.days(), 730);
    }

    #[test]
    fn months_clamp_to_the_days_a_month_has() {
        assert_eq!(add_months(day("2026-01-31"), 1), day("2026-02-28"));
        assert_eq!(add_months(day("2024-03-31"), -1), day("2024-02-29"));
        assert_eq!(Period::months_ending(day("2026-02-28"), 1).from, day("2026-02-01"));
        assert_eq!(Period::months_ending(day("2026-03-15"), 1).from, day("2026-02-16"));
    }
}
