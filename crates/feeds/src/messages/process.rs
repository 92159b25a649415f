//! What is kept is applied: in order for each flight, side by side for several.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use serde::Serialize;
use store::{Engine, sql};
use uuid::Uuid;

use super::apply::Applied;
use super::model::Status;
use super::store as rows;
use crate::{Feeds, Result};

/// Messages known at a time; their texts are loaded one by one.
const PAGE: i64 = 400;
/// Flights worked on side by side where the engine has more than one writer.
const LANES: usize = 6;
/// How long one transaction of several messages may take where there is one writer: others wait.
const TOGETHER: Duration = Duration::from_millis(150);
/// Messages of such a transaction at most.
const GROUP: usize = 40;

/// What a run has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Processed {
    /// Messages settled.
    pub messages: u64,
    /// Of them, applied.
    pub applied: u64,
    /// Of them, quarantined.
    pub quarantined: u64,
    /// Of them, kept only.
    pub ignored: u64,
    /// Passengers, coupons and legs read.
    pub read: u64,
    /// Facts made or changed.
    pub changed: u64,
}

impl Processed {
    fn add(&mut self, one: Applied) {
        let Some(status) = one.status else { return };
        self.messages += 1;
        match status {
            Status::Applied => self.applied += 1,
            Status::Quarantined => self.quarantined += 1,
            _ => self.ignored += 1,
        }
        self.read += one.read;
        self.changed += one.changed;
    }
}

/// What is still to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Messages whose turn comes.
    pub waiting: u64,
    /// Parts whose siblings are not here yet.
    pub buffered: u64,
}

/// What became of messages since a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// Messages applied.
    pub applied: u64,
    /// Messages kept only.
    pub ignored: u64,
    /// Messages put aside.
    pub quarantined: u64,
    /// Passengers, coupons and legs read.
    pub read: u64,
    /// Facts made or changed.
    pub changed: u64,
    /// Why messages were put aside, most frequent first.
    pub reasons: Vec<(String, u64)>,
}

/// What the lanes of a page have in common.
struct Turn {
    suspects: Arc<HashSet<Uuid>>,
    /// Messages tried in one transaction at most.
    group: usize,
    sum: Arc<Mutex<Processed>>,
}

/// Hears how far a run is; an error of it stops the run between two messages.
pub type Told = Arc<dyn Fn(Processed) -> BoxFuture<'static, Result<()>> + Send + Sync>;

impl Feeds {
    /// Applies what is there and returns. One process at a time does this: see the job.
    ///
    /// # Errors
    /// The database does not answer, or `told` said to stop. What was applied stays; the rest goes
    /// on next time.
    pub async fn process(&self, told: &Told) -> Result<Processed> {
        let mut done = Processed::default();
        loop {
            while self.assemble().await? {}
            let mut tx = self.db().read().await?;
            let page = rows::next(&mut tx, PAGE).await?;
            drop(tx);
            if page.is_empty() {
                return Ok(done);
            }
            let before = done.messages;
            self.process_page(page, &mut done, told).await?;
            if done.messages == before {
                // Somebody else settles them: nothing is left for this process.
                return Ok(done);
            }
        }
    }

