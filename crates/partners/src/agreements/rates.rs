//! Dated rows of an agreement, and what they come to.

use chrono::NaiveDate;

use super::{Kind, Per};

/// What a kind of activity earns from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Of activity.
    pub kind: Kind,
    /// First day.
    pub valid_from: NaiveDate,
    /// What it counts.
    pub per: Per,
    /// Thousandths of a mile for each.
    pub milli: i64,
    /// Miles a row may have.
    pub most: i64,
}

/// What 1,000 miles cost from a day on, in minor units of the partner's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// First day.
    pub valid_from: NaiveDate,
    /// The partner pays.
    pub sell_minor: i64,
    /// We pay.
    pub buy_minor: i64,
}

/// The rate of a kind that holds on a day.
#[must_use]
pub fn rate_on(rates: &[Rate], kind: Kind, day: NaiveDate) -> Option<&Rate> {
    let begun = rates.iter().filter(|rate| rate.kind == kind && rate.valid_from <= day);
    begun.max_by_key(|rate| rate.valid_from)
}

/// The prices that hold on a day.
#[must_use]
pub fn price_on(prices: &[Price], day: NaiveDate) -> Option<&Price> {
    prices.iter().filter(|price| price.valid_from <= day).max_by_key(|price| price.valid_from)
}

/// Base miles of a quantity in hundredths, rounded down; `None` where the partner works them out.
#[must_use]
pub fn expected(rate: &Rate, quantity: i64) -> Option<i64> {
    let counted = match rate.per {
        Per::Amount | Per::Night => quantity,
        Per::Activity => 100,
        Per::Partner => return None,
    };
    // Hundredths of a unit by thousandths of a mile.
    i64::try_from(i128::from(counted) * i128::from(rate.milli) / 100_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(from: &str, per: Per, milli: i64) -> Rate {
        let valid_from = from.parse().unwrap_or_default();
        Rate { kind: Kind::Hotel, valid_from, per, milli, most: 10_000 }
    }

    #[test]
    fn the_latest_row_that_has_begun_holds() {
        let rows =
            [rate("2026-01-01", Per::Amount, 1_000), rate("2026-07-01", Per::Night, 500_000)];
        let on = |day: &str| {
            rate_on(&rows, Kind::Hotel, day.parse().unwrap_or_default()).map(|row| row.milli)
        };
        assert_eq!(on("2025-12-31"), None);
        assert_eq!(on("2026-06-30"), Some(1_000));
        assert_eq!(on("2026-07-01"), Some(500_000));
        assert_eq!(rate_on(&rows, Kind::Car, NaiveDate::MAX), None);
    }

    #[test]
    fn miles_are_rounded_down() {
        let amount = rate("2026-01-01", Per::Amount, 500);
        assert_eq!(expected(&amount, 88_899), Some(444), "888.99 at half a mile");
        assert_eq!(expected(&rate("2026-01-01", Per::Night, 500_000), 300), Some(1_500));
        assert_eq!(expected(&rate("2026-01-01", Per::Activity, 250_000), 0), Some(250));
        assert_eq!(expected(&rate("2026-01-01", Per::Partner, 0), 100), None);
    }
}
