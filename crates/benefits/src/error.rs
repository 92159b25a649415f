//! What can go wrong with benefits, told apart by what the caller can do about it.

use kernel::{Explain, Kind};

/// The result of every call into this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed operation on benefits.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor's roles do not allow it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// There is no such thing; the word says which.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A field is not right: its name, and a stable code.
    #[error("a field is not right: {0}")]
    Invalid(&'static str, &'static str),
    /// The step does not fit how things stand; the code says why.
    #[error("not possible as things stand: {0}")]
    Refused(&'static str),
    /// The member and the rules.
    #[error(transparent)]
    Loyalty(#[from] loyalty::Error),
    /// The flight.
    #[error(transparent)]
    Flights(#[from] flights::Error),
    /// Access failed underneath.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// The database failed underneath.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(store::Error::from(error))
    }
}

impl Explain for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(inner) => inner.kind(),
            Self::NotFound(_) => Kind::NotFound,
            Self::Invalid(..) => Kind::Invalid,
            Self::Refused(_) => Kind::Conflict,
            Self::Loyalty(inner) => inner.kind(),
            Self::Flights(inner) => inner.kind(),
            Self::Access(inner) => inner.kind(),
            Self::Store(inner) => inner.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(inner) => inner.code(),
            Self::NotFound("use") => "benefits-use-not-found",
            Self::NotFound("choice") => "benefits-choice-not-found",
            Self::NotFound("grant") => "benefits-grant-not-found",
            Self::NotFound("flight") => "benefits-flight-not-found",
            Self::NotFound(_) => "benefits-member-not-found",
            Self::Invalid(_, code) | Self::Refused(code) => code,
            Self::Loyalty(inner) => inner.code(),
            Self::Flights(inner) => inner.code(),
            Self::Access(inner) => inner.code(),
            Self::Store(inner) => inner.code(),
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(inner) => inner.args(),
            Self::Invalid(field, _) => vec![("field", (*field).to_owned())],
            Self::Loyalty(inner) => inner.args(),
            Self::Flights(inner) => inner.args(),
            Self::Access(inner) => inner.args(),
            Self::Store(inner) => inner.args(),
            _ => Vec::new(),
        }
    }
}
