//! Wire bytes as text.
//!
//! Messages are upper-case ASCII by the book. In life they hold Cyrillic in CP866, KOI8-R or UTF-8,
//! control characters of the network frame, and every mix of line ends. Decoding never fails and
//! never changes the raw bytes, which the caller keeps.

use std::borrow::Cow;

use serde::Serialize;

/// How the bytes above 127 were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Charset {
    /// No byte above 127.
    Ascii,
    /// Well-formed UTF-8.
    Utf8,
    /// DOS Cyrillic, as airline systems of the CIS write it.
    Cp866,
    /// The older Cyrillic of teleprinter gateways.
    Koi8R,
}

/// A decoded message. Borrowed when the bytes were UTF-8 already.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    text: Cow<'a, str>,
    charset: Charset,
}

impl<'a> Text<'a> {
    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How they were read.
    #[must_use]
    pub const fn charset(&self) -> Charset {
        self.charset
    }
}

/// Reads bytes as text. UTF-8 is borrowed; anything else is taken for the Cyrillic code page that
/// yields more letters. Each byte becomes one character, so nothing is lost.
#[must_use]
pub fn decode(bytes: &[u8]) -> Text<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.is_ascii() => Text { text: Cow::Borrowed(text), charset: Charset::Ascii },
        Ok(text) => Text { text: Cow::Borrowed(text), charset: Charset::Utf8 },
        Err(_) => decode_cyrillic(bytes),
    }
}

fn decode_cyrillic(bytes: &[u8]) -> Text<'static> {
    // In CP866 capitals are 0x80..=0x9F; in KOI8-R they are 0xE0..=0xFF. Messages are capitals.
    let cp866 = bytes.iter().filter(|byte| (0x80..=0x9F).contains(*byte)).count();
    let koi8 = bytes.iter().filter(|byte| (0xE0..=0xFF).contains(*byte)).count();
    let (page, charset) =
        if koi8 > cp866 { (&KOI8_R, Charset::Koi8R) } else { (&CP866, Charset::Cp866) };
    let high: Vec<char> = page.chars().collect();
    let char_of = |byte: &u8| match byte.checked_sub(0x80) {
        None => *byte as char,
        Some(at) => high.get(usize::from(at)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    Text { text: Cow::Owned(bytes.iter().map(char_of).collect()), charset }
}

/// 0x80 to 0xFF of IBM code page 866.
const CP866: &str = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп\
    ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u{a0}";

/// 0x80 to 0xFF of KOI8-R (RFC 1489).
const KOI8_R: &str = "─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u{a0}⌡°²·÷═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©\
    юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ";

/// A line without its end, and where it begins in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'t> {
    /// Without CR or LF; blanks at both ends are still there.
    pub text: &'t str,
    /// Byte offset in the text.
    pub start: usize,
}

/// Lines ended by CR LF, LF CR is two, LF or CR alone. The last one needs no end; an end at the very
/// end makes no empty line.
#[must_use]
pub const fn lines(text: &str) -> Lines<'_> {
    Lines { text, at: 0 }
}

/// See [`lines`].
#[derive(Clone, Debug)]
pub struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    #[inline]
    fn next(&mut self) -> Option<Line<'t>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let Some(end) = memchr::memchr2(b'\n', b'\r', rest.as_bytes()) else {
            self.at = self.text.len();
            return Some(Line { text: rest, start });
        };
        let crlf = rest.as_bytes()[end..].starts_with(b"\r\n");
        self.at += end + if crlf { 2 } else { 1 };
        Some(Line { text: &rest[..end], start })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_pages_have_a_character_for_every_byte() {
        assert_eq!(CP866.chars().count(), 128);
        assert_eq!(KOI8_R.chars().count(), 128);
    }

    #[test]
    fn cyrillic_is_read_from_either_page() {
        // ПЭК in both.
        assert_eq!(decode(&[0x8F, 0x9D, 0x8A]).as_str(), "ПЭК");
        assert_eq!(decode(&[0xF0, 0xFC, 0xEB]).as_str(), "ПЭК");
        assert_eq!(decode(b"PNL").charset(), Charset::Ascii);
        assert_eq!(decode("ПЭК".as_bytes()).charset(), Charset::Utf8);
    }

    #[test]
    fn every_line_end_ends_one_line() {
        let read: Vec<_> = lines("A\r\nB\nC\rD\n\nE\r").map(|line| line.text).collect();
        assert_eq!(read, ["A", "B", "C", "D", "", "E"]);
        assert_eq!(lines("").count(), 0);
        assert_eq!(lines("X").map(|line| line.start).collect::<Vec<_>>(), [0]);
    }
}
