//! A transaction on either engine, and the few ways to run a statement in it.

use std::borrow::Cow;

use futures::{TryFutureExt, TryStreamExt};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow, Postgres, SqlSafeStr, SqlStr, Sqlite};

use crate::session::Session;
use crate::{Error, Result, Sql};

/// A type that can be read from a row of either engine: `#[derive(sqlx::FromRow)]`.
pub trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}
impl<T> Row for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}

/// A type that can be read from a single column of either engine.
pub trait Scalar:
    sqlx::Type<Sqlite>
    + sqlx::Type<Postgres>
    + for<'r> sqlx::Decode<'r, Sqlite>
    + for<'r> sqlx::Decode<'r, Postgres>
    + Send
    + Unpin
    + 'static
{
}
impl<T> Scalar for T where
    T: sqlx::Type<Sqlite>
        + sqlx::Type<Postgres>
        + for<'r> sqlx::Decode<'r, Sqlite>
        + for<'r> sqlx::Decode<'r, Postgres>
        + Send
        + Unpin
        + 'static
{
}

/// An open transaction. Dropping it rolls everything back.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Session),
}

fn safe(text: Cow<'static, str>) -> SqlStr {
    match text {
        Cow::Borrowed(text) => text.into_sql_str(),
        // Built by `SqlBuilder`, whose text is the program's own and whose values are bound.
        Cow::Owned(text) => AssertSqlSafe(text).into_sql_str(),
    }
}

/// Runs one query body on whichever engine the transaction has.
macro_rules! run {
    ($tx:expr, $sql:expr, |$text:ident, $arguments:ident, $connection:ident| $body:expr) => {
        match $tx {
            Tx::Sqlite(tx) => {
                let (text, $arguments) = $sql.for_sqlite()?;
                let ($text, $connection) = (safe(text), &mut **tx);
                $body.await?
            }
            Tx::Postgres(tx) => {
                let (text, $arguments) = $sql.for_postgres()?;
                let ($text, $connection) = (safe(text), tx.start()?);
                let done = $body.await;
                tx.rest();
                done?
            }
        }
    };
}

impl Tx {
    /// Makes everything done in this transaction true.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Runs a statement; returns the number of rows it touched.
    pub async fn exec(&mut self, sql: Sql) -> Result<u64> {
        Ok(run!(self, sql, |text, arguments, connection| {
            sqlx::query_with(text, arguments)
                .execute(connection)
                .map_ok(|done| done.rows_affected())
        }))
    }

    /// All rows.
    pub async fn all<T: Row>(&mut self, sql: Sql) -> Result<Vec<T>> {
        Ok(run!(self, sql, |text, arguments, connection| {
            sqlx::query_as_with(text, arguments).fetch_all(connection)
        }))
    }

    /// The first row, or `None`.
    pub async fn maybe<T: Row>(&mut self, sql: Sql) -> Result<Option<T>> {
        Ok(run!(self, sql, |text, arguments, connection| {
            sqlx::query_as_with(text, arguments).fetch_optional(connection)
        }))
    }

    /// The row that must be there; [`Error::Missing`] otherwise.
    pub async fn one<T: Row>(&mut self, sql: Sql) -> Result<T> {
        self.maybe(sql).await?.ok_or(Error::Missing)
    }

    /// One column of all rows.
    pub async fn values<T: Scalar>(&mut self, sql: Sql) -> Result<Vec<T>> {
        Ok(run!(self, sql, |text, arguments, connection| {
            sqlx::query_scalar_with(text, arguments).fetch_all(connection)
        }))
    }

    /// One column of the first row, or `None` when there is no row.
    pub async fn value_maybe<T: Scalar>(&mut self, sql: Sql) -> Result<Option<T>> {
        Ok(run!(self, sql, |text, arguments, connection| {
            sqlx::query_scalar_with(text, arguments).fetch_optional(connection)
        }))
    }

    /// One column of the row that must be there.
    pub async fn value<T: Scalar>(&mut self, sql: Sql) -> Result<T> {
        self.value_maybe(sql).await?.ok_or(Error::Missing)
    }

    /// Hands over row after row without holding them all. Stops at the first error of `each`.
    pub async fn each<T: Row, E: From<Error>>(
        &mut self,
        sql: Sql,
        mut each: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Sqlite(tx) => {
                let (text, arguments) = sql.for_sqlite().map_err(Error::from)?;
                let mut rows = sqlx::query_as_with(safe(text), arguments).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await.map_err(Error::from)? {
                    each(row)?;
                }
            }
            Self::Postgres(tx) => {
                let (text, arguments) = sql.for_postgres().map_err(Error::from)?;
                let mut rows = sqlx::query_as_with(safe(text), arguments).fetch(tx.start()?);
                while let Some(row) = rows.try_next().await.map_err(Error::from)? {
                    each(row)?;
                }
                drop(rows);
                tx.rest();
            }
        }
        Ok(())
    }

    /// Runs the statements of a script, separated by semicolons, without values.
    pub async fn script(&mut self, text: &str) -> Result<()> {
        match self {
            Self::Sqlite(tx) => {
                sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **tx).await?;
            }
            Self::Postgres(tx) => {
                let done = sqlx::raw_sql(AssertSqlSafe(text)).execute(tx.start()?).await;
                tx.rest();
                done?;
            }
        }
        Ok(())
    }

    /// Asks the engine to understand a statement without running it: for the test that prepares
    /// every statement on both engines.
    pub async fn prepare(&mut self, text: &str) -> Result<()> {
        use sqlx::Executor;
        match self {
            Self::Sqlite(tx) => {
                drop((&mut **tx).prepare(AssertSqlSafe(text).into_sql_str()).await?);
            }
            Self::Postgres(tx) => {
                let done = tx.start()?.prepare(AssertSqlSafe(text).into_sql_str()).await.map(drop);
                tx.rest();
                done?;
            }
        }
        Ok(())
    }
}
