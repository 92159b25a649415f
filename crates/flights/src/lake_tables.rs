//! The Parquet copies analysis reads: `segments/YYYY-MM.parquet` and `summaries/all.parquet`.
//!
//! Writing facts marks a partition stale ([`crate::facts`]); [`Flights::refresh_lake`] writes the
//! stale ones anew from SQL, row by row, and replaces the old file in one step. A crash in between
//! leaves the old file and the mark.

use std::sync::Arc;

use chrono::NaiveDate;
use lake::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, FixedSizeBinaryBuilder, Float64Builder, Int64Builder,
    StringBuilder,
};
use lake::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use lake::arrow::record_batch::RecordBatch;
use lake::{Lake, ParquetOptions, ParquetOut};
use store::sql;
use uuid::Uuid;

use crate::segments::next_month;
use crate::{Error, Flights, Result};

/// Name of the table of segments in the lake.
pub const SEGMENTS: &str = "segments";
/// Name of the table of summaries in the lake.
pub const SUMMARIES: &str = "summaries";

const BATCH: usize = 65_536;

/// What a refresh did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// Partitions written or removed.
    pub partitions: u64,
    /// Rows written.
    pub rows: u64,
}

#[derive(sqlx::FromRow)]
struct Stale {
    table_name: String,
    month: String,
    version: i64,
}

