//! Facts from flown segments, by two questions to the lake: one groups the segments that count by
//! member, one finds the members who only have segments that do not.
//!
//! Sums are formed of whole numbers (coefficients as billionths), so that they come out the same on
//! any number of cores.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use lake::arrow::array::Array;
use lake::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use lake::arrow::record_batch::RecordBatch;
use lake::{Lake, LakeError, Query, column};

use super::clean::Reason;
use super::summaries::drop_by_reason;
use super::{Facts, Gathered, Habits, Keys, UNKNOWN};

/// Coefficients are summed in units of this.
const BILLION: f64 = 1e9;

/// Where segments are and what their columns are called. Names come from the program or have been
/// checked against the file's own columns; they are quoted in questions.
#[derive(Clone, Debug)]
pub struct Segments {
    /// A folder of the lake, or one file.
    pub place: Place,
    /// Who flew.
    pub key: String,
    /// When.
    pub date: String,
    /// How far.
    pub km: String,
    /// What was paid, in minor units.
    pub fare: String,
    /// The cabin discount coefficient.
    pub discount: String,
    /// The lake's own columns `outcome` and `cabin` are there too, and habits are wanted.
    pub habits: bool,
}

/// Where segments are.
#[derive(Clone, Debug)]
pub enum Place {
    /// The table `segments` of the lake.
    Folder(PathBuf),
    /// One Parquet file.
    File(PathBuf),
}

impl Segments {
    /// The lake's own table in `folder`.
    #[must_use]
    pub fn of_lake(folder: PathBuf) -> Self {
        Self {
            place: Place::Folder(folder),
            key: "customer_id".to_owned(),
            date: "flight_date".to_owned(),
            km: "km".to_owned(),
            fare: "fare_minor".to_owned(),
            discount: "discount".to_owned(),
            habits: true,
        }
    }

    fn ask(&self, lake: &Lake, sql: &str) -> Query {
        let names = [
            ("{key}", &self.key),
            ("{date}", &self.date),
            ("{km}", &self.km),
            ("{fare}", &self.fare),
            ("{discount}", &self.discount),
        ];
        let sql = names.iter().fold(sql.to_owned(), |sql, (hole, name)| {
            sql.replace(hole, &format!("\"{}\"", name.replace('"', "\"\"")))
        });
        let flown = if self.habits { " AND outcome = 'flown'" } else { "" };
        let query = lake.query(sql.replace("{flown}", flown));
        match &self.place {
            Place::Folder(folder) => query.folder("segments", folder, schema()),
            Place::File(file) => query.file("segments", file),
        }
    }
}

/// The columns of the table `segments` in the lake that are read here.
#[must_use]
pub fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("customer_id", DataType::FixedSizeBinary(16), false),
        Field::new("flight_date", DataType::Date32, false),
        Field::new("km", DataType::Int64, true),
        Field::new("fare_minor", DataType::Int64, true),
        Field::new("discount", DataType::Float64, true),
        Field::new("outcome", DataType::Utf8, true),
        Field::new("origin", DataType::Utf8, true),
        Field::new("destination", DataType::Utf8, true),
        Field::new("cabin", DataType::Utf8, true),
    ]))
}

/// Days in which a return counts as fresh; the same as the lifecycle rules' `fresh_within`.
pub const FRESH_DAYS: u64 = 180;

/// What a table of segments holds as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overview {
    /// Segments.
    pub rows: u64,
    /// Segments with a fare.
    pub fares: u64,
    /// Earliest and latest flight.
    pub span: Option<(NaiveDate, NaiveDate)>,
}

