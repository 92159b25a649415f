//! One error for the crate: what was asked that cannot be answered, and where.

/// Why a calculation was refused. Nothing here carries a customer's value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    #[error("there are no rows to work on")]
    NoRows,
    #[error("there are no columns to work on")]
    NoColumns,
    #[error("column {column} has {found} rows where the first column has {expected}")]
    UnevenColumns { column: usize, expected: usize, found: usize },
    #[error("the value in row {row} of column {column} is {what}, not a finite number")]
    NotFinite { row: usize, column: usize, what: &'static str },
    #[error("column {column} holds numbers too large to average")]
    TooLarge { column: usize },
    #[error("the value in row {row} is negative, and shares of a negative total mean nothing")]
    Negative { row: usize },
    #[error("{found} columns were given where {expected} are needed")]
    WrongColumns { expected: usize, found: usize },
    #[error("{found} entries were given where {expected} are needed")]
    WrongLength { expected: usize, found: usize },
    #[error("k is {k}, outside {least} to {most}")]
    BadK { k: usize, least: usize, most: usize },
    #[error("{k} groups were asked of data with only {distinct} different rows")]
    TooFewDistinctRows { k: usize, distinct: usize },
    #[error("the number of starts must be at least 1")]
    NoStarts,
    #[error("label {label} in row {row} is not below {groups}, the number of groups")]
    UnknownLabel { row: usize, label: u8, groups: usize },
    #[error("a scheme needs at least one attribute")]
    NoAttributes,
    #[error("the weights add up to {sum} of {expected} basis points")]
    WeightsDoNotSum { sum: u64, expected: u32 },
    #[error("the thresholds are out of order: {0}")]
    BadThresholds(&'static str),
    #[error("the calculation was cancelled")]
    Cancelled,
}

pub(crate) fn not_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "not a number (NaN)"
    } else if value > 0.0 {
        "infinite"
    } else {
        "minus infinity"
    }
}
