//! How imports look from outside.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::imports::{
    CheckReport, Counts, Failure, Import, ReasonCount, Status, Times, policy_name,
};
use crate::mapping::Mapping;
use crate::mapping::fields::FileKind;

/// An import.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportOut {
    id: Uuid,
    status: Status,
    kind: FileKind,
    file_name: String,
    file_bytes: u64,
    sha256: Option<String>,
    /// Names of the columns.
    columns: Vec<String>,
    /// Data rows, estimated unless `rows_exact`.
    rows_total: Option<u64>,
    rows_exact: bool,
    /// Rows settled so far.
    rows_done: u64,
    mapping: Option<String>,
    /// `create-or-update`, `create` or `update`.
    policy: &'static str,
    owner: String,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    reverted_at: Option<DateTime<Utc>>,
    /// Until when it can be undone.
    undo_until: Option<DateTime<Utc>>,
    counts: Counts,
    reasons: Vec<ReasonCount>,
    times: Times,
    checked: Option<CheckReport>,
    failure: Option<Failure>,
    /// The background job, for `/jobs`.
    job: Option<Uuid>,
    undone: u64,
    undo_kept: u64,
}

impl From<Import> for ImportOut {
    fn from(import: Import) -> Self {
        Self {
            id: import.id.uuid(),
            status: import.status,
            kind: import.kind,
            undo_until: import.undo_until(),
            file_name: import.file_name,
            file_bytes: import.file_bytes,
            sha256: import.sha256,
            columns: import.columns,
            rows_total: import.rows_total,
            rows_exact: import.rows_exact,
            rows_done: import.rows_done,
            mapping: import.mapping.map(|mapping| mapping.name),
            policy: policy_name(import.policy),
            owner: import.owner_name,
            created_at: import.created_at,
            started_at: import.started_at,
            finished_at: import.finished_at,
            reverted_at: import.reverted_at,
            counts: import.counts,
            reasons: import.reasons,
            times: import.times,
            checked: import.checked,
            failure: import.failure,
            job: import.job_id,
            undone: import.undone,
            undo_kept: import.undo_kept,
        }
    }
}

/// A page of imports.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportsOut {
    pub items: Vec<ImportOut>,
    /// For `after`, when there are more.
    pub next: Option<String>,
}

/// A file about to be sent.
#[derive(Deserialize, ToSchema)]
pub(super) struct UploadIn {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

/// How far an upload is.
#[derive(Serialize, ToSchema)]
pub(super) struct UploadOut {
    pub id: Uuid,
    /// Bytes that have arrived.
    pub offset: u64,
}

/// What the rows are; without it the columns decide.
#[derive(Deserialize, ToSchema, Default)]
pub(super) struct FinishIn {
    pub kind: Option<FileKind>,
}

/// How an import is to be read.
#[derive(Deserialize, ToSchema)]
pub(super) struct MapIn {
    /// Name of a shipped or saved mapping.
    pub name: Option<String>,
    /// A whole mapping, instead of a name.
    pub mapping: Option<Mapping>,
    /// What to do with members already known: `create-or-update` (default), `create`, `update`.
    pub policy: Option<String>,
}

/// A background job that was started.
#[derive(Serialize, ToSchema)]
pub(super) struct JobOut {
    pub job: Uuid,
}