/// Looks at a table of segments as a whole: answered from the files' own statistics.
///
/// # Errors
/// [`LakeError`].
pub async fn overview(lake: &Lake, segments: &Segments) -> Result<Overview, LakeError> {
    let sql = "SELECT count(*) AS n, count({fare}) AS fares, min({date}) AS first, \
               max({date}) AS last FROM segments";
    let answer = segments.ask(lake, sql).rows().await?;
    let Some(rows) = answer.first() else { return Ok(Overview { rows: 0, fares: 0, span: None }) };
    let count = |name| -> Result<u64, LakeError> {
        Ok(u64::try_from(column::ints(rows, name)?.value(0)).unwrap_or(0))
    };
    let day = |name| -> Result<Option<NaiveDate>, LakeError> {
        let days = column::dates(rows, name)?;
        Ok(days.is_valid(0).then(|| column::day(days.value(0))).flatten())
    };
    Ok(Overview {
        rows: count("n")?,
        fares: count("fares")?,
        span: day("first")?.zip(day("last")?),
    })
}

/// The first day of a window of `months` that ends with `observed`: the day after the same day so
/// many months before.
#[must_use]
pub fn window_start(observed: NaiveDate, months: u32) -> NaiveDate {
    observed
        .checked_sub_months(Months::new(months))
        .and_then(|day| day.checked_add_days(Days::new(1)))
        .unwrap_or(NaiveDate::MIN)
}

const COUNTS: &str = "({fare} <> 0 OR (coalesce({km}, 0) = 0 AND coalesce({discount}, 0) = 0))";
const WINDOW: &str = "{date} >= $from AND {date} <= $to{flown}";
const CORE: &str = "{key} AS key, max({date}) AS last, count(*) AS flights, \
    sum(CAST({km} AS BIGINT)) AS km, \
    sum(CAST(round({discount} * 1000000000.0) AS BIGINT)) AS discount, \
    count({discount}) AS discounts";
const HABITS: &str = ", min({date}) AS first, \
    sum(CASE WHEN {date} > $year THEN 1 ELSE 0 END) AS last_year, \
    max(CASE WHEN {date} <= $fresh THEN {date} END) AS before_fresh, \
    min(CASE WHEN {date} > $fresh THEN {date} END) AS first_fresh, \
    sum(CASE WHEN cabin IN ('business', 'first') THEN 1 ELSE 0 END) AS premium";

/// Gathers the facts of the window. Tenure is unknown until [`super::Members::join`].
///
/// # Errors
/// [`LakeError`].
pub async fn gather(
    lake: &Lake,
    segments: &Segments,
    observed: NaiveDate,
    window_months: u32,
) -> Result<Gathered, LakeError> {
    let fares_known = overview(lake, segments).await?.fares > 0;
    let from = window_start(observed, window_months);
    let counts = if fares_known { format!(" AND {COUNTS}") } else { String::new() };
    let habits = if segments.habits { HABITS } else { "" };
    let sql = format!(
        "SELECT {CORE}{habits} FROM segments WHERE {WINDOW}{counts} GROUP BY {{key}} ORDER BY key"
    );
    let back = |days| observed.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
    let mut query = segments.ask(lake, &sql).param("from", from).param("to", observed);
    if segments.habits {
        query = query.param("year", back(365)).param("fresh", back(FRESH_DAYS));
    }
    let mut columns = Columns::new(observed, segments.habits);
    query.each(|batch| columns.take(&batch)).await?;
    let mut gathered = columns.gathered(fares_known);
    if fares_known {
        left_out(lake, segments, (from, observed), &mut gathered).await?;
    }
    Ok(gathered)
}

