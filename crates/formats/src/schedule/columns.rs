//! One record as 200 columns.

use super::code::Code;
use crate::flight::Airport;
use crate::when::{Day, TimeOfDay};

/// Columns of a record, numbered from 1 as the manual does.
pub(super) const WIDTH: usize = 200;

/// A record padded with blanks. Characters beyond ASCII are one column each, as `?`.
pub(super) struct Columns<'t> {
    pub text: &'t str,
    bytes: [u8; WIDTH],
}

/// What a fixed field holds.
pub(super) enum Field<T> {
    Blank,
    Read(T),
    Bad,
}

impl<T> Field<T> {
    #[inline]
    fn of(read: Option<T>) -> Self {
        read.map_or(Self::Bad, Self::Read)
    }
}

impl<'t> Columns<'t> {
    #[inline]
    pub fn of(text: &'t str) -> Self {
        let mut bytes = [b' '; WIDTH];
        let raw = text.as_bytes();
        if let Ok(exact) =
            <&[u8; WIDTH]>::try_from(raw).map(|exact| exact.is_ascii().then_some(exact))
        {
            if let Some(exact) = exact {
                return Self { text, bytes: *exact };
            }
        } else if raw.is_ascii() {
            let length = raw.len().min(WIDTH);
            bytes[..length].copy_from_slice(&raw[..length]);
            return Self { text, bytes };
        }
        for (column, ch) in bytes.iter_mut().zip(text.chars()) {
            *column = if ch.is_ascii() { ch as u8 } else { b'?' };
        }
        Self { text, bytes }
    }

    /// `N` columns from column `AT`. The bounds are proved when it is compiled.
    #[inline]
    pub fn raw<const AT: usize, const N: usize>(&self) -> [u8; N] {
        const { assert!(AT >= 1 && AT - 1 + N <= WIDTH) };
        let columns = self.bytes.get(AT - 1..AT - 1 + N);
        columns.and_then(|columns| columns.first_chunk()).copied().unwrap_or([b' '; N])
    }

    #[inline]
    pub fn code<const AT: usize, const N: usize>(&self) -> Code<N> {
        Code::of(self.raw::<AT, N>())
    }

    /// One column, if not blank.
    #[inline]
    pub fn letter<const AT: usize>(&self) -> Option<char> {
        let [byte] = self.raw::<AT, 1>();
        (byte != b' ').then_some(byte as char)
    }

    /// Digits with blanks or zeros before them, or blanks after.
    #[inline]
    pub fn number<const AT: usize, const N: usize>(&self) -> Field<u32> {
        let mut value = 0_u32;
        let (mut seen, mut ended) = (false, false);
        for byte in self.raw::<AT, N>() {
            match byte {
                b'0'..=b'9' if !ended => {
                    value = value * 10 + u32::from(byte - b'0');
                    seen = true;
                }
                // Some justify to the left.
                b' ' => ended = seen,
                _ => return Field::Bad,
            }
        }
        if seen { Field::Read(value) } else { Field::Blank }
    }

    #[inline]
    pub fn airport<const AT: usize>(&self) -> Field<Airport> {
        let raw = self.raw::<AT, 3>();
        if raw == *b"   " {
            return Field::Blank;
        }
        Field::of(Airport::from_letters(raw))
    }

    #[inline]
    pub fn time<const AT: usize>(&self) -> Field<TimeOfDay> {
        let raw = self.raw::<AT, 4>();
        if raw == *b"    " {
            return Field::Blank;
        }
        Field::of(minutes(raw).filter(|minute| *minute <= 1440).map(|minute| TimeOfDay { minute }))
    }

