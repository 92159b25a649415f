//! Candidate pairs: records that share a key under at least one rule.
//!
//! Keys are sorted, records with the same key form a block, and the pairs of all blocks are handed
//! out in portions, never held. A pair that several rules yield is told once, by the first. A block
//! larger than `most` is split by the rule's finer keys; what is still too large is compared with
//! its neighbours alone (Hernández & Stolfo 1995) or not at all, and reported, so that the work
//! stays linear however skewed the values are.

use std::sync::Mutex;

use rayon::prelude::*;
use serde::Serialize;

use crate::hash::mix;
use crate::table::Table;

/// Pairs in one portion of work, about.
const PORTION: u64 = 1 << 15;
/// Portions in flight between two calls of the receiver.
const BATCH: usize = 256;

/// A block too large to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Left {
    pub rule: u32,
    pub records: u64,
    /// Neighbours each record was compared with on either side, at least; 0 for none.
    pub neighbours: u64,
}

impl Left {
    /// Pairs that this rule did not compare, at most; another may have.
    #[must_use]
    pub fn pairs(&self) -> u64 {
        self.records * (self.records - 1) / 2 - self.neighbours * (self.records - self.neighbours)
    }
}

/// The blocks of one rule.
struct Blocks {
    /// Rows by block; block `b` is `rows[starts[b]..starts[b + 1]]`, rows ascending.
    rows: Vec<u32>,
    starts: Vec<u32>,
    /// Blocks by row; row `r` is in `of[ends[r - 1]..ends[r]]`, ascending.
    of: Vec<u32>,
    ends: Vec<u32>,
}

/// The keys of a row under a rule are pushed by this; `finer` tells a key to split a large block
/// with, `depth` 0 being the first to try, `None` when there is no (further) one.
pub trait Keys: Sync {
    fn push(&self, row: u32, keys: &mut Vec<u64>);

    fn finer(&self, _row: u32, _depth: usize) -> Option<u64> {
        None
    }

    /// Neighbours, in the order of rows, that the records of a block too large are still compared
    /// with: for keys that mean one person, who may have thousands of records.
    fn neighbours(&self) -> usize {
        0
    }
}

/// Rows of a table that agree in all these columns; a row that lacks one has no key. A list column
/// gives a key for each of its values.
pub struct Columns<'a> {
    pub table: &'a Table,
    pub columns: &'a [usize],
    /// Columns that split a large block, one after the other.
    pub finer: &'a [usize],
}

impl Keys for Columns<'_> {
    fn push(&self, row: u32, keys: &mut Vec<u64>) {
        let from = keys.len();
        keys.push(0);
        for column in self.columns {
            let numbers = self.table.numbers(*column, row);
            let so_far = keys.split_off(from);
            for key in so_far {
                keys.extend(numbers.iter().map(|number| mix(key, u64::from(*number))));
            }
        }
    }

    fn finer(&self, row: u32, depth: usize) -> Option<u64> {
        self.finer.get(depth).map(|column| u64::from(self.table.number(*column, row)))
    }
}

/// Candidate pairs under several rules.
pub struct Candidates {
    rules: Vec<Blocks>,
    pub left: Vec<Left>,
}

impl Candidates {
    /// Builds the blocks: about 8 bytes a row and key. Blocks of more than `most` rows are split.
    #[must_use]
    pub fn build(rows: u32, rules: &[&dyn Keys], most: usize) -> Self {
        let mut all = Self { rules: Vec::new(), left: Vec::new() };
        for (at, keys) in rules.iter().enumerate() {
            let (blocks, left) = build(rows, *keys, most.max(2));
            let neighbours = keys.neighbours() as u64;
            all.left.extend(left.iter().map(|records| Left {
                rule: at as u32,
                records: *records,
                neighbours,
            }));
            all.rules.push(blocks);
        }
        all
    }

    /// Pairs of all blocks, those that several rules yield counted for each.
    #[must_use]
    pub fn pairs_at_most(&self) -> u64 {
        let of = |blocks: &Blocks| -> u64 { blocks.sizes().map(|n| n * (n - 1) / 2).sum() };
        self.rules.iter().map(of).sum()
    }

    /// Calls `on` for each pair, in parallel, with a scratch from `scratch` and a place for what it
    /// has to tell; `sink` receives what was told, portion by portion in a fixed order.
    pub fn visit<S: Send, R: Send>(
        &self,
        scratch: impl Fn() -> S + Sync,
        on: impl Fn(&mut S, u32, u32, &mut Vec<R>) + Sync,
        sink: impl FnMut(Vec<R>),
    ) {
        self.visit_some(|_| true, scratch, on, sink);
    }

