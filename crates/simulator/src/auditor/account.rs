//! One member's miles: heaps that run out, what is owed, what waits.

use chrono::{NaiveDate, NaiveDateTime};

/// The last day of what never runs out.
pub(super) const NEVER: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// Miles that came together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heap {
    pub until: NaiveDate,
    pub at: NaiveDateTime,
    /// Of the transfer that brought them: decides between equals.
    pub id: u128,
    pub left: i64,
    pub expired: i64,
}

impl Heap {
    fn order(&self) -> (NaiveDate, NaiveDateTime, u128) {
        (self.until, self.at, self.id)
    }
}

/// How much was taken of which heap.
pub(super) type Parts = Vec<(u128, i64)>;

/// An account of miles.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    pub balance: i64,
    /// In the order of use.
    pub heaps: Vec<Heap>,
    /// When its last transfer was recorded.
    pub recorded: NaiveDateTime,
}

impl Account {
    /// Recorded times never go back.
    pub fn record(&mut self, now: NaiveDateTime) -> NaiveDateTime {
        self.recorded = self.recorded.max(now);
        self.recorded
    }

    /// Books out what has run out. Returns how much.
    pub fn expire(&mut self, today: NaiveDate, now: NaiveDateTime) -> i64 {
        let mut gone = 0;
        for heap in self.heaps.iter_mut().filter(|heap| heap.until < today && heap.left > 0) {
            gone += heap.left;
            heap.expired += heap.left;
            heap.left = 0;
        }
        if gone > 0 {
            self.balance -= gone;
            self.record(now);
        }
        gone
    }

    /// Takes what there is: from `first`, then from what runs out first.
    fn draw(&mut self, amount: i64, first: Option<u128>) -> Parts {
        let (mut need, mut parts) = (amount, Parts::new());
        let own = self.heaps.iter().position(|heap| Some(heap.id) == first);
        for at in own.into_iter().chain(0..self.heaps.len()) {
            let heap = &mut self.heaps[at];
            let part = heap.left.min(need);
            if part > 0 {
                heap.left -= part;
                need -= part;
                parts.push((heap.id, part));
            }
        }
        parts
    }

    /// Takes an amount; what is not there is owed.
    pub fn take(&mut self, amount: i64, first: Option<u128>, now: NaiveDateTime) -> Parts {
        let has = self.balance.max(0);
        self.balance -= amount;
        self.record(now);
        self.draw(amount.min(has), first)
    }

    fn add(&mut self, heap: Heap) {
        let at = self.heaps.partition_point(|other| other.order() < heap.order());
        self.heaps.insert(at, heap);
    }

    /// Brings new miles; what is owed is paid first.
    pub fn bring(&mut self, id: u128, amount: i64, until: NaiveDate, at: NaiveDateTime) {
        let owed = (-self.balance).max(0);
        self.balance += amount;
        self.add(Heap { until, at, id, left: amount, expired: 0 });
        self.draw(amount.min(owed), None);
    }

    /// Gives back what was taken, the last to run out first, leaving out the first `before` of it;
    /// what has run out meanwhile becomes a heap of its own until the day of grace.
    pub fn give_back(
        &mut self,
        parts: &Parts,
        (before, amount): (i64, i64),
        grace: Option<NaiveDate>,
        (id, at, now): (u128, NaiveDateTime, NaiveDateTime),
    ) {
        let owed = (-self.balance).max(0);
        self.balance += amount;
        self.record(now);
        let mut back: Vec<(usize, i64)> = parts
            .iter()
            .filter_map(|(id, part)| {
                Some((self.heaps.iter().position(|heap| heap.id == *id)?, *part))
            })
            .collect();
        back.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let (mut skip, mut left, mut late) = (before, amount, 0);
        for (at, part) in back {
            let skipped = skip.min(part);
            skip -= skipped;
            let part = (part - skipped).min(left);
            left -= part;
            let heap = &mut self.heaps[at];
            if grace.is_some() && heap.until < now.date() {
                late += part;
            } else {
                heap.left += part;
            }
        }
        // What was owed when it was taken came from no heap.
        let new = late + left;
        if new > 0 {
            let until = grace.unwrap_or(NEVER);
            self.add(Heap { until, at, id, left: new, expired: 0 });
        }
        self.draw(amount.min(owed), None);
    }

    /// What of a heap ran out.
    pub fn expired_of(&self, id: u128) -> i64 {
        self.heaps.iter().find(|heap| heap.id == id).map_or(0, |heap| heap.expired)
    }
}
