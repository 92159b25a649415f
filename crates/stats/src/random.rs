//! Seeded randomness with a stream that stays the same from version to version: ChaCha8 is a
//! specified cipher, and what is made of its words is written here.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

pub(crate) struct Random(ChaCha8Rng);

impl Random {
    /// Independent streams of one seed, so that start 7 does not depend on what start 6 consumed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        Self(random)
    }

    /// In [0, 1), 53 bits.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// In 0..n, n > 0; the bias of 2⁻⁵³·n is beyond notice.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n - 1)
    }
}

/// One row out of each of `size` equal stretches of `rows`: random, ascending, spread evenly
/// whatever order the rows came in. All rows when `size` is not smaller.
pub(crate) fn stratified_rows(rows: usize, size: usize, random: &mut Random) -> Vec<usize> {
    if size >= rows {
        return (0..rows).collect();
    }
    let edge = |i: usize| (i as u128 * rows as u128 / size as u128) as usize;
    (0..size).map(|i| edge(i) + random.below(edge(i + 1) - edge(i))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_pinned() {
        let mut random = Random::new(1, 2);
        let first: Vec<usize> = (0..5).map(|_| random.below(1000)).collect();
        let mut again = Random::new(1, 2);
        assert_eq!(first, (0..5).map(|_| again.below(1000)).collect::<Vec<_>>());
        let mut other = Random::new(1, 3);
        assert_ne!(first, (0..5).map(|_| other.below(1000)).collect::<Vec<_>>());
    }

    #[test]
    fn a_sample_takes_one_row_of_each_stretch() {
        let rows = stratified_rows(103, 10, &mut Random::new(7, 0));
        assert_eq!(rows.len(), 10);
        assert!(rows.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(rows.iter().enumerate().all(|(i, &row)| row / 11 <= i && row < 103));
        assert_eq!(stratified_rows(4, 9, &mut Random::new(7, 0)), [0, 1, 2, 3]);
    }
}
