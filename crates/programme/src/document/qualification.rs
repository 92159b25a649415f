//! How tiers are won, kept and lost.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::row::row;
use crate::{Amounts, Hundredths, Id};

/// The rules of tiers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualification {
    /// To rise; looked at every day something is posted.
    pub upgrades: Vec<UpgradeRow>,
    /// To stay; looked at on the last day of a tier's validity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renewals: Vec<RenewalRow>,
    /// Who is looked at by other renewal rows than those of the day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<TransitionRow>,
    /// Where whoever does not stay goes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub landings: Vec<LandingRow>,
    /// Tiers given for the status in another programme.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<MatchRow>,
    /// Tiers to be earned in a short time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub challenges: Vec<ChallengeRow>,
}

/// What must be reached: a tree of `all` and `any` over least amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Qualifying distance in the programme's unit.
    Distance(i64),
    /// Qualifying segments.
    Segments(Hundredths),
    /// Qualifying spend in minor units of the programme's currency.
    SpendMinor(i64),
    /// Distance that counts for a lifetime.
    Lifetime(i64),
    /// Every one.
    All(Vec<Criterion>),
    /// One at least.
    Any(Vec<Criterion>),
}

impl Criterion {
    /// Most ways to meet one criterion: a person must be able to read them.
    pub const MOST_WAYS: usize = 32;

    /// Whether `have` is enough.
    #[must_use]
    pub fn met(&self, have: &Amounts) -> bool {
        match self {
            Self::Distance(least) => have.distance >= *least,
            Self::Segments(least) => have.segments >= least.0,
            Self::SpendMinor(least) => have.spend >= *least,
            Self::Lifetime(least) => have.lifetime >= *least,
            Self::All(parts) => parts.iter().all(|part| part.met(have)),
            Self::Any(parts) => parts.iter().any(|part| part.met(have)),
        }
    }

    /// How many ways there are to meet it; the check allows [`Criterion::MOST_WAYS`].
    #[must_use]
    pub fn count_ways(&self) -> usize {
        match self {
            Self::All(parts) => {
                parts.iter().fold(1, |count, part| count.saturating_mul(part.count_ways()))
            }
            Self::Any(parts) => {
                parts.iter().fold(0, |count, part| count.saturating_add(part.count_ways()))
            }
            _ => 1,
        }
    }

    /// The ways to meet it: least amounts, any one of which is enough. Of a tree with more than
    /// [`Criterion::MOST_WAYS`], which no checked programme has, none.
    #[must_use]
    pub fn ways(&self) -> Vec<Amounts> {
        if self.count_ways() > Self::MOST_WAYS { Vec::new() } else { self.expand() }
    }

    fn expand(&self) -> Vec<Amounts> {
        let one = |amounts| vec![amounts];
        match self {
            Self::Distance(distance) => one(Amounts { distance: *distance, ..Amounts::ZERO }),
            Self::Segments(n) => one(Amounts { segments: n.0, ..Amounts::ZERO }),
            Self::SpendMinor(spend) => one(Amounts { spend: *spend, ..Amounts::ZERO }),
            Self::Lifetime(lifetime) => one(Amounts { lifetime: *lifetime, ..Amounts::ZERO }),
            Self::Any(parts) => parts.iter().flat_map(Self::expand).collect(),
            Self::All(parts) => parts.iter().fold(one(Amounts::ZERO), |so_far, part| {
                let more = part.expand();
                let join = |a: &Amounts| more.iter().map(|b| a.both(b)).collect::<Vec<_>>();
                so_far.iter().flat_map(join).collect()
            }),
        }
    }
}

/// The days whose flights count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// So many consecutive months ending today, to the day.
    RollingMonths(u32),
    /// So many whole calendar months, this one the last.
    CalendarMonths(u32),
    /// From 1 January of this year.
    CalendarYear,
    /// From the last anniversary of joining.
    MembershipYear,
    /// Everything.
    Lifetime,
    /// Whole calendar months before the tier runs out; renewal only.
    BeforeExpiry {
        /// How many.
        months: u32,
        /// 0 ends with the month of the last valid day, 1 with the month before.
        months_before: u32,
    },
}

/// How long a tier lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// To the end of the so-manieth month, the month of the decision being the first: 24 from
    /// 15 June 2018 is 31 May 2020. A renewal counts from the month after the last valid day.
    EndOfMonth(u32),
    /// To 31 December of the so-manieth year after this one.
    EndOfYear(u32),
    /// For ever.
    Lifetime,
}

row! {
    /// What lifts a member to a tier.
    pub struct UpgradeRow {
        /// To which.
        pub tier: Id,
        /// Which flights count.
        pub window: Window,
        /// What they must reach.
        pub need: Criterion,
        /// How long the tier lasts.
        pub validity: Validity,
    }
}

row! {
    /// What keeps a member in a tier. It holds for members whose tier runs out on its days.
    pub struct RenewalRow {
        /// Which.
        pub tier: Id,
        /// Which flights count.
        pub window: Window,
        /// What they must reach.
        pub need: Criterion,
        /// For how much longer.
        pub validity: Validity,
    }
}

row! {
    /// Members whose tier runs out in a range of days are looked at by named renewal rows, not by
    /// those of the day. The row's own days say when the notice held; the range decides.
    pub struct TransitionRow {
        /// First of the last valid days.
        pub expires_from: NaiveDate,
        /// Last of them.
        pub expires_to: NaiveDate,
        /// Renewal rows, one a tier.
        pub renew_on: Vec<Id>,
    }
}

/// Where whoever does not renew goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Landing {
    /// Soft landing: one tier down.
    OneDown,
    /// The highest lower tier whose renewal is met; the lowest tier if none is.
    Requalify,
    /// The lowest tier.
    Lowest,
    /// `falls_to`.
    Named,
}

row! {
    /// What becomes of members who do not renew.
    pub struct LandingRow {
        /// From which tier; from all without a row of their own when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tier: Option<Id>,
        /// Where to.
        pub landing: Landing,
        /// The tier, for `named`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub falls_to: Option<Id>,
        /// How long the lower tier lasts.
        pub validity: Validity,
    }
}

row! {
    /// A tier given for the status in another programme.
    pub struct MatchRow {
        /// Of which programme.
        pub programme: String,
        /// The statuses there.
        pub statuses: Vec<String>,
        /// The tier here.
        pub tier: Id,
        /// How long it lasts.
        pub validity: Validity,
        /// Months until a member may be matched again; never when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub again_after_months: Option<u32>,
    }
}

row! {
    /// A tier to be earned in a short time.
    pub struct ChallengeRow {
        /// Which.
        pub tier: Id,
        /// Days from the start, that day counted.
        pub days: u32,
        /// What must be reached in them.
        pub need: Criterion,
        /// Whether the tier is held during the challenge.
        pub held_meanwhile: bool,
        /// How long it lasts once won.
        pub validity: Validity,
    }
}

row! {
    /// What a tier is called in an alliance.
    pub struct AllianceRow {
        /// Which.
        pub alliance: String,
        /// Here.
        pub tier: Id,
        /// There.
        pub status: String,
    }
}
