//! Personal names made ready for comparison, and compared.

use std::fmt;

use kernel::names::PersonName;
use serde::{Deserialize, Serialize};

use super::characters::simplified;
use super::pinyin::{flat, is_pinyin, official, same_surname_elsewhere, skeleton};
use super::readings;
use crate::hash::of_bytes;
use crate::text::{edits, jaro_winkler};

/// Titles that bookings glue to the given name, the longest first.
const TITLES: [&str; 8] = ["mstr", "miss", "mrs", "chd", "inf", "mr", "ms", "dr"];
/// A title is taken off when so many letters stay.
const LEFT: usize = 2;
/// Boarding passes cut `SURNAME/GIVEN` at twenty characters; less slash, blanks and title. A
/// shorter common beginning is no sign of a cut.
const CUT: usize = 15;
/// Letters of a name in which one edit is a slip rather than another name.
const SLIP: usize = 6;

/// How two names agree, the closest first. The order is that of the model's levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameMatch {
    /// The same Chinese characters.
    NativeSame,
    /// The same letters, or characters read so.
    Same,
    /// The same, surname and given name exchanged.
    Swapped,
    /// Another reading or spelling of the same: ü, a glued title, hyphens and blanks.
    Spelling,
    /// One is the other cut off.
    Truncated,
    /// One slip in a long name.
    Typo,
    /// The same surname and a part of the given names, or an initial.
    Partial,
    /// Pinyin of two names that differ by a letter: LI/MIN and LI/MING are two people.
    OneLetter,
    /// May be the same under a Hong Kong, Taiwan or Singapore spelling.
    Romanised,
    /// The same letters, other characters.
    Homophone,
    /// The same given name only: marriage.
    Given,
    /// The same surname only: family.
    Surname,
    Different,
}

impl NameMatch {
    /// Codes in the order of the levels.
    pub const CODES: [&str; 13] = [
        "native_same",
        "same",
        "swapped",
        "spelling",
        "truncated",
        "typo",
        "partial",
        "one_letter",
        "romanised",
        "homophone",
        "given",
        "surname",
        "different",
    ];

    /// In the order of the levels.
    pub const ALL: [Self; 13] = [
        Self::NativeSame,
        Self::Same,
        Self::Swapped,
        Self::Spelling,
        Self::Truncated,
        Self::Typo,
        Self::Partial,
        Self::OneLetter,
        Self::Romanised,
        Self::Homophone,
        Self::Given,
        Self::Surname,
        Self::Different,
    ];

    /// Whether both may well be names of one person.
    #[must_use]
    pub fn is_compatible(self) -> bool {
        self <= Self::Partial
    }

    /// Whether the names say that these are two people, and what they share may be the family's.
    #[must_use]
    pub fn is_other(self) -> bool {
        matches!(self, Self::OneLetter | Self::Homophone | Self::Surname | Self::Different)
    }
}

/// A name in the forms it is compared in.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// Chinese characters, or empty.
    native: String,
    surname: String,
    given: String,
    /// Surname and given together, ü flattened, title off: the same for all spellings.
    pub(super) flat: String,
    /// The given name's words.
    words: Vec<String>,
    /// Other spellings of the whole: readings, the title left on.
    also: Vec<String>,
    /// Whether the title taken off may have been the end of the name: ADAMS, ALEXANDR.
    doubtful: bool,
}

impl fmt::Debug for Name {
    /// Prints nothing of the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(•••)")
    }
}

impl Name {
    /// `None` when there is nothing to compare.
    #[must_use]
    pub fn new(name: &PersonName) -> Option<Self> {
        let mut keys = name.keys();
        let (surname, mut given) = (official(&keys.surname_key), official(&keys.given_key));
        let mut also: Vec<String> = keys.also.iter().map(|s| official(s)).collect();
        let mut words = Vec::new();
        let mut doubtful = false;
        if keys.native.is_empty() {
            if let Some(bare) = without_title(&given) {
                also.push(format!("{surname}{given}"));
                doubtful = given.ends_with("ms") || given.ends_with("dr");
                given = bare.to_owned();
            }
            words.extend(name.given.split([' ', '-']).map(kernel::names::fold));
            words.retain(|word| !word.is_empty() && !TITLES.contains(&word.as_str()));
        } else {
            let simple = simplified(&keys.native);
            if simple != keys.native {
                // The tables of readings know the simplified characters.
                let read = PersonName::from_native(&simple).keys();
                also.extend(std::iter::once(read.full_key).chain(read.also).map(|s| official(&s)));
                keys.native = simple;
            }
            also.extend(readings::of_given(&keys.native, &surname, &given));
        }
        let full = format!("{surname}{given}");
        if full.is_empty() && keys.native.is_empty() {
            return None;
        }
        also.retain(|spelling| *spelling != full);
        also.sort_unstable();
        also.dedup();
        Some(Self { native: keys.native, surname, given, flat: flat(&full), words, also, doubtful })
    }

    pub(super) fn is_native(&self) -> bool {
        !self.native.is_empty()
    }

    fn full(&self) -> String {
        format!("{}{}", self.surname, self.given)
    }

