//! How well the product understood the simulated days: pure functions from the truth and what was
//! made of the messages to figures. Nothing here asks a database.

mod identity;
mod operations;
mod read;
mod worst;

use serde::{Deserialize, Serialize};

pub use identity::{Identity, MEMBER, Predicted, WEB, identity};
pub use operations::{Confusion, Legs, PredictedLeg, PredictedPassenger, Segments};
pub use operations::{OutcomeRow, legs, outcomes, segments};
pub use read::{Error, Mention, TrueLeg, Truths, read};
pub use worst::{DirtRow, Held, Merge, Part, Split};

/// Everything of one grading.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grade {
    /// First and last day, ISO.
    pub days: (String, String),
    /// Who is who.
    pub identity: Identity,
    /// What became of passengers.
    pub outcomes: Confusion,
    /// What was flown.
    pub segments: Segments,
    /// What the flights did.
    pub legs: Legs,
}

/// A part of a whole, 1 of an empty whole.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
