//! From flown facts to postings: once, explained, and derived again when a fact is corrected.
//!
//! A segment has a key, and each statement about it a revision that counts up. What was derived from
//! the latest is kept (`loyalty_accrual`): repeats post nothing, corrections post the difference,
//! what comes late is ignored. A batch is read (`load`), derived in memory (`derive`) and written
//! (`write`); the ledger's transfers, what counts towards tiers, and the tiers that follow are
//! written in one transaction.

mod chain;
mod derive;
mod facts;
mod load;
mod measure;
mod write;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use access::Actor;
use chrono::{DateTime, NaiveDate, Utc};
use programme::Measure;
use programme::accrual::{Accrued, Fact, Origin};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use store::{Tx, sql};
use uuid::Uuid;

use crate::ledger::{TransferId, is_meanwhile, meanwhile};
use crate::{Error, Loyalty, MemberId, Result, permissions};

/// Facts in one transaction.
const CHUNK: usize = 1_000;
/// How often a chunk is tried that met another one.
const TRIES: usize = 5;
/// Longest key, in characters.
const KEY: usize = 160;
/// Where a row names the transfer that carries its arithmetic.
const WITH: &str = "with";

/// What is known of a segment, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlownFact {
    /// The segment's, whoever flew it: stays the same from revision to revision. 1–160 characters
    /// of ASCII without blanks, never personal.
    pub key: String,
    /// Counts up with what is known of the segment; a later one replaces an earlier one.
    pub revision: i64,
    /// Whose number is on it, once that is known.
    pub member: Option<MemberId>,
    /// `None`: there is no such segment after all.
    pub fact: Option<Fact>,
}

crate::ledger::words!(
    /// What became of a fact.
    Derived {
        /// It earned; what was posted before and differs was corrected.
        Earned = "earned",
        /// It earns nothing; the reason says why. What was posted before was taken back.
        Refused = "refused",
        /// It is nobody's yet.
        Nobody = "nobody",
        /// It was taken away.
        Withdrawn = "withdrawn",
        /// The ledger did not take it; nothing changed. Asked again it is tried again.
        Blocked = "blocked",
        /// The same was derived before.
        Unchanged = "unchanged",
        /// A later revision was derived before.
        Stale = "stale",
        /// The revision was said before, with another content. Nothing changed.
        Clash = "clash",
        /// The key is not one. Nothing changed.
        BadKey = "bad-key",
    }
);

/// What became of one fact of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What.
    pub derived: Derived,
    /// Why it earned nothing or was not taken: a code of `programme::accrual::Refusal`, of
    /// [`crate::ledger::Outcome`], or `member-not-found`, `no-version`, `programme-not-open`.
    pub reason: String,
    /// Transfers posted now.
    pub posted: Vec<TransferId>,
}

/// A transfer that stands for a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The transfer.
    pub transfer: TransferId,
    /// To whom.
    pub member: MemberId,
    /// In which unit.
    pub measure: Measure,
    /// What for.
    pub origin: Origin,
    /// What is left of it after corrections.
    pub amount: i64,
}

/// What was derived last from a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The segment's.
    pub key: String,
    /// Of the fact.
    pub revision: i64,
    /// Of the fact and whose it is.
    pub fingerprint: String,
    /// Whose.
    pub member: Option<MemberId>,
    /// Of which programme.
    pub programme: String,
    /// The version of its rules that was applied.
    pub version: Option<i64>,
    /// What became of it.
    pub derived: Derived,
    /// Why nothing.
    pub reason: String,
    /// When flown.
    pub flight_date: Option<NaiveDate>,
    /// When its first posting came into the account.
    pub since: Option<NaiveDate>,
    /// It was the member's first.
    pub is_first: bool,
    /// What stands for it.
    pub postings: Vec<Standing>,
    /// The arithmetic, or the reason; `None` when the rules were not asked.
    pub accrued: Option<Accrued>,
    /// The transfer that carries the arithmetic: it is kept once.
    pub told_by: Option<TransferId>,
    /// When derived.
    pub derived_at: DateTime<Utc>,
}

const KEPT: &str = "a.key, a.revision, a.fingerprint, a.member_id, a.programme, a.version, a.state,
    a.reason, a.flight_date, a.since, a.is_first, a.postings, a.accrued, a.derived_at";

#[derive(sqlx::FromRow)]
struct KeptRow {
    key: String,
    revision: i64,
    fingerprint: String,
    member_id: Option<Uuid>,
    programme: String,
    version: Option<i64>,
    state: String,
    reason: String,
    flight_date: Option<NaiveDate>,
    since: Option<NaiveDate>,
    is_first: bool,
    postings: Json<Vec<Standing>>,
    accrued: Json<serde_json::Value>,
    derived_at: DateTime<Utc>,
}

impl TryFrom<KeptRow> for Kept {
    type Error = Error;
    fn try_from(row: KeptRow) -> Result<Self> {
        let told_by = row.accrued.0.get(WITH).cloned().map(serde_json::from_value).transpose()?;
        let asked = told_by.is_none() && row.accrued.0.as_object().is_some_and(|it| !it.is_empty());
        Ok(Self {
            key: row.key,
            revision: row.revision,
            fingerprint: row.fingerprint,
            member: row.member_id.map(Into::into),
            programme: row.programme,
            version: row.version,
            derived: row.state.parse()?,
            reason: row.reason,
            flight_date: row.flight_date,
            since: row.since,
            is_first: row.is_first,
            postings: row.postings.0,
            accrued: asked.then(|| serde_json::from_value(row.accrued.0)).transpose()?,
            told_by,
            derived_at: row.derived_at,
        })
    }
}

