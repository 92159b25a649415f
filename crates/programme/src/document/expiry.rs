//! How long miles last.

use serde::{Deserialize, Serialize};

use super::row::row;
use crate::Id;

/// When a lot of miles runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryPolicy {
    /// So many months after the last day of the month of posting. The day of the month is kept
    /// where there is one: February 2017 and 36 months give 28 February 2020.
    MonthsFromMonthEnd(u32),
    /// On 31 December of the so-manieth year after posting.
    EndOfYear(u32),
    /// So many months after the member's last activity, whenever posted.
    AfterActivity(u32),
    /// Never.
    Never,
}

row! {
    /// How long lots posted on its days last.
    pub struct ExpiryRow {
        /// Only for members of these tiers on the day of posting; for all others when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub tiers: Vec<Id>,
        /// When they run out.
        pub policy: ExpiryPolicy,
    }
}
