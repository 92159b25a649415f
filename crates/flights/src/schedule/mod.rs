//! What the airline means to fly: legs over periods, and the dated flights they make.

mod absorb;
mod change;
mod clock;
mod file;
mod materialise;
mod plan;
#[cfg(test)]
mod tests;

pub use materialise::{MATERIALISE, Materialised};
pub(crate) use plan::{Planned, PlannedLeg, plans};
