//! One round: search, fetch, commit, mark.

use super::session::Session;
use super::{Bookmark, Policy, Sink};
use crate::{Error, Result};

/// What a round did.
#[derive(Debug, Default)]
#[must_use]
pub struct Round {
    /// E-mails that were committed.
    pub kept: u64,
    /// E-mails of which nothing was taken; the sink heard why.
    pub passed: u64,
    /// How far the sink has committed. The one given in when nothing was new.
    pub bookmark: Option<Bookmark>,
    /// The server numbers its e-mails anew: reading began from the first one. The sink recognises
    /// what it has.
    pub renumbered: bool,
    /// There is more than one round takes.
    pub more: bool,
    /// Kept e-mails the server did not mark, move or delete.
    pub unmarked: Option<Unmarked>,
    /// Why the round ended early. What is counted above is kept all the same.
    pub stopped: Option<Error>,
}

/// Kept e-mails that look unread in the mailbox. They are not offered again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmarked {
    /// How many.
    pub count: u64,
    /// What the server will not do: `mark`, `move` or `delete`.
    pub what: &'static str,
}

pub(super) async fn run<S: Sink>(
    _session: Session,
    _folder: &str,
    bookmark: Option<Bookmark>,
    _policy: &Policy,
    _sink: &mut S,
) -> Result<Round> {
    Ok(Round { bookmark, ..Round::default() })
}
