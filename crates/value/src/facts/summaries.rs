//! Facts from summaries: one row per member, reckoned by somebody else at an observation date.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use lake::arrow::array::Array;
use lake::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use lake::{Lake, LakeError, column};

use super::clean::{Judged, Reason};
use super::{Counted, Facts, Gathered, Keys, UNKNOWN};

/// The columns of the table `summaries` in the lake.
#[must_use]
pub fn schema() -> SchemaRef {
    let id = DataType::FixedSizeBinary(16);
    Arc::new(Schema::new(vec![
        Field::new("customer_id", id, false),
        Field::new("observed_on", DataType::Date32, false),
        Field::new("joined_on", DataType::Date32, true),
        Field::new("tenure_days", DataType::Int64, true),
        Field::new("last_flight_days", DataType::Int64, true),
        Field::new("flights", DataType::Int64, true),
        Field::new("km", DataType::Int64, true),
        Field::new("coefficient", DataType::Float64, true),
        Field::new("fare_year_1", DataType::Int64, true),
        Field::new("fare_year_2", DataType::Int64, true),
        Field::new("kept_verdict", DataType::Boolean, true),
    ]))
}

/// The latest observation date among the summaries in `folder`, not after `until`.
///
/// # Errors
/// [`LakeError`].
pub async fn latest(
    lake: &Lake,
    folder: PathBuf,
    until: NaiveDate,
) -> Result<Option<NaiveDate>, LakeError> {
    let answer = lake
        .query("SELECT max(observed_on) AS latest FROM summaries WHERE observed_on <= $until")
        .folder("summaries", folder, schema())
        .param("until", until)
        .rows()
        .await?;
    let latest = answer.first().map(|rows| column::dates(rows, "latest")).transpose()?;
    Ok(latest.filter(|d| d.len() == 1 && d.is_valid(0)).and_then(|d| column::day(d.value(0))))
}

/// Gathers the summaries of `observed`.
///
/// # Errors
/// [`LakeError`].
pub async fn gather(
    lake: &Lake,
    folder: PathBuf,
    observed: NaiveDate,
) -> Result<Gathered, LakeError> {
    let mut rows = Rows::default();
    lake.query("SELECT * FROM summaries WHERE observed_on = $observed ORDER BY customer_id")
        .folder("summaries", folder, schema())
        .param("observed", observed)
        .each(|batch| rows.take(&batch, observed))
        .await?;
    Ok(rows.cleaned())
}

#[derive(Default)]
struct Rows {
    facts: Facts,
    judged: Vec<Judged>,
}

impl Rows {
    fn take(
        &mut self,
        batch: &lake::arrow::record_batch::RecordBatch,
        observed: NaiveDate,
    ) -> Result<(), LakeError> {
        let observed = column::day_number(observed);
        self.facts.keys.append(column::uuids(batch, "customer_id")?)?;
        let joined = column::dates(batch, "joined_on")?;
        let tenure = column::ints(batch, "tenure_days")?;
        let last = column::ints(batch, "last_flight_days")?;
        let flights = column::ints(batch, "flights")?;
        let km = column::ints(batch, "km")?;
        let coefficient = column::floats(batch, "coefficient")?;
        let first_year = column::ints(batch, "fare_year_1")?;
        let second_year = column::ints(batch, "fare_year_2")?;
        let verdict = column::bools(batch, "kept_verdict")?;
        for row in 0..batch.num_rows() {
            let int = |column: &lake::arrow::array::Int64Array| {
                column.is_valid(row).then(|| column.value(row))
            };
            let days = |days: Option<i64>| {
                days.and_then(|d| i32::try_from(d).ok()).filter(|d| *d >= 0).unwrap_or(UNKNOWN)
            };
            let since_joining =
                || joined.is_valid(row).then(|| i64::from(observed - joined.value(row)));
            self.facts.tenure.push(days(int(tenure).or_else(since_joining)));
            self.facts.last.push(days(int(last)));
            let known = coefficient.is_valid(row).then(|| coefficient.value(row));
            let judged = Judged {
                verdict: verdict.is_valid(row).then(|| verdict.value(row)),
                fares: [int(first_year), int(second_year)],
                flights: int(flights).unwrap_or(0),
                km: int(km).unwrap_or(0),
                coefficient: known,
            };
            self.facts.flights.push(u32::try_from(judged.flights).unwrap_or(0));
            self.facts.km.push(judged.km);
            self.facts.coefficient.push(known.unwrap_or(f64::NAN));
            self.judged.push(judged);
        }
        Ok(())
    }

    fn cleaned(mut self) -> Gathered {
        let fares_known = self.judged.iter().any(|j| j.fares.iter().any(Option::is_some));
        let reasons: Vec<Option<Reason>> =
            self.judged.iter().map(|judged| judged.reason(fares_known)).collect();
        let read = reasons.len() as u64;
        let dropped = drop_by_reason(&self.facts.keys, &reasons);
        let keep: Vec<bool> = reasons.iter().map(Option::is_none).collect();
        self.facts.retain(&keep);
        Gathered { read, segments: None, facts: self.facts, dropped, fares_known }
    }
}

/// The keys of each reason, in the order of the rules.
pub(super) fn drop_by_reason(keys: &Keys, reasons: &[Option<Reason>]) -> Vec<Counted> {
    let mut dropped = Vec::new();
    for reason in Reason::ALL {
        let here: Vec<bool> = reasons.iter().map(|r| *r == Some(reason)).collect();
        if here.contains(&true) {
            let mut keys = keys.clone();
            keys.retain(&here);
            dropped.push(Counted { reason, keys });
        }
    }
    dropped
}
