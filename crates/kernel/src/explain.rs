//! What a failure tells the person who meets it.

/// The family of a failure. The HTTP status and the exit code follow from it, in one place each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The input is wrong and the sender can put it right.
    Invalid,
    /// Nobody is signed in.
    Unauthenticated,
    /// Somebody is, and may not.
    Forbidden,
    NotFound,
    /// The thing changed, or the step does not fit its state.
    Conflict,
    TooLarge,
    RateLimited,
    /// Something we depend on is away; the same request may work later.
    Unavailable,
    /// Our own fault.
    Internal,
}

/// An error that can be put before a user in their language.
///
/// The sentence is the text key `error-<code>`, the remedy `error-<code>-hint`, both filled with
/// [`args`](Explain::args). Arguments hold no personal data: they may reach logs and pages.
pub trait Explain: std::error::Error {
    fn kind(&self) -> Kind;

    /// Stable, kebab-case, e.g. `customer-not-found`. Callers of the API branch on it.
    fn code(&self) -> &'static str;

    fn args(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}
