//! Fitting probabilities to counted patterns.

use super::Session;
use super::pattern::{BYTES, Patterns, finding};
use crate::model::{Level, MISSING, Model, Weights, probability};

/// Steps of EM at most, and the change of any probability at which it stops.
const STEPS: usize = 100;
const STILL: f64 = 1e-5;
/// Weights beyond so many bits either way are as good as certain.
const FAR: usize = 100;
/// Pairs' worth of the first guess that each level keeps, so that none becomes impossible.
const PRIOR_PAIRS: f64 = 2.0;

/// What one session learnt: m by comparison and level, and the pairs each is worth.
pub(super) struct Fit {
    m: Vec<Vec<f64>>,
    worth: Vec<f64>,
}

/// u as the levels' shares among random pairs.
pub(super) fn random_first(model: &mut Model, random: &Patterns) {
    let every = vec![1.0; random.counts.len()];
    spread(model, random, &every);
}

/// u again, pairs that look like matches counted for what they are not.
pub(super) fn random_again(model: &mut Model, random: &Patterns) {
    let weights = model.weights();
    let every: Vec<f64> = odds(&weights, random).map(|bits| 1.0 - probability(bits)).collect();
    spread(model, random, &every);
}

/// Sets u and the base frequency of each level from patterns that count `shares` of themselves.
fn spread(model: &mut Model, random: &Patterns, shares: &[f64]) {
    for (at, comparison) in model.comparisons.iter_mut().enumerate() {
        let mut sums = vec![0.0; comparison.levels.len()];
        let mut bits = vec![0.0; comparison.levels.len()];
        let mut known = vec![0.0; comparison.levels.len()];
        for ((pattern, count), share) in random.counts.iter().zip(shares) {
            let found = pattern.finding(at);
            let Some(sum) = sums.get_mut(usize::from(found.level)) else { continue };
            *sum += count * share;
            if found.share > 0.0 {
                bits[usize::from(found.level)] += count * share * f64::from(found.share).log2();
                known[usize::from(found.level)] += count * share;
            }
        }
        // Half a pair for each level: one never seen is rare, not impossible.
        let total: f64 = sums.iter().sum::<f64>() + 0.5 * sums.len() as f64;
        for (rank, level) in comparison.levels.iter_mut().enumerate() {
            level.u = (sums[rank] + 0.5) / total;
            level.base = match (rank, known[rank]) {
                (0, _) => level.u,
                (_, 0.0) => 0.0,
                (_, known) => (bits[rank] / known).exp2(),
            };
        }
    }
}

fn odds<'a>(weights: &Weights, patterns: &'a Patterns) -> impl Iterator<Item = f64> + use<'a> {
    let bits = |at: usize, byte: usize| {
        let (bits, adjustment) = weights.of(at, finding(byte as u8));
        bits + adjustment
    };
    let tables: Vec<[f64; BYTES]> =
        (0..weights.comparisons()).map(|at| std::array::from_fn(|byte| bits(at, byte))).collect();
    let prior = weights.prior;
    patterns.counts.iter().map(move |(pattern, _)| {
        let of = |(at, table): (usize, &[f64; BYTES])| table[usize::from(pattern.byte(at))];
        prior + tables.iter().enumerate().map(of).sum::<f64>()
    })
}

/// EM over one session's candidates: m of the comparisons it learns.
///
/// All else is held fast: u, the prior, and the weights of the comparisons the session's rule makes
/// agree. Those say how likely a match is among its candidates; a share left free would let EM find
/// any two kinds of pairs, such as people whose addresses are made of their names and others.
pub(super) fn learn(model: &Model, blank: &Model, patterns: &Patterns, session: &Session) -> Fit {
    let mut model = model.clone();
    let mut worth = vec![0.0; model.comparisons.len()];
    for _ in 0..STEPS {
        let weights = model.weights();
        let sure: Vec<f64> = odds(&weights, patterns).map(probability).collect();
        let mut change = 0.0_f64;
        for at in &session.learns {
            let levels = &mut model.comparisons[*at].levels;
            let mut sums: Vec<f64> =
                blank.comparisons[*at].levels.iter().map(|l| PRIOR_PAIRS * l.m).collect();
            for ((pattern, count), sure) in patterns.counts.iter().zip(&sure) {
                let level = pattern.finding(*at).level;
                if level != MISSING {
                    sums[usize::from(level)] += count * sure;
                }
            }
            worth[*at] = sums.iter().sum();
            for (level, sum) in levels.iter_mut().zip(sums) {
                let m = sum / worth[*at];
                change = change.max((m - level.m).abs());
                level.m = m;
            }
        }
        if change < STILL {
            break;
        }
    }
    let m = model.comparisons.iter().map(|c| c.levels.iter().map(|l| l.m).collect()).collect();
    Fit { m, worth }
}

/// The sessions' m, averaged by the matches each has seen; a comparison none learnt keeps its own.
pub(super) fn join(model: &mut Model, learnt: &[(Fit, &[usize])]) {
    for (at, comparison) in model.comparisons.iter_mut().enumerate() {
        let fits = || learnt.iter().filter(|(_, learns)| learns.contains(&at)).map(|(fit, _)| fit);
        let total: f64 = fits().map(|fit| fit.worth[at]).sum();
        if total <= 0.0 {
            continue;
        }
        for (rank, level) in comparison.levels.iter_mut().enumerate() {
            level.m = fits().map(|fit| fit.m[at][rank] * fit.worth[at]).sum::<f64>() / total;
        }
        in_order(&mut comparison.levels);
    }
}

/// No agreement, however loose, tells more against a match than plain difference, the level that
/// does so most: where few pairs were seen chance may say otherwise.
fn in_order(levels: &mut [Level]) {
    let Some(worst) = levels.iter().filter(|l| l.u > 0.5).map(|l| l.m / l.u).next() else { return };
    levels.iter_mut().for_each(|level| level.m = level.m.max(level.u * worst));
    let total: f64 = levels.iter().map(|level| level.m).sum();
    levels.iter_mut().for_each(|level| level.m /= total);
}

/// The prior: matches expected among the candidates, over all `total` pairs.
pub(super) fn prior(model: &Model, whole: &Patterns, total: f64) -> f64 {
    let weights = model.weights();
    // Pairs by their weight without the prior, in sixteenths of a bit: the steps then cost nothing.
    let mut bins = vec![0.0; 2 * FAR * 16 + 1];
    for ((_, count), bits) in whole.counts.iter().zip(odds(&weights, whole)) {
        let far = FAR as f64;
        let at = ((bits - weights.prior).clamp(-far, far) + far) * 16.0;
        bins[at.round() as usize] += count;
    }
    let mut model = Model { comparisons: Vec::new(), ..model.clone() };
    for _ in 0..STEPS {
        let zero = model.prior_bits() - FAR as f64;
        let sure = |at: usize| probability(zero + at as f64 / 16.0);
        let matches: f64 = bins.iter().enumerate().map(|(at, count)| count * sure(at)).sum();
        let prior = (matches / whole.share.max(1e-12) / total).clamp(1e-12, 0.5);
        let change = (prior / model.prior - 1.0).abs();
        model.prior = prior;
        if change < 1e-3 {
            break;
        }
    }
    model.prior
}
