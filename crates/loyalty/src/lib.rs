//! Loyalty: members of the programmes, and every mile exact and explained.
//!
//! [`Ledger`] is the books: nothing but [`Ledger::post`] writes to them. [`Loyalty`] is the service
//! around them: members with cards, nominees, pools and tiers; limits and their reviews; adjustments
//! by two people; versions of the rules ([`programmes`]), what flights earn by them ([`accrual`]),
//! and which tier they lead to ([`tiers`]). Words, invariants and events are in README.md.

pub mod accrual;
mod api;
pub mod earning;
pub mod error;
pub mod events;
mod jobs;
pub mod ledger;
pub mod liability;
pub mod limits;
pub mod members;
pub mod pages;
pub mod permissions;
mod posting;
pub mod programmes;
pub mod promotions;
pub mod replay;
#[cfg(test)]
mod testing;
pub mod tiers;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use access::Access;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use customers::Customers;
use kernel::Clock;
use store::Db;

pub use api::{MemberDeed, Rooms, api};
pub use error::{Error, FieldError, Result, UnknownWord};
pub use jobs::{
    ADOPT_JOB, CHECK_JOB, EARN_JOB, EXPIRE_JOB, GROW_JOB, HOLDS_JOB, LIABILITY_JOB, PROMOTIONS_JOB,
    REPLAY_JOB, TIERS_JOB,
};
pub use ledger::Ledger;

kernel::typed_id!(
    /// A member of a programme.
    MemberId, "member"
);

/// What this domain keeps.
pub const MIGRATIONS: &[store::Migration] = store::migrations![
    "20261123_151000_ledger",
    "20261123_155000_members",
    "20261123_171000_accrual",
    "20261123_193000_earning",
    "20261123_193000_replay",
    "20261123_195000_console",
    "20261124_010000_due",
    "20261124_030000_report",
    "20261124_041000_promotions"
];

/// The words of this domain.
pub const TEXTS: [(kernel::Lang, &str); 2] = [
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

/// Figures of the programmes' conditions about members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Nominees at most.
    pub nominees: i64,
    /// Days until a nominee takes effect.
    pub nominee_days: u64,
    /// Members of a pool beside its head, at most.
    pub pool_members: i64,
    /// Days before somebody who left a pool joins one again.
    pub pool_rejoin_days: i64,
    /// Serial of the first member number given.
    pub first_serial: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            nominees: 10,
            nominee_days: 30,
            pool_members: 7,
            pool_rejoin_days: 180,
            first_serial: 600_000_000,
        }
    }
}

/// What the service is built from.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who may, the audit trail, sealing.
    pub access: Access,
    /// Whose memberships they are.
    pub customers: Customers,
    /// Where days begin.
    pub zone: Tz,
    /// Conditions.
    pub rules: Rules,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Loyalty(Arc<Inner>);

struct Inner {
    parts: Parts,
    ledger: Ledger,
    engines: Mutex<HashMap<programmes::VersionId, Arc<programme::Engine>>>,
}

impl std::fmt::Debug for Loyalty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Loyalty")
    }
}

impl Loyalty {
    /// The service of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let ledger = Ledger::new(parts.db.clone(), parts.clock.clone(), parts.zone);
        Self(Arc::new(Inner { parts, ledger, engines: Mutex::default() }))
    }

    /// The books.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// Where days begin.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.0.parts.zone
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.parts.db
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.parts.clock.now()
    }

    pub(crate) fn today(&self) -> NaiveDate {
        self.0.parts.clock.today(self.0.parts.zone)
    }

    /// The moment a day begins, where the books are kept.
    pub(crate) fn midnight(&self, day: NaiveDate) -> DateTime<Utc> {
        let local = self.0.parts.zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
        local.map_or(DateTime::<Utc>::MAX_UTC, |at| at.with_timezone(&Utc))
    }

    /// The day of a moment, where the books are kept.
    pub(crate) fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.0.parts.zone).date_naive()
    }

    pub(crate) fn engines(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<programmes::VersionId, Arc<programme::Engine>>> {
        self.0.engines.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn access(&self) -> &Access {
        &self.0.parts.access
    }

    pub(crate) fn customers(&self) -> &Customers {
        &self.0.parts.customers
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.0.parts.rules
    }
}
