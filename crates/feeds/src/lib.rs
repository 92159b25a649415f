//! What comes in from outside: files of members, segments and activity; airline messages; what
//! people do on the web.
//!
//! A file is looked at ([`file`]), its columns are mapped to fields ([`mapping`]), each row is
//! checked and becomes a record ([`rows`], from [`cells`]), and records go to the domains that keep
//! them, batch by batch ([`imports`]). Messages are kept first and applied in order ([`messages`]);
//! they come from [`sources`]. Web events join their customer ([`tracking`]). Words, invariants and
//! events are in README.md.

pub mod api;
pub mod cells;
pub mod coupons;
mod error;
pub mod events;
pub mod file;
pub mod imports;
mod listeners;
pub mod mapping;
pub mod messages;
pub mod pages;
pub mod permissions;
pub mod rows;
pub mod saved;
mod settings;
pub mod sources;
pub mod tracking;

use std::sync::Arc;

use access::Access;
use chrono::{DateTime, Utc};
use customers::Customers;
use flights::Flights;
use kernel::Clock;
use store::Db;
use store::blobs::Blobs;

pub use customers::Policy;
pub use error::{Error, Result};
pub use file::Limits;
pub use imports::{Counts, Import, ImportId, MappingRef, Progress, Report, Status, silent};
pub use mapping::fields::FileKind;
pub use settings::Settings;

/// What this domain keeps.
pub const MIGRATIONS: &[store::Migration] = store::migrations![
    "20261122_130000_feeds",
    "20261123_120000_messages",
    "20261123_121000_web",
    "20261123_122000_keeping",
    "20261123_130000_fetch",
];

/// The words of this domain.
pub const TEXTS: &[(kernel::Lang, &str)] = &[
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Feeds(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    access: Access,
    blobs: Blobs,
    customers: Customers,
    flights: Flights,
    limits: Limits,
    settings: Settings,
}

impl std::fmt::Debug for Feeds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Feeds")
    }
}

impl Feeds {
    /// The service on this database, keeping uploaded files in `blobs`, with the default settings.
    #[must_use]
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        access: Access,
        blobs: Blobs,
        customers: Customers,
        flights: Flights,
    ) -> Self {
        let limits = Limits::default();
        let settings = Settings::default();
        Self(Arc::new(Inner { db, clock, access, blobs, customers, flights, limits, settings }))
    }

    /// The same service with other settings.
    #[must_use]
    pub fn with_settings(&self, settings: Settings) -> Self {
        Self(Arc::new(Inner { settings, ..Inner::clone(&self.0) }))
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

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    pub(crate) fn customers(&self) -> &Customers {
        &self.0.customers
    }

    pub(crate) fn flights(&self) -> &Flights {
        &self.0.flights
    }

    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    pub(crate) fn settings(&self) -> Settings {
        self.0.settings
    }
}

#[cfg(test)]
mod fuzz_tests;
#[cfg(test)]
mod tests;
