//! Randomness of one member: the same for the same seed and index, whoever asks first.
//!
//! The distributions are written out here rather than taken from a library, so that an upgrade
//! cannot change what a seed gives.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Independent streams of one member, so that a new draw in one leaves the others as they were.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Latent = 1,
    Person = 2,
    Travel = 3,
    /// Relatives, by the index of the head of the family.
    Family = 4,
    /// How a person's papers spell the name, by person.
    Papers = 5,
    /// Which flights there are, by route.
    Timetable = 6,
    /// Bookings, by day.
    Bookings = 7,
    /// What happens on a flight, by day and flight.
    Operation = 8,
    /// What goes wrong with messages, by day and flight.
    Wire = 9,
    /// Years of membership life, by day.
    Loyalty = 10,
}

pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    pub(crate) fn new(seed: u64, index: u64, stream: Stream) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&index.to_le_bytes());
        key[16] = stream as u8;
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Sixty-four random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in 0..n; 0 when n is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = usize::try_from(high - low + 1).unwrap_or(1);
        low + self.below(width) as i64
    }

    pub(crate) fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Normal with mean 0 and deviation 1 (Box–Muller, one of the pair).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Log-normal with the given mean (not median) and log-deviation.
    pub(crate) fn lognormal(&mut self, mean: f64, sigma: f64) -> f64 {
        mean * (sigma * self.normal() - sigma * sigma / 2.0).exp()
    }

    /// Exponential with the given mean.
    pub(crate) fn waiting(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Poisson; by products of uniforms up to 30, by the normal limit above.
    pub(crate) fn poisson(&mut self, mean: f64) -> usize {
        if mean > 30.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as usize;
        }
        let limit = (-mean).exp();
        let mut product = self.unit();
        let mut count = 0;
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// An index with probability proportional to its step in rising cumulative weights.
    pub(crate) fn weighted(&mut self, cumulative: &[f64]) -> usize {
        let total = cumulative.last().copied().unwrap_or(0.0);
        let at = self.unit() * total;
        cumulative.partition_point(|edge| *edge <= at).min(cumulative.len().saturating_sub(1))
    }
}

/// Rising sums, for [`Dice::weighted`].
pub(crate) fn cumulative(weights: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut total = 0.0;
    weights
        .into_iter()
        .map(|weight| {
            total += weight;
            total
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dice() -> Dice {
        Dice::new(1, 2, Stream::Travel)
    }

    #[test]
    fn streams_differ_and_repeat() {
        let draw = |seed, index, stream| Dice::new(seed, index, stream).unit().to_bits();
        assert_eq!(draw(1, 2, Stream::Travel), draw(1, 2, Stream::Travel));
        let others =
            [draw(2, 2, Stream::Travel), draw(1, 3, Stream::Travel), draw(1, 2, Stream::Person)];
        assert!(others.iter().all(|other| *other != draw(1, 2, Stream::Travel)));
    }

    #[test]
    fn means_are_as_asked() {
        let mut dice = dice();
        let n = 40_000;
        let mean = |f: &mut dyn FnMut() -> f64| (0..n).map(|_| f()).sum::<f64>() / f64::from(n);
        assert!(mean(&mut || dice.normal()).abs() < 0.02);
        assert!((mean(&mut || dice.poisson(3.5) as f64) - 3.5).abs() < 0.05);
        assert!((mean(&mut || dice.poisson(80.0) as f64) - 80.0).abs() < 0.3);
        assert!((mean(&mut || dice.lognormal(5.0, 0.6)) - 5.0).abs() < 0.1);
        assert!((mean(&mut || dice.waiting(9.0)) - 9.0).abs() < 0.2);
    }

    #[test]
    fn weights_of_zero_are_never_drawn() {
        let edges = cumulative([0.0, 1.0, 0.0, 3.0, 0.0]);
        let mut dice = dice();
        for _ in 0..2_000 {
            assert!(matches!(dice.weighted(&edges), 1 | 3));
        }
    }
}
