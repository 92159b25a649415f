//! A big first import sets secondary indexes aside and builds them again at its end.
//!
//! Keeping a dozen randomly ordered indexes while a million rows arrive costs SQLite 134 s; building
//! them sorted at the end costs 14 s (measured on 2 cores; the rows themselves 30 s). While they are
//! away lists and search still answer, slowly: so this is done only when the rows to come outnumber
//! those already there. A killed import leaves them away until [`Customers::start`] or the end of
//! the next try builds them.

use store::{Db, sql};

use crate::{Customers, Result};

/// Below this many expected rows nothing is gained.
const FROM_ROWS: u64 = 20_000;

/// Below this many new standings the planner chooses well enough as it is.
const WORTH_STATISTICS: u64 = 1_000;

/// Table, index and its columns: exactly those the migrations create and queries can do without.
/// A test holds this list against the schema.
pub(crate) const SET_ASIDE: &[Index] = &[
    ("customer", "customer_member_no", "member_no, id"),
    ("customer", "customer_full_key", "full_key, id"),
    ("customer", "customer_given_first_key", "given_first_key"),
    ("customer", "customer_initials", "initials"),
    ("customer", "customer_native_key", "native_key"),
    ("customer", "customer_tier", "tier, id"),
    ("customer", "customer_city", "city, id"),
    ("customer", "customer_joined_on", "joined_on, id"),
    ("customer", "customer_birthday", "birthday, id"),
    ("customer", "customer_last_flight_on", "last_flight_on, id"),
    ("customer", "customer_flights", "flights, id"),
    ("customer", "customer_km", "km, id"),
    ("customer", "customer_value_score", "value_score, id"),
    ("customer", "customer_value_group", "value_group, id"),
    ("customer", "customer_lifecycle", "lifecycle, id"),
    (
        "customer",
        "customer_facets",
        "value_group, tier, lifecycle, city, km, flights, last_flight_on, joined_on, trashed_at",
    ),
    ("customer_contact", "customer_contact_hash", "hash"),
    ("customer_document", "customer_document_hash", "hash"),
];

/// Those of [`SET_ASIDE`] that change when every customer is told a first standing.
const OF_STANDING: &[&str] = &[
    "customer_last_flight_on",
    "customer_flights",
    "customer_km",
    "customer_value_score",
    "customer_value_group",
    "customer_lifecycle",
    "customer_facets",
];

impl Customers {
    /// Before the first standings of `expected_rows` customers are published: sets aside the indexes
    /// over figures of value, as nobody can be looking for groups that do not exist yet. Call
    /// [`Customers::after_standings`] however it ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn before_first_standings(&self, expected_rows: u64) -> Result<()> {
        if expected_rows < FROM_ROWS {
            return Ok(());
        }
        let mut tx = self.db().begin().await?;
        for index in OF_STANDING {
            tx.script(&format!("DROP INDEX IF EXISTS {index}")).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// After standings of `rows` customers were published: builds what was set aside, and tells the
    /// planner of the database how their figures are spread now. Without that a filter by
    /// kilometres goes through the wrong index after the first value run: a second instead of a
    /// millisecond at a million customers, for four seconds' work here.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn after_standings(&self, rows: u64) -> Result<()> {
        build_missing(self.db()).await?;
        if rows < WORTH_STATISTICS {
            return Ok(());
        }
        Ok(self.db().settle_table("customer").await?)
    }

    /// Sets secondary indexes aside when `expected_rows` are many more than the customers already
    /// there. Returns whether it did. Call once before the first batch; call
    /// [`Customers::bulk_mode_off`] however the import ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bulk_mode_on(&self, expected_rows: u64) -> Result<bool> {
        if expected_rows < FROM_ROWS {
            return Ok(false);
        }
        let mut tx = self.db().begin().await?;
        let most = i64::try_from(expected_rows / 2).unwrap_or(i64::MAX);
        let there: i64 = tx
            .value(
                sql("SELECT CAST(COUNT(*) AS BIGINT) FROM
                     (SELECT 1 AS one FROM customer LIMIT $1) AS few")
                .bind(most.saturating_add(1)),
            )
            .await?;
        if there > most {
            return Ok(false);
        }
        for (_, index, _) in SET_ASIDE {
            tx.script(&format!("DROP INDEX IF EXISTS {index}")).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Builds what was set aside, tells the planner about the new rows and reads the dictionary of
    /// names anew. Idempotent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bulk_mode_off(&self) -> Result<()> {
        let built = build_missing(self.db()).await?;
        if built > 0 {
            for table in ["customer", "customer_contact", "customer_document", "customer_tag"] {
                self.db().settle_table(table).await?;
            }
        }
        self.dictionary().load(self.db()).await?;
        self.forget_total();
        self.enqueue_keys().await
    }
}

/// Builds each index that is not there, one transaction each so that writers get in between.
/// Returns how many were built.
pub(crate) async fn build_missing(db: &Db) -> Result<usize> {
    if db.engine() == store::Engine::Sqlite {
        return build_each(db, SET_ASIDE.iter()).await;
    }
    // Every second one over another connection.
    let (even, odd) = (SET_ASIDE.iter().step_by(2), SET_ASIDE.iter().skip(1).step_by(2));
    let (even, odd) = futures::join!(build_each(db, even), build_each(db, odd));
    Ok(even? + odd?)
}

type Index = (&'static str, &'static str, &'static str);

async fn build_each(db: &Db, indexes: impl Iterator<Item = &'static Index>) -> Result<usize> {
    let mut built = 0;
    for index in indexes {
        built += usize::from(build(db, index).await?);
    }
    Ok(built)
}

/// Whether it had to be built.
async fn build(db: &Db, (table, index, columns): &Index) -> Result<bool> {
    if exists(db, index).await? {
        return Ok(false);
    }
    let mut tx = db.begin().await?;
    if db.engine() == store::Engine::Postgres {
        // A million rows are sorted in memory; the server's 64 MB would send them to disk.
        tx.script("SET LOCAL maintenance_work_mem = '256MB'").await?;
    }
    tx.script(&format!("CREATE INDEX IF NOT EXISTS {index} ON {table} ({columns})")).await?;
    tx.commit().await?;
    Ok(true)
}

async fn exists(db: &Db, index: &str) -> Result<bool> {
    let mut tx = db.read().await?;
    let found: i64 = match db.engine() {
        store::Engine::Sqlite => {
            tx.value(
                sql("SELECT COUNT(*) FROM sqlite_master WHERE type = 'index' AND name = $1")
                    .bind(index),
            )
            .await?
        }
        store::Engine::Postgres => {
            tx.value(
                sql("SELECT COUNT(*) FROM pg_indexes
                     WHERE schemaname = current_schema() AND indexname = $1")
                .bind(index),
            )
            .await?
        }
    };
    Ok(found > 0)
}
