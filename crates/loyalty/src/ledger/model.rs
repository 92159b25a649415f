//! Accounts, and the transfers that are asked for.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

pub use super::posted::{Hold, Lot, Place, Posted};
use crate::MemberId;

kernel::typed_id!(
    /// An account of the ledger.
    AccountId, "ledger-account"
);
kernel::typed_id!(
    /// A transfer. The caller gives it, so that asking twice posts once.
    TransferId, "transfer"
);

/// Largest amount of one transfer.
pub const LARGEST_AMOUNT: i64 = 1_000_000_000_000;
/// Largest balance of a member's account, either way.
pub const LARGEST_BALANCE: i64 = 1_000_000_000_000_000;
/// The last day of miles that never expire.
pub const NEVER: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name {
            $($(#[$each])* #[serde(rename = $word)] $variant),*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As kept and as on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$variant),)* _ => Err(crate::UnknownWord) }
            }
        }
    };
}
pub(crate) use words;

words!(
    /// What an account counts.
    Unit {
        /// Redeemable miles, whole. Only these expire.
        Miles = "miles",
        /// Qualifying distance, in the programme's unit of distance.
        QualifyingDistance = "qualifying-distance",
        /// Qualifying segments, in hundredths.
        QualifyingSegments = "qualifying-segments",
        /// Qualifying spend, in minor units of the programme's money.
        QualifyingSpend = "qualifying-spend",
        /// Distance that counts for a tier for life, in the programme's unit of distance.
        LifetimeDistance = "lifetime-distance",
    }
);

words!(
    /// What an account is for.
    Role {
        /// A member's own.
        Member = "member",
        /// Where everything issued comes from: its balance is minus all that was issued.
        Issuance = "issuance",
        /// What expired unused.
        Breakage = "breakage",
        /// What was redeemed.
        Redemption = "redemption",
        /// Sold to or bought from a partner; one for each name.
        Partner = "partner",
        /// Corrections by hand.
        Adjustment = "adjustment",
        /// Taken from members and not yet spent: what holds keep.
        Held = "held",
        /// Issued and not yet the member's: accrual that waits for its day or event.
        Pending = "pending",
    }
);

impl Role {
    /// Those every book has, without a name.
    pub const STANDARD: &'static [Self] = &[
        Self::Issuance,
        Self::Breakage,
        Self::Redemption,
        Self::Adjustment,
        Self::Held,
        Self::Pending,
    ];
}

words!(
    /// What may begin on a member's account. Expiry, reversals and the end of holds go on always.
    AccountState {
        /// Everything.
        Open = "open",
        /// Accrual goes on, nothing is spent.
        DebitsFrozen = "debits-frozen",
        /// Nothing begins.
        Frozen = "frozen",
        /// Nothing begins ever again.
        Closed = "closed",
    }
);

words!(
    /// The kind of a transfer in the books.
    Kind {
        /// From debit to credit at once.
        Post = "post",
        /// From debit to where holds wait.
        Hold = "hold",
        /// From a hold to where it was meant for.
        Settle = "settle",
        /// From a hold back to where it came from.
        Release = "release",
        /// An earlier transfer the other way.
        Reverse = "reverse",
        /// A lot whose last day has passed, to breakage. Made by the ledger only.
        Expire = "expire",
    }
);

words!(
    /// What becomes of a hold at its time.
    AtDue {
        /// Goes back.
        Release = "release",
        /// Goes on.
        Settle = "settle",
    }
);

words!(
    /// What a reversal does when the member has spent what it takes back.
    Shortfall {
        /// Refused: [`super::Outcome::Insufficient`].
        Refuse = "refuse",
        /// The balance goes below zero. Nothing can be spent until credits have paid it back; they
        /// pay it first. What holds keep is not touched.
        Owe = "owe",
    }
);

/// The accounts between which transfers are possible: one unit of one programme. In each the
/// balances of all accounts add up to zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Book {
    /// Code of the programme.
    pub programme: String,
    /// What is counted.
    pub unit: Unit,
}

impl Book {
    /// A book of a programme.
    #[must_use]
    pub fn new(programme: impl Into<String>, unit: Unit) -> Self {
        Self { programme: programme.into(), unit }
    }
}

