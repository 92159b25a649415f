//! One test body, both engines.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::{Config, Db, Engine, Migration, migrate};

/// The moment tests happen at: 2026-11-22 08:00:00 UTC.
pub const NOW: DateTime<Utc> = match DateTime::from_timestamp(1_795_334_400, 0) {
    Some(now) => now,
    None => DateTime::UNIX_EPOCH,
};

/// Address of a PostgreSQL server on which tests may create and drop databases.
pub const POSTGRES: &str = "JETBRIDGE_TEST_POSTGRES";

/// Runs `body` on a fresh SQLite database and, when [`POSTGRES`] is set, on a fresh PostgreSQL
/// one; says aloud what it skipped. The store's own migrations and `sets` have run.
///
/// # Panics
/// When a database cannot be made: a test cannot go on.
pub async fn both<F: AsyncFn(Db)>(sets: &[&[Migration]], body: F) {
    let embedded = Scratch::sqlite(sets).await;
    body(embedded.db.clone()).await;
    embedded.discard().await;
    match Scratch::postgres(sets).await {
        Some(server) => {
            body(server.db.clone()).await;
            server.discard().await;
        }
        None => say_skipped(),
    }
}

#[expect(clippy::print_stderr, reason = "a test says aloud what it skipped")]
fn say_skipped() {
    eprintln!("skipped on PostgreSQL: {POSTGRES} is not set (script/test sets it)");
}

/// A database of a test's own.
pub struct Scratch {
    /// The open database.
    pub db: Db,
    /// Its address, for a second process or connection.
    pub url: String,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Server { admin: String, name: String },
}

impl Scratch {
    /// A fresh SQLite file in the system's folder for temporary files.
    pub async fn sqlite(sets: &[&[Migration]]) -> Self {
        let folder = std::env::temp_dir().join(format!("jetbridge-test-{}", kernel::ids::v7(NOW)));
        let url = format!("sqlite:{}", folder.join("jetbridge.db").display());
        let db = open(&url, sets).await;
        Self { db, url, place: Place::Folder(folder) }
    }

    /// A fresh database on the test server, or `None` without one.
    pub async fn postgres(sets: &[&[Migration]]) -> Option<Self> {
        let admin = std::env::var(POSTGRES).ok()?;
        let name = format!("jb_{}", kernel::ids::v7(NOW).simple());
        maintain(&admin, &format!("CREATE DATABASE {name}")).await;
        let base = admin.rsplit_once('/').map_or(admin.as_str(), |(base, _)| base);
        let url = format!("{base}/{name}");
        let db = open(&url, sets).await;
        Some(Self { db, url, place: Place::Server { admin, name } })
    }

    /// Closes and removes it.
    pub async fn discard(self) {
        self.db.close().await;
        match self.place {
            Place::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Place::Server { admin, name } => {
                maintain(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            }
        }
    }
}

#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
async fn open(url: &str, sets: &[&[Migration]]) -> Db {
    let config = Config { durable: false, connections: 4, ..Config::new(url) };
    let db = Db::open(&config).await.expect("a database for the test opens");
    let all: Vec<&[Migration]> =
        std::iter::once(crate::MIGRATIONS).chain(sets.iter().copied()).collect();
    migrate(&db, &all, NOW).await.expect("the migrations run");
    db
}

/// `CREATE` and `DROP DATABASE` refuse to run in a transaction, so they go past [`Db`].
#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
async fn maintain(admin: &str, statement: &str) {
    use sqlx::Connection;
    let mut connection =
        sqlx::PgConnection::connect(admin).await.expect("the PostgreSQL test server answers");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .expect("the PostgreSQL test server makes and drops databases");
    connection.close().await.ok();
}

/// The engine's name for messages.
#[must_use]
pub fn name_of(db: &Db) -> &'static str {
    match db.engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}
