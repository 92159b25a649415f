//! What can go wrong between a question and its files.

use std::path::{Path, PathBuf};

use kernel::{Explain, Kind};

/// The result of every call into the lake.
pub type Result<T, E = LakeError> = std::result::Result<T, E>;

/// A failed operation on the lake.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A file or folder could not be read or written.
    #[error("could not {operation}: {}", path.display())]
    File {
        /// What was tried.
        operation: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The disk under the lake is full; what was being written has been taken back.
    #[error("the disk is full under {}", path.display())]
    DiskFull {
        /// Where.
        path: PathBuf,
    },
    /// A file is not Parquet, or damaged.
    #[error("{} is not a readable Parquet file", path.display())]
    NotParquet {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// A table lacks a column that was asked for.
    #[error("column {column} is missing")]
    NoColumn {
        /// Its name.
        column: String,
    },
    /// A column holds another type than was asked for.
    #[error("column {column} holds {found} where {wanted} is needed")]
    ColumnType {
        /// Its name.
        column: String,
        /// What it holds.
        found: String,
        /// What was asked for.
        wanted: &'static str,
    },
    /// The question would need more memory than the lake may use, and cannot spill.
    #[error("the question needs more memory than the lake may use")]
    Memory,
    /// The engine refused or broke off the question: a fault of ours.
    #[error("could not {operation}")]
    Engine {
        /// What was tried.
        operation: &'static str,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Rows could not be put together or taken apart: a fault of ours.
    #[error("rows could not be put together")]
    Rows(#[from] arrow::error::ArrowError),
    /// The caller broke off.
    #[error("the work was cancelled")]
    Cancelled,
}

impl LakeError {
    pub(crate) fn file(operation: &'static str, path: &Path, source: std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::StorageFull {
            Self::DiskFull { path: path.to_owned() }
        } else {
            Self::File { operation, path: path.to_owned(), source }
        }
    }

    pub(crate) fn parquet(path: &Path, source: parquet::errors::ParquetError) -> Self {
        match io_cause(&source) {
            Some(std::io::ErrorKind::StorageFull) => Self::DiskFull { path: path.to_owned() },
            _ => Self::NotParquet { path: path.to_owned(), source },
        }
    }

    pub(crate) fn from_engine(
        operation: &'static str,
        source: datafusion::error::DataFusionError,
    ) -> Self {
        use datafusion::error::DataFusionError;
        match source.find_root() {
            DataFusionError::ResourcesExhausted(_) => Self::Memory,
            _ => Self::Engine { operation, source: Box::new(source) },
        }
    }
}

/// The I/O error somewhere below `error`, if any.
fn io_cause(error: &(dyn std::error::Error + 'static)) -> Option<std::io::ErrorKind> {
    let mut at = Some(error);
    while let Some(here) = at {
        if let Some(io) = here.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        at = here.source();
    }
    None
}

impl Explain for LakeError {
    fn kind(&self) -> Kind {
        match self {
            Self::DiskFull { .. } | Self::Memory => Kind::Unavailable,
            Self::NotParquet { .. } | Self::NoColumn { .. } | Self::ColumnType { .. } => {
                Kind::Invalid
            }
            Self::Cancelled => Kind::Conflict,
            Self::File { .. } | Self::Engine { .. } | Self::Rows(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "lake-file",
            Self::DiskFull { .. } => "lake-disk-full",
            Self::NotParquet { .. } => "lake-not-parquet",
            Self::NoColumn { .. } => "lake-no-column",
            Self::ColumnType { .. } => "lake-column-type",
            Self::Memory => "lake-memory",
            Self::Engine { .. } | Self::Rows(_) => "lake-engine",
            Self::Cancelled => "lake-cancelled",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::File { path, .. } | Self::DiskFull { path } | Self::NotParquet { path, .. } => {
                vec![("path", path.display().to_string())]
            }
            Self::NoColumn { column } => vec![("column", column.clone())],
            Self::ColumnType { column, found, wanted } => vec![
                ("column", column.clone()),
                ("found", found.clone()),
                ("wanted", (*wanted).to_owned()),
            ],
            _ => Vec::new(),
        }
    }
}
