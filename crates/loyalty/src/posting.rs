//! Posting for programs: partners' systems, the redemption of a shop. People propose instead.

use access::{Actor, ActorKind};

use crate::ledger::{Outcome, Role, Step, Transfer};
use crate::{Error, Loyalty, Result, permissions};

impl Loyalty {
    /// Posts a batch for a program ([`crate::Ledger::post`]). The id of each transfer makes asking
    /// again safe.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Refused`] `loyalty-post-by-program` for a person at a screen,
    /// `loyalty-adjustment-by-two` for a transfer with the account of adjustments.
    pub async fn post(&self, actor: &Actor, transfers: Vec<Transfer>) -> Result<Vec<Outcome>> {
        actor.may(permissions::POST)?;
        if actor.kind == ActorKind::Staff {
            return Err(Error::Refused("loyalty-post-by-program"));
        }
        let mut tx = self.db().read().await?;
        for transfer in &transfers {
            let (Step::Post { debit, credit, .. } | Step::Hold { debit, credit, .. }) =
                transfer.step
            else {
                continue;
            };
            for id in [debit, credit] {
                let account = self.ledger().account(&mut tx, id).await?;
                if account.is_some_and(|account| account.role == Role::Adjustment) {
                    return Err(Error::Refused("loyalty-adjustment-by-two"));
                }
            }
        }
        drop(tx);
        self.ledger().post(transfers).await
    }
}
