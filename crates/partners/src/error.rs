//! What can go wrong with claims and partners, told apart by what the caller can do about it.

use kernel::{Explain, Kind};

use crate::words::UnknownWord;

/// The result of every call into this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One field of a form or request that is not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field as in the form and the API.
    pub field: &'static str,
    /// Stable code; its text is `error-<code>`.
    pub code: &'static str,
}

/// A failed operation on claims or partners.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor's roles do not allow it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// There is no such thing; the word says which.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Fields are not right.
    #[error("a field is not right")]
    Invalid(Vec<FieldError>),
    /// The step does not fit how things stand; the code says why.
    #[error("not possible as things stand: {0}")]
    Refused(&'static str),
    /// The statement does not add up to what the ledger has.
    #[error("the statement says {said} miles, the ledger {found}")]
    Untied {
        /// By the rows.
        said: i64,
        /// By the ledger.
        found: i64,
    },
    /// Loyalty failed underneath.
    #[error("the books could not be read or written")]
    Loyalty(#[from] loyalty::Error),
    /// Customers failed underneath.
    #[error("the customer could not be read or written")]
    Customers(#[from] customers::Error),
    /// Flights failed underneath.
    #[error("the flights could not be read")]
    Flights(#[from] flights::Error),
    /// Access failed underneath.
    #[error("access failed")]
    Access(#[from] access::Error),
    /// The database failed underneath.
    #[error("claims or partners could not be read or written")]
    Store(#[from] store::Error),
    /// The kept file could not be read.
    #[error("the kept file could not be read")]
    File(#[from] std::io::Error),
    /// The database holds something this program does not know.
    #[error("a stored value is not known")]
    Word(#[from] UnknownWord),
}

impl Error {
    /// One field that is not right.
    #[must_use]
    pub fn invalid(field: &'static str, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError { field, code }])
    }

    /// Somebody else wrote the same just now: do it again.
    #[must_use]
    pub fn is_meanwhile(&self) -> bool {
        matches!(
            self,
            Self::Store(store::Error::Conflict(_))
                | Self::Loyalty(
                    loyalty::Error::Meanwhile | loyalty::Error::Store(store::Error::Conflict(_))
                )
        )
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(store::Error::from(error))
    }
}

impl Explain for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(denied) => denied.kind(),
            Self::NotFound(_) => Kind::NotFound,
            Self::Invalid(_) => Kind::Invalid,
            Self::Refused(_) | Self::Untied { .. } => Kind::Conflict,
            Self::Loyalty(error) => error.kind(),
            Self::Customers(error) => error.kind(),
            Self::Flights(error) => error.kind(),
            Self::Access(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::File(_) => Kind::Unavailable,
            Self::Word(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::NotFound("claim") => "claims-not-found",
            Self::NotFound("file") => "partners-file-not-found",
            Self::NotFound("invoice") => "partners-invoice-not-found",
            Self::NotFound(_) => "partners-not-found",
            Self::Invalid(_) => "partners-invalid",
            Self::Refused(code) => code,
            Self::Untied { .. } => "partners-untied",
            Self::Loyalty(error) => error.code(),
            Self::Customers(error) => error.code(),
            Self::Flights(error) => error.code(),
            Self::Access(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::File(_) => "partners-file",
            Self::Word(_) => "partners-word",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(denied) => denied.args(),
            Self::Invalid(fields) => {
                vec![("fields", fields.iter().map(|f| f.field).collect::<Vec<_>>().join(", "))]
            }
            Self::Untied { said, found } => {
                vec![("said", said.to_string()), ("found", found.to_string())]
            }
            Self::Loyalty(error) => error.args(),
            Self::Customers(error) => error.args(),
            Self::Flights(error) => error.args(),
            Self::Access(error) => error.args(),
            Self::Store(error) => error.args(),
            _ => Vec::new(),
        }
    }
}
