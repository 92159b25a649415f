//! Where one customer stands among all: percentile ranks from a table of at most a thousand knots.
//!
//! The rank of a value is (rows below + half the other rows equal to it) / (n − 1): 0 for the single
//! lowest, 1 for the single highest, ties in the middle of the places they share. Kept values answer
//! exactly; a value between two of them lies in proportion.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::StatsError;
use crate::table::first_not_finite;

/// Kept values at most; columns with fewer different values are answered exactly throughout.
pub const KNOTS: usize = 1000;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Knot {
    value: f64,
    /// Shares of rows below the value, and up to and with it.
    below: f64,
    upto: f64,
}

/// A compact, serialisable answer to "which share of customers is below this value?".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankTable {
    rows: u64,
    knots: Vec<Knot>,
}

impl RankTable {
    /// Ranks the values of one column.
    ///
    /// # Errors
    /// No rows, or a value that is not finite.
    pub fn of(values: &[f64]) -> Result<Self, StatsError> {
        if values.is_empty() {
            return Err(StatsError::NoRows);
        }
        if let Some((row, what)) = first_not_finite(values) {
            return Err(StatsError::NotFinite { row, column: 0, what });
        }
        // −0 and 0 are one value to `==` but two to `total_cmp`.
        let mut sorted: Vec<f64> = values.iter().map(|value| value + 0.0).collect();
        sorted.par_sort_unstable_by(f64::total_cmp);
        let n = sorted.len();
        let distinct = sorted.chunk_by(|a, b| a == b).count();
        let mut knots: Vec<Knot> = Vec::with_capacity(distinct.min(KNOTS));
        let (mut from, mut number) = (0, 0);
        for run in sorted.chunk_by(|a, b| a == b) {
            let upto = from + run.len();
            // A run is kept when it crosses one of the evenly spaced places, or is first or last.
            let crosses = (from * (KNOTS - 2)) / n != (upto * (KNOTS - 2)) / n;
            if distinct <= KNOTS || crosses || number == 0 || upto == n {
                let share = |rows: usize| rows as f64 / n as f64;
                knots.push(Knot { value: run[0], below: share(from), upto: share(upto) });
            }
            from = upto;
            number += 1;
        }
        Ok(Self { rows: n as u64, knots })
    }

    /// From 0 (lowest) to 1 (highest). Values beyond the ends get 0 or 1; a lone row ranks ½.
    #[must_use]
    pub fn rank(&self, value: f64) -> f64 {
        if self.rows == 1 || value.is_nan() {
            return 0.5;
        }
        let at = self.knots.partition_point(|knot| knot.value < value);
        let Some(knot) = self.knots.get(at) else { return 1.0 };
        let rows = self.rows as f64;
        if knot.value == value {
            let ties = (knot.upto - knot.below) * rows - 1.0;
            return ((knot.below * rows + ties / 2.0) / (rows - 1.0)).clamp(0.0, 1.0);
        }
        let Some(before) = at.checked_sub(1).map(|before| self.knots[before]) else { return 0.0 };
        let part = (value - before.value) / (knot.value - before.value);
        let below = before.upto + part * (knot.below - before.upto);
        ((below * rows - 0.5) / (rows - 1.0)).clamp(0.0, 1.0)
    }

    /// Rows the table was made of.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn brute(values: &[f64], value: f64) -> f64 {
        let below = values.iter().filter(|&&other| other < value).count() as f64;
        let equal = values.iter().filter(|&&other| other == value).count() as f64;
        (below + (equal - 1.0) / 2.0) / (values.len() as f64 - 1.0)
    }

    #[test]
    fn few_values_are_ranked_exactly() {
        let values = [2.0, 2.0, 2.0, 3.0, 5.0, 5.0, 9.0, -0.0, 0.0];
        let table = RankTable::of(&values).unwrap();
        for value in values {
            assert!((table.rank(value) - brute(&values, value)).abs() < 1e-12, "{value}");
        }
        assert_eq!((table.rank(9.0), table.rank(10.0), table.rank(-1.0)), (1.0, 1.0, 0.0));
        let between = table.rank(4.0);
        assert!(table.rank(3.0) < between && between < table.rank(5.0));
    }

    #[test]
    fn many_values_are_ranked_within_a_knot() {
        let values: Vec<f64> =
            (0..50_000_u32).map(|i| f64::from(i.wrapping_mul(2_654_435_761) >> 8).sqrt()).collect();
        let table = RankTable::of(&values).unwrap();
        assert!(table.knots.len() <= KNOTS);
        for value in values.iter().step_by(977) {
            let gap = (table.rank(*value) - brute(&values, *value)).abs();
            assert!(gap < 1.0 / 990.0, "{gap}");
        }
    }

    #[test]
    fn a_lone_customer_stands_in_the_middle() {
        assert_eq!(RankTable::of(&[4.0]).unwrap().rank(4.0), 0.5);
        assert_eq!(RankTable::of(&[4.0, 4.0]).unwrap().rank(4.0), 0.5);
    }
}
