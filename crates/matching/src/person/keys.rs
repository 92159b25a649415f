//! The keys two records must share one of to be compared at all.

use super::names::Name;
use super::prepared::Person;
use crate::blocks::Keys;
use crate::hash::{mix, of_bytes};

/// Kinds of keys, in the order in which a pair is told.
pub const FAMILIES: usize = 11;
/// Records under one key beyond which not all of them are compared.
pub const MOST: usize = 500;
/// Families whose keys mean one person: document, membership, name with birth date or contact. A
/// frequent traveller has thousands of records under each.
const STRONG: [usize; 4] = [0, 1, 4, 10];
/// Records on either side that one of too many under a strong key meets in a batch.
const NEIGHBOURS: usize = 16;
/// Letters a name cut off at twenty characters surely keeps.
const BEGINNING: usize = 15;

/// A stable number to keep in a table beside the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockKey {
    pub key: u64,
    /// Whether the key means one person. Of more than [`MOST`] records under a strong key any
    /// [`MOST`] will do; under another key none need be fetched, for finer keys are beside it.
    pub strong: bool,
}

/// All keys of a record, each once, about a dozen. Two records that share one are candidates.
#[must_use]
pub fn keys(person: &Person) -> Vec<BlockKey> {
    of_families(person, 0..FAMILIES)
}

/// Families worth a row in a table that is asked for every new record: those whose agreement can
/// lead to a link, or to a look worth taking. Names alone, and names beside a part of the birth
/// date, reach neither band by themselves; bookings are the caller's own key.
const KEPT: [usize; 7] = [0, 1, 2, 3, 4, 7, 10];

/// The keys of a record to keep in a table, each once, about eight: see [`keys`] for all.
#[must_use]
pub fn kept_keys(person: &Person) -> Vec<BlockKey> {
    of_families(person, KEPT)
}

fn of_families(person: &Person, families: impl IntoIterator<Item = usize>) -> Vec<BlockKey> {
    let mut found = Vec::new();
    let mut keys = Vec::new();
    for family in families {
        push(person, family, &mut keys);
        let strong = STRONG.contains(&family);
        found.extend(keys.drain(..).map(|key| BlockKey { key, strong }));
    }
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
        9 => {
            for spelling in person.names.iter().flat_map(spellings) {
                if let Some(beginning) = spelling.get(..BEGINNING) {
                    out.push(of_bytes(beginning.as_bytes()));
                }
            }
            let name = person.names.first().map_or(0, Name::hash);
            out.extend(person.bookings.iter().map(|seat| mix(name, seat.booking)));
        }
        _ => {
            for name in person.names.iter().map(Name::hash) {
                let contacts = person.phones.iter().chain(&person.emails);
                out.extend(contacts.map(|contact| mix(name, *contact)));
            }
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

    fn neighbours(&self) -> usize {
        if STRONG.contains(&self.family) { NEIGHBOURS } else { 0 }
    }
}
