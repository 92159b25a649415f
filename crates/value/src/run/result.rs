//! The result of a run as Parquet: one row per member kept, ascending by key, made for look-ups; and
//! beside it the members who were dropped, with the reason.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use lake::arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, StringArray, UInt8Array, UInt16Array,
};
use lake::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use lake::arrow::record_batch::RecordBatch;
use lake::{LakeError, ParquetOptions, ParquetOut, Written, column};

use super::cluster::{Groups, NO_GROUP};
use super::describe::Standings;
use crate::facts::{Counted, Facts, UNKNOWN};
use crate::group;
use crate::scheme::Attribute;

/// Rows written at a time.
const CHUNK: usize = 65_536;

/// The column of customers in a run of the house.
pub const KEY: &str = "customer_id";

/// What kind of result is written.
#[derive(Clone, Copy, Debug)]
pub enum Shape<'a> {
    /// Keys, features and groups, as a file somebody asked for.
    Plain {
        /// Name of the key column.
        key: &'a str,
    },
    /// Everything the pages need.
    Full {
        /// Ranks, scores and states.
        standings: &'a Standings,
        /// The day the members were looked at.
        observed_on: NaiveDate,
    },
}

/// Where the result of a run is kept.
#[must_use]
pub fn path(runs: &Path, id: uuid::Uuid) -> PathBuf {
    runs.join(format!("{id}.parquet"))
}

/// Where the dropped members of a run are kept.
#[must_use]
pub fn dropped_path(runs: &Path, id: uuid::Uuid) -> PathBuf {
    runs.join(format!("{id}.dropped.parquet"))
}

/// Names of the rank columns, in the order of [`Attribute::MEASURED`].
pub const RANKS: [&str; Attribute::MEASURED.len()] =
    ["rank_l", "rank_r", "rank_f", "rank_m", "rank_c", "rank_v"];

fn schema(facts: &Facts, shape: &Shape<'_>) -> SchemaRef {
    let field = |name: &str, kind: DataType, null: bool| Field::new(name, kind, null);
    let key = match shape {
        Shape::Plain { key } => key,
        Shape::Full { .. } => KEY,
    };
    let mut fields = vec![
        field(key, facts.keys.data_type(), false),
        field("l", DataType::Float64, true),
        field("r", DataType::Float64, true),
        field("f", DataType::Int64, false),
        field("m", DataType::Int64, false),
        field("c", DataType::Float64, true),
        field("group", DataType::UInt8, true),
        field("name", DataType::Utf8, true),
    ];
    if let Shape::Full { .. } = shape {
        fields.extend(RANKS.map(|name| field(name, DataType::UInt16, false)));
        fields.extend([
            field("score", DataType::UInt16, false),
            field("lifecycle", DataType::UInt8, false),
            field("last_flight_on", DataType::Date32, true),
            field("premium", DataType::Int64, true),
        ]);
    }
    Arc::new(Schema::new(fields))
}

/// Writes the result to `path`. `told` hears the rows written so far and may break off.
///
/// # Errors
/// [`LakeError`]; nothing is left at `path` then but what was there before.
pub fn write(
    path: &Path,
    facts: &Facts,
    groups: &Groups,
    shape: Shape<'_>,
    mut told: impl FnMut(u64) -> Result<(), LakeError>,
) -> Result<Written, LakeError> {
    let schema = schema(facts, &shape);
    let options = match shape {
        Shape::Plain { .. } => ParquetOptions::default(),
        Shape::Full { .. } => ParquetOptions { sorted_by: Some(KEY), ..ParquetOptions::default() },
    };
    let mut out = ParquetOut::create(path, schema.clone(), options)?;
    let names: Vec<String> = groups.names.iter().map(|name| group::name_code(*name)).collect();
    for from in (0..facts.len()).step_by(CHUNK) {
        let rows = from..(from + CHUNK).min(facts.len());
        let mut columns = plain(facts, groups, &names, rows.clone())?;
        if let Shape::Full { standings, observed_on } = shape {
            columns.extend(full(facts, standings, observed_on, rows.clone()));
        }
        out.write(&RecordBatch::try_new(schema.clone(), columns)?)?;
        told(rows.end as u64)?;
    }
    out.finish()
}

fn plain(
    facts: &Facts,
    groups: &Groups,
    names: &[String],
    rows: std::ops::Range<usize>,
) -> Result<Vec<ArrayRef>, LakeError> {
    let feature = |place: usize| -> ArrayRef {
        let values = rows.clone().map(|row| facts.lrfmc(row)[place]);
        Arc::new(Float64Array::from_iter(values.map(|v| v.is_finite().then_some(v))))
    };
    let label = |row: usize| Some(groups.labels[row]).filter(|label| *label != NO_GROUP);
    let name = |row: usize| label(row).and_then(|l| names.get(usize::from(l)));
    Ok(vec![
        facts.keys.column(rows.clone())?,
        feature(0),
        feature(1),
        Arc::new(Int64Array::from_iter_values(
            facts.flights[rows.clone()].iter().map(|&f| i64::from(f)),
        )),
        Arc::new(Int64Array::from_iter_values(facts.km[rows.clone()].iter().copied())),
        feature(4),
        Arc::new(UInt8Array::from_iter(rows.clone().map(label))),
        Arc::new(StringArray::from_iter(rows.clone().map(name))),
    ])
}

fn full(
    facts: &Facts,
    standings: &Standings,
    observed_on: NaiveDate,
    rows: std::ops::Range<usize>,
) -> Vec<ArrayRef> {
    let observed = column::day_number(observed_on);
    let mut columns: Vec<ArrayRef> = Vec::new();
    for ranks in &standings.ranks {
        columns.push(Arc::new(UInt16Array::from(ranks[rows.clone()].to_vec())));
    }
    columns.push(Arc::new(UInt16Array::from(standings.scores[rows.clone()].to_vec())));
    columns.push(Arc::new(UInt8Array::from(standings.lifecycle[rows.clone()].to_vec())));
    let last = facts.last[rows.clone()].iter();
    columns.push(Arc::new(Date32Array::from_iter(
        last.map(|&days| (days != UNKNOWN).then(|| observed - days)),
    )));
    let premium = |row: usize| facts.habits.as_ref().map(|h| i64::from(h.premium[row]));
    columns.push(Arc::new(Int64Array::from_iter(rows.map(premium))));
    columns
}

/// Writes who was dropped and why.
///
/// # Errors
/// [`LakeError`].
pub fn write_dropped(path: &Path, dropped: &[Counted]) -> Result<(), LakeError> {
    let Some(first) = dropped.first() else { return Ok(()) };
    let schema: SchemaRef = Arc::new(Schema::new(vec![
        Field::new(KEY, first.keys.data_type(), false),
        Field::new("reason", DataType::Utf8, false),
    ]));
    let mut out = ParquetOut::create(path, schema.clone(), ParquetOptions::default())?;
    for Counted { reason, keys } in dropped {
        let words = StringArray::from_iter_values(std::iter::repeat_n(reason.code(), keys.len()));
        let columns: Vec<ArrayRef> = vec![keys.column(0..keys.len())?, Arc::new(words)];
        out.write(&RecordBatch::try_new(schema.clone(), columns)?)?;
    }
    out.finish().map(drop)
}
