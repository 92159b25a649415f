//! Bar-coded boarding passes (BCBP, IATA resolution 792, versions 1 to 8).
//!
//! One string of fixed columns: a header, then per leg 37 mandatory characters, and conditional
//! items whose lengths are written before them in hexadecimal. Real passes lie about those lengths,
//! so every length is checked against what follows it. Columns are counted in characters: names
//! hold letters outside ASCII.
//!
//! The pass names no year: see [`BoardingPass::issued_on`] and [`BoardingPass::flown_on`].

mod columns;
mod model;
mod parse;
mod repeated;
mod respace;
pub mod rules;
mod write;
mod year;

#[cfg(test)]
mod tests;

pub use model::{BoardingPass, Issue, Leg, Security};
pub use parse::{parse, parse_into};
pub use respace::respaced;
pub use write::write;
