//! What can go wrong in reckoning value, told apart by what the caller can do.

use kernel::{Explain, Kind};
use uuid::Uuid;

/// The result of every call into value.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed operation.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor's roles do not allow it.
    #[error("not allowed")]
    Denied(#[from] access::Denied),
    /// The database failed.
    #[error("the database failed under a value run")]
    Store(#[from] store::Error),
    /// The lake failed.
    #[error("the lake failed under a value run")]
    Lake(#[from] lake::LakeError),
    /// Access failed, for instance the audit trail.
    #[error("the audit trail could not be written")]
    Access(#[from] access::Error),
    /// Customers could not be told their standing.
    #[error("customers could not be told their standing")]
    Customers(#[from] customers::Error),
    /// The mathematics refused the data.
    #[error("the members cannot be clustered")]
    Stats(#[from] stats::StatsError),
    /// There is nothing to reckon with.
    #[error("there is no flight and no summary to reckon value from")]
    NoFacts,
    /// There is activity by month only, which has no fare classes and so no coefficient.
    #[error("there is activity by month only, which has no fare classes")]
    MonthsOnly,
    /// All members were dropped in cleaning, or too few are left for the groups.
    #[error("{left} members are left after cleaning; {needed} are needed")]
    TooFew {
        /// Members left.
        left: usize,
        /// Members needed.
        needed: usize,
    },
    /// No such run.
    #[error("there is no such value run")]
    NoRun {
        /// What was asked for.
        asked: String,
    },
    /// No run has been published yet.
    #[error("no value run has been published")]
    NothingPublished,
    /// The customer is not in the published run.
    #[error("the customer is not in the published value run")]
    NotInRun,
    /// The run is not finished, or failed.
    #[error("the value run {0} has no result")]
    NotReady(Uuid),
    /// No such scheme.
    #[error("there is no such scheme")]
    NoScheme,
    /// A scheme was changed by somebody else in the meantime.
    #[error("the scheme has a newer version")]
    SchemeChanged {
        /// The version that is current.
        current: i64,
    },
    /// Weights that do not make a scheme.
    #[error("the weights add up to {sum} of 100 percent")]
    Weights {
        /// What they add up to, in percent with two decimals.
        sum: String,
    },
    /// An attribute a scheme does not know.
    #[error("no attribute is called {0}")]
    Attribute(String),
    /// A parameter outside its range.
    #[error("{name} must be between {least} and {most}")]
    Range {
        /// Which parameter.
        name: &'static str,
        /// Smallest value.
        least: i64,
        /// Largest value.
        most: i64,
    },
    /// Somebody asked to stop.
    #[error("the value run was cancelled")]
    Cancelled,
    /// A step that runs beside the server broke off: a fault of ours.
    #[error("a value run broke off")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Explain for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::Lake(error) => error.kind(),
            Self::Access(error) => error.kind(),
            Self::Customers(error) => error.kind(),
            Self::NoRun { .. } | Self::NoScheme | Self::NothingPublished | Self::NotInRun => {
                Kind::NotFound
            }
            Self::NotReady(_) | Self::SchemeChanged { .. } | Self::Cancelled => Kind::Conflict,
            Self::Stats(_)
            | Self::NoFacts
            | Self::MonthsOnly
            | Self::TooFew { .. }
            | Self::Weights { .. }
            | Self::Attribute(_)
            | Self::Range { .. } => Kind::Invalid,
            Self::Broken(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Lake(error) => error.code(),
            Self::Access(error) => error.code(),
            Self::Customers(error) => error.code(),
            Self::Stats(_) => "value-stats",
            Self::NoFacts => "value-no-facts",
            Self::MonthsOnly => "value-months-only",
            Self::TooFew { .. } => "value-too-few",
            Self::NoRun { .. } => "value-no-run",
            Self::NothingPublished => "value-nothing-published",
            Self::NotInRun => "value-not-in-run",
            Self::NotReady(_) => "value-not-ready",
            Self::NoScheme => "value-no-scheme",
            Self::SchemeChanged { .. } => "value-scheme-changed",
            Self::Weights { .. } => "value-weights",
            Self::Attribute(_) => "value-attribute",
            Self::Range { .. } => "value-range",
            Self::Cancelled => "value-cancelled",
            Self::Broken(_) => "value-broken",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(error) => error.args(),
            Self::Store(error) => error.args(),
            Self::Lake(error) => error.args(),
            Self::Access(error) => error.args(),
            Self::Customers(error) => error.args(),
            Self::Stats(error) => vec![("reason", error.to_string())],
            Self::TooFew { left, needed } => {
                vec![("left", left.to_string()), ("needed", needed.to_string())]
            }
            Self::NoRun { asked } => vec![("asked", asked.clone())],
            Self::SchemeChanged { current } => vec![("current", current.to_string())],
            Self::Weights { sum } => vec![("sum", sum.clone())],
            Self::Attribute(name) => vec![("name", name.clone())],
            Self::Range { name, least, most } => vec![
                ("name", (*name).to_owned()),
                ("least", least.to_string()),
                ("most", most.to_string()),
            ],
            _ => Vec::new(),
        }
    }
}
