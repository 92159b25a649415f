//! What can go wrong with customers, told apart by what the caller can do about it.

use kernel::{Explain, Kind};

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

/// A failed operation on customers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor's roles do not allow it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// There is no such customer, note or task.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Somebody changed the profile since it was read.
    #[error("the profile has been changed by somebody else")]
    Changed(Box<ChangedBy>),
    /// The customer is in the trash.
    #[error("the customer is in the trash")]
    InTrash,
    /// Another customer has this member number.
    #[error("another customer has this member number")]
    MemberNoTaken,
    /// Fields are not right.
    #[error("some fields are not right")]
    Invalid(Vec<FieldError>),
    /// The text of a note, tag or task is empty or too long.
    #[error("the text is empty or longer than {0} characters")]
    Text(usize),
    /// The page cursor was not made by us.
    #[error(transparent)]
    Cursor(#[from] kernel::page::BadCursor),
    /// The customer was merged into another.
    #[error("the customer was merged into another")]
    Merged,
    /// Another process changed a customer between reading and writing: nothing was written.
    #[error("another process changed the customer meanwhile")]
    Meanwhile,
    /// Somebody decided the pair otherwise.
    #[error("somebody has decided this pair already")]
    Decided,
    /// Splitting off every record would leave nobody.
    #[error("these are all the records of the customer")]
    WholeCustomer,
    /// The bulk action cannot be undone (any more).
    #[error("the bulk action cannot be undone")]
    NotUndoable,
    /// The bulk action's selection matches nobody.
    #[error("the selection matches no customer")]
    NothingSelected,
    /// A list's filter or order cannot be read.
    #[error("the list cannot be asked for like this")]
    BadList(&'static str),
    /// Access failed underneath.
    #[error("access to personal data failed")]
    Access(#[from] access::Error),
    /// Sealing or opening personal data failed.
    #[error("personal data could not be sealed or opened")]
    Vault(#[from] access::VaultError),
    /// The database failed underneath.
    #[error("the customers could not be read or written")]
    Store(#[from] store::Error),
}

/// Who changed the profile meanwhile, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedBy {
    /// Name of the last user or feed who changed it.
    pub who: String,
    /// Names of the fields changed since the version the caller had.
    pub fields: Vec<String>,
    /// When the last of those changes was made, RFC 3339.
    pub at: String,
    /// The version now.
    pub version: i64,
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
            Self::Meanwhile => Kind::Unavailable,
            Self::Changed(_)
            | Self::InTrash
            | Self::MemberNoTaken
            | Self::NotUndoable
            | Self::Merged
            | Self::Decided
            | Self::WholeCustomer => Kind::Conflict,
            Self::Invalid(_) | Self::Text(_) | Self::NothingSelected | Self::BadList(_) => {
                Kind::Invalid
            }
            Self::Cursor(error) => error.kind(),
            Self::Access(error) => error.kind(),
            Self::Vault(_) => Kind::Internal,
            Self::Store(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::NotFound("note") => "customers-note-not-found",
            Self::NotFound("task") => "customers-task-not-found",
            Self::NotFound("review") => "identity-review-not-found",
            Self::NotFound("step") => "identity-step-not-found",
            Self::NotFound("record") => "identity-record-not-found",
            Self::Merged => "customers-merged",
            Self::Meanwhile => "customers-meanwhile",
            Self::Decided => "identity-decided",
            Self::WholeCustomer => "identity-whole-customer",
            Self::NotFound("bulk") => "customers-bulk-not-found",
            Self::NotFound(_) => "customers-not-found",
            Self::Changed(_) => "customers-changed",
            Self::InTrash => "customers-in-trash",
            Self::MemberNoTaken => "customers-member-no-taken",
            Self::Invalid(_) => "customers-invalid",
            Self::Text(_) => "customers-text",
            Self::Cursor(error) => error.code(),
            Self::NotUndoable => "customers-not-undoable",
            Self::NothingSelected => "customers-nothing-selected",
            Self::BadList(_) => "customers-bad-list",
            Self::Access(error) => error.code(),
            Self::Vault(_) => "customers-vault",
            Self::Store(error) => error.code(),
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(denied) => denied.args(),
            Self::Changed(by) => vec![
                ("who", by.who.clone()),
                ("fields", by.fields.join(", ")),
                ("at", by.at.clone()),
                ("version", by.version.to_string()),
            ],
            Self::Invalid(fields) => {
                vec![("fields", fields.iter().map(|f| f.field).collect::<Vec<_>>().join(", "))]
            }
            Self::Text(limit) => vec![("limit", limit.to_string())],
            Self::BadList(what) => vec![("what", (*what).to_owned())],
            Self::Access(error) => error.args(),
            Self::Store(error) => error.args(),
            _ => Vec::new(),
        }
    }
}
