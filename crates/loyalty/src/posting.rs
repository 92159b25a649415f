//! Posting for programs: partners' systems, the redemption of a shop. People propose instead.

use std::collections::HashSet;

use access::{Actor, ActorKind};
use store::sql;
use uuid::Uuid;

use crate::ledger::{Outcome, Step, Transfer};
use crate::{Error, Loyalty, Result, permissions};

impl Loyalty {
    /// Posts a batch for a program ([`crate::Ledger::post`]). The id of each transfer makes asking
    /// again safe.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Refused`] `loyalty-post-by-program` for a person at a screen,
    /// `loyalty-adjustment-by-two` for a transfer with the account of adjustments, or the reversal
    /// of one: nothing of the batch is posted.
    pub async fn post(&self, actor: &Actor, transfers: Vec<Transfer>) -> Result<Vec<Outcome>> {
        actor.may(permissions::POST)?;
        if actor.kind == ActorKind::Staff {
            return Err(Error::Refused("loyalty-post-by-program"));
        }
        let mut tx = self.db().read().await?;
        let by_two: Vec<Uuid> = tx
            .values(sql(
                "SELECT id FROM ledger_account WHERE owner_id IS NULL AND role = 'adjustment'",
            ))
            .await?;
        let (mut named, mut originals) = (HashSet::new(), Vec::new());
        for transfer in &transfers {
            match transfer.step {
                Step::Post { debit, credit, .. } | Step::Hold { debit, credit, .. } => {
                    named.extend([debit, credit]);
                }
                Step::Reverse { transfer, .. } => originals.push(transfer),
                Step::Settle { .. } | Step::Release { .. } => {}
            }
        }
        for original in self.ledger().transfers(&mut tx, &originals).await? {
            named.extend([original.debit, original.credit]);
        }
        drop(tx);
        if by_two.into_iter().any(|id| named.contains(&id.into())) {
            return Err(Error::Refused("loyalty-adjustment-by-two"));
        }
        self.ledger().post(transfers).await
    }
}
