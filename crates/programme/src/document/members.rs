//! Who may join, share, receive and claim.

use serde::{Deserialize, Serialize};

use super::row::row;
use crate::{Id, Percent};

/// Rules around membership; each list has at most one row a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemberRules {
    /// Who may join.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enrolment: Vec<EnrolmentRow>,
    /// Whom members may redeem for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nominees: Vec<NomineeRow>,
    /// Who may collect together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pools: Vec<PoolRow>,
    /// What happens when more is taken back than is there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub negative_balance: Vec<NegativeBalanceRow>,
}

row! {
    /// Who may join.
    pub struct EnrolmentRow {
        /// Age, in completed years, from which one is an ordinary member.
        pub member_from_age: u32,
        /// Age from which a guardian may have a child card made; none are made when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub child_from_age: Option<u32>,
        /// Whether children can rise above the lowest tier.
        pub children_have_tiers: bool,
    }
}

row! {
    /// Whom members may redeem for.
    pub struct NomineeRow {
        /// Most at a time.
        pub most: u32,
        /// Days from adding until one may redeem for them.
        pub wait_days: u32,
        /// Tiers whose first ones need not wait.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub first_at_once: Vec<Id>,
        /// Age under which a guardian must consent.
        pub guardian_under_age: u32,
    }
}

row! {
    /// Who may collect together.
    pub struct PoolRow {
        /// Most members, the head counted.
        pub most: u32,
        /// Part of their accrual that members may contribute at most.
        pub contribute_at_most: Percent,
        /// Age from which one may be head.
        pub head_from_age: u32,
        /// Age under which a guardian must consent.
        pub guardian_under_age: u32,
        /// Days a member who left must wait before joining another.
        pub rejoin_after_days: u32,
        /// Whether what was contributed stays with the pool when a member leaves.
        pub contributions_stay: bool,
    }
}

/// What happens when more is taken back than is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NegativeBalance {
    /// The balance goes below zero; what comes in next fills it.
    Carried,
    /// What is there is taken, the rest written off.
    WrittenOff,
    /// What is there is taken, the rest invoiced.
    Invoiced,
}

row! {
    /// What happens when more is taken back than is there.
    pub struct NegativeBalanceRow {
        /// What.
        pub policy: NegativeBalance,
        /// Minor units for a thousand, when invoiced.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub minor_per_thousand: Option<i64>,
    }
}
