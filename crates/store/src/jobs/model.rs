//! A job, how it ends, and what its handler is given.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use kernel::{Clock, Explain};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::types::Json;
use uuid::Uuid;

use super::queue;
use crate::Db;

/// A job to be enqueued.
#[derive(Clone, Debug)]
pub struct New {
    /// Name of the handler, for instance `feeds.import`.
    pub kind: &'static str,
    /// What the handler needs: an object.
    pub args: serde_json::Value,
    /// While a job with this key is queued or running, enqueueing again returns that job.
    pub key: Option<String>,
    /// Whom to show it to.
    pub owner: Option<Uuid>,
    /// Not before.
    pub run_at: DateTime<Utc>,
    /// How often a failure that may pass is tried (1 = never again).
    pub max_attempts: u16,
}

impl New {
    /// A job to run at once, tried up to three times.
    #[must_use]
    pub fn now(kind: &'static str, args: serde_json::Value, now: DateTime<Utc>) -> Self {
        Self { kind, args, key: None, owner: None, run_at: now, max_attempts: 3 }
    }

    /// At most one such job at a time.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Shown to this person.
    #[must_use]
    pub fn owner(mut self, owner: Uuid) -> Self {
        self.owner = Some(owner);
        self
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Waiting for a worker or for its time.
    Queued,
    /// A worker has it.
    Running,
    /// Ended well.
    Done,
    /// Ended badly.
    Failed,
    /// Stopped because somebody asked.
    Cancelled,
}

impl Status {
    /// As kept in the database and in text keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it can still change.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }

    fn parse(text: &str) -> Self {
        match text {
            "queued" => Self::Queued,
            "running" => Self::Running,
            "done" => Self::Done,
            "cancelled" => Self::Cancelled,
            _ => Self::Failed,
        }
    }
}

/// The event that a job ended which somebody waits for. Its data is [`Ended`].
pub const ENDED: &str = "store.job.ended.v1";

/// Data of [`ENDED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Who waits for it.
    pub owner: Uuid,
    /// Name of the handler.
    pub kind: String,
    /// How it ended.
    pub status: Status,
    /// The page of its result.
    pub href: Option<String>,
    /// The file it worked on.
    pub file: Option<String>,
}

/// Why a job failed: a stable code with its values, told in two languages like any error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Text key without the `error-` in front.
    pub code: String,
    /// Values for the text.
    #[serde(default)]
    pub args: Vec<(String, String)>,
}

/// A job as seen from outside.
#[derive(Clone, Debug)]
pub struct Job {
    /// Identity.
    pub id: Uuid,
    /// Name of the handler.
    pub kind: String,
    /// What it was given.
    pub args: serde_json::Value,
    /// Whose it is.
    pub owner: Option<Uuid>,
    /// Where it stands.
    pub status: Status,
    /// Units done in this phase.
    pub done: u64,
    /// Units in all, when known.
    pub total: Option<u64>,
    /// Text key of the phase, empty before the first.
    pub phase: String,
    /// What came out.
    pub result: Option<serde_json::Value>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Somebody asked it to stop.
    pub cancel_asked: bool,
    /// Tries so far.
    pub attempts: u64,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When a worker first took it.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

impl Job {
    /// Progress in per cent, 0–100, when the total is known.
    #[must_use]
    pub fn percent(&self) -> Option<u8> {
        let total = self.total.filter(|total| *total > 0)?;
        let percent = self.done.min(total).saturating_mul(100) / total;
        u8::try_from(percent).ok()
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct JobRow {
    id: Uuid,
    kind: String,
    args: Json<serde_json::Value>,
    owner: Option<Uuid>,
    status: String,
    done: i64,
    total: Option<i64>,
    phase: String,
    result: Option<Json<serde_json::Value>>,
    failure: Option<Json<Failure>>,
    cancel_asked: bool,
    attempts: i64,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            args: row.args.0,
            owner: row.owner,
            status: Status::parse(&row.status),
            done: u64::try_from(row.done).unwrap_or(0),
            total: row.total.and_then(|total| u64::try_from(total).ok()),
            phase: row.phase,
            result: row.result.map(|json| json.0),
            failure: row.failure.map(|json| json.0),
            cancel_asked: row.cancel_asked,
            attempts: u64::try_from(row.attempts).unwrap_or(0),
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        }
    }
}

/// How a handler's work can end badly.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Somebody asked the job to stop.
    #[error("the job was cancelled")]
    Cancelled,
    /// Another worker has taken the job over; this one must stop without a word.
    #[error("another worker has taken the job over")]
    Lost,
    /// The database failed; tried again later.
    #[error("the database failed under a job")]
    Store(#[from] crate::Error),
    /// Refused or failed for a reason that trying again will not change.
    #[error("{0}")]
    Final(Box<dyn Explain + Send + Sync>),
    /// Failed for a reason that may pass.
    #[error("{0}")]
    Passing(Box<dyn Explain + Send + Sync>),
}

impl JobError {
    /// Sorts `error` by its kind: unavailable things are tried again, the rest is final.
    pub fn from_explain(error: impl Explain + Send + Sync + 'static) -> Self {
        if error.kind() == kernel::Kind::Unavailable {
            Self::Passing(Box::new(error))
        } else {
            Self::Final(Box::new(error))
        }
    }

