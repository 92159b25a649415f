//! Reads movement messages.

use super::delays::{DelayLists, listed};
use super::elements::{Element, Elements, Found, Pair};
use super::model::{Kind, Message, Movement, Passengers, Stamp};
use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::flight::{Airport, FlightDesignator};
use crate::scan::{leading_digits, number, trimmed, word};
use crate::{text, when};

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
    let (message, delays) = (Message::default(), DelayLists::default());
    let kind = Kind::default();
    let mut reader = Reader { message, kind, named: false, told_blank: false, delays, found };
    let mut blank = None;
    for line in text::lines(body) {
        let content = trimmed(line.text);
        if content.is_empty() {
            blank = blank.or(Some(line.text));
            continue;
        }
        if let Some(at) = blank.take().filter(|_| reader.begun() && !reader.told_blank) {
            reader.told_blank = true;
            reader.found.at(rules::BLANK_LINE, at);
        }
        reader.line(content);
    }
    reader.end_movement();
    reader.message
}

/// Flights of one message; nearly all have one. Flight lines beyond are kept word for word.
const MOST_MOVEMENTS: usize = 1_000;

struct Reader<'t, 'd> {
    message: Message<'t>,
    kind: Kind,
    named: bool,
    told_blank: bool,
    delays: DelayLists<'t>,
    found: &'d mut Diagnostics<'t>,
}

impl<'t> Reader<'t, '_> {
    const fn begun(&self) -> bool {
        self.named || !self.message.movements.is_empty()
    }

    fn line(&mut self, line: &'t str) {
        let line = self.identifiers(line);
        if line.is_empty() || self.ending(line) {
            return;
        }
        if !self.named {
            self.named = true;
            self.found.at(rules::NO_IDENTIFIER, line.get(..0).unwrap_or(line));
        }
        let first = self.message.movements.is_empty();
        let few = self.message.movements.len() < MOST_MOVEMENTS;
        let flight = if few { flight_line(line, first, self.found) } else { None };
        let Some((mut movement, rest)) = flight else {
            return self.elements(line);
        };
        movement.kind = self.kind;
        match self.message.movements.last_mut() {
            // Something stood before the first flight line; it can only be about this flight.
            Some(before) if before.flight.is_none() => named(before, movement),
            _ => {
                self.end_movement();
                self.message.movements.push(movement);
            }
        }
        self.elements(rest);
    }

    fn end_movement(&mut self) {
        if let Some(movement) = self.message.movements.last_mut() {
            movement.delays = std::mem::take(&mut self.delays).together();
        }
    }

    /// Takes `COR`, `MVT`, `MVA`, `DIV` off the start of a line; `CORMVT` too.
    fn identifiers(&mut self, line: &'t str) -> &'t str {
        let mut rest = line;
        loop {
            let (first, after) = word(rest);
            let name = first.strip_prefix("COR").unwrap_or(first);
            let kind = match name {
                "MVT" => Some(Kind::Mvt),
                "MVA" => Some(Kind::Mva),
                "DIV" => Some(Kind::Div),
                "" => None,
                _ => return rest,
            };
            // Among remarks only an identifier that stands alone is one.
            let last = self.message.movements.last();
            let remarks = last.is_some_and(|last| !last.supplementary.is_empty());
            if remarks && (rest.len() < line.len() || !after.is_empty()) {
                return rest;
            }
            self.message.correction |= name.len() < first.len();
            if let Some(kind) = kind {
                self.kind = kind;
                self.named = true;
            } else if first.is_empty() {
                return rest;
            }
            rest = after;
        }
    }

    /// `PART 1 END`, `ENDMVT`, `END`.
    fn ending(&mut self, line: &str) -> bool {
        if matches!(line, "END" | "ENDMVT" | "ENDMVA" | "ENDDIV") {
            return true;
        }
        let Some(rest) = line.strip_prefix("PART") else { return false };
        let (digits, after) = leading_digits(rest.trim_start());
        let ends = matches!(after.trim_start_matches(['/', ' ']), "" | "END");
        let part = number(digits).filter(|_| ends);
        self.message.part = part.or(self.message.part);
        part.is_some()
    }

    fn elements(&mut self, line: &'t str) {
        if line.is_empty() {
            return;
        }
        if self.message.movements.is_empty() {
            self.found.at(rules::NO_FLIGHT, line);
            self.message.movements.push(Movement { kind: self.kind, ..Movement::default() });
        }
        let Some(movement) = self.message.movements.last_mut() else { return };
        let remarks = !movement.supplementary.is_empty();
        if remarks && !Elements::of(line).all(|found| found.element.is_sound()) {
            return movement.supplementary.push(line);
        }
        let mut unknown: Option<(usize, usize)> = None;
        for Found { at, element } in Elements::of(line) {
            let start = at.as_ptr() as usize - line.as_ptr() as usize;
            if matches!(element, Element::Unknown) {
                unknown = Some((unknown.map_or(start, |(from, _)| from), start + at.len()));
                continue;
            }
            keep(movement, line, unknown.take(), self.found);
            apply(movement, &mut self.delays, at, element, self.found);
        }
        keep(movement, line, unknown, self.found);
    }
}

