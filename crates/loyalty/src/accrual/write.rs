//! Writing what a batch of facts came to: transfers first, then what rests on their being taken.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::json;
use store::{Col, Tx, Value};
use uuid::Uuid;

use super::derive::{Change, Plan};
use super::{Answer, Derived, Kept};
use crate::ledger::{Outcome, Transfer};
use crate::{Loyalty, MemberId, Result};

/// What a batch came to.
pub(super) struct Done {
    /// By place in the batch.
    pub answers: HashMap<usize, Answer>,
    /// Whose account of what counts towards tiers changed.
    pub changed: BTreeSet<MemberId>,
}

const KEPT: &[Col] = &[
    Col::text("key"),
    Col::i64("revision"),
    Col::text("fingerprint"),
    Col::uuid("member_id"),
    Col::text("programme"),
    Col::i64("version"),
    Col::text("state"),
    Col::text("reason"),
    Col::date("flight_date"),
    Col::date("since"),
    Col::bool("is_first"),
    Col::json("postings"),
    Col::json("accrued"),
    Col::time("derived_at"),
];

const ACTIVITY: &[Col] = &[
    Col::uuid("id"),
    Col::uuid("member_id"),
    Col::text("key"),
    Col::date("flown_on"),
    Col::date("posted_on"),
    Col::i64("distance"),
    Col::i64("segments"),
    Col::i64("spend"),
    Col::i64("lifetime"),
];

const USES: &[Col] =
    &[Col::text("programme"), Col::text("promotion"), Col::uuid("member_id"), Col::i64("miles")];

const CLAWBACKS: &[Col] = &[
    Col::uuid("id"),
    Col::uuid("member_id"),
    Col::text("key"),
    Col::i64("revision"),
    Col::text("policy"),
    Col::i64("miles"),
    Col::i64("minor"),
    Col::time("at"),
];

/// Rows to be written, by table.
#[derive(Default)]
struct Rows {
    new: Vec<Vec<Value>>,
    again: Vec<Vec<Value>>,
    activity: Vec<Vec<Value>>,
    uses: BTreeMap<(String, String, Uuid), i64>,
    clawbacks: Vec<Vec<Value>>,
}

impl Loyalty {
    /// Posts and writes. A fact whose transfers the ledger refuses is kept as blocked, and what was
    /// derived before stands.
    pub(super) async fn write_plans(&self, tx: &mut Tx, plans: Vec<(usize, Plan)>) -> Result<Done> {
        let mut answers = HashMap::with_capacity(plans.len());
        let mut changes: Vec<(usize, Change)> = Vec::with_capacity(plans.len());
        for (at, plan) in plans {
            match plan {
                Plan::Change(change) => changes.push((at, *change)),
                Plan::Quiet(derived) => {
                    answers.insert(at, answer(derived));
                }
            }
        }
        let transfers: Vec<Transfer> =
            changes.iter().flat_map(|(_, change)| change.transfers.iter().cloned()).collect();
        let outcomes = if transfers.is_empty() {
            Vec::new()
        } else {
            self.ledger().post_in(tx, &transfers).await?
        };
        let mut rest = outcomes.as_slice();
        let (mut rows, mut changed) = (Rows::default(), BTreeSet::new());
        for (at, change) in changes {
            let (own, after) = rest.split_at(change.transfers.len().min(rest.len()));
            rest = after;
            let refused = own
                .iter()
                .find(|outcome| !outcome.is_posted() && **outcome != Outcome::ChainBroken);
            answers.insert(at, self.settle(change, refused.copied(), &mut rows, &mut changed));
        }
        write(tx, rows).await?;
        Ok(Done { answers, changed })
    }

