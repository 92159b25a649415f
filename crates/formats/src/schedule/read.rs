//! Reads one record.

use super::columns::{Columns, Field};
use super::model::{
    Bound, Carrier, Days, Header, Leg, Point, Record, SegmentData, TimeMode, Trailer,
};
use super::records::{Finding, Findings};
use super::rules;
use crate::diagnostic::Rule;

/// Reads a record by its first column.
#[inline]
pub(super) fn record<'t>(text: &'t str, findings: &mut Findings) -> Record<'t> {
    let first = text.as_bytes().first().copied().unwrap_or(b' ');
    if first == b'0' && text.bytes().all(|byte| matches!(byte, b'0' | b' ')) {
        return Record::Filler;
    }
    let columns = Columns::of(text);
    let mut reader = Reader { columns: &columns, findings };
    if !matches!(first, b'1'..=b'5') {
        reader.told(rules::UNKNOWN_RECORD, 1, text.len());
        return Record::Unknown(text);
    }
    // Flight, period and days of a leg; flight and element of segment data.
    let least = match first {
        b'3' => 35,
        b'4' => 33,
        _ => 1,
    };
    if text.len() < least {
        reader.told(rules::CUT_RECORD, 1, text.len());
        return Record::Unknown(text);
    }
    if !text.is_ascii() {
        reader.told(rules::NOT_ASCII, 1, text.len());
    }
    match first {
        b'3' => Record::Leg(reader.leg()),
        b'4' => Record::Data(reader.data()),
        b'2' => Record::Carrier(reader.carrier()),
        b'1' => Record::Header(reader.header()),
        _ => Record::Trailer(reader.trailer()),
    }
}

struct Reader<'c, 't> {
    columns: &'c Columns<'t>,
    findings: &'c mut Findings,
}

