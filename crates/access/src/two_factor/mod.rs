//! The second factor: time-based one-time passwords (RFC 6238) from an app, with recovery codes
//! for the day the phone is lost. The secret is sealed by the vault.

mod model;
mod service;
pub(crate) mod store;
pub(crate) mod totp;

pub(crate) use model::fold_code;
pub use model::{Enrolment, RecoveryCodes, TwoFactorState};

#[cfg(test)]
mod tests;
