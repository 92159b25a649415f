//! Reads a passenger list.

use super::{Document, Flight, List, Moment, Person, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::edifact::{self, Segment, Tag, Tokens};
use crate::pnrgov::part_of;
use crate::when::{Day, TimeOfDay, number};

/// Reads all messages of `text`.
#[must_use]
pub fn parse(text: &str) -> (Vec<List<'_>>, Vec<Diagnostic>) {
    let mut notes = Diagnostics::of(text);
    let read = parse_into(text, &mut notes);
    (read, notes.finish())
}

/// Reads `text`, a piece of the text that `notes` is of.
pub fn parse_into<'t>(text: &'t str, notes: &mut Diagnostics<'t>) -> Vec<List<'t>> {
    let mut tokens = Tokens::of(text, known, notes);
    let mut lists = Vec::new();
    let mut sender = super::Word::default();
    let mut open: Option<Open<'t>> = None;
    while let Some(segment) = tokens.next(notes) {
        match &segment.tag.0 {
            b"UNB" => sender = segment.get(2, 0),
            b"UNH" => {
                if segment.get(2, 0) != "PAXLST" {
                    notes.at(rules::OTHER_TYPE, segment.raw);
                }
                lists.extend(open.take().map(|open| open.close(None, notes)));
                open = Some(Open::of(&segment, sender.clone()));
            }
            b"UNT" => lists.extend(open.take().map(|open| open.close(Some(&segment), notes))),
            b"UNG" | b"UNE" | b"UNZ" => {}
            _ => {
                let open = open.get_or_insert_with(|| Open::bare(segment.raw, sender.clone()));
                open.segments += 1;
                open.add(&segment, notes);
            }
        }
    }
    lists.extend(open.map(|open| open.close(None, notes)));
    lists
}

fn known(tag: Tag) -> bool {
    matches!(
        &tag.0,
        b"UNA"
            | b"UNB"
            | b"UNG"
            | b"UNH"
            | b"UNT"
            | b"UNE"
            | b"UNZ"
            | b"BGM"
            | b"RFF"
            | b"DTM"
            | b"NAD"
            | b"COM"
            | b"TDT"
            | b"LOC"
            | b"ATT"
            | b"MEA"
            | b"GEI"
            | b"GID"
            | b"FTX"
            | b"NAT"
            | b"DOC"
            | b"CNT"
            | b"AUT"
            | b"EMP"
            | b"UNS"
            | b"GIS"
    )
}

/// Lists are of one flight.
const MOST_PEOPLE: usize = 100_000;

/// A message being read.
struct Open<'t> {
    list: List<'t>,
    segments: u32,
    header: &'t str,
    /// The NAD of the sender's help desk is no person.
    in_person: bool,
}

impl<'t> Open<'t> {
    fn bare(header: &'t str, sender: super::Word<'t>) -> Self {
        let list = List { sender, ..List::default() };
        Self { list, segments: 0, header, in_person: false }
    }

    fn of(segment: &Segment<'t, '_>, sender: super::Word<'t>) -> Self {
        let list = List {
            sender,
            reference: segment.get(1, 0),
            version: format!("{}:{}", segment.get(2, 1), segment.get(2, 2)).into(),
            access: segment.get(3, 0),
            part: part_of(segment),
            ..List::default()
        };
        Self { list, segments: 1, header: segment.raw, in_person: false }
    }