impl<'t> Reader<'_, 't> {
    #[cold]
    fn told(&mut self, rule: Rule, at: usize, width: usize) {
        let (start, end) = self.columns.place(at, width);
        self.findings.push(Finding { rule, span: start..end });
    }

    /// A field that must be there, unless the record ends before it.
    #[inline]
    fn must<T>(&mut self, field: Field<T>, rule: Rule, at: usize, width: usize) -> Option<T> {
        match field {
            Field::Read(value) => return Some(value),
            Field::Blank if self.columns.text.len() < at => {}
            Field::Blank | Field::Bad => self.told(rule, at, width),
        }
        None
    }

    /// A field that may be blank.
    #[inline]
    fn may<T>(&mut self, field: Field<T>, rule: Rule, at: usize, width: usize) -> Option<T> {
        match field {
            Field::Read(value) => Some(value),
            Field::Blank => None,
            Field::Bad => {
                self.told(rule, at, width);
                None
            }
        }
    }

    #[inline]
    fn leg(&mut self) -> Leg {
        let columns = self.columns;
        if columns.text.len() < 75 {
            self.told(rules::SHORT_RECORD, 1, 200);
        }
        let from = self.bound::<15>(true);
        let to = self.bound::<22>(true);
        self.check_period(from, to, 15);
        let (number, variation, sequence) = self.key(columns.letter::<128>());
        Leg {
            airline: self.airline(),
            number,
            suffix: columns.letter::<2>(),
            variation,
            sequence,
            service_type: columns.letter::<14>(),
            from,
            to,
            days: self.days(),
            every_weeks: self.weeks(),
            departure: self.departure(),
            arrival: self.arrival(),
            equipment: columns.code::<73, 3>(),
            booking_classes: columns.code::<76, 20>(),
            booking_modifiers: columns.code::<96, 5>(),
            meals: columns.code::<101, 10>(),
            joint_airlines: columns.code::<111, 9>(),
            connecting_status: columns.code::<120, 2>(),
            secure_flight: columns.letter::<122>(),
            owner: columns.code::<129, 3>(),
            cockpit_crew: columns.code::<132, 3>(),
            cabin_crew: columns.code::<135, 3>(),
            onward: columns.code::<138, 9>(),
            transit_layover: columns.letter::<148>(),
            disclosure: columns.letter::<149>(),
            restrictions: columns.code::<150, 12>(),
            reserved: columns.code::<162, 11>(),
            configuration: columns.code::<173, 20>(),
            serial: self.serial(),
        }
    }

    #[inline]
    fn departure(&mut self) -> Point {
        let columns = self.columns;
        Point {
            airport: self.must(columns.airport::<37>(), rules::BAD_STATION, 37, 3),
            passenger_time: self.may(columns.time::<40>(), rules::BAD_TIME, 40, 4),
            aircraft_time: self.must(columns.time::<44>(), rules::BAD_TIME, 44, 4),
            offset: self.may(columns.offset::<48>(), rules::BAD_OFFSET, 48, 5),
            terminal: columns.code::<53, 2>(),
            day_change: self.may(columns.variation::<193>(), rules::BAD_DATE_VARIATION, 193, 1),
        }
    }

    #[inline]
    fn arrival(&mut self) -> Point {
        let columns = self.columns;
        Point {
            airport: self.must(columns.airport::<55>(), rules::BAD_STATION, 55, 3),
            passenger_time: self.may(columns.time::<62>(), rules::BAD_TIME, 62, 4),
            aircraft_time: self.must(columns.time::<58>(), rules::BAD_TIME, 58, 4),
            offset: self.may(columns.offset::<66>(), rules::BAD_OFFSET, 66, 5),
            terminal: columns.code::<71, 2>(),
            day_change: self.may(columns.variation::<194>(), rules::BAD_DATE_VARIATION, 194, 1),
        }
    }

    fn data(&mut self) -> SegmentData<'t> {
        let columns = self.columns;
        if columns.text.len() < 39 {
            self.told(rules::SHORT_RECORD, 1, 200);
        }
        let (number, variation, sequence) = self.key(columns.letter::<28>());
        let element = self.must(columns.number::<31, 3>(), rules::BAD_NUMBER, 31, 3);
        SegmentData {
            airline: self.airline(),
            number,
            suffix: columns.letter::<2>(),
            variation,
            sequence,
            service_type: columns.letter::<14>(),
            indicators: columns.code::<29, 2>(),
            element: element.and_then(|element| u16::try_from(element).ok()),
            board: self.may(columns.airport::<34>(), rules::BAD_STATION, 34, 3),
            off: self.may(columns.airport::<37>(), rules::BAD_STATION, 37, 3),
            text: columns.text(40, 194),
            serial: self.serial(),
        }
    }

    fn carrier(&mut self) -> Carrier<'t> {
        let columns = self.columns;
        let time_mode = match columns.letter::<2>() {
            Some('U') => Some(TimeMode::Utc),
            Some('L') => Some(TimeMode::Local),
            None => None,
            Some(_) => {
                self.told(rules::BAD_TIME_MODE, 2, 1);
                None
            }
        };
        let from = self.bound::<15>(false);
        let to = self.bound::<22>(false);
        self.check_period(from, to, 15);
        Carrier {
            time_mode,
            airline: self.airline(),
            reserved: columns.code::<6, 5>(),
            season: columns.code::<11, 3>(),
            from,
            to,
            created: self.may(columns.day::<29>(), rules::BAD_DATE, 29, 7),
            title: columns.text(36, 64),
            released: self.may(columns.day::<65>(), rules::BAD_DATE, 65, 7),
            status: columns.letter::<72>(),
            creator: columns.text(73, 107),
            information: columns.text(109, 188),
            e_ticket: columns.code::<189, 2>(),
            created_at: self.may(columns.time::<191>(), rules::BAD_TIME, 191, 4),
            serial: self.serial(),
        }
    }

    fn header(&mut self) -> Header<'t> {
        let columns = self.columns;
        Header {
            title: columns.text(2, 35),
            seasons: columns.letter::<41>(),
            data_set: self.may(columns.number::<192, 3>(), rules::BAD_NUMBER, 192, 3),
            serial: self.serial(),
        }
    }

    fn trailer(&mut self) -> Trailer {
        let columns = self.columns;
        Trailer {
            airline: self.airline(),
            released: self.may(columns.day::<6>(), rules::BAD_DATE, 6, 7),
            check: self.may(columns.number::<188, 6>(), rules::BAD_NUMBER, 188, 6),
            end: columns.letter::<194>(),
            serial: self.serial(),
        }
    }

    #[inline]
    fn airline(&mut self) -> super::code::Code<3> {
        let airline = self.columns.code::<3, 3>();
        if airline.is_blank() {
            self.told(rules::NO_AIRLINE, 3, 3);
        }
        airline
    }

    /// Flight number, itinerary variation, leg sequence; columns 6 to 13.
    #[inline]
    fn key(&mut self, overflow: Option<char>) -> (Option<u32>, Option<u16>, Option<u8>) {
        let columns = self.columns;
        let number = self.must(columns.number::<6, 4>(), rules::BAD_FLIGHT, 6, 4);
        let variation = self.may(columns.number::<10, 2>(), rules::BAD_NUMBER, 10, 2);
        let sequence = self.may(columns.number::<12, 2>(), rules::BAD_NUMBER, 12, 2);
        let hundreds = overflow.and_then(|digit| digit.to_digit(10)).unwrap_or(0) * 100;
        let variation = variation.and_then(|low| u16::try_from(low + hundreds).ok());
        (number, variation, sequence.and_then(|sequence| u8::try_from(sequence).ok()))
    }

    #[inline]
    fn days(&mut self) -> Days {
        let mut days = Days::default();
        let mut sound = true;
        for byte in self.columns.raw::<29, 7>() {
            match byte {
                b'1'..=b'7' => days = days.with(byte - b'0'),
                b' ' | b'0' | b'.' | b'-' => {}
                _ => sound = false,
            }
        }
        if (days.is_empty() || !sound) && self.columns.text.len() >= 29 {
            self.told(rules::BAD_DAYS, 29, 7);
        }
        days
    }

    #[inline]
    fn weeks(&mut self) -> Option<u8> {
        match self.columns.raw::<36, 1>() {
            [b' '] => None,
            [digit @ b'1'..=b'9'] => Some(digit - b'0'),
            _ => {
                self.told(rules::BAD_FREQUENCY, 36, 1);
                None
            }
        }
    }

    #[inline]
    fn bound<const AT: usize>(&mut self, must: bool) -> Option<Bound> {
        if self.columns.is_open::<AT>() {
            return Some(Bound::Open);
        }
        let day = self.columns.day::<AT>();
        let day = if must {
            self.must(day, rules::BAD_DATE, AT, 7)
        } else {
            self.may(day, rules::BAD_DATE, AT, 7)
        };
        day.map(Bound::On)
    }

    #[inline]
    fn check_period(&mut self, from: Option<Bound>, to: Option<Bound>, at: usize) {
        if let (Some(Bound::On(from)), Some(Bound::On(to))) = (from, to)
            && to < from
        {
            self.told(rules::REVERSED_PERIOD, at, 14);
        }
    }

    #[inline]
    fn serial(&mut self) -> Option<u32> {
        self.may(self.columns.number::<195, 6>(), rules::BAD_NUMBER, 195, 6)
    }
}
