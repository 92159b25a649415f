//! The background work: checking, importing, undoing, tidying up.

use std::sync::Arc;

use serde::Deserialize;
use store::jobs::{Handlers, JobCtx, JobError};

use super::model::{ImportId, Report};
use crate::{Error, Feeds};

/// Checks all rows of an import.
pub const CHECK: &str = "feeds.check";
/// Runs an import.
pub const IMPORT: &str = "feeds.import";
/// Undoes an import.
pub const REVERT: &str = "feeds.revert";
/// Removes files, undo data, texts of messages and web events that are no longer kept. Every day.
pub const SWEEP: &str = "feeds.sweep";

#[derive(Deserialize)]
struct Args {
    import: ImportId,
}

/// Adds the handlers of this domain.
pub fn handlers(feeds: &Feeds, to: &mut Handlers) {
    let one = feeds.clone();
    to.add(CHECK, move |job| {
        let feeds = one.clone();
        async move {
            let id = job.args::<Args>()?.import;
            feeds.run_check(id, report(&job)).await.map_err(job_error)?;
            Ok(serde_json::json!({ "href": format!("/imports/{id}/check") }))
        }
    });
    let one = feeds.clone();
    to.add(IMPORT, move |job| {
        let feeds = one.clone();
        async move {
            let id = job.args::<Args>()?.import;
            let import = feeds.run_import(id, report(&job)).await.map_err(job_error)?;
            Ok(serde_json::json!({ "href": format!("/imports/{id}"), "counts": import.counts }))
        }
    });
    let one = feeds.clone();
    to.add(REVERT, move |job| {
        let feeds = one.clone();
        async move {
            let id = job.args::<Args>()?.import;
            feeds.run_revert(id, report(&job)).await.map_err(job_error)?;
            Ok(serde_json::json!({ "href": format!("/imports/{id}") }))
        }
    });
    let one = feeds.clone();
    to.add(SWEEP, move |_| {
        let feeds = one.clone();
        async move {
            let swept = feeds.sweep().await.map_err(job_error)?;
            Ok(serde_json::json!({ "files": swept }))
        }
    });
    to.periodically(SWEEP, 24 * 3_600);
}

/// Progress as the job tells it; a cancellation or a lost lease comes back as an error.
fn report(job: &JobCtx) -> Report {
    let job = Arc::new(job.clone());
    Arc::new(move |progress| {
        let job = job.clone();
        Box::pin(async move {
            let told = job.progress(progress.done, progress.total, progress.phase.key()).await;
            told.map_err(|error| match error {
                JobError::Cancelled => Error::Cancelled,
                JobError::Store(error) => Error::Store(error),
                _ => Error::Lost,
            })
        })
    })
}

fn job_error(error: Error) -> JobError {
    match error {
        Error::Cancelled => JobError::Cancelled,
        Error::Lost => JobError::Lost,
        Error::Store(error) => JobError::Store(error),
        other => JobError::from_explain(other),
    }
}
