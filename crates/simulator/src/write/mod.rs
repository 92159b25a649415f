//! Writes the airline into files, in one pass and without holding it.
//!
//! For each format asked for: `members`, `segments`, `summary` (one row a member with their
//! activity) and `truth`; and `truth.json`, the manifest with configuration, totals and hashes.

mod sink;
mod tables;

use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Airline, CHUNK, Config, Status, Story};
use sink::{CsvSink, ParquetSink, Sink};

pub use sink::{Column, Type};
pub use tables::{MEMBERS, SEGMENTS, SUMMARY, TRUTH};

/// The name of the manifest in the folder written.
pub const MANIFEST: &str = "truth.json";

#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("cannot create {}", path.display())]
    Create { path: PathBuf, source: io::Error },
    #[error("cannot write the airline's file")]
    Write(#[source] io::Error),
    #[error("cannot write the airline's Parquet file")]
    Parquet(#[from] parquet::errors::ParquetError),
    #[error("cannot put rows together for Parquet")]
    Arrow(#[from] arrow::error::ArrowError),
    #[error("stopped on request")]
    Stopped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Parquet,
}

/// What was made: enough to check the files and to make them again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub config: Config,
    pub carrier: String,
    pub observed_from: NaiveDate,
    pub observed_until: NaiveDate,
    pub totals: Totals,
    pub files: Vec<FileEntry>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub members: u64,
    pub segments: u64,
    pub flown: u64,
    pub no_shows: u64,
    pub refunded: u64,
    /// Of flown segments.
    pub km: i64,
    /// Of flown segments, in minor units (CNY).
    pub fare_minor: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    pub name: String,
    /// Without the header.
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
}

/// How far the writing is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub members_done: u64,
    pub members: u64,
    pub segments: u64,
}

/// One member's activity in the window.
struct Summary {
    observed_on: NaiveDate,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    flights: i64,
    km: i64,
    fare: i64,
    discount: f64,
    extras: i64,
    no_shows: i64,
    refunds: i64,
}

impl Summary {
    fn of(story: &Story, observed_on: NaiveDate) -> Self {
        let count = |status| story.segments.iter().filter(|s| s.status == status).count() as i64;
        Self {
            observed_on,
            first: story.flown().map(|s| s.flight_date).min(),
            last: story.flown().map(|s| s.flight_date).max(),
            flights: count(Status::Flown),
            km: story.flown().map(|s| s.km.0).sum(),
            fare: story.flown().map(|s| s.fare.minor).sum(),
            discount: story.flown().map(crate::Segment::discount).sum(),
            extras: story.flown().map(|s| s.extras_paid.minor).sum(),
            no_shows: count(Status::NoShow),
            refunds: count(Status::Refunded),
        }
    }
}

/// The four tables in one format.
struct Files<S> {
    members: S,
    segments: S,
    summary: S,
    truth: S,
    scratch: tables::Scratch,
}

impl<S: Sink> Files<S> {
    fn create(open: impl Fn(&str, &[Column]) -> Result<S, WriteError>) -> Result<Self, WriteError> {
        Ok(Self {
            members: open("members", MEMBERS)?,
            segments: open("segments", SEGMENTS)?,
            summary: open("summary", SUMMARY)?,
            truth: open("truth", TRUTH)?,
            scratch: tables::Scratch::default(),
        })
    }

    fn put(&mut self, stories: &[Story], observed_on: NaiveDate) -> Result<(), WriteError> {
        for story in stories {
            tables::member(&story.member, &mut self.members)?;
            for segment in &story.segments {
                let number = &story.member.member_no;
                tables::segment(number, segment, &mut self.scratch, &mut self.segments)?;
            }
            tables::summary(story, &Summary::of(story, observed_on), &mut self.summary)?;
            tables::truth(story, &mut self.truth)?;
        }
        Ok(())
    }

    fn finish(
        self,
        close: impl Fn(S) -> Result<FileEntry, WriteError>,
    ) -> Result<Vec<FileEntry>, WriteError> {
        [self.members, self.segments, self.summary, self.truth].into_iter().map(close).collect()
    }
}

/// Writes the whole airline into the folder `dir`, which must exist; files of the same names are
/// replaced. `progress` is called after each chunk and stops the writing by returning `false`.
///
/// # Errors
/// [`WriteError`] when a file cannot be created or written, or the caller stopped it; the files
/// written so far stay, without a manifest.
pub fn write_all(
    airline: &Airline,
    dir: &Path,
    formats: &[Format],
    progress: impl FnMut(Progress) -> bool,
) -> Result<Manifest, WriteError> {
    write_in_chunks(airline, dir, formats, CHUNK, progress)
}

/// The same with chunks of `size` members: memory, not the bytes written, depends on it.
///
/// # Errors
/// As [`write_all`].
pub fn write_in_chunks(
    airline: &Airline,
    dir: &Path,
    formats: &[Format],
    size: usize,
    mut progress: impl FnMut(Progress) -> bool,
) -> Result<Manifest, WriteError> {
    let config = airline.config();
    let path = |name: &str, extension: &str| dir.join(format!("{name}.{extension}"));
    let mut csv = match formats.contains(&Format::Csv) {
        true => Some(Files::create(|name, columns| CsvSink::create(&path(name, "csv"), columns))?),
        false => None,
    };
    let mut parquet = match formats.contains(&Format::Parquet) {
        true => Some(Files::create(|name, columns| {
            ParquetSink::create(&path(name, "parquet"), columns)
        })?),
        false => None,
    };
    let mut totals = Totals::default();
    airline.for_each_chunk(size, |stories| {
        // The two formats do not know of each other: one core each.
        let (one, other) = rayon::join(
            || csv.as_mut().map_or(Ok(()), |files| files.put(stories, config.until)),
            || parquet.as_mut().map_or(Ok(()), |files| files.put(stories, config.until)),
        );
        one.and(other)?;
        totals.add(stories);
        let at = Progress {
            members_done: totals.members,
            members: config.members,
            segments: totals.segments,
        };
        if progress(at) { Ok(()) } else { Err(WriteError::Stopped) }
    })?;
    let mut files = Vec::new();
    if let Some(csv) = csv {
        files.extend(csv.finish(CsvSink::finish)?);
    }
    if let Some(parquet) = parquet {
        files.extend(parquet.finish(ParquetSink::finish)?);
    }
    let window = config.window();
    let manifest = Manifest {
        config,
        carrier: crate::CARRIER.to_owned(),
        observed_from: window.from,
        observed_until: window.to,
        totals,
        files,
    };
    let json = serde_json::to_string_pretty(&manifest).map_err(|e| WriteError::Write(e.into()))?;
    std::fs::write(dir.join(MANIFEST), json + "\n").map_err(WriteError::Write)?;
    Ok(manifest)
}

impl Totals {
    fn add(&mut self, stories: &[Story]) {
        self.members += stories.len() as u64;
        for segment in stories.iter().flat_map(|story| &story.segments) {
            self.segments += 1;
            match segment.status {
                Status::Flown => {
                    self.flown += 1;
                    self.km += segment.km.0;
                    self.fare_minor += segment.fare.minor;
                }
                Status::NoShow => self.no_shows += 1,
                Status::Refunded => self.refunded += 1,
            }
        }
    }
}
