//! An import: where it stands, what it may do next, what it counted.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use customers::Policy;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::file::Shape;
use crate::mapping::Mapping;
use crate::mapping::fields::FileKind;
use crate::rows::{Issue, Level, Record};
use crate::{Error, Result};

kernel::typed_id!(
    /// An import.
    ImportId,
    "import"
);

/// Days for which an import can be undone.
pub const UNDO_DAYS: i64 = 30;

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Its file is arriving.
    Uploading,
    /// Its columns are to be mapped.
    Mapping,
    /// All rows are being checked.
    Checking,
    /// All rows have been checked.
    Checked,
    /// It waits for a worker.
    Queued,
    /// Rows are being written.
    Importing,
    /// All rows are in.
    Done,
    /// It stopped on an error.
    Failed,
    /// Somebody stopped it.
    Cancelled,
    /// It is being undone.
    Reverting,
    /// It has been undone.
    Reverted,
}

impl Status {
    const ALL: [Self; 11] = [
        Self::Uploading,
        Self::Mapping,
        Self::Checking,
        Self::Checked,
        Self::Queued,
        Self::Importing,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
        Self::Reverting,
        Self::Reverted,
    ];

    /// As kept in the database and in text keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uploading => "uploading",
            Self::Mapping => "mapping",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Queued => "queued",
            Self::Importing => "importing",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Reverting => "reverting",
            Self::Reverted => "reverted",
        }
    }

    pub(super) fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.as_str() == text).unwrap_or(Self::Failed)
    }

    /// Whether a worker has it, or will.
    #[must_use]
    pub fn is_moving(self) -> bool {
        matches!(self, Self::Checking | Self::Queued | Self::Importing | Self::Reverting)
    }
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Counts {
    /// Rows read.
    pub read: u64,
    /// Facts or members that are new.
    pub created: u64,
    /// … that replaced what was there.
    pub updated: u64,
    /// … that were there already.
    pub unchanged: u64,
    /// … left alone by the policy.
    pub skipped: u64,
    /// Rows not imported.
    pub rejected: u64,
    /// Rows that are there twice in the file, field by field; each counts once.
    pub repeated: u64,
    /// Rows whose key an earlier row of the file has.
    pub repeated_keys: u64,
    /// Rows imported with a value left blank.
    pub blanked: u64,
    /// Rows imported with a value tidied.
    pub tidied: u64,
    /// Customers not known before, found by their flights.
    pub people: u64,
    /// Flights that the rows to be imported speak of.
    pub flights: i64,
    /// Their kilometres.
    pub km: i64,
    /// Points they say were redeemed.
    pub points_redeemed: i64,
}

impl Counts {
    /// Adds another batch.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.skipped += other.skipped;
        self.rejected += other.rejected;
        self.repeated += other.repeated;
        self.repeated_keys += other.repeated_keys;
        self.blanked += other.blanked;
        self.tidied += other.tidied;
        self.people += other.people;
        self.flights += other.flights;
        self.km += other.km;
        self.points_redeemed += other.points_redeemed;
    }

    /// Adds what a row to be imported speaks of: control totals to hold against the source's own.
    pub(super) fn sum(&mut self, record: &Record) {
        let (flights, km, points) = match record {
            Record::Month(month) => (month.flights, month.km, month.points_redeemed.round() as i64),
            Record::Segment(segment) => (1, segment.km, 0),
            Record::Member(_) => (0, 0, 0),
        };
        self.flights += flights;
        self.km += km;
        self.points_redeemed += points;
    }
}

/// One reason and how many rows it met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReasonCount {
    /// Stable code.
    pub code: String,
    /// The column, or blank for the row as a whole.
    pub column: String,
    /// What became of the rows.
    pub level: Level,
    /// How many.
    pub rows: u64,
    /// The first of them.
    pub first_row: u64,
    /// Its value.
    pub first_value: String,
    /// Values for the sentence, of the first.
    pub args: Vec<(String, String)>,
}

/// Distinct reasons kept apart; beyond them the rest is one more.
const REASONS: usize = 200;

/// Counts `issues` by code and column.
pub(super) fn count_reasons(reasons: &mut Vec<ReasonCount>, issues: &[Issue]) {
    for issue in issues {
        let known = reasons
            .iter()
            .position(|reason| reason.code == issue.code && reason.column == issue.column);
        match known {
            Some(at) => reasons[at].rows += 1,
            None if reasons.len() < REASONS => reasons.push(ReasonCount {
                code: issue.code.clone(),
                column: issue.column.clone(),
                level: issue.level,
                rows: 1,
                first_row: issue.row,
                first_value: issue.value.clone(),
                args: issue.args.clone(),
            }),
            None => {
                if let Some(last) = reasons.last_mut() {
                    last.rows += 1;
                }
            }
        }
    }
}

