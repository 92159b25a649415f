//! Reads the stream of XML.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::tree::Node;
use super::{Family, Message, map, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Real messages are some 20 deep.
const DEEPEST: usize = 64;
/// A group of 99 with every extra has some 50,000.
const MOST_NODES: usize = 1_000_000;
/// Attributes of one element.
const MOST_ATTRIBUTES: usize = 32;

/// What is built up as a tree, wherever it stands.
const WANTED: &[&str] = &[
    "Order",
    "OrderItem",
    "OfferItem",
    "Pax",
    "Passenger",
    "Traveler",
    "PaxSegment",
    "FlightSegment",
    "DatedMarketingSegment",
    "DatedOperatingSegment",
    "ContactInfo",
    "ContactInformation",
    "TicketDocInfo",
    "BookingRef",
    "BookingReference",
    "Error",
    "Warning",
    "Fault",
    "PayloadAttributes",
    "MessageDoc",
    "Document",
];

/// Reads a message.
#[must_use]
pub fn parse(text: &str) -> (Message<'_>, Vec<Diagnostic>) {
    let mut notes = Diagnostics::of(text);
    let read = parse_into(text, &mut notes);
    (read, notes.finish())
}

/// Reads `text`, a piece of the text that `notes` is of.
pub fn parse_into<'t>(text: &'t str, notes: &mut Diagnostics<'t>) -> Message<'t> {
    let body = text.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    let mut reader = Reader::from_str(body);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut builder = Builder {
        text: body,
        notes,
        message: Message::default(),
        open: Vec::new(),
        tree: Vec::new(),
        skipped: None,
        nodes: 0,
        card: false,
    };
    builder.read(&mut reader);
    let mut message = builder.message;
    map::finish(&mut message);
    let empty = message.orders.is_empty()
        && message.passengers.is_empty()
        && message.segments.is_empty()
        && message.documents.is_empty()
        && message.problems.is_empty();
    if empty {
        notes.at(rules::NOTHING_FOUND, text.get(..0).unwrap_or_default());
    }
    message
}

struct Builder<'t, 'n> {
    text: &'t str,
    notes: &'n mut Diagnostics<'t>,
    message: Message<'t>,
    /// Local names of the open elements.
    open: Vec<Cow<'t, str>>,
    /// Open elements of the tree being built; the first is a wanted one.
    tree: Vec<Node<'t>>,
    /// Depth of the payment element being passed over.
    skipped: Option<usize>,
    nodes: usize,
    /// Inside an element of a card's number.
    card: bool,
}

impl<'t> Builder<'t, '_> {
    fn read(&mut self, reader: &mut Reader<&'t [u8]>) {
        loop {
            let at = usize::try_from(reader.buffer_position()).unwrap_or(0);
            match reader.read_event() {
                Ok(Event::Eof) => break,
                Ok(Event::Start(start)) => self.start(&start, at),
                Ok(Event::Empty(start)) => {
                    self.start(&start, at);
                    self.end();
                }
                Ok(Event::End(end)) => {
                    let name = self.borrowed(end.local_name().into_inner());
                    self.close(&name, at);
                }
                Ok(Event::Text(text)) => {
                    let text = self.borrowed(&text);
                    self.add(text, at);
                }
                Ok(Event::CData(data)) => {
                    let text = self.borrowed(&data);
                    self.add(text, at);
                }
                Ok(Event::GeneralRef(entity)) => {
                    let read = match entity.resolve_char_ref() {
                        Ok(Some(sign)) => Some(sign),
                        _ => predefined(&entity),
                    };
                    match read {
                        Some(sign) => self.add(Cow::Owned(sign.to_string()), at),
                        None => self.note(rules::ENTITY, at),
                    }
                }
                Ok(Event::DocType(_)) => self.note(rules::DOCTYPE, at),
                Ok(_) => {}
                Err(_) => {
                    self.note(rules::MALFORMED, at);
                    break;
                }
            }
            if self.nodes > MOST_NODES {
                self.note(rules::TOO_LARGE, at);
                break;
            }
        }
        if !self.open.is_empty() {
            self.note(rules::CUT, self.text.len());
        }
        while !self.open.is_empty() {
            self.end();
        }
    }

    fn note(&mut self, rule: crate::diagnostic::Rule, at: usize) {
        let at = self.text.floor_char_boundary(at);
        self.notes.at(rule, self.text.get(at..at).unwrap_or_default());
    }

    /// Bytes of the message as a piece of it.
    fn borrowed(&self, bytes: &[u8]) -> Cow<'t, str> {
        let start = (bytes.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let end = start.checked_add(bytes.len());
        let piece = end.and_then(|end| self.text.get(start..end));
        match piece {
            Some(piece) if piece.as_bytes() == bytes => Cow::Borrowed(piece),
            _ => Cow::Owned(String::from_utf8_lossy(bytes).into_owned()),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, at: usize) {
        let name = self.borrowed(start.local_name().into_inner());
        self.nodes += 1;
        if self.open.is_empty() || self.message.name.is_empty() {
            self.root(&name, start);
        }
        let deep = self.open.len() >= DEEPEST;
        if self.open.len() == DEEPEST {
            self.note(rules::TOO_DEEP, at);
        }
        let payment = is_payment(&name);
        if payment && self.skipped.is_none() {
            self.skipped = Some(self.open.len());
        }
        self.card = name.contains("CardNumber") || (self.card && self.skipped.is_some());
        if self.skipped.is_some() {
            self.card_in_attributes(start, at);
        }
        let wanted = WANTED.iter().any(|wanted| wanted.eq_ignore_ascii_case(&name));
        self.open.push(name.clone());
        let building = !self.tree.is_empty();
        if self.skipped.is_none() && !deep && (building || wanted) {
            let attributes = self.attributes(start);
            self.tree.push(Node { name, attributes, ..Node::default() });
        } else if building {
            // A place for what is left out, so that ends match starts.
            self.tree.push(Node::default());
        }
    }

    /// The message element is the first below an envelope.
    fn root(&mut self, name: &str, start: &BytesStart<'_>) {
        if matches!(name, "Envelope" | "Header" | "Body")
            || self.open.iter().any(|open| open == "Header")
        {
            return;
        }
        self.message.name = self.borrowed(start.local_name().into_inner());
        for attribute in start.attributes().with_checks(false).flatten().take(MOST_ATTRIBUTES) {
            let value = self.borrowed(&attribute.value);
            if attribute.key.local_name().as_ref() == b"Version" {
                self.message.version = value;
            } else if attribute.key.as_ref().starts_with(b"xmlns") {
                self.message.family = self.message.family.or_else(|| family_of(&value));
                if self.message.version.is_empty() {
                    self.message.version = version_of(&value);
                }
            }
        }
    }

    fn attributes(&self, start: &BytesStart<'_>) -> Vec<(Cow<'t, str>, Cow<'t, str>)> {
        let mut all = start.attributes();
        let all = all.with_checks(false).flatten().take(MOST_ATTRIBUTES);
        all.filter(|one| !one.key.as_ref().starts_with(b"xmlns"))
            .map(|one| {
                let key = self.borrowed(one.key.local_name().into_inner());
                let raw = self.borrowed(&one.value);
                (key, if raw.contains('&') { unescaped(&raw) } else { raw })
            })
            .collect()
    }

    fn card_in_attributes(&mut self, start: &BytesStart<'_>, at: usize) {
        let mut all = start.attributes();
        let mut all = all.with_checks(false).flatten().take(MOST_ATTRIBUTES);
        if all.any(|one| one.value.iter().filter(|byte| byte.is_ascii_digit()).count() >= 13) {
            self.note(rules::CARD_DROPPED, at);
        }
    }

    fn add(&mut self, text: Cow<'t, str>, at: usize) {
        if self.skipped.is_some() {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            if self.card && digits >= 12 {
                self.note(rules::CARD_DROPPED, at);
            }
            return;
        }
        if let Some(node) = self.tree.last_mut() {
            if node.text.is_empty() {
                node.text = text;
            } else {
                node.text.to_mut().push_str(&text);
            }
        }
    }

    /// An end tag: everything open inside the element it names ends with it.
    fn close(&mut self, name: &str, at: usize) {
        let Some(found) = self.open.iter().rposition(|open| open == name) else {
            self.note(rules::WRONG_END, at);
            return;
        };
        if found + 1 != self.open.len() {
            self.note(rules::WRONG_END, at);
        }
        while self.open.len() > found {
            self.end();
        }
    }

    fn end(&mut self) {
        self.open.pop();
        let left_out = self.skipped.is_some();
        if self.skipped == Some(self.open.len()) {
            self.skipped = None;
            self.card = false;
        }
        let Some(node) = self.tree.pop() else { return };
        match self.tree.last_mut() {
            Some(parent) if !node.name.is_empty() && !left_out => parent.children.push(node),
            Some(_) => {}
            None => map::take(&mut self.message, &node, &self.open, self.notes),
        }
    }
}

/// Payment data: references to it are harmless but of no use.
fn is_payment(name: &str) -> bool {
    name.starts_with("Payment")
        || matches!(name, "CardNumber" | "CreditCard" | "SeriesCode" | "CVV")
}

fn predefined(name: &[u8]) -> Option<char> {
    match name {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        _ => None,
    }
}

fn unescaped(raw: &str) -> Cow<'static, str> {
    quick_xml::escape::unescape(raw)
        .map_or_else(|_| Cow::Owned(raw.to_owned()), |read| Cow::Owned(read.into_owned()))
}

fn family_of(namespace: &str) -> Option<Family> {
    let holds = |part: &str| namespace.contains(part);
    if holds("EDIST") {
        Some(Family::Edist)
    } else if holds("IATA_OffersAndOrders") || holds("/EASD/") {
        Some(Family::CommonTypes)
    } else {
        holds("iata.org/IATA/2015").then_some(Family::PerMessage)
    }
}

/// `2019.2` of `http://www.iata.org/IATA/2015/00/2019.2/IATA_OrderViewRS`, `2017.2` of
/// `http://www.iata.org/IATA/EDIST/2017.2`.
fn version_of<'t>(namespace: &Cow<'t, str>) -> Cow<'t, str> {
    let Cow::Borrowed(namespace) = namespace else { return Cow::Borrowed("") };
    let version = namespace.rsplit('/').find(|part| {
        let (year, release) = part.split_once('.').unwrap_or_default();
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        year.len() == 4 && digits(year) && digits(release)
    });
    Cow::Borrowed(version.unwrap_or_default())
}
