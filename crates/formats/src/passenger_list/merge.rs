//! Parts to one list.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Rule;
use crate::passenger_list::model::{Booking, End, PassengerList, Section, narrow};
use crate::passenger_list::rules;

/// Something wrong with parts as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Problem {
    /// The part; None if it has no number.
    pub part: Option<u16>,
    /// What is wrong.
    pub rule: Rule,
}

/// One list of all parts.
#[derive(Clone, Debug)]
pub struct Merged<'t> {
    /// Offsets of names and elements (`at`) are those of their own parts' messages.
    pub list: PassengerList<'t>,
    /// In the order of parts.
    pub problems: Vec<Problem>,
    /// Parts 1 to n were there, each to its end, and n says that it is the last. If one was cut off,
    /// the whole list has no end either.
    pub is_complete: bool,
}

/// Puts parts together, in any order given. Sections that go on in the next part become one; groups
/// keep their locators across parts; what does not fit is left out and told. None if there are no parts.
#[must_use]
pub fn merge<'t>(parts: Vec<PassengerList<'t>>) -> Option<Merged<'t>> {
    let mut parts = parts;
    // Unnumbered parts stay in the order given, behind the numbered ones.
    parts.sort_by_key(|part| part.part.unwrap_or(u16::MAX));
    let mut parts = parts.into_iter();
    let first = parts.next()?;
    let mut merger = Merger::new(first);
    for part in parts {
        merger.add(part);
    }
    Some(merger.finish())
}

type Group<'t> = (&'t str, &'t str, &'t str);

struct Merger<'t> {
    list: PassengerList<'t>,
    groups: HashMap<Group<'t>, u32>,
    numbers: HashSet<u16>,
    last: u16,
    problems: Vec<Problem>,
    /// A part before the last has no END line.
    cut_off: bool,
}

fn group_of<'t>(list: &PassengerList<'t>, booking: &Booking) -> Option<Group<'t>> {
    let name = list.names.get(booking.first as usize)?;
    let section = list.sections.get(name.section as usize)?;
    Some((section.destination, section.class, name.group?.id))
}

impl<'t> Merger<'t> {
    fn new(list: PassengerList<'t>) -> Self {
        let keyed = list.bookings.iter().enumerate();
        let groups =
            keyed.filter_map(|(at, of)| Some((group_of(&list, of)?, narrow(at)))).collect();
        let number = list.part.unwrap_or(1);
        let mut merger = Self {
            list,
            groups,
            numbers: HashSet::from([number]),
            last: number,
            problems: Vec::new(),
            cut_off: false,
        };
        if number > 1 {
            merger.say(Some(1), rules::PART_MISSING);
        }
        merger
    }

    fn say(&mut self, part: Option<u16>, rule: Rule) {
        if self.problems.len() < crate::diagnostic::MOST_KEPT {
            self.problems.push(Problem { part, rule });
        }
    }

    fn add(&mut self, part: PassengerList<'t>) {
        let number = part.part;
        if part.kind != self.list.kind || part.flight != self.list.flight {
            return self.say(number, rules::PART_OF_OTHER);
        }
        if number.is_some_and(|number| !self.numbers.insert(number)) {
            return self.say(number, rules::PART_REPEATED);
        }
        if self.list.end == End::Missing {
            // Names of the part before may be missing, however well the list ends.
            self.cut_off = true;
            self.say(Some(self.last), rules::NO_END);
        }
        if let Some(number) = number {
            for missing in self.last.saturating_add(1)..number {
                self.say(Some(missing), rules::PART_MISSING);
            }
            self.last = number;
        }
        self.heading(&part);
        let first_section = self.sections(&part);
        self.names(&part, first_section);
        let offset = narrow(self.list.names.len() - part.names.len());
        self.list.passengers.extend(part.passengers.into_iter().map(|mut passenger| {
            passenger.name = passenger.name.saturating_add(offset);
            passenger
        }));
        self.list.elements.extend(part.elements);
        self.list.end = part.end;
    }

    /// The heading stands in the first part; a sender that repeats it says the same again.
    fn heading(&mut self, part: &PassengerList<'t>) {
        let list = &mut self.list;
        list.association = list.association.or(part.association);
        list.departed = list.departed.or(part.departed);
        list.nil |= part.nil;
        if list.configuration.is_empty() {
            list.configuration.clone_from(&part.configuration);
        }
        if list.compartments.is_empty() {
            list.compartments.clone_from(&part.compartments);
        }
        if list.available.rows.is_empty() {
            list.available.clone_from(&part.available);
        }
        list.numerics.extend(part.numerics.iter().cloned());
        list.other.extend(part.other.iter().copied());
    }

