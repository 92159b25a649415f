//! The keys two records must share one of to be compared at all.

use super::names::Name;
use super::prepared::Person;
use crate::blocks::Keys;
use crate::hash::{mix, of_bytes};

/// Kinds of keys, in the order in which a pair is told.
pub const FAMILIES: usize = 10;
/// Records under one key beyond which it says too little to compare them all. Finer keys of the
/// same records (with birth date, with name) are beside it.
pub const MOST: usize = 500;
/// Letters a name cut off at twenty characters surely keeps.
const BEGINNING: usize = 15;

/// A stable number to keep in a table beside the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockKey(pub u64);

/// All keys of a record, each once, about a dozen.
///
/// Two records are candidates when they share one that no more than [`MOST`] records have.
#[must_use]
pub fn keys(person: &Person) -> Vec<BlockKey> {
    let mut found = Vec::new();
    for family in 0..FAMILIES {
        push(person, family, &mut found);
    }
    let mut found: Vec<BlockKey> = found.into_iter().map(BlockKey).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn push(person: &Person, family: usize, out: &mut Vec<u64>) {
    let from = out.len();
    match family {
        0 => out.extend(person.documents.iter().map(|d| d.key)),
        1 => out.extend(person.members.iter().map(|m| m.key)),
        2 => out.extend(&person.phones),
        3 => out.extend(&person.emails),
        4 => with_birth(person, out, |birth| birth),
        // Date slips in the year, and day and month exchanged, keep this.
        5 => with_birth(person, out, |birth| {
            let (month, day) = (birth / 100 % 100, birth % 100);
            month.min(day) << 8 | month.max(day) | 1 << 20
        }),
        6 => with_birth(person, out, |birth| birth / 10_000),
        // Slips in one part of the name keep the other.
        7 => {
            if let Some(birth) = person.birth {
                let parts = person.names.iter().flat_map(Name::parts);
                let parts = parts.filter(|part| !part.is_empty());
                out.extend(parts.map(|p| mix(of_bytes(p.as_bytes()), birth.date.number().into())));
            }
        }
        8 => {
            for spelling in person.names.iter().flat_map(spellings) {
                out.push(of_bytes(spelling.as_bytes()));
            }
        }
        _ => {
            for spelling in person.names.iter().flat_map(spellings) {
                if let Some(beginning) = spelling.get(..BEGINNING) {
                    out.push(of_bytes(beginning.as_bytes()));
                }
            }
            let name = person.names.first().map_or(0, Name::hash);
            out.extend(person.bookings.iter().map(|seat| mix(name, seat.booking)));
        }
    }
    out[from..].iter_mut().for_each(|key| *key = mix(family as u64 + 1, *key));
}

fn with_birth(person: &Person, out: &mut Vec<u64>, of: impl Fn(u64) -> u64) {
    let Some(birth) = person.birth else { return };
    let birth = of(birth.date.number().into());
    for spelling in person.names.iter().flat_map(spellings) {
        out.push(mix(of_bytes(spelling.as_bytes()), birth));
    }
}

/// Spellings of the whole name; of one known in letters only, in both orders.
fn spellings(name: &Name) -> impl Iterator<Item = String> + '_ {
    let [surname, given] = name.parts();
    let other = (!name.is_native()).then(|| given + &surname);
    let other = other.filter(|other| *other != name.flat && !other.is_empty());
    name.spellings().chain(other)
}

/// The keys of one family, for blocking a batch.
pub(super) struct Family<'a> {
    pub people: &'a [Person],
    pub family: usize,
}

impl Keys for Family<'_> {
    fn push(&self, row: u32, keys: &mut Vec<u64>) {
        push(&self.people[row as usize], self.family, keys);
    }
}
