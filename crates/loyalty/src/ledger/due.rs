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

fn chunks<T: From<Uuid>>(ids: &[Uuid]) -> Vec<Vec<T>> {
    ids.chunks(CHUNK).map(|chunk| chunk.iter().map(|id| T::from(*id)).collect()).collect()
}

impl Ledger {
    /// The ledger's day now.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.0.clock.today(self.0.zone)
    }

    /// Books out every lot whose last day has passed. Returns how many.
    ///
    /// # Errors
    /// When the database fails; what was booked stays.
    pub async fn expire(&self) -> Result<u64> {
        let mut booked = 0;
        for chunk in self.due_accounts().await? {
            booked += self.expire_chunk(&chunk).await?;
        }
        Ok(booked)
    }

    /// Accounts with lots to be booked out, in parts for [`Ledger::expire_chunk`].
    pub(crate) async fn due_accounts(&self) -> Result<Vec<Vec<AccountId>>> {
        let mut tx = self.db().read().await?;
        let due: Vec<Uuid> = tx
            .values(
                sql("SELECT id FROM ledger_account WHERE next_expiry < $1 AND next_expiry < $2
                     ORDER BY id")
                .bind(self.today())
                .bind(NEVER),
            )
            .await?;
        Ok(chunks(&due))
    }

    /// Books out what is due on some accounts, in one transaction.
    pub(crate) async fn expire_chunk(&self, which: &[AccountId]) -> Result<u64> {
        let accounts: BTreeSet<AccountId> = which.iter().copied().collect();
        let touched = Touched {
            with_lots: accounts.iter().copied().collect(),
            accounts: accounts.clone(),
            ..Touched::default()
        };
        let mut tx = self.db().begin().await?;
        let mut books = load(&mut tx, touched, self.now(), self.0.zone).await?;
        let booked = accounts.into_iter().map(|id| books.expire(id)).sum();
        write::write(&mut tx, &books).await?;
        tx.commit().await?;
        Ok(booked)
    }

    /// Ends the holds whose time has come: given back or passed on, as each says. Returns how many.
    ///
    /// # Errors
    /// When the database fails; what was ended stays.
    pub async fn end_holds(&self) -> Result<u64> {
        let mut ended = 0;
        for chunk in self.due_holds().await? {
            ended += self.end_chunk(&chunk).await?;
        }
        Ok(ended)
    }

    /// Holds to be ended, in parts for [`Ledger::end_chunk`].
    pub(crate) async fn due_holds(&self) -> Result<Vec<Vec<TransferId>>> {
        let mut tx = self.db().read().await?;
        let due: Vec<Uuid> = tx
            .values(
                sql("SELECT id FROM ledger_hold WHERE is_open AND due_at IS NOT NULL
                       AND due_at <= $1 ORDER BY id")
                .bind(self.now()),
            )
            .await?;
        Ok(chunks(&due))
    }

    /// Ends some holds, in one transaction.
    pub(crate) async fn end_chunk(&self, which: &[TransferId]) -> Result<u64> {
        let about: BTreeSet<TransferId> = which.iter().copied().collect();
        let touched = Touched { about: about.clone(), ..Touched::default() };
        let mut tx = self.db().begin().await?;
        let mut books = load(&mut tx, touched, self.now(), self.0.zone).await?;
        let ended = about.into_iter().filter(|id| decide::end_due(&mut books, *id)).count();
        write::write(&mut tx, &books).await?;
        tx.commit().await?;
        Ok(u64::try_from(ended).unwrap_or(u64::MAX))
    }
}