    /// `+0800`, minutes east of Greenwich.
    #[inline]
    pub fn offset<const AT: usize>(&self) -> Field<i16> {
        let [sign, digits @ ..] = self.raw::<AT, 5>();
        if sign == b' ' && digits == *b"    " {
            return Field::Blank;
        }
        let minutes = minutes(digits).filter(|minutes| *minutes <= 24 * 60);
        let minutes = minutes.and_then(|minutes| i16::try_from(minutes).ok());
        match sign {
            b'+' => Field::of(minutes),
            b'-' => Field::of(minutes.map(|minutes| -minutes)),
            _ => Field::Bad,
        }
    }

    /// `09JUN05`.
    #[inline]
    pub fn day<const AT: usize>(&self) -> Field<Day> {
        let raw = self.raw::<AT, 7>();
        if raw == *b"       " {
            return Field::Blank;
        }
        Field::of(day(raw))
    }

    /// `00XXX00`: until further notice.
    #[inline]
    pub fn is_open<const AT: usize>(&self) -> bool {
        let raw = self.raw::<AT, 7>();
        raw[2..5] == *b"XXX"
    }

    /// Column `AT` as a date variation: `0` to `7` days later, `J` the day before (`A` in old
    /// files).
    #[inline]
    pub fn variation<const AT: usize>(&self) -> Field<i8> {
        match self.raw::<AT, 1>() {
            [b' '] => Field::Blank,
            [digit @ b'0'..=b'7'] => Field::Read((digit - b'0') as i8),
            [b'J' | b'A'] => Field::Read(-1),
            _ => Field::Bad,
        }
    }

    /// Columns from `at` to `to` as text, blanks around them gone. By characters.
    pub fn text(&self, at: usize, to: usize) -> &'t str {
        if self.text.is_ascii() {
            let end = to.min(self.text.len());
            return self.text.get(at - 1..end).unwrap_or_default().trim();
        }
        let byte =
            |column| self.text.char_indices().nth(column).map_or(self.text.len(), |(at, _)| at);
        self.text.get(byte(at - 1)..byte(to)).unwrap_or_default().trim()
    }

    /// The piece of text the columns are in, for a finding.
    pub fn place(&self, at: usize, width: usize) -> (usize, usize) {
        let byte = |column: usize| {
            if self.text.is_ascii() {
                return column.min(self.text.len());
            }
            self.text.char_indices().nth(column).map_or(self.text.len(), |(at, _)| at)
        };
        (byte(at - 1), byte(at - 1 + width))
    }
}

#[inline]
fn minutes(digits: [u8; 4]) -> Option<u16> {
    let hours = pair(digits[0], digits[1])?;
    let of_hour = pair(digits[2], digits[3]).filter(|minutes| *minutes < 60)?;
    Some(u16::from(hours) * 60 + u16::from(of_hour))
}

#[inline]
fn pair(tens: u8, ones: u8) -> Option<u8> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens < 10 && ones < 10 { Some(tens * 10 + ones) } else { None }
}

#[inline]
fn day(raw: [u8; 7]) -> Option<Day> {
    const fn key(name: &[u8; 3]) -> u32 {
        u32::from_be_bytes([0, name[0], name[1], name[2]])
    }
    const MONTHS: [u32; 12] = [
        key(b"JAN"),
        key(b"FEB"),
        key(b"MAR"),
        key(b"APR"),
        key(b"MAY"),
        key(b"JUN"),
        key(b"JUL"),
        key(b"AUG"),
        key(b"SEP"),
        key(b"OCT"),
        key(b"NOV"),
        key(b"DEC"),
    ];
    let [d1, d2, m1, m2, m3, y1, y2] = raw;
    let (of_month, year) = (pair(d1, d2)?, i32::from(pair(y1, y2)?));
    let name = key(&[m1, m2, m3]);
    // All twelve are compared at once: no branch to mispredict.
    let mut month = 0_u8;
    for (before, known) in MONTHS.iter().enumerate() {
        month |= if *known == name { before as u8 + 1 } else { 0 };
    }
    Day::new(if year < 80 { 2000 + year } else { 1900 + year }, month, of_month)
}
