//! Reads baggage information messages.

use super::model::{
    BagTags, Body, Element, FlightPoint, Kind, Message, Names, Processing, Status, Weight,
};
use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::flight::{Airport, FlightDesignator};
use crate::scan::{full_lines, leading_digits, number};
use crate::when::DayMonth;

/// Exceptions and names of one element; no real one has more.
const MOST_PARTS: usize = 1_000;

/// Reads the text of a transmission whose envelope was taken off: usually one message, sometimes
/// several in a row.
#[must_use]
pub fn parse(text: &str) -> (Vec<Message<'_>>, Vec<Diagnostic>) {
    let mut found = Diagnostics::of(text);
    let messages = read(text, &mut found);
    (messages, found.finish())
}

/// [`parse`] for a piece of a text that `found` was made for.
pub fn read<'t>(body: &'t str, found: &mut Diagnostics<'t>) -> Vec<Message<'t>> {
    let mut messages: Vec<Message<'t>> = Vec::new();
    for line in full_lines(body) {
        if let Some(kind) = Kind::read(line) {
            check_end(messages.last(), line, found);
            messages.push(empty(kind));
            continue;
        }
        let ended = messages.last().is_none_or(|message| message.ended);
        if let Some(name) = line.strip_prefix("END").filter(|_| !ended) {
            if let Some(message) = messages.last_mut() {
                let other = !name.is_empty() && Kind::read(name) != Some(message.kind);
                if other {
                    found.at(rules::OTHER_END, line);
                }
                check_version(message, line, found);
                message.ended = true;
            }
            continue;
        }
        if ended {
            found.at(rules::NO_IDENTIFIER, line);
            messages.push(empty(Kind::Bsm));
        }
        if let Some(message) = messages.last_mut() {
            content(message, line, found);
        }
    }
    check_end(messages.last(), body.get(body.len()..).unwrap_or_default(), found);
    messages
}

const fn empty<'t>(kind: Kind) -> Message<'t> {
    Message { kind, change: None, elements: Vec::new(), other: Vec::new(), ended: false }
}

fn check_end<'t>(message: Option<&Message<'t>>, at: &'t str, found: &mut Diagnostics<'t>) {
    let Some(message) = message.filter(|message| !message.ended) else { return };
    found.at(rules::NO_END, at);
    check_version(message, at, found);
}

fn check_version<'t>(message: &Message<'t>, at: &'t str, found: &mut Diagnostics<'t>) {
    if !message.elements.iter().take(8).any(|element| element.code == 'V') {
        found.at(rules::NO_VERSION, at);
    }
}

fn content<'t>(message: &mut Message<'t>, line: &'t str, found: &mut Diagnostics<'t>) {
    let element = line.strip_prefix('.').and_then(|rest| {
        let code = rest.chars().next().filter(char::is_ascii_alphanumeric)?;
        Some((code, rest.get(1..)?.trim_start().strip_prefix('/')?))
    });
    if let Some((code, text)) = element {
        let body = body_of(code, text, line, found);
        message.elements.push(Element { code, text, body });
        return;
    }
    let change = line.len() == 3 && line.bytes().all(|byte| byte.is_ascii_uppercase());
    if change && message.elements.is_empty() && message.change.is_none() {
        message.change = Some(line);
        return;
    }
    found.at(rules::UNKNOWN_LINE, line);
    message.other.push(line);
}

fn body_of<'t>(code: char, text: &'t str, line: &'t str, found: &mut Diagnostics<'t>) -> Body<'t> {
    match code {
        'V' => version(text, found),
        'F' => Body::Outbound(flight(text, line, found)),
        'I' => Body::Inbound(flight(text, line, found)),
        'O' => Body::Onward(flight(text, line, found)),
        'N' => tags(text).map_or_else(
            || {
                found.at(rules::BAD_TAG, text);
                Body::Verbatim
            },
            Body::Tags,
        ),
        'S' => Body::Status(status(text)),
        'W' => Body::Weight(weight(text, found)),
        'P' => Body::Names(names(text)),
        'J' => Body::Processing(processing(text)),
        'L' => Body::Locator(text.split('/').next().unwrap_or_default().trim()),
        'Y' => {
            let mut parts = text.split('/').map(str::trim);
            let number = parts.next().unwrap_or_default();
            Body::FrequentFlyer { number, tier: parts.next().filter(|tier| !tier.is_empty()) }
        }
        'E' => {
            let parts = text.split(['/', ' ']).filter(|part| !part.is_empty());
            Body::Exceptions(parts.take(MOST_PARTS).collect())
        }
        // Described by the practice, of no use to us: check-in, corporate name, container,
        // handling, screening, ground transport, irregularity, reconciliation and so on.
        'A' | 'B' | 'C' | 'D' | 'G' | 'H' | 'K' | 'M' | 'Q' | 'R' | 'T' | 'U' | 'X' | 'Z' => {
            Body::Verbatim
        }
        _ => {
            found.at(rules::UNKNOWN_ELEMENT, line);
            Body::Verbatim
        }
    }
}