    fn settle(
        &self,
        change: Change,
        refused: Option<Outcome>,
        rows: &mut Rows,
        changed: &mut BTreeSet<MemberId>,
    ) -> Answer {
        let known = change.before.is_some();
        let mut kept = |row: &Kept| {
            let to = if known { &mut rows.again } else { &mut rows.new };
            to.push(kept_row(row));
        };
        if let Some(outcome) = refused {
            let row = blocked(change, outcome);
            kept(&row);
            return Answer { reason: row.reason, ..answer(Derived::Blocked) };
        }
        kept(&change.new);
        let key = &change.new.key;
        for (member, flown_on, sum) in &change.activity {
            changed.insert(*member);
            rows.activity.push(vec![
                kernel::ids::v7(self.now()).into(),
                member.uuid().into(),
                key.into(),
                (*flown_on).into(),
                self.today().into(),
                sum.distance.into(),
                sum.segments.into(),
                sum.spend.into(),
                sum.lifetime.into(),
            ]);
        }
        for (place, more) in change.uses {
            *rows.uses.entry(place).or_insert(0) += more;
        }
        for back in &change.clawbacks {
            rows.clawbacks.push(vec![
                kernel::ids::v7(self.now()).into(),
                back.member.uuid().into(),
                key.into(),
                change.new.revision.into(),
                word(back.policy).into(),
                back.miles.into(),
                back.minor.into(),
                self.now().into(),
            ]);
        }
        let posted = change.transfers.iter().map(|transfer| transfer.id).collect();
        let (derived, reason) = (change.new.derived, change.new.reason);
        let repeat = change.before.is_some_and(|kept| {
            kept.fingerprint == change.new.fingerprint && kept.derived == derived
        });
        let derived = if repeat { Derived::Unchanged } else { derived };
        Answer { derived, reason, posted }
    }
}

fn answer(derived: Derived) -> Answer {
    Answer { derived, reason: String::new(), posted: Vec::new() }
}

/// What stood before stands, under the new revision: asked again it is tried again.
fn blocked(change: Change, outcome: Outcome) -> Kept {
    let Change { new, before, .. } = change;
    let reason = outcome.as_str().to_owned();
    let (revision, fingerprint) = (new.revision, new.fingerprint.clone());
    let nothing = Kept { postings: Vec::new(), is_first: false, told_by: None, ..new };
    let stood = before.unwrap_or(nothing);
    Kept { revision, fingerprint, derived: Derived::Blocked, reason, ..stood }
}

fn word(policy: programme::document::NegativeBalance) -> &'static str {
    use programme::document::NegativeBalance::{Carried, Invoiced, WrittenOff};
    match policy {
        Carried => "carried",
        WrittenOff => "written-off",
        Invoiced => "invoiced",
    }
}

fn arithmetic(kept: &Kept) -> serde_json::Value {
    match (kept.told_by, &kept.accrued) {
        (Some(transfer), _) => json!({super::WITH: transfer}),
        (None, Some(accrued)) => json!(accrued),
        (None, None) => json!({}),
    }
}

fn kept_row(kept: &Kept) -> Vec<Value> {
    vec![
        (&kept.key).into(),
        kept.revision.into(),
        (&kept.fingerprint).into(),
        kept.member.map(Uuid::from).into(),
        (&kept.programme).into(),
        kept.version.into(),
        kept.derived.as_str().into(),
        (&kept.reason).into(),
        kept.flight_date.into(),
        kept.since.into(),
        kept.is_first.into(),
        json!(kept.postings).into(),
        arithmetic(kept).into(),
        kept.derived_at.into(),
    ]
}

async fn write(tx: &mut Tx, rows: Rows) -> Result<()> {
    if !rows.new.is_empty() {
        // Without a conflict clause: whoever derived the segment meanwhile is noticed.
        tx.bulk("loyalty_accrual", KEPT, rows.new, "").await?;
    }
    if !rows.again.is_empty() {
        tx.with_rows(
            KEPT,
            rows.again,
            "UPDATE loyalty_accrual SET revision = input.revision,
                fingerprint = input.fingerprint, member_id = input.member_id,
                programme = input.programme, version = input.version, state = input.state,
                reason = input.reason, flight_date = input.flight_date, since = input.since,
                is_first = input.is_first, postings = input.postings, accrued = input.accrued,
                derived_at = input.derived_at
             FROM input WHERE loyalty_accrual.key = input.key",
        )
        .await?;
    }
    if !rows.activity.is_empty() {
        tx.bulk("loyalty_activity", ACTIVITY, rows.activity, "").await?;
    }
    if !rows.uses.is_empty() {
        let uses = rows.uses.into_iter();
        let uses = uses.map(|((programme, row, member), miles)| {
            vec![programme.into(), row.into(), member.into(), miles.into()]
        });
        tx.bulk(
            "loyalty_promotion_use",
            USES,
            uses.collect(),
            "ON CONFLICT (programme, promotion, member_id)
             DO UPDATE SET miles = loyalty_promotion_use.miles + excluded.miles",
        )
        .await?;
    }
    if !rows.clawbacks.is_empty() {
        tx.bulk("loyalty_clawback", CLAWBACKS, rows.clawbacks, "").await?;
    }
    Ok(())
}
