//! Lines to a list.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::detect::Kind;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::envelope;
use crate::passenger_list::element::{Code, Element, Whom};
use crate::passenger_list::line::{
    looks_like_name, looks_like_totals, next_element, read_end, trim_controls,
};
use crate::passenger_list::model::{Change, PassengerList, narrow};
use crate::passenger_list::{rules, section};
use crate::text::lines;

/// Bytes of a usual line, and of a usual name with its elements: how much room is made at once.
const LINE_LENGTH: usize = 24;
const NAME_LENGTH: usize = 120;
/// Longer lines are told: no sender of Type B writes them.
const LONGEST_LINE: usize = 100;

/// Reads a whole message, envelope and all. The kind is the identifier's; PNL if there is none.
#[must_use]
pub fn parse(text: &str) -> (PassengerList<'_>, Vec<Diagnostic>) {
    let mut said = Diagnostics::of(text);
    let envelope = envelope::read(text, &mut said);
    let kind = crate::detect::kind(text, &envelope);
    let kind = if kind.is_passenger_list() { kind } else { Kind::Pnl };
    let list = read_body(kind, text, envelope.body, &mut said);
    (list, said.finish())
}

/// Reads the lines of `text` within `body`, which begin with the flight line.
#[must_use]
pub fn read_body<'t>(
    kind: Kind,
    text: &'t str,
    body: Range<usize>,
    said: &mut Diagnostics<'t>,
) -> PassengerList<'t> {
    let mut reader = Reader::new(kind, text, said);
    let body = text.get(body).unwrap_or_default();
    reader.list.elements.reserve(body.len() / LINE_LENGTH);
    reader.list.names.reserve(body.len() / NAME_LENGTH);
    reader.list.passengers.reserve(body.len() / NAME_LENGTH);
    reader.list.bookings.reserve(body.len() / NAME_LENGTH);
    reader.list.locators.reserve(body.len() / NAME_LENGTH);
    for line in lines(body) {
        reader.line(line.text);
    }
    reader.finish(body)
}

pub(super) struct Reader<'t, 'd> {
    pub(super) list: PassengerList<'t>,
    pub(super) said: &'d mut Diagnostics<'t>,
    pub(super) text: &'t str,
    /// Group identifiers by total.
    pub(super) groups: HashMap<(u32, &'t str), u32>,
    /// Destination, class and number of the totals so far.
    pub(super) totals: Vec<(&'t str, &'t str, Option<u16>)>,
    /// Index of the total in force.
    pub(super) total: u32,
    /// No total and no name yet.
    pub(super) in_heading: bool,
    /// Which table of the heading is being read.
    pub(super) table: super::heading::Table,
    /// A name takes elements.
    pub(super) open: bool,
    /// The last element is a remark, which free text may continue.
    pub(super) remark_open: bool,
    pub(super) indicator_missed: bool,
    pub(super) nameless: u32,
    flight_seen: bool,
    ended: bool,
    /// A blank line, told only if something follows it.
    blank: Option<usize>,
    blank_told: bool,
}

impl<'t, 'd> Reader<'t, 'd> {
    fn new(kind: Kind, text: &'t str, said: &'d mut Diagnostics<'t>) -> Self {
        Self {
            list: PassengerList::new(kind),
            said,
            text,
            groups: HashMap::new(),
            totals: Vec::new(),
            total: 0,
            in_heading: true,
            table: super::heading::Table::None,
            open: false,
            remark_open: false,
            indicator_missed: false,
            nameless: 0,
            flight_seen: false,
            ended: false,
            blank: None,
            blank_told: false,
        }
    }

    /// Byte of the message at which a piece of it begins.
    pub(super) fn offset(&self, piece: &str) -> u32 {
        narrow((piece.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize))
    }

    #[inline]
    fn line(&mut self, raw: &'t str) {
        // Blanks at the end count inside a remark that goes on; control characters never do.
        let line = trim_controls(raw);
        match line.as_bytes() {
            [b'.', ..] if self.open && line.len() <= LONGEST_LINE => self.elements(line),
            [b'0'..=b'9', ..]
                if self.open && line.len() <= LONGEST_LINE && self.blank.is_none() =>
            {
                self.digits(line.trim_ascii_end());
            }
            [first, ..] if *first > b' ' => self.any_line(line, line),
            _ => {
                let shown = line.trim_ascii();
                if shown.is_empty() {
                    self.blank = Some(self.offset(raw) as usize);
                } else {
                    self.any_line(line, shown);
                }
            }
        }
    }

