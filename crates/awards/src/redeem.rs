//! From a quote to a hold: miles and stock are taken in one transaction, once for each id.

use access::Actor;
use chrono::{DateTime, Duration};
use kernel::Outcome;
use loyalty::MemberId;
use loyalty::ledger::{AccountState, AtDue, Book, Due, Role, TransferId, Unit};
use loyalty::ledger::{Outcome as Posted, Step as Move, Transfer};
use loyalty::limits::{Deed, Verdict, What};
use programme::Programme;
use serde_json::json;
use store::Tx;

use crate::confirm::Confirm;
use crate::model::{Hold, Redemption, State, Step};
use crate::price::offers;
use crate::quote::{Bound, Standing};
use crate::say::{self, Line};
use crate::{
    Awards, Error, RedemptionId, Result, catalogue, events, may, permissions, store as db,
};

/// How often a step is tried that met another one.
pub(crate) const TRIES: usize = 8;

/// Tries a step again that another transaction was in the way of.
macro_rules! again {
    ($step:expr) => {{
        let mut tries = 1;
        loop {
            match $step.await {
                Err(error)
                    if tries < $crate::redeem::TRIES && $crate::Error::is_meanwhile(&error) =>
                {
                    tries += 1;
                }
                other => break other,
            }
        }
    }};
}
pub(crate) use again;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The caller's: the same again redeems nothing more.
    pub id: RedemptionId,
    /// For whom it was quoted.
    pub member: MemberId,
    /// Of a [`crate::Quoted`].
    pub token: String,
    /// Confirm at once, when no review and no money is in the way.
    pub confirm: bool,
    /// Keyed hash of the device, when known.
    pub device: Option<Vec<u8>>,
}

