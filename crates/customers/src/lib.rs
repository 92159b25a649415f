//! Customers: who the airline's customers are, where that is known from, and what staff add.
//!
//! A feed's statement about a person is an immutable source record; a customer is held to its
//! records by links with evidence. [`Customers`] is the service: every function asks who may, works
//! in one transaction, writes the history, says the event, and leaves the audit row last. Words,
//! invariants and events are in README.md.

mod api;
pub mod board;
pub mod bulk;
mod changes;
mod contacts;
mod error;
pub mod events;
pub mod identity;
mod import;
mod model;
pub mod notes;
pub mod pages;
pub mod permissions;
mod profile;
mod search;
mod standing;
pub mod tags;
pub mod tasks;
#[cfg(test)]
mod testing;
pub mod timeline;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use access::Access;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use kernel::Clock;
use store::{Db, Tx};

pub use api::api;
pub use changes::UNDO_DAYS;
pub use error::{ChangedBy, Error, FieldError, Result};
pub use import::{Applied, MemberInput, Policy, ReadyMember, Reverted, Turn};
pub use model::{
    Contact, ContactKind, Customer, CustomerId, Document, DocumentKind, Gender, Lifecycle, NoteId,
    Profile, Published, RecordId, TaskId, Tier, UnknownWord, ValueGroup,
};
pub use pages::{Panel, Place, Render, Rooms, pages, search_provider};
pub use profile::draft::{Draft, SHORT_TEXT, Set};
pub use profile::{Edited, Export, PERSONAL_TABLES, Revealed, Whole};
pub use search::{Hit, Why};
pub use standing::{LastFlight, Standing};
pub use timeline::{Arg, Before, TimelineItem, TimelineSource, Tone, Words};

/// What this domain keeps.
pub const MIGRATIONS: &[store::Migration] = store::migrations![
    "20261122_110000_customers",
    "20261123_061000_task_board",
    "20261123_100000_identity",
    "20261123_130000_record_owner",
];

/// The words of this domain.
pub const TEXTS: [(kernel::Lang, &str); 2] = [
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

/// Asked before customers are deleted by the revert of an import: which of these do facts of
/// another domain still refer to?
pub type InUse = Arc<
    dyn for<'a> Fn(&'a mut Tx, Vec<CustomerId>) -> BoxFuture<'a, store::Result<HashSet<CustomerId>>>
        + Send
        + Sync,
>;

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Customers(Arc<Inner>);

/// Something read from the database and when.
type Kept<T> = Mutex<Option<(DateTime<Utc>, T)>>;

/// What is kept is read again after so long: another process may have changed it.
const KEPT_FOR: chrono::Duration = chrono::Duration::minutes(5);

/// How long the number of customers of the list is kept.
const TOTAL_FOR: chrono::Duration = chrono::Duration::seconds(20);

fn fresh<T: Clone>(kept: &Kept<T>, now: DateTime<Utc>, time: chrono::Duration) -> Option<T> {
    let kept = kept.lock().ok()?;
    let (at, what) = kept.as_ref()?;
    (now >= *at && now - *at < time).then(|| what.clone())
}

fn keep<T>(kept: &Kept<T>, what: T, now: DateTime<Utc>) {
    if let Ok(mut kept) = kept.lock() {
        *kept = Some((now, what));
    }
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    access: Access,
    names: search::Dictionary,
    in_use: Option<InUse>,
    programmes: Vec<String>,
    everybody: Kept<i64>,
    model: Kept<Arc<Option<matching::Model>>>,
    total: Kept<i64>,
}

impl std::fmt::Debug for Customers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Customers")
    }
}

