//! Rows out of bytes: delimiter-separated text with quotation marks, bounded in memory.
//!
//! A row that is broken is told with its place and reading goes on behind it: a row longer than the
//! limit is skipped to its line's end; when a quotation mark that is never closed swallowed the
//! following lines, those are read again as rows of their own.

use std::io::{self, Read};

use super::FileError;

/// How fields and rows are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Between fields: `,` `;` tab or `|`.
    pub delimiter: u8,
    /// Ends a row: `\n` (with or without `\r` before it) or a lone `\r`.
    pub terminator: u8,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { delimiter: b',', terminator: b'\n' }
    }
}

/// What is wrong with a row as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Longer than the limit.
    TooLong {
        /// Bytes a row may have.
        limit: usize,
    },
    /// A quotation mark opens a field and is never closed.
    OpenQuote,
    /// More or fewer fields than the first row has.
    Ragged {
        /// Fields of this row.
        found: usize,
        /// Fields of the first row.
        expected: usize,
    },
}

/// One row. Reused from row to row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The row's number as a spreadsheet shows it: the first row, with the names, is row 1.
    pub number: u64,
    /// Some field is not readable text.
    damaged: bool,
}

/// A field that is not readable text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Bytes of another encoding.
    Encoding,
    /// A NUL byte.
    Nul,
}

impl Row {
    /// How many fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of field `index`, trimmed; empty when the row has no such field.
    pub fn get(&self, index: usize) -> Result<&str, Damage> {
        let text = std::str::from_utf8(self.raw(index)).map_err(|_| Damage::Encoding)?;
        if self.damaged {
            if text.contains('\u{fffd}') {
                return Err(Damage::Encoding);
            }
            if text.contains('\0') {
                return Err(Damage::Nul);
            }
        }
        Ok(text.trim())
    }

    /// The field as far as it can be read, for reports.
    #[must_use]
    pub fn lossy(&self, index: usize) -> String {
        String::from_utf8_lossy(self.raw(index)).replace('\0', "\u{2400}")
    }

    fn raw(&self, index: usize) -> &[u8] {
        let Some(end) = self.ends.get(index).copied() else { return &[] };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..end]
    }

    /// All bytes of the row and where its fields end: what two equal rows have in common.
    #[must_use]
    pub fn content(&self) -> (&[u8], &[usize]) {
        (&self.bytes, &self.ends)
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.damaged = false;
    }

    pub(super) fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len());
    }

    pub(super) fn pop_blank_tail(&mut self, expected: usize) {
        while self.ends.len() > expected && self.raw(self.ends.len() - 1).is_empty() {
            self.ends.pop();
        }
    }

    fn is_blank(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }

    fn check(&mut self) {
        self.damaged = match std::str::from_utf8(&self.bytes) {
            Ok(text) => memchr::memmem::find(text.as_bytes(), "\u{fffd}".as_bytes()).is_some(),
            Err(_) => true,
        } || memchr::memchr(0, &self.bytes).is_some();
    }
}

/// What came next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A row, in the [`Row`] handed in.
    Row,
    /// A row that cannot be used, at the number in the [`Row`] handed in.
    Fault(Fault),
    /// The end of the file.
    End,
}

/// Reads rows from UTF-8 bytes.
pub struct Records<R> {
    source: R,
    dialect: Dialect,
    limit: usize,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
    number: u64,
    expected: Option<usize>,
    /// Unpacked bytes taken in so far.
    taken: u64,
}

enum Parsed {
    /// The row's length in bytes with its terminator.
    Whole(usize),
    /// The buffer ends before the row does.
    More { quoted: bool },
}

impl<R: Read> Records<R> {
    /// Rows of at most `limit` bytes.
    pub fn new(source: R, dialect: Dialect, limit: usize) -> Self {
        Self {
            source,
            dialect,
            limit,
            buffer: vec![0; 64 * 1024],
            from: 0,
            to: 0,
            ended: false,
            number: 0,
            expected: None,
            taken: 0,
        }
    }

    /// Rows must have `expected` fields from now on.
    pub fn expect(&mut self, expected: usize) {
        self.expected = Some(expected);
    }

    /// Unpacked bytes taken in so far.
    pub fn taken(&self) -> u64 {
        self.taken - (self.to - self.from) as u64
    }

