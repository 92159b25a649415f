//! Pairs counted by what their comparisons found.

use crate::blocks::Candidates;
use crate::hash::{KeyMap, mix, scramble};
use crate::model::Finding;
use crate::source::Records;

/// Comparisons a pattern has room for, one byte each.
pub(super) const ROOM: usize = 16;
/// Width of a step of frequency, in bits: values held by 2^-1.5, 2^-3 … of the records.
const STEP: f64 = 1.5;
/// Values a pattern's byte can take.
pub(super) const BYTES: usize = 256;
const MISSING_BITS: u128 = 15;

/// One byte a comparison: the level below, the step of frequency above.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pattern(u128);

impl Pattern {
    fn of(found: &[Finding]) -> u128 {
        let mut bits = 0;
        for finding in found.iter().take(ROOM).rev() {
            let level = u128::from(finding.level).min(MISSING_BITS);
            bits = bits << 8 | u128::from(step(finding.share)) << 4 | level;
        }
        bits
    }

    /// The byte of comparison `at`.
    pub(super) fn byte(self, at: usize) -> u8 {
        if at >= ROOM {
            return MISSING_BITS as u8;
        }
        (self.0 >> (8 * at)) as u8
    }

    /// What comparison `at` found, the share being the middle of its step.
    pub(super) fn finding(self, at: usize) -> Finding {
        finding(self.byte(at))
    }
}

/// What a byte stands for.
pub(super) fn finding(byte: u8) -> Finding {
    if u128::from(byte & 15) == MISSING_BITS {
        return Finding::NONE;
    }
    let share = match byte >> 4 {
        0 => 0.0,
        step => (-(f64::from(step) - 0.5) * STEP).exp2() as f32,
    };
    Finding { level: byte & 15, share }
}

fn step(share: f32) -> u8 {
    if share <= 0.0 {
        return 0;
    }
    let bits = -f64::from(share).log2();
    (bits / STEP).min(14.0) as u8 + 1
}

/// Patterns in order, each with the number of pairs that show it.
pub(super) struct Patterns {
    pub(super) counts: Vec<(Pattern, f64)>,
    /// The share of pairs that were looked at, 0–1.
    pub(super) share: f64,
}

type Counts = KeyMap<u128, u64>;

/// A thread's memory: the records' scratch and room for findings.
struct Own<S> {
    scratch: S,
    found: Vec<Finding>,
    counts: Counts,
}

fn add<R: Records>(records: &R, own: &mut Own<R::Scratch>, a: u32, b: u32) {
    records.compare(a, b, &mut own.scratch, &mut own.found);
    *own.counts.entry(Pattern::of(&own.found)).or_default() += 1;
}

fn own<R: Records>(records: &R) -> Own<R::Scratch> {
    let found = vec![Finding::NONE; records.blank_model().comparisons.len()];
    Own { scratch: records.scratch(), found, counts: Counts::default() }
}

fn join(mut all: Counts, one: Counts) -> Counts {
    if all.is_empty() {
        return one;
    }
    for (pattern, count) in one {
        *all.entry(pattern).or_default() += count;
    }
    all
}

fn sorted(counts: Counts, share: f64) -> Patterns {
    let mut counts: Vec<_> = counts.into_iter().map(|(p, n)| (Pattern(p), n as f64)).collect();
    counts.sort_unstable_by_key(|(pattern, _)| *pattern);
    Patterns { counts, share }
}

impl Patterns {
    /// Every pair, when there are no more than `most`; else `most` drawn at random.
    pub(super) fn of_random<R: Records>(records: &R, most: u64, seed: u64) -> Self {
        use rayon::prelude::*;
        let rows = u64::from(records.rows());
        let all = rows * (rows - 1) / 2;
        let whole = all <= most;
        let pieces = if whole { rows } else { most.div_ceil(4096) };
        let spare = std::sync::Mutex::new(Vec::new());
        (0..pieces).into_par_iter().for_each(|piece| {
            let kept = spare.lock().ok().and_then(|mut spare| spare.pop());
            let mut mine: Own<R::Scratch> = kept.unwrap_or_else(|| own(records));
            if whole {
                (piece + 1..rows).for_each(|b| add(records, &mut mine, piece as u32, b as u32));
            } else {
                for at in piece * 4096..((piece + 1) * 4096).min(most) {
                    let number = scramble(mix(seed, at));
                    let a = ((number >> 32) * rows) >> 32;
                    let b = ((number & 0xFFFF_FFFF) * (rows - 1)) >> 32;
                    let b = if b >= a { b + 1 } else { b };
                    add(records, &mut mine, a as u32, b as u32);
                }
            }
            if let Ok(mut spare) = spare.lock() {
                spare.push(mine);
            }
        });
        let spare = spare.into_inner().unwrap_or_default();
        let counts = spare.into_iter().map(|own| own.counts).fold(Counts::default(), join);
        sorted(counts, if whole { 1.0 } else { most as f64 / all as f64 })
    }

    /// Candidates, those of a row with all later ones looked at with probability `share`.
    pub(super) fn of_candidates<R: Records>(
        records: &R,
        candidates: &Candidates,
        share: f64,
        seed: u64,
    ) -> Self {
        let limit = (share * u64::MAX as f64) as u64;
        let spare: std::sync::Mutex<Counts> = std::sync::Mutex::default();
        struct Kept<'a, S>(Own<S>, &'a std::sync::Mutex<Counts>);
        impl<S> Drop for Kept<'_, S> {
            fn drop(&mut self) {
                if let Ok(mut all) = self.1.lock() {
                    let mine = std::mem::take(&mut self.0.counts);
                    *all = join(std::mem::take(&mut *all), mine);
                }
            }
        }
        candidates.visit_some(
            |row| share >= 1.0 || mix(seed, u64::from(row)) <= limit,
            || Kept(own(records), &spare),
            |mine, a, b, _: &mut Vec<()>| {
                add(records, &mut mine.0, a, b);
            },
            |_| {},
        );
        sorted(spare.into_inner().unwrap_or_default(), share)
    }
}
