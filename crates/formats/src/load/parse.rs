//! Reads load messages.

use super::model::{Crew, Destination, Hold, Message, Seated, Split};
use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::flight::{Airport, FlightDesignator};
use crate::scan::{full_lines, leading_digits, number, supplementary, word};
use crate::when;

/// Reads the text of a message whose envelope was taken off. The identifier line may be there or
/// not.
#[must_use]
pub fn parse(text: &str) -> (Message<'_>, Vec<Diagnostic>) {
    let mut found = Diagnostics::of(text);
    let message = read(text, &mut found);
    (message, found.finish())
}

/// [`parse`] for a piece of a text that `found` was made for.
pub fn read<'t>(body: &'t str, found: &mut Diagnostics<'t>) -> Message<'t> {
    let mut message = Message::default();
    let mut named = false;
    let mut remarks = false;
    for line in full_lines(body) {
        let line = identifier(line, &mut message, &mut named);
        if line.is_empty() || matches!(line, "END" | "ENDLDM") {
            continue;
        }
        if !named {
            named = true;
            found.at(rules::NO_IDENTIFIER, line.get(..0).unwrap_or(line));
        }
        if let Some(text) = supplementary(line) {
            remarks = true;
            message.supplementary.push(text);
        } else if message.flight.is_none() && flight_line(line, &mut message, found) {
            continue;
        } else if continues(line) && !remarks && !message.destinations.is_empty() {
            fields_of(&mut message, line.trim_start_matches('.'), found);
        } else if let Some((airport, fields)) = destination_line(line, remarks) {
            remarks = false;
            if message.destinations.iter().rev().take(16).any(|before| before.airport == airport) {
                found.at(rules::REPEATED, line);
            }
            message.destinations.push(empty(airport));
            fields_of(&mut message, fields, found);
        } else if remarks {
            message.supplementary.push(line);
        } else {
            found.at(rules::UNKNOWN_LINE, line);
            message.other.push(line);
        }
    }
    if message.flight.is_none() {
        found.at(rules::NO_FLIGHT, body.get(..0).unwrap_or(body));
    }
    for destination in &message.destinations {
        let sum = destination.holds.iter().map(|hold| u64::from(hold.weight)).sum::<u64>();
        let wrong = destination.dead_load.is_some_and(|total| u64::from(total) != sum);
        if let Some(hold) = destination.holds.first().filter(|_| wrong) {
            found.at(rules::WRONG_TOTAL, hold.hold);
        }
    }
    message
}

/// Fields of the destination before it: `.PAX/8/146`, `PAX/8/146.PAD/0`.
fn continues(line: &str) -> bool {
    line.starts_with('.') || line.starts_with("PAX/") || line.starts_with("PAD/")
}

/// Takes `COR` and `LDM` off the start of a line.
fn identifier<'t>(line: &'t str, message: &mut Message<'t>, named: &mut bool) -> &'t str {
    let mut rest = line;
    while !*named || message.flight.is_none() {
        let (first, after) = word(rest);
        let name = first.strip_prefix("COR").unwrap_or(first);
        if first.is_empty() || !matches!(name, "LDM" | "") {
            break;
        }
        message.correction |= name.len() < first.len();
        *named |= !name.is_empty();
        rest = after;
    }
    rest
}

/// `CA1501/04.B2032.C8Y168.2/05`.
fn flight_line<'t>(line: &'t str, message: &mut Message<'t>, found: &mut Diagnostics<'t>) -> bool {
    let Some((flight, rest)) = FlightDesignator::read_start(line) else { return false };
    let rest = rest.trim_start();
    if !rest.starts_with(['/', '.']) {
        return false;
    }
    // The version may hold full stops; the crew is last.
    let mut fields = rest.splitn(3, '.').map(str::trim);
    let date = fields.next().unwrap_or_default().trim_start_matches('/');
    (message.day, message.month) = flight_day(date);
    if message.day.is_none() {
        found.at(rules::BAD_DAY, if date.is_empty() { line } else { date });
    }
    message.flight = Some(flight);
    message.registration = fields.next().filter(|text| !text.is_empty());
    let rest = fields.next().unwrap_or_default();
    let (version, crew) = match rest.trim_end_matches(['.', ' ']).rsplit_once('.') {
        Some((version, crew)) => (version, crew.trim()),
        None => (rest, ""),
    };
    message.crew = crew_of(crew);
    match (message.crew, crew_of(version)) {
        (Some(_), _) => message.version = Some(version),
        // No version was sent.
        (None, Some(alone)) if crew.is_empty() => message.crew = Some(alone),
        _ => {
            found.at(rules::BAD_CREW, if crew.is_empty() { line } else { crew });
            message.version = Some(version);
        }
    }
    message.version = message.version.map(str::trim).filter(|text| !text.is_empty());
    true
}

fn flight_day(date: &str) -> (Option<u8>, Option<u8>) {
    let (digits, month) = leading_digits(date);
    let day = number(digits).and_then(|day| u8::try_from(day).ok());
    let day = day.filter(|day| (1..=31).contains(day));
    (day, month.get(..3).and_then(when::month).filter(|_| day.is_some()))
}

