//! How many people share a name or a contact.

use rayon::prelude::*;

use super::prepared::{EVERYBODY, Person, Tally};
use crate::hash::KeyMap;

/// People beside those counted who hold none of the values: the first hundred customers of an
/// airline do not make one of a hundred names frequent.
const UNSEEN: f32 = 100_000.0;

/// Numbers of different holders by key; a key that is not here has one.
#[derive(Clone, Default)]
pub struct Counts {
    holders: KeyMap<u64, u32>,
    people: u32,
}

impl Counts {
    /// Counts all these people.
    #[must_use]
    pub fn of(people: &[Person]) -> Self {
        let mut tallies: Vec<Tally> = people.par_iter().flat_map_iter(Person::tallies).collect();
        tallies.par_sort_unstable();
        tallies.dedup();
        let mut counts = Self::default();
        for parts in tallies.chunk_by(|a, b| a.key == b.key) {
            if parts.len() > 1 || parts[0].key == EVERYBODY {
                counts.set(parts[0].key, parts.len() as u32);
            }
        }
        counts
    }

    /// Says how many different parts a key has; [`EVERYBODY`]'s are all people.
    pub fn set(&mut self, key: u64, holders: u32) {
        if key == EVERYBODY {
            self.people = holders;
        } else {
            self.holders.insert(key, holders);
        }
    }

    #[must_use]
    pub fn holders(&self, key: u64) -> u32 {
        self.holders.get(&key).copied().unwrap_or(1)
    }

    /// The share of people who hold the value, 0–1; 0 when nobody was counted.
    #[must_use]
    pub fn share(&self, key: u64) -> f32 {
        if self.people == 0 {
            return 0.0;
        }
        self.holders(key) as f32 / (self.people as f32 + UNSEEN)
    }
}
