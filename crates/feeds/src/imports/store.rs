//! The SQL of imports.

use chrono::{DateTime, Utc};
use customers::Policy;
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use super::model::{CheckReport, Counts, Failure, Import, ImportId, ReasonCount, Status, Times};
use crate::file::Shape;
use crate::mapping::Mapping;
use crate::mapping::fields::FileKind;
use crate::{Error, Result};

const COLUMNS: &str = "id, status, kind, file_name, file_bytes, file_path, file_gone, sha256, \
    shape, columns, rows_total, rows_exact, mapping_name, mapping, policy, owner, owner_name, \
    created_at, started_at, finished_at, reverted_at, rows_done, counts, reasons, speed, times, \
    checked, failure, job_id, undone, undo_kept";

#[derive(sqlx::FromRow)]
struct ImportRow {
    id: Uuid,
    status: String,
    kind: String,
    file_name: String,
    file_bytes: i64,
    file_path: Option<String>,
    file_gone: bool,
    sha256: Option<String>,
    shape: Option<Json<Shape>>,
    columns: Json<Vec<String>>,
    rows_total: Option<i64>,
    rows_exact: bool,
    mapping_name: String,
    mapping: Option<Json<Mapping>>,
    policy: String,
    owner: Uuid,
    owner_name: String,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    reverted_at: Option<DateTime<Utc>>,
    rows_done: i64,
    counts: Json<Counts>,
    reasons: Json<Vec<ReasonCount>>,
    speed: Json<Vec<(u64, u64)>>,
    times: Json<Times>,
    checked: Option<Json<CheckReport>>,
    failure: Option<Json<Failure>>,
    job_id: Option<Uuid>,
    undone: i64,
    undo_kept: i64,
}

fn natural(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl From<ImportRow> for Import {
    fn from(row: ImportRow) -> Self {
        Self {
            id: ImportId::from(row.id),
            status: Status::parse(&row.status),
            kind: FileKind::parse(&row.kind).unwrap_or(FileKind::Members),
            file_name: row.file_name,
            file_bytes: natural(row.file_bytes),
            file_path: row.file_path,
            file_gone: row.file_gone,
            sha256: row.sha256,
            shape: row.shape.map(|json| json.0),
            columns: row.columns.0,
            rows_total: row.rows_total.map(natural),
            rows_exact: row.rows_exact,
            mapping_name: row.mapping_name,
            mapping: row.mapping.map(|json| json.0),
            policy: policy(&row.policy),
            owner: row.owner,
            owner_name: row.owner_name,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            reverted_at: row.reverted_at,
            rows_done: natural(row.rows_done),
            counts: row.counts.0,
            reasons: row.reasons.0,
            speed: row.speed.0,
            times: row.times.0,
            checked: row.checked.map(|json| json.0),
            failure: row.failure.map(|json| json.0),
            job_id: row.job_id,
            undone: natural(row.undone),
            undo_kept: natural(row.undo_kept),
        }
    }
}

/// A policy by its name.
pub(crate) fn policy(text: &str) -> Policy {
    match text {
        "create" => Policy::Create,
        "update" => Policy::Update,
        _ => Policy::CreateOrUpdate,
    }
}

/// A policy's name, in the database, in forms and in text keys.
pub(crate) fn policy_name(policy: Policy) -> &'static str {
    match policy {
        Policy::Create => "create",
        Policy::Update => "update",
        Policy::CreateOrUpdate => "create-or-update",
    }
}

pub(super) async fn insert(tx: &mut Tx, import: &Import) -> Result<()> {
    tx.exec(
        sql("INSERT INTO feed_import (id, status, kind, file_name, file_bytes, file_path,
                file_gone, columns, rows_exact, mapping_name, policy, owner, owner_name, created_at,
                rows_done, counts, reasons, speed, times, undone, undo_kept)
             VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, FALSE, '', $8, $9, $10, $11, 0, $12, $13,
                $14, $15, 0, 0)")
        .bind(import.id.uuid())
        .bind(import.status.as_str())
        .bind(import.kind.as_str())
        .bind(&import.file_name)
        .bind(signed(import.file_bytes))
        .bind(import.file_path.clone())
        .bind(serde_json::json!([]))
        .bind(policy_name(import.policy))
        .bind(import.owner)
        .bind(&import.owner_name)
        .bind(import.created_at)
        .bind(serde_json::to_value(Counts::default())?)
        .bind(serde_json::json!([]))
        .bind(serde_json::json!([]))
        .bind(serde_json::to_value(Times::default())?),
    )
    .await?;
    Ok(())
}

