//! The Type B envelope: what stands around the text of a teletype message.
//!
//! Order of things: the network frame (`ZCZC` … `NNNN`, control characters), the address lines with an
//! optional priority, the origin line, the message identifier, the body. Any of them may be missing.
//! A bad address is told and left out; the rest is read all the same.

mod model;
mod parse;
pub mod rules;
mod sitatex;
mod split;
mod write;

pub use model::{Address, Envelope, TimeGroup};
pub use parse::read;
pub use split::split;
pub use write::write;