/// An account as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Identity.
    pub id: AccountId,
    /// Whose, or `None` for the programme's own.
    pub owner: Option<MemberId>,
    /// Its book.
    pub book: Book,
    /// What for.
    pub role: Role,
    /// Which of several with one role: a partner's code.
    pub name: String,
    /// What may happen to it.
    pub state: AccountState,
    /// Credits less debits. Below zero for a member only by [`Shortfall::Owe`]. Miles whose day has
    /// passed are in it until the ledger has booked them out.
    pub balance: i64,
    /// Transfers so far (members' accounts).
    pub seq: i64,
    /// When the last of them was recorded; at first when the account was opened.
    pub recorded_at: DateTime<Utc>,
    /// No lot with miles left expires before; [`NEVER`] without one.
    pub next_expiry: NaiveDate,
}

impl Account {
    /// Whether miles in it come in lots that expire.
    #[must_use]
    pub fn has_lots(&self) -> bool {
        self.owner.is_some() && self.book.unit == Unit::Miles
    }
}

/// When a hold ends by itself, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// From this moment on.
    pub at: DateTime<Utc>,
    /// What becomes of the rest.
    pub then: AtDue,
}

/// What a transfer asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `amount` from `debit` to `credit`.
    Post {
        /// Whose balance goes down.
        debit: AccountId,
        /// Whose goes up.
        credit: AccountId,
        /// 1 – 10¹².
        amount: i64,
        /// Last day on which the miles can be used ([`NEVER`] for ever): said exactly when they go
        /// to a member.
        expires_on: Option<NaiveDate>,
    },
    /// Takes `amount` from `debit` and keeps it for `credit`. From a member it waits under
    /// [`Role::Held`] (a redemption), from the programme under [`Role::Pending`] (pending miles).
    Hold {
        /// Whose balance goes down now.
        debit: AccountId,
        /// Whose goes up when it is settled.
        credit: AccountId,
        /// 1 – 10¹².
        amount: i64,
        /// As in [`Step::Post`], for when it is settled.
        expires_on: Option<NaiveDate>,
        /// When it ends by itself; without it, only when somebody says so.
        due: Option<Due>,
    },
    /// Passes a hold on; what is not settled stays held.
    Settle {
        /// Which.
        hold: TransferId,
        /// `None`: all that is left.
        amount: Option<i64>,
    },
    /// Gives a hold back to the lots it was taken from, those that expire last first.
    Release {
        /// Which.
        hold: TransferId,
        /// `None`: all that is left.
        amount: Option<i64>,
        /// Until when what comes back to a lot that expired meanwhile can be used. `None`: it goes
        /// back to its lot and expires at once.
        grace: Option<NaiveDate>,
    },
    /// Takes back a post, a settlement or an expiry. A credit is taken from the lot it made, then
    /// from those that expire first; a debit comes back as in [`Step::Release`]; what expired needs
    /// a `grace`.
    Reverse {
        /// Which.
        transfer: TransferId,
        /// `None`: all that is left to reverse.
        amount: Option<i64>,
        /// When the member has less.
        shortfall: Shortfall,
        /// As in [`Step::Release`].
        grace: Option<NaiveDate>,
    },
}

/// A transfer to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// The caller's.
    pub id: TransferId,
    /// What is asked for.
    pub step: Step,
    /// Why, as a code of the caller: `accrual-flight`, `redeem-award`. 1–40 of `a-z 0-9 - .`.
    pub code: String,
    /// When it is true from, not after now.
    pub effective_at: DateTime<Utc>,
    /// What caused it: a coupon, an order, a claim; up to 200 characters, never personal.
    pub reference: String,
    /// How it came about, for the statement: a JSON object, never personal.
    pub explanation: Value,
    /// Belongs together with the next one of the batch: all are posted, or none.
    pub linked: bool,
}

impl Transfer {
    /// A transfer without reference and explanation.
    #[must_use]
    pub fn new(id: TransferId, code: &str, effective_at: DateTime<Utc>, step: Step) -> Self {
        Self {
            id,
            step,
            code: code.to_owned(),
            effective_at,
            reference: String::new(),
            explanation: Value::Object(serde_json::Map::new()),
            linked: false,
        }
    }

    /// Names its cause.
    #[must_use]
    pub fn because(mut self, reference: impl Into<String>, explanation: Value) -> Self {
        self.reference = reference.into();
        self.explanation = explanation;
        self
    }

    /// Ties it to the next one.
    #[must_use]
    pub fn linked(mut self) -> Self {
        self.linked = true;
        self
    }
}
