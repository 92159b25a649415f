//! How many miles there are, which of them expire when, what is on its way.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use loyalty::ledger::NEVER;
use loyalty::members::Member;

use super::Own;
use crate::{Portal, Result};

/// Holds that are looked at.
const HOLDS: i64 = 200;

/// The miles of a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Miles {
    /// What can be spent today; below zero what is owed.
    pub balance: i64,
    /// Earned and not yet the member's.
    pub pending: i64,
    /// Kept for redemptions under way.
    pub held: i64,
    /// What expires, by last day of use, the next first.
    pub expiring: Vec<(NaiveDate, i64)>,
    /// Anything was ever posted.
    pub begun: bool,
}

/// The balance on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub day: NaiveDate,
    /// At its end, by what is known today.
    pub now: i64,
    /// At its end, by what was known then.
    pub then: i64,
}

impl Portal {
    /// The miles of a member.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn miles(&self, member: &Member) -> Result<Miles> {
        let ledger = self.parts().loyalty.ledger();
        let (mut tx, today) = (self.parts().db.read().await?, self.today());
        let own = Own::of(self, &mut tx, member.id).await?;
        let (mut miles, mut days) = (Miles::default(), BTreeMap::new());
        for account in own.miles() {
            miles.begun |= account.seq > 0;
            miles.balance += match account.balance < 0 {
                true => account.balance,
                false => ledger.available(&mut tx, account.id).await?,
            };
            for lot in ledger.lots(&mut tx, account.id).await? {
                if lot.expires_on >= today && lot.expires_on < NEVER {
                    *days.entry(lot.expires_on).or_insert(0) += lot.remaining;
                }
            }
            let holds = ledger.holds_of(&mut tx, account.id, HOLDS).await?;
            let ids: Vec<_> = holds.iter().map(|hold| hold.id).collect();
            let began = ledger.transfers(&mut tx, &ids).await?;
            for hold in &holds {
                let own = began.iter().any(|it| it.id == hold.id && it.debit == account.id);
                *(if own { &mut miles.held } else { &mut miles.pending }) += hold.left();
            }
        }
        miles.expiring = days.into_iter().collect();
        miles.begun |= miles.pending > 0;
        Ok(miles)
    }

    /// The balance at the end of a day: as it is known today, and as it was known then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn balance_on(&self, member: &Member, day: NaiveDate) -> Result<Day> {
        let ledger = self.parts().loyalty.ledger();
        let mut tx = self.parts().db.read().await?;
        let own = Own::of(self, &mut tx, member.id).await?;
        let (end, known) = (self.end_of(day), self.now());
        let mut answer = Day { day, now: 0, then: 0 };
        for account in own.miles() {
            answer.now += ledger.balance_at(&mut tx, account.id, end, known).await?;
            answer.then += ledger.balance_at(&mut tx, account.id, end, end.min(known)).await?;
        }
        Ok(answer)
    }
}