fn crew_of(text: &str) -> Option<Crew> {
    let mut numbers = text.split('/').map(number);
    let cockpit = numbers.next()??;
    let cabin = numbers.next()??;
    match (numbers.next(), numbers.next()) {
        (None, _) => Some(Crew { cockpit, cabin }),
        (Some(Some(more)), None) => Some(Crew { cockpit, cabin: cabin.saturating_add(more) }),
        _ => None,
    }
}

/// `-AMS.153/…`; without the hyphen only outside remarks.
fn destination_line(line: &str, remarks: bool) -> Option<(Airport, &str)> {
    let marked = line.strip_prefix('-');
    if marked.is_none() && remarks {
        return None;
    }
    let text = marked.unwrap_or(line).trim_start();
    let airport = Airport::read(text.get(..3)?)?;
    let rest = text.get(3..)?.trim_start();
    match rest.strip_prefix(['.', '/']) {
        // Remarks list weights by destination: `-SHA.B/1510.C/284`.
        Some(fields) if remarks && !is_load(fields) => None,
        Some(fields) => Some((airport, fields)),
        None if rest.is_empty() && marked.is_some() => Some((airport, "")),
        None if marked.is_some() && rest.starts_with(|ch: char| ch.is_ascii_digit()) => {
            Some((airport, rest))
        }
        None => None,
    }
}

/// `153/1/2…`, `T1794…`, `NIL`.
fn is_load(fields: &str) -> bool {
    let start = fields.strip_prefix('T').unwrap_or(fields);
    fields.starts_with("NIL") || start.starts_with(|ch: char| ch.is_ascii_digit())
}

const fn empty<'t>(airport: Airport) -> Destination<'t> {
    Destination {
        airport,
        nil: false,
        passengers: None,
        cabin_baggage: None,
        dead_load: None,
        holds: Vec::new(),
        seated: None,
        available: None,
        other: Vec::new(),
    }
}

fn fields_of<'t>(message: &mut Message<'t>, fields: &'t str, found: &mut Diagnostics<'t>) {
    let Some(destination) = message.destinations.last_mut() else { return };
    for field in fields.split('.').map(str::trim).filter(|field| !field.is_empty()) {
        field_of(destination, field, found);
    }
}

fn field_of<'t>(to: &mut Destination<'t>, field: &'t str, found: &mut Diagnostics<'t>) {
    let begun = to.passengers.is_some() || to.dead_load.is_some() || !to.holds.is_empty();
    let named = |name: &str| field.strip_prefix(name).map(|rest| rest.trim_start_matches('/'));
    let weight = |text: &str| number(text.trim().trim_end_matches("KG").trim());
    let again =
        (to.dead_load.is_some() && field.starts_with('T') && named("T").and_then(weight).is_some())
            || (to.seated.is_some() && field.starts_with("PAX"))
            || (to.available.is_some() && field.starts_with("PAD"));
    let problem = if again {
        Some(rules::REPEATED_FIELD)
    } else if field == "NIL" {
        to.nil = true;
        None
    } else if let Some(rest) = named("PAX") {
        to.seated = counts(rest);
        to.seated.is_none().then_some(rules::BAD_COUNTS)
    } else if let Some(rest) = named("PAD") {
        to.available = counts(rest);
        to.available.is_none().then_some(rules::BAD_COUNTS)
    } else if let Some(rest) = named("T").filter(|rest| weight(rest).is_some() || rest.is_empty()) {
        to.dead_load = weight(rest);
        to.dead_load.is_none().then_some(rules::BAD_WEIGHT)
    } else if !begun && field.starts_with(|ch: char| ch.is_ascii_digit()) {
        to.passengers = split(field);
        to.passengers.is_none().then_some(rules::BAD_PASSENGERS)
    } else if let Some(kilos) = number(field).filter(|_| to.dead_load.is_none()) {
        to.cabin_baggage = Some(kilos);
        None
    } else if let Some((hold, kilos)) = field.split_once('/').filter(|(hold, _)| is_hold(hold)) {
        let weight = weight(kilos);
        to.holds.extend(weight.map(|weight| Hold { hold, weight }));
        weight.is_none().then_some(rules::BAD_WEIGHT)
    } else {
        Some(rules::HOUSE_FIELD)
    };
    if let Some(rule) = problem {
        found.at(rule, field);
        to.other.push(field);
    }
}

/// `3`, `51`, `1A`.
fn is_hold(text: &str) -> bool {
    let (digits, rest) = leading_digits(text);
    (1..=2).contains(&digits.len())
        && rest.len() <= 2
        && rest.bytes().all(|b| b.is_ascii_uppercase())
}

fn counts(text: &str) -> Option<Seated> {
    let by_class = text.split('/').map(|part| number(part.trim())).collect::<Option<_>>()?;
    Some(Seated { by_class })
}

fn split(field: &str) -> Option<Split> {
    let mut numbers = [0; 4];
    let mut parts = 0;
    for part in field.split('/') {
        *numbers.get_mut(parts)? = number(part.trim())?;
        parts += 1;
    }
    let [first, second, third, fourth] = numbers;
    Some(match parts {
        4 => Split::BySex { male: first, female: second, children: third, infants: fourth },
        _ => Split::ByAge { adults: first, children: second, infants: third },
    })
}
