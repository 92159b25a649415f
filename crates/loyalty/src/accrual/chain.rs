//! The transfers of a segment under way, and what they change beside the books.

use chrono::{DateTime, NaiveDate, Utc};
use programme::accrual::{Correction, Origin};
use programme::{Amounts, Measure};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::derive::Clawback;
use super::measure::amounts;
use super::{Kept, Standing};
use crate::MemberId;
use crate::ledger::{Step, Transfer, TransferId};

/// The transfers of a segment under way.
pub(super) struct Chain {
    pub key: String,
    pub revision: i64,
    pub standing: Vec<Standing>,
    pub transfers: Vec<Transfer>,
    pub clawbacks: Vec<Clawback>,
    /// What the rules say now; null when they were not asked.
    pub accrued: Value,
    /// Number and places of the flight; null when there is none.
    pub flight: Value,
}

impl Chain {
    /// Adds a transfer. The first of the chain carries the arithmetic of all, the others name it.
    pub fn put(
        &mut self,
        code: &str,
        at: DateTime<Utc>,
        step: Step,
        what: &Correction,
    ) -> TransferId {
        let id = id(&self.key, self.revision, self.transfers.len(), at);
        let mut said = json!({"measure": what.measure, "origin": what.origin,
            "revision": self.revision});
        match self.transfers.first() {
            Some(first) => said["with"] = json!(first.id),
            None => {
                let parts = [("accrued", &self.accrued), ("flight", &self.flight)];
                for (name, value) in parts.into_iter().filter(|(_, value)| !value.is_null()) {
                    said[name] = value.clone();
                }
            }
        }
        self.transfers.push(Transfer::new(id, code, at, step).because(&self.key, said));
        id
    }
}

/// The n-th transfer of a revision, whoever derives it: beside others of its day in the index.
fn id(key: &str, revision: i64, n: usize, at: DateTime<Utc>) -> TransferId {
    let hash = Sha256::digest(format!("accrual\n{key}\n{revision}\n{n}"));
    let mut noise = [0; 10];
    noise.iter_mut().zip(hash.iter()).for_each(|(to, from)| *to = *from);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &noise).into_uuid().into()
}

/// What changed towards tiers, by member and day of the flight.
pub(super) fn activity(before: Option<&Kept>, new: &Kept) -> Vec<(MemberId, NaiveDate, Amounts)> {
    let mut all: Vec<(MemberId, NaiveDate, Amounts)> = Vec::new();
    let mut add = |kept: &Kept, sign: i64| {
        let Some(day) = kept.flight_date else { return };
        for one in &kept.postings {
            let worth = amounts(std::iter::once(one)).times(sign);
            match all.iter_mut().find(|(member, on, _)| (*member, *on) == (one.member, day)) {
                Some((_, _, sum)) => *sum += worth,
                None => all.push((one.member, day, worth)),
            }
        }
    };
    if let Some(kept) = before {
        add(kept, -1);
    }
    add(new, 1);
    all.retain(|(_, _, sum)| *sum != Amounts::ZERO);
    all
}

/// What changed of the miles from promotions, to each member and to everybody.
pub(super) fn uses(before: Option<&Kept>, new: &Kept) -> Vec<((String, String, Uuid), i64)> {
    let mut all: Vec<((String, String, Uuid), i64)> = Vec::new();
    let mut add = |kept: &Kept, sign: i64| {
        for one in kept.postings.iter().filter(|one| one.measure == Measure::Redeemable) {
            let Origin::Promotion(row) = &one.origin else { continue };
            for to in [one.member.uuid(), Uuid::nil()] {
                let place = (kept.programme.clone(), row.to_string(), to);
                let change = sign * one.amount;
                match all.iter_mut().find(|(known, _)| *known == place) {
                    Some((_, sum)) => *sum += change,
                    None => all.push((place, change)),
                }
            }
        }
    };
    if let Some(kept) = before {
        add(kept, -1);
    }
    add(new, 1);
    all.retain(|(_, sum)| *sum != 0);
    all
}
