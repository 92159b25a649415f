//! Why Jetbridge could not be put together, or be filled with the synthetic airline.

use kernel::{Explain, Kind};

/// A failure of the assembly.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder could not be made or read.
    #[error("the data folder cannot be used")]
    Folder(#[source] std::io::Error),
    /// The database could not be opened or brought to this version.
    #[error("the database cannot be used")]
    Store(#[from] store::Error),
    /// The key file is damaged, unreadable, or belongs to another database.
    #[error("the key file cannot be used")]
    Vault(#[from] access::VaultError),
    /// Accounts, roles or the audit trail.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// Texts are incomplete or clash.
    #[error("the texts cannot be used")]
    Texts(#[from] web::texts::TextsError),
    /// The folder of Parquet files.
    #[error("the lake cannot be used")]
    Lake(#[from] lake::LakeError),
    /// A domain failed.
    #[error(transparent)]
    Customers(#[from] customers::Error),
    /// A domain failed.
    #[error(transparent)]
    Flights(#[from] flights::Error),
    /// A domain failed.
    #[error(transparent)]
    Feeds(#[from] feeds::Error),
    /// A domain failed.
    #[error(transparent)]
    Loyalty(#[from] loyalty::Error),
    /// What miles buy failed underneath.
    #[error(transparent)]
    Awards(#[from] awards::Error),
    /// A domain failed.
    #[error(transparent)]
    Partners(#[from] partners::Error),
    /// A domain failed.
    #[error(transparent)]
    Portal(#[from] portal::Error),
    /// A domain failed.
    #[error(transparent)]
    Benefits(#[from] benefits::Error),
    /// A domain failed.
    #[error(transparent)]
    Value(#[from] value::Error),
    /// The time zone of the configuration is not one.
    #[error("there is no time zone {0}")]
    TimeZone(String),
    /// The synthetic airline was asked for where there are customers already.
    #[error("there are customers already")]
    NotEmpty,
    /// The synthetic airline could not be written.
    #[error("the synthetic airline could not be written")]
    Simulator(#[source] simulator::write::WriteError),
    /// A folder to be graded holds no truth, or one that cannot be read.
    #[error(transparent)]
    Truth(#[from] simulator::grade::Error),
    /// There is no such grading.
    #[error("there is no such grading")]
    NoGrade,
    /// A job that the demo waits for did not end well.
    #[error("a step of the demo failed: {0}")]
    Step(String),
}

impl Explain for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(error) => error.kind(),
            Self::Access(error) => error.kind(),
            Self::Customers(error) => error.kind(),
            Self::Flights(error) => error.kind(),
            Self::Feeds(error) => error.kind(),
            Self::Loyalty(error) => error.kind(),
            Self::Awards(error) => error.kind(),
            Self::Partners(error) => error.kind(),
            Self::Portal(error) => error.kind(),
            Self::Benefits(error) => error.kind(),
            Self::Value(error) => error.kind(),
            Self::NotEmpty => Kind::Conflict,
            Self::TimeZone(_) | Self::Truth(_) => Kind::Invalid,
            Self::NoGrade => Kind::NotFound,
            _ => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Folder(_) => "app-folder",
            Self::Store(error) => error.code(),
            Self::Vault(_) => "app-key-file",
            Self::Access(error) => error.code(),
            Self::Texts(_) | Self::Lake(_) => "app-start",
            Self::Customers(error) => error.code(),
            Self::Flights(error) => error.code(),
            Self::Feeds(error) => error.code(),
            Self::Loyalty(error) => error.code(),
            Self::Awards(error) => error.code(),
            Self::Partners(error) => error.code(),
            Self::Portal(error) => error.code(),
            Self::Benefits(error) => error.code(),
            Self::Value(error) => error.code(),
            Self::TimeZone(_) => "app-time-zone",
            Self::NotEmpty => "app-not-empty",
            Self::Simulator(_) => "app-simulator",
            Self::Truth(_) => "app-truth",
            Self::NoGrade => "app-no-grade",
            Self::Step(_) => "app-step",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Store(error) => error.args(),
            Self::Access(error) => error.args(),
            Self::Customers(error) => error.args(),
            Self::Flights(error) => error.args(),
            Self::Feeds(error) => error.args(),
            Self::Loyalty(error) => error.args(),
            Self::Awards(error) => error.args(),
            Self::Partners(error) => error.args(),
            Self::Portal(error) => error.args(),
            Self::Benefits(error) => error.args(),
            Self::Value(error) => error.args(),
            Self::TimeZone(name) => vec![("name", name.clone())],
            Self::Truth(error) => vec![("file", error.path().display().to_string())],
            Self::Step(code) => vec![("code", code.clone())],
            _ => Vec::new(),
        }
    }
}
