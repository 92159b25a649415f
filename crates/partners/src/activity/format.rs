//! The activity file a partner sends, read line by line: any bytes in, records or a located fault
//! out. What the columns mean is in `docs/en/partner-files.md`.
//!
//! A line is a record and never longer than [`LONGEST`]: a file without line ends, or with a quote
//! that is never closed, costs no more memory than one line.

use chrono::NaiveDate;
use kernel::Currency;

use super::fault::{Fault, Reject};
use crate::agreements::Kind;

/// Version of the format.
pub const VERSION: &str = "1";
/// Bytes of a line at most.
pub const LONGEST: usize = 2_048;
/// Miles of a row at most.
pub const MOST_MILES: i64 = 100_000_000;
/// Columns of a row.
pub const COLUMNS: usize = 21;

crate::words::words!(
    /// What a row asks for.
    Action {
        /// Miles for the member.
        Accrue = "accrue",
        /// An earlier row taken back.
        Reverse = "reverse",
        /// Miles the member spent with the partner.
        Redeem = "redeem",
    }
);

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Code of the partner.
    pub partner: String,
    /// The partner's number of the batch: 1–40 of letters, digits and `-`.
    pub batch: String,
    /// When the partner made the file.
    pub made_on: NaiveDate,
    /// Code of the programme.
    pub programme: String,
}

/// The last line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trailer {
    /// Rows between.
    pub rows: i64,
    /// What the column of base miles adds up to, whatever the action.
    pub base: i64,
    /// The same of bonus miles.
    pub bonus: i64,
}

/// The flight of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flown {
    /// Two or three letters.
    pub carrier: String,
    /// Digits without leading zeros, perhaps a suffix.
    pub number: String,
    /// IATA code.
    pub board: String,
    /// IATA code.
    pub off: String,
    /// RBD letter; empty when not told.
    pub class: String,
    /// Thirteen digits, or empty.
    pub ticket: String,
    /// From 1; 0 when not told.
    pub coupon: i64,
}

/// What a row asks for, every field in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Accrue, reverse, redeem.
    pub action: Action,
    /// Of activity.
    pub kind: Kind,
    /// The partner's own name of it, unique for ever.
    pub reference: String,
    /// Digits and letters only.
    pub member_no: String,
    /// As on the partner's records.
    pub surname: String,
    /// Given name or its first letter.
    pub given: String,
    /// When it happened, local.
    pub date: NaiveDate,
    /// Hundredths of the currency's major unit, of nights or of activities.
    pub quantity: i64,
    /// Of the quantity; empty for nights and activities.
    pub currency: String,
    /// Miles.
    pub base: i64,
    /// Miles on top.
    pub bonus: i64,
    /// Reference of the row that is taken back.
    pub original: String,
    /// For flights only.
    pub flown: Option<Flown>,
}

impl Activity {
    /// Base and bonus.
    #[must_use]
    pub fn miles(&self) -> i64 {
        self.base + self.bonus
    }

    /// What two rows about the same thing share: ticket and coupon, else member, flight, day and
    /// places; of other kinds the reference alone tells.
    #[must_use]
    pub fn same_key(&self) -> String {
        match &self.flown {
            Some(flown) if !flown.ticket.is_empty() && flown.coupon > 0 => {
                format!("t:{}:{}", flown.ticket, flown.coupon)
            }
            Some(flown) => format!(
                "f:{}:{}{}:{}:{}:{}",
                self.member_no, flown.carrier, flown.number, self.date, flown.board, flown.off
            ),
            None => format!("r:{}", self.reference),
        }
    }
}

/// A row: its number and figures could be read; the rest may be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Counts from 1.
    pub number: i64,
    /// Counts towards the control totals, wrong or not.
    pub base: i64,
    /// The same.
    pub bonus: i64,
    /// What it asks for, or the first thing that is wrong.
    pub activity: Result<Activity, Reject>,
    /// The reference, if that could be read.
    pub reference: String,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// `H`
    Header(Header),
    /// `R`
    Row(Box<Row>),
    /// `T`
    Trailer(Trailer),
}

/// Reads a line without its end. Blank lines are `None`.
///
/// # Errors
/// What makes the whole file unreadable.
pub fn read(line: &[u8]) -> Result<Option<Line>, Fault> {
    if line.len() > LONGEST {
        return Err(Fault::LineTooLong);
    }
    let text = std::str::from_utf8(line).map_err(|bad| Fault::NotUtf8(bad.valid_up_to() + 1))?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let read = reader.read_record(&mut record).map_err(|_| Fault::NotARecord)?;
    if !read || record.iter().any(|cell| cell.chars().any(char::is_control)) {
        return Err(Fault::NotARecord);
    }
    match record.get(0).unwrap_or_default() {
        "H" => header(&record).map(|it| Some(Line::Header(it))),
        "R" => row(&record).map(|it| Some(Line::Row(Box::new(it)))),
        "T" => trailer(&record).map(|it| Some(Line::Trailer(it))),
        _ => Err(Fault::NotARecord),
    }
}

