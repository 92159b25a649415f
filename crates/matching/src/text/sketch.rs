//! What can be told of two texts without reading them.

/// Length of a text and the set of its letters, folded into 64 bits.
///
/// A letter whose bit the other text lacks has no counterpart there, so counting such bits bounds
/// from above what the slow comparisons can find. Most pairs are settled by that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketch {
    letters: u64,
    /// First four letters, or as many as there are, each folded into a byte.
    front: u32,
    length: u32,
}

impl Sketch {
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut sketch = Self { letters: 0, front: 0, length: 0 };
        for c in text.chars() {
            let code = u32::from(c);
            sketch.letters |= 1 << (code & 63);
            if sketch.length < 4 {
                // Never 0, so that a missing letter equals none.
                sketch.front |= (code % 255 + 1) << (8 * sketch.length);
            }
            sketch.length += 1;
        }
        sketch
    }

    /// Letters of the text.
    #[must_use]
    pub fn length(self) -> u32 {
        self.length
    }

    /// Letters of the one that the other lacks, at least.
    fn lacking(self, other: Self) -> (u32, u32) {
        let only = |a: u64, b: u64| (a & !b).count_ones();
        (only(self.letters, other.letters), only(other.letters, self.letters))
    }

    /// Edits between the texts, at least.
    ///
    /// ```
    /// use matching::text::Sketch;
    /// assert_eq!(Sketch::of("smith").edits_at_least(Sketch::of("jones")), 4);
    /// assert_eq!(Sketch::of("smith").edits_at_least(Sketch::of("htims")), 0);
    /// ```
    #[must_use]
    pub fn edits_at_least(self, other: Self) -> u32 {
        let (mine, yours) = self.lacking(other);
        mine.max(yours).max(self.length.abs_diff(other.length))
    }

    /// Jaro–Winkler similarity of the texts, at most.
    #[must_use]
    pub fn similarity_at_most(self, other: Self) -> f64 {
        if self.length == 0 || other.length == 0 {
            return 1.0;
        }
        let (mine, yours) = self.lacking(other);
        let common = (self.length - mine).min(other.length - yours);
        if common == 0 {
            return 0.0;
        }
        let common = f64::from(common);
        let jaro = (common / f64::from(self.length) + common / f64::from(other.length) + 1.0) / 3.0;
        let same = ((self.front ^ other.front).trailing_zeros() / 8).min(4);
        // One part in a thousand million for rounding.
        jaro + f64::from(same) * 0.1 * (1.0 - jaro) + 1e-9
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Sketch;
    use crate::text::{edits, jaro_winkler};

    proptest! {
        #[test]
        fn bounds_hold(left in "[a-e周启明]{0,9}", right in "[a-e周启明]{0,9}") {
            let (a, b) = (Sketch::of(&left), Sketch::of(&right));
            let distance = edits(&left, &right, 20).unwrap_or(20);
            prop_assert!(a.edits_at_least(b) <= u32::from(distance));
            prop_assert!(jaro_winkler(&left, &right) <= a.similarity_at_most(b));
        }
    }
}
