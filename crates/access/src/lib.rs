//! Who is there, what they may do, and what they did.
//!
//! [`Access`] is the one service. A browser comes with a session token ([`Access::by_session`]), a
//! program with an API key ([`Access::by_api_key`]); both become an [`Actor`], which every service
//! function of every domain takes first and asks [`Actor::may`]. What was done goes into the audit
//! trail ([`Access::record`]) in the transaction that does it. The [`Vault`] seals what must not
//! be readable in the database.
//!
//! The order of a request: token → session and user, read live, so that a disabled user or a
//! changed role counts at once → policy → grants. The order of a sign-in: throttle → password
//! (the same work for unknown users) → second factor, if the user has one → session.

pub mod audit;
pub mod events;
pub mod notices;
pub mod permissions;

mod actor;
mod error;
mod keys;
mod limits;
mod paging;
mod passwords;
mod policy;
mod random;
mod reveal;
mod service;
mod sessions;
mod sign_in;
mod two_factor;
mod users;
mod vault;

#[cfg(test)]
mod testing;

/// How secrets are made and compared, for domains whose people are not staff.
pub mod secrets {
    pub use crate::random::{grouped, hash, same, token};
}

pub use actor::{Actor, ActorKind, Denied};
pub use audit::{Details, Target};
pub use error::{Error, Result};
pub use keys::{ApiKey, CreatedKey, KeyState, NewKey};
pub use limits::Limits;
pub use policy::{MatrixRow, Permission, PermissionTable, Policy, Role, UnknownRole};
pub use reveal::{Purpose, Seen, UnknownPurpose};
pub use service::Access;
pub use sessions::{NewSession, Origin, Session, SessionRow, csrf_matches};
pub use sign_in::{SignIn, Ticket, Tried};
pub use two_factor::{Enrolment, RecoveryCodes, TwoFactorState};
pub use users::{
    Density, EditUser, NewUser, OneTimePassword, Preferences, Theme, User, UserFilter, UserState,
};
pub use vault::{Vault, VaultError};

kernel::typed_id!(UserId, "staff user");
kernel::typed_id!(SessionId, "browser session");
kernel::typed_id!(ApiKeyId, "API key");

/// The tables of this domain.
pub const MIGRATIONS: &[store::Migration] =
    store::migrations!["20261122_090000_access", "20261123_060000_notices"];

/// The texts of this domain.
pub const TEXTS: [(kernel::Lang, &str); 2] = [
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
];
