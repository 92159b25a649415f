//! What the engine needs of records: to be counted, and compared two at a time.

use crate::model::{Finding, Model};

/// A set of records the engine can compare. Two kinds exist: a [`Table`](crate::Table) under a
/// [`Scheme`](crate::Scheme), and persons ([`People`](crate::person::People)).
pub trait Records: Sync {
    /// Memory of one thread: caches of comparisons made. Never changes a result.
    type Scratch: Send;

    fn rows(&self) -> u32;

    fn scratch(&self) -> Self::Scratch;

    /// Fills one finding a comparison; the same for (`left`, `right`) and (`right`, `left`).
    fn compare(&self, left: u32, right: u32, scratch: &mut Self::Scratch, found: &mut [Finding]);

    /// The comparisons and levels, with first guesses where nothing was estimated yet. Training
    /// looks at the first sixteen comparisons, and fifteen levels of each.
    fn blank_model(&self) -> Model;
}
