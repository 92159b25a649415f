//! Many rows in one statement.
//!
//! [`Tx::with_rows`] puts rows in front of any statement as a table named `input`:
//!
//! ```sql
//! UPDATE customer SET km = input.km FROM input WHERE customer.id = input.id
//! ```
//!
//! On PostgreSQL the columns travel as arrays (`UNNEST`), on SQLite as one `VALUES` list of one of a
//! few lengths, so that the parsed statement is found again, in chunks that stay below each engine's
//! limit. [`Tx::bulk`] is the common case, an `INSERT`; on PostgreSQL
//! many new rows go by `COPY`.

use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;

use crate::{Error, Result, Row, Tx, Value, copy};

/// A column of the rows handed in: its name and type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Col {
    name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Uuid,
    Int,
    Float,
    Bool,
    Text,
    Time,
    Date,
    Bytes,
    Json,
}

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident => $kind:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[must_use]
        pub const fn $name(name: &'static str) -> Self {
            Self { name, kind: Kind::$kind }
        }
    )*};
}

impl Col {
    columns! {
        /// `UUID`
        uuid => Uuid,
        /// `BIGINT`
        i64 => Int,
        /// `DOUBLE PRECISION`
        f64 => Float,
        /// `BOOLEAN`
        bool => Bool,
        /// `TEXT`
        text => Text,
        /// `TIMESTAMPTZ`
        time => Time,
        /// `DATE`
        date => Date,
        /// `BYTEA`
        bytes => Bytes,
        /// `JSONB`
        json => Json,
    }

    /// Whether the value is of this column's type.
    pub(crate) fn takes(self, value: &Value) -> bool {
        matches!(
            (self.kind, value),
            (Kind::Uuid, Value::Uuid(_))
                | (Kind::Int, Value::Int(_))
                | (Kind::Float, Value::Float(_))
                | (Kind::Bool, Value::Bool(_))
                | (Kind::Text, Value::Text(_))
                | (Kind::Time, Value::Time(_))
                | (Kind::Date, Value::Date(_))
                | (Kind::Bytes, Value::Bytes(_))
                | (Kind::Json, Value::Json(_))
        )
    }
}

/// SQLite allows 32,766 values in a statement; beyond a thousand rows nothing is gained.
const SQLITE_VALUES: usize = 32_000;
const SQLITE_ROWS: usize = 1_000;
const POSTGRES_ROWS: usize = 10_000;

impl Tx {
    /// Inserts `rows` into `table`. `then` is empty or an `ON CONFLICT …` clause. Returns the
    /// number of rows written.
    pub async fn bulk(
        &mut self,
        table: &'static str,
        columns: &[Col],
        rows: Vec<Vec<Value>>,
        then: &str,
    ) -> Result<u64> {
        if let Self::Postgres(tx) = self
            && then.is_empty()
            && rows.len() >= copy::FROM_ROWS
        {
            let copied = copy::copy(tx.start()?, table, columns, rows).await;
            tx.rest();
            return copied;
        }
        let names = names(columns);
        // `WHERE TRUE` keeps SQLite from reading ON CONFLICT as a join condition.
        let statement =
            format!("INSERT INTO {table} ({names}) SELECT {names} FROM input WHERE TRUE {then}");
        self.with_rows(columns, rows, &statement).await
    }

    /// Runs `statement` with `rows` as the table `input`, chunk by chunk. Returns the number of
    /// rows touched. While the database works on one chunk the next one is made ready.
    pub async fn with_rows(
        &mut self,
        columns: &[Col],
        rows: Vec<Vec<Value>>,
        statement: &str,
    ) -> Result<u64> {
        let mut touched = 0;
        match self {
            Self::Sqlite(tx) => {
                let mut chunks = Chunks::new(rows, sqlite_chunk(columns.len()));
                let mut next = chunks.next(|rows| sqlite(columns, rows, statement))?;
                while let Some((text, arguments)) = next {
                    let run = sqlx::query_with(sqlx::AssertSqlSafe(text), arguments);
                    let ready = async { chunks.next(|rows| sqlite(columns, rows, statement)) };
                    let (done, ready) = futures::join!(run.execute(&mut **tx), ready);
                    touched += done?.rows_affected();
                    next = ready?;
                }
            }
            Self::Postgres(tx) => {
                let mut chunks = Chunks::new(rows, POSTGRES_ROWS);
                let mut next = chunks.next(|rows| postgres(columns, rows, statement))?;
                while let Some((text, arguments)) = next {
                    let run = sqlx::query_with(sqlx::AssertSqlSafe(text), arguments);
                    let ready = async { chunks.next(|rows| postgres(columns, rows, statement)) };
                    let (done, ready) = futures::join!(run.execute(tx.start()?), ready);
                    tx.rest();
                    touched += done?.rows_affected();
                    next = ready?;
                }
            }
        }
        Ok(touched)
    }