impl Customers {
    /// The service on this database.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, access: Access) -> Self {
        Self(Arc::new(Inner {
            db,
            clock,
            access,
            names: search::Dictionary::default(),
            in_use: None,
            programmes: Vec::new(),
            everybody: Mutex::new(None),
            model: Mutex::new(None),
            total: Mutex::new(None),
        }))
    }

    /// Has another domain asked before customers are deleted by a revert. Before sharing.
    #[must_use]
    pub fn with_in_use(self, in_use: InUse) -> Self {
        self.rebuilt(|inner| inner.in_use = Some(in_use))
    }

    /// Says which programmes' member numbers are the airline's own: designators. Without it a
    /// number that passes the check of our numbers is taken for one of ours. Before sharing.
    #[must_use]
    pub fn with_programmes(self, programmes: Vec<String>) -> Self {
        self.rebuilt(|inner| inner.programmes = programmes)
    }

    fn rebuilt(self, change: impl FnOnce(&mut Inner)) -> Self {
        let inner = &self.0;
        let mut new = Inner {
            db: inner.db.clone(),
            clock: inner.clock.clone(),
            access: inner.access.clone(),
            names: inner.names.clone(),
            in_use: inner.in_use.clone(),
            programmes: inner.programmes.clone(),
            everybody: Mutex::new(None),
            model: Mutex::new(None),
            total: Mutex::new(None),
        };
        change(&mut new);
        Self(Arc::new(new))
    }

    /// Puts right what a killed import left, and reads the dictionary of names. Once at start.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start(&self) -> Result<()> {
        self.bulk_mode_off().await
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    pub(crate) fn access(&self) -> &Access {
        &self.0.access
    }

    pub(crate) fn dictionary(&self) -> &search::Dictionary {
        &self.0.names
    }

    pub(crate) fn in_use(&self) -> Option<&InUse> {
        self.0.in_use.as_ref()
    }

    pub(crate) fn programmes(&self) -> &[String] {
        &self.0.programmes
    }

    /// How many customers there were when last counted, and when that was.
    pub(crate) fn kept_count(&self, now: DateTime<Utc>) -> Option<i64> {
        fresh(&self.0.everybody, now, KEPT_FOR)
    }

    pub(crate) fn keep_count(&self, count: i64, now: DateTime<Utc>) {
        keep(&self.0.everybody, count, now);
    }

    /// The estimated weights, once read; `None` inside where nothing was estimated yet.
    pub(crate) fn kept_model(&self, now: DateTime<Utc>) -> Option<Arc<Option<matching::Model>>> {
        fresh(&self.0.model, now, KEPT_FOR)
    }

    pub(crate) fn keep_model(&self, model: Arc<Option<matching::Model>>, now: DateTime<Utc>) {
        keep(&self.0.model, model, now);
    }

    /// Adds the handlers of this domain's jobs.
    pub fn handlers(&self, handlers: &mut store::jobs::Handlers) {
        let (run, undo) = (self.clone(), self.clone());
        handlers.add(bulk::JOB, move |job| {
            let customers = run.clone();
            async move { customers.run_bulk(job).await }
        });
        let join = self.clone();
        handlers.add(identity::JOIN_JOB, move |job| {
            let customers = join.clone();
            async move { customers.run_join(job).await }
        });
        let (key, search) = (self.clone(), self.clone());
        handlers.add(identity::KEY_JOB, move |job| {
            let customers = key.clone();
            async move { customers.run_keys(job).await }
        });
        handlers.add(identity::RUN_JOB, move |job| {
            let customers = search.clone();
            async move { customers.run_search(job).await }
        });
        handlers.add(bulk::UNDO_JOB, move |job| {
            let customers = undo.clone();
            async move { customers.run_undo(job).await }
        });
    }

    /// How many customers there are outside the trash. Counted at most every 20 seconds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn total(&self) -> Result<i64> {
        let now = self.now();
        if let Some(total) = fresh(&self.0.total, now, TOTAL_FOR) {
            return Ok(total);
        }
        let mut tx = self.db().read().await?;
        // Two index counts instead of reading every row.
        let total: i64 = tx
            .value(store::sql(
                "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM customer)
                   - (SELECT CAST(COUNT(*) AS BIGINT) FROM customer WHERE trashed_at IS NOT NULL)",
            ))
            .await?;
        keep(&self.0.total, total, now);
        Ok(total)
    }

    pub(crate) fn forget_total(&self) {
        if let Ok(mut kept) = self.0.total.lock() {
            *kept = None;
        }
    }
}
