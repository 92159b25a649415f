//! Who a row is about: customers by identity, members of a file by its number or text.

use std::cmp::Ordering;
use std::sync::Arc;

use lake::LakeError;
use lake::arrow::array::{Array, ArrayRef, AsArray, FixedSizeBinaryArray, Int64Array, StringArray};
use lake::arrow::datatypes::{DataType, Int32Type, Int64Type};
use uuid::Uuid;

/// A column of keys of one kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Keys {
    /// Numbers of a file.
    Int(Vec<i64>),
    /// Customers.
    Id(Vec<Uuid>),
    /// Texts of a file.
    Text(Vec<Box<str>>),
}

impl Default for Keys {
    fn default() -> Self {
        Self::Id(Vec::new())
    }
}

impl Keys {
    /// No keys yet, of the kind an Arrow column holds; `None` for what cannot be a key.
    #[must_use]
    pub fn of_type(kind: &DataType) -> Option<Self> {
        match kind {
            DataType::Int64 | DataType::Int32 => Some(Self::Int(Vec::new())),
            DataType::FixedSizeBinary(16) => Some(Self::Id(Vec::new())),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                Some(Self::Text(Vec::new()))
            }
            _ => None,
        }
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Int(keys) => keys.len(),
            Self::Id(keys) => keys.len(),
            Self::Text(keys) => keys.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a column of the same kind.
    ///
    /// # Errors
    /// [`LakeError::ColumnType`] when the column is of another kind.
    pub fn append(&mut self, column: &dyn Array) -> Result<(), LakeError> {
        if self.is_empty() {
            *self = Self::of_type(column.data_type()).ok_or_else(|| wrong(column))?;
        }
        match (self, column.data_type()) {
            (Self::Int(keys), DataType::Int64) => {
                keys.extend(column.as_primitive::<Int64Type>().values());
            }
            (Self::Int(keys), DataType::Int32) => {
                let column = column.as_primitive::<Int32Type>();
                keys.extend(column.values().iter().map(|&key| i64::from(key)));
            }
            (Self::Id(keys), DataType::FixedSizeBinary(16)) => {
                let column = column.as_fixed_size_binary();
                keys.extend((0..column.len()).map(|row| lake::column::uuid(column, row)));
            }
            (Self::Text(keys), DataType::Utf8) => {
                let column = column.as_string::<i32>();
                keys.extend((0..column.len()).map(|row| column.value(row).into()));
            }
            (Self::Text(keys), DataType::LargeUtf8) => {
                let column = column.as_string::<i64>();
                keys.extend((0..column.len()).map(|row| column.value(row).into()));
            }
            (Self::Text(keys), DataType::Utf8View) => {
                let column = column.as_string_view();
                keys.extend((0..column.len()).map(|row| column.value(row).into()));
            }
            _ => return Err(wrong(column)),
        }
        Ok(())
    }

    /// Keeps those for whom `keep` holds.
    pub fn retain(&mut self, keep: &[bool]) {
        match self {
            Self::Int(keys) => super::filter(keys, keep),
            Self::Id(keys) => super::filter(keys, keep),
            Self::Text(keys) => super::filter(keys, keep),
        }
    }

    /// The keys in `rows`, as an Arrow column.
    ///
    /// # Errors
    /// [`LakeError::Rows`], which cannot happen for keys of sixteen bytes.
    pub fn column(&self, rows: std::ops::Range<usize>) -> Result<ArrayRef, LakeError> {
        Ok(match self {
            Self::Int(keys) => Arc::new(Int64Array::from(keys[rows].to_vec())),
            Self::Id(keys) => {
                let keys = keys[rows].iter().map(Uuid::as_bytes);
                Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(keys.map(Some), 16)?)
            }
            Self::Text(keys) => {
                Arc::new(StringArray::from_iter_values(keys[rows].iter().map(AsRef::as_ref)))
            }
        })
    }

    /// The Arrow type of [`Keys::column`].
    #[must_use]
    pub fn data_type(&self) -> DataType {
        match self {
            Self::Int(_) => DataType::Int64,
            Self::Id(_) => DataType::FixedSizeBinary(16),
            Self::Text(_) => DataType::Utf8,
        }
    }

    /// How the key in `row` stands to the one in `other_row` of `other`. Keys of different kinds
    /// are never equal.
    #[must_use]
    pub fn compare(&self, row: usize, other: &Self, other_row: usize) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a[row].cmp(&b[other_row]),
            (Self::Id(a), Self::Id(b)) => a[row].cmp(&b[other_row]),
            (Self::Text(a), Self::Text(b)) => a[row].cmp(&b[other_row]),
            _ => Ordering::Less,
        }
    }

    /// Whether each key is greater than the one before.
    #[must_use]
    pub fn is_ascending(&self) -> bool {
        match self {
            Self::Int(keys) => keys.is_sorted_by(|a, b| a < b),
            Self::Id(keys) => keys.is_sorted_by(|a, b| a < b),
            Self::Text(keys) => keys.is_sorted_by(|a, b| a < b),
        }
    }
}

fn wrong(column: &dyn Array) -> LakeError {
    LakeError::ColumnType {
        column: "key".to_owned(),
        found: column.data_type().to_string(),
        wanted: "numbers, texts or identities",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn keys_of_each_kind_go_through_a_column_and_back() {
        let id = Uuid::from_u128(7);
        for keys in [
            Keys::Int(vec![1, 2, 9]),
            Keys::Id(vec![id, Uuid::from_u128(8), Uuid::from_u128(9)]),
            Keys::Text(vec!["A1".into(), "A2".into(), "B".into()]),
        ] {
            let column = keys.column(0..3).unwrap();
            assert_eq!(column.data_type(), &keys.data_type());
            let mut back = Keys::default();
            back.append(column.as_ref()).unwrap();
            assert_eq!(back, keys);
            assert!(back.is_ascending());
            back.retain(&[true, false, true]);
            assert_eq!(back.len(), 2);
            assert_eq!(back.compare(1, &keys, 2), Ordering::Equal);
        }
    }

    #[test]
    fn a_column_that_cannot_be_a_key_is_refused() {
        let floats = lake::arrow::array::Float64Array::from(vec![1.0]);
        assert!(Keys::default().append(&floats).is_err());
        let mut numbers = Keys::Int(vec![1]);
        assert!(numbers.append(&StringArray::from(vec!["a"])).is_err());
    }
}
