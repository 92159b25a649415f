//! Cuts a text into segments.

use super::segment::Part;
use super::{Delimiters, Segment, Tag, rules};
use crate::diagnostic::Diagnostics;

const PLAIN: u8 = 0;
const COMPONENT: u8 = 1;
const ELEMENT: u8 = 2;
const TERMINATOR: u8 = 3;
const RELEASE: u8 = 4;
const LINE: u8 = 5;
/// First byte of a typographic quote.
const QUOTE: u8 = 6;

/// No real segment has more.
const MOST_PARTS: usize = 4_096;

/// Where an interchange is looked for in a text that begins with something else.
const FURTHEST_START: usize = 65_536;

/// Segments of a text, one after the other; each lives until the next is asked for.
#[derive(Clone, Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    at: usize,
    delimiters: Delimiters,
    classes: Box<[u8; 256]>,
    parts: Vec<Part>,
    elements: Vec<u32>,
    known: fn(Tag) -> bool,
    /// The last segment was UNZ.
    over: bool,
    /// Terminators were taken for text so often that it is told no more.
    count: u32,
}

impl<'t> Tokens<'t> {
    /// Looks for the interchange in `text`. `known` says which tags begin a segment even where the
    /// terminator before them is missing.
    #[must_use]
    pub fn of(text: &'t str, known: fn(Tag) -> bool, notes: &mut Diagnostics<'t>) -> Self {
        let delimiters = Delimiters::default();
        let mut tokens = Self {
            text,
            at: text.len(),
            delimiters,
            classes: Box::new(classes_of(delimiters)),
            parts: Vec::new(),
            elements: Vec::new(),
            known,
            over: false,
            count: 0,
        };
        let Some(start) = find_start(text) else {
            notes.at(rules::NO_INTERCHANGE, text.get(..0).unwrap_or_default());
            return tokens;
        };
        let before = text.get(..start).unwrap_or_default();
        if !before.trim().is_empty() {
            notes.at(rules::TEXT_BEFORE, before);
        }
        tokens.at = start;
        if !text.get(start..).unwrap_or_default().starts_with("UNA") {
            let rest = text.get(start..).unwrap_or_default();
            tokens.use_delimiters(Delimiters::of_first_segment(rest).unwrap_or_default());
        }
        tokens
    }

