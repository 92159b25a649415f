use chrono::{DateTime, Utc};
use kernel::Personal;

use crate::{ApiKeyId, Error, Limits, Policy, Result, UserId, random};

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// Permissions (`customers.read`) or all of a domain's (`customers.*`); at least one.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl NewKey {
    pub(super) fn checked(
        self,
        policy: &Policy,
        limits: &Limits,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
            return Err(Error::KeyNameInvalid);
        }
        let mut scopes: Vec<String> =
            self.scopes.iter().map(|scope| scope.trim().to_owned()).collect();
        scopes.retain(|scope| !scope.is_empty());
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(Error::KeyScopesEmpty);
        }
        if !scopes.iter().all(|scope| policy.knows_scope(scope)) {
            return Err(Error::KeyScopeUnknown);
        }
        if self.expires_at <= now || self.expires_at > now + limits.key_life {
            return Err(Error::KeyExpiry { days: limits.key_life.num_days() });
        }
        Ok(Self { name, scopes, expires_at: self.expires_at })
    }
}

/// Whether a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It does.
    Active,
    /// Its time is over.
    Expired,
    /// Somebody took it back.
    Revoked,
}

impl KeyState {
    /// Its stable name; its text is `key-state-<name>`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// A key as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Identity.
    pub id: ApiKeyId,
    /// Whose.
    pub owner: UserId,
    /// The owner's name.
    pub owner_name: String,
    /// What it is for.
    pub name: String,
    /// How it begins, to recognise it by.
    pub prefix: String,
    /// What it may do at most.
    pub scopes: Vec<String>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// Last use, to the hour.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl ApiKey {
    /// Whether it opens at `now`.
    #[must_use]
    pub fn state(&self, now: DateTime<Utc>) -> KeyState {
        if self.revoked_at.is_some() {
            KeyState::Revoked
        } else if self.expires_at <= now {
            KeyState::Expired
        } else {
            KeyState::Active
        }
    }
}

/// A key that was just made.
#[derive(Clone, Debug)]
pub struct CreatedKey {
    /// The key as it is shown from now on.
    pub key: ApiKey,
    /// The whole of it. Kept nowhere: show it once.
    pub token: Personal<String>,
}

/// The two parts of a key.
pub(super) struct Token {
    pub prefix: String,
    pub secret: String,
}

impl Token {
    pub(super) fn new() -> Self {
        Self { prefix: random::clear::<8>(), secret: random::clear::<52>() }
    }

    pub(super) fn whole(&self) -> String {
        format!("jb_{}_{}", self.prefix, self.secret)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (prefix, secret) = text.strip_prefix("jb_")?.split_once('_')?;
        (prefix.len() == 8 && secret.len() == 52)
            .then(|| Self { prefix: prefix.to_owned(), secret: secret.to_owned() })
    }
}
