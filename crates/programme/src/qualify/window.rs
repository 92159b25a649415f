//! Windows and validities as days.

use chrono::{Datelike, Days, NaiveDate};
use kernel::Period;
use kernel::dates::{add_months, month_end, month_start};

use crate::document::{Validity, Window};

impl Window {
    /// The days that count on `day`. A window before an expiry has none of its own: see
    /// [`Window::before`].
    #[must_use]
    pub fn on(self, day: NaiveDate, joined_on: NaiveDate) -> Period {
        let from = match self {
            Self::RollingMonths(months) => return Period::months_ending(day, months),
            Self::CalendarMonths(months) => add_months(month_start(day), 1 - signed(months).max(1)),
            Self::CalendarYear => first_of_year(day),
            Self::MembershipYear => anniversary(joined_on, day),
            Self::Lifetime => NaiveDate::MIN,
            Self::BeforeExpiry { .. } => day,
        };
        Period { from, to: day }
    }

    /// The days that count for keeping a tier whose last day is `expiry`.
    #[must_use]
    pub fn before(self, expiry: NaiveDate, joined_on: NaiveDate) -> Period {
        match self {
            Self::BeforeExpiry { months, months_before } => {
                let back = -signed(months_before);
                let last = month_end(add_months(month_start(expiry), back));
                Period::months_ending(last, months)
            }
            Self::CalendarYear => {
                let from = first_of_year(expiry);
                Period { from, to: last_of_year(expiry) }
            }
            other => other.on(expiry, joined_on),
        }
    }

    /// First day on which a flight of `day` no longer counts; `None` when it always will.
    #[must_use]
    pub fn rolls_off(self, day: NaiveDate, joined_on: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::RollingMonths(months) => Some(add_months(day, signed(months))),
            Self::CalendarMonths(months) => {
                Some(add_months(month_start(day), signed(months).max(1)))
            }
            Self::CalendarYear => Some(next(last_of_year(day))),
            Self::MembershipYear => Some(add_months(anniversary(joined_on, day), 12)),
            Self::Lifetime | Self::BeforeExpiry { .. } => None,
        }
    }
}

impl Validity {
    /// The last day of a tier that begins on `first`.
    #[must_use]
    pub fn last_day(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::EndOfMonth(months) => {
                let more = signed(months.max(1) - 1);
                Some(month_end(add_months(month_start(first), more)))
            }
            Self::EndOfYear(years) => {
                Some(add_months(last_of_year(first), signed(years.saturating_mul(12))))
            }
            Self::Lifetime => None,
        }
    }
}

fn signed(months: u32) -> i32 {
    i32::try_from(months).unwrap_or(i32::MAX)
}

pub(crate) fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

pub(crate) fn first_of_year(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day)
}

pub(crate) fn last_of_year(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), 12, 31).unwrap_or(day)
}

/// The last anniversary of `joined` up to `day`; of 29 February in other years the 28th.
pub(crate) fn anniversary(joined: NaiveDate, day: NaiveDate) -> NaiveDate {
    let years = day.year() - joined.year();
    let this = add_months(joined, years.saturating_mul(12));
    if this <= day { this } else { add_months(joined, years.saturating_sub(1).saturating_mul(12)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_validity_ends_with_the_24th_month() {
        let last = |first| Validity::EndOfMonth(24).last_day(day(first));
        assert_eq!(last("2018-06-15"), Some(day("2020-05-31")));
        assert_eq!(last("2018-06-01"), Some(day("2020-05-31")));
        assert_eq!(last("2022-03-31"), Some(day("2024-02-29")));
        assert_eq!(Validity::EndOfYear(1).last_day(day("2025-12-31")), Some(day("2026-12-31")));
        assert_eq!(Validity::EndOfMonth(12).last_day(day("2020-06-01")), Some(day("2021-05-31")));
    }

    #[test]
    fn membership_years_begin_on_the_anniversary() {
        let year = |joined, on| Window::MembershipYear.on(day(on), day(joined)).from;
        assert_eq!(year("2020-03-10", "2025-03-10"), day("2025-03-10"));
        assert_eq!(year("2020-03-10", "2025-03-09"), day("2024-03-10"));
        assert_eq!(year("2020-02-29", "2025-02-28"), day("2025-02-28"));
        assert_eq!(year("2020-02-29", "2024-02-28"), day("2023-02-28"));
    }

    proptest! {
        #[test]
        fn a_flight_counts_until_it_rolls_off(
            offset in 0_u64..3_000,
            months in 1_u32..30,
            joined in 0_u64..3_000,
            kind in 0..4_u8,
        ) {
            let start = day("2019-01-01");
            let flown = start + Days::new(offset);
            let joined = start - Days::new(joined);
            let window = match kind {
                0 => Window::RollingMonths(months),
                1 => Window::CalendarYear,
                2 => Window::CalendarMonths(months),
                _ => Window::MembershipYear,
            };
            let off = window.rolls_off(flown, joined).unwrap();
            prop_assert!(!window.on(off, joined).contains(flown));
            prop_assert!(window.on(off.pred_opt().unwrap(), joined).contains(flown));
        }
    }
}
