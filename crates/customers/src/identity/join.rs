//! Joins what the machine is sure of: customers whose records link, none contradicting, whom nobody
//! told apart and who do not both have a member number of their own.

use access::Actor;
use chrono::{DateTime, Utc};
use serde_json::json;
use store::jobs::{self, JobCtx, JobError};
use store::{Tx, sql};
use uuid::Uuid;

use super::known::{self, Mention};
use super::merge::current;
use super::review::{self, Review};
use super::tables;
use crate::model::CustomerId;
use crate::profile::load;
use crate::{Customers, Error, Result};

/// Job that joins pairs found while placing.
pub const JOB: &str = "identity.join";
/// Pairs per transaction.
const CHUNK: i64 = 20;
/// Records of a customer that are held against those of another.
const MOST_RECORDS: i64 = 150;

/// What became of a pair.
enum Verdict {
    Joined(Uuid),
    Already,
    Apart,
    ForPeople,
}

/// Starts the job, once.
pub(super) async fn enqueue(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    jobs::enqueue(tx, jobs::New::now(JOB, json!({}), now).key(JOB), now).await?;
    Ok(())
}

impl Customers {
    /// Joins all pairs that wait for the machine. Returns how many it joined.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn join_pairs(&self) -> Result<u64> {
        let actor = Actor::system(JOB);
        let mut joined = 0;
        loop {
            let mut tx = self.db().begin().await?;
            let pairs = review::to_join(&mut tx, CHUNK).await?;
            if pairs.is_empty() {
                return Ok(joined);
            }
            for pair in pairs {
                let verdict = self.join_one(&mut tx, &actor, &pair).await?;
                joined += u64::from(matches!(verdict, Verdict::Joined(_)));
                settle(&mut tx, self.now(), &pair, verdict).await?;
            }
            tx.commit().await?;
        }
    }

    async fn join_one(&self, tx: &mut Tx, actor: &Actor, pair: &Review) -> Result<Verdict> {
        let one = current(tx, pair.one_id.into()).await?;
        let other = current(tx, pair.other_id.into()).await?;
        if one == other {
            return Ok(Verdict::Already);
        }
        if review::are_apart(tx, one, other).await? {
            return Ok(Verdict::Apart);
        }
        let (a, b) = (load(tx, one).await?, load(tx, other).await?);
        let numbers = !a.profile.member_no.is_empty() && !b.profile.member_no.is_empty();
        if numbers || a.trashed_at.is_some() || b.trashed_at.is_some() {
            return Ok(Verdict::ForPeople);
        }
        let mine = self.newest(tx, one).await?;
        let yours = self.newest(tx, other).await?;
        let everybody = self.everybody(tx).await?;
        let people: Vec<_> = mine.iter().chain(&yours).map(|mention| &mention.person).collect();
        let counts = tables::counts(tx, everybody, &people).await?;
        let scorer = self.scorer(tx, everybody).await?;
        let contradicts = |x: &Mention| {
            yours.iter().any(|y| scorer.judge(&counts, &x.person, &y.person).0.veto.is_some())
        };
        if mine.iter().any(contradicts) {
            return Ok(Verdict::ForPeople);
        }
        match self.merge_in(tx, actor, one, other).await {
            Ok(merged) => Ok(match merged.into_inner() {
                (Some(event), _) => Verdict::Joined(event),
                (None, _) => Verdict::Already,
            }),
            Err(Error::InTrash) => Ok(Verdict::ForPeople),
            Err(error) => Err(error),
        }
    }

    /// The newest records of a customer, ready to compare.
    async fn newest(&self, tx: &mut Tx, id: CustomerId) -> Result<Vec<Mention>> {
        let records: Vec<Uuid> = tx
            .values(
                sql("SELECT source_record_id FROM customer_link
                     WHERE customer_id = $1 AND unlinked_at IS NULL
                     ORDER BY source_record_id DESC LIMIT $2")
                .bind(id.uuid())
                .bind(MOST_RECORDS),
            )
            .await?;
        let own = |programme: &str, number: &str| self.is_own(programme, number);
        let rows = records.into_iter().map(|id| vec![id.into()]).collect();
        Ok(known::mentions(tx, &own, rows).await?)
    }

    pub(crate) async fn run_join(&self, job: JobCtx) -> Result<serde_json::Value, JobError> {
        let joined = self.join_pairs().await.map_err(JobError::from_explain)?;
        job.progress(joined, None, "").await?;
        Ok(json!({"joined": joined}))
    }
}

async fn settle(tx: &mut Tx, now: DateTime<Utc>, pair: &Review, verdict: Verdict) -> Result<()> {
    let (status, band, event) = match verdict {
        Verdict::Joined(event) => ("joined", "link", Some(event)),
        Verdict::Already => ("joined", "link", None),
        Verdict::Apart => ("different", "link", None),
        Verdict::ForPeople => ("open", "review", None),
    };
    let decided = (status != "open").then_some(now);
    tx.exec(
        sql("UPDATE identity_review SET status = $2, band = $3, event_id = $4, decided_at = $5
             WHERE id = $1")
        .bind(pair.id)
        .bind(status)
        .bind(band)
        .bind(event)
        .bind(decided),
    )
    .await?;
    Ok(())
}
