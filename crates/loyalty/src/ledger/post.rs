//! The one way to write to the books.

use tokio::sync::oneshot;

use store::Tx;

use super::load::{Touched, load};
use super::{Ledger, Outcome, Transfer, decide, write};
use crate::{Error, Result};

/// Batches up to this length are committed together with those of others that wait.
const SMALL: usize = 100;
/// Transfers committed together at most.
const GROUP: usize = 2_000;
/// How often a batch is tried that met another one.
const TRIES: usize = 5;

/// A batch that waits to be committed with others.
#[derive(Debug)]
pub(super) struct Waiting {
    transfers: Vec<Transfer>,
    answer: oneshot::Sender<Vec<Outcome>>,
}

impl Ledger {
    /// Posts a batch: one transaction, one outcome for each transfer, in order. A refused transfer
    /// changes nothing and holds up no other; linked ones are all posted or none.
    ///
    /// When it returns, what is posted is on disk. Small batches of several callers are committed
    /// together. If the caller is gone before the answer, the batch may or may not be posted: ask
    /// again with the same ids.
    ///
    /// # Errors
    /// When the database fails: ask again with the same ids.
    pub async fn post(&self, transfers: Vec<Transfer>) -> Result<Vec<Outcome>> {
        if transfers.is_empty() {
            return Ok(Vec::new());
        }
        if transfers.len() > SMALL {
            return self
                .post_alone(&[transfers])
                .await
                .map(|mut all| all.pop().unwrap_or_default());
        }
        let (answer, mut answered) = oneshot::channel();
        let again = transfers.clone();
        self.queue().push(Waiting { transfers, answer });
        let leading = self.0.leader.lock().await;
        if let Ok(outcomes) = answered.try_recv() {
            return Ok(outcomes);
        }
        let group = self.next_group();
        let (batches, answers): (Vec<_>, Vec<_>) =
            group.into_iter().map(|one| (one.transfers, one.answer)).unzip();
        let posted =
            if batches.is_empty() { Ok(Vec::new()) } else { self.post_alone(&batches).await };
        drop(leading);
        // Whoever is not answered, because this failed or its leader was cancelled, goes alone.
        for (outcomes, answer) in posted?.into_iter().zip(answers) {
            drop(answer.send(outcomes));
        }
        match answered.try_recv() {
            Ok(outcomes) => Ok(outcomes),
            Err(_) => self.post_alone(&[again]).await.map(|mut all| all.pop().unwrap_or_default()),
        }
    }

    /// [`Ledger::post`] in a transaction of the caller: true when that is committed.
    ///
    /// # Errors
    /// [`Error::Meanwhile`] when another batch posted one of the ids just now: drop the transaction
    /// and do it again.
    pub async fn post_in(&self, tx: &mut Tx, transfers: &[Transfer]) -> Result<Vec<Outcome>> {
        let mut all = self.run(tx, &[transfers.to_vec()]).await.map_err(meanwhile)?;
        Ok(all.pop().unwrap_or_default())
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.0.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn next_group(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let mut length = 0;
        let fits = queue.iter().take_while(|one| {
            length += one.transfers.len();
            length <= GROUP
        });
        let count = fits.count();
        queue.drain(..count).collect()
    }

    async fn post_alone(&self, batches: &[Vec<Transfer>]) -> Result<Vec<Vec<Outcome>>> {
        let mut tries = 1;
        loop {
            match self.try_post(batches).await {
                Err(error) if tries < TRIES && is_meanwhile(&error) => tries += 1,
                other => return other.map_err(meanwhile),
            }
        }
    }

    async fn try_post(&self, batches: &[Vec<Transfer>]) -> Result<Vec<Vec<Outcome>>> {
        let mut tx = self.db().begin().await?;
        let outcomes = self.run(&mut tx, batches).await?;
        tx.commit().await?;
        Ok(outcomes)
    }

    async fn run(&self, tx: &mut Tx, batches: &[Vec<Transfer>]) -> Result<Vec<Vec<Outcome>>> {
        let touched = Touched::by(batches.iter().flatten());
        let mut books = load(tx, touched, self.now(), self.0.zone).await?;
        let outcomes =
            batches.iter().map(|batch| decide::batch(&mut books, batch)).collect::<Vec<_>>();
        write::write(tx, &books).await?;
        Ok(outcomes)
    }
}

/// Two batches with one new id meet only when the second writes it; two that lock in another order
/// than ours are told apart by PostgreSQL. The same transaction again may succeed.
#[must_use]
pub fn is_meanwhile(error: &Error) -> bool {
    match error {
        Error::Store(store::Error::Conflict(_)) => true,
        Error::Store(store::Error::Statement(sqlx::Error::Database(reported))) => {
            matches!(reported.code().as_deref(), Some("40P01" | "40001"))
        }
        _ => false,
    }
}

pub(crate) fn meanwhile(error: Error) -> Error {
    if is_meanwhile(&error) { Error::Meanwhile } else { error }
}
