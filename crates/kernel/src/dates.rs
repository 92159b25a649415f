//! Calendar arithmetic: periods, months, observation windows.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A span of calendar days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Period {
    /// `None` when `to` lies before `from`.
    #[must_use]
    pub fn new(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// The observation window of `months` months whose last day is `until`.
    ///
    /// When `until` ends its month the window is whole calendar months; otherwise it starts the day
    /// after the same day of the month, `months` months earlier. `months` 0 counts as 1.
    ///
    /// ```
    /// use kernel::Period;
    /// let window = Period::months_ending("2014-03-31".parse().unwrap(), 24);
    /// assert_eq!(window.from.to_string(), "2012-04-01");
    /// ```
    #[must_use]
    pub fn months_ending(until: NaiveDate, months: u32) -> Self {
        let back = -i32::try_from(months.max(1)).unwrap_or(i32::MAX);
        let from = if until == month_end(until) {
            month_start(add_months(month_start(until), back + 1))
        } else {
            let before = add_months(until, back);
            before.checked_add_days(Days::new(1)).unwrap_or(before)
        };
        Self { from, to: until }
    }

    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// Days in the period, both ends counted.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    /// The first day of every calendar month the period touches, in order.
    pub fn months(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let last = self.to;
        let first = month_start(self.from);
        std::iter::successors(Some(first), |month| Some(add_months(*month, 1)))
            .take_while(move |month| *month <= last)
    }
}

/// The same day `months` months later, or earlier when negative; the month's last day where that
/// day does not exist. Pinned at the calendar's ends.
///
/// ```
/// use kernel::dates::add_months;
/// let end = "2024-03-31".parse().unwrap();
/// assert_eq!(add_months(end, -1).to_string(), "2024-02-29");
/// assert_eq!(add_months(end, 11).to_string(), "2025-02-28");
/// ```
#[must_use]
pub fn add_months(day: NaiveDate, months: i32) -> NaiveDate {
    let by = Months::new(months.unsigned_abs());
    if months >= 0 {
        day.checked_add_months(by).unwrap_or(NaiveDate::MAX)
    } else {
        day.checked_sub_months(by).unwrap_or(NaiveDate::MIN)
    }
}

#[must_use]
pub fn month_start(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

#[must_use]
pub fn month_end(day: NaiveDate) -> NaiveDate {
    add_months(month_start(day), 1).pred_opt().unwrap_or(day)
}

/// Whole months from `from` to `to`: complete ones only, negative when `to` lies before.
///
/// ```
/// use kernel::dates::months_between;
/// let d = |s: &str| s.parse().unwrap();
/// assert_eq!(months_between(d("2024-01-31"), d("2024-02-28")), 0);
/// assert_eq!(months_between(d("2024-01-31"), d("2024-02-29")), 1);
/// ```
#[must_use]
pub fn months_between(from: NaiveDate, to: NaiveDate) -> i32 {
    if to < from {
        return -months_between(to, from);
    }
    let span =
        (to.year() - from.year()) * 12 + to.month0().cast_signed() - from.month0().cast_signed();
    if add_months(from, span) > to { span - 1 } else { span }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn windows_ending_with_a_month_are_whole_months() {
        for (until, months, from) in [
            ("2014-03-31", 24, "2012-04-01"),
            ("2014-02-28", 1, "2014-02-01"),
            ("2024-02-29", 12, "2023-03-01"),
            ("2023-02-28", 12, "2022-03-01"),
            ("2026-11-30", 1, "2026-11-01"),
            ("2026-11-30", 0, "2026-11-01"),
        ] {
            assert_eq!(Period::months_ending(day(until), months).from, day(from), "{until}");
        }
    }

    #[test]
    fn other_windows_start_a_day_later_in_the_month() {
        for (until, months, from) in [
            ("2026-11-22", 1, "2026-10-23"),
            ("2026-03-30", 1, "2026-03-01"),
            ("2024-02-28", 12, "2023-03-01"),
        ] {
            assert_eq!(Period::months_ending(day(until), months).from, day(from), "{until}");
        }
    }

    #[test]
    fn ends_belong_to_the_period() {
        let period = Period::months_ending(day("2026-11-30"), 2);
        assert!(period.contains(day("2026-10-01")) && period.contains(day("2026-11-30")));
        assert!(!period.contains(day("2026-09-30")) && !period.contains(day("2026-12-01")));
        assert_eq!(period.days(), 61);
        assert_eq!(period.months().count(), 2);
        assert_eq!(Period::new(period.to, period.from), None);
    }

    proptest! {
        #[test]
        fn a_window_of_n_months_touches_n_or_n_plus_1(n in 1_u32..60, offset in 0_i64..20_000) {
            let until = day("2000-01-01") + chrono::Duration::days(offset);
            let period = Period::months_ending(until, n);
            let touched = period.months().count() as u32;
            prop_assert!(touched == n || touched == n + 1);
            prop_assert!(period.days() >= i64::from(n) * 28);
            prop_assert!(period.days() <= i64::from(n) * 31);
        }

        #[test]
        fn months_between_inverts_add_months(n in 0_i32..600, offset in 0_i64..20_000) {
            let from = day("2000-01-01") + chrono::Duration::days(offset);
            prop_assert_eq!(months_between(from, add_months(from, n)), n);
        }
    }
}
