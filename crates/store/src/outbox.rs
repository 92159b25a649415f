//! What happened, told to the other domains: CloudEvents written in the transaction that made them
//! true, delivered to every handler at least once.
//!
//! [`say`] adds a row; [`dispatch`] hands waiting rows to the handlers in the order of their ids.
//! A handler that fails is tried again alone, later and later ([`retry`]), so that one broken
//! handler holds up nobody. Handlers are idempotent. Rows stay for timelines and replay.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use futures::future::BoxFuture;
use kernel::Explain;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Col, Db, Result, Tx, sql};

/// Attempts before a handler's failure is left for an operator.
const ATTEMPTS: i64 = 12;

/// One event in the CloudEvents sense.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Identity of the event; also its order.
    pub id: Uuid,
    /// For instance `customers.profile.edited.v1`.
    pub type_: String,
    /// What it is about, for instance `customer/0193…`.
    pub subject: String,
    /// When it became true.
    pub time: DateTime<Utc>,
    /// Its data: an object, versioned by the type.
    pub data: serde_json::Value,
}

impl Event {
    /// A new event at `time`.
    #[must_use]
    pub fn new(
        type_: &str,
        subject: impl Into<String>,
        time: DateTime<Utc>,
        data: serde_json::Value,
    ) -> Self {
        Self {
            id: kernel::ids::v7(time),
            type_: type_.to_owned(),
            subject: subject.into(),
            time,
            data,
        }
    }
}

#[derive(sqlx::FromRow)]
struct EventRow {
    id: Uuid,
    r#type: String,
    subject: String,
    occurred_at: DateTime<Utc>,
    data: Json<serde_json::Value>,
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        Self {
            id: row.id,
            type_: row.r#type,
            subject: row.subject,
            time: row.occurred_at,
            data: row.data.0,
        }
    }
}

