//! What a batch works on, in memory: the accounts, lots and holds it touches, and what it made.
//!
//! Everything a step changes goes through [`Books`], which can take a broken chain back.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::model::{Account, AccountId, Book, Hold, Kind, Lot, NEVER, Posted, Role};
use super::model::{LARGEST_BALANCE, TransferId};
use super::open::{Fill, Open};
use super::outcome::Outcome;

/// What a transfer took out of a lot (below zero: put back).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub transfer: TransferId,
    pub lot: Uuid,
    pub account: AccountId,
    pub amount: i64,
}

/// A hold and whether it has to be written.
#[derive(Clone, Debug)]
pub(super) struct OpenHold {
    pub hold: Hold,
    pub is_new: bool,
    pub changed: bool,
}

/// Everything the steps of a batch read and change.
#[derive(Debug)]
pub(super) struct Books {
    /// By the clock. What is recorded is never before what was recorded on the same account.
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    pub zone: Tz,
    pub accounts: HashMap<AccountId, Open>,
    pub roles: HashMap<(Book, Role), AccountId>,
    pub known: HashMap<TransferId, Posted>,
    pub holds: HashMap<TransferId, OpenHold>,
    pub reversed: HashMap<TransferId, i64>,
    pub uses: HashMap<TransferId, Vec<Use>>,
    pub made: Vec<Posted>,
    chain: Option<Saved>,
}

/// How things stood when a chain began, as far as it touched them.
#[derive(Debug, Default)]
struct Saved {
    accounts: HashMap<AccountId, Open>,
    holds: HashMap<TransferId, Option<OpenHold>>,
    reversed: HashMap<TransferId, i64>,
    made: usize,
}

impl Books {
    pub fn new(now: DateTime<Utc>, zone: Tz) -> Self {
        Self {
            now,
            today: now.with_timezone(&zone).date_naive(),
            zone,
            accounts: HashMap::new(),
            roles: HashMap::new(),
            known: HashMap::new(),
            holds: HashMap::new(),
            reversed: HashMap::new(),
            uses: HashMap::new(),
            made: Vec::new(),
            chain: None,
        }
    }

    pub fn begin_chain(&mut self) {
        self.chain = Some(Saved { made: self.made.len(), ..Saved::default() });
    }

    pub fn keep_chain(&mut self) {
        self.chain = None;
    }

