//! What is in the books: transfers, lots and holds.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::model::{AccountId, Due, Kind, TransferId};

/// A transfer in the books.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted {
    /// Identity.
    pub id: TransferId,
    /// Which kind.
    pub kind: Kind,
    /// Why.
    pub code: String,
    /// Whose balance went down.
    pub debit: AccountId,
    /// Whose went up.
    pub credit: AccountId,
    /// By how much.
    pub amount: i64,
    /// When it is true from.
    pub effective_at: DateTime<Utc>,
    /// When the ledger learnt of it. Never earlier than the transfer before on the same account of
    /// a member, whatever the clock does.
    pub recorded_at: DateTime<Utc>,
    /// The hold (settle, release), the original (reverse) or the lot (expire).
    pub about: Option<TransferId>,
    /// The account a hold is for.
    pub target: Option<AccountId>,
    /// Last day of use of what it brought, or will when settled.
    pub expires_on: Option<NaiveDate>,
    /// When a hold ends by itself.
    pub due: Option<Due>,
    /// What caused it.
    pub reference: String,
    /// How it came about.
    pub explanation: Value,
    /// Place among the transfers of the debit account, and its balance after; members only.
    pub debit_after: Option<Place>,
    /// The same of the credit account.
    pub credit_after: Option<Place>,
}

/// A transfer's place in a member's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Counts from 1.
    pub seq: i64,
    /// Balance afterwards.
    pub balance: i64,
}

/// Miles that came together and expire together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The transfer that brought them.
    pub id: Uuid,
    /// Last day of use.
    pub expires_on: NaiveDate,
    /// When they came.
    pub effective_at: DateTime<Utc>,
    /// How many.
    pub amount: i64,
    /// How many are left.
    pub remaining: i64,
    /// How many expired.
    pub expired: i64,
}

impl Lot {
    /// The order in which lots are used: by last day, then by when they came.
    #[must_use]
    pub fn order(&self) -> (NaiveDate, DateTime<Utc>, Uuid) {
        (self.expires_on, self.effective_at, self.id)
    }
}

/// Where a hold stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The transfer that began it.
    pub id: TransferId,
    /// Held at first.
    pub amount: i64,
    /// Passed on so far.
    pub settled: i64,
    /// Given back so far.
    pub released: i64,
    /// Given back in all: released, and settled and reversed.
    pub restored: i64,
    /// When it ends by itself.
    pub due: Option<DateTime<Utc>>,
}

impl Hold {
    /// Still held.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.amount - self.settled - self.released
    }
}
