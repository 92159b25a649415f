//! Writes schedule files.

use super::columns::WIDTH;
use super::model::{
    Bound, Carrier, Days, FlightLeg, Header, Leg, Point, Record, Schedule, SegmentData, TimeMode,
    Trailer,
};
use crate::flight::Airport;
use crate::when::{Day, DayMonth, TimeOfDay};

/// The whole file, records of 200 columns ended by LF. Serial numbers are written as they are; see
/// [`Schedule::renumber`].
#[must_use]
pub fn write(schedule: &Schedule<'_>) -> String {
    let mut out = String::new();
    if let Some(header) = schedule.header {
        write_record(&mut out, &Record::Header(header));
    }
    for block in &schedule.blocks {
        if let Some(carrier) = block.carrier {
            write_record(&mut out, &Record::Carrier(carrier));
        }
        for FlightLeg { leg, data } in &block.legs {
            write_record(&mut out, &Record::Leg(*leg));
            for data in data {
                write_record(&mut out, &Record::Data(*data));
            }
        }
        for data in &block.stray {
            write_record(&mut out, &Record::Data(*data));
        }
        if let Some(trailer) = block.trailer {
            write_record(&mut out, &Record::Trailer(trailer));
        }
    }
    for text in &schedule.unknown {
        write_record(&mut out, &Record::Unknown(text));
    }
    out
}

impl Schedule<'_> {
    /// Numbers all records from 1 and sets the checks and ends of the trailers.
    pub fn renumber(&mut self) {
        let mut last = 0_u32;
        let mut next = |serial: &mut Option<u32>| {
            last = if last == 999_999 { 2 } else { last + 1 };
            serial.replace(last);
            last
        };
        if let Some(header) = &mut self.header {
            next(&mut header.serial);
        }
        let blocks = self.blocks.len();
        for (at, block) in self.blocks.iter_mut().enumerate() {
            let mut before = None;
            if let Some(carrier) = &mut block.carrier {
                before = Some(next(&mut carrier.serial));
            }
            for FlightLeg { leg, data } in &mut block.legs {
                before = Some(next(&mut leg.serial));
                for data in data {
                    before = Some(next(&mut data.serial));
                }
            }
            for data in &mut block.stray {
                before = Some(next(&mut data.serial));
            }
            if let Some(trailer) = &mut block.trailer {
                trailer.check = before;
                trailer.end = Some(if at + 1 == blocks { 'E' } else { 'C' });
                next(&mut trailer.serial);
            }
        }
    }
}

/// One record and its line end.
pub fn write_record(out: &mut String, record: &Record<'_>) {
    let line = match record {
        Record::Header(header) => header_line(header),
        Record::Carrier(carrier) => carrier_line(carrier),
        Record::Leg(leg) => leg_line(leg),
        Record::Data(data) => data_line(data),
        Record::Trailer(trailer) => trailer_line(trailer),
        Record::Filler => Line([b'0'; WIDTH]),
        Record::Unknown(text) => {
            out.push_str(text);
            out.push('\n');
            return;
        }
    };
    out.push_str(std::str::from_utf8(&line.0).unwrap_or_default());
    out.push('\n');
}

/// 200 columns, blank at first.
struct Line([u8; WIDTH]);

impl Line {
    const fn new(kind: u8) -> Self {
        let mut columns = [b' '; WIDTH];
        columns[0] = kind;
        Self(columns)
    }

    /// `bytes` from column `at`, cut at column `to`. Beyond ASCII everything is a question mark.
    fn put(&mut self, at: usize, to: usize, text: &str) {
        let Some(columns) = self.0.get_mut(at - 1..to) else { return };
        for (column, ch) in columns.iter_mut().zip(text.chars()) {
            *column = if ch.is_ascii() && !ch.is_ascii_control() { ch as u8 } else { b'?' };
        }
    }

    fn code<const N: usize>(&mut self, at: usize, code: &super::code::Code<N>) {
        if let Some(columns) = self.0.get_mut(at - 1..at - 1 + N) {
            columns.copy_from_slice(code.columns());
        }
    }

    fn letter(&mut self, at: usize, letter: Option<char>) {
        if let Some(letter) = letter {
            self.put(at, at, letter.encode_utf8(&mut [0; 4]));
        }
    }