fn named<'t>(before: &mut Movement<'t>, movement: Movement<'t>) {
    let Movement { kind, flight, day, month, registration, station, mut other, .. } = movement;
    before.kind = kind;
    (before.flight, before.day, before.month) = (flight, day, month);
    (before.registration, before.station) = (registration, station);
    before.other.append(&mut other);
}

fn keep<'t>(
    movement: &mut Movement<'t>,
    line: &'t str,
    unknown: Option<(usize, usize)>,
    found: &mut Diagnostics<'t>,
) {
    if let Some(text) = unknown.and_then(|(from, to)| line.get(from..to)) {
        found.at(rules::UNKNOWN_ELEMENT, text);
        movement.other.push(text);
    }
}

/// `CA1501/21.B2032.PEK` and its dialects; what follows on the line comes back. Airlines are named
/// like elements (AA, DL, FR): only the full stop after the day tells them apart.
fn flight_line<'t>(
    line: &'t str,
    first: bool,
    found: &mut Diagnostics<'t>,
) -> Option<(Movement<'t>, &'t str)> {
    let (flight, rest) = FlightDesignator::read_start(line)?;
    let rest = rest.trim_start();
    let (date, rest) = match rest.strip_prefix('/') {
        Some(dated) => {
            let end = dated.find(|ch: char| !ch.is_ascii_alphanumeric()).unwrap_or(dated.len());
            dated.split_at_checked(end)?
        }
        None => ("", rest),
    };
    let (day, month) = flight_day(date);
    let mut movement = Movement { flight: Some(flight), day, month, ..Movement::default() };
    let (registration, station, after) = match rest.strip_prefix('.') {
        Some(places) => {
            let (registration, station, after) = stopped_places(places);
            let station = station.trim_end_matches(['.', '=', ',']);
            if places.trim().is_empty() || (day.is_none() && Airport::read(station).is_none()) {
                return None;
            }
            (registration, station, after)
        }
        None => {
            let element = Elements::of(line).next().is_some_and(|found| found.element.is_sound());
            if !first || element || (day.is_none() && !rest.is_empty()) {
                return None;
            }
            // Blanks for full stops, perhaps within the registration: `ZH 731/14 B 6690 SZX`.
            let words = rest.split_whitespace().take_while(|part| Airport::read(part).is_none());
            let last = words
                .last()
                .map_or(0, |part| part.as_ptr() as usize - rest.as_ptr() as usize + part.len());
            let (registration, after) = rest.split_at_checked(last).unwrap_or((rest, ""));
            let (station, after) = word(after);
            (registration.trim(), station, after)
        }
    };
    if day.is_none() {
        found.at(rules::BAD_DAY, if date.is_empty() { line } else { date });
    }
    movement.registration = Some(registration).filter(|text| !text.is_empty());
    if movement.registration.is_none() {
        found.at(rules::NO_REGISTRATION, line);
    }
    movement.station = Airport::read(station);
    if movement.station.is_none() {
        found.at(rules::BAD_STATION, if station.is_empty() { line } else { station });
        movement.other.extend(Some(station).filter(|text| !text.is_empty()));
    }
    Some((movement, after))
}

