//! The member portal: a member's own pages about miles, tier, card, trips and access.
//!
//! Members are no staff. [`Portal`] keeps their passwords, activation codes and sessions
//! ([`account`]); what the pages show is read from the other domains for the one member the session
//! belongs to ([`read`]), and nothing in an address can name another. Words, limits and outcomes of
//! bad input are in README.md.

pub mod account;
pub mod barcode;
mod demo;
pub mod error;
pub mod pages;
pub mod permissions;
pub mod read;
pub mod testing;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use access::{Access, Actor};
use awards::Awards;
use benefits::Benefits;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use customers::Customers;
use flights::Flights;
use kernel::Clock;
use loyalty::Loyalty;
use partners::Partners;
use store::Db;

pub use demo::{Shown, demo_member};
pub use error::{Error, Result};

kernel::typed_id!(
    /// A member's session in a browser.
    SessionId, "portal-session"
);

/// What this domain keeps.
pub const MIGRATIONS: &[store::Migration] = store::migrations!["20261123_195000_portal"];

/// The words of this domain.
pub const TEXTS: &[(kernel::Lang, &str)] = &[
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

/// Tables with rows about a member: all of them are emptied when the person is erased.
pub const PERSONAL_TABLES: &[&str] = &["portal_login", "portal_invitation", "portal_session"];

/// How long things last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// An activation code.
    pub code_life: Duration,
    /// A session without a request ends after this.
    pub session_idle: Duration,
    /// A session ends after this in any case.
    pub session_life: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            code_life: Duration::hours(72),
            session_idle: Duration::hours(24),
            session_life: Duration::days(14),
        }
    }
}

/// What the accrual of a segment goes by: the key `loyalty::accrual::FlownFact` was given for it.
pub type KeyOf = fn(&flights::Trip) -> String;

/// What the service is built from.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Passwords, tries, the trail.
    pub access: Access,
    /// Who members are.
    pub customers: Customers,
    /// Trips past and to come.
    pub flights: Flights,
    /// Members and their miles.
    pub loyalty: Loyalty,
    /// What miles buy.
    pub awards: Awards,
    /// What their tiers are good for.
    pub benefits: Benefits,
    /// Claims of missing miles.
    pub partners: Partners,
    /// Where days begin.
    pub zone: Tz,
    /// How segments and accruals find each other.
    pub key_of: KeyOf,
    /// How long things last.
    pub limits: Limits,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Portal(Arc<Parts>);

impl std::fmt::Debug for Portal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Portal")
    }
}

impl Portal {
    /// The service of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    pub(crate) fn today(&self) -> NaiveDate {
        self.0.clock.today(self.0.zone)
    }

    /// The last moment of a day where the books are kept.
    pub(crate) fn end_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let next = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
        let midnight = self.0.zone.from_local_datetime(&next).earliest();
        midnight.map_or(DateTime::<Utc>::MAX_UTC, |at| {
            at.with_timezone(&Utc) - Duration::microseconds(1)
        })
    }

    pub(crate) fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.0.zone).date_naive()
    }

    /// Reads on behalf of the member whose session it is: what is read is decided by the session.
    pub(crate) fn reader() -> Actor {
        Actor::system("portal")
    }
}
