//! What the tests of the books share, and the tests by subject.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod base;
mod checks;
mod crash;
mod model;
mod outcomes;
mod races;

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::FixedClock;
use store::Db;
use store::testing::NOW;

use super::*;
use crate::MemberId;

pub(super) const ZH: &str = "ZH";

/// Books with two members, on one engine, with a clock that stands still.
#[derive(Clone)]
pub(super) struct Desk {
    pub ledger: Ledger,
    pub clock: Arc<FixedClock>,
    pub issuance: AccountId,
    pub redemption: AccountId,
    pub breakage: AccountId,
    pub held: AccountId,
    pub pending: AccountId,
    pub one: AccountId,
    pub other: AccountId,
    pub segments: AccountId,
    pub segments_issued: AccountId,
    pub who: MemberId,
}

pub(super) async fn both<F: AsyncFn(Desk)>(body: F) {
    store::testing::both(&[crate::MIGRATIONS], async |db| body(Desk::new(db).await).await).await;
}

impl Desk {
    pub async fn new(db: Db) -> Self {
        let clock = Arc::new(FixedClock::at(NOW));
        let ledger = Ledger::new(db, clock.clone(), chrono_tz::Asia::Shanghai);
        Self::open(ledger, clock).await
    }

    pub async fn open(ledger: Ledger, clock: Arc<FixedClock>) -> Self {
        let mut tx = ledger.db().begin().await.unwrap();
        ledger.open_programme(&mut tx, ZH).await.unwrap();
        let (who, second) = (MemberId::new(NOW), MemberId::new(NOW));
        let one = ledger.open_member(&mut tx, who, ZH).await.unwrap();
        let other = ledger.open_member(&mut tx, second, ZH).await.unwrap();
        let book = Book::new(ZH, Unit::Miles);
        let mut roles = Vec::new();
        for role in [Role::Issuance, Role::Redemption, Role::Breakage, Role::Held, Role::Pending] {
            roles.push(ledger.role(&mut tx, &book, role, "").await.unwrap());
        }
        let segments = Book::new(ZH, Unit::QualifyingSegments);
        let segments_issued = ledger.role(&mut tx, &segments, Role::Issuance, "").await.unwrap();
        tx.commit().await.unwrap();
        Self {
            ledger,
            clock,
            issuance: roles[0],
            redemption: roles[1],
            breakage: roles[2],
            held: roles[3],
            pending: roles[4],
            one: one[0].id,
            other: other[0].id,
            segments: one[2].id,
            segments_issued,
            who,
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.ledger.now()
    }

    pub fn transfer(&self, step: Step) -> Transfer {
        Transfer::new(TransferId::new(self.now()), "test", self.now(), step)
    }

    pub fn earn(&self, to: AccountId, amount: i64, until: NaiveDate) -> Transfer {
        self.transfer(Step::Post {
            debit: self.issuance,
            credit: to,
            amount,
            expires_on: Some(until),
        })
    }

    pub fn spend(&self, from: AccountId, amount: i64) -> Transfer {
        let credit = self.redemption;
        self.transfer(Step::Post { debit: from, credit, amount, expires_on: None })
    }

    pub fn hold(&self, from: AccountId, amount: i64) -> Transfer {
        let (credit, due) = (self.redemption, None);
        self.transfer(Step::Hold { debit: from, credit, amount, expires_on: None, due })
    }

    pub fn reverse(&self, of: &Transfer, amount: Option<i64>, shortfall: Shortfall) -> Transfer {
        self.transfer(Step::Reverse { transfer: of.id, amount, shortfall, grace: None })
    }

    /// Posts one and tells what became of it.
    pub async fn post(&self, transfer: &Transfer) -> Outcome {
        self.ledger.post(vec![transfer.clone()]).await.unwrap()[0]
    }

    /// Posts one that has to go through.
    pub async fn must(&self, transfer: Transfer) -> Transfer {
        assert_eq!(self.post(&transfer).await, Outcome::Posted, "{:?}", transfer.step);
        transfer
    }

    pub async fn balance(&self, account: AccountId) -> i64 {
        let mut tx = self.ledger.db().read().await.unwrap();
        self.ledger.account(&mut tx, account).await.unwrap().unwrap().balance
    }

    /// What is left of each lot, by its last day.
    pub async fn lots(&self, account: AccountId) -> Vec<(NaiveDate, i64)> {
        let mut tx = self.ledger.db().read().await.unwrap();
        let lots = self.ledger.lots(&mut tx, account).await.unwrap();
        lots.into_iter().map(|lot| (lot.expires_on, lot.remaining)).collect()
    }

    pub async fn expire(&self) -> u64 {
        self.ledger.expire().await.unwrap()
    }

    pub async fn end_holds(&self) -> u64 {
        self.ledger.end_holds().await.unwrap()
    }

    /// Nothing in the books differs from what the transfers say.
    pub async fn sound(&self) {
        let checked = self.ledger.check().await.unwrap();
        assert_eq!(checked.differences, [], "{checked:?}");
    }
}

/// A day so many days after the tests' today (2026-11-22).
pub(super) fn day(after: i64) -> NaiveDate {
    NOW.date_naive() + Duration::days(after)
}
