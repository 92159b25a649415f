#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::Duration;
use kernel::{Clock, Explain, FixedClock, Kind};
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::testing::{self, NOW};
use crate::{Db, Tx};

#[derive(Debug, thiserror::Error)]
#[error("not today")]
struct NotToday(Kind);
impl Explain for NotToday {
    fn kind(&self) -> Kind {
        self.0
    }
    fn code(&self) -> &'static str {
        "not-today"
    }
}

async fn put(db: &Db, job: New) -> Uuid {
    let mut tx = db.begin().await.unwrap();
    let id = enqueue(&mut tx, job, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn look(db: &Db, id: Uuid) -> Job {
    let mut tx: Tx = db.read().await.unwrap();
    get(&mut tx, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_job_runs_once_and_shows_its_progress_and_result() {
    testing::both(&[], async |db| {
        let clock = Arc::new(FixedClock::at(NOW));
        let mut handlers = Handlers::default();
        handlers.add("test.count", |job: JobCtx| async move {
            job.progress(3, Some(4), "phase-count").await?;
            Ok(json!({"counted": 4, "href": "/counted"}))
        });
        let worker = Worker::new(db.clone(), clock, handlers, 2);
        let job = New::now("test.count", json!({}), NOW).key("one");
        let id = put(&db, job.clone()).await;
        assert_eq!(put(&db, job).await, id, "the open job with this key is returned");
        assert_eq!(worker.drain().await.unwrap(), 1);
        let seen = look(&db, id).await;
        assert_eq!((seen.status, seen.percent()), (Status::Done, Some(75)));
        assert_eq!(seen.result.unwrap()["counted"], 4);
        let again = put(&db, New::now("test.count", json!({}), NOW).key("one")).await;
        assert_ne!(again, id, "a finished job does not hold its key");
    })
    .await;
}

#[tokio::test]
async fn passing_failures_are_tried_again_and_final_ones_are_not() {
    testing::both(&[], async |db| {
        let clock = Arc::new(FixedClock::at(NOW));
        let mut handlers = Handlers::default();
        handlers.add("test.passing", |_| async {
            Err(JobError::from_explain(NotToday(Kind::Unavailable)))
        });
        handlers
            .add("test.final", |_| async { Err(JobError::from_explain(NotToday(Kind::Invalid))) });
        let worker = Worker::new(db.clone(), clock.clone(), handlers, 1);
        let passing = put(&db, New::now("test.passing", json!({}), NOW)).await;
        let fatal = put(&db, New::now("test.final", json!({}), NOW)).await;
        assert_eq!(worker.drain().await.unwrap(), 2);
        assert_eq!(look(&db, passing).await.status, Status::Queued);
        let failed = look(&db, fatal).await;
        assert_eq!(failed.status, Status::Failed);
        assert_eq!(failed.failure.unwrap().code, "not-today");
        for _ in 0..2 {
            clock.advance(Duration::minutes(1));
            assert_eq!(worker.drain().await.unwrap(), 1);
        }
        assert_eq!(look(&db, passing).await.status, Status::Failed, "three tries are enough");
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_job_stops_at_its_next_report() {
    testing::both(&[], async |db| {
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(NOW));
        let mut handlers = Handlers::default();
        handlers.add("test.long", |job: JobCtx| async move {
            let mut tx = job.db.begin().await?;
            cancel(&mut tx, job.id, job.clock.now()).await?;
            tx.commit().await?;
            job.progress(1, None, "phase").await?;
            Ok(json!({"reached": true}))
        });
        let worker = Worker::new(db.clone(), clock, handlers, 1);
        let running = put(&db, New::now("test.long", json!({}), NOW)).await;
        worker.drain().await.unwrap();
        assert_eq!(look(&db, running).await.status, Status::Cancelled);
        let waiting = put(&db, New::now("test.long", json!({}), NOW)).await;
        let mut tx = db.begin().await.unwrap();
        assert!(cancel(&mut tx, waiting, NOW).await.unwrap());
        assert!(!cancel(&mut tx, running, NOW).await.unwrap(), "it has ended already");
        tx.commit().await.unwrap();
        assert_eq!(worker.drain().await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_job_whose_worker_died_goes_on_from_its_checkpoint() {
    testing::both(&[], async |db| {
        let clock = Arc::new(FixedClock::at(NOW));
        let tries = Arc::new(AtomicU64::new(0));
        let mut handlers = Handlers::default();
        let seen = tries.clone();
        handlers.add("test.mortal", move |job: JobCtx| {
            let seen = seen.clone();
            async move {
                let from: Option<serde_json::Value> = job.last_checkpoint().await?;
                if seen.fetch_add(1, Ordering::SeqCst) == 0 {
                    job.checkpoint(&json!({"row": 500})).await?;
                    return Err(JobError::Lost);
                }
                Ok(json!({"from": from}))
            }
        });
        let worker = Worker::new(db.clone(), clock.clone(), handlers, 1);
        let id = put(&db, New::now("test.mortal", json!({}), NOW)).await;
        assert_eq!(worker.drain().await.unwrap(), 1);
        assert_eq!(look(&db, id).await.status, Status::Running, "as a killed process leaves it");
        assert_eq!(worker.drain().await.unwrap(), 0, "its lease still holds");
        clock.advance(Duration::minutes(1));
        assert_eq!(worker.drain().await.unwrap(), 1);
        let done = look(&db, id).await;
        assert_eq!(done.result.unwrap()["from"]["row"], 500);
    })
    .await;
}

#[tokio::test]
async fn a_periodic_job_is_enqueued_once_in_each_slot() {
    testing::both(&[], async |db| {
        let clock = Arc::new(FixedClock::at(NOW));
        let runs = Arc::new(AtomicU64::new(0));
        let mut handlers = Handlers::default();
        let seen = runs.clone();
        handlers.add("test.hourly", move |_| {
            seen.fetch_add(1, Ordering::SeqCst);
            async { Ok(json!({})) }
        });
        handlers.periodically("test.hourly", 3600);
        let worker = Worker::new(db.clone(), clock.clone(), handlers, 1);
        for _ in 0..3 {
            let (stop, stopped) = tokio::sync::watch::channel(false);
            let running = tokio::spawn({
                let worker = worker.clone();
                async move { worker.run(stopped).await }
            });
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
            stop.send(true).unwrap();
            running.await.unwrap();
        }
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    })
    .await;
}
