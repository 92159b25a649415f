//! What each customer is worth, which kinds of customer there are, and why.
//!
//! A **run** reckons L, R, F, M and C of every member at an observation date, drops who cannot be
//! judged and says why, finds groups and names them, and scores everybody with the standard
//! **scheme**. Publishing a run tells customers their group, score and lifecycle state. Results are
//! Parquet files in the lake, one row per member; the database keeps one row per run.
//!
//! [`Value`] is the service. What must run without a database is in [`run::files`].

pub mod api;
mod choose;
mod error;
pub mod events;
pub mod explain;
pub mod facts;
pub mod group;
pub mod jobs;
pub mod pages;
pub mod permissions;
pub mod run;
pub mod scheme;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use access::{Access, Actor, Details, Target};
use customers::{CustomerId, Customers};
use futures::future::BoxFuture;
use kernel::names::PersonName;
use kernel::{Clock, Lang, Outcome};
use lake::Lake;
use store::jobs::{Job, New};
use store::outbox::{self, Event};
use store::{Db, Migration};
use uuid::Uuid;

#[cfg(test)]
mod tests;

pub use error::{Error, Result};
pub use explain::Explained;
pub use pages::Rooms;
pub use run::{Run, RunParams};
pub use scheme::{Scheme, WeightOf};
pub use stats::Lifecycle;

use explain::Loaded;
use run::Watch;
use run::compare::{Comparison, Mover, MoversAsked};
use scheme::preview::Preview;
use scheme::{SchemeVersion, Subject};

/// What value keeps in the database.
pub const MIGRATIONS: &[Migration] = store::migrations!["20261122_140000_value"];

