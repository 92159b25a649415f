//! What can go wrong with loyalty, told apart by what the caller can do about it.

use kernel::{Explain, Kind};

use crate::ledger::Outcome;

/// The result of every call into this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A word in the database that this program does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown word")]
pub struct UnknownWord;

/// One field of a form or request that is not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field as in the form and the API.
    pub field: &'static str,
    /// Stable code; its text is `error-<code>`.
    pub code: &'static str,
}

/// A failed operation on members or their miles.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor's roles do not allow it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// There is no such thing; the word says which.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A field is not right.
    #[error("a field is not right")]
    Invalid(Vec<FieldError>),
    /// The step does not fit how things stand; the code says why.
    #[error("not possible as things stand: {0}")]
    Refused(&'static str),
    /// The ledger refused a transfer.
    #[error("the ledger refused the transfer: {}", .0.as_str())]
    Ledger(Outcome),
    /// An account to be closed is not empty, or has open holds.
    #[error("the account is not empty or has open holds")]
    AccountInUse,
    /// A closed account stays closed.
    #[error("the account is closed")]
    AccountClosed,
    /// Somebody else was writing the same just now: nothing was written.
    #[error("another batch posted the same meanwhile")]
    Meanwhile,
    /// The page cursor was not made by us.
    #[error(transparent)]
    Cursor(#[from] kernel::page::BadCursor),
    /// The customers failed underneath.
    #[error("the customer could not be read or written")]
    Customers(#[from] customers::Error),
    /// Access failed underneath.
    #[error("access failed")]
    Access(#[from] access::Error),
    /// Sealing or opening personal data failed.
    #[error("personal data could not be sealed or opened")]
    Vault(#[from] access::VaultError),
    /// The database failed underneath.
    #[error("the books could not be read or written")]
    Store(#[from] store::Error),
    /// The text is no programme.
    #[error(transparent)]
    Document(#[from] programme::document::BadDocument),
    /// A programme contradicts itself.
    #[error(transparent)]
    Contradictory(#[from] programme::Contradictory),
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
            Self::Invalid(_) | Self::Document(_) => Kind::Invalid,
            Self::Refused(_)
            | Self::Ledger(_)
            | Self::AccountInUse
            | Self::AccountClosed
            | Self::Contradictory(_) => Kind::Conflict,
            Self::Meanwhile => Kind::Unavailable,
            Self::Cursor(error) => error.kind(),
            Self::Customers(error) => error.kind(),
            Self::Access(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::Vault(_) | Self::Word(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::NotFound("member") => "loyalty-member-not-found",
            Self::NotFound("account") => "loyalty-account-not-found",
            Self::NotFound("nominee") => "loyalty-nominee-not-found",
            Self::NotFound("proposal") => "loyalty-proposal-not-found",
            Self::NotFound("review") => "loyalty-review-not-found",
            Self::NotFound("version") => "loyalty-version-not-found",
            Self::NotFound("promotion") => "loyalty-promotion-not-found",
            Self::NotFound("replay") => "loyalty-replay-not-found",
            Self::NotFound("limit") => "loyalty-limit-not-found",
            Self::NotFound("report") => "loyalty-report-not-found",
            Self::NotFound("accrual") => "loyalty-accrual-not-found",
            Self::NotFound(_) => "loyalty-not-found",
            Self::Invalid(_) => "loyalty-invalid",
            Self::Refused(code) => code,
            Self::Ledger(_) => "loyalty-ledger-refused",
            Self::AccountInUse => "loyalty-account-in-use",
            Self::AccountClosed => "loyalty-account-closed",
            Self::Meanwhile => "loyalty-meanwhile",
            Self::Cursor(error) => error.code(),
            Self::Customers(error) => error.code(),
            Self::Access(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Vault(_) => "loyalty-vault",
            Self::Document(_) => "loyalty-document",
            Self::Contradictory(_) => "loyalty-contradictory",
            Self::Word(_) => "loyalty-word",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(denied) => denied.args(),
            Self::Invalid(fields) => {
                vec![("fields", fields.iter().map(|f| f.field).collect::<Vec<_>>().join(", "))]
            }
            Self::Ledger(outcome) => vec![("outcome", outcome.as_str().to_owned())],
            Self::Document(bad) => vec![
                ("line", bad.line.map_or_else(|| "?".to_owned(), |line| line.to_string())),
                ("column", bad.column.map_or_else(|| "?".to_owned(), |at| at.to_string())),
                ("what", bad.what.clone()),
            ],
            Self::Contradictory(errors) => vec![("what", errors.to_string())],
            Self::Customers(error) => error.args(),
            Self::Access(error) => error.args(),
            Self::Store(error) => error.args(),
            _ => Vec::new(),
        }
    }
}