    /// A number for the name, whatever its spelling and order.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let (surname, given) = (flat(&self.surname), flat(&self.given));
        let (first, second) =
            if surname <= given { (&surname, &given) } else { (&given, &surname) };
        of_bytes(format!("{first} {second}").as_bytes())
    }

    /// Whole spellings to find the name by, ü flattened.
    pub(super) fn spellings(&self) -> impl Iterator<Item = String> + '_ {
        std::iter::once(self.flat.clone()).chain(self.also.iter().map(|s| flat(s)))
    }

    pub(super) fn parts(&self) -> [String; 2] {
        [flat(&self.surname), flat(&self.given)]
    }

    /// How the two agree; the same both ways.
    #[must_use]
    pub fn compare(&self, other: &Self) -> NameMatch {
        let both_native = !self.native.is_empty() && !other.native.is_empty();
        if both_native && self.native == other.native {
            return NameMatch::NativeSame;
        }
        let found = self.letters(other);
        // Two characters names of one sound are two names; a slip of the brush is not looked for.
        if both_native && found <= NameMatch::OneLetter {
            return NameMatch::Homophone;
        }
        found
    }

    fn letters(&self, other: &Self) -> NameMatch {
        let same = |a: &str, b: &str| !a.is_empty() && a == b;
        let surname = same(&self.surname, &other.surname);
        let given = same(&self.given, &other.given);
        let equal = self.surname == other.surname && self.given == other.given;
        if equal && self.doubtful == other.doubtful {
            return NameMatch::Same;
        }
        if self.surname == other.given && self.given == other.surname {
            return NameMatch::Swapped;
        }
        let (mine, yours) = (self.full(), other.full());
        if mine == yours || self.is_spelt(other) {
            return NameMatch::Spelling;
        }
        if cut(&mine, &yours) {
            return NameMatch::Truncated;
        }
        self.nearly(other, (&mine, &yours), surname, given)
    }

    fn nearly(
        &self,
        other: &Self,
        (mine, yours): (&str, &str),
        surname: bool,
        given: bool,
    ) -> NameMatch {
        let pinyin = |name: &Self| {
            !name.native.is_empty() || is_pinyin(&name.surname) && is_pinyin(&name.given)
        };
        let both_pinyin = pinyin(self) && pinyin(other);
        if mine.len().min(yours.len()) >= 4 && self.slipped(other, mine, yours) {
            let long = mine.len().min(yours.len()) >= SLIP;
            return match (both_pinyin, long) {
                (false, true) => NameMatch::Typo,
                _ => NameMatch::OneLetter,
            };
        }
        if surname && !both_pinyin && self.has_part(other) {
            return NameMatch::Partial;
        }
        if surname && initial(&self.given, &other.given) {
            return NameMatch::Partial;
        }
        if !both_pinyin && !surname && !given && alike(self, other) {
            return NameMatch::Typo;
        }
        let elsewhere = !surname && same_surname_elsewhere(&self.surname, &other.surname);
        if elsewhere && !self.given.is_empty() && skeletons_alike(&self.given, &other.given) {
            return NameMatch::Romanised;
        }
        match (given && self.given.len() >= 4, surname) {
            (true, _) => NameMatch::Given,
            (_, true) => NameMatch::Surname,
            _ => NameMatch::Different,
        }
    }

    /// Whether one edit leads from one to the other, names in exchanged order too.
    fn slipped(&self, other: &Self, mine: &str, yours: &str) -> bool {
        let near = |a: &str, b: &str| edits(a, b, 1).is_some();
        near(mine, yours)
            || near(mine, &format!("{}{}", other.given, other.surname))
            || near(yours, &format!("{}{}", self.given, self.surname))
    }

    /// Whether a spelling of the one is the other, ü flattened.
    fn is_spelt(&self, other: &Self) -> bool {
        let swapped = flat(&format!("{}{}", other.given, other.surname));
        self.flat == other.flat
            || self.flat == swapped
            || self.also.iter().any(|s| *s == other.full() || other.also.contains(s))
            || other.also.contains(&self.full())
    }

    /// Whether the given names of the one are among those of the other.
    fn has_part(&self, other: &Self) -> bool {
        let among = |few: &[String], many: &[String]| {
            !few.is_empty() && few.iter().all(|word| many.contains(word))
        };
        let begins = |short: &str, long: &str| short.len() >= 4 && long.starts_with(short);
        among(&self.words, &other.words)
            || among(&other.words, &self.words)
            || begins(&self.given, &other.given)
            || begins(&other.given, &self.given)
    }
}

/// The name without a title glued to its end, when it has one.
fn without_title(given: &str) -> Option<&str> {
    TITLES.iter().find_map(|title| given.strip_suffix(title)).filter(|rest| rest.len() >= LEFT)
}

fn cut(mine: &str, yours: &str) -> bool {
    let (short, long) = if mine.len() < yours.len() { (mine, yours) } else { (yours, mine) };
    short.len() >= CUT && long.starts_with(short)
}

fn initial(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.len() == 1 && long.starts_with(short)
}

/// Both parts nearly the same, in names of some length.
fn alike(a: &Name, b: &Name) -> bool {
    let near = |x: &str, y: &str| x.len().min(y.len()) >= 4 && jaro_winkler(x, y) >= 0.92;
    near(&a.surname, &b.surname) && near(&a.given, &b.given)
}

fn skeletons_alike(a: &str, b: &str) -> bool {
    let (a, b) = (skeleton(a), skeleton(b));
    a == b || a.len().min(b.len()) >= 4 && jaro_winkler(&a, &b) >= 0.85
}