impl Flights {
    /// Writes the stale partitions. `progress` is told partitions done and in all.
    ///
    /// # Errors
    /// When the database or the disk fails; partitions already written stay written.
    pub async fn refresh_lake(
        &self,
        lake: &Lake,
        mut progress: impl FnMut(u64, u64) + Send,
    ) -> Result<Refreshed> {
        let stale: Vec<Stale> = {
            let mut tx = self.db.read().await?;
            tx.all(sql("SELECT table_name, month, version FROM lake_partition
                        WHERE version > written_version ORDER BY table_name, month"))
                .await?
        };
        let mut done = Refreshed::default();
        for partition in &stale {
            progress(done.partitions, stale.len() as u64);
            done.rows += self.write(lake, partition).await?;
            let mut tx = self.db.begin().await?;
            tx.exec(
                sql("UPDATE lake_partition SET written_version = $3
                     WHERE table_name = $1 AND month = $2 AND written_version < $3")
                .bind(&partition.table_name)
                .bind(&partition.month)
                .bind(partition.version),
            )
            .await?;
            tx.commit().await?;
            done.partitions += 1;
        }
        progress(done.partitions, stale.len() as u64);
        Ok(done)
    }

    async fn write(&self, lake: &Lake, partition: &Stale) -> Result<u64> {
        let path =
            lake.table_dir(&partition.table_name)?.join(format!("{}.parquet", partition.month));
        let rows = if partition.table_name == SEGMENTS {
            let first = format!("{}-01", partition.month);
            let Ok(first) = first.parse::<NaiveDate>() else { return Ok(0) };
            self.write_segments(&path, first).await?
        } else {
            self.write_summaries(&path).await?
        };
        if rows == 0 && path.exists() {
            tokio::fs::remove_file(&path).await.map_err(store::Error::from)?;
        }
        Ok(rows)
    }

    async fn write_segments(&self, path: &std::path::Path, first: NaiveDate) -> Result<u64> {
        let mut tx = self.db.read().await?;
        let mut out = Out::new(path, segment_schema());
        let mut batch = SegmentBatch::default();
        tx.each::<SegmentRow, Error>(
            sql("SELECT customer_id, flight_date, km, fare_minor, discount, outcome, origin,
                    destination, cabin
                 FROM counted_segment WHERE flight_date >= $1 AND flight_date < $2")
            .bind(first)
            .bind(next_month(first)),
            |row| {
                batch.push(row)?;
                if batch.rows == BATCH { out.write(batch.finish()) } else { Ok(()) }
            },
        )
        .await?;
        out.write(batch.finish())?;
        out.finish()
    }

    async fn write_summaries(&self, path: &std::path::Path) -> Result<u64> {
        let mut tx = self.db.read().await?;
        let mut out = Out::new(path, summary_schema());
        let mut batch = SummaryBatch::default();
        tx.each::<SummaryRow, Error>(
            sql("SELECT customer_id, observed_on, joined_on, tenure_days, last_flight_days, flights,
                    km, coefficient, fare_year_1, fare_year_2, kept_verdict
                 FROM activity_summary"),
            |row| {
                batch.push(&row)?;
                if batch.rows == BATCH { out.write(batch.finish()) } else { Ok(()) }
            },
        )
        .await?;
        out.write(batch.finish())?;
        out.finish()
    }
}

/// A file that is begun with its first rows: an empty partition leaves none.
struct Out<'a> {
    path: &'a std::path::Path,
    schema: SchemaRef,
    file: Option<ParquetOut>,
}

impl<'a> Out<'a> {
    fn new(path: &'a std::path::Path, schema: SchemaRef) -> Self {
        Self { path, schema, file: None }
    }

    fn write(&mut self, columns: Vec<ArrayRef>) -> Result<()> {
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(Error::Columns)?;
        if batch.num_rows() == 0 {
            return Ok(());
        }
        if self.file.is_none() {
            let options = ParquetOptions::default();
            self.file = Some(ParquetOut::create(self.path, self.schema.clone(), options)?);
        }
        if let Some(file) = &mut self.file {
            file.write(&batch)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<u64> {
        Ok(match self.file {
            Some(file) => file.finish()?.rows,
            None => 0,
        })
    }
}

fn days(day: NaiveDate) -> i32 {
    i32::try_from((day - NaiveDate::default()).num_days()).unwrap_or(0)
}

fn id_field(name: &str) -> Field {
    Field::new(name, DataType::FixedSizeBinary(16), false)
}

#[derive(sqlx::FromRow)]
struct SegmentRow {
    customer_id: Uuid,
    flight_date: NaiveDate,
    km: i64,
    fare_minor: Option<i64>,
    discount: Option<f64>,
    outcome: String,
    origin: Option<String>,
    destination: Option<String>,
    cabin: Option<String>,
}

pub(crate) fn segment_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        id_field("customer_id"),
        Field::new("flight_date", DataType::Date32, false),
        Field::new("km", DataType::Int64, false),
        Field::new("fare_minor", DataType::Int64, true),
        Field::new("discount", DataType::Float64, true),
        Field::new("outcome", DataType::Utf8, false),
        Field::new("origin", DataType::Utf8, true),
        Field::new("destination", DataType::Utf8, true),
        Field::new("cabin", DataType::Utf8, true),
    ]))
}

struct SegmentBatch {
    rows: usize,
    customer: FixedSizeBinaryBuilder,
    day: Date32Builder,
    km: Int64Builder,
    fare: Int64Builder,
    discount: Float64Builder,
    outcome: StringBuilder,
    origin: StringBuilder,
    destination: StringBuilder,
    cabin: StringBuilder,
}

impl Default for SegmentBatch {
    fn default() -> Self {
        Self {
            rows: 0,
            customer: FixedSizeBinaryBuilder::new(16),
            day: Date32Builder::new(),
            km: Int64Builder::new(),
            fare: Int64Builder::new(),
            discount: Float64Builder::new(),
            outcome: StringBuilder::new(),
            origin: StringBuilder::new(),
            destination: StringBuilder::new(),
            cabin: StringBuilder::new(),
        }
    }
}

impl SegmentBatch {
    fn push(&mut self, row: SegmentRow) -> Result<()> {
        self.customer.append_value(row.customer_id.as_bytes()).map_err(Error::Columns)?;
        self.day.append_value(days(row.flight_date));
        self.km.append_value(row.km);
        self.fare.append_option(row.fare_minor);
        self.discount.append_option(row.discount);
        self.outcome.append_value(row.outcome);
        self.origin.append_option(row.origin);
        self.destination.append_option(row.destination);
        self.cabin.append_option(row.cabin);
        self.rows += 1;
        Ok(())
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        self.rows = 0;
        vec![
            Arc::new(self.customer.finish()),
            Arc::new(self.day.finish()),
            Arc::new(self.km.finish()),
            Arc::new(self.fare.finish()),
            Arc::new(self.discount.finish()),
            Arc::new(self.outcome.finish()),
            Arc::new(self.origin.finish()),
            Arc::new(self.destination.finish()),
            Arc::new(self.cabin.finish()),
        ]
    }
}

#[derive(sqlx::FromRow)]
struct SummaryRow {
    customer_id: Uuid,
    observed_on: NaiveDate,
    joined_on: Option<NaiveDate>,
    tenure_days: Option<i64>,
    last_flight_days: Option<i64>,
    flights: i64,
    km: i64,
    coefficient: Option<f64>,
    fare_year_1: Option<i64>,
    fare_year_2: Option<i64>,
    kept_verdict: Option<bool>,
}

pub(crate) fn summary_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        id_field("customer_id"),
        Field::new("observed_on", DataType::Date32, false),
        Field::new("joined_on", DataType::Date32, true),
        Field::new("tenure_days", DataType::Int64, true),
        Field::new("last_flight_days", DataType::Int64, true),
        Field::new("flights", DataType::Int64, false),
        Field::new("km", DataType::Int64, false),
        Field::new("coefficient", DataType::Float64, true),
        Field::new("fare_year_1", DataType::Int64, true),
        Field::new("fare_year_2", DataType::Int64, true),
        Field::new("kept_verdict", DataType::Boolean, true),
    ]))
}

