//! Opening a database and beginning work in it.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::Notify;

use crate::session::Session;
use crate::{Error, Result, Tx};

/// Which of the two engines a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file, one writer at a time.
    Sqlite,
    /// A server; any number of processes.
    Postgres,
}

/// How to open a database.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite:PATH` or `postgres://user@host/name`.
    pub url: String,
    /// Connections for reading (SQLite) or in all (PostgreSQL).
    pub connections: u32,
    /// Whether a commit waits for the disk (`FULL`) on SQLite. Books want it; tests do not.
    pub durable: bool,
}

impl Config {
    /// Opens `url` with the defaults: 4 reading connections on SQLite, 16 on PostgreSQL.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        let connections = if url.starts_with("sqlite:") { 4 } else { 16 };
        Self { url, connections, durable: true }
    }
}

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    job_bell: Arc<Notify>,
}

#[derive(Clone)]
enum Pools {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.engine())
    }
}

impl Db {
    /// Opens the database, creating the SQLite file when it is missing. Runs no migration.
    pub async fn open(config: &Config) -> Result<Self> {
        let pools = if config.url.starts_with("sqlite:") {
            open_sqlite(config).await?
        } else if config.url.starts_with("postgres:") || config.url.starts_with("postgresql:") {
            open_postgres(config).await?
        } else {
            return Err(Error::Address);
        };
        Ok(Self { pools, job_bell: Arc::new(Notify::new()) })
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// A transaction for reading: one snapshot, nothing written.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match &self.pools {
            Pools::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Pools::Postgres(pool) => Tx::Postgres(
                Session::begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            ),
        })
    }

    /// A transaction for writing. On SQLite it holds the one write lock from the start, so it
    /// cannot fail halfway for another writer's sake.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match &self.pools {
            Pools::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Tx::Postgres(Session::begin(pool, "BEGIN").await?),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.read().await?.value::<i64>(crate::sql("SELECT CAST(1 AS BIGINT)")).await?;
        Ok(())
    }

    /// Waits for open connections and closes them; SQLite folds its log back into the file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Wakes the worker of this process: a job was enqueued.
    pub fn ring_for_jobs(&self) {
        self.job_bell.notify_waiters();
    }

    pub(crate) async fn job_bell(&self) {
        self.job_bell.notified().await;
    }

    /// After a mass change of `table`: tells the planner how its values are spread now and, on
    /// PostgreSQL, clears away what the change left behind. Until that is done PostgreSQL looks
    /// into the table for every row an index finds, and counts take ten times as long. Runs beside
    /// readers and writers, in no transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_table(&self, table: &'static str) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { write, .. } => {
                let text = sqlx::AssertSqlSafe(format!("ANALYZE {table}"));
                sqlx::query(text).execute(write).await?;
            }
            Pools::Postgres(pool) => {
                let text = sqlx::AssertSqlSafe(format!("VACUUM (ANALYZE) {table}"));
                sqlx::raw_sql(text).execute(pool).await?;
            }
        }
        Ok(())
    }

    /// A consistent copy of a SQLite database in a new file, made while others read and write.
    ///
    /// # Errors
    /// [`Error::Address`] on PostgreSQL, whose own `pg_dump` does this.
    pub async fn copy_sqlite_to(&self, file: &Path) -> Result<()> {
        let Pools::Sqlite { read, .. } = &self.pools else { return Err(Error::Address) };
        // A connection of its own: those of the pool for reading may write nothing, no other file
        // either, and the one for writing has to stay free for the others.
        let options = SqliteConnectOptions::clone(&read.connect_options());
        let mut own = options.pragma("query_only", "0").connect().await?;
        let copied = sqlx::query("VACUUM INTO $1")
            .bind(file.to_string_lossy().into_owned())
            .execute(&mut own)
            .await;
        own.close().await?;
        copied?;
        Ok(())
    }
}

async fn open_sqlite(config: &Config) -> Result<Pools> {
    let path = config.url.trim_start_matches("sqlite:").trim_start_matches("//");
    if let Some(folder) = Path::new(path).parent() {
        std::fs::create_dir_all(folder)?;
    }
    let base = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if config.durable { SqliteSynchronous::Full } else { SqliteSynchronous::Off })
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(30))
        // Half as many calls for the same bytes; only new databases take it.
        .page_size(8192)
        .pragma("temp_store", "MEMORY")
        .pragma("mmap_size", "134217728")
        // Rows cross from SQLite's thread in batches: the default of 50 switches threads too often.
        .row_buffer_size(1_024)
        .statement_cache_capacity(256);
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(60))
        // Pages that grow at their end are copied from the log to the file once, not at every commit.
        .connect_with(
            base.clone().pragma("cache_size", "-65536").pragma("wal_autocheckpoint", "8192"),
        )
        .await?;
    let read = SqlitePoolOptions::new()
        .max_connections(config.connections.max(1))
        .min_connections(1)
        .connect_with(base.pragma("cache_size", "-8192").pragma("query_only", "1"))
        .await?;
    Ok(Pools::Sqlite { read, write })
}

async fn open_postgres(config: &Config) -> Result<Pools> {
    let options = PgConnectOptions::from_str(&config.url)?
        .application_name("jetbridge")
        .statement_cache_capacity(256)
        .options([("statement_timeout", "600000"), ("lock_timeout", "30000")]);
    let options =
        if config.durable { options } else { options.options([("synchronous_commit", "off")]) };
    let pool = PgPoolOptions::new()
        .max_connections(config.connections.max(2))
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(pool))
}
