//! What a flight is worth towards a tier.

use std::ops::{Add, AddAssign, SubAssign};

use serde::{Deserialize, Serialize};

/// The currencies of the ledger that flying fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Miles to spend.
    Redeemable,
    /// Qualifying distance in the programme's unit.
    Distance,
    /// Qualifying segments in hundredths.
    Segments,
    /// Qualifying spend in minor units of the programme's currency.
    Spend,
    /// Distance that counts towards a lifetime tier.
    Lifetime,
}

impl Measure {
    /// All five, in the order of the type.
    pub const ALL: [Self; 5] =
        [Self::Redeemable, Self::Distance, Self::Segments, Self::Spend, Self::Lifetime];
}

/// Qualifying activity: of one flight, of a window, or what is asked for. Sums saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Amounts {
    /// In the programme's unit.
    pub distance: i64,
    /// In hundredths.
    pub segments: i64,
    /// In minor units of the programme's currency.
    pub spend: i64,
    /// In the programme's unit.
    pub lifetime: i64,
}

impl Amounts {
    /// Nothing.
    pub const ZERO: Self = Self { distance: 0, segments: 0, spend: 0, lifetime: 0 };

    /// Whether every measure reaches that of `least`.
    #[must_use]
    pub fn reach(&self, least: &Self) -> bool {
        self.distance >= least.distance
            && self.segments >= least.segments
            && self.spend >= least.spend
            && self.lifetime >= least.lifetime
    }

    /// What is missing to reach `least`: zero where it is reached.
    #[must_use]
    pub fn missing(&self, least: &Self) -> Self {
        Self {
            distance: least.distance.saturating_sub(self.distance).max(0),
            segments: least.segments.saturating_sub(self.segments).max(0),
            spend: least.spend.saturating_sub(self.spend).max(0),
            lifetime: least.lifetime.saturating_sub(self.lifetime).max(0),
        }
    }

    /// The larger of the two in every measure.
    #[must_use]
    pub fn both(&self, other: &Self) -> Self {
        Self {
            distance: self.distance.max(other.distance),
            segments: self.segments.max(other.segments),
            spend: self.spend.max(other.spend),
            lifetime: self.lifetime.max(other.lifetime),
        }
    }

    /// The four, in the order of the type.
    #[must_use]
    pub fn values(&self) -> [i64; 4] {
        [self.distance, self.segments, self.spend, self.lifetime]
    }

    /// `times` of it.
    #[must_use]
    pub fn times(&self, times: i64) -> Self {
        let [distance, segments, spend, lifetime] =
            self.values().map(|value| value.saturating_mul(times));
        Self { distance, segments, spend, lifetime }
    }
}

impl AddAssign for Amounts {
    fn add_assign(&mut self, other: Self) {
        self.distance = self.distance.saturating_add(other.distance);
        self.segments = self.segments.saturating_add(other.segments);
        self.spend = self.spend.saturating_add(other.spend);
        self.lifetime = self.lifetime.saturating_add(other.lifetime);
    }
}

impl SubAssign for Amounts {
    fn sub_assign(&mut self, other: Self) {
        *self += other.times(-1);
    }
}

impl Add for Amounts {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}
