//! What can go wrong with redemptions, told apart by what the caller can do about it.

use kernel::{Explain, Kind};
use loyalty::UnknownWord;
pub use loyalty::error::FieldError;
use programme::redemption::NoPrice;

/// The result of every call into this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed step of a redemption, of the catalogue or of a voucher.
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
    /// The rules have no price for it.
    #[error(transparent)]
    NoPrice(#[from] NoPrice),
    /// Members and books.
    #[error(transparent)]
    Loyalty(#[from] loyalty::Error),
    /// The trail failed underneath.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// Sealing or opening a code failed.
    #[error("a code could not be sealed or opened")]
    Vault(#[from] access::VaultError),
    /// The page cursor was not made by us.
    #[error(transparent)]
    Cursor(#[from] kernel::page::BadCursor),
    /// The database failed underneath.
    #[error(transparent)]
    Store(#[from] store::Error),
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

    /// Whether another transaction was in the way: the same again may succeed.
    pub(crate) fn is_meanwhile(&self) -> bool {
        match self {
            Self::Loyalty(error) => {
                matches!(error, loyalty::Error::Meanwhile) || loyalty::ledger::is_meanwhile(error)
            }
            Self::Store(store::Error::Conflict(_)) => true,
            Self::Store(store::Error::Statement(sqlx::Error::Database(reported))) => {
                matches!(reported.code().as_deref(), Some("40P01" | "40001"))
            }
            _ => false,
        }
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
            Self::Denied(inner) => inner.kind(),
            Self::NotFound(_) => Kind::NotFound,
            Self::Invalid(_) => Kind::Invalid,
            Self::Refused(_) | Self::NoPrice(_) => Kind::Conflict,
            Self::Loyalty(inner) => inner.kind(),
            Self::Access(inner) => inner.kind(),
            Self::Cursor(inner) => inner.kind(),
            Self::Store(inner) => inner.kind(),
            Self::Vault(_) | Self::Word(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(inner) => inner.code(),
            Self::NotFound("item") => "awards-item-not-found",
            Self::NotFound("voucher") => "awards-voucher-not-found",
            Self::NotFound("redemption") => "awards-redemption-not-found",
            Self::NotFound(_) => "awards-not-found",
            Self::Invalid(_) => "awards-invalid",
            Self::Refused(code) => code,
            Self::NoPrice(NoPrice::NoZone { .. }) => "awards-no-zone",
            Self::NoPrice(NoPrice::NoRow { .. }) => "awards-no-row",
            Self::NoPrice(NoPrice::ClassNotUpgradable { .. }) => "awards-class-not-upgradable",
            Self::NoPrice(NoPrice::NotForTier) => "awards-not-for-tier",
            Self::NoPrice(NoPrice::TooFewMiles { .. }) => "awards-too-few-miles",
            Self::Loyalty(inner) => inner.code(),
            Self::Access(inner) => inner.code(),
            Self::Cursor(inner) => inner.code(),
            Self::Store(inner) => inner.code(),
            Self::Vault(_) => "awards-vault",
            Self::Word(_) => "awards-word",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(inner) => inner.args(),
            Self::Invalid(fields) => {
                vec![("fields", fields.iter().map(|it| it.field).collect::<Vec<_>>().join(", "))]
            }
            Self::NoPrice(why) => match why {
                NoPrice::NoZone { station, .. } => vec![("station", station.to_string())],
                NoPrice::NoRow { day } => vec![("day", day.to_string())],
                NoPrice::ClassNotUpgradable { class } => vec![("class", class.to_string())],
                NoPrice::TooFewMiles { least } => vec![("least", least.to_string())],
                NoPrice::NotForTier => Vec::new(),
            },
            Self::Loyalty(inner) => inner.args(),
            Self::Access(inner) => inner.args(),
            Self::Store(inner) => inner.args(),
            _ => Vec::new(),
        }
    }
}
