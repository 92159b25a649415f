//! What a tier is good for.

use serde::{Deserialize, Serialize};

use super::qualification::{Criterion, Window};
use super::row::row;
use super::{Cabin, Market, Text};
use crate::{Carrier, Id};

/// The catalogue of benefits, and what is chosen at milestones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Benefits {
    /// What there is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub catalogue: Vec<BenefitRow>,
    /// What is earned by reaching amounts in a window.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<MilestoneRow>,
}

/// What a benefit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum BenefitKind {
    PriorityWaitlist,
    SeatHeld,
    GuaranteedSeat,
    PreferredSeat,
    ExtraBaggage,
    PriorityBaggage,
    PriorityCheckIn,
    PriorityBoarding,
    Lounge,
    Limousine,
    UpgradeVoucher,
    CompanionTicket,
    HotLine,
    BonusMiles,
    Other,
}

/// What an allowance is counted over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// Each flight.
    Flight,
    /// From 1 January.
    CalendarYear,
    /// From the anniversary of joining.
    MembershipYear,
    /// From the upgrade or the last renewal.
    TierPeriod,
}

/// How often a benefit may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// So often.
    pub count: u32,
    /// In what.
    pub per: Per,
}

row! {
    /// A benefit. A list that is empty does not narrow.
    pub struct BenefitRow {
        /// What it does.
        pub kind: BenefitKind,
        /// As members read it.
        pub name: Text,
        /// Tiers that have it; with `by_choice` those that may choose it.
        pub tiers: Vec<Id>,
        /// Only for members who chose it or earned it at a milestone.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub by_choice: bool,
        /// How often; without limit when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub allowance: Option<Allowance>,
        /// Flown by.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub operating: Vec<Carrier>,
        /// Sold by.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub marketing: Vec<Carrier>,
        /// Where to.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub markets: Vec<Market>,
        /// Cabins.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub cabins: Vec<Cabin>,
        /// Hours before departure until which it can be had.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub until_hours_before: Option<u32>,
        /// People it holds for beside the member.
        #[serde(default)]
        pub companions: u32,
        /// How much: pieces, kilograms, percent, as the name says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quantity: Option<u32>,
    }
}

row! {
    /// Benefits earned by reaching amounts in a window.
    pub struct MilestoneRow {
        /// As members read it.
        pub name: Text,
        /// Which flights count.
        pub window: Window,
        /// What they must reach.
        pub need: Criterion,
        /// Tiers it is for; all when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub tiers: Vec<Id>,
        /// Benefits to choose from.
        pub choices: Vec<Id>,
        /// How many may be chosen.
        pub choose: u32,
    }
}
