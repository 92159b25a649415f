//! Replaying many messages: ticked rows or everything a filter matches.

use access::{Actor, Details, Target};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::jobs::{self, JobCtx, JobError};
use store::{SqlBuilder, Tx};
use uuid::Uuid;
use web::list::{ListSpec, Picked, Today};

use super::jobs::{REPLAY, job_error};
use crate::{Error, Feeds, Result, permissions};

/// Messages put back in one transaction.
const CHUNK: i64 = 200;

/// Which messages. Keeps the day, so that "in the last 30 days" means the same to the job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Selection {
    /// Ids, or the list's query.
    pub picked: Picked,
    /// Today, where the reader is.
    pub today: NaiveDate,
    /// The reader's time zone.
    pub zone: String,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Reached {
    last: Option<Uuid>,
    done: u64,
    replayed: u64,
}

impl Selection {
    /// These messages, or all that a query of the list matches, days taken in UTC.
    #[must_use]
    pub fn of(ids: Vec<Uuid>, query: Option<String>, today: NaiveDate) -> Self {
        let picked = query.map_or(Picked::Ids(ids), Picked::Query);
        Self { picked, today, zone: "UTC".to_owned() }
    }

    /// Those of the selection that are aside.
    fn ids(&self, list: &'static ListSpec) -> Result<SqlBuilder> {
        let today = Today { date: self.today, zone: self.zone.parse().unwrap_or(chrono_tz::UTC) };
        let picked = self.picked.sql(list, None, today).map_err(|_| Error::BadSelection)?;
        let mut query = SqlBuilder::new("feed_message WHERE status IN ('quarantined', 'ignored')");
        query.push(" AND replaced_by IS NULL AND text_gone = FALSE AND id IN (");
        query.append(picked).push(")");
        Ok(query)
    }

    async fn count(&self, tx: &mut Tx, list: &'static ListSpec) -> Result<i64> {
        let mut query = SqlBuilder::new("SELECT COUNT(*) FROM ");
        query.append(self.ids(list)?);
        Ok(tx.value(query.build()).await?)
    }
}

impl Feeds {
    /// How many messages of a selection can be replayed.
    ///
    /// # Errors
    /// Denied; a filter that is none.
    pub async fn count_replay(&self, actor: &Actor, selection: &Selection) -> Result<i64> {
        actor.may(permissions::REPLAY)?;
        let mut tx = self.db().read().await?;
        selection.count(&mut tx, &crate::pages::messages::LIST).await
    }

    /// Has a selection replayed in the background. A second click, of the same selection while it is
    /// under way, finds the same job.
    ///
    /// # Errors
    /// Denied; a filter that is none; [`Error::NothingAside`].
    pub async fn start_replay(&self, actor: &Actor, selection: &Selection) -> Result<Uuid> {
        actor.may(permissions::REPLAY)?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let args = serde_json::to_value(selection)?;
        let what = hex::encode(Sha256::digest(args.to_string()));
        let key = format!("{REPLAY}:{}:{what}", actor.id);
        if let Some(job) = jobs::open_of(&mut tx, &key).await? {
            return Ok(job.id);
        }
        if selection.count(&mut tx, &crate::pages::messages::LIST).await? == 0 {
            return Err(Error::NothingAside);
        }
        let job = jobs::New::now(REPLAY, args, now).key(key).owner(actor.id);
        let job = jobs::enqueue(&mut tx, job, now).await?;
        let target = Target::new("job", job);
        let action = "feeds.messages.replayed";
        self.access().record(&mut tx, actor, action, &target, Details::new()).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(job)
    }

    /// The job: page by page, each with the point it reached.
    pub(super) async fn run_replay(&self, job: &JobCtx) -> Result<serde_json::Value, JobError> {
        let selection: Selection = job.args()?;
        let list = &crate::pages::messages::LIST;
        let mut reached: Reached = job.last_checkpoint().await?.unwrap_or_default();
        let mut tx = self.db().read().await?;
        let total = selection.count(&mut tx, list).await.map_err(job_error)?;
        drop(tx);
        let total = u64::try_from(total).unwrap_or(0) + reached.done;
        loop {
            let mut tx = self.db().begin().await?;
            let mut query = SqlBuilder::new("SELECT id FROM ");
            query.append(selection.ids(list).map_err(job_error)?);
            if let Some(last) = reached.last {
                query.push(" AND id > ").bind(last);
            }
            query.push(" ORDER BY id LIMIT ").bind(CHUNK);
            let ids: Vec<Uuid> = tx.values(query.build()).await?;
            if ids.is_empty() {
                break;
            }
            for id in &ids {
                if self.replay_in(&mut tx, *id).await.map_err(job_error)? {
                    reached.replayed += 1;
                }
            }
            reached.last = ids.last().copied();
            reached.done += ids.len() as u64;
            self.enqueue_processing(&mut tx).await.map_err(job_error)?;
            job.checkpoint_in(&mut tx, &reached).await?;
            tx.commit().await?;
            self.db().ring_for_jobs();
            job.progress(reached.done, Some(total), "feeds-phase-replay").await?;
        }
        Ok(serde_json::json!({ "href": "/feeds/messages", "replayed": reached.replayed }))
    }
}