/// `B2032.PEK`, `B 2032 . PEK`; what follows comes back.
fn stopped_places(places: &str) -> (&str, &str, &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b' ');
    if let Some((registration, rest)) = places.split_once('.')
        && registration.len() <= 12
        && registration.bytes().all(plain)
    {
        let (station, after) = word(rest);
        return (registration.trim(), station, after);
    }
    let (places, after) = word(places);
    let (registration, station) = places.split_once('.').unwrap_or((places, ""));
    (registration, station, after)
}

/// `21`, `21NOV`, `21NOV26`.
fn flight_day(date: &str) -> (Option<u8>, Option<u8>) {
    let (digits, month) = leading_digits(date);
    let day = number(digits).and_then(|day| u8::try_from(day).ok());
    let day = day.filter(|day| (1..=31).contains(day));
    match (day, month.get(..3).and_then(when::month)) {
        (Some(day), Some(month)) if day <= when::days_in(2000, month) => (Some(day), Some(month)),
        (Some(day), None) if month.is_empty() => (Some(day), None),
        _ => (None, None),
    }
}

fn apply<'t>(
    movement: &mut Movement<'t>,
    delays: &mut DelayLists<'t>,
    at: &'t str,
    element: Element<'t>,
    found: &mut Diagnostics<'t>,
) {
    let mut set = |field: &mut Option<Stamp>, stamp: Stamp| {
        if field.replace(stamp).is_some_and(|before| before != stamp) {
            found.at(rules::REPEATED, at);
        }
    };
    match element {
        Element::Departure(pair) => {
            set_pair((&mut movement.off_block, &mut movement.airborne), pair, at, found);
        }
        Element::Arrival(pair) => {
            set_pair((&mut movement.touch_down, &mut movement.on_block), pair, at, found);
        }
        Element::ReturnFromAirborne(pair) => {
            let fields = (&mut movement.return_touch_down, &mut movement.return_on_block);
            set_pair(fields, pair, at, found);
        }
        Element::EstimatedArrival(estimate) => movement.estimated_arrivals.push(estimate),
        Element::EstimatedDeparture(stamp) => set(&mut movement.estimated_departure, stamp),
        Element::NextInformation(stamp) => set(&mut movement.next_information, stamp),
        Element::EstimatedTakeOff(stamp) => set(&mut movement.estimated_take_off, stamp),
        Element::EstimatedOnBlock(stamp) => set(&mut movement.estimated_on_block, stamp),
        Element::ReturnToRamp(stamp) => set(&mut movement.return_to_ramp, stamp),
        Element::LegDay(day) => movement.leg_day = Some(day),
        Element::Delays(list) => delays.first.extend(listed(list, found)),
        Element::ExtendedDelays(list) => delays.extended.extend(listed(list, found)),
        Element::SubCodes(list) => delays.sub_codes(list, found),
        Element::Passengers(passengers, sound) => {
            if !sound {
                found.at(rules::BAD_PASSENGERS, at);
            }
            movement.passengers = Some(passengers);
        }
        Element::Infants(count) => {
            movement.passengers.get_or_insert_with(Passengers::default).infants = Some(count);
        }
        Element::DiversionReason(reason) => movement.diversion_reason = Some(reason),
        Element::Figure(figure) => movement.figures.push(figure),
        Element::Supplementary(text) => movement.supplementary.push(text),
        Element::Bad => {
            found.at(rules::BAD_ELEMENT, at);
            movement.other.push(at);
        }
        Element::Unknown => movement.other.push(at),
    }
}

fn set_pair<'t>(
    fields: (&mut Option<Stamp>, &mut Option<Stamp>),
    pair: Pair,
    at: &'t str,
    found: &mut Diagnostics<'t>,
) {
    for (field, part) in [(fields.0, pair.0), (fields.1, pair.1)] {
        let Some(part) = part else { continue };
        let Ok(stamp) = part else {
            found.at(rules::BAD_TIME, at);
            continue;
        };
        if field.replace(stamp).is_some_and(|before| before != stamp) {
            found.at(rules::REPEATED, at);
        }
    }
}
