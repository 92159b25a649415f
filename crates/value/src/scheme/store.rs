//! The rows of schemes.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use super::model::{Attribute, Scheme, SchemeVersion, Subject, WeightOf};
use crate::error::{Error, Result};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    subject: String,
    name_en: String,
    name_zh: String,
    standard: bool,
    version: i64,
    weights: Json<Vec<WeightOf>>,
    note: String,
    created_at: DateTime<Utc>,
    created_by: Option<Uuid>,
}

impl From<Row> for Scheme {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            subject: Subject::parse(&row.subject),
            name_en: row.name_en,
            name_zh: row.name_zh,
            standard: row.standard,
            current: SchemeVersion {
                version: row.version,
                weights: row.weights.0,
                note: row.note,
                created_at: row.created_at,
                created_by: row.created_by,
            },
        }
    }
}

const SELECT: &str = "SELECT s.id, s.subject, s.name_en, s.name_zh, s.standard, v.version,
        v.weights, v.note, v.created_at, v.created_by
    FROM value_scheme s JOIN value_scheme_version v ON v.scheme_id = s.id ";
const NEWEST: &str =
    "v.version = (SELECT MAX(w.version) FROM value_scheme_version w WHERE w.scheme_id = s.id) ";

/// The standard scheme of `subject`.
pub(crate) async fn current(tx: &mut Tx, subject: Subject) -> Result<Scheme> {
    let mut query = SqlBuilder::new(SELECT);
    query.push("WHERE ").push(NEWEST).push("AND s.standard AND s.subject = ");
    query.bind(subject.as_str());
    let found: Option<Row> = tx.maybe(query.build()).await?;
    found.map(Scheme::from).ok_or(Error::NoScheme)
}

/// All schemes with their newest version: those of customers first, standard ones first.
pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<Scheme>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push("WHERE ").push(NEWEST).push("ORDER BY s.subject DESC, s.standard DESC, s.id");
    let rows: Vec<Row> = tx.all(query.build()).await?;
    Ok(rows.into_iter().map(Scheme::from).collect())
}

/// All versions of a scheme, newest first.
pub(crate) async fn load(tx: &mut Tx, id: Uuid) -> Result<Vec<Scheme>> {
    let mut query = SqlBuilder::new(SELECT);
    query.push("WHERE s.id = ").bind(id).push(" ORDER BY v.version DESC");
    let rows: Vec<Row> = tx.all(query.build()).await?;
    if rows.is_empty() {
        return Err(Error::NoScheme);
    }
    Ok(rows.into_iter().map(Scheme::from).collect())
}

/// Adds a version after `base`. Somebody else's newer one refuses it.
pub(crate) async fn save(tx: &mut Tx, id: Uuid, base: i64, version: &SchemeVersion) -> Result<()> {
    let current: Option<i64> = tx
        .value_maybe(
            sql("SELECT CAST(MAX(version) AS BIGINT) FROM value_scheme_version
                 WHERE scheme_id = $1 GROUP BY scheme_id")
            .bind(id),
        )
        .await?;
    match current {
        None => return Err(Error::NoScheme),
        Some(current) if current != base => return Err(Error::SchemeChanged { current }),
        Some(_) => {}
    }
    add_version(tx, id, version).await.map_err(|error| match error {
        Error::Store(store::Error::Conflict(_)) => Error::SchemeChanged { current: base + 1 },
        other => other,
    })
}

/// Adds a scheme with its first version.
pub(crate) async fn add(tx: &mut Tx, scheme: &Scheme) -> Result<()> {
    tx.exec(
        sql("INSERT INTO value_scheme (id, subject, name_en, name_zh, standard, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(scheme.id)
        .bind(scheme.subject.as_str())
        .bind(&scheme.name_en)
        .bind(&scheme.name_zh)
        .bind(scheme.standard)
        .bind(scheme.current.created_at),
    )
    .await?;
    add_version(tx, scheme.id, &scheme.current).await
}

async fn add_version(tx: &mut Tx, id: Uuid, version: &SchemeVersion) -> Result<()> {
    tx.exec(
        sql("INSERT INTO value_scheme_version
                (scheme_id, version, weights, note, created_at, created_by)
             VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(version.version)
        .bind(serde_json::to_value(&version.weights).map_err(store::Error::from)?)
        .bind(&version.note)
        .bind(version.created_at)
        .bind(version.created_by),
    )
    .await?;
    Ok(())
}

/// The schemes that come with the program, once: persons 30/30/40, companies 50/50 (row B3).
pub(crate) async fn seed(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    let there: i64 = tx.value(sql("SELECT COUNT(*) FROM value_scheme WHERE standard")).await?;
    if there > 0 {
        return Ok(());
    }
    let weight = |attribute, basis_points| WeightOf { attribute, basis_points };
    let person = vec![
        weight(Attribute::Frequency, 3000),
        weight(Attribute::Mileage, 3000),
        weight(Attribute::Coefficient, 4000),
    ];
    let company =
        vec![weight(Attribute::CentralPurchasing, 5000), weight(Attribute::YearlyVolume, 5000)];
    let shipped = [
        (Subject::Customer, "Customer value", "客户价值", person),
        (Subject::Company, "Company value", "集团客户价值", company),
    ];
    for (subject, name_en, name_zh, weights) in shipped {
        let current = SchemeVersion {
            version: 1,
            weights,
            note: String::new(),
            created_at: now,
            created_by: None,
        };
        let id = kernel::ids::v7(now);
        let (name_en, name_zh) = (name_en.to_owned(), name_zh.to_owned());
        add(tx, &Scheme { id, subject, name_en, name_zh, standard: true, current }).await?;
    }
    Ok(())
}
