//! The queue's SQL. The one place where the two engines need two texts: `SKIP LOCKED`.

use chrono::{DateTime, Duration, Utc};
use serde::de::DeserializeOwned;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{ENDED, Ended, Job, JobCtx, JobError, JobRow, New};
use crate::{Engine, Result, Sql, SqlBuilder, Tx, outbox, sql};

const COLUMNS: &str = "id, kind, args, owner, status, done, total, phase, result, failure, \
     cancel_asked, attempts, created_at, started_at, finished_at";

/// Enqueues a job. With a key that an open job has already, returns that job's id.
pub async fn enqueue(tx: &mut Tx, job: New, now: DateTime<Utc>) -> Result<Uuid> {
    let id = kernel::ids::v7(now);
    let added = tx
        .exec(
            sql("INSERT INTO job (id, kind, args, unique_key, owner, status, run_at, attempts,
                    max_attempts, done, phase, cancel_asked, created_at)
                 VALUES ($1, $2, $3, $4, $5, 'queued', $6, 0, $7, 0, '', FALSE, $8)
                 ON CONFLICT (unique_key) WHERE status IN ('queued', 'running') DO NOTHING")
            .bind(id)
            .bind(job.kind)
            .bind(job.args)
            .bind(job.key.clone())
            .bind(job.owner)
            .bind(job.run_at)
            .bind(job.max_attempts)
            .bind(now),
        )
        .await?;
    if added == 1 {
        return Ok(id);
    }
    tx.value(
        sql("SELECT id FROM job WHERE unique_key = $1 AND status IN ('queued', 'running')")
            .bind(job.key),
    )
    .await
}

/// The job, or `None`.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<Job>> {
    let mut query = select();
    query.push(" WHERE id = ").bind(id);
    Ok(tx.maybe::<JobRow>(query.build()).await?.map(Job::from))
}

/// The newest jobs of `owner`.
pub async fn recent(tx: &mut Tx, owner: Uuid, limit: i64) -> Result<Vec<Job>> {
    let mut query = select();
    query.push(" WHERE owner = ").bind(owner).push(" ORDER BY id DESC LIMIT ").bind(limit);
    rows(tx, query.build()).await
}

/// The newest jobs of all, older than `before`.
pub async fn list(tx: &mut Tx, before: Option<Uuid>, limit: i64) -> Result<Vec<Job>> {
    let mut query = select();
    if let Some(before) = before {
        query.push(" WHERE id < ").bind(before);
    }
    query.push(" ORDER BY id DESC LIMIT ").bind(limit);
    rows(tx, query.build()).await
}

/// The queued or running job with this key.
pub async fn open_of(tx: &mut Tx, key: &str) -> Result<Option<Job>> {
    let mut query = select();
    query.push(" WHERE status IN ('queued', 'running') AND unique_key = ").bind(key);
    Ok(tx.maybe::<JobRow>(query.build()).await?.map(Job::from))
}

