//! Quotes: what a wish costs, whether the member can pay it, and a token that binds a redemption to
//! what was quoted. Nothing is kept of a quote.

use access::{Actor, secrets};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use loyalty::MemberId;
use loyalty::ledger::{AccountState, NEVER, Unit};
use programme::{Engine, Rank};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::Tx;

use crate::price::{Offer, offers};
use crate::wish::Wish;
use crate::{Awards, Error, Result, may, permissions};

/// A quote.
#[derive(Clone, Debug)]
pub struct Quote {
    /// For whom.
    pub member: MemberId,
    /// The rules that priced it.
    pub rules: Arc<Engine>,
    /// What was asked for, with codes as they are kept.
    pub wish: Wish,
    /// Ways to pay, most miles first.
    pub offers: Vec<Quoted>,
    /// Miles the member can spend now.
    pub available: i64,
    /// What of them expires first: last day and how many.
    pub expiring: Option<(NaiveDate, i64)>,
    /// What is left of a thing; `None` without limit, and for flights.
    pub left: Option<i64>,
    /// Good until then.
    pub valid_until: DateTime<Utc>,
}

/// A way to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// The price.
    pub offer: Offer,
    /// Miles the member lacks; 0 when they are enough.
    pub missing: i64,
    /// Miles left afterwards; 0 when they are not enough.
    pub after: i64,
    /// Redeems for exactly this price, by this member, until the quote ends.
    pub token: String,
}

/// What a token says. Nobody but us can write one, and nothing in it is personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bound {
    pub member: MemberId,
    pub wish: Wish,
    pub offer: Offer,
    pub until: i64,
}

/// The member with the rules and the tier of today.
pub(crate) struct Standing {
    pub rules: Arc<Engine>,
    pub rank: Rank,
    pub state: AccountState,
}

impl Awards {
    /// Prices a wish for a member. `part` asks for so many miles and the rest in money.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Invalid`] naming what is not right;
    /// [`Error::NoPrice`]; [`Error::Refused`] `awards-no-rules`, `awards-item-not-offered`,
    /// `awards-sold-out`, and what [`Self::nominated`] says.
    pub async fn quote(
        &self,
        actor: &Actor,
        member: MemberId,
        wish: Wish,
        part: Option<i64>,
    ) -> Result<Quote> {
        may(actor, member, permissions::REDEEM)?;
        let wish = wish.checked(self.today())?;
        let mut tx = self.db().read().await?;
        let standing = self.standing(&mut tx, member).await?;
        self.nominated(&mut tx, member, &wish).await?;
        let left = match wish.item() {
            Some((sku, quantity)) => {
                let code = standing.rules.programme().code.to_string();
                crate::catalogue::offered(&mut tx, (&code, sku), quantity, self.today())
                    .await?
                    .left()
            }
            None => None,
        };
        let (available, expiring) = self.means(&mut tx, member).await?;
        drop(tx);
        let mut parts: Vec<i64> = part.into_iter().collect();
        parts.push(available);
        let rules = standing.rules.programme();
        let offers = offers(rules, standing.rank, &wish, self.today(), &parts)?;
        let valid_until = self.now() + Duration::minutes(self.rules().quote_minutes);
        let mut quoted = Vec::with_capacity(offers.len());
        for offer in offers {
            let bound = Bound {
                member,
                wish: wish.clone(),
                offer: offer.clone(),
                until: valid_until.timestamp_micros(),
            };
            quoted.push(Quoted {
                missing: (offer.miles - available).max(0),
                after: (available - offer.miles).max(0),
                token: self.seal(&bound)?,
                offer,
            });
        }
        let rules = standing.rules;
        Ok(Quote { member, rules, wish, offers: quoted, available, expiring, left, valid_until })
    }

    /// Rules and tier of today.
    pub(crate) async fn standing(&self, tx: &mut Tx, id: MemberId) -> Result<Standing> {
        let of = self.loyalty().state_of(tx, id).await?;
        let rules = self.loyalty().rulebook(tx).await?.remove(&of.0);
        let rules = rules.ok_or(Error::Refused("awards-no-rules"))?;
        let tier = self.loyalty().tier_on(tx, id, self.today()).await?;
        let rank = tier.and_then(|row| rules.programme().rank(&row.tier)).unwrap_or_default();
        Ok(Standing { rules, rank, state: of.1 })
    }

    /// Whoever flies is the member, or a nominee whose day has come.
    pub(crate) async fn nominated(&self, tx: &mut Tx, id: MemberId, wish: &Wish) -> Result<()> {
        let Some(nominee) = wish.flight().and_then(|flight| flight.nominee) else { return Ok(()) };
        match self.loyalty().nominee_from(tx, id, nominee.into()).await? {
            None => Err(Error::Refused("awards-nominee-gone")),
            Some(day) if day > self.today() => Err(Error::Refused("awards-nominee-waits")),
            Some(_) => Ok(()),
        }
    }

    /// Miles that can be spent now, and what of them expires first.
    pub(crate) async fn means(
        &self,
        tx: &mut Tx,
        member: MemberId,
    ) -> Result<(i64, Option<(NaiveDate, i64)>)> {
        let (loyalty, today) = (self.loyalty(), self.today());
        let (mut available, mut first) = (0, None::<(NaiveDate, i64)>);
        for account in loyalty.accounts(tx, member).await? {
            if account.book.unit != Unit::Miles || account.state != AccountState::Open {
                continue;
            }
            available += loyalty.ledger().available(tx, account.id).await?;
            for lot in loyalty.ledger().lots(tx, account.id).await? {
                let day = lot.expires_on;
                if lot.remaining == 0 || !(today..NEVER).contains(&day) {
                    continue;
                }
                first = match first {
                    Some((known, sum)) if known == day => Some((day, sum + lot.remaining)),
                    Some((known, _)) if known < day => first,
                    _ => Some((day, lot.remaining)),
                };
            }
        }
        Ok((available, first))
    }

    fn seal(&self, bound: &Bound) -> Result<String> {
        let text = serde_json::to_string(bound)?;
        let mac = self.access().vault().keyed_hash("award-quote", &text);
        Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(mac)))
    }

    /// What a token says, if it is ours.
    pub(crate) fn unseal(&self, token: &str) -> Result<Bound> {
        let wrong = || Error::invalid("quote", "awards-quote");
        let (text, mac) = token.trim().split_once('.').ok_or_else(wrong)?;
        let read = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let text = read(text).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(wrong)?;
        let mac = read(mac).ok_or_else(wrong)?;
        let own = self.access().vault().keyed_hash("award-quote", &text);
        if !secrets::same(&own, &mac) {
            return Err(wrong());
        }
        serde_json::from_str(&text).map_err(|_| wrong())
    }
}
