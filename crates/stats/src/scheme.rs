//! Weighted schemes: a score from 0 to 100 out of percentile ranks.
//!
//! Each attribute gives its weight times the customer's rank. Contributions are whole hundredths of
//! a point and the score is their sum, so that what a page adds up is what it shows.

use serde::{Deserialize, Serialize};

use crate::error::StatsError;
use crate::ranks::RankTable;

/// Weights add up to this: 3,000 is 30 %.
pub const WHOLE_WEIGHT: u32 = 10_000;

/// One attribute of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight {
    pub basis_points: u32,
    /// Whether less is better (days since the last flight, say).
    pub reversed: bool,
}

impl Weight {
    #[must_use]
    pub fn more_is_better(basis_points: u32) -> Self {
        Self { basis_points, reversed: false }
    }

    #[must_use]
    pub fn less_is_better(basis_points: u32) -> Self {
        Self { basis_points, reversed: true }
    }
}

/// Checked weights, in the order of the attributes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Weight>", into = "Vec<Weight>")]
pub struct WeightedScheme(Vec<Weight>);

/// Hundredths of a point: 10,000 is a score of 100.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Points(pub u32);

impl Points {
    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

/// A score and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    pub total: Points,
    /// One per attribute; they add up to `total` exactly.
    pub parts: Vec<Points>,
}

impl WeightedScheme {
    /// # Errors
    /// No attributes, or weights that do not add up to 100 %.
    pub fn new(weights: Vec<Weight>) -> Result<Self, StatsError> {
        if weights.is_empty() {
            return Err(StatsError::NoAttributes);
        }
        let sum = weights.iter().map(|weight| u64::from(weight.basis_points)).sum();
        if sum == u64::from(WHOLE_WEIGHT) {
            Ok(Self(weights))
        } else {
            Err(StatsError::WeightsDoNotSum { sum, expected: WHOLE_WEIGHT })
        }
    }

    /// Frequency 30 %, mileage 30 %, cabin coefficient 40 %.
    #[must_use]
    pub fn standard() -> Self {
        Self([3000, 3000, 4000].map(Weight::more_is_better).to_vec())
    }

    #[must_use]
    pub fn weights(&self) -> &[Weight] {
        &self.0
    }

    /// The score of ranks from 0 to 1, one per attribute.
    ///
    /// # Errors
    /// Another number of ranks than attributes, or a rank that is not finite.
    pub fn score_ranks(&self, ranks: &[f64]) -> Result<Score, StatsError> {
        if ranks.len() != self.0.len() {
            return Err(StatsError::WrongLength { expected: self.0.len(), found: ranks.len() });
        }
        if let Some(column) = ranks.iter().position(|rank| !rank.is_finite()) {
            let what = crate::error::not_finite(ranks[column]);
            return Err(StatsError::NotFinite { row: 0, column, what });
        }
        let part = |(weight, &rank): (&Weight, &f64)| {
            let rank = rank.clamp(0.0, 1.0);
            let rank = if weight.reversed { 1.0 - rank } else { rank };
            Points((f64::from(weight.basis_points) * rank).round() as u32)
        };
        let parts: Vec<Points> = self.0.iter().zip(ranks).map(part).collect();
        Ok(Score { total: Points(parts.iter().map(|part| part.0).sum()), parts })
    }

    /// The score of one customer's values against the tables of all customers.
    ///
    /// # Errors
    /// Another number of values or tables than attributes.
    pub fn score(&self, tables: &[RankTable], values: &[f64]) -> Result<Score, StatsError> {
        if tables.len() != values.len() {
            return Err(StatsError::WrongLength { expected: tables.len(), found: values.len() });
        }
        let ranks: Vec<f64> = tables.iter().zip(values).map(|(t, &value)| t.rank(value)).collect();
        self.score_ranks(&ranks)
    }
}

impl TryFrom<Vec<Weight>> for WeightedScheme {
    type Error = StatsError;
    fn try_from(weights: Vec<Weight>) -> Result<Self, StatsError> {
        Self::new(weights)
    }
}

impl From<WeightedScheme> for Vec<Weight> {
    fn from(scheme: WeightedScheme) -> Self {
        scheme.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn best_in_everything_is_a_hundred_and_parts_add_up() {
        let scheme = WeightedScheme::standard();
        let best = scheme.score_ranks(&[1.0, 1.0, 1.0]).unwrap();
        assert_eq!(best.total.as_f64(), 100.0);
        let some = scheme.score_ranks(&[0.123_456, 0.5, 0.999]).unwrap();
        assert_eq!(some.parts, [Points(370), Points(1500), Points(3996)]);
        assert_eq!(some.total, Points(5866));
    }

    #[test]
    fn a_reversed_attribute_rewards_less() {
        let weights = vec![Weight::more_is_better(5000), Weight::less_is_better(5000)];
        let scheme = WeightedScheme::new(weights).unwrap();
        assert_eq!(scheme.score_ranks(&[0.0, 0.0]).unwrap().total, Points(5000));
        let tables =
            [RankTable::of(&[1.0, 2.0, 3.0]).unwrap(), RankTable::of(&[9.0, 5.0]).unwrap()];
        assert_eq!(scheme.score(&tables, &[3.0, 5.0]).unwrap().total, Points(10_000));
    }

    #[test]
    fn weights_must_make_a_whole() {
        let short = WeightedScheme::new(vec![Weight::more_is_better(9_999)]).unwrap_err();
        assert_eq!(short, StatsError::WeightsDoNotSum { sum: 9_999, expected: 10_000 });
        assert_eq!(WeightedScheme::new(vec![]).unwrap_err(), StatsError::NoAttributes);
        let read: Result<WeightedScheme, _> =
            serde_json::from_str(r#"[{"basis_points": 1, "reversed": false}]"#);
        assert!(read.unwrap_err().to_string().contains("add up to 1 of 10000"));
    }
}
