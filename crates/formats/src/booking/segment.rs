//! Reads a flight: `BA0175Y15JUN LHRJFK NN1/0910 1015/1`, packed or spaced.

use super::status::is_known;
use super::{FlightReference, Segment, Status, rules};
use crate::diagnostic::Diagnostics;
use crate::flight::{Airport, FlightDesignator};
use crate::when::{DayMonth, TimeOfDay, number};

/// Reads a line as a flight; none if it is something else.
pub(super) fn read<'t>(line: &'t str, notes: &mut Diagnostics<'t>) -> Option<Segment<'t>> {
    let line = line.trim();
    let (mut segment, rest) = designator(line)?;
    let (class, rest) = class(&mut segment, rest)?;
    segment.class = Some(class);
    let rest = day(&mut segment, rest)?;
    let rest = city_pair(&mut segment, rest.trim_start(), notes);
    let rest = rest.trim_start();
    let (status, rest) = status(rest);
    match status {
        None => notes.at(rules::NO_STATUS, line),
        Some(status) if !is_known(status.code) => notes.at(rules::UNKNOWN_STATUS, status.code),
        Some(_) => {}
    }
    segment.status = status;
    let rest = times(&mut segment, rest);
    segment.rest = rest.trim_matches([' ', '/']);
    Some(segment)
}

fn designator(line: &str) -> Option<(Segment<'_>, &str)> {
    let open = line.get(2..).filter(|rest| rest.starts_with("OPEN"));
    if let (Some(rest), Some(airline)) = (open, line.get(..2)) {
        let known = airline.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let segment = Segment { airline, ..Segment::default() };
        return known.then(|| (segment, rest.get(4..).unwrap_or_default()));
    }
    let (flight, rest) = FlightDesignator::read_start(line)?;
    let FlightDesignator { airline, number, suffix } = flight;
    Some((Segment { airline, number: Some(number), suffix, ..Segment::default() }, rest))
}

/// The class stands behind the number, or alone. A letter that looked like a suffix is the class if
/// the day follows: `AV070F 17AUG`.
fn class<'t>(segment: &mut Segment<'t>, rest: &'t str) -> Option<(char, &'t str)> {
    let trimmed = rest.trim_start();
    if trimmed.get(..5).and_then(DayMonth::read).is_some() {
        return Some((segment.suffix.take()?, rest));
    }
    let mut signs = trimmed.chars();
    let class = signs.next().filter(char::is_ascii_uppercase)?;
    // `CA931AY23NOV`: a suffix and then the class.
    let second = signs.next().filter(char::is_ascii_uppercase);
    let dated = trimmed.get(2..7).and_then(DayMonth::read).is_some();
    if let Some(second) = second.filter(|_| dated) {
        segment.suffix = Some(class);
        return Some((second, trimmed.get(2..)?));
    }
    Some((class, trimmed.get(1..)?))
}

fn day<'t>(segment: &mut Segment<'t>, rest: &'t str) -> Option<&'t str> {
    let rest = rest.trim_start();
    segment.day = Some(DayMonth::read(rest.get(..5)?)?);
    let rest = rest.get(5..)?;
    let year = rest.get(..2).and_then(number);
    let more = rest.as_bytes().get(2).is_some_and(u8::is_ascii_digit);
    if year.is_some() && !more {
        segment.year = year;
        return rest.get(2..);
    }
    Some(rest)
}

fn city_pair<'t>(segment: &mut Segment<'t>, rest: &'t str, notes: &mut Diagnostics<'t>) -> &'t str {
    let letters = rest.bytes().take_while(u8::is_ascii_uppercase).count();
    // Packed: the status follows at once, `LHRJFKNN1`.
    let length = if letters >= 6 { 6 } else { letters };
    let pair = rest.get(..length).unwrap_or_default();
    segment.from = pair.get(..3).and_then(Airport::read);
    segment.to = pair.get(3..).and_then(Airport::read);
    let mut rest = rest.get(length..).unwrap_or_default();
    // `LHR JFK`
    if length == 3 {
        let second = rest.trim_start();
        let off = second.get(..3).and_then(Airport::read);
        let ends = second.get(3..).is_some_and(|after| after.is_empty() || after.starts_with(' '));
        if off.is_some() && ends {
            segment.to = off;
            rest = second.get(3..).unwrap_or_default();
        }
    }
    if segment.from.is_none() || segment.to.is_none() {
        notes.at(rules::BAD_CITY_PAIR, pair);
    }
    rest
}

/// `NN1`, `HK30/…`, and `SS` alone before a slash.
pub(super) fn status(text: &str) -> (Option<Status<'_>>, &str) {
    let none = (None, text);
    let Some((code, rest)) = text.split_at_checked(2) else { return none };
    if !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return none;
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).take(4).count();
    let (count, after) = rest.split_at(digits);
    let ends = after.is_empty() || after.starts_with([' ', '/', '-', '.']);
    let packed = digits > 0 && after.starts_with(|next: char| next.is_ascii_uppercase());
    if digits > 3 || !(ends || packed) || (digits == 0 && !is_known(code)) {
        return none;
    }
    (Some(Status { code, count: count.parse().ok() }), after)
}

/// `/1435 1700`, ` 0910 1015`, `/1230 0130/1`, `2300 0530/M1`.
fn times<'t>(segment: &mut Segment<'t>, rest: &'t str) -> &'t str {
    let start = rest.trim_start_matches([' ', '/']);
    let Some(departs) = start.get(..4).and_then(TimeOfDay::read) else { return rest };
    segment.departs = Some(departs);
    let after = start.get(4..).unwrap_or_default();
    let second = after.trim_start_matches([' ', '/']);
    let Some(arrives) = second.get(..4).and_then(TimeOfDay::read) else { return after };
    segment.arrives = Some(arrives);
    let after = second.get(4..).unwrap_or_default();
    let change = after.trim_start().strip_prefix(['/', '+']);
    let Some(change) = change else { return after };
    let (sign, digits) = match change.strip_prefix(['M', '-']) {
        Some(digits) => (-1, digits),
        None => (1, change),
    };
    match digits.bytes().next() {
        Some(digit @ b'0'..=b'9') => {
            segment.day_change = sign * i8::try_from(digit - b'0').unwrap_or(0);
            digits.get(1..).unwrap_or_default()
        }
        _ => after,
    }
}

/// `NRTLAX0123Y21DEC`, `NRTLAX 0006Y21DEC`: the flight of a request.
pub(super) fn reference(text: &str) -> Option<(FlightReference, &str)> {
    let from = Airport::read(text.get(..3)?)?;
    let to = Airport::read(text.get(3..6)?)?;
    let rest = text.get(6..)?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=4).contains(&digits) {
        return None;
    }
    let number = rest.get(..digits)?.parse().ok()?;
    let rest = rest.get(digits..)?.trim_start();
    let class = rest.chars().next().filter(char::is_ascii_uppercase)?;
    let rest = rest.get(1..)?.trim_start();
    let day = DayMonth::read(rest.get(..5)?)?;
    Some((FlightReference { from, to, number, class, day }, rest.get(5..)?))
}
