//! Tracing files: a missing bag (AHL), a bag on hand (OHD), a bag on its way (FWD).
//!
//! One field on a line, two letters and its text. What separates them differs from sender to
//! sender: `NM ZHANG/WEI`, `NM/ZHANG/WEI`, `.NM/ZHANG/WEI`, `NM: ZHANG`. Fields are kept word for
//! word under their letters; lines without letters go on with the field before them.

use serde::Serialize;

use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::flight::{Airport, FlightDesignator};
use crate::scan::{capital_code, full_lines, word};
use crate::when::DayMonth;

/// Which file it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// Missing.
    Ahl,
    /// On hand.
    Ohd,
    /// Forwarded.
    Fwd,
    /// Damaged or pilfered.
    Dpr,
    /// Request for a bag on hand.
    Roh,
    /// Quick on hand.
    Qoh,
    /// Bag received.
    Bdo,
}

impl Kind {
    /// Reads the three letters.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Some(match text {
            "AHL" => Self::Ahl,
            "OHD" => Self::Ohd,
            "FWD" => Self::Fwd,
            "DPR" => Self::Dpr,
            "ROH" => Self::Roh,
            "QOH" => Self::Qoh,
            "BDO" => Self::Bdo,
            _ => return None,
        })
    }
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct File<'t> {
    /// None if the message does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// `PEKCA10234`: station, airline, number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<&'t str>,
    /// In order.
    pub fields: Vec<Field<'t>>,
    /// Lines before any field, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<&'t str>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field<'t> {
    /// NM name, TN tag, CT colour and type, FD flight and date, RT route, BI brand, CC contents, …
    pub code: &'t str,
    /// Its lines.
    pub lines: Vec<&'t str>,
}

/// Reads the text of a message whose envelope was taken off. The identifier line may be there or
/// not.
#[must_use]
pub fn parse(text: &str) -> (File<'_>, Vec<Diagnostic>) {
    let mut found = Diagnostics::of(text);
    let file = read(text, &mut found);
    (file, found.finish())
}

/// [`parse`] for a piece of a text that `found` was made for.
pub fn read<'t>(body: &'t str, found: &mut Diagnostics<'t>) -> File<'t> {
    let mut file = File::default();
    for line in full_lines(body) {
        let line = heading(&mut file, line);
        if line.is_empty() || (line.starts_with("END") && line.len() <= 6) {
            continue;
        }
        match field(line) {
            Some((code, text)) => {
                let lines = if text.is_empty() { Vec::new() } else { vec![text] };
                file.fields.push(Field { code, lines });
            }
            None => match file.fields.last_mut() {
                Some(field) => field.lines.push(line),
                None => {
                    found.at(rules::UNKNOWN_LINE, line);
                    file.other.push(line);
                }
            },
        }
    }
    if file.reference.is_none() {
        found.at(rules::NO_REFERENCE, body.get(..0).unwrap_or(body));
    }
    file
}

/// Takes the identifier and the reference off the start of a line.
fn heading<'t>(file: &mut File<'t>, line: &'t str) -> &'t str {
    let mut rest = line;
    while file.fields.is_empty() {
        let (first, after) = word(rest);
        match Kind::read(first) {
            Some(kind) => file.kind = file.kind.or(Some(kind)),
            None if file.reference.is_none() && is_reference(first) => file.reference = Some(first),
            None => break,
        }
        rest = after;
    }
    rest
}

/// `PEKCA10234`; airlines of three letters too.
fn is_reference(text: &str) -> bool {
    let airline = text.len().saturating_sub(8);
    (2..=3).contains(&airline)
        && text.get(..3).is_some_and(|station| Airport::read(station).is_some())
        && text.get(3..3 + airline).is_some_and(capital_code)
        && text.get(3 + airline..).is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}

/// `NM ZHANG/WEI`, `.NM/ZHANG/WEI`, `NM01 …`.
fn field(line: &str) -> Option<(&str, &str)> {
    let text = line.strip_prefix(['.', '-']).unwrap_or(line);
    let letters = text.get(..2)?;
    if !letters.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let numbered =
        text.get(2..4).is_some_and(|more| more.bytes().all(|byte| byte.is_ascii_digit()));
    let end = if numbered { 4 } else { 2 };
    let (code, rest) = text.split_at_checked(end)?;
    match rest.chars().next() {
        None => Some((code, "")),
        Some(' ' | '/' | ':' | '-' | '.') => {
            Some((code, rest.get(1..)?.trim_start_matches([' ', ':', '-']).trim_end()))
        }
        Some(_) => None,
    }
}

impl<'t> File<'t> {
    /// Lines of all fields of that name, numbered ones (`TN01`) included.
    pub fn lines(&self, code: &str) -> impl Iterator<Item = &'t str> {
        let of = move |field: &&Field<'t>| {
            field.code.get(..2).is_some_and(|letters| letters == code) || field.code == code
        };
        self.fields.iter().filter(of).flat_map(|field| field.lines.iter().copied())
    }

    /// Station of the reference.
    #[must_use]
    pub fn station(&self) -> Option<Airport> {
        Airport::read(self.reference?.get(..3)?)
    }

    /// Airline of the reference.
    #[must_use]
    pub fn airline(&self) -> Option<&'t str> {
        let reference = self.reference?;
        reference.get(3..reference.len().checked_sub(5)?)
    }

    /// Tags as written: `CA781487`, `0999781487`.
    pub fn tags(&self) -> impl Iterator<Item = &'t str> {
        let parts = self.lines("TN").flat_map(|line| line.split(['/', ' ', ',']));
        parts.filter(|part| part.bytes().any(|byte| byte.is_ascii_digit()))
    }

    /// Names as written.
    pub fn names(&self) -> impl Iterator<Item = &'t str> {
        self.lines("NM")
    }

    /// Flights with their days: `CA1501/05FEB`.
    pub fn flights(&self) -> impl Iterator<Item = (FlightDesignator<'t>, Option<DayMonth>)> {
        let lines = self.lines("FD").chain(self.lines("FW")).chain(self.lines("FO"));
        lines.flat_map(|line| {
            let mut parts = line.split(['/', ' ', ',']).peekable();
            std::iter::from_fn(move || {
                let flight = parts.by_ref().find_map(FlightDesignator::read)?;
                let day = parts.peek().and_then(|day| DayMonth::read(day.get(..5)?));
                Some((flight, day))
            })
        })
    }
}