    fn close(self, trailer: Option<&Segment<'t, '_>>, notes: &mut Diagnostics<'t>) -> List<'t> {
        match trailer {
            None => notes.at(edifact::rules::NO_TRAILER, self.header),
            Some(trailer) if trailer.get(1, 0).parse() != Ok(self.segments + 1) => {
                notes.at(edifact::rules::WRONG_COUNT, trailer.raw);
            }
            Some(_) => {}
        }
        self.list
    }

    fn add(&mut self, segment: &Segment<'t, '_>, notes: &mut Diagnostics<'t>) {
        match &segment.tag.0 {
            b"BGM" => self.list.kind = segment.get(1, 0),
            b"CNT" => self.list.count = segment.get(1, 1).parse().ok(),
            b"NAD" => self.name(segment, notes),
            b"TDT" => {
                self.in_person = false;
                self.list.flights.push(Flight {
                    number: segment.get(2, 0),
                    carrier: segment.get(5, 0),
                    ..Flight::default()
                });
            }
            b"COM" => {}
            b"AUT" | b"UNS" | b"EMP" | b"GIS" => self.list.other.push(segment.raw),
            b"LOC" | b"DTM" if !self.in_person => self.flight(segment, notes),
            b"RFF" if !self.in_person => self.list.other.push(segment.raw),
            b"ATT" | b"DTM" | b"MEA" | b"GEI" | b"GID" | b"FTX" | b"LOC" | b"NAT" | b"RFF"
            | b"DOC" => match self.list.people.last_mut().filter(|_| self.in_person) {
                Some(person) => person.add(segment, notes),
                None => {
                    notes.at(rules::NO_PERSON, segment.raw);
                    self.list.other.push(segment.raw);
                }
            },
            _ => {
                notes.at(rules::UNKNOWN_SEGMENT, segment.raw);
                self.list.other.push(segment.raw);
            }
        }
    }

    /// `NAD+FL+++SURNAME:GIVEN:MIDDLE+STREET+CITY+STATE+ZIP+COUNTRY`.
    fn name(&mut self, segment: &Segment<'t, '_>, notes: &mut Diagnostics<'t>) {
        let role = segment.get(1, 0);
        self.in_person = role != "MS" && role != "MR";
        if !self.in_person {
            return;
        }
        if self.list.people.len() >= MOST_PEOPLE {
            self.in_person = false;
            notes.at(rules::TOO_LONG, segment.raw);
            return;
        }
        let surname = segment.get(4, 0);
        if surname.is_empty() {
            notes.at(rules::NO_NAME, segment.raw);
        }
        let mut middle = segment.rest(4, 2);
        if middle.contains(':') {
            middle = middle.replace(':', " ").into();
        }
        let address = (5..=segment.element_count()).filter_map(|at| segment.some(at, 0)).collect();
        let given = segment.get(4, 1);
        let person = Person { role, surname, given, middle, address, ..Person::default() };
        self.list.people.push(person);
    }

    fn flight(&mut self, segment: &Segment<'t, '_>, notes: &mut Diagnostics<'t>) {
        if self.list.flights.is_empty() {
            self.list.flights.push(Flight::default());
        }
        let Some(flight) = self.list.flights.last_mut() else { return };
        if &segment.tag.0 == b"LOC" {
            flight.places.push((segment.get(1, 0), segment.get(2, 0)));
            return;
        }
        let text = segment.get(1, 1);
        match moment(&text) {
            Some(moment) => flight.times.push((segment.get(1, 0), moment)),
            None => notes.at(rules::BAD_DATE, segment.raw),
        }
    }
}

/// `2107131100`, `210713`, `20210713`, `202107131100`: the year has two digits or four.
fn moment(text: &str) -> Option<Moment> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match text.len() {
        8 | 12 => (text.get(..4)?.parse().ok()?, text.get(4..)?),
        6 | 10 => (2000 + i32::from(number(text.get(..2)?)?), text.get(2..)?),
        _ => return None,
    };
    let day = Day::new(year, number(rest.get(..2)?)?, number(rest.get(2..4)?)?)?;
    Some(Moment { day, time: rest.get(4..).and_then(TimeOfDay::read) })
}

impl<'t> Person<'t> {
    fn add(&mut self, segment: &Segment<'t, '_>, notes: &mut Diagnostics<'t>) {
        match &segment.tag.0 {
            b"ATT" => self.sex = segment.get(3, 0),
            b"NAT" => self.nationality = segment.get(2, 0),
            b"MEA" => self.bag_count = segment.get(3, 1).parse().ok(),
            b"LOC" => self.place(segment),
            b"DTM" => self.date(segment, notes),
            b"FTX" => {
                let bags = (3..=4).filter_map(|at| segment.some(at, 0));
                self.bags.extend(bags.filter(|bag| bag != "NULL"));
            }
            b"DOC" => self.documents.push(Document {
                kind: segment.get(1, 0),
                number: segment.get(2, 0),
                ..Document::default()
            }),
            b"RFF" => {
                let value = segment.get(1, 1);
                match &*segment.get(1, 0) {
                    "AVF" => self.locator = value,
                    "SEA" => self.seat = value,
                    _ => self.references.push((segment.get(1, 0), value)),
                }
            }
            _ => {}
        }
    }

    fn place(&mut self, segment: &Segment<'t, '_>) {
        let qualifier = segment.get(1, 0);
        let issue = qualifier == "91";
        if let (true, Some(document)) = (issue, self.documents.last_mut()) {
            document.issued_by = segment.get(2, 0);
            return;
        }
        let mut place = segment.get(2, 0);
        // `180+ABC:::BAKIRKOY`: the name of the place behind the country.
        let name = segment.get(2, 3);
        if !name.is_empty() {
            let place = place.to_mut();
            if !place.is_empty() {
                place.push(' ');
            }
            place.push_str(&name);
        }
        self.places.push((qualifier, place));
    }

    fn date(&mut self, segment: &Segment<'t, '_>, notes: &mut Diagnostics<'t>) {
        let text = segment.get(1, 1);
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        match (&*segment.get(1, 0), moment(&text)) {
            ("329", _) if digits && matches!(text.len(), 6 | 8) => self.born = text,
            ("36", Some(moment)) => {
                if let Some(document) = self.documents.last_mut() {
                    document.expires = Some(moment.day);
                }
            }
            ("36" | "329", _) => notes.at(rules::BAD_DATE, segment.raw),
            _ => {}
        }
    }
}
