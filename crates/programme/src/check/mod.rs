//! Where the rules contradict each other: located findings with their remedy.
//!
//! Errors keep a programme from being used; warnings are looked at by whoever approves it.

mod finding;
mod references;
mod spans;
mod tables;
mod tiers;
mod values;

pub use finding::{Finding, Problem, Severity};

use crate::document::Programme;

/// Everything found, errors first, then by place.
#[must_use]
pub fn check(programme: &Programme) -> Vec<Finding> {
    let mut found = Vec::new();
    references::check(programme, &mut found);
    values::check(programme, &mut found);
    // Tables cross the lists of their rows: with an endless one they would take for ever.
    let endless = |finding: &Finding| matches!(finding.problem, Problem::OutOfRange { allowed, .. } if allowed == values::SHORT);
    if !found.iter().any(endless) {
        tables::check(programme, &mut found);
    }
    tiers::check(programme, &mut found);
    found.sort_by(|a, b| (a.severity, &a.place, &a.rows).cmp(&(b.severity, &b.place, &b.rows)));
    found.dedup();
    found
}
