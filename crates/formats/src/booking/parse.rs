//! Reads a message line by line.

use std::borrow::Cow;

use super::requests::{read_information, read_request, without_cards};
use super::{Booking, NameChange, NameElement, PointOfSale, Reference, names, rules, segment};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::text::lines;

/// Reads the body of a message: what stands behind the Type B envelope.
#[must_use]
pub fn parse(text: &str) -> (Booking<'_>, Vec<Diagnostic>) {
    let mut notes = Diagnostics::of(text);
    let read = parse_into(text, &mut notes);
    (read, notes.finish())
}

/// Reads `body`, a piece of the text that `notes` is of.
pub fn parse_into<'t>(body: &'t str, notes: &mut Diagnostics<'t>) -> Booking<'t> {
    let mut booking = Booking::default();
    let mut changed = None;
    for line in lines(body) {
        let line = line.text.trim_matches([' ', '\t', '\u{1}', '\u{2}', '\u{3}', '\0']);
        if !line.is_empty() && line != "NNNN" {
            add(&mut booking, &mut changed, line, notes);
        }
    }
    booking.changes = changes(&booking.names, changed.unwrap_or_default());
    check(&booking, body, notes);
    booking
}

/// Behind CHNT each old name is followed by the new one.
fn changes<'t>(names: &[NameElement<'t>], listed: Vec<NameElement<'t>>) -> Vec<NameChange<'t>> {
    let mut from = None;
    let mut read = Vec::new();
    for name in listed {
        let old = names.iter().take(MOST_CHANGES).any(|one| one.is_same(&name));
        if old && from.is_none() {
            from = Some(name);
        } else {
            read.push(NameChange { from: from.take(), to: name });
        }
    }
    // An old name without a new one stays.
    read.extend(from.map(|name| NameChange { from: Some(name.clone()), to: name }));
    read.truncate(MOST_CHANGES);
    read
}

const MOST_CHANGES: usize = 99;
/// Systems that hold one booking.
const MOST_REFERENCES: usize = 99;

fn add<'t>(
    booking: &mut Booking<'t>,
    changed: &mut Option<Vec<NameElement<'t>>>,
    line: &'t str,
    notes: &mut Diagnostics<'t>,
) {
    let begun = !(booking.names.is_empty() && booking.segments.is_empty());
    let asked = line.starts_with("SSR ") && read_request(line, notes, &mut booking.requests);
    if asked {
        return;
    }
    if line.starts_with("SSR") || line.starts_with("OSI") {
        match read_information(line, notes).filter(|_| line.starts_with("OSI")) {
            Some(information) => booking.information.push(information),
            None => other(booking, line, rules::BAD_REQUEST, notes),
        }
        return;
    }
    if line == "CHNT" {
        changed.get_or_insert_default();
        return;
    }
    if let Some(segment) = segment::read(line, notes) {
        booking.segments.push(segment);
        return;
    }
    if names::is_line(line) {
        let into = changed.as_mut().unwrap_or(&mut booking.names);
        names::read_line(line, notes, into);
        return;
    }
    if !begun {
        let first = booking.identifier.is_none() && booking.references.is_empty();
        if first && line.len() == 3 && line.bytes().all(|byte| byte.is_ascii_uppercase()) {
            booking.identifier = Some(line);
            return;
        }
        let room = booking.references.len() < MOST_REFERENCES;
        if let Some(reference) = reference(line, notes).filter(|_| room) {
            booking.references.push(reference);
            return;
        }
    }
    other(booking, line, rules::UNKNOWN_LINE, notes);
}

fn other<'t>(
    booking: &mut Booking<'t>,
    line: &'t str,
    rule: crate::diagnostic::Rule,
    notes: &mut Diagnostics<'t>,
) {
    notes.at(rule, line);
    let kept = without_cards(Cow::Borrowed(line), line, notes);
    booking.other.push(kept);
}

/// `NYC1G CPNR1G/AAA/111122223333/NYC/1G/T/NL/CHF/SU`: office, locator, point of sale.
fn reference<'t>(line: &'t str, notes: &mut Diagnostics<'t>) -> Option<Reference<'t>> {
    let (office, rest) = line.split_once(' ')?;
    let code = |text: &str| text.chars().all(|sign| sign.is_alphanumeric() && !sign.is_lowercase());
    let signs = office.chars().count();
    if !(5..=7).contains(&signs) || !code(office) {
        return None;
    }
    let rest = rest.trim();
    let (locator, sale) = rest.split_once('/').map_or((rest, None), |(one, two)| (one, Some(two)));
    let locator = locator.trim();
    // A locator may hold a blank (`AB 1458BC`); a sentence holds more of them.
    let words = locator.split(' ').filter(|word| !word.is_empty()).count();
    let digit = locator.bytes().any(|byte| byte.is_ascii_digit());
    let long = locator.chars().count() > 12 || locator.is_empty();
    if long || words > 2 || (words == 2 && !digit) || !locator.split(' ').all(code) {
        return None;
    }
    let system = office.char_indices().rev().nth(if signs == 7 { 3 } else { 1 });
    let (city, system) = office.split_at(system.map_or(0, |(at, _)| at));
    let point_of_sale = sale.map(|sale| point_of_sale(sale, notes));
    Some(Reference { city, system, locator, point_of_sale })
}

fn point_of_sale<'t>(text: &'t str, notes: &mut Diagnostics<'t>) -> PointOfSale<'t> {
    let mut fields = text.split('/').map(str::trim).peekable();
    let mut next = || fields.next().unwrap_or_default();
    let (office, agency, city, system) = (next(), next(), next(), next());
    // Kind of agent: one letter. Where it is missing the country follows at once.
    let letters = |field: &&str, count: usize| {
        field.is_empty()
            || (field.len() == count && field.bytes().all(|byte| byte.is_ascii_uppercase()))
    };
    let mut take = |count: usize| match fields.peek() {
        None => "",
        Some(field) if letters(field, count) => fields.next().unwrap_or_default(),
        Some(field) => {
            notes.at(rules::POINT_OF_SALE, field);
            ""
        }
    };
    let (kind, country, currency) = (take(1), take(2), take(3));
    let mut rest: Vec<&str> = fields.take(16).collect();
    while rest.last().is_some_and(|last| last.is_empty()) {
        rest.pop();
    }
    PointOfSale { office, agency, city, system, kind, country, currency, rest }
}

fn check<'t>(booking: &Booking<'t>, body: &'t str, notes: &mut Diagnostics<'t>) {
    if booking.names.is_empty() && booking.segments.is_empty() {
        notes.at(rules::NOT_A_BOOKING, body);
        return;
    }
    if booking.references.is_empty() {
        notes.at(rules::NO_LOCATOR, body.get(..0).unwrap_or_default());
    }
    let party = booking.party();
    for segment in &booking.segments {
        let Some(status) = segment.status else { continue };
        if status.count.is_some_and(|count| party > 0 && u32::from(count) != party) {
            notes.at(rules::SEAT_COUNT, status.code);
        }
    }
}