/// `1LLHR`, `1LLHR/…`.
fn version<'t>(text: &'t str, found: &mut Diagnostics<'t>) -> Body<'t> {
    let first = text.split('/').next().unwrap_or_default().trim();
    let (digits, rest) = leading_digits(first);
    let source = rest.chars().next().filter(char::is_ascii_uppercase);
    let station = rest.get(1..).and_then(Airport::read);
    if station.is_none() {
        found.at(rules::BAD_STATION, first);
    }
    Body::Version { version: number(digits), source, station }
}

/// `CA1501/05FEB/SHA/Y`.
fn flight<'t>(text: &'t str, line: &'t str, found: &mut Diagnostics<'t>) -> FlightPoint<'t> {
    let mut parts = text.split('/').map(str::trim);
    let mut part = || parts.next().filter(|part| !part.is_empty());
    let (flight, day, station, class) = (part(), part(), part(), part());
    let read = FlightPoint {
        flight: flight.and_then(FlightDesignator::read),
        day: day.and_then(|day| DayMonth::read(day.get(..5)?)),
        station: station.and_then(Airport::read),
        class,
    };
    if read.flight.is_none() {
        found.at(rules::BAD_FLIGHT, flight.unwrap_or(line));
    }
    if let Some(day) = day.filter(|_| read.day.is_none()) {
        found.at(rules::BAD_DAY, day);
    }
    if let Some(station) = station.filter(|_| read.station.is_none()) {
        found.at(rules::BAD_STATION, station);
    }
    read
}

/// `0999781487002`; ten digits alone are one tag.
fn tags(text: &str) -> Option<BagTags<'_>> {
    let (digits, rest) = leading_digits(text.trim());
    let first = digits.get(..10)?;
    let count = match digits.get(10..)? {
        "" => 1,
        count if count.len() <= 3 => u16::try_from(number(count)?).ok()?,
        _ => return None,
    };
    (rest.is_empty() || rest.starts_with('/')).then_some(BagTags { first, count: count.max(1) })
}

fn status(text: &str) -> Status<'_> {
    let mut parts = text.split('/').map(str::trim);
    let mut part = || parts.next().filter(|part| !part.is_empty());
    let yes = |part: Option<&str>| match part? {
        "Y" => Some(true),
        "N" => Some(false),
        _ => None,
    };
    let (may_load, seat, passenger) = (yes(part()), part(), part());
    let (sequence, security, _profile) = (part(), part(), part());
    let (may_transport, tag) = (yes(part()), part());
    Status { may_load, seat, passenger, sequence, security, may_transport, tag }
}

/// `K/2/31`, `P/1`.
fn weight<'t>(text: &'t str, found: &mut Diagnostics<'t>) -> Weight {
    let mut parts = text.split('/').map(str::trim);
    let first = parts.next().unwrap_or_default();
    let unit = first.chars().next().filter(|unit| first.len() == 1 && unit.is_ascii_uppercase());
    let pieces = if unit.is_some() { parts.next().unwrap_or_default() } else { first };
    let weight = parts.next().unwrap_or_default();
    let mut read = |text: &'t str| {
        if number(text).is_none() && !text.is_empty() {
            found.at(rules::BAD_WEIGHT, text);
        }
        number(text)
    };
    Weight { unit, pieces: read(pieces), weight: read(weight) }
}

/// `2ZHANG/WEIMR/XINMS`.
fn names(text: &str) -> Names<'_> {
    let (digits, rest) = leading_digits(text.trim());
    let mut parts = rest.split('/').map(str::trim);
    let surname = parts.next().unwrap_or_default();
    let given: Vec<_> = parts.filter(|given| !given.is_empty()).take(MOST_PARTS).collect();
    let counted = u32::try_from(given.len()).unwrap_or(u32::MAX).max(1);
    Names { count: number(digits).unwrap_or(counted), surname, given }
}

fn processing(text: &str) -> Processing<'_> {
    let mut parts = text.split('/').map(str::trim);
    let mut part = || parts.next().filter(|part| !part.is_empty());
    let (place_kind, agent, device) = (part(), part(), part());
    let (day, time, place) = (part(), part(), part());
    let day = day.and_then(|day| DayMonth::read(day.get(..5)?));
    Processing { place_kind, agent, device, day, time, place }
}
