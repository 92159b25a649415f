//! What goes into the evaluation and what comes out.

use chrono::NaiveDate;
use kernel::Period;
use serde::{Deserialize, Serialize};

use crate::document::Rank;
use crate::{Amounts, Id};

/// One flight's worth, or a day's: what counts, when it was flown, and since when it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// Day of the flight: windows are of these.
    pub on: NaiveDate,
    /// Day it came into the account: before it nobody can count it.
    pub posted: NaiveDate,
    /// What it is worth; corrections may be negative.
    pub amounts: Amounts,
}

impl Activity {
    /// Flown and posted on one day.
    #[must_use]
    pub fn new(on: NaiveDate, amounts: Amounts) -> Self {
        Self { on, posted: on, amounts }
    }

    /// First day on which it counts.
    #[must_use]
    pub(crate) fn counted(&self) -> NaiveDate {
        self.on.max(self.posted)
    }
}

/// The tier a member holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Which.
    pub tier: Rank,
    /// First day of the present validity: a renewal begins a new one.
    pub since: NaiveDate,
    /// Last day; `None` for the lowest tier and for life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
    /// Day of enrolment: membership years begin on it.
    pub joined_on: NaiveDate,
    /// Where it is known; children may have no tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// Distance for life from before the activity that is passed in.
    #[serde(default)]
    pub lifetime_before: i64,
}

impl Standing {
    /// Where everybody begins.
    #[must_use]
    pub fn new(joined_on: NaiveDate) -> Self {
        Self {
            tier: Rank(0),
            since: joined_on,
            valid_to: None,
            joined_on,
            birth_date: None,
            lifetime_before: 0,
        }
    }
}

/// What happens to a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// To a higher tier, at once.
    Upgrade,
    /// To a tier held for ever, at once.
    Lifetime,
    /// The tier goes on after its last day.
    Renew,
    /// After its last day a lower tier, which is not the lowest.
    SoftLanding,
    /// After its last day the lowest tier.
    Downgrade,
    /// Nothing changes.
    Keep,
}

/// A decision and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What happens.
    pub kind: Kind,
    /// The day whose account decided.
    pub on: NaiveDate,
    /// First day of what follows.
    pub effective: NaiveDate,
    /// The tier before.
    pub from: Rank,
    /// The tier after.
    pub to: Rank,
    /// Last day of what follows; `None` for the lowest tier and for life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
    /// The upgrade or renewal row that was or was not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Id>,
    /// The landing row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landing: Option<Id>,
    /// Whose flights were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Period>,
    /// What they came to.
    pub have: Amounts,
}
