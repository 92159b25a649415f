//! The rule time machine: what a version would have made of the whole base.
//!
//! The facts that members flew in a span are kept (`loyalty_fact`). A replay reads them page by page
//! (`read`), asks both versions what they come to for each member (`tally`), and keeps the sums. The
//! job goes on from its last page when it was killed; memory holds two pages and the sums.

pub(crate) mod pack;
mod read;
mod tally;

#[cfg(test)]
mod speed;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use access::{Actor, Details, Target};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Outcome, Period};
use programme::{Engine, Programme};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::types::Json;
use store::jobs::{self, Job, JobCtx, JobError, New};
use store::{Tx, sql};
use uuid::Uuid;

pub use tally::{Minding, NAMED, Pair, Subject, Tally, cost};

use crate::jobs::REPLAY_JOB;
use crate::programmes::{VersionId, VersionState};
use crate::{Error, Loyalty, Result, permissions};

/// Members in one page; few in tests, so that there are several.
const PAGE: i64 = if cfg!(test) { 5 } else { 10_000 };
/// Longest span, in days: ten years.
const MOST_DAYS: i64 = 3_660;
/// Dearest thousand miles, in minor units.
const MOST_COST: i64 = 100_000_000;

kernel::typed_id!(
    /// A comparison of two versions over the base.
    ReplayId, "replay"
);

/// What is to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The version members are used to.
    pub before: VersionId,
    /// The version that would be.
    pub after: VersionId,
    /// Days of the flights.
    pub span: Period,
    /// What a thousand miles cost, in minor units of the programme's currency.
    pub minor_per_thousand: i64,
}

/// A comparison.
#[derive(Clone, Debug)]
pub struct Replay {
    /// Identity, that of its job as well.
    pub id: ReplayId,
    /// Code of the programme.
    pub programme: String,
    /// The two versions and their numbers.
    pub versions: [(VersionId, i64); 2],
    /// Days of the flights.
    pub span: Period,
    /// What a thousand miles cost, in minor units.
    pub minor_per_thousand: i64,
    /// Who asked.
    pub owner: Uuid,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was done.
    pub finished_at: Option<DateTime<Utc>>,
    /// What came out.
    pub tally: Option<Tally>,
    hashes: [String; 2],
}

/// Somebody among those who will mind, as shown.
#[derive(Clone, Debug)]
pub struct Named {
    /// What it comes to.
    pub minding: Minding,
    /// The number; empty when the person was forgotten.
    pub number: String,
    /// Whose.
    pub name: Option<kernel::names::PersonName>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    programme: String,
    before_id: Uuid,
    before_version: i64,
    before_hash: String,
    after_id: Uuid,
    after_version: i64,
    after_hash: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    minor_per_thousand: i64,
    owner: Uuid,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    result: Json<Value>,
}

impl TryFrom<Row> for Replay {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let done = row.finished_at.is_some();
        Ok(Self {
            id: row.id.into(),
            programme: row.programme,
            versions: [
                (row.before_id.into(), row.before_version),
                (row.after_id.into(), row.after_version),
            ],
            span: Period { from: row.starts_on, to: row.ends_on },
            minor_per_thousand: row.minor_per_thousand,
            owner: row.owner,
            created_at: row.created_at,
            finished_at: row.finished_at,
            tally: done.then(|| serde_json::from_value(row.result.0)).transpose()?,
            hashes: [row.before_hash, row.after_hash],
        })
    }
}

const REPLAY: &str = "SELECT id, programme, before_id, before_version, before_hash, after_id,
    after_version, after_hash, starts_on, ends_on, minor_per_thousand, owner, created_at,
    finished_at, result FROM loyalty_replay WHERE ";

async fn load(tx: &mut Tx, id: ReplayId) -> Result<Replay> {
    let mut query = store::SqlBuilder::new(REPLAY);
    query.push("id = ").bind(id.uuid());
    let row: Option<Row> = tx.maybe(query.build()).await?;
    row.ok_or(Error::NotFound("replay"))?.try_into()
}

/// How far a job is.
#[derive(Debug, Serialize, Deserialize)]
struct Reached {
    after: Uuid,
    tally: Tally,
}

impl Asked {
    fn check(&self) -> Result<()> {
        if self.span.to < self.span.from || self.span.days() > MOST_DAYS {
            return Err(Error::invalid("to", "loyalty-replay-span"));
        }
        if !(0..=MOST_COST).contains(&self.minor_per_thousand) {
            return Err(Error::invalid("cost", "loyalty-replay-cost"));
        }
        Ok(())
    }
}

