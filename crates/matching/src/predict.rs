//! Scoring candidate pairs.

use crate::blocks::Candidates;
use crate::model::{Finding, Model};
use crate::source::Records;

/// A pair of rows, the smaller first, and its total weight in bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    pub left: u32,
    pub right: u32,
    pub bits: f64,
}

/// Scores every candidate and hands on those of at least `least` bits, portion by portion in an
/// order that depends on the data alone.
pub fn predict<R: Records>(
    records: &R,
    model: &Model,
    candidates: &Candidates,
    least: f64,
    sink: impl FnMut(Vec<Scored>),
) {
    let weights = model.weights();
    let comparisons = model.comparisons.len();
    candidates.visit(
        || (records.scratch(), vec![Finding::NONE; comparisons]),
        |(scratch, found), left, right, told| {
            records.compare(left, right, scratch, found);
            let bits = weights.total(found);
            if bits >= least {
                told.push(Scored { left, right, bits });
            }
        },
        sink,
    );
}
