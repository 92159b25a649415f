//! Transfers that are asked for, holds, and adjustments by hand.

use chrono::{NaiveDate, NaiveDateTime};

use super::account::Parts;
use super::{Auditor, Verdict};
use crate::loyalty::{Asked, State, Step};

/// Miles that wait.
#[derive(Clone, Debug)]
pub(super) struct Held {
    who: usize,
    parts: Parts,
    left: i64,
    /// Given back so far, to the member's heaps.
    restored: i64,
    due: Option<NaiveDateTime>,
}

/// A hold, or a part of it, that was redeemed.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    hold: u128,
    left: i64,
}

impl Auditor {
    pub(super) fn expire(&mut self, who: usize) {
        let (today, now) = (self.today(), self.now);
        let account = &mut self.person(who).miles;
        let gone = account.expire(today, now);
        if gone > 0 {
            let at = account.recorded;
            self.movement.at(at).expired -= gone;
        }
    }

    fn end_due(&mut self, hold: u128) {
        let now = self.now;
        let Some(held) = self.holds.get(&hold) else { return };
        if held.left == 0 || held.due.is_none_or(|due| due > now) {
            return;
        }
        // Back without grace: what ran out meanwhile runs out at once.
        self.give_back(hold, held.left, None, (0, now));
    }

    pub(super) fn end_holds(&mut self) {
        let waits = self.holds.iter().filter(|(_, held)| held.left > 0);
        let mut due: Vec<u128> = waits.map(|(id, _)| *id).collect();
        due.sort_unstable();
        for hold in due {
            self.end_due(hold);
        }
    }

    fn give_back(
        &mut self,
        hold: u128,
        amount: i64,
        grace: Option<NaiveDate>,
        (id, at): (u128, NaiveDateTime),
    ) {
        let now = self.now;
        let Some(held) = self.holds.get_mut(&hold) else { return };
        held.left -= amount;
        let (who, before, parts) = (held.who, held.restored, held.parts.clone());
        held.restored += amount;
        self.person(who).miles.give_back(&parts, (before, amount), grace, (id, at, now));
        self.movement.held -= amount;
    }

    /// One transfer.
    pub(super) fn book(&mut self, asked: &Asked) -> Verdict {
        if let Some(known) = self.asked.get(&asked.id) {
            return if *known == asked.step { "already-posted" } else { "id-taken" };
        }
        let verdict = match asked.step {
            Step::Buy { who, amount, expires_on } => self.buy(asked, who, amount, expires_on),
            Step::Spend { who, amount } => self.spend(who, amount),
            Step::Hold { who, amount, due } => self.hold(asked.id, who, amount, due),
            Step::Settle { hold, amount } => self.settle(asked.id, hold, amount),
            Step::Release { hold, amount, grace } => self.release(asked, hold, amount, grace),
            Step::Redeposit { settled, amount, grace } => {
                self.redeposit(asked, settled, amount, grace)
            }
        };
        if verdict == "posted" {
            self.asked.insert(asked.id, asked.step);
        }
        verdict
    }

    fn buy(&mut self, asked: &Asked, who: usize, amount: i64, until: NaiveDate) -> Verdict {
        let now = self.now;
        self.expire(who);
        if until < self.today() {
            return "expiry-out-of-range";
        }
        let person = self.person(who);
        if person.state == State::Frozen {
            return "credit-frozen";
        }
        person.miles.bring(asked.id, amount, until, asked.at);
        let at = person.miles.record(now);
        self.movement.at(at).bought += amount;
        "posted"
    }

    fn may_spend(&mut self, who: usize, amount: i64) -> Verdict {
        self.expire(who);
        let person = self.person(who);
        match person.state {
            State::Open if person.miles.balance >= amount => "posted",
            State::Open => "insufficient",
            State::DebitsFrozen | State::Frozen => "debit-frozen",
        }
    }

    fn spend(&mut self, who: usize, amount: i64) -> Verdict {
        let verdict = self.may_spend(who, amount);
        if verdict == "posted" {
            let now = self.now;
            let account = &mut self.person(who).miles;
            account.take(amount, None, now);
            let at = account.recorded;
            self.movement.at(at).redeemed -= amount;
        }
        verdict
    }