    /// Like [`Tx::with_rows`] for a statement that returns rows (`SELECT`, `… RETURNING`).
    pub async fn with_rows_all<T: Row>(
        &mut self,
        columns: &[Col],
        rows: Vec<Vec<Value>>,
        statement: &str,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        match self {
            Self::Sqlite(tx) => {
                let mut chunks = Chunks::new(rows, sqlite_chunk(columns.len()));
                while let Some((text, arguments)) =
                    chunks.next(|rows| sqlite(columns, rows, statement))?
                {
                    let query = sqlx::query_as_with(sqlx::AssertSqlSafe(text), arguments);
                    found.extend(query.fetch_all(&mut **tx).await?);
                }
            }
            Self::Postgres(tx) => {
                let mut chunks = Chunks::new(rows, POSTGRES_ROWS);
                while let Some((text, arguments)) =
                    chunks.next(|rows| postgres(columns, rows, statement))?
                {
                    let query = sqlx::query_as_with(sqlx::AssertSqlSafe(text), arguments);
                    let rows = query.fetch_all(tx.start()?).await;
                    tx.rest();
                    found.extend(rows?);
                }
            }
        }
        Ok(found)
    }
}

fn sqlite_chunk(columns: usize) -> usize {
    (SQLITE_VALUES / columns.max(1)).clamp(1, SQLITE_ROWS)
}

/// How many rows the `VALUES` list for `rows` has: parsing a list of hundreds of rows takes longer
/// than running it, so lists come in a few lengths and the connection keeps them parsed.
fn sqlite_rows(rows: usize, columns: usize) -> usize {
    let mut length = 1;
    while length < rows {
        length *= 4;
    }
    length.min(sqlite_chunk(columns))
}

/// Rows, a chunk at a time.
struct Chunks {
    rows: std::vec::IntoIter<Vec<Value>>,
    size: usize,
}

impl Chunks {
    fn new(rows: Vec<Vec<Value>>, size: usize) -> Self {
        Self { rows: rows.into_iter(), size }
    }

    /// Makes the next chunk ready; none when all rows are through.
    fn next<T>(&mut self, ready: impl FnOnce(Vec<Vec<Value>>) -> Result<T>) -> Result<Option<T>> {
        let rows: Vec<Vec<Value>> = self.rows.by_ref().take(self.size).collect();
        if rows.is_empty() { Ok(None) } else { ready(rows).map(Some) }
    }
}

pub(crate) fn names(columns: &[Col]) -> String {
    columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}

fn sqlite(
    columns: &[Col],
    rows: Vec<Vec<Value>>,
    statement: &str,
) -> Result<(String, SqliteArguments)> {
    let one = format!("({})", vec!["?"; columns.len()].join(","));
    let all = vec![one.as_str(); sqlite_rows(rows.len(), columns.len())].join(",");
    let text = format!(
        "WITH given(n) AS (VALUES (?)),
              input({}) AS (SELECT * FROM (VALUES {all}) LIMIT (SELECT n FROM given)) {statement}",
        names(columns)
    );
    let mut arguments = SqliteArguments::default();
    let given = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    // What is not bound behind the last row is NULL, and behind the limit.
    Value::from(given).add_sqlite(&mut arguments).map_err(sqlx::Error::Encode)?;
    for value in rows.into_iter().flatten() {
        value.add_sqlite(&mut arguments).map_err(sqlx::Error::Encode)?;
    }
    Ok((text, arguments))
}

fn postgres(
    columns: &[Col],
    rows: Vec<Vec<Value>>,
    statement: &str,
) -> Result<(String, PgArguments)> {
    let mut arrays: Vec<Vec<Value>> =
        columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (array, value) in arrays.iter_mut().zip(row) {
            array.push(value);
        }
    }
    let mut arguments = PgArguments::default();
    let mut sources = Vec::with_capacity(columns.len());
    let mut selected = Vec::with_capacity(columns.len());
    for (index, (column, array)) in columns.iter().zip(arrays).enumerate() {
        let (cast, select) = match column.kind {
            Kind::Uuid => ("uuid[]", ""),
            Kind::Int => ("bigint[]", ""),
            Kind::Float => ("double precision[]", ""),
            Kind::Bool => ("boolean[]", ""),
            Kind::Text => ("text[]", ""),
            Kind::Time => ("timestamptz[]", ""),
            Kind::Date => ("date[]", ""),
            Kind::Bytes => ("bytea[]", ""),
            Kind::Json => ("text[]", "::jsonb"),
        };
        sources.push(format!("${}::{cast}", index + 1));
        selected.push(format!("c{index}{select}"));
        add_array(&mut arguments, *column, array)?;
    }
    let text = format!(
        "WITH input({}) AS (SELECT {} FROM UNNEST({}) AS u({})) {statement}",
        names(columns),
        selected.join(", "),
        sources.join(", "),
        (0..columns.len()).map(|index| format!("c{index}")).collect::<Vec<_>>().join(", "),
    );
    Ok((text, arguments))
}

