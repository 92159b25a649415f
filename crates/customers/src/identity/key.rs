//! Makes the records of file imports known to identity: keys, counts, and a look for people who
//! were known before. A job after the import, so that the import itself stays quick.

use matching::person::Person;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::jobs::{self, JobCtx, JobError};
use store::{Col, Tx, Value, sql};
use uuid::Uuid;

use super::known::{self, Mention};
use super::place::keys_of;
use super::tables;
use super::write::{self, Found};
use super::{decide, run};
use crate::model::{CustomerId, RecordId};
use crate::{Customers, Result};

/// Job that makes keys of imported records.
pub const JOB: &str = "identity.key";
/// Records per transaction.
const CHUNK: i64 = 1_000;
/// Records of one import that are each held against all others; of more the whole base is searched
/// at once, which is quicker than so many single looks.
const MOST_SINGLE: i64 = 50_000;

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Reached {
    import: Option<Uuid>,
    last: Option<Uuid>,
    done: u64,
}

/// Remembers that an import's records need keys.
pub(crate) async fn pending(tx: &mut Tx, import: Uuid) -> store::Result<()> {
    tx.exec(
        sql("INSERT INTO identity_pending (import_id) VALUES ($1)
             ON CONFLICT (import_id) DO NOTHING")
        .bind(import),
    )
    .await?;
    Ok(())
}

impl Customers {
    /// Starts the job when imports wait for it.
    pub(crate) async fn enqueue_keys(&self) -> Result<()> {
        let mut tx = self.db().begin().await?;
        if next_import(&mut tx).await?.is_some() {
            let now = self.now();
            jobs::enqueue(&mut tx, jobs::New::now(JOB, json!({}), now).key(JOB), now).await?;
            tx.commit().await?;
            self.db().ring_for_jobs();
        }
        Ok(())
    }

    /// Makes keys of all imported records that have none.
    pub(crate) async fn run_keys(&self, job: JobCtx) -> Result<serde_json::Value, JobError> {
        let mut reached: Reached = job.last_checkpoint().await?.unwrap_or_default();
        loop {
            job.progress(reached.done, None, "identity-key-phase").await?;
            let mut tx = self.db().begin().await?;
            let Some(import) = next_import(&mut tx).await? else { break };
            if reached.import != Some(import) {
                reached = Reached { import: Some(import), last: None, done: reached.done };
            }
            let records = next(&mut tx, import, reached.last).await?;
            if let Some(last) = records.last() {
                reached.last = Some(*last);
                reached.done += records.len() as u64;
                self.key_records(&mut tx, import, records).await.map_err(JobError::from_explain)?;
            } else {
                self.end_import(&mut tx, import).await.map_err(JobError::from_explain)?;
            }
            job.checkpoint_in(&mut tx, &reached).await?;
            tx.commit().await?;
        }
        Ok(json!({"keyed": reached.done}))
    }

    async fn end_import(&self, tx: &mut Tx, import: Uuid) -> Result<()> {
        if many(tx, import).await? {
            run::enqueue(tx, self.now(), None).await?;
        }
        tx.exec(sql("DELETE FROM identity_pending WHERE import_id = $1").bind(import)).await?;
        Ok(())
    }

    /// Keys and counts of some records, and their ties to customers known before.
    async fn key_records(&self, tx: &mut Tx, import: Uuid, records: Vec<Uuid>) -> Result<()> {
        let own = |programme: &str, number: &str| self.is_own(programme, number);
        let rows: Vec<Vec<Value>> = records.into_iter().map(|id| vec![id.into()]).collect();
        let mentions = known::mentions(tx, &own, rows.clone()).await?;
        let mut keyed = Vec::new();
        for mention in &mentions {
            let Some(record) = mention.record else { continue };
            let keys = keys_of(&mention.person, mention.booking);
            keyed.extend(keys.into_iter().map(|key| (record, key.key)));
        }
        let people: Vec<&Person> = mentions.iter().map(|mention| &mention.person).collect();
        tables::put_tallies(tx, &people).await?;
        tables::put_keys(tx, keyed).await?;
        if many(tx, import).await? {
            return Ok(());
        }
        let whose: Vec<(Uuid, Uuid)> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                rows,
                "SELECT l.source_record_id, l.customer_id FROM input
                 JOIN customer_link l ON l.source_record_id = input.id AND l.unlinked_at IS NULL",
            )
            .await?;
        let whose = whose.into_iter().map(|(record, id)| (record.into(), id.into())).collect();
        self.look_around(tx, &mentions, &whose).await
    }

    /// Keeps the customers, other than their own, that these records tie to.
    async fn look_around(
        &self,
        tx: &mut Tx,
        mentions: &[Mention],
        whose: &std::collections::HashMap<RecordId, CustomerId>,
    ) -> Result<()> {
        let own = |programme: &str, number: &str| self.is_own(programme, number);
        let keys: Vec<_> = mentions.iter().flat_map(|m| keys_of(&m.person, m.booking)).collect();
        let under = known::under(tx, &keys).await?;
        let candidates = known::candidates(tx, &own, &under, &[]).await?;
        let mut people: Vec<&Person> = mentions.iter().map(|mention| &mention.person).collect();
        people.extend(candidates.values().flat_map(|c| c.mentions.iter().map(|m| &m.person)));
        let everybody = self.everybody(tx).await?;
        let counts = tables::counts(tx, everybody, &people).await?;
        let scorer = self.scorer(tx, everybody).await?;
        let mut found = Found::default();
        for mention in mentions {
            let Some(record) = mention.record else { continue };
            let Some(mine) = whose.get(&record).copied() else { continue };
            let mut ids: Vec<CustomerId> = keys_of(&mention.person, mention.booking)
                .iter()
                .flat_map(|key| under.get(&key.key).into_iter().flatten().map(|(_, id)| *id))
                .filter(|id| *id != mine)
                .collect();
            ids.sort_unstable();
            ids.dedup();
            let asked = decide::Asked {
                source: &mention.source,
                key: &mention.key,
                booking: mention.booking,
                person: &mention.person,
                ambiguous: false,
            };
            let candidates = ids.iter().filter_map(|id| candidates.get(id));
            let decision = decide::decide(&scorer, &counts, &asked, candidates);
            for tie in decision.others(mine) {
                found.add(mine, record, tie);
            }
        }
        write::keep_found(tx, found, self.now()).await
    }
}

async fn next_import(tx: &mut Tx) -> store::Result<Option<Uuid>> {
    tx.value_maybe(sql("SELECT import_id FROM identity_pending ORDER BY import_id LIMIT 1")).await
}

async fn next(tx: &mut Tx, import: Uuid, after: Option<Uuid>) -> store::Result<Vec<Uuid>> {
    tx.values(
        sql("SELECT id FROM source_record WHERE import_id = $1 AND id > $2 ORDER BY id LIMIT $3")
            .bind(import)
            .bind(after.unwrap_or(Uuid::nil()))
            .bind(CHUNK),
    )
    .await
}

/// Whether an import has too many records for single looks.
async fn many(tx: &mut Tx, import: Uuid) -> store::Result<bool> {
    let beyond: Option<Uuid> = tx
        .value_maybe(
            sql("SELECT id FROM source_record WHERE import_id = $1 ORDER BY id LIMIT 1 OFFSET $2")
                .bind(import)
                .bind(MOST_SINGLE),
        )
        .await?;
    Ok(beyond.is_some())
}
