//! Candidates of one record in memory, for trials and for callers without a database.

use super::keys::{BlockKey, MOST, keys};
use super::prepared::Person;
use crate::hash::KeyMap;
use rayon::prelude::*;

/// Rows by key: sorted ones, and those added since. About 12 bytes a key.
#[derive(Default)]
pub struct Index {
    keys: Vec<BlockKey>,
    rows: Vec<u32>,
    added: KeyMap<u64, Vec<u32>>,
}

impl Index {
    /// Indexes these persons by their place.
    #[must_use]
    pub fn new(people: &[Person]) -> Self {
        let mut pairs: Vec<(BlockKey, u32)> = people
            .par_iter()
            .enumerate()
            .flat_map_iter(|(row, person)| {
                keys(person).into_iter().map(move |key| (key, row as u32))
            })
            .collect();
        pairs.par_sort_unstable();
        let (keys, rows) = pairs.into_iter().unzip();
        Self { keys, rows, added: KeyMap::default() }
    }

    pub fn add(&mut self, row: u32, person: &Person) {
        for key in keys(person) {
            self.added.entry(key.key).or_default().push(row);
        }
    }

    /// Rows that share a key with the person, ascending. Of keys that more than [`MOST`] records
    /// have, the person's among them, the strong ones give the newest and the others none.
    #[must_use]
    pub fn candidates(&self, person: &Person) -> Vec<u32> {
        let mut found = Vec::new();
        for key in keys(person) {
            let from = self.keys.partition_point(|other| *other < key);
            let count = self.keys[from..].partition_point(|other| *other == key);
            let added = self.added.get(&key.key).map_or(&[][..], Vec::as_slice);
            let few = count + added.len() < MOST;
            if few || key.strong {
                // The newest first, when not all are needed.
                let newest = added.iter().rev().chain(self.rows[from..from + count].iter().rev());
                found.extend(newest.take(MOST));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