impl Loyalty {
    /// Asks for a comparison: a job. While the same is under way it is
    /// [`Outcome::AlreadyDone`] with that one.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Invalid`] naming `to`, `cost` or `after`
    /// (of another programme); [`Error::Contradictory`] when a version's rules do not fit.
    pub async fn start_replay(&self, actor: &Actor, asked: &Asked) -> Result<Outcome<ReplayId>> {
        actor.may(permissions::PROGRAMME)?;
        asked.check()?;
        let (before, _) = self.replayed_version(asked.before).await?;
        let (after, _) = self.replayed_version(asked.after).await?;
        if before.programme != after.programme {
            return Err(Error::invalid("after", "loyalty-replay-programme"));
        }
        let now = self.now();
        let key = format!(
            "{REPLAY_JOB}:{}:{}:{}:{}:{}",
            before.hash, after.hash, asked.span.from, asked.span.to, asked.minor_per_thousand
        );
        let mut tx = self.db().begin().await?;
        let job = New::now(REPLAY_JOB, json!({}), now).key(key).owner(actor.id);
        let id = jobs::enqueue(&mut tx, job, now).await?;
        let first = tx
            .exec(
                sql("INSERT INTO loyalty_replay (id, programme, before_id, before_version,
                        before_hash, after_id, after_version, after_hash, starts_on, ends_on,
                        minor_per_thousand, owner, created_at, result)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                     ON CONFLICT (id) DO NOTHING")
                .bind(id)
                .bind(&before.programme)
                .bind(before.id.uuid())
                .bind(before.version)
                .bind(&before.hash)
                .bind(after.id.uuid())
                .bind(after.version)
                .bind(&after.hash)
                .bind(asked.span.from)
                .bind(asked.span.to)
                .bind(asked.minor_per_thousand)
                .bind(actor.id)
                .bind(now)
                .bind(json!({})),
            )
            .await?
            == 1;
        tx.commit().await?;
        let id = ReplayId::from(id);
        Ok(if first { Outcome::Done(id) } else { Outcome::AlreadyDone(id) })
    }

    async fn replayed_version(
        &self,
        id: VersionId,
    ) -> Result<(crate::programmes::Version, Arc<Engine>)> {
        let mut tx = self.db().read().await?;
        let (version, text) = crate::programmes::read_version(&mut tx, id).await?;
        if version.state == VersionState::Approved {
            return Ok((version, self.engine(&mut tx, id).await?));
        }
        let engine = Arc::new(Engine::new(Programme::from_toml(&text)?)?);
        Ok((version, engine))
    }