fn add_array(arguments: &mut PgArguments, column: Col, array: Vec<Value>) -> Result<()> {
    macro_rules! take {
        ($variant:ident) => {
            arguments.add(
                array
                    .into_iter()
                    .map(|value| match value {
                        Value::$variant(value) => Ok(value),
                        other => Err(mismatch(column, &other)),
                    })
                    .collect::<Result<Vec<_>>>()?,
            )
        };
    }
    match column.kind {
        Kind::Uuid => take!(Uuid),
        Kind::Int => take!(Int),
        Kind::Float => take!(Float),
        Kind::Bool => take!(Bool),
        Kind::Text => take!(Text),
        Kind::Time => take!(Time),
        Kind::Date => take!(Date),
        Kind::Bytes => take!(Bytes),
        Kind::Json => arguments.add(
            array
                .into_iter()
                .map(|value| match value {
                    Value::Json(value) => Ok(value.map(|value| value.to_string())),
                    other => Err(mismatch(column, &other)),
                })
                .collect::<Result<Vec<_>>>()?,
        ),
    }
    .map_err(sqlx::Error::Encode)?;
    Ok(())
}

pub(crate) fn mismatch(column: Col, value: &Value) -> Error {
    // The value itself may be personal: only its type is named.
    let given = match value {
        Value::Uuid(_) => "UUID",
        Value::Int(_) => "BIGINT",
        Value::Float(_) => "DOUBLE PRECISION",
        Value::Bool(_) => "BOOLEAN",
        Value::Text(_) => "TEXT",
        Value::Time(_) => "TIMESTAMPTZ",
        Value::Date(_) => "DATE",
        Value::Bytes(_) => "BYTEA",
        Value::Json(_) => "JSONB",
    };
    let text = format!("column {} is {:?}, the value is {given}", column.name, column.kind);
    Error::Statement(sqlx::Error::Encode(text.into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;
    use crate::{sql, testing};

    #[tokio::test]
    async fn rows_are_inserted_updated_and_read_in_bulk_with_nulls() {
        testing::both(&[], async |db| {
            let mut tx = db.begin().await.unwrap();
            tx.script(
                "CREATE TABLE pax (id BIGINT PRIMARY KEY, name TEXT, seen DATE, extra JSONB)",
            )
            .await
            .unwrap();
            let columns =
                [Col::i64("id"), Col::text("name"), Col::date("seen"), Col::json("extra")];
            let rows: Vec<Vec<Value>> = (0..25_000_i64)
                .map(|id| {
                    let name = (id % 2 == 0).then(|| format!("Passenger {id}"));
                    let seen = chrono::NaiveDate::from_ymd_opt(2026, 1, 1);
                    vec![id.into(), name.into(), seen.into(), json!({"n": id}).into()]
                })
                .collect();
            assert_eq!(tx.bulk("pax", &columns, rows.clone(), "").await.unwrap(), 25_000);
            let again =
                tx.bulk("pax", &columns, rows, "ON CONFLICT (id) DO NOTHING").await.unwrap();
            assert_eq!(again, 0);
            let nameless: i64 =
                tx.value(sql("SELECT COUNT(*) FROM pax WHERE name IS NULL")).await.unwrap();
            assert_eq!(nameless, 12_500);
            let changed = tx
                .with_rows(
                    &[Col::i64("id"), Col::text("name")],
                    vec![vec![1_i64.into(), "Odd".into()], vec![3_i64.into(), "Three".into()]],
                    "UPDATE pax SET name = input.name FROM input WHERE pax.id = input.id",
                )
                .await
                .unwrap();
            assert_eq!(changed, 2);
            let found: Vec<(i64, String)> = tx
                .with_rows_all(
                    &[Col::i64("id")],
                    vec![vec![3_i64.into()], vec![(-1_i64).into()]],
                    "SELECT pax.id, pax.name FROM pax JOIN input ON input.id = pax.id",
                )
                .await
                .unwrap();
            assert_eq!(found, [(3, "Three".to_owned())]);
        })
        .await;
    }
}
