//! What is known about the comparisons, as data: probabilities of each level among matches and
//! among others, and where the bands begin.

use serde::{Deserialize, Serialize};

/// The shape of [`Model`] this program writes.
pub const VERSION: u32 = 1;
/// A level number that says: one of the values is missing, no evidence either way.
pub const MISSING: u8 = u8::MAX;
/// Most weight an agreement gains or loses by the frequency of the value, in bits.
const MOST_ADJUSTMENT: f64 = 20.0;

/// A Fellegi–Sunter model (Fellegi & Sunter 1969; Winkler 1988 for its estimation by EM).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    pub version: u32,
    /// Which configuration the model is for: its comparisons and levels are those.
    pub name: String,
    /// The probability that two records taken at random are a match.
    pub prior: f64,
    pub comparisons: Vec<Comparison>,
    pub bands: Bands,
}

/// Total weights, in bits, from which a pair is linked or looked at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bands {
    pub link: f64,
    pub review: f64,
}

impl Default for Bands {
    /// Odds of 1,000 to 1 for a link, 1 to 1 for a look.
    fn default() -> Self {
        Self { link: 10.0, review: 0.0 }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Stable, for translation: `birth`, `phone`.
    pub code: String,
    /// The closest first; the last is what remains.
    pub levels: Vec<Level>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Stable, for translation: `same`, `swapped`.
    pub code: String,
    /// Probability of this level among matches with both values present.
    pub m: f64,
    /// The same among pairs that are no match.
    pub u: f64,
    /// How far the value's own frequency replaces `base`: 0 not at all, 1 fully.
    pub by_frequency: f64,
    /// The frequency at which the adjustment is nought: for exact agreement `u` itself.
    pub base: f64,
}

impl Level {
    /// log2(m/u): the evidence of this level, in bits.
    #[must_use]
    pub fn weight(&self) -> f64 {
        (self.m / self.u).log2()
    }

    /// What to add, in bits, when the value agreed upon is held by `share` of all records.
    ///
    /// Agreement on a rare value is more telling (Winkler 2000, frequency-based matching). 0 when
    /// the share is unknown (0).
    #[must_use]
    pub fn adjustment(&self, share: f64) -> f64 {
        if self.by_frequency == 0.0 || share <= 0.0 || self.base <= 0.0 {
            return 0.0;
        }
        let bits = self.by_frequency * (self.base / share).log2();
        bits.clamp(-MOST_ADJUSTMENT, MOST_ADJUSTMENT)
    }
}

/// What one comparison of two records found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// Index of the level, or [`MISSING`].
    pub level: u8,
    /// Share of all records that hold the value agreed upon, 0–1; 0 when unknown.
    pub share: f32,
}

impl Finding {
    pub const NONE: Self = Self { level: MISSING, share: 0.0 };

    #[must_use]
    pub const fn level(level: u8) -> Self {
        Self { level, share: 0.0 }
    }
}

impl Model {
    /// The prior odds of a match in bits, log2(λ / (1 − λ)).
    #[must_use]
    pub fn prior_bits(&self) -> f64 {
        let prior = self.prior.clamp(1e-15, 1.0 - 1e-15);
        (prior / (1.0 - prior)).log2()
    }

    /// The weights of all levels, ready for summing.
    #[must_use]
    pub fn weights(&self) -> Weights {
        let of = |comparison: &Comparison| comparison.levels.iter().map(Level::weight).collect();
        Weights {
            prior: self.prior_bits(),
            bits: self.comparisons.iter().map(of).collect(),
            levels: self.comparisons.iter().map(|c| c.levels.clone()).collect(),
        }
    }
}

/// The probability of odds given in bits.
#[must_use]
pub fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

/// A model's weights in bits, computed once for many pairs.
pub struct Weights {
    pub prior: f64,
    bits: Vec<Vec<f64>>,
    levels: Vec<Vec<Level>>,
}

impl Weights {
    #[must_use]
    pub fn comparisons(&self) -> usize {
        self.bits.len()
    }

    /// Weight of one comparison: of its level, and of the frequency of the value.
    #[must_use]
    pub fn of(&self, comparison: usize, finding: Finding) -> (f64, f64) {
        let level = usize::from(finding.level);
        match (self.bits[comparison].get(level), self.levels[comparison].get(level)) {
            (Some(bits), Some(level)) => (*bits, level.adjustment(f64::from(finding.share))),
            _ => (0.0, 0.0),
        }
    }

    /// The total of all findings and the prior, in bits.
    #[must_use]
    pub fn total(&self, findings: &[Finding]) -> f64 {
        let of = |(at, finding): (usize, &Finding)| {
            let (bits, adjustment) = self.of(at, *finding);
            bits + adjustment
        };
        self.prior + findings.iter().enumerate().map(of).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_bits() {
        let level = Level { code: "same".into(), m: 0.8, u: 0.1, by_frequency: 1.0, base: 0.1 };
        assert!((level.weight() - 3.0).abs() < 1e-12);
        assert!((level.adjustment(0.0125) - 3.0).abs() < 1e-12);
        assert!((level.adjustment(0.4) + 2.0).abs() < 1e-12);
        assert_eq!(level.adjustment(0.0), 0.0);
        assert!((probability(10.0) - 1024.0 / 1025.0).abs() < 1e-12);
    }

    #[test]
    fn a_model_survives_json() {
        let level = Level { code: "same".into(), m: 0.8, u: 0.1, by_frequency: 1.0, base: 0.1 };
        let model = Model {
            version: VERSION,
            name: "test".into(),
            prior: 1e-6,
            comparisons: vec![Comparison { code: "name".into(), levels: vec![level] }],
            bands: Bands::default(),
        };
        let text = serde_json::to_string(&model).expect("writable");
        assert_eq!(serde_json::from_str::<Model>(&text).expect("readable"), model);
    }
}
