//! API keys: for programs. A key acts for its owner within its scopes, until it expires, is
//! revoked or its owner is disabled.
//!
//! A key reads `jb_<prefix>_<secret>`: the prefix is kept and shown, of the secret only a hash.

mod model;
mod service;
mod store;

pub use model::{ApiKey, CreatedKey, KeyState, NewKey};

#[cfg(test)]
mod tests;