fn cell(record: &csv::StringRecord, at: usize) -> &str {
    record.get(at).unwrap_or_default().trim()
}

fn header(record: &csv::StringRecord) -> Result<Header, Fault> {
    if cell(record, 1) != VERSION {
        return Err(Fault::Version);
    }
    let batch = cell(record, 3);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if record.len() != 6 || !(1..=40).contains(&batch.len()) || !batch.bytes().all(plain) {
        return Err(Fault::Header);
    }
    Ok(Header {
        partner: cell(record, 2).to_ascii_uppercase(),
        batch: batch.to_ascii_uppercase(),
        made_on: day(cell(record, 4)).ok_or(Fault::Header)?,
        programme: cell(record, 5).to_owned(),
    })
}

fn trailer(record: &csv::StringRecord) -> Result<Trailer, Fault> {
    let figure = |at| figure(cell(record, at)).ok_or(Fault::Trailer);
    if record.len() != 4 {
        return Err(Fault::Trailer);
    }
    Ok(Trailer { rows: figure(1)?, base: figure(2)?, bonus: figure(3)? })
}

/// `YYYY-MM-DD`, between 1990 and 2199.
fn day(text: &str) -> Option<NaiveDate> {
    let fits = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day: NaiveDate = text.parse().ok().filter(|_| fits)?;
    (1990..2200).contains(&chrono::Datelike::year(&day)).then_some(day)
}

/// Digits alone.
fn figure(text: &str) -> Option<i64> {
    let fits = (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// Hundredths: digits with at most two decimals.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = match part.len() {
        0 if !text.contains('.') => 0,
        1 => figure(part)? * 10,
        2 => figure(part)?,
        _ => return None,
    };
    figure(whole).filter(|whole| *whole <= 1_000_000_000_000).map(|whole| whole * 100 + part)
}

/// Letters, digits and `. _ / -`, beginning with a letter or digit: nothing a spreadsheet takes for
/// a formula.
fn is_reference(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte);
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    first && text.len() <= 60 && text.bytes().all(plain)
}

fn row(record: &csv::StringRecord) -> Result<Row, Fault> {
    let number = figure(cell(record, 1)).ok_or(Fault::RowNumber)?;
    let miles = |at| match cell(record, at) {
        "" => Ok(0),
        text => figure(text).ok_or(Fault::Figure),
    };
    let (base, bonus) = (miles(11)?, miles(12)?);
    let reference = Some(cell(record, 4)).filter(|text| is_reference(text)).unwrap_or_default();
    let activity = activity(record, base, bonus);
    Ok(Row { number, base, bonus, activity, reference: reference.to_owned() })
}

fn activity(record: &csv::StringRecord, base: i64, bonus: i64) -> Result<Activity, Reject> {
    if record.len() != COLUMNS {
        return Err(Reject::Columns);
    }
    let text = |at| cell(record, at).to_owned();
    let action: Action = cell(record, 2).parse().map_err(|_| Reject::Action)?;
    let kind: Kind = cell(record, 3).parse().map_err(|_| Reject::Kind)?;
    let reference = text(4);
    if !is_reference(&reference) {
        return Err(Reject::Reference);
    }
    let member_no = kernel::member_no::plain(cell(record, 5));
    let alphanumeric = member_no.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !(1..=30).contains(&member_no.len()) || !alphanumeric {
        return Err(Reject::MemberNo);
    }
    let (surname, given) = (text(6), text(7));
    if surname.is_empty() || surname.chars().count() + given.chars().count() > 120 {
        return Err(Reject::Name);
    }
    let date = day(cell(record, 8)).ok_or(Reject::Date)?;
    let quantity = match cell(record, 9) {
        "" => 0,
        text => hundredths(text).ok_or(Reject::Quantity)?,
    };
    let currency = text(10).to_ascii_uppercase();
    if !currency.is_empty() && Currency::parse(&currency).is_err() {
        return Err(Reject::Currency);
    }
    if !(1..=MOST_MILES).contains(&base.saturating_add(bonus)) {
        return Err(Reject::Miles);
    }
    let original = text(13);
    let takes_back = action == Action::Reverse;
    if takes_back != is_reference(&original) || (!takes_back && !original.is_empty()) {
        return Err(Reject::Original);
    }
    let flies = kind == Kind::Flight && action == Action::Accrue;
    let flown = if flies { Some(flown(record)?) } else { None };
    Ok(Activity {
        action,
        kind,
        reference,
        member_no,
        surname,
        given,
        date,
        quantity,
        currency,
        base,
        bonus,
        original,
        flown,
    })
}

