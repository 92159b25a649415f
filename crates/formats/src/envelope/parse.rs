//! Text to envelope.

use crate::detect;
use crate::diagnostic::Diagnostics;
use crate::envelope::model::{Address, Envelope, TimeGroup};
use crate::envelope::{rules, sitatex};
use crate::text::{Line, lines};

/// No sender lists more lines of addresses.
const MOST_LINES: usize = 64;
/// Lines among the addresses that may be damaged.
const MOST_DAMAGED: usize = 2;
/// A longer line is no line of an envelope.
const LONGEST_LINE: usize = 512;

/// Blanks, control characters of the network (SOH, STX, ETX), a byte order mark.
pub(super) const fn is_padding(char: char) -> bool {
    char.is_ascii_control() || matches!(char, ' ' | '\u{feff}' | '\u{a0}')
}

pub(super) fn trim(line: &str) -> &str {
    line.trim_matches(is_padding)
}

/// Reads the envelope at the start of `text`. A message without one gives an empty envelope whose
/// `content` is everything but the network frame.
#[must_use]
pub fn read<'t>(text: &'t str, said: &mut Diagnostics<'t>) -> Envelope<'t> {
    let mut envelope = Envelope::default();
    let end = inner_end(text);
    let mut at = skip_padding(text, 0, end);
    let inner = text.get(..end).unwrap_or_default();
    if let Some(first) = line_at(inner, at).filter(|line| is_frame(line.text)) {
        envelope.frame = Some(trim(first.text.get(4..).unwrap_or_default()));
        at = skip_padding(text, first.start + first.text.len(), end);
    }
    at = if inner.get(at..).is_some_and(|rest| rest.starts_with('=')) {
        sitatex::read(inner, at, &mut envelope, said)
    } else {
        read_lines(inner, at, &mut envelope, said)
    };
    envelope.content = skip_padding(text, at, end)..end;
    let (word, correction, after) = detect::identifier(inner, envelope.content.start);
    envelope.identifier = word.or(envelope.identifier);
    envelope.correction = correction;
    envelope.body = after..end;
    envelope
}

/// `ZCZC ABC0123`, but not an address that begins so.
pub(super) fn is_frame(line: &str) -> bool {
    let word = line.split(is_padding).next().unwrap_or_default();
    word.starts_with("ZCZC") && Address::read(word).is_none()
}

/// Where ETX or `NNNN` ends the message.
fn inner_end(text: &str) -> usize {
    let etx = memchr::memchr(3, text.as_bytes()).unwrap_or(text.len());
    let inner = text.get(..etx).unwrap_or(text);
    let trimmed = inner.trim_end_matches(is_padding);
    match trimmed.strip_suffix("NNNN") {
        Some(before) if before.is_empty() || before.ends_with(is_padding) => before.len(),
        _ => inner.len(),
    }
}

pub(super) fn skip_padding(text: &str, at: usize, end: usize) -> usize {
    let rest = text.get(at..end).unwrap_or_default();
    // A blank before the first word of a line is part of the line for some formats: AVAIL, PSM.
    end - rest.trim_start_matches(is_padding).len()
}

pub(super) fn line_at(text: &str, at: usize) -> Option<Line<'_>> {
    let first = lines(text.get(at..)?).next()?;
    Some(Line { text: first.text, start: at + first.start })
}

/// Reads address lines and the origin line, if `text` has them at `at`; gives where they end.
fn read_lines<'t>(
    text: &'t str,
    at: usize,
    envelope: &mut Envelope<'t>,
    said: &mut Diagnostics<'t>,
) -> usize {
    let Some(header) = find_header(text.get(at..).unwrap_or_default()) else { return at };
    let rest = text.get(at..).unwrap_or_default();
    let mut blank_told = false;
    for (index, line) in lines(rest).take(header.count).enumerate() {
        let shown = trim(line.text);
        if shown.is_empty() {
            if !std::mem::replace(&mut blank_told, true) {
                said.at(rules::BLANK_LINE, line.text);
            }
        } else if let Some(origin) = shown.strip_prefix('.') {
            read_origin(origin, envelope, said);
        } else {
            read_addresses(shown, index == 0, envelope, said);
        }
    }
    if envelope.origin.is_none() && !header.has_origin {
        said.add(rules::NO_ORIGIN, at..at + header.length);
    }
    at + header.length
}

struct Header {
    count: usize,
    length: usize,
    has_origin: bool,
}

