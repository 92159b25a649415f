//! Taking back what was confirmed: miles come back less the fee, vouchers are void, the thing is on
//! the shelf again.

use access::Actor;
use chrono::{Days, NaiveDate, NaiveTime, TimeZone, Utc};
use kernel::Outcome;
use loyalty::ledger::{Shortfall, Step as Move};
use programme::Programme;
use serde_json::json;
use store::Tx;

use crate::model::{Redemption, State, Step};
use crate::redeem::again;
use crate::say::Line;
use crate::{
    Awards, Error, RedemptionId, Result, catalogue, events, may, permissions, store as db, vouchers,
};

/// What taking back costs now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Row of the rules.
    pub row: String,
    /// Miles kept back.
    pub fee_miles: i64,
    /// Money kept back, or asked for where less was paid; in minor units.
    pub fee_minor: i64,
    /// Miles that come back.
    pub back_miles: i64,
    /// Money that comes back; below zero what is asked for.
    pub back_minor: i64,
    /// Miles that expired meanwhile can be used until this day; `None`: they stay expired.
    pub grace: Option<NaiveDate>,
}

impl Awards {
    /// What taking back would cost now, by the rules and the tier of today.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Refused`] `awards-not-settled`,
    /// `awards-no-way-back` (the rules do not allow it, or not any more), `awards-goods-gone` (a
    /// thing that was sent), `awards-voucher-spent`.
    pub async fn terms(&self, actor: &Actor, id: RedemptionId) -> Result<Terms> {
        let mut tx = self.db().read().await?;
        let known = db::find(&mut tx, id).await?.ok_or(Error::NotFound("redemption"))?;
        may(actor, known.member, permissions::READ)?;
        let standing = self.standing(&mut tx, known.member).await?;
        self.terms_in(&mut tx, &known, standing.rank, standing.rules.programme()).await
    }

    async fn terms_in(
        &self,
        tx: &mut Tx,
        of: &Redemption,
        rank: programme::Rank,
        rules: &Programme,
    ) -> Result<Terms> {
        if of.state != State::Settled {
            return Err(Error::Refused("awards-not-settled"));
        }
        let today = self.today();
        let until = match (of.departs_at, of.wish.item()) {
            (Some(at), _) => at,
            // A voucher is like a flight that leaves when its last day is over.
            (None, Some((sku, _))) => {
                let item = catalogue::find(tx, (&of.programme, sku)).await?;
                if item.is_none_or(|item| item.form != catalogue::Form::Voucher) {
                    return Err(Error::Refused("awards-goods-gone"));
                }
                let last = vouchers::whole(tx, of).await?;
                let night = last.succ_opt().unwrap_or(last).and_time(NaiveTime::MIN);
                let midnight = self.0.zone.from_local_datetime(&night).earliest();
                midnight.map_or(self.now(), |at| at.with_timezone(&Utc))
            }
            (None, None) => return Err(Error::Refused("awards-no-way-back")),
        };
        // Whole hours, rounded down: a minute after the limit is after it.
        let hours = (until - self.now()).num_seconds().div_euclid(3_600);
        let terms = rules.redeposit(rank, hours, of.miles, today);
        let terms = terms.ok_or(Error::Refused("awards-no-way-back"))?;
        let fee = terms.fee.ok_or(Error::Refused("awards-no-way-back"))?;
        let grace = Some(terms.grace_days).filter(|days| *days > 0);
        Ok(Terms {
            row: terms.row.to_string(),
            fee_miles: fee.miles,
            fee_minor: fee.minor,
            back_miles: of.miles - fee.miles,
            back_minor: of.minor - fee.minor,
            grace: grace.and_then(|days| today.checked_add_days(Days::new(days.into()))),
        })
    }

    /// Takes a redemption back for the fee that was told. Again is [`Outcome::AlreadyDone`].
    ///
    /// # Errors
    /// As [`Self::terms`]; [`Error::Refused`] `awards-fee-changed` when the fee is another by now.
    pub async fn redeposit(
        &self,
        actor: &Actor,
        id: RedemptionId,
        told: (i64, i64),
    ) -> Result<Outcome<Redemption>> {
        again!(self.try_redeposit(actor, id, told))
    }

    async fn try_redeposit(
        &self,
        actor: &Actor,
        id: RedemptionId,
        told: (i64, i64),
    ) -> Result<Outcome<Redemption>> {
        let mut tx = self.db().begin().await?;
        let mut known = db::hold(&mut tx, id).await?;
        // Members ask staff: what was issued has to be given up first.
        actor.may(permissions::REDEPOSIT)?;
        if known.state == State::Redeposited {
            return Ok(Outcome::AlreadyDone(known));
        }
        let standing = self.standing(&mut tx, known.member).await?;
        let rules = standing.rules.programme();
        let terms = self.terms_in(&mut tx, &known, standing.rank, rules).await?;
        if (terms.fee_miles, terms.fee_minor) != told {
            return Err(Error::Refused("awards-fee-changed"));
        }
        if let Some((sku, quantity)) = known.wish.item() {
            vouchers::make_void(&mut tx, &known).await?;
            catalogue::return_issued(&mut tx, (&known.programme, sku), quantity).await?;
        }
        self.reverse(&mut tx, &known, &terms, rules).await?;
        known.state = State::Redeposited;
        known.ended_at = Some(self.now());
        (known.fee_miles, known.fee_minor) = (terms.fee_miles, terms.fee_minor);
        known.fee_row = terms.row;
        db::update(&mut tx, &known).await?;
        let detail = json!({"fee_miles": terms.fee_miles, "fee_minor": terms.fee_minor,
            "grace": terms.grace});
        db::step(&mut tx, (id, self.now()), actor, Step::Redeposited, detail).await?;
        events::changed(&mut tx, self.now(), &known).await?;
        tx.commit().await?;
        Ok(Outcome::Done(known))
    }

    /// Reverses what was settled, less the fee: what is kept back stays where it was spent.
    async fn reverse(
        &self,
        tx: &mut Tx,
        of: &Redemption,
        terms: &Terms,
        rules: &Programme,
    ) -> Result<()> {
        let mut holds = db::holds(tx, of.id).await?;
        let (mut fee, mut chain) = (terms.fee_miles, Vec::new());
        for hold in &mut holds {
            let Some(settled) = hold.settle else { continue };
            let kept = fee.min(hold.amount);
            fee -= kept;
            if kept == hold.amount {
                continue;
            }
            let step = Move::Reverse {
                transfer: settled,
                amount: Some(hold.amount - kept),
                shortfall: Shortfall::Refuse,
                grace: terms.grace,
            };
            let line = Line::Back { fee: terms.fee_miles };
            let transfer = self.transfer(rules, of, step, line);
            hold.back = Some(transfer.id);
            chain.push(transfer.linked());
        }
        self.post(tx, chain).await?;
        db::update_holds(tx, of.id, &holds).await
    }
}
