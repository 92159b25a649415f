//! The background work on messages.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use store::jobs::{Handlers, JobCtx, JobError};

use super::process::Told;
use crate::{Error, Feeds};

/// Applies what is kept. Enqueued with every message that comes in.
pub const PROCESS: &str = "feeds.process";

/// Looks into watched folders, listens for silence, closes lists whose time is over. Every minute.
pub const WATCH: &str = "feeds.watch";
/// Fetches from one SFTP server or mailbox: `{"source": name}`. Every minute for each.
pub const FETCH: &str = "feeds.fetch";
/// Puts back what was put aside: [`super::Selection`].
pub const REPLAY: &str = "feeds.replay";

/// Adds the handlers of messages.
pub fn handlers(feeds: &Feeds, to: &mut Handlers) {
    let one = feeds.clone();
    to.add(PROCESS, move |job| {
        let feeds = one.clone();
        async move {
            let done = feeds.process(&told(&job)).await.map_err(job_error)?;
            Ok(serde_json::json!({ "href": "/feeds/messages", "counts": done }))
        }
    });
    let one = feeds.clone();
    to.add(REPLAY, move |job| {
        let feeds = one.clone();
        async move { feeds.run_replay(&job).await }
    });
    let one = feeds.clone();
    to.add(FETCH, move |job| {
        let feeds = one.clone();
        async move {
            let source = job.args["source"].as_str().unwrap_or_default();
            let fetched = feeds.fetch(source).await.map_err(job_error)?;
            Ok(serde_json::json!({ "href": "/feeds", "counts": fetched }))
        }
    });
    let one = feeds.clone();
    to.add(WATCH, move |_| {
        let feeds = one.clone();
        async move {
            let taken = feeds.watch().await.map_err(job_error)?;
            Ok(serde_json::json!({ "files": taken }))
        }
    });
    to.periodically(WATCH, 60);
}

/// Progress every hundred messages; a cancellation or a lost lease comes back as an error.
fn told(job: &JobCtx) -> Told {
    let (job, last) = (Arc::new(job.clone()), Arc::new(AtomicU64::new(0)));
    Arc::new(move |done| {
        let (job, last) = (job.clone(), last.clone());
        Box::pin(async move {
            if done.messages < last.load(Ordering::Relaxed) + 100 {
                return Ok(());
            }
            last.store(done.messages, Ordering::Relaxed);
            let told = job.progress(done.messages, None, "feeds-phase-messages").await;
            told.map_err(|error| match error {
                JobError::Cancelled => Error::Cancelled,
                JobError::Store(error) => Error::Store(error),
                _ => Error::Lost,
            })
        })
    })
}

pub(crate) fn job_error(error: Error) -> JobError {
    match error {
        Error::Cancelled => JobError::Cancelled,
        Error::Lost => JobError::Lost,
        Error::Store(error) => JobError::Store(error),
        other => JobError::from_explain(other),
    }
}