    pub(super) fn failure(&self) -> Failure {
        let explained: &dyn Explain = match self {
            Self::Cancelled | Self::Lost => {
                return Failure { code: "job-cancelled".to_owned(), args: Vec::new() };
            }
            Self::Store(error) => error,
            Self::Final(error) | Self::Passing(error) => error.as_ref(),
        };
        Failure {
            code: explained.code().to_owned(),
            args: explained
                .args()
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        }
    }

    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Store(_) | Self::Passing(_))
    }
}

/// What a handler is given.
#[derive(Clone)]
pub struct JobCtx {
    /// The job's identity.
    pub id: Uuid,
    /// Its arguments.
    pub args: serde_json::Value,
    /// Whose it is.
    pub owner: Option<Uuid>,
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    pub(super) lease: Uuid,
}

impl JobCtx {
    /// The arguments as the handler's own type.
    pub fn args<T: DeserializeOwned>(&self) -> Result<T, JobError> {
        serde_json::from_value(self.args.clone()).map_err(|error| JobError::Store(error.into()))
    }

    /// Reports how far the work is and keeps the lease. `phase` is a text key.
    ///
    /// # Errors
    /// [`JobError::Cancelled`] when somebody asked the job to stop, [`JobError::Lost`] when the
    /// lease ran out and another worker has it: stop at once in both cases.
    pub async fn progress(
        &self,
        done: u64,
        total: Option<u64>,
        phase: &str,
    ) -> Result<(), JobError> {
        queue::progress(self, done, total, phase).await
    }

    /// Keeps `value` (an object) for the next try, should this one die.
    pub async fn checkpoint<T: Serialize + Sync>(&self, value: &T) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        self.checkpoint_in(&mut tx, value).await?;
        Ok(tx.commit().await?)
    }

    /// Like [`JobCtx::checkpoint`] in the transaction of the work itself, so that neither can be
    /// true without the other.
    pub async fn checkpoint_in<T: Serialize + Sync>(
        &self,
        tx: &mut crate::Tx,
        value: &T,
    ) -> Result<(), JobError> {
        let value = serde_json::to_value(value).map_err(crate::Error::from)?;
        queue::checkpoint(self, tx, value).await
    }

    /// What an earlier try kept.
    pub async fn last_checkpoint<T: DeserializeOwned>(&self) -> Result<Option<T>, JobError> {
        queue::last_checkpoint(self).await
    }

    pub(super) fn lease_end(now: DateTime<Utc>) -> DateTime<Utc> {
        now + Duration::seconds(30)
    }
}
