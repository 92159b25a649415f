//! What can go wrong with flights.

use kernel::{Explain, Kind};

/// The result of every call into this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed operation on flights.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor's roles do not allow it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// The database failed underneath.
    #[error("the flights could not be read or written")]
    Store(#[from] store::Error),
    /// The people of a message could not be placed.
    #[error("the passengers could not be placed with customers")]
    Place(#[source] Box<customers::Error>),
    /// There is no such flight.
    #[error("there is no such flight")]
    Unknown,
    /// A Parquet file could not be written.
    #[error("the analysis copy of the flights could not be written")]
    Lake(#[from] lake::LakeError),
    /// Rows do not fit the analysis copy's columns: a fault of the program.
    #[error("the analysis copy of the flights could not be put together")]
    Columns(#[source] lake::arrow::error::ArrowError),
}

impl From<customers::Error> for Error {
    fn from(error: customers::Error) -> Self {
        Self::Place(Box::new(error))
    }
}

impl Explain for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(inner) => inner.kind(),
            Self::Store(inner) => inner.kind(),
            Self::Place(inner) => inner.kind(),
            Self::Lake(inner) => inner.kind(),
            Self::Unknown => Kind::NotFound,
            Self::Columns(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(inner) => inner.code(),
            Self::Store(inner) => inner.code(),
            Self::Place(inner) => inner.code(),
            Self::Lake(inner) => inner.code(),
            Self::Unknown => "flights-unknown",
            Self::Columns(_) => "flights-columns",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(inner) => inner.args(),
            Self::Store(inner) => inner.args(),
            Self::Place(inner) => inner.args(),
            Self::Lake(inner) => inner.args(),
            Self::Unknown | Self::Columns(_) => Vec::new(),
        }
    }
}
