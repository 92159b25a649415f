//! Why a file cannot be read as a table. Every variant names the place and has a remedy text.

use kernel::{Explain, Kind};

/// A file that cannot be read, or cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system refused.
    #[error("the file could not be read")]
    Io(#[source] std::io::Error),
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Not a table at all: a picture, a workbook, a program.
    #[error("the file is not a table ({0})")]
    NotATable(&'static str),
    /// Unpacks to more than any honest file would.
    #[error("the file unpacks to more than {limit} bytes")]
    Bomb {
        /// Bytes it was allowed.
        limit: u64,
    },
    /// The archive is cut off or damaged.
    #[error("the {packing} file is damaged or cut off near row {row}")]
    Damaged {
        /// gzip, xz, zstd, zip, parquet.
        packing: &'static str,
        /// Last row that could be read.
        row: u64,
    },
    /// A zip with none or several files.
    #[error("the archive holds {0} files; one is needed")]
    Entries(usize),
    /// A zip with a password or a method of packing that is not known.
    #[error("the archive is encrypted or packed in an unknown way")]
    Locked,
    /// A first row with more columns than a table has.
    #[error("the first row has {0} columns")]
    TooManyColumns(usize),
    /// The first row cannot be read: too long, or a quotation mark is never closed.
    #[error("the first row cannot be read")]
    FirstRow,
}

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(inner) => inner,
            Err(error) => Self::Io(error),
        }
    }
}

impl Explain for FileError {
    fn kind(&self) -> Kind {
        match self {
            Self::Bomb { .. } => Kind::TooLarge,
            Self::Io(_) => Kind::Unavailable,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "feeds-file-unreadable",
            Self::Empty => "feeds-file-empty",
            Self::NotATable(_) => "feeds-file-not-a-table",
            Self::Bomb { .. } => "feeds-file-bomb",
            Self::Damaged { .. } => "feeds-file-damaged",
            Self::Entries(_) => "feeds-file-entries",
            Self::Locked => "feeds-file-locked",
            Self::TooManyColumns(_) => "feeds-file-columns",
            Self::FirstRow => "feeds-file-first-row",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NotATable(what) => vec![("what", (*what).to_owned())],
            Self::Bomb { limit } => vec![("megabytes", (limit / 1_000_000).to_string())],
            Self::Damaged { packing, row } => {
                vec![("packing", (*packing).to_owned()), ("row", row.to_string())]
            }
            Self::Entries(count) | Self::TooManyColumns(count) => {
                vec![("count", count.to_string())]
            }
            _ => Vec::new(),
        }
    }
}
