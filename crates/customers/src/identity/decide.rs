//! To whom a statement belongs: pure, given what is known.
//!
//! A customer one of whose records contradicts the statement is out, whatever else agrees; of a
//! customer people merged of several, that part is out. Of the others the one with a certain link
//! comes first, then the heaviest.

use std::collections::HashSet;

use matching::person::{Band, Certain, Counts, Judged, NameMatch, Person, Scorer};
use serde_json::{Value as Json, json};

use super::booking::{self, Booking};
use super::known::{Candidate, Mention};
use crate::model::{CustomerId, RecordId};

/// Reviews one statement may ask for.
const MOST_REVIEWS: usize = 3;

/// What is to be placed.
pub(super) struct Asked<'a> {
    pub source: &'a str,
    pub key: &'a str,
    pub booking: Option<Booking>,
    pub person: &'a Person,
    /// More than one passenger of this name is on the booking.
    pub ambiguous: bool,
}

/// How a statement and a customer go together.
#[derive(Clone, Debug)]
pub(super) struct Tie {
    pub customer: CustomerId,
    /// The record with which they agree best; `None` for the profile.
    pub record: Option<RecordId>,
    /// `member-no`, `document`, `booking` or `weight`.
    pub rule: &'static str,
    pub band: Band,
    pub bits: f64,
    /// Codes and weights.
    pub detail: Json,
}

/// All ties of a statement, the best first.
pub(super) struct Decision {
    pub ties: Vec<Tie>,
}

impl Decision {
    /// The customer it belongs to.
    pub fn link(&self) -> Option<&Tie> {
        self.ties.first().filter(|tie| tie.band == Band::Link)
    }

    /// Others it may belong to as well, besides `mine`.
    pub fn others(&self, mine: CustomerId) -> impl Iterator<Item = &Tie> {
        self.ties.iter().filter(move |tie| tie.customer != mine).take(MOST_REVIEWS)
    }
}

/// Weighs a statement against customers.
pub(super) fn decide<'a>(
    scorer: &Scorer,
    counts: &Counts,
    asked: &Asked<'_>,
    candidates: impl Iterator<Item = &'a Candidate> + Clone,
) -> Decision {
    let on_booking = passengers(scorer, counts, asked, candidates.clone());
    let mut ties: Vec<(Tie, bool)> = candidates
        .filter_map(|candidate| tie(scorer, counts, asked, candidate, on_booking.as_ref()))
        .collect();
    ties.sort_by(|(a, a_sure), (b, b_sure)| {
        (b.band.cmp(&a.band))
            .then(b_sure.cmp(a_sure))
            .then(b.bits.total_cmp(&a.bits))
            .then(a.customer.uuid().cmp(&b.customer.uuid()))
    });
    Decision { ties: ties.into_iter().map(|(tie, _)| tie).collect() }
}

/// The customers under a compatible name on the statement's booking, on other lists than its own.
fn passengers<'a>(
    scorer: &Scorer,
    counts: &Counts,
    asked: &Asked<'_>,
    candidates: impl Iterator<Item = &'a Candidate>,
) -> Option<HashSet<CustomerId>> {
    let booking = asked.booking.filter(|_| !asked.ambiguous)?;
    let mut found = HashSet::new();
    for candidate in candidates {
        for mention in &candidate.mentions {
            if mention.booking.is_none_or(|other| !other.is(booking)) {
                continue;
            }
            let (_, name) = scorer.judge(counts, asked.person, &mention.person);
            if !name.is_some_and(NameMatch::is_compatible) {
                continue;
            }
            if mention.key.contains('#') || same_list(asked, mention) {
                return None;
            }
            found.insert(candidate.customer.id);
        }
    }
    Some(found)
}

/// Whether both are lines of one list: then they are two passengers.
fn same_list(asked: &Asked<'_>, mention: &Mention) -> bool {
    let list = booking::list_of(asked.source, asked.key);
    // A source without flights is no list.
    list != asked.source
        && asked.key != mention.key
        && list == booking::list_of(&mention.source, &mention.key)
}

