//! Dates as people write them.
//!
//! A year in front is always read as year, month, day; a month's name is never in doubt. Only
//! `3/4/2012` needs to be told which way round it is, and that is told per column.

use chrono::{Datelike, NaiveDate};

/// Which way round a date without a leading year is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Order {
    /// 2014-03-31, 2014/3/31, 20140331, 2014年3月31日
    #[default]
    #[serde(rename = "YMD")]
    Ymd,
    /// 31/3/2014, 31.03.2014
    #[serde(rename = "DMY")]
    Dmy,
    /// 3/31/2014
    #[serde(rename = "MDY")]
    Mdy,
    /// Days since 1899-12-30, as spreadsheets count.
    #[serde(rename = "excel")]
    Excel,
    /// Seconds since 1970 (milliseconds when the number is that long).
    #[serde(rename = "unix")]
    Unix,
}

impl Order {
    /// All, as the wizard offers them.
    pub const ALL: [Self; 5] = [Self::Ymd, Self::Mdy, Self::Dmy, Self::Excel, Self::Unix];

    /// As written in a mapping.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ymd => "YMD",
            Self::Dmy => "DMY",
            Self::Mdy => "MDY",
            Self::Excel => "excel",
            Self::Unix => "unix",
        }
    }

    /// By its name in a mapping.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.as_str().eq_ignore_ascii_case(text))
    }
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not written like a date.
    Form,
    /// Month 13, or 30 February: `days` is how many days the month has, 0 when there is no such
    /// month.
    NoSuchDay {
        /// The year as written.
        year: i32,
        /// The month as written.
        month: u32,
        /// Days this month has, 0 for a month that does not exist.
        days: u32,
    },
    /// Outside 1900–2200.
    Century,
}

/// The numbers of a date without knowing their order; a trailing time of day is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// Year first: certain.
    Certain {
        /// Year.
        year: i32,
        /// Month.
        month: u32,
        /// Day.
        day: u32,
    },
    /// Year last: `a` and `b` are day and month in an order to be told.
    Either {
        /// First number.
        a: u32,
        /// Second number.
        b: u32,
        /// Year.
        year: i32,
    },
}

/// Takes a date apart.
#[must_use]
pub fn parts(text: &str) -> Option<Parts> {
    let text = without_time(text.trim());
    if let Some(compact) = compact(text) {
        return Some(compact);
    }
    let mut numbers = [0_u32; 3];
    let (mut count, mut named, mut widths) = (0, None, [0_usize; 3]);
    let mut rest = text;
    while !rest.is_empty() {
        if count == 3 {
            return None;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            if digits > 4 {
                return None;
            }
            numbers[count] = rest[..digits].parse().ok()?;
            widths[count] = digits;
            rest = &rest[digits..];
        } else {
            let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            numbers[count] = month_by_name(rest.get(..letters)?)?;
            named = Some(count);
            rest = &rest[letters..];
        }
        count += 1;
        rest = after_separator(rest, count)?;
    }
    order(numbers, widths, named, count)
}

fn after_separator(rest: &str, count: usize) -> Option<&str> {
    let mut letters = rest.chars();
    match letters.next() {
        None => Some(rest),
        Some('年' | '月') => Some(letters.as_str()),
        Some('日' | '号') if count == 3 => letters.as_str().is_empty().then_some(""),
        Some('-' | '/' | '.' | ' ' | ',') if count < 3 => {
            Some(letters.as_str().trim_start_matches([' ', ',']))
        }
        // `2014/02/28.`: a stray mark at the end.
        Some(_) => None,
    }
}

fn order(
    numbers: [u32; 3],
    widths: [usize; 3],
    named: Option<usize>,
    count: usize,
) -> Option<Parts> {
    let year = |at: usize| {
        let short = i32::try_from(numbers[at]).ok()?;
        match widths[at] {
            4 => Some(short),
            2 if short < 50 => Some(2_000 + short),
            2 => Some(1_900 + short),
            _ => None,
        }
    };
    match (count, named) {
        (3, None) if widths[0] == 4 => {
            Some(Parts::Certain { year: year(0)?, month: numbers[1], day: numbers[2] })
        }
        (3, None) => Some(Parts::Either { a: numbers[0], b: numbers[1], year: year(2)? }),
        // 2 Nov 2006, 02NOV06, Nov 2, 2006.
        (3, Some(1)) if widths[0] == 4 => {
            Some(Parts::Certain { year: year(0)?, month: numbers[1], day: numbers[2] })
        }
        (3, Some(1)) => Some(Parts::Certain { year: year(2)?, month: numbers[1], day: numbers[0] }),
        (3, Some(0)) => Some(Parts::Certain { year: year(2)?, month: numbers[0], day: numbers[1] }),
        // 2014-03: a month, read as its first day.
        (2, None) if widths[0] == 4 => {
            Some(Parts::Certain { year: year(0)?, month: numbers[1], day: 1 })
        }
        _ => None,
    }
}

/// 20140331 and 02NOV2006 or 02NOV06, without separators.
fn compact(text: &str) -> Option<Parts> {
    let bytes = text.as_bytes();
    if bytes.iter().all(u8::is_ascii_digit) && (bytes.len() == 8 || bytes.len() == 6) {
        let year: i32 = text[..4].parse().ok()?;
        let month = text[4..6].parse().ok()?;
        let day = if bytes.len() == 8 { text[6..].parse().ok()? } else { 1 };
        return Some(Parts::Certain { year, month, day });
    }
    if !text.is_ascii() || !(bytes.len() == 9 || bytes.len() == 7) {
        return None;
    }
    let month = month_by_name(&text[2..5])?;
    let year: i32 = text[5..].parse().ok()?;
    let year = match (bytes.len(), year) {
        (9, year) => year,
        (_, short @ 0..50) => 2_000 + short,
        (_, short) => 1_900 + short,
    };
    Some(Parts::Certain { year, month, day: text[..2].parse().ok()? })
}

