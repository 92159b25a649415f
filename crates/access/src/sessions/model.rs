use std::net::IpAddr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use kernel::Personal;
use sha2::Sha256;

use crate::{Actor, Preferences, SessionId, UserId, random};

/// Where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Network address, if known.
    pub address: Option<IpAddr>,
    /// What the browser says it is.
    pub agent: String,
}

impl Origin {
    /// For the list of sessions: at most 200 characters, without control characters.
    #[must_use]
    pub fn agent(&self) -> String {
        self.agent.chars().filter(|letter| !letter.is_control()).take(200).collect()
    }

    /// As text; empty when it is not known.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.map(|address| address.to_canonical().to_string()).unwrap_or_default()
    }
}

/// Somebody signed in, as a request finds them.
#[derive(Clone, Debug)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// Who.
    pub user: UserId,
    /// What they sign in with.
    pub email: Personal<String>,
    /// The actor for every service function.
    pub actor: Actor,
    /// To be sent back by every form; see [`csrf_matches`].
    pub csrf: String,
    /// How they like to see things.
    pub preferences: Preferences,
    /// The password is a one-time password: the actor may do nothing before it is changed.
    pub must_change_password: bool,
    /// Whether the user has a second factor.
    pub two_factor: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// The end in any case.
    pub expires_at: DateTime<Utc>,
}

/// A session that was just begun.
#[derive(Clone)]
pub struct NewSession {
    /// Value of the cookie. Kept nowhere else.
    pub token: String,
    /// When the cookie may be forgotten.
    pub expires_at: DateTime<Utc>,
    /// The session.
    pub session: Session,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewSession({})", self.session.id)
    }
}

/// A session in a list.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Identity.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// Network address it was begun from; empty when unknown.
    pub address: Personal<String>,
    /// What the browser said it is.
    pub agent: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Last request, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// The end in any case.
    pub expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The form secret of a session: follows from its token, so that it is kept nowhere, and whoever
/// reads the database cannot make one.
pub(super) fn csrf_of(token: &str) -> String {
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(token.as_bytes()) else {
        unreachable!("HMAC takes keys of any length");
    };
    mac.update(b"csrf");
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// Whether a form brought the session's secret.
#[must_use]
pub fn csrf_matches(expected: &str, given: &str) -> bool {
    random::same(expected.as_bytes(), given.as_bytes())
}
