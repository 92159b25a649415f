//! Claims of missing miles, and partners: agreements, activity files, settlement.
//!
//! [`claims`] judges what members miss against flown facts; it never posts. [`activity`] posts what
//! partners send, from the partner's account of the books; [`settlement`] says what is owed for it.
//! Words, invariants and outcomes of bad input are in README.md.

pub mod activity;
pub mod agreements;
mod api;
pub mod claims;
pub mod error;
pub mod events;
pub mod names;
pub mod pages;
pub mod permissions;
pub mod settlement;
#[cfg(test)]
mod testing;
mod words;

use std::sync::Arc;

use access::Access;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use customers::Customers;
use flights::Flights;
use kernel::Clock;
use loyalty::Loyalty;
use store::Db;
use store::blobs::Blobs;
use store::jobs::Handlers;

pub use api::{Rooms, api};
pub use error::{Error, FieldError, Result};
pub use words::UnknownWord;

/// What this domain keeps.
pub const MIGRATIONS: &[store::Migration] = store::migrations!["20261123_224500_partners"];

/// The words of this domain.
pub const TEXTS: &[(kernel::Lang, &str)] = &[
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

/// Tables with rows about a member.
pub const PERSONAL_TABLES: &[&str] = &["retro_claim", "partner_activity"];

/// What the service is built from.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who may, the audit trail.
    pub access: Access,
    /// Where files are kept.
    pub blobs: Blobs,
    /// Who people are.
    pub customers: Customers,
    /// What was flown.
    pub flights: Flights,
    /// Members and the books.
    pub loyalty: Loyalty,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Partners(Arc<Parts>);

impl std::fmt::Debug for Partners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Partners")
    }
}

impl Partners {
    /// The service of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Adds the handlers of this domain's jobs.
    pub fn handlers(&self, handlers: &mut Handlers) {
        self.claim_handlers(handlers);
        self.file_handlers(handlers);
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
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

    pub(crate) fn loyalty(&self) -> &Loyalty {
        &self.0.loyalty
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    pub(crate) fn today(&self) -> NaiveDate {
        self.day_of(self.now())
    }

    /// The day of a moment, where the books are kept.
    pub(crate) fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.loyalty().zone()).date_naive()
    }

    /// The moment a day begins, where the books are kept.
    pub(crate) fn midnight(&self, day: NaiveDate) -> DateTime<Utc> {
        let local = self.loyalty().zone().from_local_datetime(&day.and_time(NaiveTime::MIN));
        local.earliest().map_or(DateTime::<Utc>::MAX_UTC, |at| at.with_timezone(&Utc))
    }

    /// `2026-11`, where the books are kept.
    pub(crate) fn month_of(&self, at: DateTime<Utc>) -> String {
        self.day_of(at).format("%Y-%m").to_string()
    }
}
