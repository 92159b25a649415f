//! The words of a programme's document, read by this module's own small types.

use chrono::NaiveDate;
use serde::Deserialize;

use super::numbers::{hundredths, percent, year_end};
pub(super) use super::numbers::{month_end, month_start, months_back, months_on};

/// A document as far as figures follow from it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Rules {
    pub distance_unit: String,
    pub currency: String,
    pub tiers: Vec<Tier>,
    pub accrual: Accrual,
    pub qualification: Qualification,
    pub expiry: Vec<Expiry>,
    pub members: Members,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Tier {
    pub code: String,
    #[serde(default)]
    pub lifetime: bool,
}

/// Days a row holds on.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Days {
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

impl Days {
    pub fn hold(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct Accrual {
    pub terms: Vec<Terms>,
    pub carriers: Vec<Agreement>,
    pub codeshares: Vec<Codeshare>,
    pub classes: Vec<Class>,
    pub minimums: Vec<Minimum>,
    pub rates: Vec<Rate>,
    pub bonuses: Vec<Bonus>,
    pub ages: Vec<Age>,
    pub exclusions: Vec<Exclusion>,
    pub promotions: Vec<Promotion>,
}

impl Default for Accrual {
    fn default() -> Self {
        let (terms, carriers, codeshares, classes) = (vec![], vec![], vec![], vec![]);
        let (minimums, rates, bonuses, ages) = (vec![], vec![], vec![], vec![]);
        let (exclusions, promotions) = (vec![], vec![]);
        Self {
            terms,
            carriers,
            codeshares,
            classes,
            minimums,
            rates,
            bonuses,
            ages,
            exclusions,
            promotions,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Terms {
    #[serde(flatten)]
    pub days: Days,
    pub rounding: String,
    pub distance_sources: Vec<String>,
    pub qualifying_distance: String,
    pub class_from: String,
    pub eligibility_by: String,
    pub table_by: String,
    pub fare_with_surcharges: bool,
    pub spend_with_surcharges: bool,
    pub days_before_joining: i64,
    pub claim_months: u32,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Agreement {
    #[serde(flatten)]
    pub days: Days,
    pub carriers: Vec<String>,
    pub basis: String,
    pub min_applied: String,
    pub qualifies: bool,
    pub spend: bool,
    pub lifetime_from: Option<NaiveDate>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Codeshare {
    #[serde(flatten)]
    pub days: Days,
    #[serde(default)]
    pub marketing: Vec<String>,
    #[serde(default)]
    pub operating: Vec<String>,
    pub eligibility_by: String,
    pub table_by: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Class {
    #[serde(flatten)]
    pub days: Days,
    pub carriers: Vec<String>,
    #[serde(default)]
    pub markets: Vec<String>,
    pub cabin: Option<String>,
    pub classes: Vec<char>,
    #[serde(deserialize_with = "percent")]
    pub factor: i64,
    #[serde(deserialize_with = "hundredths")]
    pub segments: i64,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Minimum {
    #[serde(flatten)]
    pub days: Days,
    #[serde(default)]
    pub carriers: Vec<String>,
    pub cabins: Vec<String>,
    pub distance: i64,
    pub unit: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Rate {
    #[serde(flatten)]
    pub days: Days,
    pub tier: String,
    #[serde(deserialize_with = "hundredths")]
    pub points_per_unit: i64,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Bonus {
    #[serde(flatten)]
    pub days: Days,
    pub tier: String,
    #[serde(default)]
    pub carriers: Vec<String>,
    #[serde(deserialize_with = "percent")]
    pub percent: i64,
    pub of: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Age {
    #[serde(flatten)]
    pub days: Days,
    pub from_age: u32,
    pub to_age: u32,
    pub seat: Option<bool>,
    #[serde(deserialize_with = "percent")]
    pub percent: i64,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Exclusion {
    #[serde(flatten)]
    pub days: Days,
    #[serde(default)]
    pub classes: Vec<char>,
    #[serde(default)]
    pub tickets: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Promotion {
    pub id: String,
    #[serde(flatten)]
    pub days: Days,
    pub booked_to: Option<NaiveDate>,
    pub open_to: String,
    pub order: i64,
    pub stacking: String,
    #[serde(default, deserialize_with = "percent")]
    pub percent: i64,
    #[serde(default)]
    pub of: String,
    #[serde(default)]
    pub fixed: i64,
    #[serde(default, deserialize_with = "percent")]
    pub qualifying: i64,
    pub cap_per_member: Option<i64>,
    pub budget: Option<i64>,
    #[serde(default)]
    pub flights: Filter,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Filter {
    pub operating: Vec<String>,
    pub marketing: Vec<String>,
    pub markets: Vec<String>,
    pub routes: Vec<Route>,
    pub weekdays: Vec<String>,
    pub tiers: Vec<String>,
    pub first_flight: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Route {
    pub origin: String,
    pub destination: String,
    #[serde(default)]
    pub both_ways: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Qualification {
    pub upgrades: Vec<Step>,
    pub renewals: Vec<Step>,
    #[serde(default)]
    pub transitions: Vec<Transition>,
    pub landings: Vec<Landing>,
}

/// An upgrade or a renewal.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Step {
    pub id: String,
    #[serde(flatten)]
    pub days: Days,
    pub tier: String,
    pub window: Window,
    pub need: Need,
    pub validity: Validity,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Transition {
    pub expires_from: NaiveDate,
    pub expires_to: NaiveDate,
    pub renew_on: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Landing {
    #[serde(flatten)]
    pub days: Days,
    pub tier: Option<String>,
    pub landing: String,
    pub falls_to: Option<String>,
    pub validity: Validity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Window {
    RollingMonths(u32),
    CalendarYear,
    MembershipYear,
    Lifetime,
    BeforeExpiry { months: u32, months_before: u32 },
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Validity {
    EndOfMonth(u32),
    EndOfYear(i32),
    Lifetime,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Need {
    All(Vec<Need>),
    Any(Vec<Need>),
    Distance(i64),
    #[serde(deserialize_with = "hundredths")]
    Segments(i64),
    SpendMinor(i64),
    Lifetime(i64),
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Expiry {
    #[serde(flatten)]
    pub days: Days,
    #[serde(default)]
    pub tiers: Vec<String>,
    pub policy: Policy,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Policy {
    MonthsFromMonthEnd(u32),
    EndOfYear(i32),
    AfterActivity(u32),
    Never,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Members {
    pub enrolment: Vec<Enrolment>,
    pub negative_balance: Vec<Negative>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Enrolment {
    #[serde(flatten)]
    pub days: Days,
    pub member_from_age: u32,
    pub children_have_tiers: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Negative {
    #[serde(flatten)]
    pub days: Days,
    pub policy: String,
    pub minor_per_thousand: Option<i64>,
}

impl Validity {
    /// The last day of what begins on `first`: the end of the n-th month, the first one counted.
    pub fn last_day(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::EndOfMonth(n) => Some(month_end(months_on(month_start(first), n - 1))),
            Self::EndOfYear(n) => Some(year_end(first, n)),
            Self::Lifetime => None,
        }
    }
}

impl Policy {
    /// The last day of use of what was posted on a day.
    pub fn last_day(self, posted: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::MonthsFromMonthEnd(n) => Some(months_on(month_end(posted), n)),
            Self::EndOfYear(n) => Some(year_end(posted, n)),
            Self::AfterActivity(n) => Some(months_on(posted, n)),
            Self::Never => None,
        }
    }
}

impl Rules {
    pub fn rank(&self, code: &str) -> usize {
        self.tiers.iter().position(|tier| tier.code == code).unwrap_or(0)
    }

    pub fn code(&self, rank: usize) -> &str {
        self.tiers.get(rank).map_or("", |tier| tier.code.as_str())
    }

    /// The expiry row of a tier, or the one for everybody.
    pub fn last_day(&self, tier: &str, posted: NaiveDate) -> Option<NaiveDate> {
        let on_day = || self.expiry.iter().filter(|row| row.days.hold(posted));
        let own = on_day().find(|row| row.tiers.iter().any(|one| one == tier));
        own.or_else(|| on_day().find(|row| row.tiers.is_empty()))?.policy.last_day(posted)
    }

    /// First day on which somebody can have a tier.
    pub fn tiers_from(&self, born: NaiveDate, day: NaiveDate) -> Option<NaiveDate> {
        let row = self.members.enrolment.iter().find(|row| row.days.hold(day))?;
        (!row.children_have_tiers).then(|| months_on(born, row.member_from_age * 12))
    }
}
