//! The whole base at once: weights estimated on the airline's own records, and everybody who is
//! known twice found. What people decided stays as it is; ids are those of the older customer.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use access::{Actor, Details, Target};
use chrono::{DateTime, Utc};
use kernel::Outcome;
use matching::Training;
use matching::hash::of_bytes;
use matching::model::Model;
use matching::person::{Band, People, PersonRecord, Scorer, airline, prior_for};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use sqlx::types::Json as Column;
use store::jobs::{self, JobCtx, JobError};
use store::{Tx, settings, sql};
use uuid::Uuid;

use super::decide::Tie;
use super::stated;
use super::write::{self, Found};
use crate::model::{CustomerId, RecordId};
use crate::{Customers, Error, Result, permissions};

/// Job that searches everybody.
pub const JOB: &str = "identity.run";
/// Setting that keeps the estimated weights.
const MODEL: &str = "identity.model";
/// Different records below which the shipped weights are better than an estimate.
const ENOUGH: usize = 5_000;
/// Different records compared at most, about a kilobyte each.
const MOST: usize = 6_000_000;
/// Pairs kept in one transaction.
const CHUNK: usize = 2_000;

/// What a run found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ran {
    /// Records that say something of their own.
    pub compared: u64,
    /// Pairs of customers that may be one.
    pub found: u64,
    /// Customers joined with another.
    pub joined: u64,
    /// Whether weights were estimated on these records.
    pub trained: bool,
}

/// Starts a run, once at a time.
pub(super) async fn enqueue(tx: &mut Tx, now: DateTime<Utc>, owner: Option<Uuid>) -> Result<Uuid> {
    let mut job = jobs::New::now(JOB, json!({}), now).key(JOB);
    if let Some(owner) = owner {
        job = job.owner(owner);
    }
    Ok(jobs::enqueue(tx, job, now).await?)
}

/// The records compared, whose they are, and which they are.
#[derive(Default)]
struct Base {
    people: Vec<PersonRecord>,
    whose: Vec<(Uuid, Uuid)>,
}

struct FoundPair {
    mine: CustomerId,
    record: RecordId,
    tie: Tie,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    source: String,
    data: Column<Map<String, Json>>,
}

impl Customers {
    /// Starts a search of the whole base; one at a time.
    ///
    /// # Errors
    /// [`Error::Denied`] without `identity.run`.
    pub async fn start_run(&self, actor: &Actor) -> Result<Outcome<Uuid>> {
        actor.may(permissions::RUN)?;
        let mut tx = self.db().begin().await?;
        if let Some(open) = jobs::open_of(&mut tx, JOB).await? {
            return Ok(Outcome::AlreadyDone(open.id));
        }
        let job = enqueue(&mut tx, self.now(), Some(actor.id)).await?;
        let target = Target::new("identity-run", job);
        self.access().record(&mut tx, actor, "identity.run", &target, Details::new()).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(Outcome::Done(job))
    }

