//! Five-number summaries for box plots.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::StatsError;
use crate::table::first_not_finite;

/// How one column is spread: the figures of a box plot, with the ends and the mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub count: u64,
    pub min: f64,
    pub p5: f64,
    pub p25: f64,
    pub median: f64,
    pub p75: f64,
    pub p95: f64,
    pub max: f64,
    pub mean: f64,
}

impl Spread {
    /// Measures one column.
    ///
    /// # Errors
    /// No rows, or a value that is not finite.
    pub fn of(values: &[f64]) -> Result<Self, StatsError> {
        if let Some((row, what)) = first_not_finite(values) {
            return Err(StatsError::NotFinite { row, column: 0, what });
        }
        let mut sorted = values.to_vec();
        sorted.par_sort_unstable_by(f64::total_cmp);
        Self::of_sorted(&sorted).ok_or(StatsError::NoRows)
    }

    fn of_sorted(sorted: &[f64]) -> Option<Self> {
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let n = sorted.len() as f64;
        // Each share first: the sum of large values must not leave the range of f64.
        let mean = sorted.iter().map(|value| value / n).sum();
        Some(Self {
            count: sorted.len() as u64,
            min,
            p5: quantile_of_sorted(sorted, 0.05),
            p25: quantile_of_sorted(sorted, 0.25),
            median: quantile_of_sorted(sorted, 0.5),
            p75: quantile_of_sorted(sorted, 0.75),
            p95: quantile_of_sorted(sorted, 0.95),
            max,
            mean,
        })
    }
}

/// One [`Spread`] for each of `groups` groups; `None` for a group without rows.
///
/// # Errors
/// Uneven lengths, a label that is no group, a value that is not finite.
pub fn spread_by_group(
    values: &[f64],
    labels: &[u8],
    groups: usize,
) -> Result<Vec<Option<Spread>>, StatsError> {
    if values.len() != labels.len() {
        return Err(StatsError::WrongLength { expected: values.len(), found: labels.len() });
    }
    let mut parts = vec![Vec::new(); groups];
    for (row, (&value, &label)) in values.iter().zip(labels).enumerate() {
        let unknown = StatsError::UnknownLabel { row, label, groups };
        parts.get_mut(usize::from(label)).ok_or(unknown)?.push(value);
    }
    let one = |part: Vec<f64>| match Spread::of(&part) {
        Ok(spread) => Ok(Some(spread)),
        Err(StatsError::NoRows) => Ok(None),
        Err(error) => Err(error),
    };
    // The row within a group would mislead: refuse bad values by their place in the column.
    if let Some((row, what)) = first_not_finite(values) {
        return Err(StatsError::NotFinite { row, column: 0, what });
    }
    parts.into_par_iter().map(one).collect()
}

/// The quantile `share` (0–1) of ascending values by linear interpolation (Hyndman and Fan's type 7,
/// the default of R and NumPy). 0 for no values.
#[must_use]
pub fn quantile_of_sorted(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    let part = place - below as f64;
    sorted[below] * (1.0 - part) + sorted[above] * part
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn quantiles_agree_with_numpy() {
        // numpy.percentile([15, 20, 35, 40, 50], [5, 25, 50, 75, 95]) = 16, 20, 35, 40, 48
        let spread = Spread::of(&[50.0, 15.0, 40.0, 20.0, 35.0]).unwrap();
        let five = [spread.p5, spread.p25, spread.median, spread.p75, spread.p95];
        for (found, expected) in five.iter().zip([16.0, 20.0, 35.0, 40.0, 48.0]) {
            assert!((found - expected).abs() < 1e-12, "{five:?}");
        }
        assert_eq!((spread.min, spread.max, spread.count), (15.0, 50.0, 5));
        assert!((spread.mean - 32.0).abs() < 1e-12);
    }

    #[test]
    fn a_single_value_is_its_own_every_quantile() {
        let spread = Spread::of(&[7.0]).unwrap();
        assert_eq!([spread.p5, spread.median, spread.p95], [7.0; 3]);
    }

    #[test]
    fn groups_are_measured_apart_and_an_empty_one_is_none() {
        let found = spread_by_group(&[1.0, 2.0, 30.0], &[0, 0, 2], 3).unwrap();
        assert_eq!(found[0].unwrap().median, 1.5);
        assert!(found[1].is_none());
        assert_eq!(found[2].unwrap().count, 1);
        let error = spread_by_group(&[1.0], &[3], 3).unwrap_err();
        assert_eq!(error, StatsError::UnknownLabel { row: 0, label: 3, groups: 3 });
    }
}
