//! Reading result files back: labels of all members, or everything of one.

use std::path::Path;

use chrono::NaiveDate;
use lake::arrow::array::Array;
use lake::arrow::record_batch::RecordBatch;
use lake::{LakeError, ParquetIn, column};
use stats::Lifecycle;
use uuid::Uuid;

use super::result::{KEY, RANKS};
use crate::scheme::Attribute;

/// One member of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Who.
    pub customer: Uuid,
    /// L, R, F, M and C; NaN where unknown.
    pub lrfmc: [f64; 5],
    /// The group's place in the run's names; `None` for who is in none.
    pub group: Option<u8>,
    /// The group's name.
    pub name: Option<String>,
    /// Ranks in ten-thousandths, in the order of [`Attribute::MEASURED`].
    pub ranks: [u16; Attribute::MEASURED.len()],
    /// Score in hundredths of a point.
    pub score: u16,
    /// Lifecycle state.
    pub lifecycle: Option<Lifecycle>,
    /// Day of the last flight.
    pub last_flight_on: Option<NaiveDate>,
    /// Flights in business or first, when the source tells.
    pub premium: Option<i64>,
}

/// Takes all rows of a batch apart.
///
/// # Errors
/// [`LakeError`] when the file is not a result.
pub fn members(batch: &RecordBatch) -> Result<Vec<Member>, LakeError> {
    let ids = column::uuids(batch, KEY)?;
    let (l, r, c) =
        (column::floats(batch, "l")?, column::floats(batch, "r")?, column::floats(batch, "c")?);
    let (f, m) = (column::ints(batch, "f")?, column::ints(batch, "m")?);
    let (group, name) = (column::bytes(batch, "group")?, column::texts(batch, "name")?);
    let (score, state) = (column::shorts(batch, "score")?, column::bytes(batch, "lifecycle")?);
    let (last, premium) =
        (column::dates(batch, "last_flight_on")?, column::ints(batch, "premium")?);
    let mut rank_columns = Vec::with_capacity(RANKS.len());
    for name in RANKS {
        rank_columns.push(column::shorts(batch, name)?);
    }
    let float = |column: &lake::arrow::array::Float64Array, row: usize| {
        if column.is_valid(row) { column.value(row) } else { f64::NAN }
    };
    let one = |row: usize| Member {
        customer: column::uuid(ids, row),
        lrfmc: [
            float(l, row),
            float(r, row),
            f.value(row) as f64,
            m.value(row) as f64,
            float(c, row),
        ],
        group: group.is_valid(row).then(|| group.value(row)),
        name: name.is_valid(row).then(|| name.value(row).to_owned()),
        ranks: std::array::from_fn(|place| rank_columns[place].value(row)),
        score: score.value(row),
        lifecycle: Lifecycle::ALL.get(usize::from(state.value(row))).copied(),
        last_flight_on: last.is_valid(row).then(|| column::day(last.value(row))).flatten(),
        premium: premium.is_valid(row).then(|| premium.value(row)),
    };
    Ok((0..batch.num_rows()).map(one).collect())
}

/// Who was in which group in a run, and where they stood: for comparing runs.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// Ascending.
    pub customers: Vec<Uuid>,
    /// Group, `None` for who was in none.
    pub groups: Vec<Option<u8>>,
    /// Place of the lifecycle state.
    pub states: Vec<u8>,
    /// Day number of the last flight.
    pub last: Vec<Option<i32>>,
}

/// Reads the labels of a result.
///
/// # Errors
/// [`LakeError`] when the file is missing or not a result.
pub fn labels(path: &Path) -> Result<Labels, LakeError> {
    let mut labels = Labels::default();
    let columns = [KEY, "group", "lifecycle", "last_flight_on"];
    for batch in ParquetIn::open(path)?.columns(&columns).batches()? {
        let batch = batch?;
        let ids = column::uuids(&batch, KEY)?;
        labels.customers.extend((0..ids.len()).map(|row| column::uuid(ids, row)));
        labels.groups.extend(column::bytes(&batch, "group")?.iter());
        labels.states.extend(column::bytes(&batch, "lifecycle")?.values());
        labels.last.extend(column::dates(&batch, "last_flight_on")?.iter());
    }
    Ok(labels)
}
