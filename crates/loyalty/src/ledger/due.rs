//! What the clock does: lots expire, holds end. Both by state alone, so that a run that is killed,
//! repeated or late ends at the same books.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use store::sql;
use uuid::Uuid;

use super::load::{Touched, load};
use super::model::{AccountId, NEVER, TransferId};
use super::{Ledger, decide, write};
use crate::Result;

/// Accounts or holds in one transaction.
const CHUNK: usize = 5_000;

/// Told after every transaction: how many of how many are done. An error stops the run; what was
/// done stays.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, u64) + Send);

impl Ledger {
    /// The ledger's day now.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.0.clock.today(self.0.zone)
    }

    /// Books out every lot whose last day has passed. Returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn expire(&self, progress: Progress<'_>) -> Result<u64> {
        let due: Vec<Uuid> = {
            let mut tx = self.db().read().await?;
            tx.values(
                sql("SELECT id FROM ledger_account WHERE next_expiry < $1 AND next_expiry < $2
                     ORDER BY id")
                .bind(self.today())
                .bind(NEVER),
            )
            .await?
        };
        let mut booked = 0;
        for (at, chunk) in due.chunks(CHUNK).enumerate() {
            let accounts: BTreeSet<AccountId> = chunk.iter().map(|id| (*id).into()).collect();
            let touched = Touched {
                with_lots: accounts.iter().copied().collect(),
                accounts: accounts.clone(),
                ..Touched::default()
            };
            let mut tx = self.db().begin().await?;
            let mut books = load(&mut tx, touched, self.now(), self.0.zone).await?;
            booked += accounts.into_iter().map(|id| books.expire(id)).sum::<u64>();
            write::write(&mut tx, &books).await?;
            tx.commit().await?;
            tell(progress, at, chunk.len(), due.len());
        }
        Ok(booked)
    }

    /// Ends the holds whose time has come: given back or passed on, as each says. Returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_holds(&self, progress: Progress<'_>) -> Result<u64> {
        let due: Vec<Uuid> = {
            let mut tx = self.db().read().await?;
            tx.values(
                sql("SELECT id FROM ledger_hold WHERE is_open AND due_at IS NOT NULL
                       AND due_at <= $1 ORDER BY id")
                .bind(self.now()),
            )
            .await?
        };
        let mut ended = 0;
        for (at, chunk) in due.chunks(CHUNK).enumerate() {
            let about: BTreeSet<TransferId> = chunk.iter().map(|id| (*id).into()).collect();
            let touched = Touched { about: about.clone(), ..Touched::default() };
            let mut tx = self.db().begin().await?;
            let mut books = load(&mut tx, touched, self.now(), self.0.zone).await?;
            for id in about {
                ended += u64::from(decide::end_due(&mut books, id));
            }
            write::write(&mut tx, &books).await?;
            tx.commit().await?;
            tell(progress, at, chunk.len(), due.len());
        }
        Ok(ended)
    }
}

fn tell(progress: Progress<'_>, at: usize, chunk: usize, all: usize) {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    progress(count(at * CHUNK + chunk), count(all));
}
