//! What can go wrong between a program and its database, told apart by what the caller can do.

use kernel::{Explain, Kind};

/// The result of every call into the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed database operation.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address in the configuration is not one of ours.
    #[error("the database address must start with `sqlite:` or `postgres:`")]
    Address,
    /// The database could not be reached or did not answer in time.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A unique or foreign key refused the row.
    #[error("the row conflicts with one that is already there")]
    Conflict(#[source] sqlx::Error),
    /// The disk under the database is full.
    #[error("the disk under the database is full")]
    DiskFull(#[source] sqlx::Error),
    /// A statement failed for a reason of ours.
    #[error("a database statement failed")]
    Statement(#[source] sqlx::Error),
    /// A statement that must return a row returned none.
    #[error("a row that must exist was not found")]
    Missing,
    /// A schema change failed and was rolled back.
    #[error("migration {name} failed and was rolled back")]
    Migration {
        /// File name of the migration without its ending.
        name: &'static str,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// A migration that already ran has been edited since.
    #[error("migration {0} has been changed after it ran; add a new migration instead")]
    Edited(String),
    /// The database was written by a newer program.
    #[error(
        "the database holds migration {0}, which this program does not know; start the newer one"
    )]
    FromTheFuture(String),
    /// A file of the blob store could not be read or written.
    #[error("a stored file could not be read or written")]
    File(#[source] std::io::Error),
    /// An upload continued at another place than it had reached.
    #[error("the upload stands at byte {at}, the part begins at {offered}")]
    Offset {
        /// Bytes received so far.
        at: u64,
        /// First byte of the offered part.
        offered: u64,
    },
    /// Stored JSON does not have the shape the program expects.
    #[error("a stored value has an unexpected shape")]
    Shape(#[source] serde_json::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind;
        match &error {
            sqlx::Error::Database(reported) => {
                let code = reported.code().unwrap_or_default().into_owned();
                match reported.kind() {
                    ErrorKind::UniqueViolation | ErrorKind::ForeignKeyViolation => {
                        Self::Conflict(error)
                    }
                    // SQLite FULL (13), PostgreSQL disk_full.
                    _ if code == "13" || code == "53100" => Self::DiskFull(error),
                    // SQLite BUSY (5, 261, 517); PostgreSQL shutting down or out of connections.
                    _ if matches!(code.as_str(), "5" | "261" | "517")
                        || code.starts_with("57P")
                        || code == "53300" =>
                    {
                        Self::Unavailable(error)
                    }
                    _ => Self::Statement(error),
                }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Tls(_) => Self::Unavailable(error),
            sqlx::Error::RowNotFound => Self::Missing,
            _ => Self::Statement(error),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Shape(error)
    }
}

impl Explain for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) | Self::DiskFull(_) => Kind::Unavailable,
            Self::Conflict(_) | Self::Offset { .. } => Kind::Conflict,
            Self::Missing => Kind::NotFound,
            Self::Address
            | Self::Statement(_)
            | Self::Migration { .. }
            | Self::Edited(_)
            | Self::FromTheFuture(_)
            | Self::File(_)
            | Self::Shape(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Address => "store-address",
            Self::Unavailable(_) => "store-unavailable",
            Self::Conflict(_) => "store-conflict",
            Self::DiskFull(_) => "store-disk-full",
            Self::Statement(_) | Self::Shape(_) => "store-statement",
            Self::Missing => "store-missing",
            Self::Migration { .. } | Self::Edited(_) | Self::FromTheFuture(_) => "store-migration",
            Self::File(_) => "store-file",
            Self::Offset { .. } => "store-offset",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Migration { name, .. } => vec![("name", (*name).to_owned())],
            Self::Edited(name) | Self::FromTheFuture(name) => vec![("name", name.clone())],
            Self::Offset { at, offered } => {
                vec![("at", at.to_string()), ("offered", offered.to_string())]
            }
            _ => Vec::new(),
        }
    }
}