    /// Once for a message: some networks end every line with one CR too many.
    #[cold]
    fn tell_blank(&mut self, at: usize) {
        if !std::mem::replace(&mut self.blank_told, true) {
            self.said.add(rules::BLANK_LINE, at..at);
        }
    }

    fn any_line(&mut self, line: &'t str, shown: &'t str) {
        if let Some(blank) = self.blank.take() {
            self.tell_blank(blank);
        }
        let shown_end = shown.trim_ascii_end();
        if shown_end.len() > LONGEST_LINE && shown_end.chars().count() > LONGEST_LINE {
            self.said.at(rules::TOO_LONG, shown_end);
        }
        if self.ended {
            self.said.at(rules::AFTER_END, shown_end);
            return;
        }
        if self.end_line(shown_end) {
            return;
        }
        if !self.flight_seen {
            self.flight_seen = true;
            if self.flight_line(shown_end) {
                return;
            }
        }
        if self.in_heading && self.heading_line(line, shown_end) {
            return;
        }
        match shown.as_bytes() {
            [b'.', ..] => self.dotted(shown),
            [b'-', b' ', ..] if self.remark_open => self.continues(shown_end),
            // A cross-reference that came down a line without `.RN/`.
            [b'-', b'0'..=b'9', ..] if self.remark_open => self.goes_on(shown_end),
            [b'-', ..] => self.totals(shown_end, shown_end.get(1..).unwrap_or_default()),
            [b'0'..=b'9', ..] => self.digits(shown_end),
            _ => self.word_line(shown_end),
        }
    }

    fn dotted(&mut self, line: &'t str) {
        if self.open {
            self.elements(line);
        } else {
            self.said.at(rules::ORPHAN_ELEMENT, line);
        }
    }

    /// A name, or free text that happens to begin with a figure.
    fn digits(&mut self, line: &'t str) {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let after = line.as_bytes().get(digits).copied();
        let is_name =
            digits <= 3 && after.is_some_and(|after| !matches!(after, b' ' | b'.' | b','));
        if is_name {
            let letters = line.get(digits..).and_then(|rest| rest.chars().next());
            if !letters.is_some_and(|char| char.is_alphabetic() || char == '/') {
                self.said.at(rules::WRONG_NAME, line);
            }
            self.name_and_elements(line, digits);
        } else if self.remark_open {
            self.continues(line);
        } else {
            self.close_name();
            self.said.at(rules::WRONG_NAME, line);
        }
    }

    fn name_and_elements(&mut self, line: &'t str, digits: usize) {
        match next_element(line, 0) {
            Some(at) => {
                self.name(line.get(..at).unwrap_or_default().trim_ascii_end(), digits);
                self.elements(line.get(at..).unwrap_or_default());
            }
            None => self.name(line, digits),
        }
    }

    fn word_line(&mut self, line: &'t str) {
        let change = match line {
            "ADD" => Some(Change::Add),
            "CHG" => Some(Change::Chg),
            "DEL" => Some(Change::Del),
            _ => None,
        };
        let first = line.split(' ').next().unwrap_or_default();
        if let Some(change) = change {
            self.indicator(change, line);
        } else if self.list.kind == Kind::Pfs
            && (section::is_odd_category(line)
                || section::is_category(first) && !self.remark_open
                || section::is_category(line))
        {
            self.category(line);
        } else if looks_like_totals(line) {
            // The hyphen is missing. Names below must not inherit the class above.
            self.said.at(rules::WRONG_TOTALS, line);
            self.totals(line, line);
        } else if line == "NIL" && self.list.names.is_empty() {
            self.list.nil = true;
        } else if self.remark_open {
            self.continues(line);
        } else if looks_like_name(line) {
            // The count is missing. Taken for a name, so that what follows is not another person's.
            self.said.at(rules::WRONG_NAME, line);
            self.name_and_elements(line, 0);
        } else if self.open {
            self.said.at(rules::WRONG_CODE, line);
            self.push_element(Code::Other, "", line, line);
        } else {
            self.said.at(rules::UNKNOWN_LINE, line);
        }
    }