    /// The next row that is not blank.
    pub fn next(&mut self, row: &mut Row) -> Result<Next, FileError> {
        loop {
            row.clear();
            if self.from == self.to && !self.fill()? {
                return Ok(Next::End);
            }
            self.number += 1;
            row.number = self.number;
            match self.one(row)? {
                Some(fault) => return Ok(Next::Fault(fault)),
                None if row.is_blank() => {}
                None => return Ok(self.finish(row)),
            }
        }
    }

    fn finish(&self, row: &mut Row) -> Next {
        row.check();
        if let Some(expected) = self.expected {
            row.pop_blank_tail(expected);
            if row.len() != expected {
                return Next::Fault(Fault::Ragged { found: row.len(), expected });
            }
        }
        Next::Row
    }

    /// Parses one row from the buffer, reading more as needed.
    fn one(&mut self, row: &mut Row) -> Result<Option<Fault>, FileError> {
        loop {
            row.clear();
            let bytes = &self.buffer[self.from..self.to];
            match parse(bytes, self.dialect, self.ended, row) {
                Parsed::Whole(length) if length <= self.limit + 2 => {
                    self.from += length;
                    return Ok(None);
                }
                Parsed::Whole(_) => return self.skip_line(false).map(Some),
                Parsed::More { quoted } if bytes.len() > self.limit || self.ended => {
                    return self.skip_line(quoted).map(Some);
                }
                Parsed::More { .. } => {
                    self.fill()?;
                }
            }
        }
    }

    /// Goes to the end of the line the broken row begins on.
    fn skip_line(&mut self, quoted: bool) -> Result<Fault, FileError> {
        let mut skipped = 0_usize;
        loop {
            let bytes = &self.buffer[self.from..self.to];
            if let Some(end) = memchr::memchr(self.dialect.terminator, bytes) {
                self.from += end + 1;
                skipped += end + 1;
                break;
            }
            skipped += bytes.len();
            self.from = self.to;
            if !self.fill()? {
                break;
            }
        }
        Ok(if quoted && skipped <= self.limit {
            Fault::OpenQuote
        } else {
            Fault::TooLong { limit: self.limit }
        })
    }

    /// Reads more behind what is left. Returns whether anything came.
    fn fill(&mut self) -> Result<bool, FileError> {
        if self.from == self.to {
            (self.from, self.to) = (0, 0);
        }
        if self.to == self.buffer.len() {
            if self.from > self.buffer.len() / 2 {
                self.buffer.copy_within(self.from..self.to, 0);
                (self.from, self.to) = (0, self.to - self.from);
            } else {
                self.buffer.resize(self.buffer.len() * 2, 0);
            }
        }
        loop {
            match self.source.read(&mut self.buffer[self.to..]) {
                Ok(0) => {
                    self.ended = true;
                    return Ok(false);
                }
                Ok(read) => {
                    self.to += read;
                    self.taken += read as u64;
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.located(error)),
            }
        }
    }

    fn located(&self, error: io::Error) -> FileError {
        match FileError::from(error) {
            FileError::Damaged { packing, .. } => FileError::Damaged { packing, row: self.number },
            other => other,
        }
    }
}

/// Parses the row at the start of `bytes` into `row`. `last`: nothing follows `bytes`.
fn parse(bytes: &[u8], dialect: Dialect, last: bool, row: &mut Row) -> Parsed {
    let line = memchr::memchr(dialect.terminator, bytes);
    let plain = match line {
        Some(end) => &bytes[..end],
        None if last => bytes,
        None => return Parsed::More { quoted: memchr::memchr(b'"', bytes).is_some() },
    };
    if memchr::memchr(b'"', plain).is_some() {
        return parse_quoted(bytes, dialect, last, row);
    }
    let text = plain.strip_suffix(b"\r").unwrap_or(plain);
    let mut start = 0;
    for end in memchr::memchr_iter(dialect.delimiter, text) {
        row.bytes.extend_from_slice(&text[start..end]);
        row.ends.push(row.bytes.len());
        start = end + 1;
    }
    row.bytes.extend_from_slice(&text[start..]);
    row.ends.push(row.bytes.len());
    Parsed::Whole(plain.len() + usize::from(line.is_some()))
}

