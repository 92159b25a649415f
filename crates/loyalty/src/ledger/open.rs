//! An account under way, and how its lots are drawn on and filled.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::model::{Account, Lot, NEVER, Place, Posted};

/// An account with those of its lots that matter to the batch.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub account: Account,
    /// In the order of use.
    pub lots: Vec<HeldLot>,
    /// Whether all lots with miles left are there.
    pub whole: bool,
    pub changed: bool,
}

/// A lot and whether it has to be written.
#[derive(Clone, Debug)]
pub(super) struct HeldLot {
    pub lot: Lot,
    pub is_new: bool,
    pub changed: bool,
}

/// Where a credit to lots goes.
pub(super) enum Fill {
    /// A lot of its own, until this day.
    New(NaiveDate),
    /// Back to the lots it was taken from; what has expired to a lot until the day of grace.
    Back(Vec<(Uuid, i64)>, Option<NaiveDate>),
}

impl Open {
    pub fn new(account: Account) -> Self {
        // What is owed or used up leaves no lot with anything in it.
        let whole = account.balance <= 0;
        Self { account, lots: Vec::new(), whole, changed: false }
    }

    pub fn add_lot(&mut self, lot: Lot, is_new: bool) {
        let order = lot.order();
        let at = self.lots.partition_point(|held| held.lot.order() < order);
        if self.lots.get(at).is_some_and(|held| held.lot.id == lot.id) {
            return;
        }
        self.lots.insert(at, HeldLot { lot, is_new, changed: is_new });
    }

    pub fn place(&mut self, change: i64, recorded_at: DateTime<Utc>) -> Place {
        let account = &mut self.account;
        account.balance += change;
        account.seq += 1;
        account.recorded_at = recorded_at;
        Place { seq: account.seq, balance: account.balance }
    }

    pub fn draw(&mut self, amount: i64, first: Option<Uuid>, uses: &mut BTreeMap<Uuid, i64>) {
        let mut left = amount;
        let own = |held: &HeldLot| Some(held.lot.id) == first;
        let order = (0..self.lots.len()).filter(|at| own(&self.lots[*at]));
        let order: Vec<usize> =
            order.chain((0..self.lots.len()).filter(|at| !own(&self.lots[*at]))).collect();
        for at in order {
            if left == 0 {
                break;
            }
            let held = &mut self.lots[at];
            let part = held.lot.remaining.min(left);
            if part > 0 {
                held.lot.remaining -= part;
                held.changed = true;
                left -= part;
                *uses.entry(held.lot.id).or_insert(0) += part;
            }
        }
        self.refresh();
    }

    pub fn fill(
        &mut self,
        transfer: &Posted,
        fill: Option<Fill>,
        today: NaiveDate,
        uses: &mut BTreeMap<Uuid, i64>,
    ) {
        let (parts, day) = match fill {
            Some(Fill::New(day)) => (Vec::new(), Some(day)),
            Some(Fill::Back(parts, grace)) => (parts, grace),
            None => (Vec::new(), None),
        };
        let mut new = transfer.amount;
        for (id, part) in parts {
            let Some(held) = self.lots.iter_mut().find(|held| held.lot.id == id) else { continue };
            if held.lot.expires_on < today && day.is_some() {
                continue;
            }
            held.lot.remaining += part;
            held.changed = true;
            new -= part;
            *uses.entry(id).or_insert(0) -= part;
        }
        if new > 0 {
            let lot = Lot {
                id: transfer.id.uuid(),
                expires_on: day.unwrap_or(NEVER),
                effective_at: transfer.effective_at,
                amount: new,
                remaining: new,
                expired: 0,
            };
            self.add_lot(lot, true);
        }
        self.refresh();
    }

    pub fn refresh(&mut self) {
        let with_miles = self.lots.iter().filter(|held| held.lot.remaining > 0);
        let first = with_miles.map(|held| held.lot.expires_on).min().unwrap_or(NEVER);
        let account = &mut self.account;
        account.next_expiry = if self.whole { first } else { account.next_expiry.min(first) };
    }
}