    /// As [`visit`](Self::visit), for pairs whose first row `takes`: a sample by rows.
    pub(crate) fn visit_some<S: Send, R: Send>(
        &self,
        takes: impl Fn(u32) -> bool + Sync,
        scratch: impl Fn() -> S + Sync,
        on: impl Fn(&mut S, u32, u32, &mut Vec<R>) + Sync,
        mut sink: impl FnMut(Vec<R>),
    ) {
        let spare = Mutex::new(Vec::new());
        let work: Vec<Portion> = self.portions();
        for batch in work.chunks(BATCH) {
            let told: Vec<Vec<R>> = batch
                .par_iter()
                .map(|portion| {
                    let kept = spare.lock().ok().and_then(|mut spare| spare.pop());
                    let mut mine = kept.unwrap_or_else(&scratch);
                    let mut told = Vec::new();
                    self.pairs_of(portion, &takes, |a, b| on(&mut mine, a, b, &mut told));
                    if let Ok(mut spare) = spare.lock() {
                        spare.push(mine);
                    }
                    told
                })
                .collect();
            told.into_iter().for_each(&mut sink);
        }
    }

    fn portions(&self) -> Vec<Portion> {
        let mut found = Vec::new();
        for (rule, blocks) in self.rules.iter().enumerate() {
            let (mut pairs, mut from) = (0, (0, 0));
            for (block, size) in blocks.sizes().enumerate() {
                for at in 0..size {
                    pairs += size - 1 - at;
                    if pairs >= PORTION {
                        let to = (block, at + 1);
                        found.push(Portion { rule, from, to });
                        (pairs, from) = (0, to);
                    }
                }
            }
            found.push(Portion { rule, from, to: (blocks.starts.len() - 1, 0) });
        }
        found
    }

    fn pairs_of(
        &self,
        portion: &Portion,
        takes: &impl Fn(u32) -> bool,
        mut on: impl FnMut(u32, u32),
    ) {
        let blocks = &self.rules[portion.rule];
        let earlier = &self.rules[..portion.rule];
        let last = portion.to.0.min(blocks.starts.len() - 1);
        for block in portion.from.0..=last {
            if block + 1 == blocks.starts.len() {
                break;
            }
            let rows = blocks.block(block);
            let start = if block == portion.from.0 { portion.from.1 } else { 0 };
            let end = if block == portion.to.0 { portion.to.1 } else { rows.len() as u64 };
            for at in start..end {
                let a = rows[at as usize];
                if !takes(a) {
                    continue;
                }
                for b in &rows[at as usize + 1..] {
                    let told = earlier.iter().any(|rule| rule.share(a, *b))
                        || blocks.share_before(a, *b, block as u32);
                    if !told {
                        on(a, *b);
                    }
                }
            }
        }
    }
}

/// The pairs whose first row stands in these places: block and place within it, `to` excluded.
struct Portion {
    rule: usize,
    from: (usize, u64),
    to: (usize, u64),
}

impl Blocks {
    fn block(&self, at: usize) -> &[u32] {
        &self.rows[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    fn sizes(&self) -> impl Iterator<Item = u64> + '_ {
        self.starts.windows(2).map(|pair| u64::from(pair[1] - pair[0]))
    }

    fn of_row(&self, row: u32) -> &[u32] {
        let row = row as usize;
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.of[start as usize..self.ends[row] as usize]
    }

    fn share(&self, a: u32, b: u32) -> bool {
        first_common(self.of_row(a), self.of_row(b)).is_some()
    }

    /// Whether an earlier block of this rule holds both: rows may have several keys.
    fn share_before(&self, a: u32, b: u32, block: u32) -> bool {
        let of_a = self.of_row(a);
        of_a.len() > 1 && first_common(of_a, self.of_row(b)).is_some_and(|first| first < block)
    }
}

fn first_common(a: &[u32], b: &[u32]) -> Option<u32> {
    match (a, b) {
        ([], _) | (_, []) => None,
        ([x], [y]) => (x == y).then_some(*x),
        _ => a.iter().copied().find(|x| b.contains(x)),
    }
}

fn build(rows: u32, keys: &dyn Keys, most: usize) -> (Blocks, Vec<u64>) {
    let mut pairs: Vec<(u64, u32)> = (0..rows)
        .into_par_iter()
        .fold(
            || (Vec::new(), Vec::new()),
            |(mut pairs, mut own): (Vec<_>, Vec<u64>), row| {
                own.clear();
                keys.push(row, &mut own);
                pairs.extend(own.iter().map(|key| (*key, row)));
                (pairs, own)
            },
        )
        .map(|(pairs, _)| pairs)
        .reduce(Vec::new, |mut a, mut b| {
            if a.is_empty() {
                return b;
            }
            a.append(&mut b);
            a
        });
    pairs.par_sort_unstable();
    pairs.dedup();
    let mut blocks = Blocks { rows: Vec::new(), starts: vec![0], of: Vec::new(), ends: Vec::new() };
    let mut left = Vec::new();
    for block in pairs.chunk_by(|a, b| a.0 == b.0) {
        if block.len() > most {
            let rows = block.iter().map(|(_, row)| *row).collect();
            blocks.split(keys, rows, most, 0, &mut left);
        } else if block.len() > 1 {
            blocks.close(block.iter().map(|(_, row)| *row));
        }
    }
    drop(pairs);
    blocks.turn(rows);
    (blocks, left)
}

impl Blocks {
    fn close(&mut self, rows: impl Iterator<Item = u32>) {
        self.rows.extend(rows);
        self.starts.push(self.rows.len() as u32);
    }

