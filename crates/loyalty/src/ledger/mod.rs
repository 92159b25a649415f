//! The miles ledger: double entry, added to only.
//!
//! A [`Transfer`] has one debit, one credit, one positive amount, and an id its caller gave; asking
//! twice posts once. [`Ledger::post`] is the one way to write. A batch goes through these steps:
//! lock and read what it touches (`load`), decide transfer after transfer in memory (`decide`, on
//! `books`), write all of it in a few statements (`write`). Balances, holds and lots are kept up in
//! the same transaction; [`Ledger::check`] works them out anew from the transfers.
//!
//! A batch of n transfers takes some fifteen statements and memory for n transfers, the accounts
//! they touch, and the lots with miles left of the accounts they debit.

mod accounts;
mod books;
mod check;
mod decide;
mod due;
mod lines;
mod load;
mod model;
mod open;
mod outcome;
mod post;
mod posted;
mod reverse;
mod rows;
mod same;
mod write;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use kernel::Clock;
use store::Db;

pub use accounts::Line;
pub use check::{Checked, Difference, Part};
pub use lines::{Sort, Which};
pub(crate) use model::words;
pub use model::{
    Account, AccountId, AccountState, AtDue, Book, Due, Hold, Kind, LARGEST_AMOUNT,
    LARGEST_BALANCE, Lot, NEVER, Place, Posted, Role, Shortfall, Step, Transfer, TransferId, Unit,
};
pub use outcome::{OUTCOMES, Outcome};
pub use post::is_meanwhile;
pub(crate) use post::meanwhile;

/// The books. Cheap to clone; clones commit together.
#[derive(Clone)]
pub struct Ledger(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    zone: Tz,
    queue: Mutex<Vec<post::Waiting>>,
    leader: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ledger")
    }
}

impl Ledger {
    /// The books in this database. Days of expiry end at midnight in `zone`.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, zone: Tz) -> Self {
        let (queue, leader) = (Mutex::default(), tokio::sync::Mutex::default());
        Self(Arc::new(Inner { db, clock, zone, queue, leader }))
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }
}
