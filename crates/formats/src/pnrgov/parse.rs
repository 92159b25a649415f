//! Reads an interchange, message by message.

use super::place::Place;
use super::{Interchange, Message, Record, fields, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::edifact::{self, Segment, Tag, Tokens};

/// Reads all of `text`.
#[must_use]
pub fn parse(text: &str) -> (Interchange<'_>, Vec<Diagnostic>) {
    let mut notes = Diagnostics::of(text);
    let read = parse_into(text, &mut notes);
    (read, notes.finish())
}

/// Reads `text`, a piece of the text that `notes` is of. Several interchanges in a row are read as
/// one.
pub fn parse_into<'t>(text: &'t str, notes: &mut Diagnostics<'t>) -> Interchange<'t> {
    let mut messages = Messages::of(text, notes);
    let mut all = Vec::new();
    while let Some(message) = messages.next(notes) {
        all.push(message);
    }
    Interchange { messages: all, ..messages.head }
}

/// Messages one by one, for files that are larger than their records should be in memory.
#[derive(Debug)]
pub struct Messages<'t> {
    tokens: Tokens<'t>,
    head: Interchange<'t>,
    open: Option<Open<'t>>,
    ended: bool,
}

/// A booking of 999 people with a long history has fewer segments. The records of segments are larger
/// than the segments, so that a hostile booking would fill the memory.
const MOST_SEGMENTS: u32 = 50_000;

/// The message being read.
#[derive(Debug)]
struct Open<'t> {
    message: Message<'t>,
    record: Option<Record<'t>>,
    place: Place,
    /// Segments of the booking so far.
    in_record: u32,
    /// Segments so far, UNH included.
    segments: u32,
    /// UNH itself, to point at.
    header: &'t str,
}

/// Tags of PNRGOV and of the envelope around it.
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
            | b"MSG"
            | b"ORG"
            | b"TVL"
            | b"EQN"
            | b"SRC"
            | b"RCI"
            | b"SSR"
            | b"DAT"
            | b"IFT"
            | b"ADD"
            | b"EBD"
            | b"TIF"
            | b"FTI"
            | b"REF"
            | b"FAR"
            | b"TKT"
            | b"MON"
            | b"PTK"
            | b"TXD"
            | b"FOP"
            | b"RPI"
            | b"APD"
            | b"TRA"
            | b"TRI"
            | b"SSD"
            | b"TBD"
            | b"ABI"
            | b"SAC"
            | b"LTS"
            | b"ERC"
            | b"PDI"
            | b"CTC"
            | b"PTI"
            | b"TFF"
            | b"NAT"
            | b"ATI"
            | b"PRD"
    )
}

impl<'t> Messages<'t> {
    /// Finds the interchange in `text`.
    #[must_use]
    pub fn of(text: &'t str, notes: &mut Diagnostics<'t>) -> Self {
        let tokens = Tokens::of(text, known, notes);
        Self { tokens, head: Interchange::default(), open: None, ended: false }
    }

    /// The envelope, as far as it was read: `messages` of it is empty.
    #[must_use]
    pub const fn head(&self) -> &Interchange<'t> {
        &self.head
    }

    /// The next message.
    pub fn next(&mut self, notes: &mut Diagnostics<'t>) -> Option<Message<'t>> {
        while !self.ended {
            let Self { tokens, head, open, .. } = self;
            let Some(segment) = tokens.next(notes) else {
                self.ended = true;
                break;
            };
            match &segment.tag.0 {
                b"UNB" => {
                    // A message that was not closed belongs to the interchange before.
                    let done = open.take();
                    envelope(head, &segment);
                    if let Some(done) = done.filter(Open::says_something) {
                        return Some(done.close(None, notes));
                    }
                }
                b"UNH" => {
                    let done = open.replace(Open::of(&segment, notes));
                    if let Some(done) = done.filter(Open::says_something) {
                        return Some(done.close(None, notes));
                    }
                }
                b"UNT" => {
                    if let Some(done) = open.take().filter(Open::says_something) {
                        return Some(done.close(Some(&segment), notes));
                    }
                }
                b"UNG" | b"UNE" | b"UNZ" => {}
                _ => {
                    // Without UNH: the sender's, or lost on the way.
                    let open = open.get_or_insert_with(|| Open::bare(segment.raw));
                    open.segments += 1;
                    open.add(&segment, notes);
                }
            }
        }
        self.open.take().filter(Open::says_something).map(|done| done.close(None, notes))
    }
}

