//! The job that posts a file's rows.

use serde::Deserialize;
use serde_json::{Value, json};
use store::jobs::{Handlers, JobCtx, JobError};
use uuid::Uuid;

use super::files::{FileId, Status};
use crate::{Partners, Result};

/// Posts the rows of a file that was taken.
pub const FILE_JOB: &str = "partners.file";
/// How often a piece is tried that met another writer.
const TRIES: usize = 5;

#[derive(Deserialize)]
struct Asked {
    file: Uuid,
}

impl Partners {
    pub(crate) fn file_handlers(&self, handlers: &mut Handlers) {
        let partners = self.clone();
        handlers.add(FILE_JOB, move |job| {
            let partners = partners.clone();
            async move { partners.run_file(&job).await }
        });
    }

    async fn run_file(&self, job: &JobCtx) -> Result<Value, JobError> {
        let Asked { file } = job.args()?;
        let id = FileId::from(file);
        loop {
            let (file, more) = self.piece(id).await.map_err(JobError::from_explain)?;
            let figure = |n: i64| u64::try_from(n).unwrap_or(0);
            let (done, all) = (figure(file.rows_done), figure(file.rows_total));
            job.progress(done, Some(all), "partners-phase-file").await?;
            if !more {
                let href = format!("/partners/{}/files/{}", file.partner, file.id);
                return Ok(json!({"file": file.name, "href": href, "posted": file.posted,
                    "rejected": file.rejected}));
            }
        }
    }

    async fn piece(&self, id: FileId) -> Result<(super::PartnerFile, bool)> {
        let mut tries = 1;
        loop {
            match self.post_piece(id).await {
                Err(error) if tries < TRIES && error.is_meanwhile() => tries += 1,
                other => return other,
            }
        }
    }

    /// Posts all that is left of a file: what the job does, for the demo and tests.
    ///
    /// # Errors
    /// When the disk or the database fails: what was posted stands, asking again does the rest.
    pub async fn post_file(&self, id: FileId) -> Result<super::PartnerFile> {
        loop {
            let (file, more) = self.piece(id).await?;
            if !more || file.status != Status::Posting {
                return Ok(file);
            }
        }
    }
}
