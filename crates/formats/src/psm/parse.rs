//! Lines to a service message.

use std::borrow::Cow;
use std::ops::Range;

use crate::detect::Kind;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::envelope;
use crate::passenger_list::connection::three;
use crate::passenger_list::heading::{FlightLine, part_number};
use crate::passenger_list::line::read_end;
use crate::passenger_list::name::split_group;
use crate::passenger_list::{Connection, Flight, rules as list_rules, split_title};
use crate::psm::model::{Cabin, Destination, ServedName, Service, ServiceCount, ServiceList};
use crate::psm::rules;
use crate::text::lines;

/// Lines indented as far as this go on with the one before.
const CONTINUED: usize = 3;

/// Reads a whole message, envelope and all.
#[must_use]
pub fn parse(text: &str) -> (ServiceList<'_>, Vec<Diagnostic>) {
    let mut said = Diagnostics::of(text);
    let envelope = envelope::read(text, &mut said);
    let list = read_body(text, envelope.body, &mut said);
    (list, said.finish())
}

/// Reads the lines of `text` within `body`, which begin with the flight line.
#[must_use]
pub fn read_body<'t>(
    text: &'t str,
    body: Range<usize>,
    said: &mut Diagnostics<'t>,
) -> ServiceList<'t> {
    let list = ServiceList::default();
    let mut reader =
        Reader { list, said, flight_seen: false, open: false, free_text: false, ended: false };
    let start = body.start;
    for line in lines(text.get(body).unwrap_or_default()) {
        reader.line(line.text, start + line.start);
    }
    if !reader.ended {
        reader.said.add(list_rules::NO_END, text.len()..text.len());
    }
    reader.list
}

struct Reader<'t, 'd> {
    list: ServiceList<'t>,
    said: &'d mut Diagnostics<'t>,
    flight_seen: bool,
    /// A name takes lines.
    open: bool,
    /// Below `SI`.
    free_text: bool,
    ended: bool,
}