/// The best tie with one customer, and whether it is certain. `None` when a record of theirs
/// contradicts the statement or nothing ties them.
fn tie(
    scorer: &Scorer,
    counts: &Counts,
    asked: &Asked<'_>,
    candidate: &Candidate,
    on_booking: Option<&HashSet<CustomerId>>,
) -> Option<(Tie, bool)> {
    let id = candidate.customer.id;
    let alone = on_booking.is_some_and(|all| all.len() == 1 && all.contains(&id));
    let out = contradicted(scorer, counts, asked, candidate);
    let mut best: Option<(Judged, &Mention, bool)> = None;
    for mention in candidate.mentions.iter().filter(|mention| !out.contains(&mention.home)) {
        if mention.record.is_none() && candidate.several {
            continue;
        }
        let (judged, name) = judge(scorer, counts, asked, mention);
        if judged.veto.is_some() {
            continue;
        }
        let by_booking = alone
            && name.is_some_and(|name| name <= NameMatch::Truncated)
            && asked.booking.zip(mention.booking).is_some_and(|(a, b)| a.is(b));
        let order = |judged: &Judged, by_booking: bool| {
            (judged.certain.is_some() || by_booking, judged.band, judged.bits)
        };
        let better = best
            .as_ref()
            .is_none_or(|(so_far, _, booked)| order(&judged, by_booking) > order(so_far, *booked));
        if better {
            best = Some((judged, mention, by_booking));
        }
    }
    let (judged, mention, by_booking) = best?;
    let certain = judged.certain.is_some() || by_booking;
    let band = if certain { Band::Link } else { judged.band };
    if band == Band::No {
        return None;
    }
    let rule = match judged.certain {
        Some(Certain::Member) => "member-no",
        Some(Certain::IdentityCard | Certain::Passport) => "document",
        None if by_booking => "booking",
        None => "weight",
    };
    let detail = detail_of(scorer, counts, asked.person, mention, rule);
    let bits = judged.bits;
    Some((Tie { customer: id, record: mention.record, rule, band, bits, detail }, certain))
}

/// The homes among a customer's records that contradict the statement. What people merged may
/// contradict itself: then the statement belongs to the part it agrees with, and a profile that was
/// made of several parts says nothing against it.
fn contradicted(
    scorer: &Scorer,
    counts: &Counts,
    asked: &Asked<'_>,
    candidate: &Candidate,
) -> HashSet<CustomerId> {
    let against = |mention: &&Mention| {
        if mention.record.is_none() && candidate.several {
            return false;
        }
        // Two lines of one list, on one booking, are two passengers.
        let parted = same_list(asked, mention)
            && asked.booking.zip(mention.booking).is_some_and(|(a, b)| a.is(b));
        parted || judge(scorer, counts, asked, mention).0.veto.is_some()
    };
    candidate.mentions.iter().filter(against).map(|mention| mention.home).collect()
}

fn judge(
    scorer: &Scorer,
    counts: &Counts,
    asked: &Asked<'_>,
    mention: &Mention,
) -> (Judged, Option<NameMatch>) {
    let again =
        asked.booking.zip(mention.booking).is_some_and(|(a, b)| a.hash == b.hash && !a.is(b));
    if again {
        // The same locator, years apart: no booking in common.
        let person = Person { bookings: Vec::new(), ..mention.person.clone() };
        return scorer.judge(counts, asked.person, &person);
    }
    scorer.judge(counts, asked.person, &mention.person)
}

/// The waterfall of a pair: codes and weights, no values.
pub(super) fn detail_of(
    scorer: &Scorer,
    counts: &Counts,
    person: &Person,
    mention: &Mention,
    rule: &'static str,
) -> Json {
    let evidence = scorer.score(counts, person, &mention.person);
    json!({"rule": rule, "evidence": evidence})
}