    /// The delimiters in force.
    #[must_use]
    pub const fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// How many segments were read so far, UNA not counted.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    fn use_delimiters(&mut self, delimiters: Delimiters) {
        self.delimiters = delimiters;
        *self.classes = classes_of(delimiters);
    }

    /// The next segment with a proper tag.
    pub fn next(&mut self, notes: &mut Diagnostics<'t>) -> Option<Segment<'t, '_>> {
        loop {
            self.skip_blanks();
            let start = self.at;
            let bytes = self.text.as_bytes();
            let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
            if rest.starts_with(b"UNA") && rest.get(3) != Some(&self.delimiters.element) {
                self.una(notes);
                continue;
            }
            if self.over && !rest.starts_with(b"UN") {
                self.skip_after(start, notes);
                continue;
            }
            let end = self.cut(start, notes);
            let raw = self.text.get(start..end).unwrap_or_default();
            let Some(tag) = self.tag(raw) else {
                notes.at(rules::BAD_TAG, raw);
                continue;
            };
            self.over = tag.0 == *b"UNZ";
            self.count = self.count.saturating_add(1);
            return Some(Segment {
                raw,
                tag,
                parts: &self.parts,
                elements: &self.elements,
                delimiters: self.delimiters,
            });
        }
    }

    fn skip_blanks(&mut self) {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|byte| *byte <= b' ' && self.class(*byte) != ELEMENT) {
            self.at += 1;
        }
    }

    /// Passes over what stands behind UNZ, to the next interchange or the end.
    fn skip_after(&mut self, start: usize, notes: &mut Diagnostics<'t>) {
        let rest = self.text.get(start..).unwrap_or_default();
        let found = find_in(rest).unwrap_or(rest.len());
        notes.at(rules::TEXT_AFTER, rest.get(..found).unwrap_or_default().trim_end());
        self.at = start + found.max(1);
        self.over = false;
    }

    fn una(&mut self, notes: &mut Diagnostics<'t>) {
        let start = self.at;
        let after = self.text.get(start + 3..).unwrap_or_default();
        let (delimiters, length, sound) = Delimiters::of_una(after);
        self.at = (start + 3 + length).min(self.text.len());
        let mut delimiters = delimiters;
        if !sound {
            notes.at(rules::BAD_UNA, self.text.get(start..start + 3).unwrap_or_default());
            let first = self.text.get(self.at..).unwrap_or_default();
            if let Some(told) = Delimiters::of_first_segment(first.trim_start()) {
                delimiters = Delimiters { release: delimiters.release, ..told };
            }
        }
        self.use_delimiters(delimiters);
        self.over = false;
    }

    fn class(&self, byte: u8) -> u8 {
        self.classes[usize::from(byte)]
    }

    /// Cuts one segment from `start`; where its text ends comes back, and `at` stands behind it.
    fn cut(&mut self, start: usize, notes: &mut Diagnostics<'t>) -> usize {
        self.parts.clear();
        self.elements.clear();
        self.elements.push(0);
        let bytes = self.text.as_bytes();
        let (mut at, mut from, mut dirty) = (start, start, false);
        let end = loop {
            // Most bytes mean nothing.
            while bytes.get(at).is_some_and(|byte| self.class(*byte) == PLAIN) {
                at += 1;
            }
            let Some(byte) = bytes.get(at) else {
                notes.at(rules::MISSING_TERMINATOR, self.tail(at));
                self.at = at;
                break at;
            };
            match self.class(*byte) {
                COMPONENT => {
                    self.push(start, from, at, dirty);
                    (from, dirty) = (at + 1, false);
                }
                ELEMENT | TERMINATOR if self.glued(start, from, at) => {
                    notes.at(rules::MISSING_TERMINATOR, self.tail(at - 3));
                    self.at = at - 3;
                    break at - 3;
                }
                ELEMENT => {
                    self.push(start, from, at, dirty);
                    self.elements.push(u32::try_from(self.parts.len()).unwrap_or(u32::MAX));
                    (from, dirty) = (at + 1, false);
                }
                RELEASE if self.ends_in_spite(at) => {}
                RELEASE => {
                    dirty = true;
                    at += 1;
                }
                LINE => {
                    dirty = true;
                    if self.begins_after_line(start, at) {
                        notes.at(rules::MISSING_TERMINATOR, self.tail(at));
                        self.at = at;
                        break at;
                    }
                }
                QUOTE if !self.quote_ends(at) => {}
                QUOTE => {
                    notes.at(rules::TYPOGRAPHIC_TERMINATOR, self.tail(at + 3));
                    self.at = at + 3;
                    break at;
                }
                _ if self.ends_at(at) => {
                    self.at = at + 1;
                    break at;
                }
                _ => notes.at(rules::UNESCAPED_TERMINATOR, self.tail(at + 1)),
            }
            at += 1;
            if self.parts.len() > MOST_PARTS {
                notes.at(rules::SEGMENT_TOO_LONG, self.tail(at));
                at = self.end_of_huge(at);
                self.at = (at + 1).min(bytes.len());
                self.parts.truncate(MOST_PARTS);
                let most = u32::try_from(MOST_PARTS).unwrap_or(u32::MAX);
                self.elements.retain(|first| *first < most);
                return at;
            }
        };
        self.push(start, from.min(end), end, dirty);
        end
    }

    fn end_of_huge(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        memchr::memchr(self.delimiters.terminator, rest).map_or(self.text.len(), |at| from + at)
    }

    /// The last character before `at`, to point at.
    fn tail(&self, at: usize) -> &'t str {
        let from = self.text.floor_char_boundary(at.saturating_sub(1));
        self.text.get(from..at).unwrap_or_default()
    }

    #[inline]
    fn push(&mut self, start: usize, from: usize, to: usize, dirty: bool) {
        let narrow = |at: usize| u32::try_from(at - start).unwrap_or(u32::MAX);
        let element = u16::try_from(self.elements.len() - 1).unwrap_or(u16::MAX);
        self.parts.push(Part { start: narrow(from), end: narrow(to), element, dirty });
    }

    /// Digits with a tag behind them, `1200TIF+`: the terminator between was lost. Locators and
    /// document numbers may look like that.
    #[inline]
    fn glued(&self, start: usize, from: usize, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let last = bytes.get(at.wrapping_sub(1)).is_some_and(u8::is_ascii_uppercase);
        let first = bytes.get(from).is_some_and(u8::is_ascii_digit);
        if !(last && first) || at < from + 4 {
            return false;
        }
        let free = !matches!(bytes.get(start..start + 3), Some(b"RCI" | b"REF" | b"TKT" | b"DOC"));
        match bytes.get(from..at) {
            Some([digits @ .., a, b, c]) => {
                free && digits.iter().all(u8::is_ascii_digit) && (self.known)(Tag([*a, *b, *c]))
            }
            _ => false,
        }
    }

    /// A terminator ends a segment unless text follows it that can be no segment: `O'NEIL`.
    #[inline]
    fn ends_at(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let after = bytes.get(at + 1..).unwrap_or_default();
        match after {
            [] | [b'\r' | b'\n', ..] => true,
            [a, b, c, next, ..] if self.separates(*next) => {
                let tag = Tag([*a, *b, *c]);
                (self.known)(tag)
            }
            _ => self.ends_before(after),
        }
    }

    #[inline]
    fn separates(&self, byte: u8) -> bool {
        matches!(self.class(byte), ELEMENT | TERMINATOR)
    }

    /// As [`Self::ends_at`], the seldom cases: blanks or line ends around the next tag.
    fn ends_before(&self, after: &[u8]) -> bool {
        let blanks = after.iter().take(256).take_while(|byte| **byte <= b' ').count();
        let rest = after.get(blanks..).unwrap_or_default();
        if rest.is_empty() || rest.iter().take(80).all(|byte| *byte <= b' ') {
            return true;
        }
        let line = after.get(..blanks).unwrap_or_default().contains(&b'\n');
        let mut signs = rest.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n'));
        let tag = [signs.next(), signs.next(), signs.next()].map(Option::unwrap_or_default);
        let next = signs.next();
        let una = tag == *b"UNA" && next != Some(self.delimiters.element);
        let separated = next.is_none_or(|next| self.separates(next));
        line || una || (separated && (blanks > 0 || (self.known)(Tag(tag))))
    }

    /// A word processor made a typographic quote of the terminator.
    fn quote_ends(&self, at: usize) -> bool {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        let quote =
            rest.starts_with("\u{2019}".as_bytes()) || rest.starts_with("\u{2018}".as_bytes());
        quote && self.delimiters.terminator == b'\'' && self.ends_at(at + 2)
    }

    /// An unescaped release character before a terminator at the end of a line: `OK?'`.
    fn ends_in_spite(&self, at: usize) -> bool {
        let after = self.text.as_bytes().get(at + 1..).unwrap_or_default();
        let Some((next, rest)) = after.split_first() else { return true };
        let line = rest.first().is_some_and(|byte| matches!(byte, b'\r' | b'\n'));
        self.class(*next) == TERMINATOR && line && self.tag_follows(rest)
    }

    fn tag_follows(&self, rest: &[u8]) -> bool {
        let blanks = rest.iter().take(256).take_while(|byte| **byte <= b' ').count();
        match rest.get(blanks..).unwrap_or_default() {
            [a, b, c, next, ..] => self.separates(*next) && (self.known)(Tag([*a, *b, *c])),
            _ => false,
        }
    }

    /// The line after `at` begins with a tag: the terminator before it was lost. UNZ ends with its
    /// line in any case.
    fn begins_after_line(&self, start: usize, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let last = bytes.get(start..).unwrap_or_default().starts_with(b"UNZ") && at > start + 6;
        let blank = bytes.get(at + 1).is_none_or(|byte| matches!(byte, b'\r' | b'\n'));
        (last && blank) || self.tag_follows(bytes.get(at..).unwrap_or_default())
    }

    /// The tag, line ends inside it left out.
    fn tag(&self, raw: &str) -> Option<Tag> {
        let first = self.parts.first()?;
        let tag = raw.as_bytes().get(..first.end as usize)?;
        if let [a, b, c] = tag {
            let tag = Tag([*a, *b, *c]);
            return is_tag(tag).then_some(tag);
        }
        let mut signs = tag.iter().copied().filter(|byte| *byte > b' ');
        let tag = Tag([signs.next()?, signs.next()?, signs.next()?]);
        (signs.next().is_none() && is_tag(tag)).then_some(tag)
    }
}