impl Awards {
    /// Redeems what was quoted: holds the miles, reserves the thing. With `confirm` it is settled in
    /// the same transaction where nothing but miles is to be paid and no ticket is to be issued.
    /// The same id with the same quote is [`Outcome::AlreadyDone`].
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Invalid`] naming `quote` when it is none of
    /// ours; [`Error::Refused`] `awards-id-taken`, `awards-quote-expired`, `awards-price-changed`,
    /// `awards-limit`, `awards-frozen`, `awards-insufficient`, `awards-sold-out`,
    /// `awards-item-not-offered`, `awards-nominee-waits`, `awards-nominee-gone`.
    pub async fn redeem(&self, actor: &Actor, ask: &Ask) -> Result<Outcome<Redemption>> {
        let bound = self.unseal(&ask.token)?;
        may(actor, ask.member, permissions::REDEEM)?;
        if bound.member != ask.member {
            return Err(Error::invalid("quote", "awards-quote"));
        }
        again!(self.try_redeem(actor, ask, &bound))
    }

    async fn try_redeem(
        &self,
        actor: &Actor,
        ask: &Ask,
        bound: &Bound,
    ) -> Result<Outcome<Redemption>> {
        let hash = self.content(bound)?;
        let mut tx = self.db().begin().await?;
        if let Some(known) = db::find(&mut tx, ask.id).await? {
            return repeated(known, &hash);
        }
        if bound.until <= self.now().timestamp_micros() {
            return Err(Error::Refused("awards-quote-expired"));
        }
        let deed = Deed {
            what: What::Redemption,
            amount: bound.offer.miles,
            reference: ask.id.to_string(),
            device: ask.device.clone(),
        };
        // From here on the member is held: two redemptions of one member come one after the other.
        let verdict = self.loyalty().permit_in(&mut tx, bound.member, &deed).await?;
        if let Some(known) = db::find(&mut tx, ask.id).await? {
            return repeated(known, &hash);
        }
        let review = match verdict {
            Verdict::Allowed => None,
            Verdict::Review(id) => Some(id),
            Verdict::Refused(_) => return Err(Error::Refused("awards-limit")),
        };
        let standing = self.standing(&mut tx, bound.member).await?;
        self.nominated(&mut tx, bound.member, &bound.wish).await?;
        self.still_so(&standing, bound)?;
        let mut made = self.drawn(ask, bound, &standing, hash, review);
        self.take(&mut tx, &made, &standing).await?;
        let step = if review.is_some() { Step::Reviewed } else { Step::Held };
        db::step(&mut tx, (made.id, self.now()), actor, step, json!({})).await?;
        let whole = made.kind == crate::Kind::Item && made.minor == 0;
        if ask.confirm && review.is_none() && whole {
            let said = Confirm::default();
            self.settle(&mut tx, actor, &mut made, &said, standing.rules.programme()).await?;
        }
        events::changed(&mut tx, self.now(), &made).await?;
        tx.commit().await?;
        Ok(Outcome::Done(made))
    }

    /// What makes two requests with one id the same: who, what, at which price.
    fn content(&self, bound: &Bound) -> Result<Vec<u8>> {
        let text = serde_json::to_string(&(bound.member, &bound.wish, &bound.offer))?;
        Ok(self.access().vault().keyed_hash("award-content", &text))
    }

    /// The price is the one that was quoted, and the account is open.
    fn still_so(&self, standing: &Standing, bound: &Bound) -> Result<()> {
        if standing.state != AccountState::Open {
            return Err(Error::Refused("awards-frozen"));
        }
        let rules = standing.rules.programme();
        let parts = [bound.offer.miles];
        // A flight that has left, a thing that is no longer sold: the wish is looked at again, too.
        let wish = bound.wish.clone().checked(self.today())?;
        let priced = offers(rules, standing.rank, &wish, self.today(), &parts);
        match priced {
            Ok(priced) if priced.contains(&bound.offer) => Ok(()),
            Ok(_) | Err(Error::NoPrice(_)) => Err(Error::Refused("awards-price-changed")),
            Err(other) => Err(other),
        }
    }

    fn drawn(
        &self,
        ask: &Ask,
        bound: &Bound,
        standing: &Standing,
        hash: Vec<u8>,
        review: Option<uuid::Uuid>,
    ) -> Redemption {
        let now = self.now();
        let rules = self.rules();
        let hours = if review.is_some() { rules.review_hours } else { rules.hold_hours };
        let (sku, quantity) = bound.wish.item().unwrap_or(("", 1));
        let flight = bound.wish.flight();
        let programme = standing.rules.programme();
        Redemption {
            id: ask.id,
            member: bound.member,
            programme: programme.code.to_string(),
            version: i64::from(programme.version),
            kind: bound.wish.kind(),
            state: if review.is_some() { State::Review } else { State::Held },
            nominee: flight.and_then(|flight| flight.nominee),
            sku: sku.to_owned(),
            quantity,
            miles: bound.offer.miles,
            minor: bound.offer.minor,
            departs_at: flight.and_then(crate::wish::Flight::departs_at),
            made_at: now,
            due_at: now + Duration::hours(hours),
            review,
            goes_on: ask.confirm,
            wish: bound.wish.clone(),
            offer: bound.offer.clone(),
            reference: String::new(),
            payment: String::new(),
            settled_at: None::<DateTime<_>>,
            ended_at: None,
            fee_miles: 0,
            fee_minor: 0,
            fee_row: String::new(),
            hash,
        }
    }

    /// Reserves the thing, writes the redemption, holds the miles.
    async fn take(&self, tx: &mut Tx, new: &Redemption, standing: &Standing) -> Result<()> {
        let rules = standing.rules.programme();
        let mut partner = String::new();
        if let Some((sku, quantity)) = new.wish.item() {
            let of = (new.programme.as_str(), sku);
            partner = catalogue::offered(tx, of, quantity, self.today()).await?.partner;
            catalogue::reserve(tx, of, quantity).await?;
        }
        db::insert(tx, new).await?;
        let parts = self.loyalty().split(tx, new.member, new.miles).await?;
        if parts.iter().map(|part| part.1).sum::<i64>() < new.miles {
            return Err(Error::Refused("awards-insufficient"));
        }
        let ledger = self.loyalty().ledger();
        let book = Book::new(&new.programme, Unit::Miles);
        let credit = if partner.is_empty() {
            ledger.role(tx, &book, Role::Redemption, "").await?
        } else {
            ledger.open_partner(tx, &book, &partner).await?
        };
        let due = Some(Due { at: new.due_at, then: AtDue::Release });
        let (mut holds, mut batch) = (Vec::new(), Vec::new());
        for (debit, amount) in parts {
            let step = Move::Hold { debit, credit, amount, expires_on: None, due };
            let transfer = self.transfer(rules, new, step, Line::Held);
            holds.push(Hold { hold: transfer.id, amount, settle: None, back: None });
            batch.push(transfer.linked());
        }
        self.post(tx, batch).await?;
        db::insert_holds(tx, new.id, &holds).await
    }

    /// A transfer of a redemption, with what its line says.
    pub(crate) fn transfer(
        &self,
        rules: &Programme,
        of: &Redemption,
        step: Move,
        line: Line,
    ) -> Transfer {
        let now = self.now();
        let code = match line {
            Line::Back { .. } => "redeem-back",
            Line::Cancelled | Line::Lapsed => "redeem-release",
            Line::Held | Line::Settled => match of.kind {
                crate::Kind::Ticket => "redeem-ticket",
                crate::Kind::Upgrade => "redeem-upgrade",
                crate::Kind::Item => "redeem-item",
            },
        };
        let said = say::explanation(rules, of.id, (&of.wish, &of.offer), line);
        Transfer::new(TransferId::new(now), code, now, step)
            .because(format!("redemption-{}", of.id), said)
    }

    /// Posts transfers as one chain, or says why not.
    pub(crate) async fn post(&self, tx: &mut Tx, mut chain: Vec<Transfer>) -> Result<()> {
        let Some(last) = chain.last_mut() else { return Ok(()) };
        last.linked = false;
        let outcomes = self.loyalty().ledger().post_in(tx, &chain).await?;
        let refused = outcomes.into_iter().filter(|it| !it.is_posted());
        match refused.max_by_key(|it| *it != Posted::ChainBroken) {
            None => Ok(()),
            Some(Posted::Insufficient) => Err(Error::Refused("awards-insufficient")),
            Some(Posted::DebitFrozen | Posted::DebitClosed) => Err(Error::Refused("awards-frozen")),
            Some(Posted::HoldEnded) => Err(Error::Refused("awards-hold-ended")),
            Some(other) => Err(Error::Loyalty(loyalty::Error::Ledger(other))),
        }
    }
}

fn repeated(known: Redemption, hash: &[u8]) -> Result<Outcome<Redemption>> {
    if known.hash == hash {
        return Ok(Outcome::AlreadyDone(known));
    }
    Err(Error::Refused("awards-id-taken"))
}