/// Asks a job to stop. A queued one is cancelled at once, a running one at its next progress
/// report. Returns whether there was something to stop.
pub async fn cancel(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let waiting = tx
        .exec(
            sql("UPDATE job SET status = 'cancelled', finished_at = $2, cancel_asked = TRUE
                 WHERE id = $1 AND status = 'queued'")
            .bind(id)
            .bind(now),
        )
        .await?;
    let running = tx
        .exec(
            sql("UPDATE job SET cancel_asked = TRUE WHERE id = $1 AND status = 'running'").bind(id),
        )
        .await?;
    Ok(waiting + running > 0)
}

fn select() -> SqlBuilder {
    let mut query = SqlBuilder::new("SELECT ");
    query.push(COLUMNS).push(" FROM job");
    query
}

async fn rows(tx: &mut Tx, query: Sql) -> Result<Vec<Job>> {
    Ok(tx.all::<JobRow>(query).await?.into_iter().map(Job::from).collect())
}

/// Forgets jobs of these kinds that ended well before `before`: rounds that come every minute are
/// not worth a row for ever.
pub async fn forget_done(tx: &mut Tx, kinds: &[&str], before: DateTime<Utc>) -> Result<u64> {
    let mut query = SqlBuilder::new("DELETE FROM job WHERE status = 'done' AND finished_at < ");
    query.bind(before).push(" AND kind IN ").bind_list(kinds.iter().copied());
    tx.exec(query.build()).await
}

/// Takes the next job that is due, or whose worker let its lease run out.
pub(super) async fn take(
    tx: &mut Tx,
    engine: Engine,
    kinds: &[&'static str],
    lease: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Job>> {
    let mut due = SqlBuilder::new("SELECT id FROM job WHERE ((status = 'queued' AND run_at <= ");
    due.bind(now).push(") OR (status = 'running' AND lease_until < ").bind(now);
    due.push(")) AND kind IN ").bind_list(kinds.iter().copied());
    due.push(" ORDER BY run_at, id LIMIT 1");
    if engine == Engine::Postgres {
        due.push(" FOR UPDATE SKIP LOCKED");
    }
    let Some(id) = tx.value_maybe::<Uuid>(due.build()).await? else { return Ok(None) };
    tx.exec(
        sql("UPDATE job SET status = 'running', lease = $2, lease_until = $3,
                attempts = attempts + 1, started_at = COALESCE(started_at, $4)
             WHERE id = $1")
        .bind(id)
        .bind(lease)
        .bind(JobCtx::lease_end(now))
        .bind(now),
    )
    .await?;
    get(tx, id).await
}

pub(super) async fn keep_lease(tx: &mut Tx, job: &JobCtx) -> Result<bool> {
    let kept = tx
        .exec(
            sql("UPDATE job SET lease_until = $3
                 WHERE id = $1 AND lease = $2 AND status = 'running'")
            .bind(job.id)
            .bind(job.lease)
            .bind(JobCtx::lease_end(job.clock.now())),
        )
        .await?;
    Ok(kept == 1)
}

pub(super) async fn progress(
    job: &JobCtx,
    done: u64,
    total: Option<u64>,
    phase: &str,
) -> Result<(), JobError> {
    let mut tx = job.db.begin().await?;
    let cancelled: Option<bool> = tx
        .value_maybe(
            sql("UPDATE job SET done = $3, total = $4, phase = $5, lease_until = $6
                 WHERE id = $1 AND lease = $2 AND status = 'running'
                 RETURNING cancel_asked")
            .bind(job.id)
            .bind(job.lease)
            .bind(i64::try_from(done).unwrap_or(i64::MAX))
            .bind(total.and_then(|total| i64::try_from(total).ok()))
            .bind(phase)
            .bind(JobCtx::lease_end(job.clock.now())),
        )
        .await?;
    tx.commit().await?;
    match cancelled {
        Some(false) => Ok(()),
        Some(true) => Err(JobError::Cancelled),
        None => Err(JobError::Lost),
    }
}

pub(super) async fn checkpoint(
    job: &JobCtx,
    tx: &mut Tx,
    value: serde_json::Value,
) -> Result<(), JobError> {
    let kept = tx
        .exec(
            sql("UPDATE job SET checkpoint = $3
                 WHERE id = $1 AND lease = $2 AND status = 'running'")
            .bind(job.id)
            .bind(job.lease)
            .bind(value),
        )
        .await?;
    if kept == 1 { Ok(()) } else { Err(JobError::Lost) }
}

pub(super) async fn last_checkpoint<T: DeserializeOwned>(
    job: &JobCtx,
) -> Result<Option<T>, JobError> {
    let mut tx = job.db.read().await?;
    let kept: Option<Json<serde_json::Value>> =
        tx.value(sql("SELECT checkpoint FROM job WHERE id = $1").bind(job.id)).await?;
    kept.map(|Json(value)| serde_json::from_value(value))
        .transpose()
        .map_err(|error| JobError::Store(error.into()))
}

/// Writes down how a try ended. A lost lease changes nothing.
pub(super) async fn settle(
    tx: &mut Tx,
    job: &JobCtx,
    ended: Result<serde_json::Value, JobError>,
) -> Result<()> {
    let now = job.clock.now();
    let query = match ended {
        Ok(result) => sql("UPDATE job SET status = 'done', result = $3, finished_at = $4,
                failure = NULL, lease_until = NULL WHERE id = $1 AND lease = $2")
        .bind(job.id)
        .bind(job.lease)
        .bind(result)
        .bind(now),
        Err(JobError::Lost) => return Ok(()),
        Err(JobError::Cancelled) => {
            sql("UPDATE job SET status = 'cancelled', finished_at = $3, lease_until = NULL
                 WHERE id = $1 AND lease = $2")
            .bind(job.id)
            .bind(job.lease)
            .bind(now)
        }
        Err(error) => failed(job, &error, now)?,
    };
    if tx.exec(query).await? == 1
        && let Some(ended) = get(tx, job.id).await?
    {
        say_ended(tx, &ended, now).await?;
    }
    Ok(())
}

/// Tells the other domains of the end of a job that somebody waits for.
async fn say_ended(tx: &mut Tx, job: &Job, now: DateTime<Utc>) -> Result<()> {
    let (Some(owner), false) = (job.owner, job.status.is_open()) else { return Ok(()) };
    let of = |from: Option<&serde_json::Value>, key: &str| {
        let text = from.and_then(|from| from.get(key)).and_then(serde_json::Value::as_str);
        text.map(str::to_owned)
    };
    let data = Ended {
        owner,
        kind: job.kind.clone(),
        status: job.status,
        href: of(job.result.as_ref(), "href"),
        file: of(Some(&job.args), "file"),
    };
    let subject = format!("job/{}", job.id);
    let event = outbox::Event::new(ENDED, subject, now, serde_json::to_value(data)?);
    outbox::say(tx, &event).await
}

/// A failure that may pass goes back to the queue while tries are left, later each time.
fn failed(job: &JobCtx, error: &JobError, now: DateTime<Utc>) -> Result<Sql> {
    let again = if error.may_pass() { "queued" } else { "failed" };
    Ok(sql("UPDATE job SET failure = $3, lease_until = NULL,
            status = CASE WHEN attempts < max_attempts THEN $4 ELSE 'failed' END,
            finished_at = CASE WHEN attempts < max_attempts AND $4 = 'queued'
                THEN finished_at ELSE $5 END,
            run_at = $6 WHERE id = $1 AND lease = $2")
    .bind(job.id)
    .bind(job.lease)
    .bind(serde_json::to_value(error.failure())?)
    .bind(again)
    .bind(now)
    .bind(now + Duration::seconds(10)))
}

/// Claims the slot of a periodic job. Returns whether this process got it.
pub(super) async fn claim_slot(tx: &mut Tx, kind: &str, slot: i64) -> Result<bool> {
    let claimed = tx
        .exec(
            sql("INSERT INTO job_slot (kind, slot) VALUES ($1, $2)
                 ON CONFLICT (kind, slot) DO NOTHING")
            .bind(kind)
            .bind(slot),
        )
        .await?;
    if claimed == 1 {
        tx.exec(sql("DELETE FROM job_slot WHERE kind = $1 AND slot < $2").bind(kind).bind(slot))
            .await?;
    }
    Ok(claimed == 1)
}