fn is_tag(tag: Tag) -> bool {
    let fits = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    tag.0.first().is_some_and(u8::is_ascii_uppercase) && tag.0.iter().all(fits)
}

fn classes_of(delimiters: Delimiters) -> [u8; 256] {
    let mut classes = [PLAIN; 256];
    let mut set = |byte: u8, class: u8| {
        if let Some(place) = classes.get_mut(usize::from(byte)) {
            *place = class;
        }
    };
    set(0xE2, QUOTE);
    set(b'\r', LINE);
    set(b'\n', LINE);
    if delimiters.release != b' ' {
        set(delimiters.release, RELEASE);
    }
    set(delimiters.component, COMPONENT);
    set(delimiters.element, ELEMENT);
    set(delimiters.terminator, TERMINATOR);
    classes
}

/// The first UNA, UNB, UNG or UNH at the start of a word.
fn find_start(text: &str) -> Option<usize> {
    let near = text.get(..FURTHEST_START).unwrap_or(text);
    find_in(near).or_else(|| find_in(text))
}

fn find_in(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memmem::find_iter(bytes, b"UN").find(|at| {
        let begins = at.checked_sub(1).and_then(|before| bytes.get(before));
        let word = begins.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let next = bytes.get(at + 3).copied().unwrap_or(b'A');
        let tag = matches!(bytes.get(at + 2), Some(b'A' | b'B' | b'G' | b'H'));
        word && tag && !next.is_ascii_alphanumeric() && next != b' '
    })
}
