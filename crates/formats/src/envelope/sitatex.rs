//! The header of gateways that name every field: `=PRIORITY`, `=DESTINATION TYPE B`, `=ORIGIN`,
//! `=MSGID`, with the value on the same line or below, or all on one line.

use crate::detect::after_line;
use crate::diagnostic::Diagnostics;
use crate::envelope::model::{Address, Envelope, TimeGroup};
use crate::envelope::parse::{is_padding, line_at, trim};
use crate::envelope::rules;

const FIELDS: [&str; 11] = [
    "DESTINATION TYPE B",
    "DESTINATION",
    "PRIORITY",
    "ORIGIN",
    "DBLSIG",
    "MSGID",
    "HEADER",
    "SUBJECT",
    "SENT",
    "SMI",
    "TEXT",
];
const MOST_FIELDS: usize = 64;

/// Reads fields from `at`, where the first `=` stands; gives where the message begins.
pub(super) fn read<'t>(
    text: &'t str,
    mut at: usize,
    envelope: &mut Envelope<'t>,
    said: &mut Diagnostics<'t>,
) -> usize {
    for _ in 0..MOST_FIELDS {
        let Some(line) = line_at(text, at).filter(|line| trim(line.text).starts_with('=')) else {
            break;
        };
        let after = after_line(text, line.start + line.text.len());
        if trim(line.text) == "=TEXT" {
            return after;
        }
        let mut open = None;
        for field in fields(trim(line.text)) {
            let name = FIELDS.into_iter().find(|name| field.starts_with(name));
            let Some(name) = name else {
                said.at(rules::UNKNOWN_FIELD, field);
                continue;
            };
            let value = trim(field.get(name.len()..).unwrap_or_default());
            set(name, value, envelope, said);
            open = value.is_empty().then_some(name);
        }
        at = open.map_or(after, |name| read_below(text, after, name, envelope, said));
    }
    at
}

/// `=A x =B y` as `A x`, `B y`.
fn fields(line: &str) -> impl Iterator<Item = &str> {
    line.get(1..).unwrap_or_default().split(" =").map(trim)
}

/// The values of a field that stand on the lines below its name: several addresses, or one line.
fn read_below<'t>(
    text: &'t str,
    mut at: usize,
    name: &str,
    envelope: &mut Envelope<'t>,
    said: &mut Diagnostics<'t>,
) -> usize {
    for count in 0..MOST_FIELDS {
        let Some(line) = line_at(text, at) else { break };
        let value = trim(line.text);
        let many = name.starts_with("DESTINATION");
        let another =
            count == 0 || (many && (value.starts_with("STX,") || address(value).is_some()));
        if value.starts_with('=') || !another {
            break;
        }
        set(name, value, envelope, said);
        at = after_line(text, line.start + line.text.len());
    }
    at
}

fn address(word: &str) -> Option<Address<'_>> {
    Address::read(word.strip_prefix("STX,").unwrap_or(word))
}

fn set<'t>(name: &str, value: &'t str, envelope: &mut Envelope<'t>, said: &mut Diagnostics<'t>) {
    if value.is_empty() {
        return;
    }
    let mut words = value.split(is_padding).filter(|word| !word.is_empty());
    match name {
        "DESTINATION TYPE B" | "DESTINATION" => {
            for word in words {
                match address(word) {
                    Some(address) => envelope.destinations.push(address),
                    None => said.at(rules::BAD_ADDRESS, word),
                }
            }
        }
        "PRIORITY" => envelope.priority = words.next(),
        "ORIGIN" => match words.next().map(|word| (word, address(word))) {
            Some((_, Some(address))) => envelope.origin = Some(address),
            Some((word, None)) => said.at(rules::BAD_ORIGIN, word),
            None => {}
        },
        "DBLSIG" => envelope.signature = words.next(),
        "SMI" => envelope.identifier = words.next(),
        "MSGID" => {
            for word in words {
                match TimeGroup::read(word) {
                    Some(time) if envelope.time.is_none() => envelope.time = Some(time),
                    _ => envelope.references.push(word),
                }
            }
        }
        _ => envelope.references.push(value),
    }
}