/// The careful way, for rows with quotation marks. A mark opens a field only at its start; two
/// marks inside a quoted field are one mark.
fn parse_quoted(bytes: &[u8], dialect: Dialect, last: bool, row: &mut Row) -> Parsed {
    let (mut at, mut quoted, mut fresh) = (0, false, true);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if quoted {
            if byte != b'"' {
                let run = memchr::memchr(b'"', &bytes[at..]).unwrap_or(bytes.len() - at);
                row.bytes.extend_from_slice(&bytes[at - 1..at + run]);
                at += run;
            } else if bytes.get(at) == Some(&b'"') {
                row.bytes.push(b'"');
                at += 1;
            } else {
                quoted = false;
            }
            continue;
        }
        match byte {
            b'"' if fresh => (quoted, fresh) = (true, false),
            _ if byte == dialect.delimiter => {
                row.ends.push(row.bytes.len());
                fresh = true;
            }
            _ if byte == dialect.terminator => {
                return Parsed::Whole(close(row, at));
            }
            b'\r' if bytes.get(at) == Some(&dialect.terminator) => {}
            _ => {
                row.bytes.push(byte);
                fresh = fresh && byte == b' ';
            }
        }
    }
    if last && !quoted { Parsed::Whole(close(row, at)) } else { Parsed::More { quoted } }
}

fn close(row: &mut Row, at: usize) -> usize {
    row.ends.push(row.bytes.len());
    at
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn read(text: &[u8], limit: usize) -> Vec<(u64, Result<Vec<String>, Fault>)> {
        // One byte at a time, so that every buffer edge is met.
        struct Drip<'a>(&'a [u8]);
        impl Read for Drip<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
                buffer[0] = *first;
                self.0 = rest;
                Ok(1)
            }
        }
        let mut records = Records::new(Drip(text), Dialect::default(), limit);
        let (mut row, mut all) = (Row::default(), Vec::new());
        loop {
            let next = records.next(&mut row).unwrap();
            let fields = (0..row.len()).map(|index| row.lossy(index)).collect();
            match next {
                Next::End => return all,
                Next::Row => {
                    all.push((row.number, Ok(fields)));
                    if records.expected.is_none() {
                        records.expect(row.len());
                    }
                }
                Next::Fault(fault) => all.push((row.number, Err(fault))),
            }
        }
    }

    fn row(number: u64, fields: &[&str]) -> (u64, Result<Vec<String>, Fault>) {
        (number, Ok(fields.iter().map(|field| (*field).to_owned()).collect()))
    }

    #[test]
    fn quotation_marks_line_ends_and_blank_lines() {
        let text = b"a,b\r\n\"x,1\",\"say \"\"hi\"\"\"\n\n\"two\nlines\",z\nlast,row";
        let expected = [
            row(1, &["a", "b"]),
            row(2, &["x,1", "say \"hi\""]),
            row(4, &["two\nlines", "z"]),
            row(5, &["last", "row"]),
        ];
        assert_eq!(read(text, 1_000), expected);
    }

    #[test]
    fn a_row_too_long_is_told_and_reading_goes_on() {
        let long = "x".repeat(500);
        let text = format!("a,b\n{long},1\n2,3\n");
        let expected =
            [row(1, &["a", "b"]), (2, Err(Fault::TooLong { limit: 100 })), row(3, &["2", "3"])];
        assert_eq!(read(text.as_bytes(), 100), expected);
    }

    #[test]
    fn a_mark_never_closed_costs_its_own_line_only() {
        let text = b"a,b\n\"open,1\n2,3\n4,5\n";
        let expected = [
            row(1, &["a", "b"]),
            (2, Err(Fault::OpenQuote)),
            row(3, &["2", "3"]),
            row(4, &["4", "5"]),
        ];
        assert_eq!(read(text, 1_000), expected);
    }

    #[test]
    fn ragged_rows_are_told_and_blank_extras_forgiven() {
        let expected = [
            row(1, &["a", "b"]),
            (2, Err(Fault::Ragged { found: 1, expected: 2 })),
            (3, Err(Fault::Ragged { found: 3, expected: 2 })),
            row(4, &["1", "2"]),
        ];
        assert_eq!(read(b"a,b\n1\n1,2,3\n1,2,,\n", 1_000), expected);
    }

    #[test]
    fn damaged_fields_are_told_one_by_one() {
        let mut records = Records::new(&b"\xffbad,good,n\0l\n"[..], Dialect::default(), 1_000);
        let mut row = Row::default();
        assert_eq!(records.next(&mut row).unwrap(), Next::Row);
        assert_eq!(row.get(0), Err(Damage::Encoding));
        assert_eq!(row.get(1), Ok("good"));
        assert_eq!(row.get(2), Err(Damage::Nul));
    }
}
