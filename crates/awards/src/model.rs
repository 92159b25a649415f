//! Redemptions as they stand, and their words.

use chrono::{DateTime, Utc};
use loyalty::MemberId;
use loyalty::ledger::TransferId;
use uuid::Uuid;

use crate::RedemptionId;
use crate::price::Offer;
use crate::wish::Wish;

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
            type Err = loyalty::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$variant),)* _ => Err(loyalty::UnknownWord) }
            }
        }
    };
}
pub(crate) use words;

words!(
    /// What miles are redeemed for.
    Kind {
        /// An award ticket.
        Ticket = "ticket",
        /// An upgrade.
        Upgrade = "upgrade",
        /// A thing or a voucher of the catalogue.
        Item = "item",
    }
);

words!(
    /// Where a redemption stands.
    State {
        /// Miles are held; somebody has to decide the review first.
        Review = "review",
        /// Miles are held until it is confirmed or its time is over.
        Held = "held",
        /// Confirmed: the miles are spent.
        Settled = "settled",
        /// Called off before it was confirmed: the miles are back.
        Cancelled = "cancelled",
        /// Not confirmed in time: the miles are back.
        Lapsed = "lapsed",
        /// Taken back after it was confirmed: the miles are back, less the fee.
        Redeposited = "redeposited",
    }
);

impl State {
    /// Whether miles are held.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Review | Self::Held)
    }
}

words!(
    /// What was done with a redemption.
    Step {
        /// Miles were held.
        Held = "held",
        /// Miles were held, and a limit asks for a review.
        Reviewed = "reviewed",
        /// The review was cleared.
        Cleared = "cleared",
        /// Confirmed.
        Settled = "settled",
        /// Called off.
        Cancelled = "cancelled",
        /// Given back, because the review was not cleared.
        TurnedDown = "turned-down",
        /// Ended by itself.
        Lapsed = "lapsed",
        /// Taken back.
        Redeposited = "redeposited",
    }
);

/// A redemption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// Identity, given by the caller.
    pub id: RedemptionId,
    /// Whose miles.
    pub member: MemberId,
    /// Code of the programme.
    pub programme: String,
    /// Number of the rules that gave the price.
    pub version: i64,
    /// What for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// What was asked for.
    pub wish: Wish,
    /// For whom of the nominees.
    pub nominee: Option<Uuid>,
    /// Code of the thing; empty for flights.
    pub sku: String,
    /// How many.
    pub quantity: i64,
    /// Miles of the price.
    pub miles: i64,
    /// Money of the price, in minor units of the programme's currency.
    pub minor: i64,
    /// The price with its rows.
    pub offer: Offer,
    /// When the flight leaves.
    pub departs_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When the hold ends by itself.
    pub due_at: DateTime<Utc>,
    /// The review a limit asked for.
    pub review: Option<Uuid>,
    /// Whether it is confirmed by itself as soon as the review is cleared.
    pub goes_on: bool,
    /// Ticket or order number, given when it was confirmed.
    pub reference: String,
    /// Receipt of the money, given when it was confirmed.
    pub payment: String,
    /// When it was confirmed.
    pub settled_at: Option<DateTime<Utc>>,
    /// When it was called off, lapsed or was taken back.
    pub ended_at: Option<DateTime<Utc>>,
    /// Miles kept back when it was taken back.
    pub fee_miles: i64,
    /// Money kept back or asked for, in minor units.
    pub fee_minor: i64,
    /// Row of the rules that gave the fee.
    pub fee_row: String,
    pub(crate) hash: Vec<u8>,
}

/// What one account of the member paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The hold.
    pub hold: TransferId,
    /// Miles.
    pub amount: i64,
    /// What settled it.
    pub settle: Option<TransferId>,
    /// What gave it back, where this domain did. A hold whose time was over was ended by the ledger.
    pub back: Option<TransferId>,
}

/// A step of a redemption's history.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRow {
    /// What was done.
    pub step: Step,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: staff, the owner of a key, the member; nil for the program itself.
    pub actor: Uuid,
    /// `staff`, `api-key`, `member`, `system`.
    pub actor_kind: String,
    /// What else is known: an object.
    pub detail: serde_json::Value,
}
