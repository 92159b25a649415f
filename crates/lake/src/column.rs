//! Columns of a record batch by name and type, with an error that names both.

use arrow::array::{
    Array, BooleanArray, Date32Array, FixedSizeBinaryArray, Float64Array, Int64Array, StringArray,
    UInt8Array, UInt16Array, UInt64Array,
};
use arrow::record_batch::RecordBatch;
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use crate::error::{LakeError, Result};

fn typed<'a, A: Array + 'static>(
    rows: &'a RecordBatch,
    column: &str,
    wanted: &'static str,
) -> Result<&'a A> {
    let found = rows
        .column_by_name(column)
        .ok_or_else(|| LakeError::NoColumn { column: column.to_owned() })?;
    found.as_any().downcast_ref().ok_or_else(|| LakeError::ColumnType {
        column: column.to_owned(),
        found: found.data_type().to_string(),
        wanted,
    })
}

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident => $array:ty, $wanted:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`LakeError::NoColumn`], [`LakeError::ColumnType`].
        pub fn $name<'a>(rows: &'a RecordBatch, column: &str) -> Result<&'a $array> {
            typed(rows, column, $wanted)
        }
    )*};
}

columns! {
    /// 64-bit whole numbers.
    ints => Int64Array, "whole numbers";
    /// 64-bit counts, as `count(*)` gives them cast to unsigned.
    counts => UInt64Array, "counts";
    /// Bytes as small numbers.
    bytes => UInt8Array, "small numbers";
    /// 16-bit numbers.
    shorts => UInt16Array, "small numbers";
    /// 64-bit fractions.
    floats => Float64Array, "numbers";
    /// Days.
    dates => Date32Array, "dates";
    /// Text.
    texts => StringArray, "text";
    /// Yes or no.
    bools => BooleanArray, "yes or no";
    /// Sixteen bytes each.
    uuids => FixedSizeBinaryArray, "identities";
}

/// The identity in row `row` of a column of sixteen bytes.
#[must_use]
pub fn uuid(column: &FixedSizeBinaryArray, row: usize) -> Uuid {
    Uuid::from_slice(column.value(row)).unwrap_or_default()
}

const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();

/// A date as Arrow counts it: days since 1970-01-01.
#[must_use]
pub fn day_number(date: NaiveDate) -> i32 {
    i32::try_from(date.signed_duration_since(EPOCH).num_days()).unwrap_or(i32::MAX)
}

/// The date of a day number; `None` far outside the calendar.
#[must_use]
pub fn day(number: i32) -> Option<NaiveDate> {
    let days = Days::new(u64::from(number.unsigned_abs()));
    if number < 0 { EPOCH.checked_sub_days(days) } else { EPOCH.checked_add_days(days) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::sync::Arc;

    use arrow::array::ArrayRef;

    use super::*;

    #[test]
    fn a_missing_column_and_a_wrong_type_are_named() {
        let column: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        let rows = RecordBatch::try_from_iter([("km", column)]).unwrap();
        assert_eq!(ints(&rows, "km").unwrap().value(0), 1);
        assert_eq!(floats(&rows, "fare").unwrap_err().to_string(), "column fare is missing");
        assert_eq!(
            floats(&rows, "km").unwrap_err().to_string(),
            "column km holds Int64 where numbers is needed"
        );
    }

    #[test]
    fn days_are_counted_from_1970_both_ways() {
        for (date, number) in [("1970-01-01", 0), ("1969-12-31", -1), ("2014-03-31", 16160)] {
            let date: NaiveDate = date.parse().unwrap();
            assert_eq!(day_number(date), number);
            assert_eq!(day(number), Some(date));
        }
        assert_eq!(day(i32::MAX), None);
    }
}