/// The import, or [`Error::NotFound`].
pub(super) async fn load(tx: &mut Tx, id: ImportId) -> Result<Import> {
    let mut query = SqlBuilder::new("SELECT ");
    query.push(COLUMNS).push(" FROM feed_import WHERE id = ").bind(id.uuid());
    let row = tx.maybe::<ImportRow>(query.build()).await?.ok_or(Error::NotFound)?;
    Ok(row.into())
}

/// The newest imports, older than `before`.
pub(super) async fn recent(
    tx: &mut Tx,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Import>> {
    let mut query = SqlBuilder::new("SELECT ");
    query.push(COLUMNS).push(" FROM feed_import");
    if let Some((at, id)) = before {
        query.push(" WHERE (created_at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY created_at DESC, id DESC LIMIT ").bind(limit);
    Ok(tx.all::<ImportRow>(query.build()).await?.into_iter().map(Import::from).collect())
}

/// Imports of a file with this hash, newest first.
pub(super) async fn of_hash(tx: &mut Tx, sha256: &str) -> Result<Vec<Import>> {
    let mut query = SqlBuilder::new("SELECT ");
    query.push(COLUMNS).push(" FROM feed_import WHERE sha256 = ").bind(sha256);
    query.push(" ORDER BY created_at DESC, id DESC LIMIT 20");
    Ok(tx.all::<ImportRow>(query.build()).await?.into_iter().map(Import::from).collect())
}

/// What looking at the file found.
pub(super) async fn set_facts(
    tx: &mut Tx,
    import: &Import,
    facts: &crate::file::Facts,
    sha256: &str,
    inspect_ms: u64,
) -> Result<()> {
    let times = Times { inspect: inspect_ms, ..import.times };
    tx.exec(
        sql("UPDATE feed_import SET status = $2, kind = $3, sha256 = $4, shape = $5, columns = $6,
                rows_total = $7, rows_exact = $8, times = $9, file_bytes = $10
             WHERE id = $1")
        .bind(import.id.uuid())
        .bind(Status::Mapping.as_str())
        .bind(import.kind.as_str())
        .bind(sha256)
        .bind(serde_json::to_value(&facts.shape)?)
        .bind(serde_json::to_value(&facts.header)?)
        .bind(signed(facts.rows))
        .bind(facts.exact)
        .bind(serde_json::to_value(times)?)
        .bind(signed(facts.bytes)),
    )
    .await?;
    Ok(())
}

pub(super) async fn set_mapping(
    tx: &mut Tx,
    id: ImportId,
    mapping: &Mapping,
    (shape, columns): (&Shape, &[String]),
    policy: Policy,
) -> Result<()> {
    tx.exec(
        sql(
            "UPDATE feed_import SET status = 'mapping', kind = $2, mapping_name = $3, mapping = $4,
                shape = $5, policy = $6, columns = $7, checked = NULL, failure = NULL
             WHERE id = $1",
        )
        .bind(id.uuid())
        .bind(mapping.kind.as_str())
        .bind(&mapping.name)
        .bind(serde_json::to_value(mapping)?)
        .bind(serde_json::to_value(shape)?)
        .bind(policy_name(policy))
        .bind(serde_json::to_value(columns)?),
    )
    .await?;
    Ok(())
}

pub(super) async fn set_job(tx: &mut Tx, id: ImportId, job: Uuid, status: Status) -> Result<()> {
    tx.exec(
        sql("UPDATE feed_import SET job_id = $2, status = $3, failure = NULL WHERE id = $1")
            .bind(id.uuid())
            .bind(job)
            .bind(status.as_str()),
    )
    .await?;
    Ok(())
}

/// Takes the import for `runner`: whoever had it writes nothing more.
pub(super) async fn claim(
    tx: &mut Tx,
    id: ImportId,
    runner: Uuid,
    status: Status,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.exec(
        sql("UPDATE feed_import SET runner = $2, status = $3, failure = NULL,
                started_at = COALESCE(started_at, $4) WHERE id = $1")
        .bind(id.uuid())
        .bind(runner)
        .bind(status.as_str())
        .bind(now),
    )
    .await?;
    Ok(())
}

/// Writes down how far `import` is, if `runner` still has it.
pub(super) async fn advance(tx: &mut Tx, import: &Import, runner: Uuid) -> Result<()> {
    let kept = tx
        .exec(
            sql("UPDATE feed_import SET rows_done = $3, counts = $4, reasons = $5, speed = $6,
                    times = $7 WHERE id = $1 AND runner = $2")
            .bind(import.id.uuid())
            .bind(runner)
            .bind(signed(import.rows_done))
            .bind(serde_json::to_value(import.counts)?)
            .bind(serde_json::to_value(&import.reasons)?)
            .bind(serde_json::to_value(&import.speed)?)
            .bind(serde_json::to_value(import.times)?),
        )
        .await?;
    if kept == 1 { Ok(()) } else { Err(Error::Lost) }
}

/// Whether the import is still this runner's.
pub(super) async fn expect_runner(tx: &mut Tx, import: Uuid, runner: Uuid) -> Result<()> {
    let has: Option<i64> = tx
        .value_maybe(
            sql("SELECT CAST(1 AS BIGINT) FROM feed_import WHERE id = $1 AND runner = $2")
                .bind(import)
                .bind(runner),
        )
        .await?;
    has.map(|_| ()).ok_or(Error::Lost)
}

/// Ends a run of `runner`.
pub(super) async fn settle(
    tx: &mut Tx,
    import: &Import,
    runner: Uuid,
    status: Status,
    failure: Option<&Failure>,
    now: DateTime<Utc>,
) -> Result<()> {
    let failure = failure.map(serde_json::to_value).transpose()?;
    let kept = tx
        .exec(
            sql(
                "UPDATE feed_import SET status = $3, failure = $4, finished_at = $5, runner = NULL,
                    rows_total = CASE WHEN $3 = 'done' THEN rows_done ELSE rows_total END,
                    rows_exact = CASE WHEN $3 = 'done' THEN TRUE ELSE rows_exact END
                 WHERE id = $1 AND runner = $2",
            )
            .bind(import.id.uuid())
            .bind(runner)
            .bind(status.as_str())
            .bind(failure)
            .bind(now),
        )
        .await?;
    if kept == 1 { Ok(()) } else { Err(Error::Lost) }
}

pub(super) async fn set_checked(
    tx: &mut Tx,
    import: &Import,
    report: &CheckReport,
    check_ms: u64,
) -> Result<()> {
    let times = Times { check: check_ms, ..import.times };
    tx.exec(
        sql("UPDATE feed_import SET status = 'checked', checked = $2, times = $3, rows_total = $4,
                rows_exact = TRUE WHERE id = $1 AND status = 'checking'")
        .bind(import.id.uuid())
        .bind(serde_json::to_value(report)?)
        .bind(serde_json::to_value(times)?)
        .bind(signed(report.counts.read)),
    )
    .await?;
    Ok(())
}

pub(super) async fn set_failed(
    tx: &mut Tx,
    id: ImportId,
    status: Status,
    failure: Option<&Failure>,
) -> Result<()> {
    let failure = failure.map(serde_json::to_value).transpose()?;
    tx.exec(
        sql("UPDATE feed_import SET status = $2, failure = $3 WHERE id = $1")
            .bind(id.uuid())
            .bind(status.as_str())
            .bind(failure),
    )
    .await?;
    Ok(())
}

/// Adds to what an undo has done so far.
pub(super) async fn add_undone(tx: &mut Tx, id: ImportId, undone: u64, kept: u64) -> Result<()> {
    tx.exec(
        sql(
            "UPDATE feed_import SET undone = undone + $2, undo_kept = undo_kept + $3 WHERE id = $1",
        )
        .bind(id.uuid())
        .bind(signed(undone))
        .bind(signed(kept)),
    )
    .await?;
    Ok(())
}

pub(super) async fn set_reverted(tx: &mut Tx, id: ImportId, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql("UPDATE feed_import SET status = 'reverted', reverted_at = $2 WHERE id = $1")
            .bind(id.uuid())
            .bind(now),
    )
    .await?;
    Ok(())
}

/// The size of a file that arrived without being announced.
pub(super) async fn set_size(tx: &mut Tx, id: ImportId, size: u64) -> Result<()> {
    tx.exec(
        sql("UPDATE feed_import SET file_bytes = $2 WHERE id = $1 AND status = 'uploading'")
            .bind(id.uuid())
            .bind(signed(size)),
    )
    .await?;
    Ok(())
}
