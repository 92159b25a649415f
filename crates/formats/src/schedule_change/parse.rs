//! Reads schedule messages.

use super::model::{Action, Change, Equipment, Kind, Message};
use super::{parts, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::flight::Airport;
use crate::scan::{full_lines, supplementary, word};
use crate::schedule::TimeMode;

/// A change that goes on with another period takes so many flights along at most.
const MOST_TAKEN_ALONG: usize = 8;

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
    let message = Message::default();
    let mut reader =
        Reader { message, kind: None, current: None, separated: true, remarks: false, found };
    for line in full_lines(body) {
        reader.line(line);
    }
    reader.end_change();
    reader.end(body)
}

struct Reader<'t, 'd> {
    message: Message<'t>,
    kind: Option<Kind>,
    current: Option<Open<'t>>,
    separated: bool,
    remarks: bool,
    found: &'d mut Diagnostics<'t>,
}

/// The change being read, and the line it began with.
struct Open<'t> {
    change: Change<'t>,
    at: &'t str,
}

impl<'t> Reader<'t, '_> {
    fn line(&mut self, line: &'t str) {
        if let Some(rest) = line.strip_prefix("//") {
            self.end_change_keeping_action();
            self.separated = true;
            self.remarks = false;
            let rest = rest.trim_start_matches(|ch: char| ch == '/' || ch.is_whitespace());
            if !rest.is_empty() {
                self.line(rest);
            }
            return;
        }
        if let Some(text) = supplementary(line) {
            self.remarks = true;
            self.message.supplementary.push(text);
        } else if self.heading(line) || self.action(line) {
            self.remarks = false;
        } else if self.remarks {
            self.message.supplementary.push(line);
        } else if self.current.is_some() {
            self.content(line);
        } else {
            self.found.at(rules::NO_ACTION, line);
            if parts::is_flight(line) {
                self.current = Some(Open { change: Change::new(Action::Other("")), at: line });
                self.content(line);
            } else {
                self.message.other.push(line);
            }
        }
    }

    /// Identifier, time mode, reference: before any change.
    fn heading(&mut self, line: &'t str) -> bool {
        if self.current.is_some() || !self.message.changes.is_empty() {
            return false;
        }
        match line {
            "SSM" => self.kind = Some(Kind::Ssm),
            "ASM" => self.kind = Some(Kind::Asm),
            "UTC" => self.message.time_mode = Some(TimeMode::Utc),
            "LT" | "LOC" | "LOCAL" => self.message.time_mode = Some(TimeMode::Local),
            _ => match parts::reference(line) {
                Some(reference) if self.message.reference.is_none() => {
                    self.message.reference = Some(reference);
                }
                _ => return self.joined_heading(line),
            },
        }
        true
    }

    /// `SSM UTC` on one line.
    fn joined_heading(&mut self, line: &'t str) -> bool {
        let mut rest = line;
        loop {
            let (first, after) = word(rest);
            if !matches!(first, "SSM" | "ASM" | "UTC" | "LT") || after.is_empty() {
                break;
            }
            self.heading(first);
            rest = after;
        }
        let some = rest.len() < line.len();
        if some {
            self.line(rest);
        }
        some
    }

    /// `CNL WEAT/TECH`, `RPL/TIM XASM`.
    fn action(&mut self, line: &'t str) -> bool {
        let (first, rest) = word(line);
        let (name, also) = first.split_once('/').unwrap_or((first, ""));
        let letters = name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_uppercase());
        let action = match Action::read(name) {
            Some(action) => action,
            // Where an action must come, three letters are one. So are three letters alone: what
            // follows must not be done under the action before.
            None if letters && self.actionable(rest) => {
                self.found.at(rules::UNKNOWN_ACTION, name);
                Action::Other(name)
            }
            None => return false,
        };
        if !self.separated {
            self.found.at(rules::NO_SEPARATOR, name);
        }
        self.end_change();
        self.separated = false;
        let mut change = Change::new(action);
        change.also.extend(also.split('/').filter(|name| !name.is_empty()).take(MOST_TAKEN_ALONG));
        for part in rest.split_ascii_whitespace() {
            if part == "XASM" {
                change.withdraws_ad_hoc = true;
            } else if reasons(part) && change.reasons.len() < MOST_TAKEN_ALONG {
                change.reasons.extend(part.split('/').take(MOST_TAKEN_ALONG));
            } else {
                self.found.at(rules::UNKNOWN_PART, part);
                change.other.push(part);
            }
        }
        self.current = Some(Open { change, at: line });
        true
    }

    fn actionable(&self, rest: &str) -> bool {
        let routed = self.current.as_ref().is_some_and(|open| routed(&open.change));
        (self.separated && (rest.is_empty() || self.current.is_none()))
            || (rest.is_empty() && routed)
    }

    fn content(&mut self, line: &'t str) {
        let rest = if let Some((leg, rest)) = parts::leg(line, self.found) {
            self.leg(leg);
            rest
        } else if let Some((flight, rest)) = parts::flight(line, self.found) {
            return self.flight(flight, rest);
        } else if parts::is_period(line) {
            let (period, rest) = parts::period(line, self.found);
            self.renew(|change| !change.legs.is_empty() || !change.equipment.is_empty());
            let Some(open) = &mut self.current else { return };
            open.change.periods.push(period);
            self.new_flight(rest)
        } else if let Some((equipment, rest)) = parts::equipment(line) {
            let Some(open) = &mut self.current else { return };
            open.change.equipment.push(equipment);
            rest
        } else if let Some((leg, aircraft, rest)) = parts::spaced_leg(line) {
            self.found.at(rules::SPACED_LEG, line);
            if let (Some(aircraft), Some(open)) = (aircraft, &mut self.current) {
                open.change.equipment.push(Equipment { aircraft, ..Equipment::default() });
            }
            self.leg(leg);
            rest
        } else if let Some((segment, rest)) = parts::segment(line) {
            return self.elements(rest, Place { segment: Some(segment), ..Place::default() });
        } else if parts::is_element(word(line).0) {
            line
        } else {
            self.found.at(rules::UNKNOWN_LINE, line);
            if let Some(open) = &mut self.current {
                // In the place of an action: what follows must not be done under the one before.
                if self.separated && !begun(&open.change) {
                    open.change.action = Action::Other("");
                }
                open.change.other.push(line);
            }
            return;
        };
        let legs = self.current.as_ref().map_or(0, |open| open.change.legs.len());
        let at_leg = rest.len() < line.len() && parts_of_leg(line);
        let leg = legs.checked_sub(1).filter(|_| at_leg);
        self.elements(rest, Place { leg, ..Place::default() });
    }

    fn leg(&mut self, mut leg: super::model::Leg) {
        let Some(open) = &mut self.current else { return };
        leg.equipment = open.change.equipment.len().checked_sub(1);
        open.change.legs.push(leg);
    }

    /// A flight line. After the rest of a change it begins another, or names what an FLT leads to.
    fn flight(&mut self, flight: super::model::Flight<'t>, rest: &'t str) {
        if let Some(open) = &mut self.current
            && open.change.action == Action::Flt
            && !open.change.periods.is_empty()
            && open.change.new_flight.is_none()
            && flight.date.is_none()
        {
            open.change.new_flight = Some(flight.flight);
            return self.elements(rest, Place::default());
        }
        if let Some(open) = &mut self.current
            && routed(&open.change)
        {
            let next = continued(&open.change);
            let at = open.at;
            self.end_change();
            self.current = Some(Open { change: next, at });
        }
        if let Some(open) = &mut self.current {
            open.change.flights.push(flight);
            let place = Place { flight: Some(open.change.flights.len() - 1), ..Place::default() };
            self.elements(rest, place);
        }
    }

    /// Another period after legs: another change of the same flights.
    fn renew(&mut self, ended: impl Fn(&Change<'t>) -> bool) {
        let Some(open) = &mut self.current else { return };
        if !ended(&open.change) || open.change.flights.len() > MOST_TAKEN_ALONG {
            return;
        }
        let mut next = continued(&open.change);
        next.flights.clone_from(&open.change.flights);
        let at = open.at;
        self.end_change();
        self.current = Some(Open { change: next, at });
    }

    /// The new designator at the end of an FLT period.
    fn new_flight(&mut self, rest: &'t str) -> &'t str {
        let (first, after) = word(rest);
        let flight = crate::FlightDesignator::read(first);
        match (&mut self.current, flight) {
            (Some(open), Some(flight)) => {
                open.change.new_flight = Some(flight);
                after
            }
            _ => rest,
        }
    }

    fn elements(&mut self, rest: &'t str, place: Place) {
        let Some(open) = &mut self.current else { return };
        let change = &mut open.change;
        let unknown = parts::elements(rest, |mut element| {
            element.segment = place.segment;
            (element.flight, element.leg) = (place.flight, place.leg);
            change.elements.push(element);
        });
        if !unknown.is_empty() {
            self.found.at(rules::UNKNOWN_PART, unknown);
            change.other.push(unknown);
        }
    }

    /// After `//` a line that is no action goes on with the action before.
    fn end_change_keeping_action(&mut self) {
        let Some(open) = self.current.take_if(|open| begun(&open.change)) else { return };
        let next = Open { change: continued(&open.change), at: open.at };
        self.current = Some(open);
        self.end_change();
        self.current = Some(next);
    }

    fn end_change(&mut self) {
        let Some(Open { change, at }) = self.current.take() else { return };
        let needs = !matches!(change.action, Action::Ack | Action::Nac | Action::Other(_));
        let empty = !begun(&change) && change.other.is_empty();
        // Left by a separator at the end.
        if empty && self.separated && !self.message.changes.is_empty() {
            return;
        }
        if needs && change.flights.is_empty() {
            self.found.at(rules::NO_FLIGHT, at);
        }
        self.message.changes.push(change);
    }

    fn end(mut self, body: &'t str) -> Message<'t> {
        let start = body.get(..0).unwrap_or(body);
        let dated = |change: &Change<'_>| change.flights.iter().any(|flight| flight.date.is_some());
        self.message.kind = self.kind.unwrap_or_else(|| {
            self.found.at(rules::NO_IDENTIFIER, start);
            if self.message.changes.iter().any(dated) { Kind::Asm } else { Kind::Ssm }
        });
        let acknowledged = |change: &Change<'_>| matches!(change.action, Action::Ack | Action::Nac);
        let silent = self.message.changes.iter().all(acknowledged);
        if self.message.time_mode.is_none() && !silent {
            self.found.at(rules::NO_TIME_MODE, start);
        }
        if self.message.kind == Kind::Asm {
            let flights = self.message.changes.iter().flat_map(|change| &change.flights);
            for flight in flights.filter(|flight| flight.date.is_none()) {
                self.found.at(rules::NO_DATE, flight.flight.airline);
            }
        }
        self.message
    }
}

fn parts_of_leg(line: &str) -> bool {
    !parts::is_period(line) && parts::equipment(line).is_none() && !parts::is_element(word(line).0)
}

/// What data elements stand at.
#[derive(Clone, Copy, Default)]
struct Place {
    segment: Option<(Airport, Airport)>,
    flight: Option<usize>,
    leg: Option<usize>,
}

/// Has it a period, an aircraft or a leg?
const fn routed(change: &Change<'_>) -> bool {
    !change.periods.is_empty() || !change.legs.is_empty() || !change.equipment.is_empty()
}

/// Has it more than its action?
const fn begun(change: &Change<'_>) -> bool {
    routed(change) || !change.elements.is_empty() || !change.flights.is_empty()
}

/// Another change with the same action.
fn continued<'t>(change: &Change<'t>) -> Change<'t> {
    let mut next = Change::new(change.action);
    next.also.clone_from(&change.also);
    next.reasons.clone_from(&change.reasons);
    next.withdraws_ad_hoc = change.withdraws_ad_hoc;
    next
}

/// `WEAT`, `WEAT/TECH`.
fn reasons(text: &str) -> bool {
    text.split('/')
        .all(|code| code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
}