/// How far the envelope reaches: through the origin line; or, without one, up to the identifier. A
/// line that cannot be addresses is borne if what follows leaves no doubt.
fn find_header(text: &str) -> Option<Header> {
    let mut starts_with_priority = false;
    let mut addresses = 0;
    let mut damaged = 0;
    for (index, line) in lines(text).take(MOST_LINES).enumerate() {
        let shown = trim(line.text);
        if shown.len() > LONGEST_LINE {
            return None;
        }
        if shown.is_empty() {
            continue;
        }
        if shown.starts_with('.') && looks_like_origin(shown, index > 0) {
            let length = line.start + line.text.len();
            let origin = damaged == 0 || names_a_kind_at(text, length);
            return origin.then_some(Header { count: index + 1, length, has_origin: true });
        }
        if detect::is_identifier(shown) {
            let known = is_known_or_prioritised(shown, starts_with_priority && damaged == 0);
            return (addresses + damaged > 0 && known).then_some(Header {
                count: index,
                length: line.start,
                has_origin: false,
            });
        }
        starts_with_priority |= addresses == 0 && starts_with_priority_code(shown);
        if looks_like_addresses(shown) || (starts_with_priority && addresses == 0) {
            addresses += 1;
        } else {
            damaged += 1;
            if damaged > MOST_DAMAGED || is_other_format(shown) {
                return None;
            }
        }
    }
    None
}

/// The line after byte `at` is the identifier of a kind this crate reads.
fn names_a_kind_at(text: &str, at: usize) -> bool {
    let mut shown = lines(text.get(at..).unwrap_or_default()).map(|line| trim(line.text));
    shown
        .find(|line| !line.is_empty())
        .is_some_and(|line| detect::Kind::of_identifier(line).is_some())
}

/// The beginnings of formats that have no envelope.
fn is_other_format(line: &str) -> bool {
    line.starts_with(['<', '{']) || ["UNA", "UNB", "END"].iter().any(|of| line.starts_with(of))
}

fn is_known_or_prioritised(word: &str, prioritised: bool) -> bool {
    prioritised || word.starts_with("COR") || detect::Kind::of_identifier(word).is_some()
}

fn starts_with_priority_code(line: &str) -> bool {
    line.split_ascii_whitespace().next().is_some_and(is_priority)
}

pub(super) fn is_priority(word: &str) -> bool {
    word == "SS" || matches!(word.as_bytes(), [b'Q', second] if second.is_ascii_uppercase())
}

/// `.BJSRMCA 211530`, not `.V/1LPEK` or `.R/VGML HK1`.
fn looks_like_origin(line: &str, after_addresses: bool) -> bool {
    let word = line.split(is_padding).next().unwrap_or_default().get(1..).unwrap_or_default();
    let alphanumeric = |byte: u8| byte.is_ascii_alphanumeric();
    if after_addresses {
        return !word.is_empty() && word.bytes().take(3).all(alphanumeric);
    }
    word.len() >= 7 && word.bytes().take(7).all(alphanumeric)
}

fn looks_like_addresses(line: &str) -> bool {
    // Cyrillic ones are no addresses either, but they stand where addresses stand.
    let short = |word: &str| {
        word.chars().count() <= 9
            && word.chars().all(|char| char.is_uppercase() || char.is_ascii_digit())
    };
    let mut words = line.split_ascii_whitespace();
    words.clone().all(short) || words.any(|word| Address::read(word).is_some())
}

fn read_addresses<'t>(
    line: &'t str,
    first: bool,
    envelope: &mut Envelope<'t>,
    said: &mut Diagnostics<'t>,
) {
    for (index, word) in line.split(is_padding).filter(|word| !word.is_empty()).enumerate() {
        let leads = index == 0 && envelope.destinations.is_empty() && envelope.priority.is_none();
        if leads && is_priority(word) {
            envelope.priority = Some(word);
            if !matches!(word, "QU" | "QD" | "QK" | "QN" | "QX" | "SS") {
                said.at(rules::UNUSUAL_PRIORITY, word);
            }
            continue;
        }
        if leads && first {
            said.at(rules::NO_PRIORITY, word);
        }
        match Address::read(word) {
            Some(address) => envelope.destinations.push(address),
            None => said.at(rules::BAD_ADDRESS, word),
        }
    }
}

/// The origin line without its dot.
pub(super) fn read_origin<'t>(
    line: &'t str,
    envelope: &mut Envelope<'t>,
    said: &mut Diagnostics<'t>,
) {
    let mut words = line.split(is_padding).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let (address, glued) = first.split_at_checked(7).unwrap_or((first, ""));
    let glued = glued.strip_prefix('/').unwrap_or(glued);
    match Address::read(address).filter(|_| glued.is_empty() || TimeGroup::read(glued).is_some()) {
        Some(address) => {
            envelope.origin = Some(address);
            envelope.time = TimeGroup::read(glued);
        }
        None => said.at(rules::BAD_ORIGIN, first),
    }
    for word in words.take(MOST_LINES) {
        let rest = match word.split_once('/') {
            Some((signature, rest)) if signature.len() == 2 && envelope.signature.is_none() => {
                envelope.signature = Some(signature);
                rest
            }
            _ => word,
        };
        match TimeGroup::read(rest) {
            Some(time) if envelope.time.is_none() => envelope.time = Some(time),
            _ if rest.is_empty() => {}
            _ => envelope.references.push(rest),
        }
    }
    if envelope.time.is_none() {
        said.at(rules::NO_TIME, line);
    }
}
