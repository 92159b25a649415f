//! The books against a small model that knows nothing of them: plain lists, one step after another.
#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::Duration;
use proptest::prelude::*;
use store::testing::Scratch;

use super::*;

#[derive(Clone, Debug)]
enum Op {
    Earn { who: usize, amount: i64, days: i64 },
    Pend { who: usize, amount: i64, days: i64, due: i64 },
    Spend { who: usize, amount: i64 },
    Give { who: usize, amount: i64, days: i64 },
    Hold { who: usize, amount: i64, due: Option<i64> },
    Settle { which: usize, amount: Option<i64> },
    Release { which: usize, amount: Option<i64>, grace: Option<i64> },
    Reverse { which: usize, amount: Option<i64>, owe: bool },
    Again { which: usize },
    Clock { days: i64 },
    Run,
}

fn op() -> impl Strategy<Value = Op> {
    let (who, amount, days) = (0..2_usize, 1..200_i64, 0..60_i64);
    let part = proptest::option::of(1..150_i64);
    let which = 0..200_usize;
    prop_oneof![
        4 => (who.clone(), amount.clone(), days.clone())
            .prop_map(|(who, amount, days)| Op::Earn { who, amount, days }),
        1 => (who.clone(), amount.clone(), days.clone(), 1..30_i64)
            .prop_map(|(who, amount, days, due)| Op::Pend { who, amount, days, due }),
        3 => (who.clone(), amount.clone()).prop_map(|(who, amount)| Op::Spend { who, amount }),
        1 => (who.clone(), amount.clone(), days.clone())
            .prop_map(|(who, amount, days)| Op::Give { who, amount, days }),
        3 => (who, amount, proptest::option::of(1..20_i64))
            .prop_map(|(who, amount, due)| Op::Hold { who, amount, due }),
        2 => (which.clone(), part.clone())
            .prop_map(|(which, amount)| Op::Settle { which, amount }),
        2 => (which.clone(), part.clone(), proptest::option::of(days))
            .prop_map(|(which, amount, grace)| Op::Release { which, amount, grace }),
        3 => (which.clone(), part, any::<bool>())
            .prop_map(|(which, amount, owe)| Op::Reverse { which, amount, owe }),
        1 => which.prop_map(|which| Op::Again { which }),
        2 => (-20..40_i64).prop_map(|days| Op::Clock { days }),
        1 => Just(Op::Run),
    ]
}

#[derive(Clone, Debug)]
struct Heap {
    until: NaiveDate,
    at: DateTime<Utc>,
    left: i64,
    expired: i64,
}

/// What became of a step, as far as later ones need it. `heap` is what it brought to `to`.
#[derive(Clone, Debug)]
struct Done {
    from: Option<usize>,
    to: Option<usize>,
    amount: i64,
    parts: Vec<(usize, i64)>,
    heap: Option<usize>,
    back: i64,
    hold: Option<usize>,
}

#[derive(Clone, Debug)]
struct Held {
    from: Option<usize>,
    to: Option<usize>,
    until: Option<NaiveDate>,
    parts: Vec<(usize, i64)>,
    left: i64,
    restored: i64,
    due: Option<DateTime<Utc>>,
}

#[derive(Default)]
struct Model {
    heaps: [Vec<Heap>; 2],
    owed: [i64; 2],
    done: Vec<Option<Done>>,
    held: Vec<Held>,
    today: NaiveDate,
    now: DateTime<Utc>,
}

impl Model {
    fn has(&self, who: usize) -> i64 {
        self.heaps[who].iter().map(|heap| heap.left).sum::<i64>() - self.owed[who]
    }

    fn expire(&mut self, who: Option<usize>) {
        let Some(who) = who else { return };
        for heap in self.heaps[who].iter_mut().filter(|heap| heap.until < self.today) {
            heap.expired += heap.left;
            heap.left = 0;
        }
    }

    /// Takes from the earliest; what is not there is owed.
    fn take(&mut self, who: Option<usize>, amount: i64, first: Option<usize>) -> Vec<(usize, i64)> {
        let Some(who) = who else { return Vec::new() };
        let mut order: Vec<usize> = (0..self.heaps[who].len()).collect();
        order.sort_by_key(|at| {
            let heap = &self.heaps[who][*at];
            (Some(*at) != first, heap.until, heap.at)
        });
        let (mut left, mut parts) = (amount, Vec::new());
        for at in order {
            let part = self.heaps[who][at].left.min(left);
            self.heaps[who][at].left -= part;
            left -= part;
            if part > 0 {
                parts.push((at, part));
            }
        }
        self.owed[who] += left;
        parts
    }

