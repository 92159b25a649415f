//! A first look at bytes handed in: where one message ends and the next begins, and what each of
//! them says about itself.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use flights::Flights;
use flights::messages::FlightKey;
use formats::passenger_list::{End, PartKey, PassengerList};
use formats::schedule::Schedule;
use formats::text::{self, Charset};
use formats::when::{Day, nearest_numbered};
use formats::{Envelope, Kind, Message, Read, Severity};
use sha2::{Digest, Sha256};

/// One message of a delivery, without card numbers.
pub(super) struct Piece {
    pub bytes: Vec<u8>,
    pub cards: usize,
}

/// What a message says about itself.
pub(super) struct Looked {
    pub kind: Kind,
    pub said_at: DateTime<Utc>,
    pub flight: Option<FlightKey>,
    /// Messages of one lane are applied one after the other.
    pub lane: String,
    pub list: Option<ListPart>,
    /// A list without its end that belongs to no parts.
    pub partial: bool,
    pub dedup: Vec<u8>,
    pub found: [u64; 3],
    pub codes: BTreeMap<&'static str, u64>,
    pub people: usize,
    /// Why it goes to quarantine at once.
    pub refused: Option<&'static str>,
}

/// Which part of which list.
pub(super) struct ListPart {
    pub key: String,
    pub part: u16,
    pub is_last: bool,
    /// It has no END line: what followed did not arrive.
    pub is_cut: bool,
}

/// Cuts a delivery into messages and stars out card numbers. Blank pieces are left out.
pub(super) fn cut(bytes: &[u8]) -> Vec<Piece> {
    let whole = text::decode(bytes);
    let wide = matches!(whole.charset(), Charset::Cp866 | Charset::Koi8R);
    let mut pieces = Vec::new();
    // Of a code page each byte is one character; all else is UTF-8 and counts in bytes.
    let (mut byte, mut at) = (0, 0);
    for range in ranges(whole.as_str()) {
        let text = whole.as_str().get(range.clone()).unwrap_or_default();
        let raw = if wide {
            byte += whole.as_str().get(at..range.start).unwrap_or_default().chars().count();
            let from = byte;
            byte += text.chars().count();
            at = range.end;
            bytes.get(from..byte).unwrap_or_default()
        } else {
            bytes.get(range).unwrap_or_default()
        };
        pieces.push(piece(raw));
    }
    pieces
}

fn ranges(text: &str) -> Vec<Range<usize>> {
    let pieces = formats::envelope::split(text);
    let [one] = pieces.as_slice() else { return pieces };
    let whole = text.get(one.clone()).unwrap_or_default();
    // A scanner's file has a boarding pass in every line.
    if text::lines(whole).nth(1).is_none() || formats::detect(whole) != Kind::Bcbp {
        return pieces;
    }
    let lines = text::lines(whole).filter(|line| !line.text.trim().is_empty());
    lines.map(|line| one.start + line.start..one.start + line.start + line.text.len()).collect()
}

/// Text without card numbers. Bytes of a code page that hold one are kept as UTF-8.
fn piece(raw: &[u8]) -> Piece {
    let text = text::decode(raw);
    // Schedules hold long rows of digits and nobody's card.
    if formats::detect(text.as_str()) == Kind::Ssim {
        return Piece { bytes: raw.to_vec(), cards: 0 };
    }
    let (masked, cards) = formats::cards::masked(text.as_str());
    match cards {
        0 => Piece { bytes: raw.to_vec(), cards },
        _ => Piece { bytes: masked.into_owned().into_bytes(), cards },
    }
}

/// Reads the message. A fault of the program while doing so leaves it unread, not lost.
pub(super) fn look(bytes: &[u8], received_at: DateTime<Utc>, as_of: Option<NaiveDate>) -> Looked {
    let near = as_of.unwrap_or_else(|| received_at.date_naive());
    let looked = catch_unwind(AssertUnwindSafe(|| {
        let text = text::decode(bytes);
        of(&formats::read(&text), text.as_str(), received_at, near)
    }));
    looked.unwrap_or_else(|_| Looked {
        kind: Kind::Unknown,
        said_at: received_at,
        flight: None,
        lane: Kind::Unknown.name().to_owned(),
        list: None,
        partial: false,
        dedup: Sha256::digest(bytes).to_vec(),
        found: [0; 3],
        codes: BTreeMap::new(),
        people: 0,
        refused: Some("feeds-refused-program"),
    })
}

fn of(read: &Read<'_>, text: &str, received_at: DateTime<Utc>, near: NaiveDate) -> Looked {
    let flight = flight(&read.message, near);
    let said_at = match &read.message {
        Message::Schedule(schedule) => created_at(schedule, received_at, near),
        _ => said_at(&read.envelope, flight.as_ref(), received_at, near),
    };
    let (list, partial, people) = match &read.message {
        Message::PassengerList(list) => {
            let part = list_part(&read.envelope, list, flight.as_ref());
            let cut_off = part.is_none() && list.end != End::Last;
            (part, cut_off, list.passengers.len())
        }
        _ => (None, false, 0),
    };
    let mut codes = BTreeMap::new();
    let mut found = [0; 3];
    for said in &read.diagnostics {
        *codes.entry(said.code).or_default() += 1;
        let at = match said.severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        };
        found[at] += 1;
    }
    Looked {
        kind: read.kind,
        said_at,
        lane: lane(read.kind, flight.as_ref()),
        dedup: dedup(read, text, flight.as_ref(), said_at),
        refused: refused(&read.message, flight.as_ref()),
        flight,
        list,
        partial,
        found,
        codes,
        people,
    }
}