    async fn process_page(
        &self,
        page: Vec<(Uuid, String)>,
        done: &mut Processed,
        told: &Told,
    ) -> Result<()> {
        let ids: Vec<Uuid> = page.iter().map(|(id, _)| *id).collect();
        // Those on which a process may have died are tried one by one, with nothing beside them.
        let suspects = Arc::new(self.begin_page(&ids).await?);
        let mut lanes: Vec<Vec<Uuid>> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (id, lane) in page {
            let at = *known.entry(lane).or_insert(lanes.len());
            match lanes.get_mut(at) {
                Some(lane) => lane.push(id),
                None => lanes.push(vec![id]),
            }
        }
        let (at_once, group) = match self.db().engine() {
            _ if !suspects.is_empty() => (1, 1),
            Engine::Postgres => (LANES, 1),
            Engine::Sqlite => (1, GROUP),
        };
        if group > 1 {
            lanes = vec![lanes.concat()];
        }
        let sum = Arc::new(Mutex::new(*done));
        let work: Vec<BoxFuture<'static, Result<()>>> = lanes
            .into_iter()
            .map(|ids| {
                let turn = Turn { suspects: suspects.clone(), group, sum: sum.clone() };
                self.clone().lane(ids, turn, told.clone()).boxed()
            })
            .collect();
        // A lane is told of within its own turn: no other one stands still meanwhile with its
        // transaction open.
        let mut all = futures::stream::iter(work).buffer_unordered(at_once);
        let mut ended = Ok(());
        while let Some(lane) = all.next().await {
            if lane.is_err() {
                ended = lane;
                break;
            }
        }
        drop(all);
        *done = *sum.lock().unwrap_or_else(PoisonError::into_inner);
        if ended.is_err() {
            // Where this fails too, they are only tried one by one next time.
            self.leave_page(&ids).await.ok();
        }
        ended
    }

    async fn lane(self, ids: Vec<Uuid>, turn: Turn, told: Told) -> Result<()> {
        let mut left = ids.as_slice();
        let mut singly = 0;
        while let Some((first, _)) = left.split_first() {
            let several = left.get(..turn.group.min(left.len())).unwrap_or(left);
            let together = match several.len() {
                0 | 1 => Err(1),
                _ if singly > 0 => Err(singly),
                _ => self.apply_together(several, TOGETHER).await,
            };
            let applied = match together {
                Ok(applied) => applied,
                Err(so_many) => {
                    singly = so_many - 1;
                    vec![match turn.suspects.contains(first) {
                        true => self.apply_alone(*first).await?,
                        false => self.apply(*first).await?,
                    }]
                }
            };
            left = left.get(applied.len()..).unwrap_or_default();
            let so_far = {
                let mut sum = turn.sum.lock().unwrap_or_else(PoisonError::into_inner);
                applied.into_iter().for_each(|one| sum.add(one));
                *sum
            };
            told(so_far).await?;
        }
        Ok(())
    }

    /// What became of messages settled at `since` or later.
    ///
    /// # Errors
    /// The database failed.
    pub async fn settled_since(&self, since: DateTime<Utc>) -> Result<Settled> {
        let mut tx = self.db().read().await?;
        let counted: Vec<(String, Option<String>, i64, i64, i64)> = tx
            .all(
                sql("SELECT status, reason, COUNT(*), CAST(SUM(facts_read) AS BIGINT),
                        CAST(SUM(facts_changed) AS BIGINT)
                     FROM feed_message WHERE settled_at >= $1
                     GROUP BY status, reason ORDER BY 3 DESC, reason NULLS FIRST")
                .bind(since),
            )
            .await?;
        let mut settled = Settled::default();
        for (status, reason, n, read, changed) in counted {
            let n = u64::try_from(n).unwrap_or(0);
            settled.read += u64::try_from(read).unwrap_or(0);
            settled.changed += u64::try_from(changed).unwrap_or(0);
            match Status::parse(&status) {
                Some(Status::Applied) => settled.applied += n,
                Some(Status::Ignored) => settled.ignored += n,
                Some(Status::Quarantined) => {
                    settled.quarantined += n;
                    settled.reasons.push((reason.unwrap_or_default(), n));
                }
                _ => {}
            }
        }
        Ok(settled)
    }

    /// How much is still to be done.
    ///
    /// # Errors
    /// The database failed.
    pub async fn waiting(&self) -> Result<Waiting> {
        let mut tx = self.db().read().await?;
        let counted: Vec<(String, i64)> = tx
            .all(sql("SELECT status, COUNT(*) FROM feed_message
                      WHERE status IN ('waiting', 'buffered') GROUP BY status"))
            .await?;
        let of = |status: Status| {
            let found = counted.iter().find(|(name, _)| name == status.as_str());
            found.map_or(0, |(_, n)| u64::try_from(*n).unwrap_or(0))
        };
        Ok(Waiting { waiting: of(Status::Waiting), buffered: of(Status::Buffered) })
    }
}
