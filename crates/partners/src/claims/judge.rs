//! The verdict: a closed order of questions over what is known, and nothing else.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::ground::{Candidate, Earned, Ground};
use super::{About, State, Verdict};
use crate::names::{Fit, fit};

/// What shows that the claimant is the passenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The name alone.
    Name,
    /// The ticket's or the booking's number, known to who holds it.
    Document,
}

/// A verdict with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Where the claim stands with it.
    pub state: State,
    /// What was found.
    pub verdict: Verdict,
    /// Values for its sentence: an object, never personal.
    pub detail: Value,
    /// The segment to be the member's: its place among the candidates.
    pub take: Option<usize>,
}

impl Judged {
    fn new(state: State, verdict: Verdict, detail: Value) -> Self {
        Self { state, verdict, detail, take: None }
    }

    fn explained(verdict: Verdict, detail: Value) -> Self {
        Self::new(State::Explained, verdict, detail)
    }

    /// To a person.
    #[must_use]
    pub fn review(verdict: Verdict) -> Self {
        Self::new(State::Review, verdict, json!({}))
    }
}

fn on(day: NaiveDate) -> Value {
    json!({"day": day})
}

/// Judges a claim by what is known now.
#[must_use]
pub fn judge(about: &About, ground: &Ground) -> Judged {
    if fit(&about.name, &ground.name) == Fit::Not {
        return Judged::explained(Verdict::OtherName, json!({}));
    }
    if let Some(last) = ground.claim_until.filter(|last| ground.claimed_on > *last) {
        return Judged::explained(Verdict::TooOld, on(last));
    }
    if let Some(first) = ground.first_day.filter(|first| about.date < *first) {
        return Judged::explained(Verdict::BeforeJoining, on(first));
    }
    if !ground.agreed {
        return Judged::explained(Verdict::NoAgreement, json!({"carrier": about.carrier}));
    }
    if let Some(miles) = ground.by_partner {
        return Judged::explained(Verdict::AlreadyYours, json!({"miles": miles}));
    }
    let own = ground.candidates.iter().find(|one| one.own && one.same_places(about));
    if let Some(own) = own {
        return of_own(own, ground);
    }
    let fits = |one: &Candidate| fit(&about.name, &one.name) != Fit::Not;
    let here = || ground.candidates.iter().enumerate().filter(|(_, one)| one.same_places(about));
    let mut proven = here().filter(|(_, one)| one.proof(about) == Proof::Document);
    if let Some((at, one)) = proven.find(|(_, one)| fits(one)) {
        return of_proven(at, one, ground);
    }
    if here().any(|(_, one)| one.holds_ticket(about)) {
        return Judged::explained(Verdict::OtherName, json!({}));
    }
    match here().filter(|(_, one)| fits(one)).count() {
        1 => return Judged::review(Verdict::NotProven),
        2.. => return Judged::review(Verdict::Several),
        0 => {}
    }
    if let Some(outcome) = &ground.fate {
        return Judged::explained(Verdict::NotFlown, json!({"outcome": outcome}));
    }
    if ground.waited {
        return Judged::review(Verdict::NeverTold);
    }
    Judged::new(State::Waiting, Verdict::NotKnownYet, on(ground.wait_until))
}

/// A flight on the member's own record.
fn of_own(one: &Candidate, ground: &Ground) -> Judged {
    match &one.earned {
        Earned::Miles(miles, since) => {
            let day = since.map_or(Value::Null, |day| json!(day));
            Judged::explained(Verdict::AlreadyYours, json!({"miles": miles, "day": day}))
        }
        _ if !one.flown() => not_flown(one),
        Earned::Nothing(code) => Judged::explained(Verdict::NotEarning, json!({"reason": code})),
        _ if ground.frozen => Judged::review(Verdict::Frozen),
        _ => of_rules(one, State::Accepted, Verdict::OwnFlight),
    }
}

/// A flight of a passenger whose name fits and whose ticket or booking was named.
fn of_proven(at: usize, one: &Candidate, ground: &Ground) -> Judged {
    if one.taken || matches!(one.earned, Earned::Miles(..)) {
        return Judged::explained(Verdict::AlreadyAnother, json!({}));
    }
    if !one.flown() {
        return not_flown(one);
    }
    if one.members > 0 {
        return Judged::review(Verdict::AnotherMember);
    }
    if ground.frozen {
        return Judged::review(Verdict::Frozen);
    }
    if one.contradicts || one.record.is_none() {
        return Judged::review(Verdict::Contradiction);
    }
    let judged = of_rules(one, State::Accepted, Verdict::Found);
    let take = (judged.state == State::Accepted).then_some(at);
    Judged { take, ..judged }
}

/// What the rules say of a flight that is free.
fn of_rules(one: &Candidate, state: State, verdict: Verdict) -> Judged {
    match &one.would {
        Ok(miles) => Judged::new(state, verdict, json!({"miles": miles})),
        Err(code) if code.starts_with("lacking") => {
            let detail = json!({"reason": code});
            Judged { detail, ..Judged::review(Verdict::Lacking) }
        }
        Err(code) => Judged::explained(Verdict::NotEarning, json!({"reason": code})),
    }
}

fn not_flown(one: &Candidate) -> Judged {
    Judged::explained(Verdict::NotFlown, json!({"outcome": one.segment.outcome}))
}