/// Says `event` in this transaction.
pub async fn say(tx: &mut Tx, event: &Event) -> Result<()> {
    tx.exec(
        sql("INSERT INTO outbox_event (id, type, subject, occurred_at, data)
             VALUES ($1, $2, $3, $4, $5)")
        .bind(event.id)
        .bind(&event.type_)
        .bind(&event.subject)
        .bind(event.time)
        .bind(event.data.clone()),
    )
    .await?;
    Ok(())
}

/// Does something when it hears of an event; on failure a stable code.
type Hear = Arc<dyn Fn(Event) -> BoxFuture<'static, std::result::Result<(), String>> + Send + Sync>;

/// A named listener for the events whose type begins with `prefix`.
#[derive(Clone)]
pub struct Handler {
    name: &'static str,
    prefix: &'static str,
    hear: Hear,
}

impl Handler {
    /// Has `service` hear of events whose type begins with `prefix`, for instance `customers.`.
    /// `name` never changes: failures are kept under it, with the code of the error.
    pub fn new<S, F, R, E>(name: &'static str, prefix: &'static str, service: &S, hear: F) -> Self
    where
        S: Clone + Send + Sync + 'static,
        F: Fn(S, Event) -> R + Send + Sync + 'static,
        R: Future<Output = std::result::Result<(), E>> + Send + 'static,
        E: Explain,
    {
        let service = service.clone();
        let hear: Hear = Arc::new(move |event| {
            let heard = hear(service.clone(), event);
            Box::pin(async move { heard.await.map_err(|error| error.code().to_owned()) })
        });
        Self { name, prefix, hear }
    }
}

/// Hands up to `limit` waiting events to the handlers. Returns how many events were handed over.
pub async fn dispatch(
    db: &Db,
    handlers: &[Handler],
    now: DateTime<Utc>,
    limit: i64,
) -> Result<usize> {
    let waiting: Vec<EventRow> = {
        let mut tx = db.read().await?;
        tx.all(
            sql("SELECT id, type, subject, occurred_at, data FROM outbox_event
                 WHERE dispatched_at IS NULL ORDER BY id LIMIT $1")
            .bind(limit),
        )
        .await?
    };
    let heard = |row: &EventRow| handlers.iter().any(|one| row.r#type.starts_with(one.prefix));
    let (waiting, unheard): (Vec<EventRow>, Vec<EventRow>) = waiting.into_iter().partition(heard);
    let mut handed = unheard.len();
    pass_over(db, unheard, now).await?;
    for row in waiting {
        let event = Event::from(row);
        if !claim(db, event.id, now).await? {
            continue;
        }
        handed += 1;
        for handler in handlers.iter().filter(|handler| event.type_.starts_with(handler.prefix)) {
            if let Err(code) = (handler.hear)(event.clone()).await {
                note_failure(db, event.id, handler.name, 1, &code, now).await?;
            }
        }
        settle(db, event.id).await?;
    }
    Ok(handed)
}

/// Events that nobody listens to are done with, all in one statement.
async fn pass_over(db: &Db, events: Vec<EventRow>, now: DateTime<Utc>) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let rows = events.iter().map(|event| vec![event.id.into(), now.into()]).collect();
    let mut tx = db.begin().await?;
    tx.with_rows(
        &[Col::uuid("id"), Col::time("at")],
        rows,
        "UPDATE outbox_event SET dispatched_at = input.at FROM input
         WHERE outbox_event.id = input.id AND outbox_event.dispatched_at IS NULL",
    )
    .await?;
    tx.commit().await
}

/// Takes an event for this process. A row in `outbox_failure` under the empty name stands for
/// "taken but not finished": a killed process leaves it behind, and [`retry`] starts over.
async fn claim(db: &Db, event: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let mut tx = db.begin().await?;
    let taken = tx
        .exec(
            sql("UPDATE outbox_event SET dispatched_at = $2
                 WHERE id = $1 AND dispatched_at IS NULL")
            .bind(event)
            .bind(now),
        )
        .await?
        == 1;
    if taken {
        write_failure(&mut tx, event, "", 0, "unfinished", Some(now + Duration::minutes(5)))
            .await?;
    }
    tx.commit().await?;
    Ok(taken)
}

async fn settle(db: &Db, event: Uuid) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.exec(sql("DELETE FROM outbox_failure WHERE event_id = $1 AND handler = ''").bind(event))
        .await?;
    tx.commit().await
}

async fn note_failure(
    db: &Db,
    event: Uuid,
    handler: &str,
    attempts: i64,
    code: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let wait = Duration::seconds(5 * (1_i64 << attempts.clamp(0, 14)));
    let next = (attempts < ATTEMPTS).then(|| now + wait);
    tracing::warn!(%event, handler, attempts, code, "an event handler failed");
    let mut tx = db.begin().await?;
    write_failure(&mut tx, event, handler, attempts, code, next).await?;
    tx.commit().await
}

async fn write_failure(
    tx: &mut Tx,
    event: Uuid,
    handler: &str,
    attempts: i64,
    code: &str,
    next: Option<DateTime<Utc>>,
) -> Result<()> {
    tx.exec(
        sql("INSERT INTO outbox_failure (event_id, handler, attempts, next_at, code)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (event_id, handler) DO UPDATE SET
                attempts = EXCLUDED.attempts, next_at = EXCLUDED.next_at, code = EXCLUDED.code")
        .bind(event)
        .bind(handler)
        .bind(attempts)
        .bind(next)
        .bind(code),
    )
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Due {
    event_id: Uuid,
    handler: String,
    attempts: i64,
}

/// Tries failed handlers whose time has come. Returns how many deliveries were tried.
pub async fn retry(db: &Db, handlers: &[Handler], now: DateTime<Utc>) -> Result<usize> {
    let due: Vec<Due> = {
        let mut tx = db.read().await?;
        tx.all(
            sql("SELECT event_id, handler, attempts FROM outbox_failure
                 WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at LIMIT 100")
            .bind(now),
        )
        .await?
    };
    for failed in &due {
        retry_one(db, handlers, failed, now).await?;
    }
    Ok(due.len())
}

async fn retry_one(db: &Db, handlers: &[Handler], due: &Due, now: DateTime<Utc>) -> Result<()> {
    let mut tx = db.begin().await?;
    // Only one process tries: the one that moves `next_at` on.
    let taken = tx
        .exec(
            sql("UPDATE outbox_failure SET next_at = $3
                 WHERE event_id = $1 AND handler = $2 AND next_at <= $4")
            .bind(due.event_id)
            .bind(&due.handler)
            .bind(now + Duration::minutes(5))
            .bind(now),
        )
        .await?;
    let event: EventRow = tx
        .one(
            sql("SELECT id, type, subject, occurred_at, data FROM outbox_event WHERE id = $1")
                .bind(due.event_id),
        )
        .await?;
    tx.commit().await?;
    if taken == 0 {
        return Ok(());
    }
    let event = Event::from(event);
    let mut again = None;
    for handler in handlers.iter().filter(|handler| {
        event.type_.starts_with(handler.prefix)
            && (due.handler.is_empty() || due.handler == handler.name)
    }) {
        if let Err(code) = (handler.hear)(event.clone()).await {
            note_failure(db, event.id, handler.name, due.attempts + 1, &code, now).await?;
            again = Some(handler.name);
        }
    }
    if again != Some(due.handler.as_str()) {
        let mut tx = db.begin().await?;
        tx.exec(
            sql("DELETE FROM outbox_failure WHERE event_id = $1 AND handler = $2")
                .bind(due.event_id)
                .bind(&due.handler),
        )
        .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Events about `subject`, newest first: what a timeline shows.
pub async fn about(tx: &mut Tx, subject: &str, limit: i64) -> Result<Vec<Event>> {
    let rows: Vec<EventRow> = tx
        .all(
            sql("SELECT id, type, subject, occurred_at, data FROM outbox_event
                 WHERE subject = $1 ORDER BY id DESC LIMIT $2")
            .bind(subject)
            .bind(limit),
        )
        .await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::sync::atomic::{AtomicUsize, Ordering};

    use serde_json::json;

    use super::*;
    use crate::testing::{self, NOW};

    fn counting(name: &'static str, fail_first: usize) -> (Handler, Arc<AtomicUsize>) {
        let calls = Arc::new(AtomicUsize::new(0));
        let seen = calls.clone();
        let hear: Hear = Arc::new(move |_| {
            let call = seen.fetch_add(1, Ordering::SeqCst);
            Box::pin(
                async move { if call < fail_first { Err("not-yet".to_owned()) } else { Ok(()) } },
            )
        });
        (Handler { name, prefix: "customers.", hear }, calls)
    }

    #[tokio::test]
    async fn every_handler_hears_once_and_a_failing_one_is_tried_again_alone() {
        testing::both(&[], async |db| {
            let (good, good_calls) = counting("good", 0);
            let (shaky, shaky_calls) = counting("shaky", 2);
            let handlers = [good, shaky];
            let mut tx = db.begin().await.unwrap();
            let event = Event::new("customers.profile.edited.v1", "customer/1", NOW, json!({}));
            say(&mut tx, &event).await.unwrap();
            say(&mut tx, &Event::new("value.run.done.v1", "run/1", NOW, json!({}))).await.unwrap();
            tx.commit().await.unwrap();

            assert_eq!(dispatch(&db, &handlers, NOW, 100).await.unwrap(), 2);
            assert_eq!(dispatch(&db, &handlers, NOW, 100).await.unwrap(), 0);
            assert_eq!(retry(&db, &handlers, NOW).await.unwrap(), 0, "too early");
            retry(&db, &handlers, NOW + Duration::minutes(1)).await.unwrap();
            retry(&db, &handlers, NOW + Duration::minutes(10)).await.unwrap();
            assert_eq!(retry(&db, &handlers, NOW + Duration::days(1)).await.unwrap(), 0);
            assert_eq!(good_calls.load(Ordering::SeqCst), 1);
            assert_eq!(shaky_calls.load(Ordering::SeqCst), 3);
        })
        .await;
    }

    #[tokio::test]
    async fn an_event_of_a_rolled_back_transaction_is_never_heard() {
        testing::both(&[], async |db| {
            let mut tx = db.begin().await.unwrap();
            let event = Event::new("customers.profile.edited.v1", "customer/1", NOW, json!({}));
            say(&mut tx, &event).await.unwrap();
            drop(tx);
            let (handler, calls) = counting("good", 0);
            assert_eq!(dispatch(&db, &[handler], NOW, 100).await.unwrap(), 0);
            assert_eq!(calls.load(Ordering::SeqCst), 0);
        })
        .await;
    }
}
