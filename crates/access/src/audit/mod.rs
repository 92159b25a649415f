//! What was done, by whom, to what: a trail that cannot be changed unnoticed.
//!
//! Each row holds the SHA-256 of its own canonical JSON, in which the hash of the row before it
//! stands; a row that is edited, taken out, put in or moved breaks the chain at its place, which
//! [`verify`] names. One row of `access_audit_head` says where the chain ends; [`record`] takes
//! that row's lock first, so that writers on several connections and machines make one chain.
//!
//! Somebody who may write to the database could compute the whole chain anew. Against that, keep
//! an [`Anchor`] (number and hash of the last row) outside from time to time and give it to
//! [`verify`].
//!
//! Personal values cannot get into a row: a target is a kind and an identity, and [`Details`] takes
//! numbers, identities and machine words only.

mod chain;
mod details;
mod list;
mod record;
mod verify;

pub use details::{Details, Target};
pub use list::{Entry, Filter};
pub use record::record;
pub use verify::{Anchor, Break, BreakKind, Verified, verify};

#[cfg(test)]
mod tests;
