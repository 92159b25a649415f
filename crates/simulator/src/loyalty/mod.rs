//! Years of membership life for one programme: who joins, flies, spends, is frozen or merged, and
//! what of it arrives late, twice, in the wrong order or with another content.
//!
//! [`Years`] gives it as [`Moment`]s, one after the other; everything follows from the seed. Members
//! are numbered from 0. What it should come to is the business of [`crate::auditor`].

mod flights;
mod plan;

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

pub use plan::Years;

/// Which years to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// How many join.
    pub members: usize,
    /// First day.
    pub first: NaiveDate,
    /// How many years.
    pub years: u32,
    /// The same seed gives the same moments.
    pub seed: u64,
    /// Whether what arrives is late, repeated, contradicted; clocks jump, batches are killed, nights
    /// are missed.
    pub faults: bool,
    /// Days between nightly runs: 1 for every night. The first of a month has one always.
    pub nights: u32,
    /// Flights of a member as a multiple of the usual seven a year.
    pub pace: u32,
}

/// A flight as the rules of a programme see it: serialises as their fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the fields of a fact")]
pub struct Flight {
    pub flight_date: NaiveDate,
    pub flight_no: &'static str,
    pub origin: &'static str,
    pub destination: &'static str,
    pub market: &'static str,
    pub marketing: &'static str,
    pub operating: &'static str,
    pub booking_class: char,
    pub flown_class: Option<char>,
    pub involuntary: bool,
    pub cabin: Option<&'static str>,
    pub tpm_miles: Option<i64>,
    pub great_circle_km: Option<i64>,
    pub fare_minor: Option<i64>,
    pub surcharge_minor: i64,
    pub currency: &'static str,
    pub ticket: &'static str,
    pub status: &'static str,
    pub booked_on: Option<NaiveDate>,
    pub seat: bool,
    pub claimed_on: Option<NaiveDate>,
    pub credited_elsewhere: bool,
}

/// A statement about a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The segment's.
    pub key: String,
    /// Counts up.
    pub revision: i64,
    /// Whose number is on it.
    pub member: Option<usize>,
    /// `None`: there is no such segment after all.
    pub flight: Option<Flight>,
}

/// What may begin on a member's accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Everything.
    Open,
    /// Nothing is spent.
    DebitsFrozen,
    /// Nothing.
    Frozen,
}

/// A transfer that is asked for. Ids are unique and never nil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The caller's.
    pub id: u128,
    /// When it is true from: the same when it is asked again.
    pub at: NaiveDateTime,
    /// What.
    pub step: Step,
}

/// What a transfer asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Step {
    /// From the partner to a member.
    Buy { who: usize, amount: i64, expires_on: NaiveDate },
    /// From a member to redemption.
    Spend { who: usize, amount: i64 },
    /// From a member for redemption, given back at `due`.
    Hold { who: usize, amount: i64, due: Option<NaiveDateTime> },
    /// A hold, or a part of it, is redeemed.
    Settle { hold: u128, amount: Option<i64> },
    /// A hold, or a part of it, is given back.
    Release { hold: u128, amount: Option<i64>, grace: Option<NaiveDate> },
    /// A settlement is taken back.
    Redeposit { settled: u128, amount: Option<i64>, grace: Option<NaiveDate> },
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Act {
    Enrol {
        who: usize,
        born: NaiveDate,
        guardian: Option<usize>,
    },
    /// One batch, at most a thousand, no key twice. `killed`: its process dies under way, and the
    /// batch is told again.
    Facts {
        said: Vec<Said>,
        killed: bool,
    },
    /// One batch to the ledger.
    Books(Vec<Asked>),
    /// By two people: miles given until a day, or taken.
    Adjust {
        who: usize,
        amount: i64,
        expires_on: Option<NaiveDate>,
    },
    /// By two people: the tier of this height.
    Tier {
        who: usize,
        rank: usize,
        valid_from: NaiveDate,
        valid_to: NaiveDate,
    },
    Freeze {
        who: usize,
        state: State,
    },
    Merge {
        from: usize,
        into: usize,
    },
    Unmerge {
        from: usize,
    },
    /// Holds end, lots expire, children grow up, tiers are decided.
    Night,
}

/// Something happens at a moment of the house's clock, which does not always go forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The clock's local time.
    pub at: NaiveDateTime,
    /// What.
    pub act: Act,
}