    /// Puts everything back to how it was when the chain began.
    pub fn break_chain(&mut self) {
        let Some(saved) = self.chain.take() else { return };
        self.accounts.extend(saved.accounts);
        for (id, before) in saved.holds {
            match before {
                Some(before) => drop(self.holds.insert(id, before)),
                None => drop(self.holds.remove(&id)),
            }
        }
        self.reversed.extend(saved.reversed);
        for made in self.made.drain(saved.made..) {
            self.known.remove(&made.id);
            self.uses.remove(&made.id);
        }
    }

    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id).map(|open| &open.account)
    }

    /// The account to be changed, remembered as it was if a chain is under way.
    fn open(&mut self, id: AccountId) -> Option<&mut Open> {
        let open = self.accounts.get_mut(&id)?;
        if let Some(saved) = &mut self.chain {
            saved.accounts.entry(id).or_insert_with(|| open.clone());
        }
        open.changed = true;
        Some(open)
    }

    pub fn put_hold(&mut self, hold: Hold, is_new: bool) {
        let id = hold.id;
        let before = self.holds.get(&id).cloned();
        let is_new = is_new || before.as_ref().is_some_and(|before| before.is_new);
        if let Some(saved) = &mut self.chain {
            saved.holds.entry(id).or_insert(before);
        }
        self.holds.insert(id, OpenHold { hold, is_new, changed: true });
    }

    pub fn add_reversed(&mut self, id: TransferId, amount: i64) {
        let sum = self.reversed.entry(id).or_insert(0);
        if let Some(saved) = &mut self.chain {
            saved.reversed.entry(id).or_insert(*sum);
        }
        *sum += amount;
    }

    /// Books out the lots whose last day has passed. Every step begins with this for the accounts it
    /// touches: what can be decided does not depend on when the nightly run was.
    pub fn expire(&mut self, id: AccountId) -> u64 {
        let Some(open) = self.accounts.get(&id) else { return 0 };
        let today = self.today;
        if open.account.next_expiry >= today || !open.account.has_lots() {
            return 0;
        }
        let book = open.account.book.clone();
        let Some(&breakage) = self.roles.get(&(book, Role::Breakage)) else { return 0 };
        let due: Vec<Lot> = open
            .lots
            .iter()
            .filter(|held| held.lot.remaining > 0 && held.lot.expires_on < today)
            .map(|held| held.lot.clone())
            .collect();
        let booked = due.len();
        for lot in due {
            let transfer = self.expiry(&lot, id, breakage);
            if let Some(open) = self.open(id)
                && let Some(held) = open.lots.iter_mut().find(|held| held.lot.id == lot.id)
            {
                held.lot.expired += lot.remaining;
            }
            self.apply(transfer, Some(lot.id), None);
        }
        if let Some(open) = self.open(id) {
            open.refresh();
        }
        u64::try_from(booked).unwrap_or(0)
    }

    fn expiry(&self, lot: &Lot, account: AccountId, breakage: AccountId) -> Posted {
        let after = lot.expires_on.checked_add_days(Days::new(1)).unwrap_or(NEVER);
        let midnight = self.zone.from_local_datetime(&after.and_time(NaiveTime::MIN)).earliest();
        let at = midnight.map_or(self.now, |at| at.with_timezone(&Utc));
        Posted {
            kind: Kind::Expire,
            code: "expiry".to_owned(),
            about: Some(lot.id.into()),
            ..self.blank(account, breakage, lot.remaining, at.max(lot.effective_at))
        }
    }

    /// A transfer of the ledger's own making, to be filled in.
    pub fn blank(
        &self,
        debit: AccountId,
        credit: AccountId,
        amount: i64,
        effective_at: DateTime<Utc>,
    ) -> Posted {
        Posted {
            id: TransferId::new(self.now),
            kind: Kind::Post,
            code: String::new(),
            debit,
            credit,
            amount,
            effective_at,
            recorded_at: self.now,
            about: None,
            target: None,
            expires_on: None,
            due: None,
            reference: String::new(),
            explanation: serde_json::json!({}),
            debit_after: None,
            credit_after: None,
        }
    }

    /// Whether both balances stay within bounds. Only members' are kept count of here.
    pub fn fits(&self, debit: AccountId, credit: AccountId, amount: i64) -> Result<(), Outcome> {
        for (id, change) in [(debit, -amount), (credit, amount)] {
            if let Some(account) = self.account(id)
                && account.owner.is_some()
                && (account.balance + change).abs() > LARGEST_BALANCE
            {
                return Err(Outcome::BalanceOutOfRange);
            }
        }
        Ok(())
    }

    /// Makes a transfer that has been found right: balances, places, lots.
    pub fn apply(&mut self, mut transfer: Posted, first: Option<Uuid>, fill: Option<Fill>) {
        let (id, amount, today) = (transfer.id, transfer.amount, self.today);
        // A clock set back does not turn the order of an account round.
        let both = [transfer.debit, transfer.credit];
        let before = both.iter().filter_map(|id| self.account(*id));
        let before = before.filter(|account| account.owner.is_some());
        transfer.recorded_at =
            before.map(|account| account.recorded_at).fold(self.now, std::cmp::Ord::max);
        let mut uses = BTreeMap::new();
        if let Some(open) = self.open(transfer.debit)
            && open.account.owner.is_some()
        {
            let has = open.account.balance.max(0);
            transfer.debit_after = Some(open.place(-amount, transfer.recorded_at));
            if open.account.has_lots() {
                open.draw(amount.min(has), first, &mut uses);
            }
        }
        let mut rows = Self::uses(id, transfer.debit, std::mem::take(&mut uses));
        if let Some(open) = self.open(transfer.credit)
            && open.account.owner.is_some()
        {
            let owed = (-open.account.balance).max(0);
            transfer.credit_after = Some(open.place(amount, transfer.recorded_at));
            if open.account.has_lots() {
                open.fill(&transfer, fill, today, &mut uses);
                open.draw(amount.min(owed), None, &mut uses);
            }
        }
        rows.extend(Self::uses(id, transfer.credit, uses));
        if !rows.is_empty() {
            self.uses.insert(id, rows);
        }
        self.known.insert(id, transfer.clone());
        self.made.push(transfer);
    }

    fn uses(transfer: TransferId, account: AccountId, uses: BTreeMap<Uuid, i64>) -> Vec<Use> {
        let rows = uses.into_iter().filter(|(_, amount)| *amount != 0);
        rows.map(|(lot, amount)| Use { transfer, lot, account, amount }).collect()
    }

    /// The parts of lots that `amount` goes back to: what `transfer` took, those that expire last
    /// first, leaving out what went back before.
    pub fn way_back(
        &self,
        transfer: TransferId,
        account: AccountId,
        before: i64,
        amount: i64,
    ) -> Vec<(Uuid, i64)> {
        let Some(open) = self.accounts.get(&account) else { return Vec::new() };
        let uses = self.uses.get(&transfer).map(Vec::as_slice).unwrap_or_default();
        let mut taken: Vec<(&Lot, i64)> = uses
            .iter()
            .filter(|used| used.account == account && used.amount > 0)
            .filter_map(|used| {
                let held = open.lots.iter().find(|held| held.lot.id == used.lot)?;
                Some((&held.lot, used.amount))
            })
            .collect();
        taken.sort_by_key(|(lot, _)| std::cmp::Reverse(lot.order()));
        let (mut skip, mut left) = (before, amount);
        let mut parts = Vec::new();
        for (lot, took) in taken {
            let skipped = skip.min(took);
            skip -= skipped;
            let part = (took - skipped).min(left);
            left -= part;
            if part > 0 {
                parts.push((lot.id, part));
            }
        }
        parts
    }
}
