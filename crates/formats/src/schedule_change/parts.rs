//! Reads the parts of a change's lines.

use super::model::{
    CalendarDate, Call, Edge, Element, Equipment, Flight, FlightDate, Leg, Period, Reference,
};
use super::rules;
use crate::diagnostic::Diagnostics;
use crate::flight::{Airport, FlightDesignator};
use crate::scan::{capital_code, leading_digits, number, word};
use crate::schedule::Days;
use crate::when::{self, DayMonth, TimeOfDay};

/// `07JAN00612E002/REF 901`.
pub(super) fn reference(line: &str) -> Option<Reference<'_>> {
    let day = DayMonth::read(line.get(..5)?)?;
    let (group, rest) = leading_digits(line.get(5..)?);
    let last = match rest.as_bytes().first()? {
        b'E' => true,
        b'C' => false,
        _ => return None,
    };
    let (within, rest) = leading_digits(rest.get(1..)?);
    let (group, within) = (number(group)?, number(within)?);
    let creator = rest.trim_start().strip_prefix('/').map(str::trim);
    if creator.is_none() && !rest.trim().is_empty() {
        return None;
    }
    let creator = creator.filter(|text| !text.is_empty());
    Some(Reference { day, group, last, number: within, creator })
}

/// `LX544A/12MAY26 ORD/LAS LX644/12AUG`; what follows comes back.
pub(super) fn flight<'t>(
    line: &'t str,
    found: &mut Diagnostics<'t>,
) -> Option<(Flight<'t>, &'t str)> {
    let (first, mut rest) = word(line);
    let (designator, date) = designator(first)?;
    let mut flight = Flight {
        flight: designator,
        date: None,
        stations: Vec::new(),
        becomes: None,
        becomes_date: None,
    };
    flight.date = dated(date, found);
    loop {
        let (next, after) = word(rest);
        let stations = next.split('/').map(Airport::read).collect::<Option<Vec<_>>>();
        if let Some(stations) = stations.filter(|some| some.len() > 1 && flight.stations.is_empty())
        {
            flight.stations = stations;
        } else if let Some((new, date)) =
            self::designator(next).filter(|_| flight.becomes.is_none())
        {
            flight.becomes = Some(new);
            flight.becomes_date = dated(date, found);
        } else {
            return Some((flight, rest));
        }
        rest = after;
    }
}

/// Does a line begin with a flight and not with a leg?
pub(super) fn is_flight(line: &str) -> bool {
    let (first, rest) = word(line);
    designator(first).is_some() && !(is_call(first) && is_call(word(rest).0))
}

fn designator(text: &str) -> Option<(FlightDesignator<'_>, &str)> {
    let (flight, rest) = FlightDesignator::read_start(text)?;
    match rest.strip_prefix('/') {
        Some(date) => Some((flight, date)),
        None => rest.is_empty().then_some((flight, rest)),
    }
}

fn dated<'t>(text: &'t str, found: &mut Diagnostics<'t>) -> Option<FlightDate> {
    if text.is_empty() {
        return None;
    }
    let date = flight_date(text);
    if date.is_none() {
        found.at(rules::BAD_DATE, text);
    }
    date
}

fn flight_date(text: &str) -> Option<FlightDate> {
    if let Some(CalendarDate { day, year }) = calendar_date(text) {
        return Some(FlightDate { day: day.day, month: Some(day.month), year });
    }
    let day = number(text).filter(|_| text.len() <= 2).and_then(|day| u8::try_from(day).ok())?;
    (1..=31).contains(&day).then_some(FlightDate { day, month: None, year: None })
}

/// `04SEP`, `04SEP26`, `04SEP2026`.
fn calendar_date(text: &str) -> Option<CalendarDate> {
    let day = DayMonth::read(text.get(..5)?)?;
    let year = text.get(5..)?;
    let given = i32::try_from(number(year).unwrap_or(0)).ok()?;
    let year = match year.len() {
        0 => None,
        2 if number(year).is_some() => Some(given + if given < 80 { 2000 } else { 1900 }),
        4 if number(year).is_some() => Some(given),
        _ => return None,
    };
    let real = day.day <= when::days_in(year.unwrap_or(2000), day.month);
    real.then_some(CalendarDate { day, year })
}

