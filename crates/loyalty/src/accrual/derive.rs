//! What a fact comes to, given what was derived before. No database: what it reads has been loaded,
//! what it decides is written afterwards.

use chrono::NaiveDate;
use programme::accrual::{Accrued, Correction, Member, Origin, Posting, PromotionUse, difference};
use programme::document::{NegativeBalance, NegativeBalanceRow, Rank};
use programme::{Amounts, Engine, Measure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::chain::{Chain, activity, uses};
use super::load::State;
use super::measure::{CORRECTION, code, unit};
use super::{Derived, FlownFact, Kept, Standing, is_open};
use crate::ledger::{Book, NEVER, Shortfall, Step, Transfer, Unit};
use crate::members::tiers::earning;
use crate::{Error, MemberId, Result};

/// What is to be done about a fact.
pub(super) enum Plan {
    /// Nothing.
    Quiet(Derived),
    /// This.
    Change(Box<Change>),
}

/// What is to be written, if the ledger takes the transfers.
pub(super) struct Change {
    pub new: Kept,
    pub before: Option<Kept>,
    /// One chain.
    pub transfers: Vec<Transfer>,
    pub activity: Vec<(MemberId, NaiveDate, Amounts)>,
    pub uses: Vec<((String, String, Uuid), i64)>,
    pub clawbacks: Vec<Clawback>,
}

/// Miles that were spent and are not taken back.
pub(super) struct Clawback {
    pub member: MemberId,
    pub policy: NegativeBalance,
    pub miles: i64,
    pub minor: Option<i64>,
}

/// What the rules say of a fact.
struct Earned {
    derived: Derived,
    reason: String,
    version: Option<i64>,
    is_first: bool,
    tier: Rank,
    accrued: Option<Accrued>,
}

impl Earned {
    fn nothing(derived: Derived, reason: &str) -> Self {
        let (reason, tier) = (reason.to_owned(), Rank::default());
        Self { derived, reason, version: None, is_first: false, tier, accrued: None }
    }
}

impl State {
    /// Decides about one fact and moves along what the next ones rest on.
    pub fn derive(&mut self, asked: &FlownFact) -> Result<Plan> {
        let fingerprint = asked.fingerprint()?;
        let before = self.kept.get(&asked.key).cloned();
        if let Some(kept) = &before {
            let same = kept.fingerprint == fingerprint;
            if asked.revision < kept.revision {
                return Ok(Plan::Quiet(Derived::Stale));
            }
            if asked.revision == kept.revision && !same {
                return Ok(Plan::Quiet(Derived::Clash));
            }
            if same && kept.derived != Derived::Blocked && !is_open(&kept.reason) {
                return Ok(self.again(kept, asked.revision));
            }
        }
        let earned = self.ask(asked, before.as_ref());
        let member = asked.member.filter(|id| self.members.contains_key(id));
        let programme = member.and_then(|id| self.members.get(&id));
        let flight_date = asked.fact.as_ref().map(|fact| fact.flight_date);
        let before_since = before.as_ref().filter(|kept| {
            kept.member == member && kept.postings.iter().any(|one| Some(one.member) == member)
        });
        let since = before_since.and_then(|kept| kept.since);
        let new = Kept {
            key: asked.key.clone(),
            revision: asked.revision,
            fingerprint,
            member,
            programme: programme.map(|who| who.programme.clone()).unwrap_or_default(),
            version: earned.version,
            derived: earned.derived,
            reason: earned.reason.clone(),
            flight_date: flight_date.or(before.as_ref().and_then(|kept| kept.flight_date)),
            since: since.or(Some(self.today)),
            is_first: earned.is_first,
            postings: Vec::new(),
            accrued: earned.accrued.clone(),
            told_by: None,
            derived_at: self.loyalty.now(),
        };
        self.correct(new, before, &earned, flight(asked))
            .map(|change| Plan::Change(Box::new(change)))
    }

    /// The same content under a later revision: what comes late is told by it.
    fn again(&mut self, kept: &Kept, revision: i64) -> Plan {
        if kept.revision == revision {
            return Plan::Quiet(Derived::Unchanged);
        }
        let new = Kept { revision, ..kept.clone() };
        self.kept.insert(new.key.clone(), new.clone());
        Plan::Change(Box::new(Change {
            new,
            before: Some(kept.clone()),
            transfers: Vec::new(),
            activity: Vec::new(),
            uses: Vec::new(),
            clawbacks: Vec::new(),
        }))
    }

    /// A promotion for registered members is given for flights of the day of registration, where the
    /// books are kept, and later ones: [`programme::accrual::Registered`]. Members that were merged
    /// share what any of them registered for.
    fn ask(&self, asked: &FlownFact, before: Option<&Kept>) -> Earned {
        let Some(fact) = &asked.fact else { return Earned::nothing(Derived::Withdrawn, "") };
        let Some(id) = asked.member else { return Earned::nothing(Derived::Nobody, "") };
        let Some(who) = self.members.get(&id) else {
            return Earned::nothing(Derived::Refused, "member-not-found");
        };
        let timeline = self.timelines.get(&who.programme);
        let Some(engine) = timeline.and_then(|timeline| timeline.on(fact.flight_date)) else {
            return Earned::nothing(Derived::Refused, "no-version");
        };
        let tiers = self.tiers.get(&who.root).map_or(&[][..], Vec::as_slice);
        let tier = earning(tiers, fact.flight_date)
            .and_then(|row| engine.programme().rank(&row.tier))
            .unwrap_or_default();
        let member = Member {
            number: who.number.clone(),
            tier,
            birth_date: who.birth_date,
            joined_on: who.joined_on,
            first_flight: who.first.as_deref().is_none_or(|first| first == asked.key),
            registered: self.registered.get(&who.root).cloned().unwrap_or_default(),
            used: self.used(engine, id, before),
        };
        let mut accrued = engine.accrue(fact, &member);
        // The rules' own key may hold the number on the card.
        accrued.key.clone_from(&asked.key);
        let refused = accrued.refused.as_ref().map(programme::accrual::Refusal::code);
        Earned {
            derived: if refused.is_some() { Derived::Refused } else { Derived::Earned },
            reason: refused.unwrap_or_default().to_owned(),
            version: Some(i64::from(accrued.version)),
            is_first: refused.is_none() && member.first_flight,
            tier,
            accrued: Some(accrued),
        }
    }

    /// What promotions gave before, without what stands for this segment.
    fn used(&self, engine: &Engine, member: MemberId, before: Option<&Kept>) -> Vec<PromotionUse> {
        let rows = &engine.programme().accrual.promotions;
        let limited = rows.iter().filter(|r| r.cap_per_member.is_some() || r.budget.is_some());
        let programme = engine.programme().code.to_string();
        let given = |row: &str, to: Uuid| {
            self.uses.get(&(programme.clone(), row.to_owned(), to)).copied().unwrap_or(0)
        };
        let own = |row: &programme::Id, of: Option<MemberId>| -> i64 {
            let standing = before.into_iter().flat_map(|kept| &kept.postings);
            standing
                .filter(|one| of.is_none_or(|member| one.member == member))
                .filter(|one| one.measure == Measure::Redeemable)
                .filter(|one| matches!(&one.origin, Origin::Promotion(id) if id == row))
                .map(|one| one.amount)
                .sum()
        };
        let uses = limited.map(|row| PromotionUse {
            row: row.id.clone(),
            by_member: given(row.id.as_str(), member.uuid()) - own(&row.id, Some(member)),
            by_all: given(row.id.as_str(), Uuid::nil()) - own(&row.id, None),
        });
        uses.collect()
    }

    fn correct(
        &mut self,
        mut new: Kept,
        before: Option<Kept>,
        earned: &Earned,
        flight: Value,
    ) -> Result<Change> {
        let old = before.as_ref().map_or(&[][..], |kept| kept.postings.as_slice());
        let derived: &[Posting] =
            earned.accrued.as_ref().map_or(&[], |accrued| accrued.postings.as_slice());
        let old_day = before.as_ref().and_then(|kept| kept.flight_date);
        // Of another member, or flown on another day, nothing of it stays.
        let stays = |one: &Standing| Some(one.member) == new.member && old_day == new.flight_date;
        let mut chain = Chain {
            key: new.key.clone(),
            revision: new.revision,
            standing: old.to_vec(),
            transfers: Vec::new(),
            clawbacks: Vec::new(),
            accrued: json!(earned.accrued),
            flight,
        };
        let posting = |one: &Standing| Posting {
            measure: one.measure,
            origin: one.origin.clone(),
            amount: one.amount,
        };
        let kept: Vec<Posting> = old.iter().filter(|one| stays(one)).map(posting).collect();
        let mut less: Vec<(MemberId, Correction)> = Vec::new();
        for one in old.iter().filter(|one| !stays(one)) {
            let correction = difference(&[posting(one)], &[]);
            less.extend(correction.into_iter().map(|it| (one.member, it)));
        }
        // Posted before anything is taken back: what is exchanged need not be there twice.
        if let Some(member) = new.member {
            for correction in difference(&kept, derived) {
                if correction.amount > 0 {
                    self.add(&mut chain, member, &new, &correction, earned)?;
                } else {
                    less.push((member, correction));
                }
            }
        }
        let taken_on = old_day.unwrap_or(self.today);
        for (member, correction) in less {
            self.take(&mut chain, member, taken_on, &correction);
        }
        if let Some((_, others)) = chain.transfers.split_last_mut() {
            others.iter_mut().for_each(|transfer| transfer.linked = true);
        }
        chain.standing.retain(|one| one.amount > 0);
        new.told_by = chain.transfers.first().filter(|_| new.accrued.is_some()).map(|it| it.id);
        new.postings = chain.standing;
        let activity = activity(before.as_ref(), &new);
        let uses = uses(before.as_ref(), &new);
        for (place, change) in &uses {
            *self.uses.entry(place.clone()).or_insert(0) += change;
        }
        self.move_first(before.as_ref(), &new);
        self.kept.insert(new.key.clone(), new.clone());
        let (transfers, clawbacks) = (chain.transfers, chain.clawbacks);
        Ok(Change { new, before, transfers, activity, uses, clawbacks })
    }

    fn move_first(&mut self, before: Option<&Kept>, new: &Kept) {
        let was = before.filter(|kept| kept.is_first).and_then(|kept| kept.member);
        if let Some(who) = was.and_then(|id| self.members.get_mut(&id)) {
            who.first = None;
        }
        let is = new.member.filter(|_| new.is_first);
        if let Some(who) = is.and_then(|id| self.members.get_mut(&id)) {
            who.first = Some(new.key.clone());
        }
    }

    fn add(
        &mut self,
        chain: &mut Chain,
        member: MemberId,
        new: &Kept,
        correction: &Correction,
        earned: &Earned,
    ) -> Result<()> {
        let unit = unit(correction.measure);
        let book = Book::new(&new.programme, unit);
        let issuance = self.issuance.get(&book).copied().ok_or(Error::NotFound("account"))?;
        let credit = self.account(member, unit)?;
        let day = new.flight_date.unwrap_or(self.today);
        let expires_on = (unit == Unit::Miles).then(|| self.last_day(new, earned.tier, day));
        let amount = correction.amount;
        let step = Step::Post { debit: issuance, credit, amount, expires_on };
        let at = self.loyalty.midnight(day);
        let id = chain.put(code(&correction.origin), at, step, correction);
        chain.standing.push(Standing {
            transfer: id,
            member,
            measure: correction.measure,
            origin: correction.origin.clone(),
            amount,
        });
        self.reversible.insert(id, amount);
        if unit == Unit::Miles
            && let Some(who) = self.members.get_mut(&member)
        {
            who.spendable += amount;
        }
        Ok(())
    }

    /// The last day of what is posted: counted from the day its first posting came into the account,
    /// unless that is over.
    fn last_day(&self, new: &Kept, tier: Rank, flown: NaiveDate) -> NaiveDate {
        let timeline = self.timelines.get(&new.programme);
        let Some(engine) = timeline.and_then(|timeline| timeline.on(flown)) else { return NEVER };
        let from = |posted: NaiveDate| {
            let row = engine.programme().expiry_row(tier, posted);
            row.and_then(|row| row.policy.last_day(posted, None)).unwrap_or(NEVER).min(NEVER)
        };
        let last = from(new.since.unwrap_or(self.today));
        if last < self.today { from(self.today).max(self.today) } else { last }
    }

    fn take(
        &mut self,
        chain: &mut Chain,
        member: MemberId,
        day: NaiveDate,
        correction: &Correction,
    ) {
        let is_miles = correction.measure == Measure::Redeemable;
        let rule = self.negative(member).filter(|_| is_miles);
        let policy = rule.as_ref().map_or(NegativeBalance::Carried, |row| row.policy);
        let owes = policy == NegativeBalance::Carried;
        let at = self.loyalty.midnight(day);
        let (mut need, mut spent) = (-correction.amount, 0);
        for place in (0..chain.standing.len()).rev() {
            let one = &chain.standing[place];
            let fits = one.member == member
                && one.measure == correction.measure
                && one.origin == correction.origin;
            if !fits || need == 0 {
                continue;
            }
            let transfer = one.transfer;
            // What expired was not the member's any more, and is not claimed.
            let left = self.reversible.get(&transfer).copied().unwrap_or(0);
            let part = need.min(one.amount).min(left);
            need -= need.min(one.amount);
            let there = self.members.get(&member).map_or(0, |who| who.spendable.max(0));
            let taken = if owes || !is_miles { part } else { part.min(there) };
            spent += part - taken;
            if taken == 0 {
                continue;
            }
            let shortfall = if owes { Shortfall::Owe } else { Shortfall::Refuse };
            let step = Step::Reverse { transfer, amount: Some(taken), shortfall, grace: None };
            chain.put(CORRECTION, at, step, correction);
            chain.standing[place].amount -= taken;
            self.reversible.insert(transfer, left - taken);
            if is_miles && let Some(who) = self.members.get_mut(&member) {
                who.spendable -= taken;
            }
        }
        if spent > 0 {
            let minor = rule.and_then(|row| row.minor_per_thousand);
            let minor = minor.map(|rate| spent.saturating_mul(rate) / 1_000);
            chain.clawbacks.push(Clawback { member, policy, miles: spent, minor });
        }
    }

    /// What the programme says today of miles that were spent.
    fn negative(&self, member: MemberId) -> Option<NegativeBalanceRow> {
        let who = self.members.get(&member)?;
        let engine = self.timelines.get(&who.programme)?.on(self.today)?;
        engine.programme().negative_balance_row(self.today).cloned()
    }
}

/// Which flight it is, for statements.
fn flight(asked: &FlownFact) -> Value {
    asked.fact.as_ref().map_or(Value::Null, |fact| {
        json!({"no": format!("{}{}", fact.marketing, fact.flight_no), "from": fact.origin,
            "to": fact.destination, "class": fact.booking_class})
    })
}
