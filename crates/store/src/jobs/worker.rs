//! Takes jobs and runs them, several at a time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use kernel::Clock;
use tokio::sync::{Semaphore, watch};

use super::model::{Job, JobCtx, JobError, New};
use super::queue;
use crate::{Db, Result};

/// The work of one kind of job. Returns the result, an object; `"href"` in it is a link.
pub type Handler =
    Arc<dyn Fn(JobCtx) -> BoxFuture<'static, Result<serde_json::Value, JobError>> + Send + Sync>;

/// A job enqueued by the clock, once in each slot of `every` seconds, by whichever process is
/// first.
#[derive(Clone, Debug)]
pub struct Periodic {
    /// The kind to enqueue, with empty arguments.
    pub kind: &'static str,
    /// Length of a slot in seconds.
    pub every_secs: i64,
}

/// The handlers a process has, by kind.
#[derive(Clone, Default)]
pub struct Handlers {
    by_kind: BTreeMap<&'static str, Handler>,
    periodic: Vec<Periodic>,
}

impl Handlers {
    /// Adds the handler of `kind`.
    pub fn add<F, Fut>(&mut self, kind: &'static str, handler: F)
    where
        F: Fn(JobCtx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<serde_json::Value, JobError>> + Send + 'static,
    {
        self.by_kind.insert(kind, Arc::new(move |job| Box::pin(handler(job))));
    }

    /// Has `kind` enqueued once in each slot of `every_secs` seconds.
    pub fn periodically(&mut self, kind: &'static str, every_secs: i64) {
        self.periodic.push(Periodic { kind, every_secs });
    }

    /// The kinds that have a handler.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.by_kind.keys().copied()
    }
}

/// Runs jobs until told to stop.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    clock: Arc<dyn Clock>,
    handlers: Handlers,
    at_once: usize,
}

impl Worker {
    /// A worker that runs up to `at_once` jobs side by side.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, handlers: Handlers, at_once: usize) -> Self {
        Self { db, clock, handlers, at_once: at_once.max(1) }
    }

    /// Works until `stop` turns true, then waits for what it has begun.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let slots = Arc::new(Semaphore::new(self.at_once));
        while !*stop.borrow() {
            if let Err(error) = self.enqueue_periodic().await {
                tracing::warn!(%error, "periodic jobs could not be enqueued");
            }
            let Ok(slot) = slots.clone().acquire_owned().await else { break };
            match self.take().await {
                Ok(Some(job)) => {
                    let worker = self.clone();
                    tokio::spawn(async move {
                        worker.run_one(job).await;
                        drop(slot);
                    });
                }
                Ok(None) => {
                    drop(slot);
                    self.wait(&mut stop).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "no job could be taken");
                    drop(slot);
                    self.wait(&mut stop).await;
                }
            }
        }
        let all = u32::try_from(self.at_once).unwrap_or(1);
        drop(slots.acquire_many(all).await);
    }

    /// Runs what is due now, one after the other, and returns: for commands and tests.
    pub async fn drain(&self) -> Result<usize> {
        let mut ran = 0;
        while let Some(job) = self.take().await? {
            self.run_one(job).await;
            ran += 1;
        }
        Ok(ran)
    }

    async fn wait(&self, stop: &mut watch::Receiver<bool>) {
        tokio::select! {
            () = self.db.job_bell() => {}
            () = tokio::time::sleep(Duration::from_millis(400)) => {}
            _ = stop.changed() => {}
        }
    }

    async fn take(&self) -> Result<Option<(Job, JobCtx)>> {
        let now = self.clock.now();
        let lease = kernel::ids::v7(now);
        let kinds: Vec<&'static str> = self.handlers.kinds().collect();
        let mut tx = self.db.begin().await?;
        let taken = queue::take(&mut tx, self.db.engine(), &kinds, lease, now).await?;
        tx.commit().await?;
        Ok(taken.map(|job| {
            let ctx = JobCtx {
                id: job.id,
                args: job.args.clone(),
                owner: job.owner,
                db: self.db.clone(),
                clock: self.clock.clone(),
                lease,
            };
            (job, ctx)
        }))
    }

    async fn run_one(&self, (job, ctx): (Job, JobCtx)) {
        let Some(handler) = self.handlers.by_kind.get(job.kind.as_str()) else { return };
        let work = tokio::spawn(handler(ctx.clone()));
        let ended = tokio::select! {
            ended = work => ended,
            never = keep_alive(&ctx) => never,
        };
        let ended = ended.unwrap_or_else(|panic| {
            tracing::error!(job = %job.id, kind = job.kind, %panic, "a job handler panicked");
            Err(JobError::Final(Box::new(Panicked)))
        });
        if let Err(error) = &ended {
            tracing::warn!(job = %job.id, kind = job.kind, %error, "a job did not end well");
        }
        if let Err(error) = settle(&ctx, ended).await {
            tracing::error!(job = %job.id, %error, "the end of a job could not be written down");
        }
    }

    async fn enqueue_periodic(&self) -> Result<()> {
        if self.handlers.periodic.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        for periodic in &self.handlers.periodic {
            let slot = now.timestamp() / periodic.every_secs.max(1);
            if queue::claim_slot(&mut tx, periodic.kind, slot).await? {
                let job = New::now(periodic.kind, serde_json::json!({}), now).key(periodic.kind);
                queue::enqueue(&mut tx, job, now).await?;
            }
        }
        tx.commit().await
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the job stopped on a fault of the program")]
struct Panicked;

impl kernel::Explain for Panicked {
    fn kind(&self) -> kernel::Kind {
        kernel::Kind::Internal
    }
    fn code(&self) -> &'static str {
        "job-panicked"
    }
}

async fn settle(ctx: &JobCtx, ended: Result<serde_json::Value, JobError>) -> Result<()> {
    let mut tx = ctx.db.begin().await?;
    queue::settle(&mut tx, ctx, ended).await?;
    tx.commit().await
}

/// Renews the lease while a handler is busy without reporting. Never returns.
async fn keep_alive<T>(ctx: &JobCtx) -> T {
    loop {
        tokio::time::sleep(Duration::from_secs(10)).await;
        if let Ok(mut tx) = ctx.db.begin().await
            && let Ok(true) = queue::keep_lease(&mut tx, ctx).await
        {
            tx.commit().await.ok();
        }
    }
}
