//! PTM, the passenger transfer message (RP 1718): who on an arriving flight goes on with which other.

mod model;
mod parse;
pub mod rules;

pub use model::{Transfer, TransferList, TransferName};
pub use parse::{parse, read_body};