    fn pay(&mut self, who: usize) {
        let there = self.heaps[who].iter().map(|heap| heap.left).sum::<i64>();
        let pays = self.owed[who].min(there);
        self.owed[who] -= pays;
        self.take(Some(who), pays, None);
    }

    fn bring(&mut self, who: Option<usize>, amount: i64, until: NaiveDate) -> Option<usize> {
        let who = who?;
        self.heaps[who].push(Heap { until, at: self.now, left: amount, expired: 0 });
        let heap = self.heaps[who].len() - 1;
        self.pay(who);
        Some(heap)
    }

    /// Brings `amount` back where `parts` came from, the last to expire first, after `before`.
    fn restore(
        &mut self,
        who: Option<usize>,
        parts: &[(usize, i64)],
        before: i64,
        amount: i64,
        grace: Option<NaiveDate>,
    ) {
        let Some(who) = who else { return };
        let mut miles = Vec::new();
        for (at, part) in parts {
            miles.extend(std::iter::repeat_n(*at, usize::try_from(*part).unwrap()));
        }
        miles.sort_by_key(|at| {
            std::cmp::Reverse((self.heaps[who][*at].until, self.heaps[who][*at].at))
        });
        let mut new = 0;
        let (before, amount) = (usize::try_from(before).unwrap(), usize::try_from(amount).unwrap());
        for at in miles.into_iter().skip(before).take(amount) {
            if self.heaps[who][at].until < self.today && grace.is_some() {
                new += 1;
            } else {
                self.heaps[who][at].left += 1;
            }
        }
        if let (Some(until), true) = (grace, new > 0) {
            self.heaps[who].push(Heap { until, at: self.now, left: new, expired: 0 });
        }
        self.pay(who);
    }

    fn end_due(&mut self, hold: usize) {
        let held = self.held[hold].clone();
        if held.left == 0 || held.due.is_none_or(|due| due > self.now) {
            return;
        }
        self.held[hold].left = 0;
        match held.until {
            // Dated from its time.
            Some(until) => {
                let now = std::mem::replace(&mut self.now, held.due.unwrap());
                self.bring(held.to, held.left, until);
                self.now = now;
            }
            None => {
                self.restore(held.from, &held.parts, held.restored, held.left, None);
                self.held[hold].restored += held.left;
            }
        }
    }

    fn both_expire(&mut self, from: Option<usize>, to: Option<usize>) {
        self.expire(from);
        self.expire(to);
    }

    /// A post: whether it goes through.
    fn post(
        &mut self,
        from: Option<usize>,
        to: Option<usize>,
        amount: i64,
        until: NaiveDate,
    ) -> bool {
        self.both_expire(from, to);
        if from.is_some_and(|who| self.has(who) < amount) {
            return false;
        }
        let parts = self.take(from, amount, None);
        let heap = self.bring(to, amount, until);
        let done = Done { from, to, amount, parts, heap, back: 0, hold: None };
        self.done.push(Some(done));
        true
    }

    fn hold(
        &mut self,
        from: Option<usize>,
        to: Option<usize>,
        amount: i64,
        until: Option<NaiveDate>,
        due: Option<DateTime<Utc>>,
    ) -> bool {
        self.both_expire(from, to);
        if from.is_some_and(|who| self.has(who) < amount) {
            return false;
        }
        let parts = self.take(from, amount, None);
        self.held.push(Held { from, to, until, parts, left: amount, restored: 0, due });
        true
    }

    /// How much of a hold is passed on or given back.
    fn part(&mut self, hold: usize, amount: Option<i64>) -> Option<i64> {
        self.end_due(hold);
        let held = self.held[hold].clone();
        self.both_expire(held.from, held.to);
        let amount = amount.unwrap_or(held.left);
        (held.left > 0 && amount <= held.left).then_some(amount)
    }

    fn settle(&mut self, hold: usize, amount: Option<i64>) -> bool {
        let Some(amount) = self.part(hold, amount) else { return false };
        self.held[hold].left -= amount;
        let Held { from, to, until, parts, .. } = self.held[hold].clone();
        let heap = until.and_then(|until| self.bring(to, amount, until));
        self.done.push(Some(Done { from, to, amount, parts, heap, back: 0, hold: Some(hold) }));
        true
    }

