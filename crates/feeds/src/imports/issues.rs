//! Findings kept for the reports: in the database while they are few, counted by reason always.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::types::Json;
use store::{Col, Tx, Value, sql};

use super::model::ImportId;
use super::store::signed;
use crate::rows::{Issue, Level};
use crate::{Feeds, Result, permissions};

/// Findings kept one by one; further ones are only counted.
pub(super) const KEPT: u64 = 500_000;

/// Which run found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// The check of all rows.
    Check,
    /// The import itself.
    Import,
}

impl Run {
    /// As kept in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Import => "import",
        }
    }
}

/// A finding as it is read back.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StoredIssue {
    /// Its number within the run; also the cursor.
    pub n: i64,
    /// Row as a spreadsheet shows it.
    pub row: i64,
    /// Column, or blank for the row as a whole.
    pub column: String,
    /// The value, masked when personal.
    pub value: String,
    /// What became of it.
    pub level: Level,
    /// Stable code: the sentence is `feeds-issue-<code>`.
    pub code: String,
    /// Values for the sentence.
    pub args: BTreeMap<String, String>,
}

#[derive(sqlx::FromRow)]
struct IssueRow {
    n: i64,
    row_number: i64,
    column_name: String,
    value: String,
    level: String,
    code: String,
    args: Json<BTreeMap<String, String>>,
}

impl From<IssueRow> for StoredIssue {
    fn from(row: IssueRow) -> Self {
        Self {
            n: row.n,
            row: row.row_number,
            column: row.column_name,
            value: row.value,
            level: Level::parse(&row.level),
            code: row.code,
            args: row.args.0,
        }
    }
}

/// Keeps `issues`, numbered from `from`. Returns the next number.
pub(super) async fn keep(
    tx: &mut Tx,
    import: ImportId,
    run: Run,
    from: u64,
    issues: Vec<Issue>,
) -> Result<u64> {
    let next = from + issues.len() as u64;
    let room = usize::try_from(KEPT.saturating_sub(from)).unwrap_or(0);
    let rows: Vec<Vec<Value>> = issues
        .into_iter()
        .take(room)
        .zip(from..)
        .map(|(issue, n)| {
            let args: BTreeMap<String, String> = issue.args.into_iter().collect();
            vec![
                import.uuid().into(),
                run.as_str().into(),
                signed(n).into(),
                signed(issue.row).into(),
                issue.column.into(),
                issue.value.into(),
                issue.level.as_str().into(),
                issue.code.into(),
                serde_json::json!(args).into(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let columns = [
            Col::uuid("import_id"),
            Col::text("phase"),
            Col::i64("n"),
            Col::i64("row_number"),
            Col::text("column_name"),
            Col::text("value"),
            Col::text("level"),
            Col::text("code"),
            Col::json("args"),
        ];
        tx.bulk("feed_import_issue", &columns, rows, "").await?;
    }
    Ok(next)
}

/// Forgets what `run` found.
pub(super) async fn clear(tx: &mut Tx, import: ImportId, run: Run) -> Result<()> {
    tx.exec(
        sql("DELETE FROM feed_import_issue WHERE import_id = $1 AND phase = $2")
            .bind(import.uuid())
            .bind(run.as_str()),
    )
    .await?;
    Ok(())
}

/// How many findings of `run` there are one by one.
pub(super) async fn count(tx: &mut Tx, import: ImportId, run: Run) -> Result<u64> {
    let count: i64 = tx
        .value(
            sql("SELECT COUNT(*) FROM feed_import_issue WHERE import_id = $1 AND phase = $2")
                .bind(import.uuid())
                .bind(run.as_str()),
        )
        .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

impl Feeds {
    /// Findings of an import after number `after`, in the order of the file, of one reason or all.
    ///
    /// # Errors
    /// Denied, or the database failed.
    pub async fn issues(
        &self,
        actor: &access::Actor,
        import: ImportId,
        run: Run,
        code: Option<&str>,
        (after, limit): (i64, i64),
    ) -> Result<Vec<StoredIssue>> {
        actor.may(permissions::READ)?;
        let mut query = store::SqlBuilder::new(
            "SELECT n, row_number, column_name, value, level, code, args FROM feed_import_issue
             WHERE import_id = ",
        );
        query.bind(import.uuid()).push(" AND phase = ").bind(run.as_str());
        query.push(" AND n > ").bind(after);
        if let Some(code) = code {
            query.push(" AND code = ").bind(code);
        }
        query.push(" ORDER BY n LIMIT ").bind(limit.clamp(1, 10_000));
        let mut tx = self.db().read().await?;
        Ok(tx.all::<IssueRow>(query.build()).await?.into_iter().map(StoredIssue::from).collect())
    }
}
