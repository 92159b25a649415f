//! Gradings as they are kept.

use chrono::{DateTime, Utc};
use kernel::Uuid;
use serde::Serialize;
use simulator::grade::Grade;
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};

/// A grading as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow)]
pub struct Line {
    pub id: Uuid,
    /// When it was graded.
    pub at: DateTime<Utc>,
    /// ISO days; empty if the truth had no flight.
    pub first_day: String,
    pub last_day: String,
    /// Mentions in the truth.
    pub mentions: i64,
    pub f1: f64,
    pub false_merges: f64,
    pub outcomes_right: f64,
}

/// A grading with everything.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    pub id: Uuid,
    /// When it was graded.
    pub at: DateTime<Utc>,
    pub grade: Grade,
}

pub(super) async fn keep(tx: &mut Tx, grade: Grade, at: DateTime<Utc>) -> store::Result<Run> {
    let id = kernel::ids::v7(at);
    let identity = &grade.identity;
    tx.exec(
        sql("INSERT INTO grade_run (id, at, first_day, last_day, mentions, f1, false_merges,
                outcomes_right, grade)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(id)
        .bind(at)
        .bind(&grade.days.0)
        .bind(&grade.days.1)
        .bind(i64::try_from(identity.mentions).unwrap_or(i64::MAX))
        .bind(identity.f1())
        .bind(identity.false_merges())
        .bind(grade.outcomes.accuracy())
        .bind(serde_json::to_value(&grade)?),
    )
    .await?;
    Ok(Run { id, at, grade })
}

/// Newest first, those before a place, and whether there are more.
pub(super) async fn list(
    tx: &mut Tx,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> store::Result<(Vec<Line>, bool)> {
    let mut query = SqlBuilder::new(
        "SELECT id, at, first_day, last_day, mentions, f1, false_merges, outcomes_right
         FROM grade_run",
    );
    if let Some((at, id)) = before {
        query.push(" WHERE (at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY at DESC, id DESC LIMIT ").bind(limit + 1);
    let mut lines: Vec<Line> = tx.all(query.build()).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = lines.len() > limit;
    lines.truncate(limit);
    Ok((lines, more))
}

pub(super) async fn get(tx: &mut Tx, id: Uuid) -> store::Result<Option<Run>> {
    let found: Option<(DateTime<Utc>, Json<Grade>)> =
        tx.maybe(sql("SELECT at, grade FROM grade_run WHERE id = $1").bind(id)).await?;
    Ok(found.map(|(at, Json(grade))| Run { id, at, grade }))
}
