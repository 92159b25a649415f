//! Who brings the value: the concentration curve ("80/20") and the Gini coefficient.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::StatsError;
use crate::table::first_not_finite;

/// The best `customers` (share of all) bring `value` (share of all).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ParetoPoint {
    pub customers: f64,
    pub value: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pareto {
    /// From (0, 0) to (1, 1), best customers first, evenly spaced by customers.
    pub points: Vec<ParetoPoint>,
    /// Share of the value brought by the best 20 % of customers.
    pub best_fifth: f64,
    /// Share of customers, best first, who together bring 80 % of the value.
    pub for_four_fifths: f64,
    /// 0: all bring the same; towards 1: one brings everything.
    pub gini: f64,
    pub total: f64,
}

/// Points of the curve besides the first.
const STEPS: usize = 100;

/// The curve over non-negative values. When all are zero nobody brings more than another: the curve
/// is the diagonal and the coefficient 0.
///
/// # Errors
/// No rows, a value that is not finite or negative, a total out of range.
pub fn pareto(values: &[f64]) -> Result<Pareto, StatsError> {
    if values.is_empty() {
        return Err(StatsError::NoRows);
    }
    if let Some((row, what)) = first_not_finite(values) {
        return Err(StatsError::NotFinite { row, column: 0, what });
    }
    if let Some(row) = values.par_iter().position_first(|&value| value < 0.0) {
        return Err(StatsError::Negative { row });
    }
    let mut running = values.to_vec();
    running.par_sort_unstable_by(|a, b| b.total_cmp(a));
    let n = running.len() as f64;
    // Gini = Σ (n + 1 − 2i)·x_i / (n·Σx), x descending, i from 1.
    let (mut total, mut weighted) = (0.0, 0.0);
    for (i, value) in running.iter_mut().enumerate() {
        weighted += (n - 1.0 - 2.0 * i as f64) * (*value / n);
        total += *value;
        *value = total;
    }
    if !total.is_finite() || !weighted.is_finite() {
        return Err(StatsError::TooLarge { column: 0 });
    }
    let curve = Curve { running: &running, total };
    let point = |step: usize| {
        let customers = step as f64 / STEPS as f64;
        ParetoPoint { customers, value: curve.value_of(customers) }
    };
    Ok(Pareto {
        points: (0..=STEPS).map(point).collect(),
        best_fifth: curve.value_of(0.2),
        for_four_fifths: curve.customers_for(0.8),
        gini: if total > 0.0 { weighted / total } else { 0.0 },
        total,
    })
}

/// Running totals, best first.
struct Curve<'a> {
    running: &'a [f64],
    total: f64,
}

impl Curve<'_> {
    fn at(&self, customers: usize) -> f64 {
        if customers == 0 { 0.0 } else { self.running[customers - 1] }
    }

    fn value_of(&self, share: f64) -> f64 {
        if self.total <= 0.0 {
            return share;
        }
        let place = share * self.running.len() as f64;
        let whole = (place.floor() as usize).min(self.running.len());
        let next = self.at((whole + 1).min(self.running.len()));
        let value = self.at(whole) + (place - whole as f64) * (next - self.at(whole));
        (value / self.total).clamp(0.0, 1.0)
    }

    fn customers_for(&self, share: f64) -> f64 {
        if self.total <= 0.0 {
            return share;
        }
        let wanted = share * self.total;
        let whole = self.running.partition_point(|&sum| sum < wanted);
        let (before, after) = (self.at(whole), self.at((whole + 1).min(self.running.len())));
        let part = if after > before { (wanted - before) / (after - before) } else { 0.0 };
        (whole as f64 + part) / self.running.len() as f64
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn one_who_brings_eighty_of_a_hundred() {
        let found = pareto(&[5.0, 80.0, 5.0, 5.0, 5.0]).unwrap();
        assert!((found.best_fifth - 0.8).abs() < 1e-12);
        assert!((found.for_four_fifths - 0.2).abs() < 1e-12);
        // By hand: (4·80 + 2·5 + 0·5 − 2·5 − 4·5) / (5·100) = 0.6
        assert!((found.gini - 0.6).abs() < 1e-12);
        assert_eq!(found.points.len(), 101);
        assert_eq!(found.points[0], ParetoPoint { customers: 0.0, value: 0.0 });
        assert_eq!(found.points[100], ParetoPoint { customers: 1.0, value: 1.0 });
        assert!(found.points.windows(2).all(|pair| pair[0].value <= pair[1].value));
    }

    #[test]
    fn equals_make_the_diagonal() {
        for values in [[3.0; 10], [0.0; 10]] {
            let found = pareto(&values).unwrap();
            assert!(found.gini.abs() < 1e-12);
            assert!((found.best_fifth - 0.2).abs() < 1e-12);
        }
    }

    #[test]
    fn a_negative_value_is_refused_by_row() {
        assert_eq!(pareto(&[1.0, -1.0]).unwrap_err(), StatsError::Negative { row: 1 });
        assert_eq!(pareto(&[]).unwrap_err(), StatsError::NoRows);
    }
}
