//! Totals, ADL indicators, PFS categories, and the bookings that groups make.

use crate::detect::Kind;
use crate::passenger_list::connection::three;
use crate::passenger_list::model::{
    Booking, Change, Group, Locator, PassengerList, Section, narrow,
};
use crate::passenger_list::parse::Reader;
use crate::passenger_list::rules;

/// Totals that are compared for being sent twice: more than any flight has.
const MOST_COMPARED: usize = 256;
/// Locators of one booking that are compared with each other.
const MOST_LOCATORS: usize = 32;

impl<'t> Reader<'t, '_> {
    /// `-PRG003W`, `-SHA03C-PAD002`, `-VKO`.
    /// `rest` is what follows the hyphen.
    pub(super) fn totals(&mut self, line: &'t str, rest: &'t str) {
        self.close_name();
        self.in_heading = false;
        let rest = rest.trim_ascii();
        let (destination, rest) = three(rest).unwrap_or(("", rest));
        let mut section = Section { destination, ..Section::default() };
        let rest = rest.trim_ascii_start();
        let read = read_count(rest);
        let bare_allowed = matches!(self.list.kind, Kind::Pfs | Kind::Tpm | Kind::Ftl | Kind::Prl);
        let good = match read {
            Some((count, class, pad)) => {
                (section.count, section.class, section.pad) = (Some(count), class, pad);
                true
            }
            None if rest.is_empty() => bare_allowed,
            None => false,
        };
        let category = rest.split(' ').next().filter(|_| !good && self.list.kind == Kind::Pfs);
        let has_category = category.is_some_and(is_category);
        if (!good && !has_category) || destination.is_empty() {
            self.said.at(rules::WRONG_TOTALS, line);
        }
        self.check_total(&section, line);
        self.push_section(section);
        if has_category {
            self.category(rest);
        }
    }

    fn check_total(&mut self, section: &Section<'t>, line: &'t str) {
        let (class, count) = (section.class, section.count);
        if !class.is_empty()
            && class != "?"
            && !self.list.compartments.is_empty()
            && self.list.compartment(class).is_none()
        {
            self.said.at(rules::UNKNOWN_CLASS, line);
        }
        let same =
            |total: &(&str, &str, Option<u16>)| total.0 == section.destination && total.1 == class;
        self.total = match self.totals.iter().position(same) {
            Some(index) => {
                if self.totals.get(index).is_some_and(|total| total.2 != count) {
                    self.said.at(rules::DUPLICATE_TOTALS, line);
                }
                narrow(index)
            }
            None if self.totals.len() < MOST_COMPARED => {
                self.totals.push((section.destination, class, count));
                narrow(self.totals.len() - 1)
            }
            // A number of its own, so that groups of different totals stay apart.
            None => narrow(MOST_COMPARED.saturating_add(self.list.sections.len())),
        };
    }

    pub(super) fn push_section(&mut self, mut section: Section<'t>) {
        let names = narrow(self.list.names.len());
        section.names = names..names;
        self.list.sections.push(section);
        self.indicator_missed = false;
    }

    /// The section a name belongs to; one without destination if no total came before.
    pub(super) fn section_for_name(&mut self, line: &'t str) -> u32 {
        self.in_heading = false;
        if self.list.sections.is_empty() {
            self.said.at(rules::TOTALS_EXPECTED, line);
            self.push_section(Section::default());
        }
        let missing = self.list.sections.last().is_some_and(|section| section.change.is_none());
        if self.list.kind == Kind::Adl && missing && !self.indicator_missed {
            self.said.at(rules::INDICATOR_EXPECTED, line);
            self.indicator_missed = true;
        }
        if let Some(section) = self.list.sections.last_mut() {
            section.names.end = narrow(self.list.names.len() + 1);
        }
        narrow(self.list.sections.len() - 1)
    }

    /// `ADD`, `CHG`, `DEL`, alone on a line.
    pub(super) fn indicator(&mut self, change: Change, line: &'t str) {
        self.close_name();
        if self.list.kind != Kind::Adl {
            self.said.at(rules::UNEXPECTED_INDICATOR, line);
            return;
        }
        if self.list.sections.is_empty() {
            self.said.at(rules::TOTALS_EXPECTED, line);
        }
        let section = self.inherited();
        self.push_section(Section { change: Some(change), ..section });
    }

    /// `NOSHO 18V`: a category of a PFS, and how many of which class.
    pub(super) fn category(&mut self, line: &'t str) {
        self.close_name();
        self.in_heading = false;
        if self.list.sections.is_empty() {
            self.said.at(rules::TOTALS_EXPECTED, line);
        }
        let letters = line.bytes().take_while(u8::is_ascii_uppercase).count();
        let (category, rest) = line.split_at_checked(letters).unwrap_or((line, ""));
        let rest = rest.trim_ascii();
        let mut section = Section {
            category: Some(category),
            class: "",
            count: None,
            pad: None,
            ..self.inherited()
        };
        match read_count(rest) {
            Some((count, class, pad)) => {
                (section.count, section.class, section.pad) = (Some(count), class, pad);
            }
            None if rest.is_empty() => {}
            None => match rest.parse() {
                Ok(count) => section.count = Some(count),
                Err(_) if is_class(rest) => section.class = rest,
                Err(_) => self.said.at(rules::BAD_CATEGORY, line),
            },
        }
        self.push_section(section);
    }

    /// What the section in force hands on; taken back if it has no names yet.
    fn inherited(&mut self) -> Section<'t> {
        let Some(last) = self.list.sections.last() else { return Section::default() };
        let empty = last.names.is_empty() && last.change.is_none() && last.category.is_none();
        let section = last.clone();
        if empty {
            self.list.sections.pop();
        }
        section
    }

    /// The booking of a name: its group's within the same total, or one of its own.
    pub(super) fn booking(&mut self, name: u32, group: Option<Group<'t>>, section: u32) -> u32 {
        let next = narrow(self.list.bookings.len());
        let total = if self.totals.is_empty() { section } else { self.total };
        let booking = match group {
            Some(group) => *self.groups.entry((total, group.id)).or_insert(next),
            None => next,
        };
        if booking == next {
            let locators = (u32::MAX, u32::MAX);
            self.list.bookings.push(Booking { first: name, seats: 0, locators });
        }
        booking
    }

    /// Adds a locator to a booking, once; tells of another one of the same system.
    pub(super) fn add_locator(&mut self, booking: u32, locator: Locator<'t>) {
        if self.list.link(booking, locator) {
            self.said.at(rules::DIFFERENT_LOCATOR, locator.code);
        }
    }
}