    fn split(
        &mut self,
        keys: &dyn Keys,
        rows: Vec<u32>,
        most: usize,
        depth: usize,
        left: &mut Vec<u64>,
    ) {
        let mut parts: Vec<(u64, u32)> =
            rows.iter().filter_map(|row| Some((keys.finer(*row, depth)?, *row))).collect();
        if parts.is_empty() {
            left.push(rows.len() as u64);
            self.windows(&rows, keys.neighbours());
            return;
        }
        drop(rows);
        parts.sort_unstable();
        for part in parts.chunk_by(|a, b| a.0 == b.0) {
            let part: Vec<u32> = part.iter().map(|(_, row)| *row).collect();
            if part.len() > most {
                self.split(keys, part, most, depth + 1, left);
            } else if part.len() > 1 {
                self.close(part.into_iter());
            }
        }
    }

    /// Blocks that overlap by half, so that each row meets `half` others before and after it.
    fn windows(&mut self, rows: &[u32], half: usize) {
        let mut from = 0;
        while half > 0 && from + half < rows.len() {
            let to = (from + 2 * half).min(rows.len());
            self.close(rows[from..to].iter().copied());
            from += half;
        }
    }

    /// Fills the blocks by row.
    fn turn(&mut self, rows: u32) {
        let mut ends = vec![0_u32; rows as usize];
        for row in &self.rows {
            ends[*row as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            let count = *end;
            *end = sum;
            sum += count;
        }
        self.of = vec![0; self.rows.len()];
        for (block, bounds) in self.starts.windows(2).enumerate() {
            for row in &self.rows[bounds[0] as usize..bounds[1] as usize] {
                let at = &mut ends[*row as usize];
                self.of[*at as usize] = block as u32;
                *at += 1;
            }
        }
        self.ends = ends;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    struct Given<'a>(&'a [Vec<u64>]);

    impl Keys for Given<'_> {
        fn push(&self, row: u32, keys: &mut Vec<u64>) {
            keys.extend(&self.0[row as usize]);
        }
    }

    fn told(rows: u32, rules: &[&dyn Keys], most: usize) -> Vec<(u32, u32)> {
        let mut all = Vec::new();
        let candidates = Candidates::build(rows, rules, most);
        candidates.visit(|| (), |(), a, b, told| told.push((a, b)), |part| all.extend(part));
        all
    }

    #[test]
    fn large_blocks_are_left_out_and_said() {
        let keys = vec![vec![7]; 10];
        let candidates = Candidates::build(10, &[&Given(&keys)], 5);
        assert_eq!(candidates.left, [Left { rule: 0, records: 10, neighbours: 0 }]);
        assert_eq!(candidates.left[0].pairs(), 45);
        assert!(told(10, &[&Given(&keys)], 5).is_empty());
    }

    struct OnePerson;

    impl Keys for OnePerson {
        fn push(&self, _: u32, keys: &mut Vec<u64>) {
            keys.push(7);
        }

        fn neighbours(&self) -> usize {
            3
        }
    }

    #[test]
    fn neighbours_of_large_blocks_meet_once() {
        for rows in [6, 7, 20, 23] {
            let pairs = told(rows, &[&OnePerson], 5);
            let unique: BTreeSet<_> = pairs.iter().copied().collect();
            assert_eq!(unique.len(), pairs.len());
            for a in 0..rows {
                for b in (a + 1..rows).take(3) {
                    assert!(unique.contains(&(a, b)), "{a} {b} of {rows}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_sharing_pair_once(
            first in prop::collection::vec(prop::collection::vec(0_u64..6, 0..4), 30),
            second in prop::collection::vec(prop::collection::vec(0_u64..9, 0..2), 30),
        ) {
            let pairs = told(30, &[&Given(&first), &Given(&second)], 100);
            let unique: BTreeSet<_> = pairs.iter().copied().collect();
            prop_assert_eq!(unique.len(), pairs.len());
            for a in 0..30_usize {
                for b in a + 1..30 {
                    let shared = |keys: &[Vec<u64>]| keys[a].iter().any(|k| keys[b].contains(k));
                    let expected = shared(&first) || shared(&second);
                    prop_assert_eq!(unique.contains(&(a as u32, b as u32)), expected);
                }
            }
        }
    }
}
