//! Reading a kept file: once through to see that it adds up, and then in pieces.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::fault::{Fault, Located};
use super::format::{Header, LONGEST, Line, Row, Trailer, read};

/// What a file that adds up says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The first line.
    pub header: Header,
    /// The last.
    pub trailer: Trailer,
}

/// Lines of a file, each with its number and the byte behind it.
struct Lines<R> {
    reader: R,
    line: i64,
    at: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn new(reader: R, at: u64) -> Self {
        Self { reader, line: 0, at, buffer: Vec::new() }
    }

    /// The next line that is not blank; the outer error is the disk's.
    fn next(&mut self) -> std::io::Result<Option<Result<Line, Located>>> {
        loop {
            self.buffer.clear();
            // One more than a line may have, with its end: longer ones are seen, not kept.
            let most = LONGEST as u64 + 3;
            let got = self.reader.by_ref().take(most).read_until(b'\n', &mut self.buffer)?;
            if got == 0 {
                return Ok(None);
            }
            self.line += 1;
            let first = self.at == 0;
            self.at += got as u64;
            let mut text = self.buffer.as_slice();
            text = text.strip_suffix(b"\n").unwrap_or(text);
            text = text.strip_suffix(b"\r").unwrap_or(text);
            if first {
                text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
            }
            match read(text) {
                Ok(None) => {}
                Ok(Some(line)) => return Ok(Some(Ok(line))),
                Err(fault) => return Ok(Some(Err(Located::new(fault, self.line)))),
            }
        }
    }
}

/// Reads a whole file: header, rows that count up from 1, and a trailer that agrees with them.
///
/// # Errors
/// The first fault with its line. The outer error is the disk's.
pub fn check(reader: impl BufRead) -> std::io::Result<Result<Checked, Located>> {
    let mut lines = Lines::new(reader, 0);
    let header = match lines.next()? {
        None => return Ok(Err(Located::new(Fault::Empty, 0))),
        Some(Ok(Line::Header(header))) => header,
        Some(Ok(_)) => return Ok(Err(Located::new(Fault::HeaderPlace, lines.line))),
        Some(Err(fault)) => return Ok(Err(fault)),
    };
    let mut found = Trailer::default();
    let trailer = loop {
        let fault = match lines.next()? {
            None => Located::new(Fault::NoTrailer, lines.line),
            Some(Err(fault)) => fault,
            Some(Ok(Line::Header(_))) => Located::new(Fault::HeaderPlace, lines.line),
            Some(Ok(Line::Trailer(trailer))) => break trailer,
            Some(Ok(Line::Row(row))) => {
                found.rows += 1;
                found.base = found.base.saturating_add(row.base);
                found.bonus = found.bonus.saturating_add(row.bonus);
                if row.number == found.rows {
                    continue;
                }
                Located::new(Fault::RowOrder, lines.line).differs(&row.number, &found.rows)
            }
        };
        return Ok(Err(fault));
    };
    let end = lines.line;
    if let Some(after) = lines.next()? {
        let fault = Located::new(Fault::AfterTrailer, lines.line);
        return Ok(Err(after.err().unwrap_or(fault)));
    }
    for (fault, said, found) in [
        (Fault::Rows, trailer.rows, found.rows),
        (Fault::Base, trailer.base, found.base),
        (Fault::Bonus, trailer.bonus, found.bonus),
    ] {
        if said != found {
            return Ok(Err(Located::new(fault, end).differs(&said, &found)));
        }
    }
    Ok(Ok(Checked { header, trailer }))
}

/// The next rows of a file that was checked, and the byte behind them. Fewer than asked for: that
/// was the end.
pub(super) fn piece(path: &Path, from: u64, most: usize) -> std::io::Result<(Vec<Row>, u64)> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut lines = Lines::new(BufReader::new(file), from);
    let mut rows = Vec::new();
    while rows.len() < most {
        match lines.next()? {
            None => break,
            Some(Ok(Line::Row(row))) => rows.push(*row),
            Some(_) => {}
        }
    }
    Ok((rows, lines.at))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn row(n: i64) -> String {
        format!("R,{n},accrue,hotel,S-{n},600000009,ZHOU,Q,2026-10-03,100,CNY,100,10,,,,,,,,")
    }

    fn file() -> Vec<String> {
        vec!["H,1,HOTEL,B1,2026-10-31,ZH".to_owned(), row(1), row(2), "T,2,200,20".to_owned()]
    }

    fn code(lines: &[String]) -> (String, i64) {
        let text = lines.join("\r\n");
        let fault = check(text.as_bytes()).unwrap().unwrap_err();
        (fault.code, fault.line)
    }

    #[test]
    fn a_file_adds_up_or_says_where_it_does_not() {
        let good = format!("\u{feff}{}\n\n", file().join("\r\n"));
        let checked = check(good.as_bytes()).unwrap().unwrap();
        assert_eq!(checked.trailer, Trailer { rows: 2, base: 200, bonus: 20 });
        let with = |at: usize, line: &str| {
            let mut lines = file();
            line.clone_into(&mut lines[at]);
            lines
        };
        for (lines, expected) in [
            (Vec::new(), ("empty", 0)),
            (file()[1..].to_vec(), ("header-place", 1)),
            (file()[..3].to_vec(), ("no-trailer", 3)),
            (with(3, "T,3,200,20"), ("rows", 4)),
            (with(3, "T,2,201,20"), ("base", 4)),
            (with(3, "T,2,200,19"), ("bonus", 4)),
            (with(2, &row(3)), ("row-order", 3)),
            (with(1, &file()[0].clone()), ("header-place", 2)),
            ([file(), vec![row(3)]].concat(), ("after-trailer", 5)),
            (with(1, &"x".repeat(9_999)), ("line-too-long", 2)),
        ] {
            assert_eq!(code(&lines), (expected.0.to_owned(), expected.1), "{lines:?}");
        }
        let gbk = [file()[0].as_bytes(), b"\nR,1,accrue,\xd6\xdc"].concat();
        let fault = check(gbk.as_slice()).unwrap().unwrap_err();
        assert_eq!((fault.code.as_str(), fault.line, fault.said.as_str()), ("not-utf8", 2, "12"));
    }

    #[test]
    fn pieces_make_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        let rows: Vec<String> = (1..=7).map(row).collect();
        let text = [&file()[..1], &rows, &["T,7,700,70".to_owned()]].concat().join("\n");
        std::fs::write(&path, text).unwrap();
        let (mut at, mut seen) = (0, Vec::new());
        loop {
            let (rows, next) = piece(&path, at, 3).unwrap();
            seen.extend(rows.iter().map(|row| row.number));
            at = next;
            if rows.len() < 3 {
                break;
            }
        }
        assert_eq!(seen, [1, 2, 3, 4, 5, 6, 7]);
    }

    proptest! {
        /// Whatever arrives is read to the end or refused with a line; never more, never a panic.
        #[test]
        fn any_file_is_borne(bytes in proptest::collection::vec(any::<u8>(), 0..4_000)) {
            let _ = check(bytes.as_slice()).unwrap();
        }

        /// A good file with one byte changed is refused, or every total still agrees.
        #[test]
        fn one_byte_never_moves_a_mile(at in 0..350_usize, byte in any::<u8>()) {
            let mut bytes = file().join("\n").into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(checked) = check(bytes.as_slice()).unwrap() {
                prop_assert_eq!(checked.trailer, Trailer { rows: 2, base: 200, bonus: 20 });
            }
        }
    }
}
