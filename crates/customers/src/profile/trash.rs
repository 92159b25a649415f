//! The trash: out of lists and search, kept whole, restored with one click.

use access::Actor;
use kernel::Outcome;
use serde_json::Map;
use store::{Tx, sql};

use super::edit::claim_version;
use super::load;
use crate::changes::Change;
use crate::model::{Customer, CustomerId};
use crate::{Customers, Error, Result, events, permissions};

impl Customers {
    /// Puts a customer in the trash.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Denied`].
    pub async fn trash(&self, actor: &Actor, id: CustomerId) -> Result<Outcome<Customer>> {
        let mut tx = self.db().begin().await?;
        let done = self.trash_in(&mut tx, actor, id, true).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Takes a customer out of the trash.
    ///
    /// # Errors
    /// As [`Customers::trash`].
    pub async fn restore(&self, actor: &Actor, id: CustomerId) -> Result<Outcome<Customer>> {
        let mut tx = self.db().begin().await?;
        let done = self.trash_in(&mut tx, actor, id, false).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Either, in a transaction of the caller.
    ///
    /// # Errors
    /// As [`Customers::trash`].
    pub async fn trash_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: CustomerId,
        into: bool,
    ) -> Result<Outcome<Customer>> {
        actor.may(permissions::TRASH)?;
        let before = load(tx, id).await?;
        if before.merged_into.is_some() {
            return Err(Error::Merged);
        }
        if before.trashed_at.is_some() == into {
            return Ok(Outcome::AlreadyDone(before));
        }
        let now = self.now();
        let version = before.version + 1;
        if !claim_version(tx, id, before.version, version).await? {
            return Ok(Outcome::AlreadyDone(load(tx, id).await?));
        }
        tx.exec(
            sql("UPDATE customer SET trashed_at = $2, changed_at = $3 WHERE id = $1")
                .bind(id.uuid())
                .bind(into.then_some(now))
                .bind(now),
        )
        .await?;
        let (event, action, field) = if into {
            (events::TRASHED, "customers.trashed", "trashed")
        } else {
            (events::RESTORED, "customers.restored", "restored")
        };
        let change = Change { customer: id, version, fields: vec![field], before: Map::new() };
        self.write_down(tx, actor, (event, action), change, now).await?;
        Ok(Outcome::Done(load(tx, id).await?))
    }
}
