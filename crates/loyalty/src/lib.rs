//! Loyalty: members of the programmes, and every mile exact and explained.

pub mod error;
pub mod events;
pub mod ledger;

pub use error::{Error, FieldError, Result, UnknownWord};

kernel::typed_id!(
    /// A member of a programme.
    MemberId, "member"
);

/// What this domain keeps.
pub const MIGRATIONS: &[store::Migration] = store::migrations!["20261123_151000_ledger"];