fn envelope<'t>(head: &mut Interchange<'t>, segment: &Segment<'t, '_>) {
    if !head.reference.is_empty() {
        return;
    }
    head.sender = segment.get(2, 0);
    head.recipient = segment.get(3, 0);
    head.prepared = segment.rest(4, 0);
    head.reference = segment.get(5, 0);
}

impl<'t> Open<'t> {
    /// A bare `UNH` is no message.
    fn says_something(&self) -> bool {
        self.segments > 1 || !self.message.reference.is_empty() || self.record.is_some()
    }

    fn bare(header: &'t str) -> Self {
        let message = Message::default();
        Self { message, record: None, place: Place::Header, in_record: 0, segments: 0, header }
    }

    fn of(segment: &Segment<'t, '_>, notes: &mut Diagnostics<'t>) -> Self {
        if segment.get(2, 0) != "PNRGOV" {
            notes.at(rules::OTHER_TYPE, segment.raw);
        }
        let mut version = segment.get(2, 1);
        let release = segment.get(2, 2);
        if !release.is_empty() {
            let version = version.to_mut();
            version.push(':');
            version.push_str(&release);
        }
        let message = Message {
            reference: segment.get(1, 0),
            version,
            access: segment.get(3, 0),
            part: fields::part(segment),
            ..Message::default()
        };
        Self {
            message,
            record: None,
            place: Place::Header,
            in_record: 0,
            segments: 1,
            header: segment.raw,
        }
    }

    fn add(&mut self, segment: &Segment<'t, '_>, notes: &mut Diagnostics<'t>) {
        if &segment.tag.0 == b"SRC" {
            self.end_record(segment.raw, notes);
            self.record = Some(Record::default());
            self.place = Place::Record;
            self.in_record = 0;
            return;
        }
        self.in_record += 1;
        if self.in_record > MOST_SEGMENTS {
            if self.in_record == MOST_SEGMENTS + 1 {
                notes.at(rules::TOO_LONG, segment.raw);
            }
            return;
        }
        if let Some(record) = &mut self.record {
            self.place = self.place.add(record, segment, notes);
        } else if !self.head(segment, notes) {
            notes.at(rules::NO_RECORD, segment.raw);
            let record = self.record.get_or_insert_with(Record::default);
            self.place = Place::Record.add(record, segment, notes);
        }
    }

    /// Takes a segment that stands before the first booking; false if it cannot stand there.
    fn head(&mut self, segment: &Segment<'t, '_>, notes: &mut Diagnostics<'t>) -> bool {
        let message = &mut self.message;
        match &segment.tag.0 {
            b"MSG" => message.function = segment.get(1, 1),
            b"ORG" => message.origin = fields::office(segment),
            b"TVL" if message.flight.is_none() => {
                message.flight = Some(Box::new(fields::flight(segment, notes)));
            }
            b"EQN" => message.record_count = segment.get(1, 0).parse().ok(),
            b"RCI" | b"TIF" | b"TKT" | b"FTI" | b"TVL" | b"RPI" | b"TRI" | b"SSR" => return false,
            _ => {
                notes.at(rules::UNKNOWN_SEGMENT, segment.raw);
                message.other.push(fields::verbatim(segment, notes));
            }
        }
        true
    }

    fn end_record(&mut self, at: &'t str, notes: &mut Diagnostics<'t>) {
        if let Some(record) = self.record.take().filter(|_| self.in_record > 0) {
            if record.locators.is_empty() {
                notes.at(rules::NO_LOCATOR, at);
            }
            self.message.records.push(record);
        }
    }

    fn close(
        mut self,
        trailer: Option<&Segment<'t, '_>>,
        notes: &mut Diagnostics<'t>,
    ) -> Message<'t> {
        self.end_record(trailer.map_or(self.header, |segment| segment.raw), notes);
        match trailer {
            None => notes.at(edifact::rules::NO_TRAILER, self.header),
            Some(trailer) => {
                let said = trailer.get(1, 0).parse();
                if said != Ok(self.segments + 1) {
                    notes.at(edifact::rules::WRONG_COUNT, trailer.raw);
                }
            }
        }
        // Some senders count passengers.
        let records = self.message.records.len();
        let people: usize = self.message.records.iter().map(|one| one.passengers.len()).sum();
        let fits =
            |said: u32| [records, people].iter().any(|read| u32::try_from(*read) == Ok(said));
        let split = self.message.part.is_some();
        if !split && self.message.record_count.is_some_and(|said| !fits(said)) {
            notes.at(rules::RECORD_COUNT, self.header);
        }
        self.message
    }
}
