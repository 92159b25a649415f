//! Which passenger of the flight a mention means.

use std::collections::{HashMap, HashSet};

use super::passenger::Passenger;
use crate::messages::mention::{Mention, letters};

/// The passengers of a flight by name, ticket and locator.
#[derive(Default)]
pub(crate) struct Finder {
    names: HashMap<String, Vec<usize>>,
    tickets: HashMap<String, Vec<usize>>,
    locators: HashMap<(String, String), Vec<usize>>,
    taken: HashSet<usize>,
}

impl Finder {
    /// Of these passengers.
    pub fn new(people: &[Passenger]) -> Self {
        let mut finder = Self::default();
        for (index, passenger) in people.iter().enumerate() {
            finder.add(index, passenger);
        }
        finder
    }

    /// One more; also after a mention told more of a known one.
    pub fn add(&mut self, index: usize, passenger: &Passenger) {
        let row = &passenger.row;
        let add = |to: &mut Vec<usize>| {
            if !to.contains(&index) {
                to.push(index);
            }
        };
        add(self.names.entry(letters(&row.surname, &row.given)).or_default());
        if !row.ticket.is_empty() {
            add(self.tickets.entry(row.ticket.clone()).or_default());
        }
        for word in passenger.words.iter().filter(|word| !word.ticket.is_empty()) {
            add(self.tickets.entry(word.ticket.clone()).or_default());
        }
        for locator in &row.locators.0 {
            add(self.locators.entry(locator.clone()).or_default());
        }
    }

    /// Not to be found again by this message.
    pub fn take(&mut self, index: usize) {
        self.taken.insert(index);
    }

    /// The passenger meant, if known: same letters and a shared locator; same ticket; same letters
    /// where one side has no locator; a shared locator, the surname, and a given name that was cut.
    pub fn find(&self, people: &[Passenger], mention: &Mention) -> Option<usize> {
        let free = |index: &&usize| !self.taken.contains(*index);
        let same_name = self.names.get(&mention.letters()).map(Vec::as_slice).unwrap_or_default();
        let shared = same_name
            .iter()
            .filter(free)
            .filter(|index| people[**index].row.shares_locator(&mention.locators));
        if let Some(found) = best(shared.copied(), people, mention) {
            return Some(found);
        }
        if !mention.ticket.is_empty()
            && let Some(all) = self.tickets.get(&mention.ticket)
            && let Some(found) = best(all.iter().filter(free).copied(), people, mention)
        {
            return Some(found);
        }
        let unlocated = same_name.iter().filter(free).filter(|index| {
            let row = &people[**index].row;
            mention.locators.is_empty() || row.locators.0.is_empty()
        });
        best(unlocated.copied(), people, mention).or_else(|| self.by_locator(people, mention))
    }

    fn by_locator(&self, people: &[Passenger], mention: &Mention) -> Option<usize> {
        let whole = letters(&mention.surname, &mention.given);
        let mut found = mention
            .locators
            .iter()
            .filter_map(|locator| self.locators.get(locator))
            .flatten()
            .filter(|index| !self.taken.contains(*index))
            .filter(|index| {
                let row = &people[**index].row;
                let known = letters(&row.surname, &row.given);
                // `WANG/XIAOB` of `WANG/XIAOBAO`: more than the surname must be left.
                let (short, long) =
                    if known.len() < whole.len() { (&known, &whole) } else { (&whole, &known) };
                long.starts_with(short.as_str())
                    && short.len() > short.find('/').unwrap_or(usize::MAX).saturating_add(2)
            });
        let first = *found.next()?;
        found.all(|index| *index == first).then_some(first)
    }
}

/// Of several: booked before taken away, same destination before another.
fn best(
    found: impl Iterator<Item = usize>,
    people: &[Passenger],
    mention: &Mention,
) -> Option<usize> {
    found.min_by_key(|index| {
        let row = &people[*index].row;
        let away = row.status == "deleted";
        let elsewhere = !mention.off.is_empty() && row.off_point != mention.off;
        let class = !mention.class.is_empty() && row.booking_class != mention.class;
        (away, elsewhere, class, *index)
    })
}