fn month_by_name(text: &str) -> Option<u32> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let head = text.get(..3)?.to_ascii_lowercase();
    let at = NAMES.iter().position(|name| **name == head)?;
    u32::try_from(at + 1).ok()
}

/// Cuts a time of day (`T08:00:00Z`, ` 0:00:00`) off, if one follows.
fn without_time(text: &str) -> &str {
    let time = |tail: &str| {
        let tail = tail.trim_start();
        tail.contains(':') && tail.starts_with(|letter: char| letter.is_ascii_digit())
    };
    if let Some(at) = text.find('T')
        && at >= 6
        && text[..at].ends_with(|letter: char| letter.is_ascii_digit())
        && time(&text[at + 1..])
    {
        return &text[..at];
    }
    match text.char_indices().find(|(at, letter)| letter.is_whitespace() && time(&text[*at..])) {
        Some((at, _)) => text[..at].trim_end(),
        None => text,
    }
}

/// Reads a date; `order` decides only where the text itself does not.
pub fn parse(text: &str, order: Order) -> Result<NaiveDate, Fault> {
    match order {
        Order::Excel | Order::Unix if text.parse::<f64>().is_ok() => return counted(text, order),
        _ => {}
    }
    let (year, month, day) = match parts(text).ok_or(Fault::Form)? {
        Parts::Certain { year, month, day } => (year, month, day),
        Parts::Either { a, b, year } if order == Order::Mdy => (year, a, b),
        Parts::Either { a, b, year } if order == Order::Dmy => (year, b, a),
        Parts::Either { .. } => return Err(Fault::Form),
    };
    if !(1_900..=2_200).contains(&year) {
        return Err(Fault::Century);
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| {
        let days = NaiveDate::from_ymd_opt(year, month, 1)
            .map_or(0, |first| kernel::dates::month_end(first).day());
        Fault::NoSuchDay { year, month, days }
    })
}

fn counted(text: &str, order: Order) -> Result<NaiveDate, Fault> {
    let number: f64 = text.parse().map_err(|_| Fault::Form)?;
    let (epoch, days) = match order {
        Order::Excel => (NaiveDate::from_ymd_opt(1899, 12, 30), number),
        _ if number.abs() > 1e11 => (NaiveDate::from_ymd_opt(1970, 1, 1), number / 86_400_000.0),
        _ => (NaiveDate::from_ymd_opt(1970, 1, 1), number / 86_400.0),
    };
    if days.is_nan() || days.abs() >= 150_000.0 {
        return Err(Fault::Century);
    }
    epoch
        .and_then(|epoch| epoch.checked_add_signed(chrono::Duration::days(days.floor() as i64)))
        .filter(|day| (1_900..=2_200).contains(&day.year()))
        .ok_or(Fault::Century)
}

/// Minutes after midnight of `08:05`, `8:05:00`, `0805` or a date with such a time.
#[must_use]
pub fn minutes(text: &str) -> Option<i64> {
    let text = text.trim();
    let tail = text.rsplit(['T', ' ']).find(|part| part.contains(':')).unwrap_or(text);
    let (hours, rest) = match tail.split_once(':') {
        Some((hours, rest)) => (hours, rest.get(..2)?),
        None if tail.len() == 4 => (tail.get(..2)?, tail.get(2..)?),
        None => return None,
    };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, rest.parse().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn the_ways_of_writing_one_day() {
        for text in [
            "2014-03-31",
            "2014/3/31",
            "2014.3.31",
            "20140331",
            "2014年3月31日",
            "31MAR2014",
            "31MAR14",
            "31 Mar 2014",
            "March 31, 2014",
            "2014-03-31T23:59:59Z",
            "2014/3/31  0:00:00",
            " 2014-03-31 ",
        ] {
            assert_eq!(parse(text, Order::Ymd), Ok(day("2014-03-31")), "{text}");
        }
        assert_eq!(parse("3/31/2014", Order::Mdy), Ok(day("2014-03-31")));
        assert_eq!(parse("31.03.14", Order::Dmy), Ok(day("2014-03-31")));
        assert_eq!(parse("41729", Order::Excel), Ok(day("2014-03-31")));
        assert_eq!(parse("1396224000", Order::Unix), Ok(day("2014-03-31")));
        assert_eq!(parse("2014-03", Order::Ymd), Ok(day("2014-03-01")));
    }

    #[test]
    fn days_that_do_not_exist_are_told_from_nonsense() {
        assert_eq!(
            parse("2014/2/29  0:00:00", Order::Mdy),
            Err(Fault::NoSuchDay { year: 2014, month: 2, days: 28 })
        );
        assert_eq!(
            parse("2014-13-01", Order::Ymd),
            Err(Fault::NoSuchDay { year: 2014, month: 13, days: 0 })
        );
        for text in ["", "soon", "12", "3/31/2014", "2014-3-31-1", "99999999999", "//", "1/2/3/4"] {
            assert_eq!(parse(text, Order::Ymd), Err(Fault::Form), "{text}");
        }
        assert_eq!(parse("0214-03-31", Order::Ymd), Err(Fault::Century));
    }

    #[test]
    fn times_of_day() {
        assert_eq!(minutes("08:05"), Some(485));
        assert_eq!(minutes("2026-03-01T08:05:30"), Some(485));
        assert_eq!(minutes("0805"), Some(485));
        assert_eq!(minutes("24:00"), None);
    }
}