    /// A comparison and its job, which the sweep of old jobs may have taken away.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn replay(&self, actor: &Actor, id: ReplayId) -> Result<(Replay, Option<Job>)> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let replay = load(&mut tx, id).await?;
        let job = jobs::get(&mut tx, id.uuid()).await?;
        Ok((replay, job))
    }

    /// The newest comparisons of a programme, at most a hundred.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn replays(
        &self,
        actor: &Actor,
        programme: &str,
    ) -> Result<Vec<(Replay, Option<Job>)>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let mut query = store::SqlBuilder::new(REPLAY);
        query.push("programme = ").bind(programme).push(" ORDER BY created_at DESC LIMIT 100");
        let rows: Vec<Row> = tx.all(query.build()).await?;
        let mut replays = Vec::with_capacity(rows.len());
        for row in rows {
            let job = jobs::get(&mut tx, row.id).await?;
            replays.push((Replay::try_from(row)?, job));
        }
        Ok(replays)
    }

    /// Asks a comparison to stop. Returns whether there was something to stop.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn stop_replay(&self, actor: &Actor, id: ReplayId) -> Result<bool> {
        actor.may(permissions::PROGRAMME)?;
        let mut tx = self.db().begin().await?;
        load(&mut tx, id).await?;
        let stopped = jobs::cancel(&mut tx, id.uuid(), self.now()).await?;
        tx.commit().await?;
        Ok(stopped)
    }

    /// Those who will mind most, with number and name as they are now. Handing them out as a file
    /// is written down.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn minding(
        &self,
        actor: &Actor,
        replay: &Replay,
        as_file: bool,
    ) -> Result<Vec<Named>> {
        actor.may(permissions::READ)?;
        let minding = replay.tally.as_ref().map_or(&[][..], |tally| tally.minding.as_slice());
        let mut tx = self.db().begin().await?;
        if as_file {
            let target = Target::new(ReplayId::KIND, replay.id);
            let details = Details::new().code("programme", &replay.programme);
            self.access()
                .record(&mut tx, actor, "loyalty.replay-exported", &target, details)
                .await?;
        }
        let rows = minding.iter().map(|one| vec![one.member.into()]).collect::<Vec<_>>();
        let found: Vec<(Uuid, String, Option<Uuid>)> = if rows.is_empty() {
            Vec::new()
        } else {
            tx.with_rows_all(
                &[store::Col::uuid("id")],
                rows,
                "SELECT m.id, m.member_no, m.customer_id FROM input
                 JOIN loyalty_member m ON m.id = input.id WHERE m.forgotten_at IS NULL",
            )
            .await?
        };
        let ids: Vec<customers::CustomerId> =
            found.iter().filter_map(|(.., customer)| customer.map(Into::into)).collect();
        let names = self.customers().names(&mut tx, &ids).await?;
        tx.commit().await?;
        let named = minding.iter().map(|one| {
            let found = found.iter().find(|(id, ..)| *id == one.member);
            let customer = found.and_then(|(.., customer)| *customer);
            Named {
                minding: one.clone(),
                number: found.map(|(_, number, _)| number.clone()).unwrap_or_default(),
                name: customer.and_then(|id| names.get(&id.into()).cloned()),
            }
        });
        Ok(named.collect())
    }

    pub(crate) async fn run_replay(&self, job: JobCtx) -> Result<Value, JobError> {
        let said = JobError::from_explain;
        let id = ReplayId::from(job.id);
        let replay = {
            let mut tx = self.db().read().await?;
            load(&mut tx, id).await.map_err(said)?
        };
        let href = json!({"href": format!("/programmes/{}/time-machine/{id}", replay.programme)});
        if replay.tally.is_some() {
            return Ok(href);
        }
        let mut engines = Vec::new();
        for ((version, _), hash) in replay.versions.iter().zip(&replay.hashes) {
            let (now, engine) = self.replayed_version(*version).await.map_err(said)?;
            if now.hash != *hash {
                return Err(said(Error::Refused("loyalty-replay-changed")));
            }
            engines.push(engine);
        }
        let [before, after] =
            <[Arc<Engine>; 2]>::try_from(engines).map_err(|_| said(Error::NotFound("version")))?;
        let pair = Arc::new(Pair::new([before, after], replay.span));
        let tally = self.replay_pages(&job, &replay, pair).await?;
        let mut tx = self.db().begin().await?;
        let result = serde_json::to_value(&tally).map_err(store::Error::from)?;
        let statement = "UPDATE loyalty_replay SET result = $2, finished_at = $3 WHERE id = $1";
        tx.exec(sql(statement).bind(job.id).bind(result).bind(self.now())).await?;
        tx.commit().await?;
        Ok(href)
    }

    /// Page after page; the next is read while all processors ask about this one.
    async fn replay_pages(
        &self,
        job: &JobCtx,
        replay: &Replay,
        pair: Arc<Pair>,
    ) -> Result<Tally, JobError> {
        let said = JobError::from_explain;
        let name = replay.programme.as_str();
        let total = self.count_subjects(name).await.map_err(said)?;
        let merged = self.merged(name).await.map_err(said)?;
        let begin = Reached { after: Uuid::nil(), tally: Tally::new(&pair) };
        let mut at = job.last_checkpoint::<Reached>().await?.unwrap_or(begin);
        let span = replay.span;
        let read = |after| self.read_subjects(name, after, span, &merged, PAGE);
        let mut page = read(at.after).await.map_err(said)?;
        while let Some(last) = page.last().map(read::Raw::id) {
            let shared = pair.clone();
            let asking = tokio::task::spawn_blocking(move || compare(&shared, page));
            page = read(last).await.map_err(said)?;
            let more = asking.await.map_err(|_| said(Error::Refused("loyalty-replay-broken")))?;
            at = Reached { after: last, tally: at.tally.and(more) };
            job.checkpoint(&at).await?;
            job.progress(at.tally.members, Some(total), "loyalty-phase-replay").await?;
        }
        Ok(at.tally)
    }
}

fn compare(pair: &Pair, page: Vec<read::Raw>) -> Tally {
    let none = || Tally::new(pair);
    let one = |raw: read::Raw| pair.compare(&raw.read());
    page.into_par_iter().fold(none, |sum, raw| sum.and(one(raw))).reduce(none, Tally::and)
}