/// How long each phase took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Times {
    /// Looking at the file.
    pub inspect: u64,
    /// Checking all rows.
    pub check: u64,
    /// Writing.
    pub write: u64,
    /// Putting indexes in order.
    pub finish: u64,
}

/// What a check of all rows found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CheckReport {
    /// What would become of the rows (`created`: not known yet, `updated`: known).
    pub counts: Counts,
    /// By reason, most rows first.
    pub reasons: Vec<ReasonCount>,
    /// Columns of the file that are not imported.
    pub unused: Vec<String>,
    /// Fingerprint of the mapping that was checked.
    pub mapping: String,
}

/// Why an import stopped: a stable code and values for its sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Failure {
    /// Text key without `error-`.
    pub code: String,
    /// Values for the sentence.
    #[serde(default)]
    pub args: Vec<(String, String)>,
}

/// An import.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names are those of the table")]
pub struct Import {
    pub id: ImportId,
    pub status: Status,
    pub kind: FileKind,
    pub file_name: String,
    pub file_bytes: u64,
    /// A file outside the blob store, handed in by the command line.
    pub file_path: Option<String>,
    pub file_gone: bool,
    pub sha256: Option<String>,
    pub shape: Option<Shape>,
    pub columns: Vec<String>,
    pub rows_total: Option<u64>,
    pub rows_exact: bool,
    pub mapping_name: String,
    pub mapping: Option<Mapping>,
    pub policy: Policy,
    pub owner: Uuid,
    pub owner_name: String,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub reverted_at: Option<DateTime<Utc>>,
    /// Rows of the file that are settled: where to go on.
    pub rows_done: u64,
    pub counts: Counts,
    pub reasons: Vec<ReasonCount>,
    /// Milliseconds since the start and rows done, for the chart of speed.
    pub speed: Vec<(u64, u64)>,
    pub times: Times,
    pub checked: Option<CheckReport>,
    pub failure: Option<Failure>,
    pub job_id: Option<Uuid>,
    pub undone: u64,
    pub undo_kept: u64,
}

impl Import {
    /// Refuses what cannot be done in this state.
    pub(super) fn expect(&self, allowed: &[Status]) -> Result<()> {
        if allowed.contains(&self.status) {
            Ok(())
        } else {
            Err(Error::State { status: self.status.as_str() })
        }
    }

    /// May its mapping be changed?
    #[must_use]
    pub fn can_map(&self) -> bool {
        matches!(self.status, Status::Mapping | Status::Checked)
            || (matches!(self.status, Status::Failed | Status::Cancelled) && self.rows_done == 0)
    }

    /// May it be started, or go on?
    #[must_use]
    pub fn can_start(&self) -> bool {
        self.mapping.is_some()
            && matches!(
                self.status,
                Status::Mapping | Status::Checked | Status::Failed | Status::Cancelled
            )
    }

    /// May it be undone at `now`?
    #[must_use]
    pub fn can_revert(&self, now: DateTime<Utc>) -> bool {
        let settled = matches!(self.status, Status::Done | Status::Failed | Status::Cancelled);
        settled && self.rows_done > 0 && self.undo_until().is_none_or(|until| now < until)
    }

    /// Until when it can be undone.
    #[must_use]
    pub fn undo_until(&self) -> Option<DateTime<Utc>> {
        self.finished_at.map(|at| at + Duration::days(UNDO_DAYS))
    }

    /// Progress in per cent, when the number of rows is known.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        let total = self.rows_total.filter(|total| *total > 0)?;
        Some((self.rows_done.min(total) * 100) / total)
    }
}

/// A step of the work, for progress: a text key `feeds-phase-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// All rows are being checked.
    Check,
    /// Rows are being written.
    Write,
    /// Indexes are being put in order.
    Finish,
    /// Rows are being taken out.
    Revert,
}

impl Phase {
    /// Its text key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Check => "feeds-phase-check",
            Self::Write => "feeds-phase-write",
            Self::Finish => "feeds-phase-finish",
            Self::Revert => "feeds-phase-revert",
        }
    }
}

/// How far the work is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The step.
    pub phase: Phase,
    /// Rows settled.
    pub done: u64,
    /// Rows in all, when known.
    pub total: Option<u64>,
    /// What became of them so far.
    pub counts: Counts,
}

/// Told of progress; an error stops the work at once, nothing half-applied.
pub type Report = Arc<dyn Fn(Progress) -> BoxFuture<'static, Result<()>> + Send + Sync>;