/// The flight a message is about.
pub(super) fn flight(message: &Message<'_>, near: NaiveDate) -> Option<FlightKey> {
    Flights::flight_of(message, near).or_else(|| match message {
        Message::PassengerList(list) => {
            let flight = list.flight.as_ref()?;
            let on = flight.date?.nearest(day(near))?;
            let of = flight.designator;
            let suffix = of.suffix.map(String::from).unwrap_or_default();
            Some(FlightKey {
                carrier: of.airline.to_owned(),
                number: format!("{}{suffix}", of.number),
                date: date(on)?,
                board: flight.board.chars().filter(|letter| letter.is_alphanumeric()).collect(),
            })
        }
        _ => None,
    })
}

fn refused(message: &Message<'_>, flight: Option<&FlightKey>) -> Option<&'static str> {
    match message {
        Message::Unread => Some("feeds-refused-unknown"),
        Message::PassengerList(_) if flight.is_none() => Some("feeds-refused-no-flight"),
        _ => None,
    }
}

fn lane(kind: Kind, flight: Option<&FlightKey>) -> String {
    if let Some(of) = flight {
        return format!("{}{}/{}", of.carrier, of.number, of.date);
    }
    match kind {
        Kind::Ssim | Kind::Ssm | Kind::Asm => "schedule".to_owned(),
        Kind::Airimp | Kind::Pnrgov | Kind::NdcOrder => "booking".to_owned(),
        other => other.name().to_owned(),
    }
}

/// A time group names the day of the month only: the month is the flight's, or else the last one
/// that has passed.
fn said_at(
    envelope: &Envelope<'_>,
    flight: Option<&FlightKey>,
    received_at: DateTime<Utc>,
    near: NaiveDate,
) -> DateTime<Utc> {
    let arrived =
        if near == received_at.date_naive() { received_at } else { near.and_time(NOON).and_utc() };
    let Some(time) = envelope.time else { return arrived };
    let latest = near.checked_add_days(Days::new(1)).unwrap_or(near);
    let by_flight = flight
        .and_then(|of| nearest_numbered(time.day, day(of.date)))
        .and_then(date)
        .filter(|on| *on <= latest);
    let on = by_flight.or_else(|| time.on(day(near)).and_then(date));
    let second = u32::from(time.second.unwrap_or(0));
    let at = on.and_then(|on| on.and_hms_opt(time.hour.into(), time.minute.into(), second));
    at.map_or(arrived, |at| at.and_utc())
}

/// A schedule file has no envelope but the day it was made, seldom the time. Without one it counts
/// from when that day began anywhere: what is said on the day itself, such as a cancellation,
/// corrects the file and is not undone by it.
fn created_at(
    schedule: &Schedule<'_>,
    received_at: DateTime<Utc>,
    near: NaiveDate,
) -> DateTime<Utc> {
    let carriers = schedule.blocks.iter().filter_map(|block| block.carrier.as_ref());
    let made = carriers.filter_map(|carrier| {
        let on = date(carrier.created?)?.and_time(NaiveTime::MIN).and_utc();
        Some(match carrier.created_at {
            Some(time) => on + TimeDelta::minutes(time.minute.into()),
            None => on - EASTERNMOST,
        })
    });
    let arrived = said_at(&Envelope::default(), None, received_at, near);
    made.max().map_or(arrived, |made| made.min(arrived))
}

/// The clock that is furthest ahead: UTC+14.
const EASTERNMOST: TimeDelta = TimeDelta::hours(14);

const NOON: NaiveTime = match NaiveTime::from_hms_opt(12, 0, 0) {
    Some(noon) => noon,
    None => NaiveTime::MIN,
};

/// None for a list that is whole in one part.
fn list_part(
    envelope: &Envelope<'_>,
    list: &PassengerList<'_>,
    flight: Option<&FlightKey>,
) -> Option<ListPart> {
    let key = PartKey::of(envelope, list)?;
    let part = key.part?;
    if part == 1 && key.is_last {
        return None;
    }
    let (origin, kind, name, _, board, association) = key.list();
    let on = flight.map(|of| of.date.to_string()).unwrap_or_default();
    let association = association.unwrap_or_default();
    let text = format!("{origin}|{kind}|{name}|{on}|{board}|{association}");
    // Hashed: a hostile list name fits in no index otherwise.
    let (is_last, is_cut) = (key.is_last, list.end == End::Missing);
    Some(ListPart { key: hex::encode(Sha256::digest(text)), part, is_last, is_cut })
}

/// The same for every copy of a message, whichever way it came: sender, time and text count,
/// addresses, frame and line ends do not. Days without a year count as they were read, so that
/// the same words a year later are another message.
fn dedup(
    read: &Read<'_>,
    text: &str,
    flight: Option<&FlightKey>,
    said_at: DateTime<Utc>,
) -> Vec<u8> {
    let mut hash = Sha256::new();
    let envelope = &read.envelope;
    if let Some(origin) = envelope.origin {
        hash.update(origin.as_str());
    }
    if envelope.time.is_some() {
        hash.update(said_at.timestamp().to_be_bytes());
    }
    if let Some(of) = flight {
        hash.update(of.date.num_days_from_ce().to_be_bytes());
    }
    hash.update([u8::from(envelope.correction)]);
    hash.update(read.kind.name());
    for line in text::lines(envelope.content_of(text)) {
        let line = line.text.trim_end();
        if !line.is_empty() {
            hash.update(line);
            hash.update(b"\n");
        }
    }
    hash.finalize().to_vec()
}

fn day(date: NaiveDate) -> Day {
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    Day { year: date.year(), month: small(date.month()), day: small(date.day()) }
}

fn date(day: Day) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year, day.month.into(), day.day.into())
}
