//! Reads a pass.

use super::columns::Columns;
use super::repeated::{self, Repeated};
use super::{BoardingPass, Issue, Leg, Security, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::flight::Airport;

/// Format code, number of legs, name, electronic ticket.
const HEADER: usize = 23;
/// Locator 7, from 3, to 3, carrier 3, flight 5, day 3, compartment 1, seat 4, sequence 5, status 1,
/// length 2.
const LEG: usize = 37;

/// Reads the string behind a bar code.
#[must_use]
pub fn parse(text: &str) -> (BoardingPass<'_>, Vec<Diagnostic>) {
    let mut notes = Diagnostics::of(text);
    let pass = parse_into(text, &mut notes);
    (pass, notes.finish())
}

/// Reads `text`, a piece of the text that `notes` is of.
pub fn parse_into<'t>(text: &'t str, notes: &mut Diagnostics<'t>) -> BoardingPass<'t> {
    let whole = Columns::of(text.trim_end_matches(['\r', '\n', '\0']));
    let Some(start) = find_start(&whole) else {
        notes.at(rules::NOT_A_PASS, text);
        return BoardingPass::default();
    };
    if start > 0 {
        notes.at(rules::TEXT_BEFORE, whole.cut(0, start));
    }
    let mut reader =
        Reader { all: Columns::of(whole.cut(start, usize::MAX)), at: HEADER, notes, said: None };
    reader.pass()
}

/// Where the format code stands: at the start, behind a scanner's symbology mark, or behind a
/// file name somebody pasted along.
fn find_start(all: &Columns<'_>) -> Option<usize> {
    let starts = |at: usize| {
        let format = all.at(at).is_some_and(|sign| matches!(sign, 'M' | 'S' | 'm' | 's'));
        let count = all.at(at + 1).is_some_and(|sign| sign.is_ascii_digit() || sign == 'X');
        format && count && looks_like_leg(all, at + HEADER)
    };
    (0..all.len().min(512)).find(|at| starts(*at))
}

/// Two airports, or one beside a blank; digits or blanks for the day. A pass may be cut after the
/// seat.
fn looks_like_leg(all: &Columns<'_>, at: usize) -> bool {
    let airport = |from: usize| {
        let letters = all.cut(at + from, at + from + 3);
        let known = letters.len() == 3 && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
        (known, known || letters == "   ")
    };
    let ((from, from_fits), (to, to_fits)) = (airport(7), airport(10));
    let day = all.cut(at + 21, at + 24);
    let day_fits = day.len() == 3 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
    let blank = all.cut(at, at + 34).trim().is_empty();
    from_fits && to_fits && day_fits && (from || to || blank)
}

struct Reader<'t, 'n> {
    all: Columns<'t>,
    at: usize,
    notes: &'n mut Diagnostics<'t>,
    /// How many legs the pass says it has.
    said: Option<usize>,
}

impl<'t> Reader<'t, '_> {
    fn pass(&mut self) -> BoardingPass<'t> {
        let mut pass = BoardingPass {
            name: self.all.cut(2, 22).trim(),
            electronic_ticket: matches!(self.all.at(22), Some('E' | 'e')),
            ..BoardingPass::default()
        };
        if self.all.at(0).is_some_and(|format| format.is_ascii_lowercase()) {
            self.notes.at(rules::LOWER_CASE_FORMAT, self.all.cut(0, 1));
        }
        self.said = self.all.at(1).and_then(|sign| sign.to_digit(10)).map(|said| said as usize);
        if matches!(self.said, None | Some(0)) {
            self.said = None;
            self.notes.at(rules::LEG_COUNT, self.all.cut(1, 2));
        }
        while pass.legs.len() < self.said.unwrap_or(9) {
            if !self.find_leg(pass.legs.is_empty()) {
                if self.said.is_some() {
                    self.notes.at(rules::FEWER_LEGS, self.all.cut(1, 2));
                }
                break;
            }
            let last = self.said.is_some_and(|said| pass.legs.len() + 1 == said);
            self.leg(&mut pass, last);
        }
        self.end(&mut pass);
        pass
    }

    /// Moves to the next leg; false if there is none.
    fn find_leg(&mut self, first: bool) -> bool {
        if first || looks_like_leg(&self.all, self.at) {
            return true;
        }
        if self.at_security() {
            return false;
        }
        let mut near =
            self.at.saturating_sub(24).max(HEADER + LEG)..(self.at + 96).min(self.all.len());
        match near.find(|at| self.surely_a_leg(*at)) {
            Some(at) => {
                self.notes.at(rules::LEG_MOVED, self.all.cut(at, at + 1));
                self.at = at;
                true
            }
            None => false,
        }
    }

    fn leg(&mut self, pass: &mut BoardingPass<'t>, last: bool) {
        let at = self.at;
        let mut leg = self.mandatory(at);
        self.at = at + LEG;
        let length = match self.all.length(at + 35) {
            _ if self.all.len() < at + LEG => {
                self.notes.at(rules::LEG_CUT, self.all.cut(at, at + LEG));
                self.at = self.all.len();
                0
            }
            Some(length) => length,
            None => {
                self.notes.at(rules::BAD_LENGTH, self.all.cut(at + 35, at + 37));
                self.all.len().saturating_sub(self.at)
            }
        };
        self.conditional(pass, &mut leg, length, last);
        pass.legs.push(leg);
    }

    fn mandatory(&mut self, at: usize) -> Leg<'t> {
        let (number, suffix) = self.flight(at + 16);
        Leg {
            locator: self.all.field(at, at + 7),
            from: self.airport(at + 7),
            to: self.airport(at + 10),
            carrier: self.all.field(at + 13, at + 16),
            number,
            suffix,
            day_of_year: self.day_of_year(at + 21),
            compartment: self.all.sign(at + 24),
            seat: self.all.field(at + 25, at + 29),
            sequence: self.all.field(at + 29, at + 34),
            status: self.all.sign(at + 34),
            ..Leg::default()
        }
    }

    fn airport(&mut self, at: usize) -> Option<Airport> {
        let field = self.all.field(at, at + 3)?;
        let airport = Airport::read(&field.to_ascii_uppercase());
        if airport.is_none() {
            self.notes.at(rules::BAD_AIRPORT, field);
        }
        airport
    }

    fn flight(&mut self, at: usize) -> (Option<u32>, Option<char>) {
        let Some(field) = self.all.field(at, at + 5) else { return (None, None) };
        let digits = field.bytes().take_while(u8::is_ascii_digit).count();
        let (number, suffix) = field.split_at_checked(digits).unwrap_or_default();
        let mut letters = suffix.trim_start().chars();
        match (number.parse().ok(), letters.next(), letters.next()) {
            (Some(number), None, None) => (Some(number), None),
            (Some(number), Some(suffix), None) if suffix.is_ascii_alphabetic() => {
                (Some(number), Some(suffix))
            }
            _ => {
                self.notes.at(rules::BAD_FLIGHT, field);
                (None, None)
            }
        }
    }

    fn day_of_year(&mut self, at: usize) -> Option<u16> {
        let field = self.all.field(at, at + 3)?;
        let day = field.parse().ok().filter(|day| (1..=366).contains(day));
        if day.is_none() {
            self.notes.at(rules::BAD_DAY, field);
        }
        day
    }

    /// Reads the conditional items of a leg, of which the pass says that they are `said` long.
    fn conditional(
        &mut self,
        pass: &mut BoardingPass<'t>,
        leg: &mut Leg<'t>,
        said: usize,
        last: bool,
    ) {
        let start = self.at;
        let first = pass.legs.is_empty();
        let unique = if first { self.unique_length(start, said) } else { None };
        if let Some(length) = unique {
            self.unique(pass, length);
        } else if said == 0 {
            return;
        }
        let items = self.at;
        let outer = start.saturating_add(said);
        let room = unique.is_none() || outer > items || last;
        let inner = self.all.length(items).filter(|_| room);
        let needs = inner.map_or(items, |length| items + 2 + length);
        let end = self.end_of_items(outer, needs.max(items), last);
        let unmarked = first && unique.is_none();
        let body = if unmarked { None } else { inner };
        match body {
            Some(length) => {
                let until = (items + 2).saturating_add(length).min(end);
                let read =
                    repeated::read(&self.all, items + 2, until, leg.carrier, length, self.notes);
                self.take(leg, &read, items, end);
            }
            None => {
                if unmarked && end > start {
                    self.notes.at(rules::NO_VERSION, self.all.cut(start, end));
                }
                leg.private = whole(self.all.cut(items, end));
            }
        }
        self.at = end.max(items);
    }

    fn take(&mut self, leg: &mut Leg<'t>, read: &Repeated<'t>, items: usize, end: usize) {
        let Some(until) = read.fill(leg) else {
            let kept = self.all.cut(items + 2, end);
            self.notes.at(rules::UNREADABLE_ITEMS, kept);
            leg.private = whole(kept);
            return;
        };
        leg.private = whole(self.all.cut(until, end));
    }

    /// Where a leg's items end: where they say, or where those inside them end, or the pass does.
    fn end_of_items(&mut self, outer: usize, needs: usize, last: bool) -> usize {
        let all = self.all.len();
        if needs > outer {
            let from = self.at.min(outer);
            self.notes.at(rules::LENGTHS_DISAGREE, self.all.cut(from.saturating_sub(2), from));
        }
        let mut end = outer.max(needs);
        if end > all {
            self.notes.at(rules::PAST_THE_END, self.all.cut(all.saturating_sub(1), all));
            end = all;
        }
        if end == all && outer > all && !last {
            end = (needs..all).find(|at| self.surely_a_leg(*at)).unwrap_or(end);
        }
        // A length past the signature, or just over it: the signature is found by its own length.
        let overrun = end == all || needs > outer;
        match (self.at..end).find(|at| overrun && self.signature_fits(*at)) {
            Some(signature) => signature,
            None if last && needs > outer && !self.security_at(end) => all,
            None => end,
        }
    }

    /// Two airports, a day and a length where a leg has them.
    fn surely_a_leg(&self, at: usize) -> bool {
        let letters = self.all.cut(at + 7, at + 13);
        let day = self.all.cut(at + 21, at + 24);
        letters.len() == 6
            && letters.bytes().all(|byte| byte.is_ascii_uppercase())
            && day.len() == 3
            && day.bytes().all(|byte| byte.is_ascii_digit())
            && self.all.length(at + 35).is_some()
    }

    /// `^`, a type, and a length that ends exactly with the pass.
    fn signature_fits(&self, at: usize) -> bool {
        let length = self.all.length(at + 2).filter(|_| self.all.at(at) == Some('^'));
        length.is_some_and(|length| at + 4 + length == self.all.len())
    }

    /// The length of the items about the pass, if they begin here.
    fn unique_length(&self, at: usize, said: usize) -> Option<usize> {
        let marked = match self.all.at(at) {
            Some('>') => true,
            Some('+') => said > 0,
            _ => false,
        };
        self.all.length(at + 2).filter(|_| marked)
    }

    fn unique(&mut self, pass: &mut BoardingPass<'t>, length: usize) {
        let at = self.at;
        if self.all.at(at) == Some('+') {
            self.notes.at(rules::PLUS_SIGN, self.all.cut(at, at + 1));
        }
        pass.version = self.all.sign(at + 1);
        if pass.version.is_some_and(|version| !('1'..='8').contains(&version)) {
            self.notes.at(rules::UNKNOWN_VERSION, self.all.cut(at + 1, at + 2));
        }
        let start = at + 4;
        let end = (start + length).min(self.all.len());
        if start + length > self.all.len() {
            self.notes.at(rules::PAST_THE_END, self.all.cut(at + 2, at + 4));
        }
        let sign = |from: usize| self.all.sign(start + from).filter(|_| start + from < end);
        let field =
            |from: usize, to: usize| self.all.field((start + from).min(end), (start + to).min(end));
        let tags = [(11, 24), (24, 37), (37, 50)];
        let issue = Issue {
            passenger_description: sign(0),
            check_in_source: sign(1),
            issuance_source: sign(2),
            day: None,
            document_type: sign(7),
            issuer: field(8, 11),
            // A lone 0 stands for no bag.
            bag_tags: tags
                .iter()
                .filter_map(|(from, to)| field(*from, *to).filter(|tag| *tag != "0"))
                .collect(),
        };
        let day = field(3, 7);
        pass.issue = Issue { day: day.and_then(|day| self.issue_day(day)), ..issue };
        self.at = end;
    }

    fn issue_day(&mut self, field: &'t str) -> Option<(u8, u16)> {
        let year = field.get(..1).and_then(|digit| digit.parse().ok());
        let day = field.get(1..).and_then(|day| day.trim().parse().ok());
        let read = year.zip(day.filter(|day| (1..=366).contains(day)));
        if read.is_none() {
            self.notes.at(rules::BAD_ISSUE_DAY, field);
        }
        read
    }

    fn at_security(&self) -> bool {
        self.security_at(self.at)
    }

    fn security_at(&self, at: usize) -> bool {
        match self.all.at(at) {
            Some('^') => true,
            Some('+') => {
                self.all.length(at + 2).is_some_and(|length| at + 4 + length <= self.all.len())
            }
            _ => false,
        }
    }

    /// Security data, and whatever stands after it.
    fn end(&mut self, pass: &mut BoardingPass<'t>) {
        if self.at_security() {
            if self.all.at(self.at) == Some('+') {
                self.notes.at(rules::PLUS_SIGN, self.all.cut(self.at, self.at + 1));
            }
            let kind = self.all.sign(self.at + 1);
            let (from, end) = (self.at + 4, self.all.len());
            let to = self.all.length(self.at + 2).map(|length| from + length);
            if to.is_none_or(|to| to > end) {
                self.notes.at(rules::BAD_SECURITY, self.all.cut(self.at, end));
            }
            let from = if to.is_none() { self.at + 2 } else { from };
            let to = to.unwrap_or(end).min(end);
            pass.security = Some(Security { kind, data: self.all.cut(from, to) });
            self.at = to;
        }
        let after = self.all.cut(self.at, self.all.len());
        if !after.trim().is_empty() {
            self.notes.at(rules::TEXT_AFTER, after);
            pass.after = Some(after);
        }
    }
}

/// Private data keeps its blanks; nothing but blanks is nothing.
fn whole(text: &str) -> Option<&str> {
    (!text.trim().is_empty()).then_some(text)
}
