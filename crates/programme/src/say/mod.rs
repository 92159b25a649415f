//! Plain sentences for members and staff, in both languages, from answers as data.
//!
//! Everything here is text about values computed elsewhere; nothing is decided.

mod accrual;
mod tiers;
mod words;

use kernel::Lang;

use crate::accrual::Accrued;
use crate::document::Programme;
use crate::qualify::{Advice, Decision, Goal, Trip};

/// The explanation of a flight's postings, one sentence a step; of a refusal the steps that led to
/// it and the reason last. `programme` gives names and units: of the version that was applied.
#[must_use]
pub fn accrued(programme: &Programme, accrued: &Accrued, lang: Lang) -> Vec<String> {
    accrual::sentences(programme, accrued, lang)
}

/// What happened to a tier, and why.
#[must_use]
pub fn decision(programme: &Programme, decision: &Decision, lang: Lang) -> String {
    tiers::decision(programme, decision, lang)
}

/// What must be reached, as the ways to reach it.
#[must_use]
pub fn need(programme: &Programme, need: &crate::document::Criterion, lang: Lang) -> String {
    words::ways(programme, &need.ways(), lang)
}

/// How far a goal is.
#[must_use]
pub fn goal(programme: &Programme, goal: &Goal, lang: Lang) -> String {
    tiers::goal(programme, goal, lang)
}

/// The coach's advice: the same sentences for the agent and for the member.
#[must_use]
pub fn advice(programme: &Programme, advice: &Advice, trips: &[Trip], lang: Lang) -> Vec<String> {
    tiers::advice(programme, advice, trips, lang)
}