/// Of what is said of a segment: the same words, the same print.
pub(crate) fn fingerprint(member: Option<MemberId>, fact: Option<&Fact>) -> Result<String> {
    let text = serde_json::to_vec(&(member, fact))?;
    Ok(Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Reasons for nothing that pass without the fact being told anew.
pub(crate) fn is_open(reason: &str) -> bool {
    matches!(reason, "member-not-found" | "no-version" | "programme-not-open")
}

impl FlownFact {
    fn fingerprint(&self) -> Result<String> {
        fingerprint(self.member, self.fact.as_ref())
    }

    fn has_key(&self) -> bool {
        (1..=KEY).contains(&self.key.len()) && self.key.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

impl Loyalty {
    /// Derives what facts earn and posts it: a thousand at a time, each with its answer, in order.
    /// Of several revisions of one segment the latest is derived. The tiers of the members that
    /// earned are decided as of today. Killed between, the rest is done by asking again.
    ///
    /// # Errors
    /// When the database fails: ask again.
    pub async fn accrue(&self, facts: Vec<FlownFact>) -> Result<Vec<Answer>> {
        let mut answers = Vec::with_capacity(facts.len());
        for chunk in facts.chunks(CHUNK) {
            answers.extend(self.accrue_chunk(chunk).await?);
        }
        Ok(answers)
    }

    async fn accrue_chunk(&self, facts: &[FlownFact]) -> Result<Vec<Answer>> {
        let mut tries = 1;
        loop {
            let mut tx = self.db().begin().await?;
            match self.accrue_in(&mut tx, facts).await {
                Ok(answers) => {
                    tx.commit().await?;
                    return Ok(answers);
                }
                Err(error) if tries < TRIES && matches!(error, Error::Meanwhile) => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// [`Loyalty::accrue`] in a transaction of the caller: true when that is committed.
    ///
    /// # Errors
    /// [`Error::Meanwhile`] when another batch derived one of the segments just now: drop the
    /// transaction and do it again.
    pub async fn accrue_in(&self, tx: &mut Tx, facts: &[FlownFact]) -> Result<Vec<Answer>> {
        self.derive_in(tx, facts)
            .await
            .map_err(|error| if is_meanwhile(&error) { meanwhile(error) } else { error })
    }

    async fn derive_in(&self, tx: &mut Tx, facts: &[FlownFact]) -> Result<Vec<Answer>> {
        let latest = latest(facts);
        let wanted: Vec<&FlownFact> = latest.values().map(|at| &facts[*at]).collect();
        let mut state = self.load_state(tx, &wanted).await?;
        // Flown first, first flight: and the same whatever the order of asking.
        let mut order: Vec<usize> = latest.values().copied().collect();
        order.sort_by_key(|at| {
            let one = &facts[*at];
            (one.fact.as_ref().map(|fact| fact.flight_date), one.key.clone())
        });
        let mut plans = Vec::with_capacity(order.len());
        for at in order {
            plans.push((at, state.derive(&facts[at])?));
        }
        let done = self.write_plans(tx, plans).await?;
        self.keep_facts(tx, facts, &done.answers).await?;
        let changed: BTreeSet<MemberId> = done.changed;
        self.evaluate_now(tx, &changed).await?;
        let nothing = |derived| Answer { derived, reason: String::new(), posted: Vec::new() };
        let mut answers = done.answers;
        let answers = facts.iter().enumerate().map(|(at, fact)| {
            if !fact.has_key() {
                return nothing(Derived::BadKey);
            }
            answers.remove(&at).unwrap_or_else(|| nothing(Derived::Stale))
        });
        Ok(answers.collect())
    }

    /// What was derived last from a segment, with the arithmetic or the reason for nothing: what a
    /// claim is explained by.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn accrual(&self, actor: &Actor, key: &str) -> Result<Kept> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let mut query = store::SqlBuilder::new("SELECT ");
        query.push(KEPT).push(" FROM loyalty_accrual a WHERE a.key = ").bind(key);
        let row: Option<KeptRow> = tx.maybe(query.build()).await?;
        let mut kept = row.ok_or(Error::NotFound("accrual"))?.try_into()?;
        load::arithmetic(&mut tx, std::iter::once(&mut kept)).await?;
        Ok(kept)
    }

    /// What was derived last from a member's segments, latest flights first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn accruals(&self, actor: &Actor, member: MemberId, n: i64) -> Result<Vec<Kept>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let keys: Vec<String> = tx
            .values(
                sql("SELECT key FROM loyalty_accrual WHERE member_id = $1
                     ORDER BY flight_date DESC NULLS LAST, key LIMIT $2")
                .bind(member.uuid())
                .bind(n.clamp(1, 1_000)),
            )
            .await?;
        let mut kept = load::kept(&mut tx, keys.iter().map(String::as_str), false).await?;
        load::arithmetic(&mut tx, kept.values_mut()).await?;
        Ok(keys.iter().filter_map(|key| kept.remove(key)).collect())
    }
}

/// The place of the latest revision of each key; of two the same the first.
fn latest(facts: &[FlownFact]) -> HashMap<&str, usize> {
    let mut latest: HashMap<&str, usize> = HashMap::new();
    for (at, fact) in facts.iter().enumerate().filter(|(_, fact)| fact.has_key()) {
        let known = latest.entry(&fact.key).or_insert(at);
        if facts[*known].revision < fact.revision {
            *known = at;
        }
    }
    latest
}