/// Does a line begin like a period: two digits, three letters?
pub(super) fn is_period(line: &str) -> bool {
    match line.as_bytes() {
        [day1, day2, month @ ..] => {
            day1.is_ascii_digit()
                && day2.is_ascii_digit()
                && month.len() >= 3
                && month.iter().take(3).all(u8::is_ascii_uppercase)
        }
        _ => false,
    }
}

/// `04SEP26 11SEP26 1234/W2`, `01JUL-15AUG 135`; what follows comes back.
pub(super) fn period<'t>(line: &'t str, found: &mut Diagnostics<'t>) -> (Period, &'t str) {
    let (first, rest) = word(line);
    let (from, to, rest) = match first.split_once(['-', '/']) {
        Some((from, to)) => (from, to, rest),
        None => {
            let rest = rest.strip_prefix('-').map_or(rest, str::trim_start);
            let (second, after) = word(rest);
            if is_period(second) { (first, second, after) } else { (first, first, rest) }
        }
    };
    let (text, after) = word(rest);
    let (days, weeks) = text.split_once('/').unwrap_or((text, ""));
    let read = days_of(days);
    let every_weeks = weeks.strip_prefix('W').and_then(number).and_then(|w| u8::try_from(w).ok());
    let sound = read.is_some() && (weeks.is_empty() || every_weeks.is_some());
    // Nothing at all is every day; something else must not cancel or retime every day.
    let missing = text.is_empty() || is_element(text);
    if missing {
        found.at(rules::NO_DAYS, line);
    } else if !sound {
        found.at(rules::BAD_DAYS, text);
    }
    let mut edge = |text: &'t str| {
        if text.get(2..5) == Some("XXX") {
            return Some(Edge::Open);
        }
        let date = calendar_date(text);
        if date.is_none() {
            found.at(rules::BAD_DATE, text);
        }
        date.map(Edge::On)
    };
    let (from, to) = (edge(from), edge(to));
    let days = read.unwrap_or(Days::from_bits(if missing { 0x7F } else { 0 }));
    (Period { from, to, days, every_weeks }, if read.is_some() { after } else { rest })
}

fn days_of(text: &str) -> Option<Days> {
    let text = text.strip_prefix('D').unwrap_or(text);
    let sound = text.bytes().all(|byte| matches!(byte, b'1'..=b'7' | b'.' | b'0' | b'-'));
    let digits = text.bytes().filter(|byte| (b'1'..=b'7').contains(byte));
    let days = digits.fold(Days::default(), |days, byte| days.with(byte - b'0'));
    (sound && text.len() <= 7 && !days.is_empty()).then_some(days)
}

/// `J 332 J24Y275 …`; what follows comes back.
pub(super) fn equipment(line: &str) -> Option<(Equipment<'_>, &str)> {
    let (service, rest) = word(line);
    let service_type = service.chars().next().filter(char::is_ascii_uppercase);
    let (aircraft, rest) = word(rest);
    let known = service.len() == 1 && aircraft.len() == 3 && capital_code(aircraft);
    if service_type.is_none() || !known {
        return None;
    }
    let mut equipment = Equipment { service_type, aircraft, ..Equipment::default() };
    let (third, after) = word(rest);
    if third.is_empty() || is_element(third) {
        return Some((equipment, rest));
    }
    let (classes, configuration) = match third.split_once('.') {
        Some((classes, configuration)) => (classes, configuration),
        None if third.bytes().any(|byte| byte.is_ascii_digit()) => ("", third),
        None => (third, ""),
    };
    equipment.booking_classes = Some(classes).filter(|text| !text.is_empty());
    equipment.configuration = Some(configuration).filter(|text| !text.is_empty());
    Some((equipment, after))
}

/// `CMN0140 MED0740/1`; what follows comes back.
pub(super) fn leg<'t>(line: &'t str, found: &mut Diagnostics<'t>) -> Option<(Leg, &'t str)> {
    let (first, rest) = word(line);
    let (second, after) = word(rest);
    if !(is_call(first) && is_call(second)) {
        return None;
    }
    let (departure, arrival) = (call(first, found)?, call(second, found)?);
    Some((Leg { departure, arrival, equipment: None }, after))
}

