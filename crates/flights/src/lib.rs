//! Schedules, dated flights, who was booked, what became of each passenger, what was flown, and what
//! it says about a customer's habits.
//!
//! [`Flights`] takes airline messages in ([`Flights::absorb`]) and files of coupons
//! ([`Flights::absorb_coupons`]); facts of files through three more doors
//! ([`Flights::apply_segments`], [`Flights::apply_summaries`], [`Flights::apply_months`]), set by
//! set and idempotently; takes an import back out ([`Flights::revert_import`]); keeps the Parquet
//! copies fresh that analysis reads ([`Flights::refresh_lake`]); and answers for a flight and for
//! one customer: [`Flights::flight`], [`Flights::bookings`], [`Flights::activity_by_month`],
//! [`Flights::preferences`], the trips of the timeline, the panels of the 360° page.

mod activity;
pub mod api;
mod changes;
mod error;
mod facts;
mod find;
mod forget;
mod lake_tables;
pub mod messages;
mod months;
mod moves;
mod operations;
pub mod outcomes;
pub mod pages;
mod passengers;
pub mod permissions;
pub mod preferences;
mod read;
pub mod schedule;
mod segments;
mod summaries;
pub mod tickets;
mod timeline;

use std::sync::Arc;

use customers::Customers;
use kernel::Clock;
use store::Db;

pub use activity::MonthActivity;
pub use changes::{Counted, Told};
pub use error::{Error, Result};
pub use facts::{Applied, Reverted};
pub use find::OnFlight;
pub use lake_tables::{Refreshed, SEGMENTS, SUMMARIES};
pub use months::{MonthInput, MonthTotals};
pub use preferences::{Habit, Preferences};
pub use read::{Booked, FlightOut, LegOut, MessageFact, MessageOut, PassengerOut, Total};
pub use segments::{SegmentInput, Trip};
pub use summaries::SummaryInput;
pub use tickets::CouponInput;

/// What this domain keeps.
pub const MIGRATIONS: &[store::Migration] = store::migrations![
    "20261122_120000_flights",
    "20261123_110000_operations",
    "20261123_111000_coming",
    "20261123_130000_counted"
];

/// The words of this domain.
pub const TEXTS: &[(kernel::Lang, &str)] = &[
    (kernel::Lang::En, include_str!("../texts/en.ftl")),
    (kernel::Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Flights {
    db: Db,
    clock: Arc<dyn Clock>,
    customers: Customers,
    told: Option<Told>,
}

impl std::fmt::Debug for Flights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flights")
    }
}

impl Flights {
    /// The service on this database.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, customers: Customers) -> Self {
        Self { db, clock, customers, told: None }
    }

    /// The moment by this service's clock.
    #[must_use]
    pub(crate) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }
}

#[cfg(test)]
mod tests;
