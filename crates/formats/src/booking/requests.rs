//! Reads SSR and OSI lines.

use std::borrow::Cow;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Information, Request, names, rules, segment};
use crate::cards;
use crate::diagnostic::Diagnostics;

/// Stars for card numbers.
pub(super) fn without_cards<'t>(
    text: Cow<'t, str>,
    at: &'t str,
    notes: &mut Diagnostics<'t>,
) -> Cow<'t, str> {
    let (masked, count) = cards::masked(&text);
    if count == 0 {
        return text;
    }
    notes.at(rules::CARD_IN_TEXT, at);
    Cow::Owned(masked.into_owned())
}

/// Two or three characters of an airline at the start; the rest comes back.
fn airline(text: &str) -> Option<(&str, &str)> {
    let end = text.find([' ', '/']).unwrap_or(text.len());
    let (airline, rest) = text.split_at(end);
    let fits = (2..=3).contains(&airline.len())
        && airline.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    fits.then_some((airline, rest))
}

/// `SSR TKNE NH HK1 NRTLAX0123Y21DEC-1AAAAA/JMR.2051234567890C1`. A continuation is joined to
/// the last of `requests`. False if the line is not one.
pub(super) fn read_request<'t>(
    line: &'t str,
    notes: &mut Diagnostics<'t>,
    requests: &mut Vec<Request<'t>>,
) -> bool {
    let rest = line.get(3..).unwrap_or_default().trim_start();
    let Some((code, rest)) = rest.split_at_checked(4) else { return false };
    let code_fits = code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let Some((airline, rest)) = airline(rest.trim_start()).filter(|_| code_fits) else {
        return false;
    };
    if let Some(more) = rest.strip_prefix("///") {
        let same = |last: &&mut Request<'t>| last.code == code && last.airline == airline;
        if let Some(last) = requests.last_mut().filter(same) {
            go_on(last, more, line, notes);
            return true;
        }
        notes.at(rules::LOST_CONTINUATION, line);
    }
    let (status, rest) = segment::status(rest.trim_start());
    let rest = rest.trim_start_matches(' ');
    let (flight, rest) =
        segment::reference(rest).map_or((None, rest), |(flight, rest)| (Some(flight), rest));
    let (before, names, after) = names::reference(rest, notes);
    let text = match (before.trim(), after.trim()) {
        (before, "") => Cow::Borrowed(before.strip_prefix('.').unwrap_or(before)),
        ("", after) => Cow::Borrowed(after),
        (before, after) => Cow::Owned(format!("{before} {after}")),
    };
    // Documents hold long numbers that are no cards. FOID may be one.
    let free = !matches!(code, "DOCS" | "DOCO" | "DOCA" | "TKNE" | "TKNA" | "FQTV" | "PSPT")
        && (code != "FOID" || text.trim_start_matches(['/', '.', ' ']).starts_with("CC"));
    let text = if free { without_cards(text, line, notes) } else { text };
    requests.push(Request { code, airline, status, flight, names, text });
    true
}

/// Text of these codes is broken anywhere; that of others between words.
const BROKEN_ANYWHERE: [&str; 8] = ["DOCS", "DOCO", "DOCA", "TKNE", "CTCE", "CTCM", "FQTV", "FOID"];

/// The longest text of one request, however often it goes on.
const LONGEST: usize = 16_384;

fn go_on<'t>(last: &mut Request<'t>, more: &'t str, line: &'t str, notes: &mut Diagnostics<'t>) {
    let named = !last.names.is_empty() && last.text.is_empty() && names::is_line(more);
    if named {
        names::read_line(more, notes, &mut last.names);
        return;
    }
    if last.text.len() + more.len() > LONGEST {
        return;
    }
    let (before, mut names, after) = names::reference(more.trim(), notes);
    last.names.append(&mut names);
    let words = !BROKEN_ANYWHERE.contains(&last.code);
    let text = last.text.to_mut();
    for part in [before, after] {
        if words && !text.is_empty() && !part.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
    }
    if words {
        let text = std::mem::take(&mut last.text);
        last.text = without_cards(text, line, notes);
    }
}

/// `OSI YY CTCM …`.
pub(super) fn read_information<'t>(
    line: &'t str,
    notes: &mut Diagnostics<'t>,
) -> Option<Information<'t>> {
    let rest = line.get(3..)?.trim_start();
    let (airline, rest) = airline(rest)?;
    let text = rest.trim_start_matches(['/', ' ']).trim_end();
    // Names stand anywhere, each with a count: `1 CHD 1PRATAMA/ARIELUCY`.
    let mut words = text.split(' ').filter(|word| !word.contains('@'));
    let first = words.find(|word| names::is_line(word) && word.contains('/'));
    let from = first.map(|word| word.as_ptr() as usize - text.as_ptr() as usize);
    let mut named = Vec::new();
    if let Some(from) = from {
        let text = text.get(from..).unwrap_or_default();
        let end = text.find(" E/").or_else(|| text.find(" CTC")).unwrap_or(text.len());
        names::read_line(text.get(..end).unwrap_or_default(), notes, &mut named);
    }
    let text = without_cards(Cow::Borrowed(text), line, notes);
    Some(Information { airline, text, names: named })
}

impl Serialize for Request<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut tree = to.serialize_struct("Request", 7)?;
        tree.serialize_field("code", self.code)?;
        tree.serialize_field("airline", self.airline)?;
        if let Some(status) = &self.status {
            tree.serialize_field("status", status)?;
        }
        if let Some(flight) = &self.flight {
            tree.serialize_field("flight", flight)?;
        }
        if !self.names.is_empty() {
            tree.serialize_field("names", &self.names)?;
        }
        if !self.text.is_empty() {
            tree.serialize_field("text", &self.text)?;
        }
        if let Some(details) = self.details() {
            tree.serialize_field("details", &details)?;
        }
        tree.end()
    }
}

impl Serialize for Information<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut tree = to.serialize_struct("Information", 6)?;
        tree.serialize_field("airline", self.airline)?;
        tree.serialize_field("text", &self.text)?;
        if !self.names.is_empty() {
            tree.serialize_field("names", &self.names)?;
        }
        if let Some(contact) = self.contact() {
            tree.serialize_field("contact", &contact)?;
        }
        if let Some(locator) = self.locator() {
            tree.serialize_field("locator", &locator)?;
        }
        if let Some(company) = self.company() {
            tree.serialize_field("company", company)?;
        }
        tree.end()
    }
}
