//! Plain sentences for members and staff, in both languages, from answers as data.
//!
//! Everything here is text about values computed elsewhere; nothing is decided.

mod accrual;
mod benefits;
mod promotions;
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

/// What a benefit is beside its name: how often, for whom, on which flights, until when. Empty when
/// there is nothing to add.
#[must_use]
pub fn benefit(row: &crate::document::BenefitRow, lang: Lang) -> String {
    benefits::terms(row, lang)
}

/// What a promotion gives and for which flights, beside its name and days.
#[must_use]
pub fn promotion(programme: &Programme, row: &crate::document::PromotionRow, lang: Lang) -> String {
    promotions::terms(programme, row, lang)
}

/// Why a benefit is given on a flight or not, in one sentence. Hours are told with the offset
/// that is given beside the flight.
#[must_use]
pub fn entitlement(
    programme: &Programme,
    row: &crate::document::BenefitRow,
    entitled: &crate::entitlement::Entitlement,
    flight: (&crate::entitlement::Flight, chrono::FixedOffset),
    tier: crate::document::Rank,
    lang: Lang,
) -> String {
    benefits::sentence(programme, row, entitled, flight, tier, lang)
}

/// What a milestone asks and what is missing.
#[must_use]
pub fn milestone(
    programme: &Programme,
    row: &crate::document::MilestoneRow,
    milestone: &crate::entitlement::Milestone,
    lang: Lang,
) -> String {
    benefits::milestone(programme, row, milestone, lang)
}
