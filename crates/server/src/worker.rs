//! Jobs and events: taken, run, handed on, swept.

use std::time::Duration;

use app::App;
use store::{idempotency, jobs::Worker, outbox};
use tokio::sync::watch;

/// How many events are handed over in one go.
const EVENTS: i64 = 200;
/// Answers kept for repeated requests.
const REMEMBER_DAYS: i64 = 2;

/// Works until `stop` turns true, then ends what it has begun.
pub(crate) async fn run(app: &App, at_once: usize, stop: watch::Receiver<bool>) {
    let worker = Worker::new(app.db().clone(), app.clock().clone(), app.handlers(), at_once);
    tokio::join!(worker.run(stop.clone()), hand_on(app, stop.clone()), sweep(app, stop));
}

async fn hand_on(app: &App, mut stop: watch::Receiver<bool>) {
    let listeners = app.listeners();
    while !*stop.borrow() {
        let now = app.clock().now();
        let handed = match outbox::dispatch(app.db(), &listeners, now, EVENTS).await {
            Ok(handed) => handed,
            Err(error) => {
                tracing::warn!(%error, "events could not be handed on");
                0
            }
        };
        if let Err(error) = outbox::retry(app.db(), &listeners, now).await {
            tracing::warn!(%error, "failed events could not be tried again");
        }
        metrics::counter!("jetbridge_events_total").increment(handed as u64);
        if handed == 0 {
            pause(Duration::from_millis(500), &mut stop).await;
        }
    }
}

async fn sweep(app: &App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = forget(app).await {
            tracing::warn!(%error, "old request keys could not be swept");
        }
        pause(Duration::from_secs(3600), &mut stop).await;
    }
}

async fn forget(app: &App) -> store::Result<()> {
    let mut tx = app.db().begin().await?;
    let keep = chrono::Duration::days(REMEMBER_DAYS);
    idempotency::sweep(&mut tx, app.clock().now(), keep).await?;
    tx.commit().await
}

async fn pause(time: Duration, stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stop.changed() => {}
    }
}
