//! Brings files from SFTP servers and messages from IMAP mailboxes to a sink given by the caller.
//!
//! The order of things in a round: connect and sign in, look what is there, hand one thing after
//! another to the sink ([`sftp::Sink::take`], [`imap::Sink::take`]), have the sink keep a batch of
//! them (`commit`), and only then put them away where they came from. A round ends after a bounded
//! number of things; the caller decides when the next one begins. Nothing is remembered between
//! rounds: what must be (a bookmark, files left lying) is given in and handed back.
//!
//! Every future may be dropped at any point. What was not committed is offered again in the next
//! round; what was committed but not put away is offered again too, so a sink recognises copies.

mod error;
mod glob;
pub mod imap;
pub mod mail;
mod secret;
pub mod sftp;
mod timeouts;

pub use error::{Error, Result, SinkError, Step};
pub use glob::fits;
pub use secret::Secret;
pub use timeouts::Timeouts;

/// The texts of this crate's errors: Fluent, one file for each language.
pub const TEXTS: &[(kernel::Lang, &str)] = &[
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];
