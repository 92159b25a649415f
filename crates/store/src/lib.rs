//! The shared floor for everything that is kept: one SQL text for two engines, migrations, the
//! outbox, durable jobs, idempotency keys, uploaded files and small settings.
//!
//! A [`Db`] is SQLite (one writer, several readers, WAL) or PostgreSQL, chosen by its address.
//! Work happens in a [`Tx`]; a transaction that is dropped is rolled back. Statements are written
//! once, with `$1` placeholders, in the SQL both engines share; `xtask tidy` knows the differences.

pub mod blobs;
pub mod bulk;
mod copy;
mod db;
mod error;
pub mod idempotency;
pub mod jobs;
pub mod migrate;
pub mod outbox;
mod session;
pub mod settings;
mod sql;
pub mod testing;
mod tx;

pub use bulk::Col;
pub use db::{Config, Db, Engine};
pub use error::{Error, Result};
pub use migrate::{Migration, migrate};
pub use sql::{Sql, SqlBuilder, Value, sql};
pub use tx::{Row, Scalar, Tx};

/// What `store` itself keeps: outbox, jobs, idempotency keys, settings.
pub const MIGRATIONS: &[Migration] = migrations!["20261122_080000_floor"];
