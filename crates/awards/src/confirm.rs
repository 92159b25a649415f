//! Confirming: the held miles are spent, vouchers are issued.

use access::Actor;
use kernel::Outcome;
use loyalty::ledger::Step as Move;
use programme::Programme;
use serde_json::json;
use store::Tx;

use crate::model::{Kind, Redemption, State, Step};
use crate::redeem::again;
use crate::say::Line;
use crate::{
    Awards, Error, RedemptionId, Result, catalogue, events, may, permissions, store as db,
};

/// Longest reference and receipt, in characters.
const LONGEST: usize = 60;

/// What is known when a redemption is confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirm {
    /// Ticket or document number of a flight, order number of a thing.
    pub reference: String,
    /// Receipt of the money, where the price has some.
    pub payment: String,
}

impl Confirm {
    fn checked(&self, of: &Redemption) -> Result<Self> {
        let fits =
            |text: &str| text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
        let trimmed = |text: &str| text.trim().to_owned();
        let said = Self { reference: trimmed(&self.reference), payment: trimmed(&self.payment) };
        if !fits(&said.reference) || (of.kind != Kind::Item && said.reference.is_empty()) {
            return Err(Error::invalid("reference", "awards-reference"));
        }
        if !fits(&said.payment) || (of.minor > 0 && said.payment.is_empty()) {
            return Err(Error::invalid("payment", "awards-payment"));
        }
        Ok(said)
    }
}

impl Awards {
    /// Spends the held miles and issues vouchers. Again is [`Outcome::AlreadyDone`]: what was said
    /// the first time stays.
    ///
    /// # Errors
    /// [`Error::Denied`] (members confirm only by redeeming), [`Error::NotFound`];
    /// [`Error::Invalid`] naming `reference` or `payment`; [`Error::Refused`] `awards-in-review`,
    /// `awards-ended`, `awards-hold-ended`.
    pub async fn confirm(
        &self,
        actor: &Actor,
        id: RedemptionId,
        said: &Confirm,
    ) -> Result<Outcome<Redemption>> {
        actor.may(permissions::REDEEM)?;
        let done = again!(self.try_confirm(actor, id, said));
        if matches!(done, Err(Error::Refused("awards-hold-ended"))) {
            // The miles are back: the thing goes back, too.
            let _ = self.lapse(id).await?;
        }
        done
    }

    async fn try_confirm(
        &self,
        actor: &Actor,
        id: RedemptionId,
        said: &Confirm,
    ) -> Result<Outcome<Redemption>> {
        let mut tx = self.db().begin().await?;
        let mut known = db::hold(&mut tx, id).await?;
        match known.state {
            State::Held => {}
            State::Settled => return Ok(Outcome::AlreadyDone(known)),
            State::Review => return Err(Error::Refused("awards-in-review")),
            State::Cancelled | State::Lapsed | State::Redeposited => {
                return Err(Error::Refused("awards-ended"));
            }
        }
        let rules = self.standing(&mut tx, known.member).await?.rules;
        let said = said.checked(&known)?;
        self.settle(&mut tx, actor, &mut known, &said, rules.programme()).await?;
        events::changed(&mut tx, self.now(), &known).await?;
        tx.commit().await?;
        Ok(Outcome::Done(known))
    }

    /// Settles what is held, in the transaction of the caller.
    pub(crate) async fn settle(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        of: &mut Redemption,
        said: &Confirm,
        rules: &Programme,
    ) -> Result<()> {
        let now = self.now();
        if let Some((sku, quantity)) = of.wish.item() {
            catalogue::issue(tx, (&of.programme, sku), quantity).await?;
        }
        let mut holds = db::holds(tx, of.id).await?;
        let mut chain = Vec::with_capacity(holds.len());
        for hold in &mut holds {
            let step = Move::Settle { hold: hold.hold, amount: None };
            let transfer = self.transfer(rules, of, step, Line::Settled);
            hold.settle = Some(transfer.id);
            chain.push(transfer.linked());
        }
        self.post(tx, chain).await?;
        db::update_holds(tx, of.id, &holds).await?;
        of.state = State::Settled;
        of.settled_at = Some(now);
        of.reference.clone_from(&said.reference);
        of.payment.clone_from(&said.payment);
        db::update(tx, of).await?;
        let vouchers = self.issue_vouchers(tx, of).await?;
        let detail = json!({"reference": of.reference, "vouchers": vouchers});
        db::step(tx, (of.id, now), actor, Step::Settled, detail).await
    }

    /// A redemption with what was paid from where and its history.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`], for a member also when it is another's.
    pub async fn redemption(
        &self,
        actor: &Actor,
        id: RedemptionId,
    ) -> Result<crate::reading::Whole> {
        let mut tx = self.db().read().await?;
        let redemption = db::find(&mut tx, id).await?;
        let Some(redemption) = redemption else {
            if actor.kind != access::ActorKind::Member {
                actor.may(permissions::READ)?;
            }
            return Err(Error::NotFound("redemption"));
        };
        may(actor, redemption.member, permissions::READ)?;
        let holds = db::holds(&mut tx, id).await?;
        let steps = db::steps(&mut tx, id).await?;
        Ok(crate::reading::Whole { redemption, holds, steps })
    }
}
