//! Work that outlives a request: runs, publishing, looking for the number of groups.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use store::jobs::{Handlers, JobCtx, JobError};
use uuid::Uuid;

use crate::error::Error;
use crate::run::{RunParams, Step, Watch};
use crate::{Result, Value};

/// Performs a run; the job's identity is the run's.
pub const RUN: &str = "value.run";
/// Publishes a run that is ready.
pub const PUBLISH: &str = "value.publish";
/// Looks for the number of groups, k = 2 … 10.
pub const CHOOSE_K: &str = "value.choose-k";

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OfRun {
    pub(crate) run: Uuid,
}

/// Registers the handlers.
pub fn handlers(value: &Value, handlers: &mut Handlers) {
    let this = value.clone();
    handlers.add(RUN, move |job: JobCtx| {
        let value = this.clone();
        async move {
            let params: RunParams = job.args()?;
            let work = |watch| {
                let (value, id, owner) = (value.clone(), job.id, job.owner);
                async move { value.perform(id, owner, &params, &watch).await }
            };
            let run = watched(&job, work).await?;
            Ok(serde_json::json!({ "href": format!("/value/runs/{}", run.id) }))
        }
    });
    let this = value.clone();
    handlers.add(PUBLISH, move |job: JobCtx| {
        let value = this.clone();
        async move {
            let OfRun { run } = job.args()?;
            let work = |watch: Watch| {
                let value = value.clone();
                async move { value.publish(run, &watch).await }
            };
            let _ = watched(&job, work).await?;
            Ok(serde_json::json!({ "href": format!("/value/runs/{run}") }))
        }
    });
    let this = value.clone();
    handlers.add(CHOOSE_K, move |job: JobCtx| {
        let value = this.clone();
        async move {
            let OfRun { run } = job.args()?;
            let work = |watch: Watch| {
                let value = value.clone();
                async move { value.look_for_k(run, &watch).await }
            };
            watched(&job, work).await?;
            Ok(serde_json::json!({ "href": format!("/value/runs/{run}#why-k") }))
        }
    });
}

/// Runs `work` with a watch whose steps become the job's progress, and which breaks the work off
/// when somebody cancels the job.
async fn watched<T, F: Future<Output = Result<T>>>(
    job: &JobCtx,
    work: impl FnOnce(Watch) -> F,
) -> Result<T, JobError> {
    let latest: Arc<Mutex<Option<Step>>> = Arc::default();
    let stop = Arc::new(AtomicBool::new(false));
    let watch: Watch = {
        let (latest, stop) = (latest.clone(), stop.clone());
        Arc::new(move |step| {
            *latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(step);
            if stop.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
    };
    let work = work(watch);
    tokio::pin!(work);
    let mut asked = None;
    let mut beat = tokio::time::interval(Duration::from_millis(250));
    let done = loop {
        tokio::select! {
            done = &mut work => break done,
            _ = beat.tick() => {}
        }
        let step = *latest.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(step) = step.filter(|_| asked.is_none()) else { continue };
        // The work goes on while its progress is written: both may want the one writer, and the
        // one that has it must not stand still.
        tokio::select! {
            done = &mut work => break done,
            told = job.progress(step.done, step.total, step.phase.key()) => {
                if let Err(why) = told {
                    stop.store(true, Ordering::Relaxed);
                    asked = Some(why);
                }
            }
        }
    };
    match (done, asked) {
        (Ok(done), _) => Ok(done),
        (Err(Error::Cancelled), Some(why)) => Err(why),
        (Err(Error::Cancelled), None) => Err(JobError::Cancelled),
        (Err(Error::Store(error)), _) => Err(JobError::Store(error)),
        (Err(error), _) => Err(JobError::from_explain(error)),
    }
}