struct SummaryBatch {
    rows: usize,
    customer: FixedSizeBinaryBuilder,
    observed: Date32Builder,
    joined: Date32Builder,
    whole: [Int64Builder; 6],
    coefficient: Float64Builder,
    kept: BooleanBuilder,
}

impl Default for SummaryBatch {
    fn default() -> Self {
        Self {
            rows: 0,
            customer: FixedSizeBinaryBuilder::new(16),
            observed: Date32Builder::new(),
            joined: Date32Builder::new(),
            whole: std::array::from_fn(|_| Int64Builder::new()),
            coefficient: Float64Builder::new(),
            kept: BooleanBuilder::new(),
        }
    }
}

impl SummaryBatch {
    fn push(&mut self, row: &SummaryRow) -> Result<()> {
        self.customer.append_value(row.customer_id.as_bytes()).map_err(Error::Columns)?;
        self.observed.append_value(days(row.observed_on));
        self.joined.append_option(row.joined_on.map(days));
        let whole = [
            row.tenure_days,
            row.last_flight_days,
            Some(row.flights),
            Some(row.km),
            row.fare_year_1,
            row.fare_year_2,
        ];
        for (builder, value) in self.whole.iter_mut().zip(whole) {
            builder.append_option(value);
        }
        self.coefficient.append_option(row.coefficient);
        self.kept.append_option(row.kept_verdict);
        self.rows += 1;
        Ok(())
    }

    fn finish(&mut self) -> Vec<ArrayRef> {
        self.rows = 0;
        let [tenure, last, flights, km, fare_1, fare_2] = &mut self.whole;
        vec![
            Arc::new(self.customer.finish()),
            Arc::new(self.observed.finish()),
            Arc::new(self.joined.finish()),
            Arc::new(tenure.finish()),
            Arc::new(last.finish()),
            Arc::new(flights.finish()),
            Arc::new(km.finish()),
            Arc::new(self.coefficient.finish()),
            Arc::new(fare_1.finish()),
            Arc::new(fare_2.finish()),
            Arc::new(self.kept.finish()),
        ]
    }
}