impl<'t> Reader<'t, '_> {
    fn line(&mut self, line: &'t str, at: usize) {
        let shown = line.trim_matches(|char: char| char.is_ascii_control() || char == ' ');
        if shown.is_empty() {
            return;
        }
        if self.ended {
            return self.said.at(list_rules::AFTER_END, shown);
        }
        if let Some((end, wrong)) = read_end(shown, Kind::Psm, self.list.part) {
            if let Some(rule) = wrong {
                self.said.at(rule, shown);
            }
            self.list.end = end;
            self.ended = true;
            return;
        }
        if self.free_text {
            self.list.supplementary.push(shown);
            return;
        }
        if !std::mem::replace(&mut self.flight_seen, true) && self.flight(shown) {
            return;
        }
        if shown == "SI" || shown.starts_with("SI ") {
            self.free_text = true;
            let rest = shown.get(3..).unwrap_or_default();
            self.list.supplementary.extend(Some(rest).filter(|rest| !rest.is_empty()));
            return;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        match shown.as_bytes() {
            [b'-', ..] => self.destination(shown),
            [b'0'..=b'9', ..] => self.name(shown, at + indent),
            _ => self.other(shown, indent),
        }
    }

    fn flight(&mut self, line: &'t str) -> bool {
        let Some(read) = FlightLine::read(line) else {
            self.said.at(list_rules::BAD_FLIGHT, line);
            return !line.starts_with(['-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        };
        if read.date.is_none() {
            self.said.at(list_rules::BAD_FLIGHT_DATE, line);
        }
        let (board, rest) = three(read.rest).unwrap_or(("", read.rest));
        self.list.flight = Some(Flight { designator: read.designator, date: read.date, board });
        self.list.part = rest.find("PART").and_then(|at| part_number(rest.get(at..)?));
        if self.list.part.is_none() {
            self.said.at(list_rules::NO_PART, line);
        }
        true
    }

    /// `-GVA 5PAX/11SSR`, `-NRT NIL`
    fn destination(&mut self, line: &'t str) {
        self.open = false;
        let rest = line.get(1..).unwrap_or_default().trim_start();
        let (code, rest) = three(rest).unwrap_or(("", rest));
        let read = numbers(rest);
        if read.is_none() || code.is_empty() {
            self.said.at(rules::BAD_DESTINATION, line);
        }
        let (passengers, requests) = read.unwrap_or_default();
        let destination = Destination { code, passengers, requests, ..Destination::default() };
        self.list.destinations.push(destination);
    }

    fn here(&mut self, line: &'t str) -> Option<&mut Destination<'t>> {
        if self.list.destinations.is_empty() {
            self.said.at(rules::NO_DESTINATION, line);
            self.list.destinations.push(Destination::default());
        }
        self.list.destinations.last_mut()
    }

    /// `1MILLER/JACKMR 1D`
    fn name(&mut self, line: &'t str, at: usize) {
        self.open = false;
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let (count, rest) = line.split_at_checked(digits).unwrap_or(("", line));
        let starts = rest.chars().next().is_some_and(char::is_alphabetic);
        let Some(count) = count.parse().ok().filter(|_| digits <= 3 && starts) else {
            return self.said.at(rules::BAD_NAME, line);
        };
        let mut rest = rest;
        let mut seats = Vec::new();
        while let Some((before, last)) = rest.rsplit_once(' ').filter(|(_, last)| is_seat(last)) {
            seats.push(last);
            rest = before.trim_end();
        }
        seats.reverse();
        let (rest, _) = split_group(rest);
        let (surname, givens) = rest.split_once('/').unwrap_or((rest, ""));
        let passengers = givens.split('/').map(|given| split_title(given.trim())).collect();
        let surname = surname.trim();
        let name = ServedName { count, surname, passengers, seats, at, ..ServedName::default() };
        self.open = true;
        let Some(destination) = self.here(line) else { return };
        if destination.cabins.is_empty() {
            destination.cabins.push(Cabin::default());
        }
        if let Some(cabin) = destination.cabins.last_mut() {
            cabin.names.push(name);
        }
    }

    fn other(&mut self, line: &'t str, indent: usize) {
        if let Some((class, rest)) = class_line(line) {
            self.open = false;
            let (passengers, requests) = numbers(rest).unwrap_or_default();
            let cabin = Cabin { class, passengers, requests, names: Vec::new() };
            if let Some(destination) = self.here(line) {
                destination.cabins.push(cabin);
            }
        } else if let Some(count) = count_line(line).filter(|_| !self.open) {
            if let Some(destination) = self.here(line) {
                destination.counts.push(count);
            }
        } else if !self.open || !self.below_name(line, indent) {
            self.said.at(rules::UNKNOWN_LINE, line);
            self.list.other.push(line);
        }
    }

    /// A line below a name: a flight, a service, or more text of the service before.
    fn below_name(&mut self, line: &'t str, indent: usize) -> bool {
        let cabin = self.list.destinations.last_mut().and_then(|of| of.cabins.last_mut());
        let Some(name) = cabin.and_then(|cabin| cabin.names.last_mut()) else { return false };
        let (line, dotted) = line.strip_prefix(".R/").map_or((line, false), |line| (line, true));
        let (word, text) = line.split_once(' ').unwrap_or((line, ""));
        let is_code = (3..=4).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let goes_on = indent >= CONTINUED && !dotted && !name.services.is_empty();
        if let Some(flight) = Connection::read(line).filter(|_| !goes_on && !line.contains(' ')) {
            name.connections.push(flight);
        } else if is_code && !goes_on {
            let text = Cow::Borrowed(text.trim());
            name.services.push(Service { code: word, text });
        } else if let Some(last) = name.services.last_mut() {
            let all = last.text.to_mut();
            if !all.is_empty() {
                all.push(' ');
            }
            all.push_str(line);
        } else {
            return false;
        }
        true
    }
}

/// `5PAX/11SSR`, `NIL`, nothing.
fn numbers(text: &str) -> Option<(Option<u16>, Option<u16>)> {
    let text = text.trim();
    if text.is_empty() || text == "NIL" {
        return Some((None, None));
    }
    let (passengers, requests) = text.split_once('/').unwrap_or((text, ""));
    let passengers = passengers.trim().strip_suffix("PAX")?.trim().parse().ok()?;
    let requests = requests.trim().strip_suffix("SSR").and_then(|of| of.trim().parse().ok());
    Some((Some(passengers), requests))
}

/// `F CLASS 2PAX/3SSR`
fn class_line(line: &str) -> Option<(&str, &str)> {
    let (class, rest) = line.split_once(' ')?;
    (class.chars().count() == 1).then_some((class, rest.strip_prefix("CLASS")?))
}

/// `BLND 000F 002Y`
fn count_line(line: &str) -> Option<ServiceCount<'_>> {
    let mut words = line.split(' ').filter(|word| !word.is_empty());
    let code = words.next().filter(|code| (3..=4).contains(&code.len()))?;
    let number = |word| {
        let digits = str::bytes(word).take_while(u8::is_ascii_digit).count();
        let (figures, class) = word.split_at_checked(digits)?;
        let one = class.chars().count() == 1;
        figures.parse().ok().filter(|_| one).map(|figure| (figure, class))
    };
    let numbers: Option<Vec<(u16, &str)>> = words.take(64).map(number).collect();
    let numbers = numbers.filter(|numbers| !numbers.is_empty())?;
    Some(ServiceCount { code, numbers })
}

fn is_seat(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let letters = word.get(digits..).unwrap_or_default();
    (1..=3).contains(&digits)
        && (1..=2).contains(&letters.len())
        && letters.bytes().all(|byte| byte.is_ascii_uppercase())
}
