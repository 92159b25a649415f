//! A rectangle of finite numbers, stored column by column.
//!
//! The whole crate may rely on what the constructor checked: equal lengths, at least one row and one
//! column, no NaN, no infinity. Columns rather than rows because that is how Parquet hands them over
//! and how a processor likes to add them up.

use rayon::prelude::*;

use crate::error::{StatsError, not_finite};

/// Rows per unit of parallel work. Fixed, so that sums are formed in the same order on one core and
/// on sixty-four.
pub(crate) const BLOCK: usize = 4096;

#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<Vec<f64>>,
}

impl Table {
    /// Takes equally long columns of finite numbers.
    ///
    /// # Errors
    /// Refuses no columns, no rows, uneven columns, and the first non-finite value with its place.
    pub fn new(columns: Vec<Vec<f64>>) -> Result<Self, StatsError> {
        let rows = columns.first().ok_or(StatsError::NoColumns)?.len();
        if rows == 0 {
            return Err(StatsError::NoRows);
        }
        for (column, values) in columns.iter().enumerate() {
            if values.len() != rows {
                let found = values.len();
                return Err(StatsError::UnevenColumns { column, expected: rows, found });
            }
            if let Some((row, what)) = first_not_finite(values) {
                return Err(StatsError::NotFinite { row, column, what });
            }
        }
        Ok(Self { columns })
    }

    /// The same from rows, for small tables.
    ///
    /// # Errors
    /// As [`Table::new`]; rows of another width than the first are refused.
    pub fn from_rows<R: AsRef<[f64]>>(rows: &[R]) -> Result<Self, StatsError> {
        let width = rows.first().ok_or(StatsError::NoRows)?.as_ref().len();
        let mut columns = vec![Vec::with_capacity(rows.len()); width];
        for row in rows {
            let row = row.as_ref();
            if row.len() != width {
                return Err(StatsError::WrongColumns { expected: width, found: row.len() });
            }
            for (column, &value) in columns.iter_mut().zip(row) {
                column.push(value);
            }
        }
        Self::new(columns)
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns[0].len()
    }

    #[must_use]
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    #[must_use]
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }

    #[must_use]
    pub fn row(&self, row: usize) -> Vec<f64> {
        self.columns.iter().map(|column| column[row]).collect()
    }

    #[must_use]
    pub fn into_columns(self) -> Vec<Vec<f64>> {
        self.columns
    }

    /// The rows named by ascending indices, as a table of their own.
    pub(crate) fn pick(&self, rows: &[usize]) -> Self {
        let columns = self.columns.par_iter();
        Self { columns: columns.map(|c| rows.iter().map(|&r| c[r]).collect()).collect() }
    }

    /// The columns of one block of rows, ready for a kernel.
    pub(crate) fn block(&self, block: usize) -> Vec<&[f64]> {
        let from = block * BLOCK;
        let to = (from + BLOCK).min(self.rows());
        self.columns.iter().map(|column| &column[from..to]).collect()
    }

    pub(crate) fn columns_mut(&mut self) -> &mut [Vec<f64>] {
        &mut self.columns
    }
}

pub(crate) fn first_not_finite(values: &[f64]) -> Option<(usize, &'static str)> {
    let row = values.par_iter().position_first(|value| !value.is_finite())?;
    Some((row, not_finite(values[row])))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_bad_value_is_refused_with_its_place() {
        let nan = Table::new(vec![vec![1.0, 2.0], vec![1.0, f64::NAN]]).unwrap_err();
        assert_eq!(nan, StatsError::NotFinite { row: 1, column: 1, what: "not a number (NaN)" });
        let infinite = Table::from_rows(&[[f64::NEG_INFINITY]]).unwrap_err();
        assert_eq!(
            infinite.to_string(),
            "the value in row 0 of column 0 is minus infinity, not a finite number"
        );
    }

    #[test]
    fn an_empty_or_crooked_table_is_refused() {
        assert_eq!(Table::new(vec![]).unwrap_err(), StatsError::NoColumns);
        assert_eq!(Table::new(vec![vec![]]).unwrap_err(), StatsError::NoRows);
        let crooked = Table::new(vec![vec![1.0], vec![]]).unwrap_err();
        assert_eq!(crooked, StatsError::UnevenColumns { column: 1, expected: 1, found: 0 });
    }
}
