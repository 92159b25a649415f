//! Goes through a file record by record.

use std::ops::Range;

use super::columns::WIDTH;
use super::model::Record;
use super::{read, rules};
use crate::diagnostic::{Diagnostic, Rule};

/// Something to say about a record.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What.
    pub rule: Rule,
    /// Where, in bytes of [`Row::text`].
    pub span: Range<usize>,
}

/// What there is to say about one record. Empty, and so not allocated, for a sound one.
pub type Findings = Vec<Finding>;

/// A record, and where it was.
#[derive(Clone, Debug)]
pub struct Row<'t> {
    /// What it says.
    pub record: Record<'t>,
    /// The record as it came, without its line end.
    pub text: &'t str,
    /// Byte offset of the record in the file.
    pub start: usize,
    /// Line of the file, from 1.
    pub line: u32,
    /// Byte offset of the record in its line: 0, unless records follow one another without line
    /// ends.
    pub in_line: usize,
    /// What there is to say.
    pub findings: Findings,
}

impl Row<'_> {
    /// The findings with their places in the file.
    pub fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        self.findings.iter().map(|finding| {
            let Rule { code, severity, message, kept } = finding.rule;
            let before = self.text.get(..finding.span.start).unwrap_or_default().chars().count();
            let column = u32::try_from(self.in_line + before).unwrap_or(u32::MAX).saturating_add(1);
            let span = self.start + finding.span.start..self.start + finding.span.end;
            Diagnostic { severity, code, message, kept, line: self.line, column, span }
        })
    }
}

/// Reads one record, for a reader that takes its lines from elsewhere.
#[must_use]
pub fn record(text: &str) -> Row<'_> {
    let mut findings = Findings::new();
    let record = read::record(text, &mut findings);
    Row { record, text, start: 0, line: 1, in_line: 0, findings }
}

/// All records of a file in order: lines ended by LF, CR LF or CR, trimmed lines, or records of 200
/// columns without line ends. Blank lines are passed over.
#[must_use]
pub fn records(text: &str) -> Records<'_> {
    let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    Records { text, at, line: 0, line_start: at, line_end: at, last: None, told: false }
}

/// See [`records`].
#[derive(Clone, Debug)]
pub struct Records<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    line_start: usize,
    line_end: usize,
    last: Option<u32>,
    told: bool,
}

impl<'t> Iterator for Records<'t> {
    type Item = Row<'t>;

    #[inline]
    fn next(&mut self) -> Option<Row<'t>> {
        loop {
            let (text, start, more) = self.piece()?;
            let trimmed = text.trim_end_matches([' ', '\t', '\u{1a}', '\0']);
            if trimmed.is_empty() {
                continue;
            }
            // The serial number ends a full record, so trimming takes nothing from it.
            let mut findings = Findings::new();
            let record = read::record(trimmed, &mut findings);
            if more {
                findings.push(Finding { rule: rules::LONG_RECORD, span: 0..0 });
            }
            self.check_serial(&record, trimmed, &mut findings);
            let in_line = start - self.line_start;
            return Some(Row { record, text: trimmed, start, line: self.line, in_line, findings });
        }
    }
}

impl<'t> Records<'t> {
    /// The next 200 columns or line, its start, and whether text after it was dropped.
    #[inline]
    fn piece(&mut self) -> Option<(&'t str, usize, bool)> {
        if self.at >= self.line_end && !self.next_line() {
            return None;
        }
        let start = self.at;
        let line = self.text.get(start..self.line_end)?;
        if line.len() <= WIDTH {
            self.at = self.line_end;
            return Some((line, start, false));
        }
        Some(self.long_line(line, start))
    }

    #[cold]
    fn long_line(&mut self, line: &'t str, start: usize) -> (&'t str, usize, bool) {
        // Columns are characters: most records are ASCII, some hold a name in another script.
        let ascii = line.as_bytes().get(..WIDTH).is_some_and(<[u8]>::is_ascii);
        let cut =
            if ascii { Some(WIDTH) } else { line.char_indices().nth(WIDTH).map(|(at, _)| at) };
        let cut = cut.unwrap_or(line.len());
        let (piece, rest) = line.split_at_checked(cut).unwrap_or((line, ""));
        let joined = start > self.line_start || line.len() >= 2 * WIDTH;
        if joined && rest.starts_with(|ch| matches!(ch, '0'..='5')) {
            self.at = start + cut;
            return (piece, start, false);
        }
        self.at = self.line_end;
        (piece, start, !rest.trim_end_matches([' ', '\u{1a}', '\0']).is_empty())
    }

    /// Finds the ends of the next line. An empty line is one too.
    #[inline]
    fn next_line(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        loop {
            // Over the end of the line before.
            let start = match (self.line, bytes.get(self.line_end..)) {
                (0, _) => self.line_end,
                (_, Some([b'\r', b'\n', ..])) => self.line_end + 2,
                (_, Some([b'\r' | b'\n', ..])) => self.line_end + 1,
                _ => return false,
            };
            let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) else {
                return false;
            };
            self.line = self.line.saturating_add(1);
            let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            (self.at, self.line_start, self.line_end) = (start, start, start + length);
            if length > 0 {
                return true;
            }
        }
    }

    #[inline]
    fn check_serial(&mut self, record: &Record<'t>, text: &str, findings: &mut Findings) {
        let (serial, begins) = match record {
            Record::Leg(leg) => (leg.serial, false),
            Record::Data(data) => (data.serial, false),
            Record::Carrier(carrier) => (carrier.serial, true),
            Record::Header(header) => (header.serial, true),
            Record::Trailer(trailer) => {
                let wrong = trailer.check.is_some() && trailer.check != self.last;
                if wrong && self.last.is_some() {
                    findings
                        .push(Finding { rule: rules::SERIAL_CHECK, span: place(text, 187..193) });
                }
                (trailer.serial, false)
            }
            Record::Filler | Record::Unknown(_) => return,
        };
        self.told &= !begins;
        let Some(serial) = serial else { return };
        // After 999999 comes 2. A carrier may begin anew.
        let follows = match self.last {
            None => true,
            Some(last) => serial == last + 1 || (last == 999_999 && serial <= 2) || begins,
        };
        if !follows && !self.told {
            self.told = true;
            findings.push(Finding { rule: rules::SERIAL_ORDER, span: place(text, 194..200) });
        }
        self.last = Some(serial);
    }
}

fn place(text: &str, columns: Range<usize>) -> Range<usize> {
    columns.start.min(text.len())..columns.end.min(text.len())
}