    fn hold(&mut self, id: u128, who: usize, amount: i64, due: Option<NaiveDateTime>) -> Verdict {
        if due.is_some_and(|due| due <= self.now) {
            self.expire(who);
            return "due-out-of-range";
        }
        let verdict = self.may_spend(who, amount);
        if verdict == "posted" {
            let now = self.now;
            let parts = self.person(who).miles.take(amount, None, now);
            self.holds.insert(id, Held { who, parts, left: amount, restored: 0, due });
            self.movement.held += amount;
        }
        verdict
    }

    /// How much of a hold is meant.
    fn part(&mut self, hold: u128, amount: Option<i64>) -> Result<i64, Verdict> {
        self.end_due(hold);
        let Some((who, left)) = self.holds.get(&hold).map(|held| (held.who, held.left)) else {
            return Err("hold-not-found");
        };
        self.expire(who);
        match amount.unwrap_or(left) {
            _ if left == 0 => Err("hold-ended"),
            amount if amount > left => Err("exceeds-hold"),
            amount => Ok(amount),
        }
    }

    fn settle(&mut self, id: u128, hold: u128, amount: Option<i64>) -> Verdict {
        let amount = match self.part(hold, amount) {
            Ok(amount) => amount,
            Err(verdict) => return verdict,
        };
        if let Some(held) = self.holds.get_mut(&hold) {
            held.left -= amount;
        }
        self.settled.insert(id, Settled { hold, left: amount });
        self.movement.held -= amount;
        let now = self.now;
        self.movement.at(now).redeemed -= amount;
        "posted"
    }

    fn release(
        &mut self,
        asked: &Asked,
        hold: u128,
        amount: Option<i64>,
        grace: Option<NaiveDate>,
    ) -> Verdict {
        // The days of a grace are looked at once the hold is known.
        self.end_due(hold);
        let Some(who) = self.holds.get(&hold).map(|held| held.who) else {
            return "hold-not-found";
        };
        self.expire(who);
        if grace.is_some_and(|grace| grace < self.today()) {
            return "expiry-out-of-range";
        }
        match self.part(hold, amount) {
            Ok(amount) => self.give_back(hold, amount, grace, (asked.id, asked.at)),
            Err(verdict) => return verdict,
        }
        "posted"
    }

    fn redeposit(
        &mut self,
        asked: &Asked,
        settled: u128,
        amount: Option<i64>,
        grace: Option<NaiveDate>,
    ) -> Verdict {
        let Some((hold, left)) = self.settled.get(&settled).map(|it| (it.hold, it.left)) else {
            return "original-not-found";
        };
        let Some(who) = self.holds.get(&hold).map(|held| held.who) else {
            return "original-not-found";
        };
        self.expire(who);
        if grace.is_some_and(|grace| grace < self.today()) {
            return "expiry-out-of-range";
        }
        let amount = amount.unwrap_or(left);
        if left == 0 || amount > left {
            return "exceeds-original";
        }
        if let Some(held) = self.holds.get_mut(&hold) {
            // It is no longer held: only the way back is that of the hold.
            held.left += amount;
        }
        self.movement.held += amount;
        self.give_back(hold, amount, grace, (asked.id, asked.at));
        if let Some(settled) = self.settled.get_mut(&settled) {
            settled.left -= amount;
        }
        let at = self.person(who).miles.recorded;
        self.movement.at(at).redeposited += amount;
        "posted"
    }

    /// An adjustment by hand. A refused one leaves no trace, not even of what had run out: its
    /// approval is undone as a whole.
    pub(super) fn adjust(&mut self, who: usize, amount: i64, until: Option<NaiveDate>) -> Verdict {
        let (today, now) = (self.today(), self.now);
        let person = self.person(who);
        let mut seen = person.miles.clone();
        seen.expire(today, now);
        let verdict = match person.state {
            State::Frozen if until.is_some() => "credit-frozen",
            State::Open | State::DebitsFrozen if until.is_some() => "posted",
            State::Open if seen.balance < -amount => "insufficient",
            State::Open => "posted",
            State::DebitsFrozen | State::Frozen => "debit-frozen",
        };
        if verdict != "posted" {
            return verdict;
        }
        self.expire(who);
        self.by_hand += u128::from(until.is_some());
        let id = self.by_hand;
        let miles = &mut self.person(who).miles;
        match until {
            Some(until) => {
                miles.bring(id, amount, until, now);
                miles.record(now);
            }
            None => {
                miles.take(-amount, None, now);
            }
        }
        let at = miles.recorded;
        self.movement.at(at).adjusted += amount;
        verdict
    }
}