    /// Right-justified with zeros; what does not fit is left out from the front.
    fn number(&mut self, at: usize, width: usize, number: Option<u32>) {
        let Some(mut rest) = number else { return };
        let Some(columns) = self.0.get_mut(at - 1..at - 1 + width) else { return };
        for column in columns.iter_mut().rev() {
            *column = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
    }

    /// Right-justified with blanks, columns 6 to 9.
    fn flight(&mut self, number: Option<u32>) {
        if let Some(number) = number {
            self.put(6, 9, &format!("{:>4}", number % 10_000));
        }
    }

    fn airport(&mut self, at: usize, airport: Option<Airport>) {
        if let Some(airport) = airport {
            self.put(at, at + 2, airport.as_str());
        }
    }

    fn time(&mut self, at: usize, time: Option<TimeOfDay>) {
        self.number(at, 4, time.map(|time| u32::from(time.minute / 60 * 100 + time.minute % 60)));
    }

    fn offset(&mut self, at: usize, offset: Option<i16>) {
        let Some(offset) = offset else { return };
        self.put(at, at, if offset < 0 { "-" } else { "+" });
        self.time(at + 1, Some(TimeOfDay { minute: offset.unsigned_abs() }));
    }

    fn day(&mut self, at: usize, day: Option<Day>) {
        let Some(Day { year, month, day }) = day else { return };
        self.put(at, at + 4, &DayMonth { day, month }.to_string());
        self.number(at + 5, 2, u32::try_from(year.rem_euclid(100)).ok());
    }

    fn bound(&mut self, at: usize, bound: Option<Bound>) {
        match bound {
            Some(Bound::On(day)) => self.day(at, Some(day)),
            Some(Bound::Open) => self.put(at, at + 6, "00XXX00"),
            None => {}
        }
    }

    fn days(&mut self, at: usize, days: Days) {
        for weekday in (1..=7).filter(|weekday| days.has(*weekday)) {
            self.number(at + usize::from(weekday) - 1, 1, Some(u32::from(weekday)));
        }
    }

    fn variation(&mut self, at: usize, days: Option<i8>) {
        match days {
            Some(-1) => self.put(at, at, "J"),
            Some(days) => self.number(at, 1, u32::try_from(days).ok()),
            None => {}
        }
    }

    fn serial(&mut self, serial: Option<u32>) {
        self.number(195, 6, serial);
    }
}

fn header_line(header: &Header<'_>) -> Line {
    let mut line = Line::new(b'1');
    line.put(2, 35, header.title);
    line.letter(41, header.seasons);
    line.number(192, 3, header.data_set);
    line.serial(header.serial);
    line
}

fn carrier_line(carrier: &Carrier<'_>) -> Line {
    let mut line = Line::new(b'2');
    line.letter(2, carrier.time_mode.map(|mode| if mode == TimeMode::Utc { 'U' } else { 'L' }));
    line.code(3, &carrier.airline);
    line.code(6, &carrier.reserved);
    line.code(11, &carrier.season);
    line.bound(15, carrier.from);
    line.bound(22, carrier.to);
    line.day(29, carrier.created);
    line.put(36, 64, carrier.title);
    line.day(65, carrier.released);
    line.letter(72, carrier.status);
    line.put(73, 107, carrier.creator);
    line.put(109, 188, carrier.information);
    line.code(189, &carrier.e_ticket);
    line.time(191, carrier.created_at);
    line.serial(carrier.serial);
    line
}

fn leg_line(leg: &Leg) -> Line {
    let mut line = Line::new(b'3');
    line.letter(2, leg.suffix);
    line.code(3, &leg.airline);
    line.flight(leg.number);
    line.number(10, 2, leg.variation.map(u32::from));
    line.number(12, 2, leg.sequence.map(u32::from));
    line.letter(14, leg.service_type);
    line.bound(15, leg.from);
    line.bound(22, leg.to);
    line.days(29, leg.days);
    line.number(36, 1, leg.every_weeks.map(u32::from));
    point(&mut line, &leg.departure, [37, 40, 44, 48, 53, 193]);
    point(&mut line, &leg.arrival, [55, 62, 58, 66, 71, 194]);
    line.code(73, &leg.equipment);
    line.code(76, &leg.booking_classes);
    line.code(96, &leg.booking_modifiers);
    line.code(101, &leg.meals);
    line.code(111, &leg.joint_airlines);
    line.code(120, &leg.connecting_status);
    line.letter(122, leg.secure_flight);
    let hundreds = leg.variation.map(|variation| u32::from(variation / 100));
    line.number(128, 1, hundreds.filter(|hundreds| *hundreds > 0));
    line.code(129, &leg.owner);
    line.code(132, &leg.cockpit_crew);
    line.code(135, &leg.cabin_crew);
    line.code(138, &leg.onward);
    line.letter(148, leg.transit_layover);
    line.letter(149, leg.disclosure);
    line.code(150, &leg.restrictions);
    line.code(162, &leg.reserved);
    line.code(173, &leg.configuration);
    line.serial(leg.serial);
    line
}

/// Columns of the station, passenger time, aircraft time, offset, terminal and date variation.
fn point(line: &mut Line, point: &Point, columns: [usize; 6]) {
    let [station, passengers, aircraft, offset, terminal, variation] = columns;
    line.airport(station, point.airport);
    line.time(passengers, point.passenger_time);
    line.time(aircraft, point.aircraft_time);
    line.offset(offset, point.offset);
    line.code(terminal, &point.terminal);
    line.variation(variation, point.day_change);
}

fn data_line(data: &SegmentData<'_>) -> Line {
    let mut line = Line::new(b'4');
    line.letter(2, data.suffix);
    line.code(3, &data.airline);
    line.flight(data.number);
    line.number(10, 2, data.variation.map(u32::from));
    line.number(12, 2, data.sequence.map(u32::from));
    line.letter(14, data.service_type);
    let hundreds = data.variation.map(|variation| u32::from(variation / 100));
    line.number(28, 1, hundreds.filter(|hundreds| *hundreds > 0));
    line.code(29, &data.indicators);
    line.number(31, 3, data.element.map(u32::from));
    line.airport(34, data.board);
    line.airport(37, data.off);
    line.put(40, 194, data.text);
    line.serial(data.serial);
    line
}

fn trailer_line(trailer: &Trailer) -> Line {
    let mut line = Line::new(b'5');
    line.code(3, &trailer.airline);
    line.day(6, trailer.released);
    line.number(188, 6, trailer.check);
    line.letter(194, trailer.end);
    line.serial(trailer.serial);
    line
}
