//! A run without a database: segments and members as Parquet files in, groups as a Parquet file out.

use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::NaiveDate;
use lake::{Lake, LakeError, ParquetIn};

use super::engine::{self, Ask};
use super::model::{Phase, Report, RunParams, Source, Watch, tell};
use super::result::{self, Shape};
use crate::error::{Error, Result};
use crate::facts::segments::{self, Place, Segments};
use crate::facts::{Gathered, Members};

/// Which files.
#[derive(Clone, Debug)]
pub struct Files {
    /// Flown segments: who, when, how far, what was paid, coefficient.
    pub segments: PathBuf,
    /// Members and when they joined.
    pub members: PathBuf,
    /// Where the result goes; an old file there is replaced at once at the end.
    pub out: PathBuf,
}

/// How long each part took, in seconds.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Seconds {
    /// From files to features.
    pub features: f64,
    /// From features to groups.
    pub cluster: f64,
    /// From groups to the written result.
    pub write: f64,
}

/// The names under which a column is looked for, best first.
const KEY: &[&str] = &["member_id", "customer_id", "member_no", "id"];
const DATE: &[&str] = &["flight_date", "date"];
const KM: &[&str] = &["km", "distance_km"];
const FARE: &[&str] = &["fare_cents", "fare_minor", "fare"];
const DISCOUNT: &[&str] = &["discount", "coefficient"];
const JOINED: &[&str] = &["join_date", "joined_on"];

/// Reckons the groups of the members in `files`.
///
/// # Errors
/// [`Error::Lake`] for files that cannot be read or lack a column, [`Error::NoFacts`],
/// [`Error::TooFew`], [`Error::Cancelled`].
pub async fn run(
    lake: &Lake,
    files: &Files,
    params: &RunParams,
    watch: &Watch,
) -> Result<(Report, Seconds)> {
    params.check()?;
    let mut seconds = Seconds::default();
    let began = Instant::now();
    tell(watch, Phase::Features, 0, None)?;
    let (gathered, observed_on, without_flights, key) = features(lake, files, params).await?;
    seconds.features = began.elapsed().as_secs_f64();

    let (files, params, watch) = (files.clone(), params.clone(), watch.clone());
    let work = move || {
        let began = Instant::now();
        let ask = Ask {
            params: &params,
            observed_on,
            window_from: segments::window_start(observed_on, params.window_months),
            source: Source::Segments,
            without_flights: Some(without_flights),
            earlier: None,
        };
        let (groups, report) = engine::plain(&gathered, &ask, &watch)?;
        seconds.cluster = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let total = Some(gathered.facts.len() as u64);
        result::write(&files.out, &gathered.facts, &groups, Shape::Plain { key: &key }, |done| {
            tell(&watch, Phase::Write, done, total).map_err(|_| LakeError::Cancelled)
        })?;
        seconds.write = began.elapsed().as_secs_f64();
        Ok((report, seconds))
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Broken(Box::new(error)))?
}

async fn features(
    lake: &Lake,
    files: &Files,
    params: &RunParams,
) -> Result<(Gathered, NaiveDate, u64, String)> {
    let of = |path: &Path, names: &'static [&'static str]| column(path, names);
    let key = of(&files.segments, KEY)?;
    let table = Segments {
        place: Place::File(files.segments.clone()),
        key: key.clone(),
        date: of(&files.segments, DATE)?,
        km: of(&files.segments, KM)?,
        fare: of(&files.segments, FARE)?,
        discount: of(&files.segments, DISCOUNT)?,
        habits: false,
    };
    let (member_key, joined) = (of(&files.members, KEY)?, of(&files.members, JOINED)?);
    let overview = segments::overview(lake, &table).await?;
    let latest = overview.span.map(|(_, last)| last).ok_or(Error::NoFacts)?;
    let observed_on = params.observed_on.unwrap_or(latest);
    let mut gathered = segments::gather(lake, &table, observed_on, params.window_months).await?;
    let members = Members::read(&files.members, &member_key, &joined)?;
    members.join(&mut gathered.facts, observed_on);
    let without_flights = members.absent_from(&gathered.facts);
    Ok((gathered, observed_on, without_flights, key))
}

fn column(path: &Path, names: &[&str]) -> Result<String, LakeError> {
    let file = ParquetIn::open(path)?;
    let found = names.iter().find(|name| file.schema().index_of(name).is_ok());
    found.map(|name| (*name).to_owned()).ok_or_else(|| LakeError::NoColumn {
        column: names.first().copied().unwrap_or("").to_owned(),
    })
}
