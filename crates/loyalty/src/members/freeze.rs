//! Freezing: nothing new begins on a member's accounts. Holds under way end, expiry goes on.

use access::{Actor, Details};
use kernel::Outcome;
use serde_json::json;
use store::sql;

use super::load;
use crate::ledger::AccountState;
use crate::{Error, Loyalty, MemberId, Result, events, permissions};

/// Why a member is frozen.
pub const REASONS: &[&str] = &["takeover", "fraud", "dispute", "deceased", "member-asked"];

impl Loyalty {
    /// Freezes a member: [`AccountState::DebitsFrozen`] (accrual goes on) or
    /// [`AccountState::Frozen`]; [`AccountState::Open`] takes it off. Accounts of members merged into
    /// it follow. `reason` is one of [`REASONS`].
    ///
    /// # Errors
    /// [`Error::Denied`]: taking off needs `loyalty.unfreeze`; [`Error::NotFound`];
    /// [`Error::Invalid`] for another reason or state.
    pub async fn freeze(
        &self,
        actor: &Actor,
        member: MemberId,
        state: AccountState,
        reason: &str,
    ) -> Result<Outcome<()>> {
        let opens = state == AccountState::Open;
        actor.may(if opens { permissions::UNFREEZE } else { permissions::FREEZE })?;
        let Some(reason) = REASONS.iter().find(|one| **one == reason) else {
            return Err(Error::invalid("reason", "loyalty-reason"));
        };
        if state == AccountState::Closed {
            return Err(Error::invalid("state", "loyalty-state"));
        }
        let mut tx = self.db().begin().await?;
        let before = super::hold(&mut tx, member).await?;
        if before.state == state {
            return Ok(Outcome::AlreadyDone(()));
        }
        // Loosening one freeze to the other is taking off, too.
        if before.state == AccountState::Frozen {
            actor.may(permissions::UNFREEZE)?;
        }
        self.put_state(&mut tx, member, state).await?;
        if opens {
            self.mark_member_due(&mut tx, member).await?;
            self.earn_soon(&mut tx).await?;
        }
        let data = json!({"state": state, "before": before.state, "reason": reason});
        let details = Details::new().code("state", state.as_str()).code("reason", reason);
        let what = (events::FROZEN, "loyalty.frozen");
        self.told(&mut tx, actor, member, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    pub(super) async fn put_state(
        &self,
        tx: &mut store::Tx,
        member: MemberId,
        state: AccountState,
    ) -> Result<()> {
        load(tx, member).await?;
        let accounts: Vec<_> =
            self.accounts(tx, member).await?.iter().map(|account| account.id).collect();
        self.ledger().set_state(tx, &accounts, state).await?;
        tx.exec(
            sql("UPDATE loyalty_member SET state = $2 WHERE id = $1")
                .bind(member.uuid())
                .bind(state.as_str()),
        )
        .await?;
        Ok(())
    }
}