/// `LHR 0900 JFK 1200 744` and `LHR JFK`; the aircraft and what follows come back.
pub(super) fn spaced_leg(line: &str) -> Option<(Leg, Option<&str>, &str)> {
    let (first, rest) = word(line);
    let departure = bare(first)?;
    let (second, rest) = word(rest);
    if let Some(arrival) = bare(second).filter(|_| rest.is_empty()) {
        return Some((Leg { departure, arrival, equipment: None }, None, rest));
    }
    let (third, rest) = word(rest);
    let (fourth, rest) = word(rest);
    let mut leg = Leg { departure, arrival: bare(third)?, equipment: None };
    leg.departure.time = Some(TimeOfDay::read(second)?);
    leg.arrival.time = Some(TimeOfDay::read(fourth)?);
    let (aircraft, after) = word(rest);
    if aircraft.len() == 3 && capital_code(aircraft) {
        return Some((leg, Some(aircraft), after));
    }
    Some((leg, None, rest))
}

fn bare(text: &str) -> Option<Call> {
    let airport = Airport::read(text)?;
    Some(Call { airport, time: None, day: None, day_change: None, passenger_time: None })
}

/// Three letters and a digit.
fn is_call(text: &str) -> bool {
    text.get(..3).and_then(Airport::read).is_some()
        && text.as_bytes().get(3).is_some_and(u8::is_ascii_digit)
}

/// `CMN0140`, `CMN0140/1`, `CMN0140/M1`, `CMN132330`, `CMN0140/1/0130`.
fn call<'t>(text: &'t str, found: &mut Diagnostics<'t>) -> Option<Call> {
    let mut call = bare(text.get(..3)?)?;
    let mut parts = text.get(3..)?.split('/');
    let digits = parts.next().unwrap_or_default();
    (call.day, call.time) = match digits.len() {
        6 => (
            digits.get(..2).and_then(when::number).filter(|day| (1..=31).contains(day)),
            digits.get(2..).and_then(TimeOfDay::read),
        ),
        _ => (None, TimeOfDay::read(digits)),
    };
    let mut sound = call.time.is_some() && (digits.len() != 6 || call.day.is_some());
    for part in parts.filter(|part| !part.is_empty()) {
        match (part.len(), TimeOfDay::read(part), day_change(part)) {
            (4, Some(time), _) => call.passenger_time = Some(time),
            (_, _, Some(change)) => call.day_change = Some(change),
            _ => sound = false,
        }
    }
    if !sound {
        found.at(rules::BAD_TIME, text);
    }
    Some(call)
}

/// `1`, `+1`, `M1`, `-1`.
fn day_change(text: &str) -> Option<i8> {
    let (sign, digits) = match text.strip_prefix(['M', '-']) {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let days = number(digits).filter(|days| *days <= 9)?;
    i8::try_from(days).ok().map(|days| sign * days)
}

/// `CMNJED`, `CMN/JED`: a segment; what follows comes back.
pub(super) fn segment(line: &str) -> Option<((Airport, Airport), &str)> {
    let (first, rest) = word(line);
    let board = Airport::read(first.get(..3)?)?;
    let off = first.get(3..)?;
    let off = Airport::read(off.strip_prefix('/').unwrap_or(off))?;
    is_element(word(rest).0).then_some(((board, off), rest))
}

/// `3/HFM`, `127/AIR SOMETHING`.
pub(super) fn is_element(text: &str) -> bool {
    let (digits, rest) = leading_digits(text);
    (1..=3).contains(&digits.len()) && rest.starts_with('/')
}

/// Data elements of `text`; a value runs to the next element. What stands before them comes back.
pub(super) fn elements<'t>(text: &'t str, mut each: impl FnMut(Element<'t>)) -> &'t str {
    let mut before = text.len();
    let mut open: Option<(usize, usize)> = None;
    let mut rest = text;
    let end_of = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let mut close = |open: Option<(usize, usize)>, to: usize| {
        let Some(found) = open.and_then(|(from, _)| text.get(from..to)) else { return };
        let Some((digits, value)) = found.split_once('/') else { return };
        if let Some(number) = number(digits).and_then(|number| u16::try_from(number).ok()) {
            each(Element {
                number,
                value: value.trim_end(),
                segment: None,
                flight: None,
                leg: None,
            });
        }
    };
    while !rest.trim_start().is_empty() {
        let (next, after) = word(rest);
        let start = end_of(next);
        if is_element(next) {
            before = before.min(start);
            close(open.take(), start);
            open = Some((start, start + next.len()));
        }
        rest = after;
    }
    close(open, text.len());
    text.get(..before).unwrap_or_default().trim_end()
}
