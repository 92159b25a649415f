//! What can go wrong in the portal, told apart by what somebody can do about it.

use kernel::{Explain, Kind};

/// The result of every call into this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed step of a member, or of staff for a member.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Number or password is wrong, or there is no access; not said which.
    #[error("the member number and password open nothing")]
    SignInRefused,
    /// Number or code is wrong, or the code is used or too old; not said which.
    #[error("the member number and code open nothing")]
    CodeRefused,
    /// The member cannot be given access as things stand; the code says why.
    #[error("not possible as things stand: {0}")]
    Refused(&'static str),
    /// The actor's roles do not allow it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// There is no such page or thing, or it is another member's.
    #[error("there is no such thing")]
    NotFound,
    /// The page cursor was not made by us.
    #[error(transparent)]
    Cursor(#[from] kernel::page::BadCursor),
    /// Passwords, tries, the trail.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// The member or the books.
    #[error(transparent)]
    Loyalty(#[from] loyalty::Error),
    /// What the tier is good for.
    #[error(transparent)]
    Benefits(#[from] benefits::Error),
    /// Who the member is.
    #[error(transparent)]
    Customers(#[from] customers::Error),
    /// Trips.
    #[error(transparent)]
    Flights(#[from] flights::Error),
    /// The database failed underneath.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Explain for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::SignInRefused | Self::CodeRefused => Kind::Unauthenticated,
            Self::Refused(_) => Kind::Conflict,
            Self::NotFound => Kind::NotFound,
            Self::Denied(inner) => inner.kind(),
            Self::Cursor(inner) => inner.kind(),
            Self::Access(inner) => inner.kind(),
            Self::Loyalty(inner) => inner.kind(),
            Self::Benefits(inner) => inner.kind(),
            Self::Customers(inner) => inner.kind(),
            Self::Flights(inner) => inner.kind(),
            Self::Store(inner) => inner.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::SignInRefused => "portal-sign-in-refused",
            Self::CodeRefused => "portal-code-refused",
            Self::Refused(code) => code,
            Self::NotFound => "not-found",
            Self::Denied(inner) => inner.code(),
            Self::Cursor(inner) => inner.code(),
            Self::Access(inner) => inner.code(),
            Self::Loyalty(inner) => inner.code(),
            Self::Benefits(inner) => inner.code(),
            Self::Customers(inner) => inner.code(),
            Self::Flights(inner) => inner.code(),
            Self::Store(inner) => inner.code(),
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(inner) => inner.args(),
            Self::Access(inner) => inner.args(),
            Self::Loyalty(inner) => inner.args(),
            Self::Benefits(inner) => inner.args(),
            Self::Customers(inner) => inner.args(),
            Self::Flights(inner) => inner.args(),
            Self::Store(inner) => inner.args(),
            _ => Vec::new(),
        }
    }
}
