//! Who may join, receive and claim, and from when.

use chrono::{Days, NaiveDate};
use kernel::dates::add_months;
use serde::{Deserialize, Serialize};

use crate::document::{NegativeBalanceRow, NomineeRow, PoolRow, Programme, Rank, on};

/// What kind of membership an age allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enrolment {
    /// An ordinary member.
    Member,
    /// A child card under a guardian, until this birthday.
    Child {
        /// The first day as an ordinary member.
        ordinary_from: NaiveDate,
    },
    /// Too young.
    TooYoung {
        /// The first day on which a card can be had.
        from: NaiveDate,
    },
}

impl Programme {
    /// What somebody born on a day may be on another; `None` without a rule, or before birth.
    #[must_use]
    pub fn enrolment(&self, birth_date: NaiveDate, today: NaiveDate) -> Option<Enrolment> {
        let row = on(&self.members.enrolment, today)?;
        let age = today.years_since(birth_date)?;
        let birthday = |years: u32| {
            let months = i32::try_from(years.saturating_mul(12)).unwrap_or(i32::MAX);
            add_months(birth_date, months)
        };
        let youngest = row.child_from_age.unwrap_or(row.member_from_age);
        Some(if age >= row.member_from_age {
            Enrolment::Member
        } else if age >= youngest {
            Enrolment::Child { ordinary_from: birthday(row.member_from_age) }
        } else {
            Enrolment::TooYoung { from: birthday(youngest) }
        })
    }

    /// The nominee rules of a day.
    #[must_use]
    pub fn nominee_row(&self, day: NaiveDate) -> Option<&NomineeRow> {
        on(&self.members.nominees, day)
    }

    /// The first day on which one may redeem for a nominee added on `added`, when `before` others
    /// had ever been added; `None` when there is no rule or no room among `present` ones.
    #[must_use]
    pub fn nominee_from(
        &self,
        added: NaiveDate,
        tier: Rank,
        before: u32,
        present: u32,
    ) -> Option<NaiveDate> {
        let row = on(&self.members.nominees, added).filter(|row| present < row.most)?;
        let code = &self.tier(tier)?.code;
        if before == 0 && row.first_at_once.contains(code) {
            return Some(added);
        }
        added.checked_add_days(Days::new(u64::from(row.wait_days)))
    }

    /// The family pool rules of a day.
    #[must_use]
    pub fn pool_row(&self, day: NaiveDate) -> Option<&PoolRow> {
        on(&self.members.pools, day)
    }

    /// What happens on a day when more is taken back than is there.
    #[must_use]
    pub fn negative_balance_row(&self, day: NaiveDate) -> Option<&NegativeBalanceRow> {
        on(&self.members.negative_balance, day)
    }

    /// The last day on which a flight of `flown` can be claimed; `None` outside the programme.
    #[must_use]
    pub fn claim_until(&self, flown: NaiveDate) -> Option<NaiveDate> {
        let terms = on(&self.accrual.terms, flown)?;
        Some(add_months(flown, i32::try_from(terms.claim_months).unwrap_or(i32::MAX)))
    }
}
