//! The door through which feeds bring members in, and the way back out.

mod apply;
mod bulk_mode;
mod input;
mod keys;
mod ready;
mod revert;
mod update;

#[cfg(test)]
mod tests;

pub use apply::Turn;
pub use input::{Applied, MemberInput, Policy};
pub use ready::ReadyMember;
pub use revert::Reverted;