    /// `ENDPNL`, `ENDPART2`.
    fn end_line(&mut self, line: &'t str) -> bool {
        let Some((end, wrong)) = read_end(line, self.list.kind, self.list.part) else {
            return false;
        };
        if let Some(rule) = wrong {
            self.said.at(rule, line);
        }
        self.list.end = end;
        self.close_name();
        self.ended = true;
        true
    }

    /// One or several elements on a line; `line` begins with the dot of the first.
    fn elements(&mut self, line: &'t str) {
        if let Some(blank) = self.blank.take() {
            self.tell_blank(blank);
        }
        let mut rest = line;
        while let Some(next) = next_element(rest, 1) {
            let Some((one, after)) = rest.split_at_checked(next) else { break };
            self.element(one.trim_ascii_end());
            rest = after;
        }
        self.element(rest);
    }

    #[inline]
    fn element(&mut self, one: &'t str) {
        let bytes = one.as_bytes();
        // The two that most lines are.
        if let [b'.', letter @ (b'R' | b'L'), b'/', ..] = bytes {
            let code = if *letter == b'R' { Code::Remark } else { Code::Locator };
            let label = one.get(1..2).unwrap_or_default();
            return self.push_element(code, label, one.get(3..).unwrap_or_default(), one);
        }
        let length = bytes.iter().skip(1).take(5).take_while(|byte| byte.is_ascii_alphanumeric());
        let end = 1 + length.count();
        let label = one.get(1..end).unwrap_or_default();
        let code = Code::of(label);
        if bytes.get(end) == Some(&b'/') && end > 1 {
            let text = one.get(end + 1..).unwrap_or_default();
            if label == "RN" {
                self.continuation(one, text);
            } else {
                if code == Code::Other && label != "S" {
                    self.said.at(rules::UNKNOWN_ELEMENT, one);
                }
                self.push_element(code, label, text, one);
            }
            return;
        }
        // `.ID1` without its slash.
        let status = matches!(
            code,
            Code::Waitlisted | Code::StaffBooked | Code::StaffStandby | Code::Reduced
        );
        if status && one.get(end..).is_some_and(|rest| rest.trim_ascii().is_empty()) {
            self.push_element(code, label, "", one);
        } else if self.remark_open {
            self.continues(one);
        } else {
            self.said.at(rules::WRONG_CODE, one);
            self.push_element(Code::Other, "", one, one);
        }
    }

    fn push_element(&mut self, code: Code, label: &'t str, text: &'t str, one: &'t str) {
        self.remark_open = code == Code::Remark;
        let reference = narrow(text.len());
        self.list.elements.push(Element {
            code,
            whom: Whom::Everyone,
            label,
            text: Cow::Borrowed(text),
            reference,
            at: self.offset(one),
        });
    }

    /// `.RN/`: appended exactly.
    fn continuation(&mut self, one: &'t str, text: &'t str) {
        if self.remark_open {
            self.goes_on(text);
        } else {
            self.said.at(rules::REMARK_CONTINUES_NOTHING, one);
            self.push_element(Code::Remark, "RN", text, one);
        }
    }

    fn goes_on(&mut self, text: &'t str) {
        if let Some(last) = self.list.elements.last_mut() {
            append(last, "", text);
        }
    }

    /// Free text below a remark: joined with a blank.
    fn continues(&mut self, line: &'t str) {
        if let Some(last) = self.list.elements.last_mut() {
            let end = last.text.trim_ascii_end().len();
            match &mut last.text {
                Cow::Borrowed(text) => *text = text.get(..end).unwrap_or(text),
                Cow::Owned(text) => text.truncate(end),
            }
            append(last, " ", line);
        }
    }

    fn finish(mut self, body: &'t str) -> PassengerList<'t> {
        self.close_name();
        if !self.ended {
            let end = self.offset(body) as usize + body.len();
            self.said.add(rules::NO_END, end..end);
        }
        self.list
    }
}

fn append(element: &mut Element<'_>, between: &str, text: &str) {
    if let Cow::Borrowed(before) = element.text {
        let mut all = String::with_capacity(before.len() + between.len() + text.len());
        all.push_str(before);
        element.text = Cow::Owned(all);
    }
    let all = element.text.to_mut();
    all.push_str(between);
    all.push_str(text);
    element.reference = narrow(all.len());
}
