//! The end of a hold that is not confirmed: called off, turned down by a review, or its time over.

use access::Actor;
use kernel::Outcome;
use loyalty::ledger::{Outcome as Posted, Step as Move};
use serde_json::json;
use store::Tx;

use crate::model::{Redemption, State, Step};
use crate::redeem::again;
use crate::say::Line;
use crate::{
    Awards, Error, RedemptionId, Result, catalogue, events, may, permissions, store as db,
};

/// Holds looked at in one round of the job.
const ROUND: i64 = 500;

impl Awards {
    /// Calls off a redemption that is not confirmed: miles and thing go back. Again is
    /// [`Outcome::AlreadyDone`], and so is one whose time was over.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Refused`] `awards-settled`: take it back.
    pub async fn cancel(&self, actor: &Actor, id: RedemptionId) -> Result<Outcome<Redemption>> {
        again!(self.try_end(actor, id, Step::Cancelled))
    }

    /// Ends a hold whose time is over.
    pub(crate) async fn lapse(&self, id: RedemptionId) -> Result<Outcome<Redemption>> {
        again!(self.try_end(&Actor::system("awards"), id, Step::Lapsed))
    }

    /// Gives back what a review did not clear.
    pub(crate) async fn turn_down(&self, id: RedemptionId) -> Result<Outcome<Redemption>> {
        again!(self.try_end(&Actor::system("awards"), id, Step::TurnedDown))
    }

    async fn try_end(
        &self,
        actor: &Actor,
        id: RedemptionId,
        why: Step,
    ) -> Result<Outcome<Redemption>> {
        let mut tx = self.db().begin().await?;
        let mut known = db::hold(&mut tx, id).await?;
        may(actor, known.member, permissions::REDEEM)?;
        match known.state {
            State::Review | State::Held => {}
            State::Settled => return Err(Error::Refused("awards-settled")),
            State::Cancelled | State::Lapsed | State::Redeposited => {
                return Ok(Outcome::AlreadyDone(known));
            }
        }
        let ended = self.give_back(&mut tx, &known).await?;
        // Whoever comes first, the clock or the caller: a hold the ledger ended has lapsed.
        let why = if ended { Step::Lapsed } else { why };
        known.state = if why == Step::Lapsed { State::Lapsed } else { State::Cancelled };
        known.ended_at = Some(self.now());
        db::update(&mut tx, &known).await?;
        db::step(&mut tx, (id, self.now()), actor, why, json!({})).await?;
        events::changed(&mut tx, self.now(), &known).await?;
        tx.commit().await?;
        Ok(Outcome::Done(known))
    }

    /// Releases the holds and the thing. Returns whether the ledger had ended a hold before.
    async fn give_back(&self, tx: &mut Tx, of: &Redemption) -> Result<bool> {
        if let Some((sku, quantity)) = of.wish.item() {
            catalogue::unreserve(tx, (&of.programme, sku), quantity).await?;
        }
        let rules = self.standing(tx, of.member).await?.rules;
        let line = if of.due_at <= self.now() { Line::Lapsed } else { Line::Cancelled };
        let mut holds = db::holds(tx, of.id).await?;
        let mut ended = false;
        // Not a chain: of several holds one may have ended by itself.
        for hold in &mut holds {
            let step = Move::Release { hold: hold.hold, amount: None, grace: None };
            let transfer = self.transfer(rules.programme(), of, step, line);
            let outcome =
                self.loyalty().ledger().post_in(tx, std::slice::from_ref(&transfer)).await?;
            match outcome.first() {
                Some(Posted::Posted | Posted::AlreadyPosted) => hold.back = Some(transfer.id),
                Some(Posted::HoldEnded) => ended = true,
                other => {
                    let why = other.copied().unwrap_or(Posted::HoldNotFound);
                    return Err(loyalty::Error::Ledger(why).into());
                }
            }
        }
        db::update_holds(tx, of.id, &holds).await?;
        Ok(ended)
    }

    /// Ends redemptions whose time is over, some at a time; returns how many were ended. Each by
    /// itself: killed, repeated or late it ends at the same.
    ///
    /// # Errors
    /// When the database fails; what was ended stays.
    pub async fn end_due(&self) -> Result<u64> {
        let mut tx = self.db().read().await?;
        let due = db::due(&mut tx, self.now(), ROUND).await?;
        drop(tx);
        let mut ended = 0;
        for id in due {
            match self.lapse(id).await {
                Ok(done) => ended += u64::from(!done.is_repeat()),
                // Confirmed meanwhile.
                Err(Error::Refused("awards-settled")) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(ended)
    }
}
