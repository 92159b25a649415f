//! What miles buy: quotes, redemptions from hold to redeposit, things with their stock, vouchers.
//!
//! Prices and the terms of taking back are computed by `programme`, miles move by
//! [`loyalty::Ledger`] and nothing else. [`Awards`] ties them together: stock, vouchers, history and
//! transfers change in one transaction. Words, invariants and outcomes of bad input are in README.md.

mod api;
pub mod catalogue;
mod confirm;
mod end;
pub mod error;
pub mod events;
mod jobs;
mod listeners;
pub mod model;
pub mod pages;
pub mod permissions;
pub mod price;
pub mod quote;
mod reading;
mod redeem;
mod redeposit;
pub mod say;
mod store;
pub mod vouchers;
pub mod wish;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use access::{Access, Actor, ActorKind, Permission};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use kernel::Clock;
use loyalty::{Loyalty, MemberId};

pub use api::{Rooms, api};
pub use confirm::Confirm;
pub use error::{Error, FieldError, Result};
pub use jobs::DUE_JOB;
pub use model::{Hold, Kind, Redemption, State, Step, StepRow};
pub use quote::{Quote, Quoted};
pub use redeem::Ask;
pub use redeposit::Terms;
pub use wish::Wish;

kernel::typed_id!(
    /// A redemption. The caller gives it, so that asking twice redeems once.
    RedemptionId, "redemption"
);
kernel::typed_id!(
    /// A voucher.
    VoucherId, "voucher"
);

/// What this domain keeps.
pub const MIGRATIONS: &[::store::Migration] = ::store::migrations!["20261123_230000_awards"];

/// The words of this domain.
pub const TEXTS: &[(kernel::Lang, &str)] = &[
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

/// Tables that hold a member: what forgetting empties of the person.
pub const PERSONAL_TABLES: &[&str] = &["award_redemption", "award_voucher"];

/// How long things last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Minutes a quote is good for.
    pub quote_minutes: i64,
    /// Hours miles are held for a redemption that is not confirmed.
    pub hold_hours: i64,
    /// Hours they are held while a review waits.
    pub review_hours: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { quote_minutes: 15, hold_hours: 24, review_hours: 72 }
    }
}

/// What the service is built from.
pub struct Parts {
    /// The database.
    pub db: ::store::Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Who may, the audit trail, sealing.
    pub access: Access,
    /// Members, limits and the books.
    pub loyalty: Loyalty,
    /// Where days begin.
    pub zone: Tz,
    /// How long things last.
    pub rules: Rules,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Awards(Arc<Parts>);

impl std::fmt::Debug for Awards {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Awards")
    }
}

impl Awards {
    /// The service of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Members, limits and the books.
    #[must_use]
    pub fn loyalty(&self) -> &Loyalty {
        &self.0.loyalty
    }

    pub(crate) fn db(&self) -> &::store::Db {
        &self.0.db
    }

    pub(crate) fn access(&self) -> &Access {
        &self.0.access
    }

    pub(crate) fn rules(&self) -> Rules {
        self.0.rules
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// The day where the books are kept.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.0.clock.today(self.0.zone)
    }
}

/// Staff and programs by their roles; a member for themself, and of others nothing is told.
pub(crate) fn may(actor: &Actor, member: MemberId, permission: Permission) -> Result<()> {
    if actor.kind == ActorKind::Member {
        return if actor.id == member.uuid() { Ok(()) } else { Err(Error::NotFound("redemption")) };
    }
    Ok(actor.may(permission)?)
}