    /// Appends sections; gives the index of the part's first one in the whole list.
    fn sections(&mut self, part: &PassengerList<'t>) -> u32 {
        let names = narrow(self.list.names.len());
        let moved = |section: &Section<'t>| {
            let start = section.names.start.saturating_add(names);
            let end = section.names.end.saturating_add(names);
            Section { names: start..end, ..section.clone() }
        };
        let mut sections = part.sections.iter().map(moved).peekable();
        let mut begins = narrow(self.list.sections.len());
        if let (Some(first), Some(last)) = (sections.peek(), self.list.sections.last_mut()) {
            let unsaid = first.destination.is_empty() && first.category.is_none();
            let same = first.destination == last.destination
                && first.class == last.class
                && first.category == last.category;
            let silent = first.change.is_none() && last.change.is_some() && !first.names.is_empty();
            if unsaid || (same && (first.change == last.change || silent)) {
                let inherited = unsaid || first.change != last.change;
                let differs = same && first.count.is_some() && first.count != last.count;
                last.names.end = first.names.end;
                sections.next();
                begins = begins.saturating_sub(1);
                if inherited {
                    self.say(part.part, rules::STATE_INHERITED);
                }
                if differs {
                    self.say(part.part, rules::DUPLICATE_TOTALS);
                }
            }
        }
        let added = self.list.sections.len();
        self.list.sections.extend(sections);
        let unknown = self.list.sections.get(added..).unwrap_or_default().iter().any(|section| {
            !section.class.is_empty()
                && part.compartments.is_empty()
                && !self.list.compartments.is_empty()
                && self.list.compartment(section.class).is_none()
        });
        if unknown {
            self.say(part.part, rules::UNKNOWN_CLASS);
        }
        begins
    }

    fn names(&mut self, part: &PassengerList<'t>, first_section: u32) {
        let names = narrow(self.list.names.len());
        let passengers = narrow(self.list.passengers.len());
        let elements = narrow(self.list.elements.len());
        let shift = |range: &std::ops::Range<u32>, by: u32| {
            range.start.saturating_add(by)..range.end.saturating_add(by)
        };
        let mut bookings = Vec::with_capacity(part.bookings.len());
        for (index, booking) in part.bookings.iter().enumerate() {
            let section = part.names.get(booking.first as usize).map_or(0, |name| name.section);
            let section = self.list.sections.get(first_section.saturating_add(section) as usize);
            let group = group_of(part, booking).zip(section).map(|(group, section)| {
                // A section that was not repeated takes its place from the part before.
                (section.destination, section.class, group.2)
            });
            let next = narrow(self.list.bookings.len());
            let target = group.map_or(next, |group| *self.groups.entry(group).or_insert(next));
            if target == next {
                let (first, locators) = (booking.first.saturating_add(names), (u32::MAX, u32::MAX));
                self.list.bookings.push(Booking { first, seats: 0, locators });
            }
            if let Some(known) = self.list.bookings.get_mut(target as usize) {
                known.seats = known.seats.saturating_add(booking.seats);
            }
            let mut differs = false;
            for locator in part.locators_of(narrow(index)) {
                differs |= self.list.link(target, locator) && target != next;
            }
            if differs {
                self.say(part.part, rules::DIFFERENT_LOCATOR);
            }
            bookings.push(target);
        }
        for name in &part.names {
            let mut name = name.clone();
            name.section = name.section.saturating_add(first_section);
            name.passengers = shift(&name.passengers, passengers);
            name.elements = shift(&name.elements, elements);
            name.booking = bookings.get(name.booking as usize).copied().unwrap_or(u32::MAX);
            self.list.names.push(name);
        }
    }

    fn finish(mut self) -> Merged<'t> {
        if self.list.end != End::Last {
            self.say(Some(self.last), rules::LAST_MISSING);
        }
        let gaps = [rules::PART_MISSING.code, rules::LAST_MISSING.code];
        let has_gap = self.problems.iter().any(|of| gaps.contains(&of.rule.code));
        let is_complete = !has_gap && !self.cut_off;
        if self.cut_off {
            self.list.end = End::Missing;
        }
        self.list.part = Some(1);
        Merged { list: self.list, problems: self.problems, is_complete }
    }
}