fn flown(record: &csv::StringRecord) -> Result<Flown, Reject> {
    let upper = |at| cell(record, at).to_ascii_uppercase();
    let letters = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let flown = Flown {
        carrier: upper(14),
        number: upper(15).trim_start_matches('0').to_owned(),
        board: upper(16),
        off: upper(17),
        class: upper(18),
        ticket: upper(19).replace('-', ""),
        coupon: match cell(record, 20) {
            "" => 0,
            text => figure(text).ok_or(Reject::Ticket)?,
        },
    };
    let digits = flown.ticket.bytes().all(|byte| byte.is_ascii_digit());
    let places = letters(&flown.board, 3..=3) && letters(&flown.off, 3..=3);
    if !letters(&flown.carrier, 2..=3) || !letters(&flown.number, 1..=5) || !places {
        return Err(Reject::Flight);
    }
    if !(flown.class.is_empty() || letters(&flown.class, 1..=1)) {
        return Err(Reject::Flight);
    }
    if !digits || !matches!(flown.ticket.len(), 0 | 13) || !(0..=16).contains(&flown.coupon) {
        return Err(Reject::Ticket);
    }
    Ok(flown)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    const HOTEL: &str =
        "R,1,accrue,hotel,S-1,600000009,ZHOU,QIMING,2026-10-03,888.00,CNY,888,100,,,,,,,,";

    fn one(line: &str) -> Row {
        match read(line.as_bytes()).unwrap().unwrap() {
            Line::Row(row) => *row,
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn a_row_is_read_and_says_what_is_wrong_with_it() {
        let good = one(HOTEL).activity.unwrap();
        assert_eq!((good.quantity, good.miles()), (88_800, 988));
        assert_eq!(good.same_key(), "r:S-1");
        for (from, to, expected) in [
            ("hotel", "boat", Reject::Kind),
            ("accrue", "grant", Reject::Action),
            ("S-1", "=1+1", Reject::Reference),
            ("600000009", "", Reject::MemberNo),
            ("ZHOU", "", Reject::Name),
            ("2026-10-03", "2026-13-03", Reject::Date),
            ("888.00", "8.8.8", Reject::Quantity),
            ("CNY", "YUANS", Reject::Currency),
            ("888,100", "0,0", Reject::Miles),
            ("100,,", "100,S-0,", Reject::Original),
            (",,,,,,,,", ",,", Reject::Columns),
        ] {
            assert_eq!(one(&HOTEL.replacen(from, to, 1)).activity, Err(expected), "{from} {to}");
        }
        let reversal = HOTEL.replace("accrue", "reverse");
        assert_eq!(one(&reversal).activity, Err(Reject::Original));
    }

    #[test]
    fn flights_are_the_same_by_ticket_or_by_flight() {
        let flight = "R,2,accrue,flight,F-2,600000009,ZHOU,Q,2026-10-03,,,1200,,,MU,0583,PVG,LAX,Y,\
                      781-2345678901,2";
        let read = one(flight).activity.unwrap();
        assert_eq!(read.same_key(), "t:7812345678901:2");
        let without = one(&flight.replace("781-2345678901,2", ",")).activity.unwrap();
        assert_eq!(without.same_key(), "f:600000009:MU583:2026-10-03:PVG:LAX");
        let nowhere = one(&flight.replace("PVG", "P")).activity;
        assert_eq!(nowhere, Err(Reject::Flight));
    }

    #[test]
    fn what_cannot_be_counted_is_no_row() {
        for (line, expected) in [
            (HOTEL.replace("888,100", "8x8,100"), Fault::Figure),
            (HOTEL.replace("888,100", "-888,100"), Fault::Figure),
            (HOTEL.replace("R,1", "R,x"), Fault::RowNumber),
            (HOTEL.replace("R,1", "X,1"), Fault::NotARecord),
            ("H,2,HOTEL,B1,2026-10-31,ZH".to_owned(), Fault::Version),
            ("H,1,HOTEL,B 1,2026-10-31,ZH".to_owned(), Fault::Header),
            ("T,1,2".to_owned(), Fault::Trailer),
        ] {
            assert_eq!(read(line.as_bytes()), Err(expected), "{line}");
        }
        assert_eq!(read(b"R,1,\xff"), Err(Fault::NotUtf8(5)));
        assert_eq!(read(&[b'R'; LONGEST + 1]), Err(Fault::LineTooLong));
        assert_eq!(read(b"  "), Ok(None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes);
        }

        #[test]
        fn any_cells_are_borne(cells in proptest::collection::vec("\\PC{0,20}", 0..30)) {
            let _ = read(format!("R,1,{}", cells.join(",")).as_bytes());
        }
    }
}