impl<'t> PassengerList<'t> {
    /// Hangs a locator to a booking, once; tells whether another one of the same system hangs there.
    pub(super) fn link(&mut self, booking: u32, locator: Locator<'t>) -> bool {
        let mut differs = false;
        for known in self.locators_of(booking).take(MOST_LOCATORS) {
            if known == locator {
                return false;
            }
            differs |= known.system == locator.system;
        }
        let index = narrow(self.locators.len());
        let Some(booking) = self.bookings.get_mut(booking as usize) else { return false };
        self.locators.push((locator, u32::MAX));
        let last = std::mem::replace(&mut booking.locators.1, index);
        if booking.locators.0 == u32::MAX {
            booking.locators.0 = index;
        }
        if let Some(last) = self.locators.get_mut(last as usize) {
            last.1 = index;
        }
        differs
    }
}

/// `003W`, `03C-PAD002`.
fn read_count(text: &str) -> Option<(u16, &str, Option<u16>)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=4).contains(&digits) {
        return None;
    }
    let (count, rest) = text.split_at_checked(digits)?;
    let count = count.parse().ok()?;
    let rest = rest.trim_ascii_start();
    let (class, pad) = rest.split_once('-').unwrap_or((rest, ""));
    let class = class.trim_ascii_end();
    let pad = match pad.trim_ascii() {
        "" => None,
        pad => Some(pad.strip_prefix("PAD")?.trim_ascii().parse().ok()?),
    };
    is_class(class).then_some((count, class, pad))
}

/// One letter; `?` stands for a class the sender does not know.
fn is_class(text: &str) -> bool {
    let mut chars = text.chars();
    let letter = chars.next().is_some_and(|char| char.is_uppercase() || char == '?');
    letter && chars.next().is_none()
}

/// Five capitals, whatever they are.
pub(super) fn is_category(word: &str) -> bool {
    word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A category that is not five letters, or has no blank behind it (`NOSHO18V`), recognised by the
/// number and class behind it.
pub(super) fn is_odd_category(line: &str) -> bool {
    let letters = line.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = line.get(letters..).unwrap_or_default();
    (4..=6).contains(&letters) && read_count(rest.trim_ascii()).is_some()
}
