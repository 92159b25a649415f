//! The rows of runs.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use super::model::{Report, Run, RunParams, RunStatus};
use crate::error::{Error, Result};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    created_at: DateTime<Utc>,
    status: String,
    params: Json<RunParams>,
    report: Option<Json<Report>>,
    published_at: Option<DateTime<Utc>>,
}

impl From<Row> for Run {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            status: RunStatus::parse(&row.status),
            published_at: row.published_at,
            params: row.params.0,
            report: row.report.map(|json| json.0),
        }
    }
}

const SELECT: &str =
    "SELECT id, created_at, status, params, report, published_at FROM value_run WHERE ";

/// Begins the row of a run; a run that was killed begins again under the same identity.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: Uuid,
    owner: Option<Uuid>,
    params: &RunParams,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.exec(
        sql("INSERT INTO value_run (id, created_at, owner, status, params)
             VALUES ($1, $2, $3, 'running', $4)
             ON CONFLICT (id) DO UPDATE SET status = 'running'")
        .bind(id)
        .bind(now)
        .bind(owner)
        .bind(serde_json::to_value(params).map_err(store::Error::from)?),
    )
    .await?;
    Ok(())
}

/// Puts the report into the row and makes the run ready.
pub(crate) async fn finish(tx: &mut Tx, id: Uuid, report: &Report) -> Result<()> {
    tx.exec(
        sql("UPDATE value_run SET status = 'ready', report = $2 WHERE id = $1")
            .bind(id)
            .bind(serde_json::to_value(report).map_err(store::Error::from)?),
    )
    .await?;
    Ok(())
}

/// Marks a run that broke off.
pub(crate) async fn fail(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.exec(
        sql("UPDATE value_run SET status = 'failed' WHERE id = $1 AND status = 'running'").bind(id),
    )
    .await?;
    Ok(())
}

/// Marks a run as what customers show. Returns whether it was ready for that.
pub(crate) async fn publish(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let marked = tx
        .exec(
            sql("UPDATE value_run SET status = 'published', published_at = $2
                 WHERE id = $1 AND status = 'ready'")
            .bind(id)
            .bind(now),
        )
        .await?;
    Ok(marked == 1)
}

pub(crate) async fn load(tx: &mut Tx, id: Uuid) -> Result<Run> {
    let mut query = SqlBuilder::new(SELECT);
    query.push("id = ").bind(id);
    let found: Option<Row> = tx.maybe(query.build()).await?;
    found.map(Run::from).ok_or_else(|| Error::NoRun { asked: id.to_string() })
}

/// The run customers show: the one published last.
pub(crate) async fn latest_published(tx: &mut Tx) -> Result<Option<Run>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push("status = 'published' ORDER BY published_at DESC NULLS LAST, id DESC LIMIT 1");
    let found: Option<Row> = tx.maybe(query.build()).await?;
    Ok(found.map(Run::from))
}

/// The newest runs.
pub(crate) async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<Run>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push("id IS NOT NULL ORDER BY id DESC LIMIT ").bind(limit);
    let rows: Vec<Row> = tx.all(query.build()).await?;
    Ok(rows.into_iter().map(Run::from).collect())
}

/// Keeps what was found about the number of groups.
pub(crate) async fn keep_choose_k(tx: &mut Tx, id: Uuid, found: &stats::ChooseK) -> Result<()> {
    tx.exec(
        sql("UPDATE value_run SET choose_k = $2 WHERE id = $1")
            .bind(id)
            .bind(serde_json::to_value(found).map_err(store::Error::from)?),
    )
    .await?;
    Ok(())
}

/// What was found about the number of groups, once it was looked for.
pub(crate) async fn load_choose_k(tx: &mut Tx, id: Uuid) -> Result<Option<stats::ChooseK>> {
    let found: Option<Option<Json<stats::ChooseK>>> =
        tx.value_maybe(sql("SELECT choose_k FROM value_run WHERE id = $1").bind(id)).await?;
    Ok(found.flatten().map(|json| json.0))
}

#[derive(sqlx::FromRow)]
struct Joined {
    id: Uuid,
    joined_on: chrono::NaiveDate,
}

/// Every customer with the day they joined, ascending. Reads the customers' own table: 1 million
/// rows must not pass through a list of structs twice. The day 1 January of the year 1 stands for
/// "not known" there.
pub(crate) async fn each_member(
    tx: &mut Tx,
    mut each: impl FnMut(Uuid, Option<chrono::NaiveDate>),
) -> Result<()> {
    let statement = sql("SELECT id, joined_on FROM customer WHERE trashed_at IS NULL ORDER BY id");
    tx.each(statement, |row: Joined| {
        each(row.id, Some(row.joined_on).filter(|day| chrono::Datelike::year(day) > 1));
        Ok::<(), Error>(())
    })
    .await
}

/// Which run customers show.
pub(crate) async fn published_id(tx: &mut Tx) -> Result<Option<Uuid>> {
    Ok(tx
        .value_maybe(sql("SELECT id FROM value_run WHERE status = 'published'
             ORDER BY published_at DESC NULLS LAST, id DESC LIMIT 1"))
        .await?)
}
