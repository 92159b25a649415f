//! What must be posted when a fact or a rule was corrected.

use serde::{Deserialize, Serialize};

use super::step::{Origin, Posting};
use crate::Measure;

/// What to add (positive) or to take back (negative), never zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The ledger's currency.
    pub measure: Measure,
    /// What for.
    pub origin: Origin,
    /// Signed.
    pub amount: i64,
}

/// What makes `posted` into `derived`: by measure and origin, in that order. Equal sides need
/// nothing; `posted` may hold earlier corrections.
#[must_use]
pub fn difference(posted: &[Posting], derived: &[Posting]) -> Vec<Correction> {
    let signed = |sign: i64| {
        move |posting: &Posting| Correction {
            measure: posting.measure,
            origin: posting.origin.clone(),
            amount: posting.amount.saturating_mul(sign),
        }
    };
    let mut all: Vec<Correction> =
        posted.iter().map(signed(-1)).chain(derived.iter().map(signed(1))).collect();
    all.sort_by(|a, b| (a.measure, &a.origin).cmp(&(b.measure, &b.origin)));
    all.dedup_by(|next, kept| {
        let same = next.measure == kept.measure && next.origin == kept.origin;
        if same {
            kept.amount = kept.amount.saturating_add(next.amount);
        }
        same
    });
    all.retain(|correction| correction.amount != 0);
    all
}
