//! Errors that can be told to a person, and results that may have been there already.

/// What kind of thing went wrong: decides the HTTP status, in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input is wrong; the caller can mend it.
    Invalid,
    /// Nobody is signed in.
    Unauthenticated,
    /// Signed in, but not allowed.
    Forbidden,
    /// What was named does not exist.
    NotFound,
    /// It clashes with what somebody else did.
    Conflict,
    /// More than we take.
    TooLarge,
    /// Too often.
    RateLimited,
    /// Something we need does not answer; trying later may help.
    Unavailable,
    /// A fault of ours.
    Internal,
}

/// An error a person can act on. Its sentence is the text `error-<code>`, its remedy
/// `error-<code>-hint`, both with `args`, in every language.
pub trait Explain: std::error::Error {
    /// The kind of error.
    fn kind(&self) -> Kind;
    /// Stable, kebab-case.
    fn code(&self) -> &'static str;
    /// Values for the texts. Never personal data.
    fn args(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// The result of an operation that may be asked for twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// Carried out now.
    Done(T),
    /// Had been carried out before; nothing was changed.
    AlreadyDone(T),
}

impl<T> Outcome<T> {
    /// What came out, either way.
    pub fn into_inner(self) -> T {
        match self {
            Self::Done(inner) | Self::AlreadyDone(inner) => inner,
        }
    }

    /// Whether it had been carried out before.
    pub const fn is_repeat(&self) -> bool {
        matches!(self, Self::AlreadyDone(_))
    }

    /// The same outcome of something else.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Done(inner) => Outcome::Done(change(inner)),
            Self::AlreadyDone(inner) => Outcome::AlreadyDone(change(inner)),
        }
    }
}
