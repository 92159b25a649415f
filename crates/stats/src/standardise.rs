//! Z-scores: each column less its mean, over its standard deviation (population, ddof 0).
//!
//! A constant column tells nothing about anybody: it becomes all zeros and is named by
//! [`Scaler::constant_columns`], so that a page can say so. Its deviation is kept as 0.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::StatsError;
use crate::table::{BLOCK, Table};

/// Mean and population standard deviation of one column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    pub mean: f64,
    pub deviation: f64,
}

impl Scale {
    #[must_use]
    pub fn apply(self, value: f64) -> f64 {
        (value - self.mean) / self.divisor()
    }

    #[must_use]
    pub fn undo(self, z: f64) -> f64 {
        z * self.divisor() + self.mean
    }

    fn divisor(self) -> f64 {
        if self.deviation > 0.0 { self.deviation } else { 1.0 }
    }
}

/// How one run's columns were standardised; kept with the run so that later ones can be compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scaler {
    pub scales: Vec<Scale>,
}

impl Scaler {
    /// Measures every column (two passes, fixed order of addition).
    ///
    /// # Errors
    /// [`StatsError::TooLarge`] when a mean or a variance leaves the range of `f64`.
    pub fn fit(table: &Table) -> Result<Self, StatsError> {
        let measure = |(column, values): (usize, &Vec<f64>)| {
            measure(values).ok_or(StatsError::TooLarge { column })
        };
        let scales = table.columns().iter().enumerate().map(measure).collect::<Result<_, _>>()?;
        Ok(Self { scales })
    }

    /// Standardises in place, without a second copy of the table.
    ///
    /// # Errors
    /// [`StatsError::WrongColumns`] when the table has another width than this scaler.
    pub fn apply(&self, mut table: Table) -> Result<Table, StatsError> {
        self.check(table.width())?;
        for (column, &scale) in table.columns_mut().iter_mut().zip(&self.scales) {
            column.par_chunks_mut(BLOCK).for_each(|block| {
                for value in block {
                    *value = scale.apply(*value);
                }
            });
        }
        Ok(table)
    }

    /// One raw row in units of this scaler.
    ///
    /// # Errors
    /// [`StatsError::WrongColumns`] when the row has another width.
    pub fn apply_row(&self, raw: &[f64]) -> Result<Vec<f64>, StatsError> {
        self.check(raw.len())?;
        Ok(raw.iter().zip(&self.scales).map(|(&value, scale)| scale.apply(value)).collect())
    }

    /// One standardised row (a centre, say) back in the units people use.
    ///
    /// # Errors
    /// [`StatsError::WrongColumns`] when the row has another width.
    pub fn undo_row(&self, z: &[f64]) -> Result<Vec<f64>, StatsError> {
        self.check(z.len())?;
        Ok(z.iter().zip(&self.scales).map(|(&value, scale)| scale.undo(value)).collect())
    }

    /// Columns in which every row holds the same value.
    #[must_use]
    pub fn constant_columns(&self) -> Vec<usize> {
        let constant = |(_, scale): &(usize, &Scale)| scale.deviation == 0.0;
        self.scales.iter().enumerate().filter(constant).map(|(column, _)| column).collect()
    }

    fn check(&self, found: usize) -> Result<(), StatsError> {
        let expected = self.scales.len();
        if found == expected { Ok(()) } else { Err(StatsError::WrongColumns { expected, found }) }
    }
}

/// Standardises a table and says how.
///
/// # Errors
/// As [`Scaler::fit`].
pub fn standardise(table: Table) -> Result<(Table, Scaler), StatsError> {
    let scaler = Scaler::fit(&table)?;
    let table = scaler.apply(table)?;
    Ok((table, scaler))
}

fn measure(values: &[f64]) -> Option<Scale> {
    let n = values.len() as f64;
    // A column whose values are all equal must not get a deviation from the rounding of its mean.
    if values.par_iter().all(|value| *value == values[0]) {
        return Some(Scale { mean: values[0], deviation: 0.0 });
    }
    let mean = sum_by(values, |value| value) / n;
    let variance = sum_by(values, |value| (value - mean) * (value - mean)) / n;
    let deviation = variance.sqrt();
    (mean.is_finite() && deviation.is_finite()).then_some(Scale { mean, deviation })
}

/// Sums `of(value)` block by block, then the blocks in order: the same on any number of cores.
pub(crate) fn sum_by(values: &[f64], of: impl Fn(f64) -> f64 + Sync) -> f64 {
    let blocks: Vec<f64> =
        values.par_chunks(BLOCK).map(|block| block.iter().map(|&v| of(v)).sum()).collect();
    blocks.iter().sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn z_scores_divide_by_the_population_deviation() {
        let table = Table::new(vec![vec![2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]]).unwrap();
        let (z, scaler) = standardise(table).unwrap();
        assert_eq!(scaler.scales, [Scale { mean: 5.0, deviation: 2.0 }]);
        assert_eq!(z.columns()[0], [-1.5, -0.5, -0.5, -0.5, 0.0, 0.0, 1.0, 2.0]);
        assert_eq!(scaler.undo_row(&[2.0]).unwrap(), [9.0]);
        assert_eq!(scaler.apply_row(&[9.0]).unwrap(), [2.0]);
    }

    #[test]
    fn a_constant_column_becomes_zeros_and_is_named() {
        let table =
            Table::new(vec![vec![0.1; 7], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]]).unwrap();
        let (z, scaler) = standardise(table).unwrap();
        assert_eq!(z.columns()[0], [0.0; 7]);
        assert_eq!(scaler.constant_columns(), [0]);
        assert_eq!(scaler.undo_row(&[0.0, 0.0]).unwrap(), [0.1, 4.0]);
    }

    #[test]
    fn numbers_too_large_to_average_are_refused() {
        let table = Table::new(vec![vec![1.0, 2.0], vec![f64::MAX, f64::MAX / 2.0]]).unwrap();
        assert_eq!(standardise(table).unwrap_err(), StatsError::TooLarge { column: 1 });
    }

    #[test]
    fn a_row_of_another_width_is_refused() {
        let scaler = Scaler { scales: vec![Scale { mean: 0.0, deviation: 1.0 }] };
        let error = scaler.apply_row(&[1.0, 2.0]).unwrap_err();
        assert_eq!(error, StatsError::WrongColumns { expected: 1, found: 2 });
    }
}