    /// Searches everybody: estimates the weights when there is enough to estimate them on, keeps
    /// pairs for review, joins those that are sure.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn search_twice_known(&self) -> Result<Ran> {
        let base = self.base().await?;
        let (compared, enough) = (base.people.len() as u64, base.people.len() >= ENOUGH);
        let everybody = {
            let mut tx = self.db().read().await?;
            self.everybody(&mut tx).await?
        };
        let (model, pairs) = tokio::task::spawn_blocking(move || compare(&base, everybody, enough))
            .await
            .map_err(|_| Error::Store(store::Error::Missing))?;
        if let Some(model) = model {
            let mut tx = self.db().begin().await?;
            settings::put(&mut tx, MODEL, &model, self.now()).await?;
            tx.commit().await?;
            self.keep_model(Arc::new(Some(model)), self.now());
        }
        let mut found: HashSet<(CustomerId, CustomerId)> = HashSet::new();
        let mut pairs = pairs.into_iter().peekable();
        while pairs.peek().is_some() {
            let mut part = Found::default();
            for pair in pairs.by_ref().take(CHUNK) {
                found.insert(super::place::pair_of(pair.mine, &pair.tie));
                part.add(pair.mine, pair.record, &pair.tie);
            }
            let mut tx = self.db().begin().await?;
            write::keep_found(&mut tx, part, self.now()).await?;
            tx.commit().await?;
        }
        let joined = self.join_pairs().await?;
        Ok(Ran { compared, found: found.len() as u64, joined, trained: enough })
    }

    pub(crate) async fn run_search(&self, job: JobCtx) -> Result<Json, JobError> {
        job.progress(0, None, "identity-run-phase").await?;
        let work = self.search_twice_known();
        tokio::pin!(work);
        // Says that it lives while the comparison works.
        let ran = loop {
            tokio::select! {
                ran = &mut work => break ran.map_err(JobError::from_explain)?,
                () = tokio::time::sleep(std::time::Duration::from_secs(5)) => {
                    job.progress(0, None, "identity-run-phase").await?;
                }
            }
        };
        let mut result = serde_json::to_value(ran).map_err(store::Error::from)?;
        if let Some(result) = result.as_object_mut() {
            result.insert("href".to_owned(), json!("/identity"));
        }
        Ok(result)
    }

    /// Every record that says something of its customer that none before it said.
    async fn base(&self) -> Result<Base> {
        let mut base = Base::default();
        let mut seen: HashSet<(Uuid, u64)> = HashSet::new();
        let own = |programme: &str, number: &str| self.is_own(programme, number);
        let mut tx = self.db().read().await?;
        let each = |row: Row| -> Result<()> {
            let Row { id, customer_id, source, data: Column(mut data) } = row;
            // Trips differ in nothing that tells people apart.
            data.remove("booking");
            let text = Json::Object(data.clone()).to_string();
            if base.people.len() < MOST && seen.insert((customer_id, of_bytes(text.as_bytes()))) {
                base.people.push(stated::person_of(&own, &source, &data));
                base.whose.push((id, customer_id));
            }
            Ok(())
        };
        tx.each(
            sql("SELECT r.id, l.customer_id, r.source, r.data FROM source_record r
                 JOIN customer_link l ON l.source_record_id = r.id AND l.unlinked_at IS NULL"),
            each,
        )
        .await?;
        Ok(base)
    }

    /// The weights records are compared under: those estimated last, else the shipped ones.
    pub(super) async fn scorer(&self, tx: &mut Tx, everybody: i64) -> Result<Scorer> {
        let kept = match self.kept_model(self.now()) {
            Some(kept) => kept,
            None => {
                let read: Arc<Option<Model>> = Arc::new(settings::get(tx, MODEL).await?);
                self.keep_model(read.clone(), self.now());
                read
            }
        };
        let mut model = (*kept).clone().unwrap_or_else(airline);
        model.prior = prior(everybody);
        Ok(Scorer::new(model))
    }
}

/// A small airline's chance agreements are not much likelier than a big one's, so the prior starts
/// at a hundred thousand.
fn prior(everybody: i64) -> f64 {
    prior_for(u64::try_from(everybody).unwrap_or(0).max(100_000))
}

/// The estimated model, if there was enough, and the pairs of different customers worth telling.
fn compare(base: &Base, everybody: i64, enough: bool) -> (Option<Model>, Vec<FoundPair>) {
    let people = People::new(&base.people);
    let trained = enough.then(|| people.train(Training::default())).filter(is_sound);
    let mut model = trained.clone().unwrap_or_else(airline);
    model.prior = prior(everybody);
    let pairs = people.link(&model);
    let mut best: HashMap<(Uuid, Uuid), matching::person::Pair> = HashMap::new();
    for pair in pairs {
        let (a, b) = (base.whose[pair.left as usize].1, base.whose[pair.right as usize].1);
        if a == b {
            continue;
        }
        let kept = best.entry((a.min(b), a.max(b))).or_insert(pair);
        let order = |pair: &matching::person::Pair| {
            (pair.judged.band, pair.judged.certain.is_some(), pair.judged.bits)
        };
        if order(&pair) > order(kept) {
            *kept = pair;
        }
    }
    let scorer = Scorer::new(model);
    let tell = |pair: matching::person::Pair| {
        let (left, right) = (pair.left as usize, pair.right as usize);
        let (a, b) = (&people.people()[left], &people.people()[right]);
        let evidence = scorer.score(people.counts(), a, b);
        let rule = if pair.judged.certain.is_some() { "document" } else { "weight" };
        let (record, mine) = base.whose[left];
        let (theirs, customer) = base.whose[right];
        FoundPair {
            mine: mine.into(),
            record: record.into(),
            tie: Tie {
                customer: customer.into(),
                record: Some(theirs.into()),
                rule,
                band: pair.judged.band,
                bits: pair.judged.bits,
                detail: json!({"rule": rule, "evidence": evidence}),
            },
        }
    };
    let mut found: Vec<FoundPair> =
        best.into_values().filter(|pair| pair.judged.band != Band::No).map(tell).collect();
    found.sort_by(|a, b| b.tie.bits.total_cmp(&a.tie.bits));
    (trained, found)
}

/// Whether an estimate may be worked with: no weight that is none, and a shared document, contact
/// or name still speaks for a match.
fn is_sound(model: &Model) -> bool {
    let finite = |weight: f64| weight.is_finite() && weight.abs() < 60.0;
    model.comparisons.iter().all(|comparison| {
        comparison.levels.iter().all(|level| finite(level.weight()))
            && comparison.levels.first().is_none_or(|level| level.weight() > 0.0)
    })
}