    fn release(&mut self, hold: usize, amount: Option<i64>, grace: Option<NaiveDate>) -> bool {
        let Some(amount) = self.part(hold, amount) else { return false };
        let held = self.held[hold].clone();
        self.restore(held.from, &held.parts, held.restored, amount, grace);
        self.held[hold].left -= amount;
        self.held[hold].restored += amount;
        true
    }

    fn reverse(&mut self, which: usize, amount: Option<i64>, owe: bool) -> bool {
        let Some(done) = self.done[which].clone() else { return false };
        self.both_expire(done.to, done.from);
        let expired = match (done.to, done.heap) {
            (Some(who), Some(heap)) => self.heaps[who][heap].expired,
            _ => 0,
        };
        let left = done.amount - done.back - expired;
        let amount = amount.unwrap_or(left);
        if left <= 0 || amount > left {
            return false;
        }
        if !owe && done.to.is_some_and(|who| self.has(who) < amount) {
            return false;
        }
        self.take(done.to, amount, done.heap);
        let before = done.hold.map_or(done.back, |hold| self.held[hold].restored);
        self.restore(done.from, &done.parts, before, amount, None);
        if let Some(hold) = done.hold {
            self.held[hold].restored += amount;
        }
        self.done[which].as_mut().unwrap().back += amount;
        true
    }
}

/// The same steps in the books and in the model.
struct Pair {
    desk: Desk,
    model: Model,
    /// Ids of what the model keeps in `done` and `held`.
    done: Vec<TransferId>,
    held: Vec<TransferId>,
    asked: Vec<Transfer>,
}

impl Pair {
    fn account(&self, who: usize) -> AccountId {
        [self.desk.one, self.desk.other][who]
    }