/// The words of value, for the registry of texts.
pub const TEXTS: &[web::texts::Source] = &[
    (Lang::En, include_str!("../texts/en.ftl")),
    (Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

/// Brings the lake's tables up to date before a run: given by whoever owns the facts.
pub type Refresh = Arc<dyn Fn(Lake) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Value(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    access: Access,
    lake: Lake,
    customers: Customers,
    refresh: Option<Refresh>,
    loaded: RwLock<Option<Arc<Loaded>>>,
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Value({:?})", self.0.lake)
    }
}

impl Value {
    /// A service that finds facts in `lake`.
    #[must_use]
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        access: Access,
        lake: Lake,
        customers: Customers,
        refresh: Option<Refresh>,
    ) -> Self {
        let loaded = RwLock::new(None);
        Self(Arc::new(Inner { db, clock, access, lake, customers, refresh, loaded }))
    }

    /// Once at start: the schemes that come with the program.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn start(&self) -> Result<()> {
        let mut tx = self.db().begin().await?;
        scheme::seed(&mut tx, self.clock().now()).await?;
        Ok(tx.commit().await?)
    }

    /// Performs a run here and now and returns it: for the command line. The server uses
    /// [`Value::start_run`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Range`], [`Error::NoFacts`], [`Error::TooFew`],
    /// [`Error::Cancelled`] when `watch` said so.
    pub async fn run(&self, actor: &Actor, params: &RunParams, watch: &Watch) -> Result<Run> {
        actor.may(permissions::RUN)?;
        let id = kernel::ids::v7(self.clock().now());
        let run = self.perform(id, Some(actor.id), params, watch).await?;
        self.note(actor, "value.run.started", id, Details::new()).await?;
        Ok(run)
    }

    /// Has a run performed in the background; the job's identity will be the run's. While one is
    /// under way, asking again returns that one.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Range`].
    pub async fn start_run(&self, actor: &Actor, params: &RunParams) -> Result<Outcome<Uuid>> {
        actor.may(permissions::RUN)?;
        params.check()?;
        let args = serde_json::to_value(params).map_err(store::Error::from)?;
        let job = New::now(jobs::RUN, args, self.clock().now()).key("value.run");
        self.enqueue(actor, job, "value.run", "value.run.started").await
    }

    /// Has a finished run published in the background.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NoRun`], [`Error::NotReady`].
    pub async fn start_publish(&self, actor: &Actor, run: Uuid) -> Result<Outcome<Uuid>> {
        actor.may(permissions::RUN)?;
        self.find(run).await?.report()?;
        self.enqueue_of_run(actor, jobs::PUBLISH, run, "value.run.published").await
    }

    /// Has the number of groups looked for in the background.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NoRun`], [`Error::NotReady`].
    pub async fn start_choose_k(&self, actor: &Actor, run: Uuid) -> Result<Outcome<Uuid>> {
        actor.may(permissions::RUN)?;
        self.find(run).await?.report()?;
        self.enqueue_of_run(actor, jobs::CHOOSE_K, run, "value.k.looked-for").await
    }

    /// The newest runs.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn list(&self, actor: &Actor, limit: i64) -> Result<Vec<Run>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        run::list(&mut tx, limit.clamp(1, 1000)).await
    }

    /// A run by identity.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NoRun`].
    pub async fn show(&self, actor: &Actor, id: Uuid) -> Result<Run> {
        actor.may(permissions::READ)?;
        self.find(id).await
    }

    /// A run by the word a person typed: its identity or `latest`.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NoRun`].
    pub async fn show_word(&self, actor: &Actor, word: &str) -> Result<Run> {
        if word == "latest" {
            let newest = self.list(actor, 50).await?;
            let finished = newest.into_iter().find(|run| run.report.is_some());
            return finished.ok_or_else(|| Error::NoRun { asked: word.to_owned() });
        }
        let id = word.parse().map_err(|_| Error::NoRun { asked: word.to_owned() })?;
        self.show(actor, id).await
    }

    /// The run customers show.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn published(&self, actor: &Actor) -> Result<Option<Run>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        run::latest_published(&mut tx).await
    }

    /// What was found about the number of groups of a run, once it was looked for.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn choose_k(&self, actor: &Actor, id: Uuid) -> Result<Option<stats::ChooseK>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        run::load_choose_k(&mut tx, id).await
    }

    /// A customer's standing in the published run, with the reasons; `None` for who is not in it.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Lake`] when the run's result is missing.
    pub async fn explain(&self, actor: &Actor, id: CustomerId) -> Result<Option<Explained>> {
        actor.may(permissions::READ)?;
        self.explained(id.uuid()).await
    }

    /// Two runs side by side.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NoRun`], [`Error::NotReady`].
    pub async fn compare(&self, actor: &Actor, then: Uuid, now: Uuid) -> Result<Comparison> {
        actor.may(permissions::READ)?;
        self.compare_runs(then, now).await
    }

    /// Who moved between two runs, those worth most first, and how many there are in all.
    ///
    /// # Errors
    /// As [`Value::compare`].
    pub async fn moved(
        &self,
        actor: &Actor,
        (then, now): (Uuid, Uuid),
        asked: MoversAsked,
    ) -> Result<(Vec<Mover>, u64)> {
        actor.may(permissions::READ)?;
        let (then, now) = (self.find(then).await?, self.find(now).await?);
        self.movers(&then, &now, asked).await
    }

    /// All schemes with their current version.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn schemes(&self, actor: &Actor) -> Result<Vec<Scheme>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        scheme::list(&mut tx).await
    }

    /// All versions of a scheme, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NoScheme`].
    pub async fn scheme(&self, actor: &Actor, id: Uuid) -> Result<Vec<Scheme>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        scheme::load(&mut tx, id).await
    }

    /// What other weights would change for the members of the published run.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Weights`], [`Error::NothingPublished`].
    pub async fn preview(
        &self,
        actor: &Actor,
        scheme: Uuid,
        weights: &[WeightOf],
    ) -> Result<Preview> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let current = scheme::load(&mut tx, scheme).await?.swap_remove(0);
        let run = run::published_id(&mut tx).await?.ok_or(Error::NothingPublished)?;
        drop(tx);
        let weights = scheme::checked(current.subject, weights)?;
        let path = run::result::path(&self.runs_dir()?, run);
        let work = move || scheme::preview::preview(&path, &current.current.weights, &weights);
        tokio::task::spawn_blocking(work).await.map_err(|error| Error::Broken(Box::new(error)))?
    }

    /// Adds a version to a scheme after version `base`. The same weights again change nothing.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Weights`], [`Error::Attribute`], [`Error::NoScheme`],
    /// [`Error::SchemeChanged`] when somebody else was faster.
    pub async fn change_scheme(
        &self,
        actor: &Actor,
        id: Uuid,
        base: i64,
        weights: &[WeightOf],
        note: &str,
    ) -> Result<Outcome<i64>> {
        actor.may(permissions::SCHEMES)?;
        let now = self.clock().now();
        let mut tx = self.db().begin().await?;
        let before = scheme::load(&mut tx, id).await?.swap_remove(0);
        let weights = scheme::checked(before.subject, weights)?;
        if weights == before.current.weights {
            return Ok(Outcome::AlreadyDone(before.current.version));
        }
        let version = SchemeVersion {
            version: base + 1,
            weights,
            note: note.trim().chars().take(500).collect(),
            created_at: now,
            created_by: Some(actor.id),
        };
        scheme::save(&mut tx, id, base, &version).await?;
        let data = events::SchemeChanged { scheme: id, version: version.version };
        let data = serde_json::to_value(data).map_err(store::Error::from)?;
        let subject = format!("value-scheme/{id}");
        outbox::say(&mut tx, &Event::new(events::SCHEME_CHANGED, subject, now, data)).await?;
        let details = Details::new().count("version", version.version);
        let target = Target::new("value-scheme", id);
        self.0.access.record(&mut tx, actor, "value.scheme.changed", &target, details).await?;
        tx.commit().await?;
        Ok(Outcome::Done(version.version))
    }

    /// Adds a scheme beside the standard ones, to be compared with them.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Weights`], [`Error::Attribute`].
    pub async fn add_scheme(
        &self,
        actor: &Actor,
        subject: Subject,
        (name_en, name_zh): (&str, &str),
        weights: &[WeightOf],
    ) -> Result<Uuid> {
        actor.may(permissions::SCHEMES)?;
        let now = self.clock().now();
        let current = SchemeVersion {
            version: 1,
            weights: scheme::checked(subject, weights)?,
            note: String::new(),
            created_at: now,
            created_by: Some(actor.id),
        };
        let id = kernel::ids::v7(now);
        let name = |name: &str| name.trim().chars().take(80).collect::<String>();
        let (name_en, name_zh) = (name(name_en), name(name_zh));
        let scheme = Scheme { id, subject, name_en, name_zh, standard: false, current };
        let mut tx = self.db().begin().await?;
        scheme::add(&mut tx, &scheme).await?;
        let target = Target::new("value-scheme", id);
        let action = "value.scheme.added";
        self.0.access.record(&mut tx, actor, action, &target, Details::new()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Names of customers, for lists of them.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub(crate) async fn names(
        &self,
        actor: &Actor,
        ids: &[CustomerId],
    ) -> Result<HashMap<CustomerId, PersonName>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        Ok(self.customers().names(&mut tx, ids).await?)
    }

    /// The job of a run, which has the run's identity, while it waits or works.
    pub(crate) async fn job_of(&self, id: Uuid) -> Result<Option<Job>> {
        let mut tx = self.db().read().await?;
        let job = store::jobs::get(&mut tx, id).await?;
        Ok(job.filter(|job| job.kind == jobs::RUN && job.status.is_open()))
    }

    /// Whether the number of groups of a run is being looked for.
    pub(crate) async fn is_choosing(&self, id: Uuid) -> Result<bool> {
        let mut tx = self.db().read().await?;
        let key = format!("{}.{id}", jobs::CHOOSE_K);
        Ok(store::jobs::open_of(&mut tx, &key).await?.is_some())
    }

    async fn enqueue_of_run(
        &self,
        actor: &Actor,
        kind: &'static str,
        run: Uuid,
        action: &'static str,
    ) -> Result<Outcome<Uuid>> {
        let args = serde_json::to_value(jobs::OfRun { run }).map_err(store::Error::from)?;
        let key = format!("{kind}.{run}");
        let job = New::now(kind, args, self.clock().now()).key(key.clone());
        self.enqueue(actor, job, &key, action).await
    }

    async fn enqueue(
        &self,
        actor: &Actor,
        job: New,
        key: &str,
        action: &'static str,
    ) -> Result<Outcome<Uuid>> {
        let now = self.clock().now();
        let mut tx = self.db().begin().await?;
        if let Some(open) = store::jobs::open_of(&mut tx, key).await? {
            return Ok(Outcome::AlreadyDone(open.id));
        }
        let id = store::jobs::enqueue(&mut tx, job.owner(actor.id), now).await?;
        let target = Target::new("value-run", id);
        self.0.access.record(&mut tx, actor, action, &target, Details::new()).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(Outcome::Done(id))
    }

    async fn note(
        &self,
        actor: &Actor,
        action: &'static str,
        run: Uuid,
        details: Details,
    ) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let target = Target::new("value-run", run);
        self.0.access.record(&mut tx, actor, action, &target, details).await?;
        Ok(tx.commit().await?)
    }

    async fn find(&self, id: Uuid) -> Result<Run> {
        let mut tx = self.db().read().await?;
        run::load(&mut tx, id).await
    }

    async fn refresh_lake(&self) -> Result<()> {
        match &self.0.refresh {
            Some(refresh) => refresh(self.lake().clone()).await,
            None => Ok(()),
        }
    }

    fn db(&self) -> &Db {
        &self.0.db
    }

    fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    fn lake(&self) -> &Lake {
        &self.0.lake
    }

    fn customers(&self) -> &Customers {
        &self.0.customers
    }

    fn runs_dir(&self) -> Result<PathBuf> {
        Ok(self.lake().table_dir("runs")?)
    }

    fn kept_loaded(&self) -> Option<Arc<Loaded>> {
        self.0.loaded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep_loaded(&self, loaded: Arc<Loaded>) {
        *self.0.loaded.write().unwrap_or_else(PoisonError::into_inner) = Some(loaded);
    }

    fn forget_loaded(&self) {
        *self.0.loaded.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