/// Finds the members who have only segments that do not count, with the gravest reason of each.
async fn left_out(
    lake: &Lake,
    segments: &Segments,
    (from, to): (NaiveDate, NaiveDate),
    gathered: &mut Gathered,
) -> Result<(), LakeError> {
    let sql = format!(
        "SELECT {{key}} AS key, count(*) AS segments, min(CASE WHEN {{fare}} IS NULL THEN 0 \
         WHEN coalesce({{discount}}, 0) = 0 THEN 1 ELSE 2 END) AS reason \
         FROM segments WHERE {WINDOW} AND ({{fare}} IS NULL OR {{fare}} = 0) \
         AND NOT (coalesce({{km}}, 0) = 0 AND coalesce({{discount}}, 0) = 0) \
         GROUP BY {{key}} ORDER BY key"
    );
    let (mut keys, mut reasons, mut count) = (Keys::default(), Vec::new(), 0_u64);
    let query = segments.ask(lake, &sql).param("from", from).param("to", to);
    query
        .each(|batch| {
            keys.append(key_column(&batch)?)?;
            let codes = column::ints(&batch, "reason")?;
            reasons.extend(codes.values().iter().map(|code| match code {
                0 => Reason::NoFareRecord,
                1 => Reason::ZeroDiscountWithKm,
                _ => Reason::NoFarePaid,
            }));
            count += column::ints(&batch, "segments")?
                .values()
                .iter()
                .map(|&n| u64::try_from(n).unwrap_or(0))
                .sum::<u64>();
            Ok::<(), LakeError>(())
        })
        .await?;
    let kept = &gathered.facts.keys;
    let mut at = 0;
    let only: Vec<Option<Reason>> = (0..keys.len())
        .map(|row| {
            while at < kept.len() && kept.compare(at, &keys, row).is_lt() {
                at += 1;
            }
            let also_kept = at < kept.len() && kept.compare(at, &keys, row).is_eq();
            (!also_kept).then_some(reasons[row])
        })
        .collect();
    gathered.read += only.iter().flatten().count() as u64;
    gathered.segments = gathered.segments.map(|n| n + count);
    gathered.dropped = drop_by_reason(&keys, &only);
    Ok(())
}

fn key_column(batch: &RecordBatch) -> Result<&dyn Array, LakeError> {
    let missing = || LakeError::NoColumn { column: "key".to_owned() };
    Ok(batch.column_by_name("key").ok_or_else(missing)?.as_ref())
}

struct Columns {
    observed: i32,
    facts: Facts,
    segments: u64,
}

impl Columns {
    fn new(observed: NaiveDate, habits: bool) -> Self {
        let facts = Facts { habits: habits.then(Habits::default), ..Facts::default() };
        Self { observed: column::day_number(observed), facts, segments: 0 }
    }

    fn take(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        let observed = self.observed;
        let facts = &mut self.facts;
        facts.keys.append(key_column(batch)?)?;
        let since = |day: &i32| observed - day;
        let small = |n: &i64| u32::try_from(*n).unwrap_or(u32::MAX);
        facts.last.extend(column::dates(batch, "last")?.values().iter().map(since));
        let flights = column::ints(batch, "flights")?.values();
        facts.flights.extend(flights.iter().map(small));
        self.segments += flights.iter().map(|&n| u64::try_from(n).unwrap_or(0)).sum::<u64>();
        facts.km.extend(column::ints(batch, "km")?.iter().map(|km| km.unwrap_or(0)));
        let sums = column::ints(batch, "discount")?;
        let counted = column::ints(batch, "discounts")?.values();
        facts.coefficient.extend(sums.iter().zip(counted).map(|(sum, &n)| match sum {
            Some(sum) if n > 0 => sum as f64 / BILLION / n as f64,
            _ => f64::NAN,
        }));
        if let Some(habits) = &mut facts.habits {
            let last_year = column::ints(batch, "last_year")?.values();
            habits.last_year.extend(last_year.iter().map(small));
            habits.premium.extend(column::ints(batch, "premium")?.values().iter().map(small));
            habits.first.extend(column::dates(batch, "first")?.values().iter().map(since));
            let before = column::dates(batch, "before_fresh")?;
            let fresh = column::dates(batch, "first_fresh")?;
            for (before, fresh) in before.iter().zip(fresh) {
                let pause = before.zip(fresh).map(|(before, fresh)| fresh - before);
                habits.pause.push(pause.unwrap_or(UNKNOWN));
                habits.returned.push(fresh.map_or(UNKNOWN, |day| observed - day));
            }
        }
        Ok(())
    }

    fn gathered(self, fares_known: bool) -> Gathered {
        let mut facts = self.facts;
        facts.tenure = vec![UNKNOWN; facts.last.len()];
        let read = facts.len() as u64;
        Gathered { read, segments: Some(self.segments), facts, dropped: Vec::new(), fares_known }
    }
}