    async fn ask(&mut self, step: Step) -> (bool, TransferId) {
        let transfer = self.desk.transfer(step);
        let id = transfer.id;
        let outcome = self.desk.post(&transfer).await;
        if outcome.is_posted() {
            self.asked.push(transfer);
        }
        (outcome == Outcome::Posted, id)
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each step")]
    async fn step(&mut self, op: Op) -> (bool, bool) {
        let now = self.desk.clock.now_plus_second();
        let today = self.desk.ledger.today();
        (self.model.now, self.model.today) = (now, today);
        let until = |days: i64| today + Duration::days(days);
        let (issuance, redemption) = (self.desk.issuance, self.desk.redemption);
        match op {
            Op::Earn { who, amount, days } => {
                let (credit, expires_on) = (self.account(who), Some(until(days)));
                let asked =
                    self.ask(Step::Post { debit: issuance, credit, amount, expires_on }).await;
                self.posted(asked, |model| model.post(None, Some(who), amount, until(days)))
            }
            Op::Spend { who, amount } => {
                let (debit, credit) = (self.account(who), redemption);
                let asked = self.ask(Step::Post { debit, credit, amount, expires_on: None }).await;
                self.posted(asked, |model| model.post(Some(who), None, amount, today))
            }
            Op::Give { who, amount, days } => {
                let (debit, credit) = (self.account(who), self.account(1 - who));
                let expires_on = Some(until(days));
                let asked = self.ask(Step::Post { debit, credit, amount, expires_on }).await;
                self.posted(asked, |m| m.post(Some(who), Some(1 - who), amount, until(days)))
            }
            Op::Pend { who, amount, days, due } => {
                let (credit, expires_on) = (self.account(who), Some(until(days)));
                let due = Due { at: now + Duration::days(due), then: AtDue::Settle };
                let due_at = Some(due.at);
                let due = Some(due);
                let step = Step::Hold { debit: issuance, credit, amount, expires_on, due };
                let asked = self.ask(step).await;
                self.holding(asked, |model| model.hold(None, Some(who), amount, expires_on, due_at))
            }
            Op::Hold { who, amount, due } => {
                let due_at = due.map(|days| now + Duration::days(days));
                let due = due_at.map(|at| Due { at, then: AtDue::Release });
                let (debit, credit) = (self.account(who), redemption);
                let asked =
                    self.ask(Step::Hold { debit, credit, amount, expires_on: None, due }).await;
                self.holding(asked, |model| model.hold(Some(who), None, amount, None, due_at))
            }
            Op::Settle { which, amount } => {
                let Some(which) = nth(which, self.held.len()) else { return (true, true) };
                let asked = self.ask(Step::Settle { hold: self.held[which], amount }).await;
                self.posted(asked, |model| model.settle(which, amount))
            }
            Op::Release { which, amount, grace } => {
                let Some(which) = nth(which, self.held.len()) else { return (true, true) };
                let member = self.model.held[which].from.is_some();
                let grace = grace.filter(|_| member).map(until);
                let asked = self.ask(Step::Release { hold: self.held[which], amount, grace }).await;
                (asked.0, self.model.release(which, amount, grace))
            }
            Op::Reverse { which, amount, owe } => {
                let Some(which) = nth(which, self.done.len()) else { return (true, true) };
                let shortfall = if owe { Shortfall::Owe } else { Shortfall::Refuse };
                let transfer = self.done[which];
                let asked =
                    self.ask(Step::Reverse { transfer, amount, shortfall, grace: None }).await;
                (asked.0, self.model.reverse(which, amount, owe))
            }
            Op::Again { which } => {
                let Some(which) = nth(which, self.asked.len()) else { return (true, true) };
                let again = self.desk.post(&self.asked[which]).await;
                (again == Outcome::AlreadyPosted, true)
            }
            Op::Clock { days } => {
                self.desk.clock.advance(Duration::days(days));
                (true, true)
            }
            Op::Run => {
                self.desk.end_holds().await;
                self.desk.expire().await;
                (0..self.model.held.len()).for_each(|hold| self.model.end_due(hold));
                self.model.both_expire(Some(0), Some(1));
                (true, true)
            }
        }
    }

    fn posted(
        &mut self,
        asked: (bool, TransferId),
        model: impl FnOnce(&mut Model) -> bool,
    ) -> (bool, bool) {
        let expected = model(&mut self.model);
        if expected {
            self.done.push(asked.1);
        }
        (asked.0, expected)
    }

    fn holding(
        &mut self,
        asked: (bool, TransferId),
        model: impl FnOnce(&mut Model) -> bool,
    ) -> (bool, bool) {
        let expected = model(&mut self.model);
        if expected {
            self.held.push(asked.1);
        }
        (asked.0, expected)
    }

    async fn compare(&self, op: &Op) {
        for who in 0..2 {
            let (account, heaps) = (self.account(who), &self.model.heaps[who]);
            assert_eq!(self.desk.balance(account).await, self.model.has(who), "{who} after {op:?}");
            let mut left: Vec<_> = heaps.iter().filter(|heap| heap.left > 0).collect();
            left.sort_by_key(|heap| (heap.until, heap.at));
            let left: Vec<_> = left.into_iter().map(|heap| (heap.until, heap.left)).collect();
            assert_eq!(self.desk.lots(account).await, left, "{who} after {op:?}");
        }
    }
}

fn nth(which: usize, of: usize) -> Option<usize> {
    which.checked_rem(of)
}

trait Ticks {
    fn now_plus_second(&self) -> DateTime<Utc>;
}

impl Ticks for FixedClock {
    /// No two steps at one moment.
    fn now_plus_second(&self) -> DateTime<Utc> {
        use kernel::Clock;
        self.advance(Duration::seconds(1));
        self.now()
    }
}

async fn agree(db: Db, ops: Vec<Op>) {
    let desk = Desk::new(db).await;
    let (model, done, held, asked) = (Model::default(), Vec::new(), Vec::new(), Vec::new());
    let mut pair = Pair { desk, model, done, held, asked };
    for op in ops {
        let (real, expected) = pair.step(op.clone()).await;
        assert_eq!(real, expected, "{op:?}");
        pair.compare(&op).await;
    }
    pair.desk.sound().await;
}

fn run(cases: u32, on: fn(&tokio::runtime::Runtime) -> Option<Scratch>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(ops in proptest::collection::vec(op(), 1..70))| {
        let Some(scratch) = on(&runtime) else { return Ok(()) };
        runtime.block_on(agree(scratch.db.clone(), ops));
        runtime.block_on(scratch.discard());
    });
}

#[test]
fn any_sequence_of_steps_agrees_with_the_model() {
    run(64, |runtime| Some(runtime.block_on(Scratch::sqlite(&[crate::MIGRATIONS]))));
}

#[test]
fn any_sequence_of_steps_agrees_with_the_model_on_a_server() {
    run(8, |runtime| runtime.block_on(Scratch::postgres(&[crate::MIGRATIONS])));
}
