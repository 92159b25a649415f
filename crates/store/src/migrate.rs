//! Schema changes, in order, once, for both engines.
//!
//! A migration is a file `migrations/YYYYMMDD_HHMMSS_name.sql` of a crate; its header says what
//! happens to old rows. All crates' migrations run in the order of their names, each in its own
//! transaction. A migration that ran is never edited: its checksum is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{Db, Engine, Error, Result, sql};

/// One schema change.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// File name without its ending.
    pub name: &'static str,
    /// The statements.
    pub text: &'static str,
}

/// Names a crate's migrations: `store::migrations!["20261122_090000_profile", …]` reads
/// `migrations/<name>.sql` of the calling crate.
#[macro_export]
macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        &[$($crate::Migration {
            name: $name,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sql")),
        }),*]
    };
}

/// Runs what has not run yet. Returns the names that ran now.
///
/// # Errors
/// [`Error::Edited`] when a migration's text changed after it ran, [`Error::FromTheFuture`] when
/// the database was written by a newer program, [`Error::Migration`] when one fails (it is rolled
/// back whole; earlier ones stay).
pub async fn migrate(
    db: &Db,
    sets: &[&[Migration]],
    now: DateTime<Utc>,
) -> Result<Vec<&'static str>> {
    let mut all: Vec<Migration> = sets.iter().flat_map(|set| set.iter().copied()).collect();
    all.sort_by_key(|migration| migration.name);
    prepare(db).await?;
    let mut ran = Vec::new();
    for migration in all.iter().copied() {
        if run(db, migration, now).await? {
            ran.push(migration.name);
        }
    }
    refuse_unknown(db, &all).await?;
    Ok(ran)
}

async fn prepare(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    lock(db, &mut tx).await?;
    tx.script(
        "CREATE TABLE IF NOT EXISTS schema_migration (
            name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL)",
    )
    .await?;
    tx.commit().await
}

/// Two processes that start together migrate one after the other.
async fn lock(db: &Db, tx: &mut crate::Tx) -> Result<()> {
    if db.engine() == Engine::Postgres {
        tx.exec(sql("SELECT pg_advisory_xact_lock(7405129831)")).await?;
    }
    Ok(())
}

async fn run(db: &Db, migration: Migration, now: DateTime<Utc>) -> Result<bool> {
    let mut tx = db.begin().await?;
    lock(db, &mut tx).await?;
    let checksum = checksum(migration.text);
    let known: Option<String> = tx
        .value_maybe(
            sql("SELECT checksum FROM schema_migration WHERE name = $1").bind(migration.name),
        )
        .await?;
    match known {
        Some(known) if known == checksum => return Ok(false),
        Some(_) => return Err(Error::Edited(migration.name.to_owned())),
        None => {}
    }
    tx.script(migration.text).await.map_err(|error| match error {
        Error::Statement(source) | Error::Conflict(source) => {
            Error::Migration { name: migration.name, source }
        }
        other => other,
    })?;
    tx.exec(
        sql("INSERT INTO schema_migration (name, checksum, applied_at) VALUES ($1, $2, $3)")
            .bind(migration.name)
            .bind(checksum)
            .bind(now),
    )
    .await?;
    tx.commit().await?;
    Ok(true)
}

async fn refuse_unknown(db: &Db, all: &[Migration]) -> Result<()> {
    let mut tx = db.read().await?;
    let ran: Vec<String> =
        tx.values(sql("SELECT name FROM schema_migration ORDER BY name")).await?;
    let known: BTreeMap<&str, ()> = all.iter().map(|migration| (migration.name, ())).collect();
    match ran.into_iter().find(|name| !known.contains_key(name.as_str())) {
        Some(name) => Err(Error::FromTheFuture(name)),
        None => Ok(()),
    }
}

/// FNV-1a over the text without line-end differences: a fingerprint, not a defence.
fn checksum(text: &str) -> String {
    let hash =
        text.bytes().filter(|byte| *byte != b'\r').fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::testing;

    const FIRST: Migration =
        Migration { name: "20260101_000000_first", text: "CREATE TABLE a (id BIGINT);\n" };
    const SECOND: Migration = Migration {
        name: "20260102_000000_second",
        text: "ALTER TABLE a ADD COLUMN b TEXT;\nCREATE INDEX a_b ON a (b);\n",
    };

    #[tokio::test]
    async fn each_runs_once_in_order_and_none_may_change() {
        testing::both(&[], async |db| {
            let now = testing::NOW;
            let ran = migrate(&db, &[&[SECOND], &[FIRST], crate::MIGRATIONS], now).await.unwrap();
            assert_eq!(ran, [FIRST.name, SECOND.name], "store's own ran before");
            let again = migrate(&db, &[&[FIRST, SECOND], crate::MIGRATIONS], now).await.unwrap();
            assert!(again.is_empty());
            let edited = Migration { text: "CREATE TABLE a (id TEXT);", ..FIRST };
            let refused = migrate(&db, &[&[edited, SECOND], crate::MIGRATIONS], now).await;
            assert!(matches!(refused, Err(Error::Edited(_))));
            let older = migrate(&db, &[&[FIRST], crate::MIGRATIONS], now).await;
            assert!(matches!(older, Err(Error::FromTheFuture(_))));
        })
        .await;
    }

    #[tokio::test]
    async fn a_failing_migration_leaves_nothing_behind() {
        testing::both(&[], async |db| {
            let broken = Migration {
                name: "20260103_000000_broken",
                text: "CREATE TABLE half (id BIGINT);\nCREATE TABLE half (id BIGINT);\n",
            };
            let failed = migrate(&db, &[&[broken], crate::MIGRATIONS], testing::NOW).await;
            assert!(matches!(failed, Err(Error::Migration { .. })));
            let mut tx = db.begin().await.unwrap();
            tx.script("CREATE TABLE half (id BIGINT)").await.unwrap();
        })
        .await;
    }
}
