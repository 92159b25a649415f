//! A person's record made ready: names read, lists sorted, so that two compare in microseconds.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::names::Name;
use super::record::{Birth, Document, DocumentKind, Gender, Member, PersonRecord, Seat};
use crate::hash::{KeyHasher, mix, of_bytes};

/// A [`PersonRecord`] in the form it is compared in.
#[derive(Clone)]
pub struct Person {
    pub names: Vec<Name>,
    pub birth: Option<Birth>,
    pub gender: Option<Gender>,
    pub nationality: Option<u16>,
    pub documents: Vec<Document>,
    pub members: Vec<Member>,
    pub phones: Vec<u64>,
    pub emails: Vec<u64>,
    pub city: Option<u64>,
    pub address: Option<u64>,
    pub bookings: Vec<Seat>,
    pub source: u32,
}

impl fmt::Debug for Person {
    /// Prints nothing of the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(•••)")
    }
}

/// One thing counted once: how many different `part`s go with a `key`.
///
/// The caller keeps the set of (key, part) in a table; the number of parts of a key is what
/// [`Counts`](super::Counts) needs. A contact is counted by the names that hold it, so that a
/// traveller's thousand records do not make his own telephone look like an agency's; a name by the
/// birth dates that go with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tally {
    pub key: u64,
    pub part: u64,
}

/// The key under which all people are counted.
pub const EVERYBODY: u64 = 0;

impl Person {
    #[must_use]
    pub fn new(record: &PersonRecord) -> Self {
        let mut names: Vec<Name> = record.names.iter().filter_map(Name::new).collect();
        names.dedup();
        let sorted = |list: &[u64], kind: &str| {
            let salt = of_bytes(kind.as_bytes());
            let mut list: Vec<u64> = list.iter().map(|value| mix(salt, *value)).collect();
            list.sort_unstable();
            list.dedup();
            list
        };
        let mut bookings = record.bookings.clone();
        bookings.sort_unstable_by_key(|seat| (seat.booking, seat.position));
        let salted =
            |value: Option<u64>, kind: &str| value.map(|v| mix(of_bytes(kind.as_bytes()), v));
        Self {
            names,
            birth: record.birth,
            gender: record.gender,
            nationality: record.nationality,
            documents: record.documents.clone(),
            members: record.members.clone(),
            phones: sorted(&record.phones, "phone"),
            emails: sorted(&record.emails, "email"),
            city: salted(record.city, "city"),
            address: salted(record.address, "address"),
            bookings,
            source: record.source,
        }
    }

    /// A number of all the content: equal for equal records.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = KeyHasher::default();
        self.names.hash(&mut hasher);
        self.birth.map(|b| (b.date, b.verified)).hash(&mut hasher);
        (self.gender.map(|g| g as u8), self.nationality, self.city, self.address).hash(&mut hasher);
        (&self.phones, &self.emails, self.source).hash(&mut hasher);
        self.documents
            .iter()
            .for_each(|d| (d.kind as u8, d.key, d.country, d.valid).hash(&mut hasher));
        self.members.iter().for_each(|m| (m.programme, m.key).hash(&mut hasher));
        self.bookings.iter().for_each(|s| (s.booking, s.position).hash(&mut hasher));
        hasher.finish()
    }

    /// Valid identity-card numbers.
    pub(super) fn cards(&self) -> impl Iterator<Item = u64> + Clone + '_ {
        let card = |d: &&Document| d.kind == DocumentKind::IdentityCard && d.valid;
        self.documents.iter().filter(card).map(|d| d.key)
    }

    /// The birth date, when it says more than the year.
    pub(super) fn complete_birth(&self) -> Option<Birth> {
        self.birth.filter(|birth| birth.is_complete())
    }

    /// What this record adds to the counts; adding it twice adds nothing.
    #[must_use]
    pub fn tallies(&self) -> Vec<Tally> {
        let birth = self.birth.map_or(0, |b| u64::from(b.date.number()));
        let name = self.names.first().map_or(0, Name::hash);
        let mut found = vec![Tally { key: EVERYBODY, part: mix(name, birth) }];
        found.extend(self.names.iter().map(|name| Tally { key: name_key(name), part: birth }));
        let contacts =
            self.phones.iter().chain(&self.emails).chain(&self.city).chain(&self.address);
        found.extend(contacts.map(|key| Tally { key: *key, part: name }));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The keys whose counts matter when this record is compared.
    #[must_use]
    pub fn counted(&self) -> Vec<u64> {
        let mut keys: Vec<u64> = self.tallies().iter().map(|tally| tally.key).collect();
        keys.dedup();
        keys
    }
}

/// The key a name is counted under.
pub(super) fn name_key(name: &Name) -> u64 {
    mix(of_bytes(b"name"), name.hash())
}
