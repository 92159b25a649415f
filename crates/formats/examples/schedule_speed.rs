//! Measures how fast schedule files are read: `schedule_speed [FILE|MEGABYTES] [REPEATS] [OUT]`.
//!
//! With a number it makes a file of that size in memory (several carriers, marketing and operating
//! flights, line ends of either kind), and writes it to OUT, if one is named, for others to read.

#![expect(clippy::print_stdout, reason = "a measurement is printed")]

mod clock;

use std::hint::black_box;

use formats::schedule::{self, Code, Record, TimeMode};
use formats::when::Day;
use formats::{Airport, TimeOfDay};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_else(|| "128".to_owned());
    let repeats = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(9);
    let bytes = match what.parse::<usize>() {
        Ok(megabytes) => made(megabytes * 1_000_000).into_bytes(),
        Err(_) => std::fs::read(&what).unwrap_or_default(),
    };
    if let Some(out) = arguments.next() {
        std::fs::write(&out, &bytes).unwrap_or_else(|error| println!("{out}: {error}"));
    }
    let whole = measured(&bytes, repeats, |text| {
        schedule::records(text).map(|row| usize::from(is_leg(black_box(&row.record)))).sum()
    });
    let legs = measured(&bytes, repeats, |text| {
        schedule::legs(text).map(|row| black_box(&row.leg).data.len() + 1).sum()
    });
    let collected = measured(&bytes, repeats.min(3), |text| schedule::parse(text).0.legs().count());
    println!("{} MB", bytes.len() / 1_000_000);
    for (name, (speeds, count)) in [("records", whole), ("legs", legs), ("collected", collected)] {
        print!("{name}: {count} counted\n{speeds}");
    }
}

fn is_leg(record: &Record<'_>) -> bool {
    matches!(record, Record::Leg(_))
}

/// Decoding (the check that it is text) is part of the time.
fn measured(bytes: &[u8], repeats: usize, read: impl Fn(&str) -> usize) -> (clock::Speeds, usize) {
    let mut speeds = clock::Speeds::default();
    let mut count = 0;
    for _ in 0..repeats.max(1) {
        count = speeds.of(bytes.len(), || {
            let text = formats::text::decode(black_box(bytes));
            read(text.as_str())
        });
    }
    (speeds, count)
}

fn made(size: usize) -> String {
    let mut out = String::with_capacity(size + 1_000_000);
    let title = "AIRLINE STANDARD SCHEDULE DATA SET";
    let header = schedule::Header { title, ..Default::default() };
    schedule::write_record(&mut out, &Record::Header(header));
    let mut serial = 1_u32;
    let mut flight = 0_u32;
    while out.len() < size {
        let airlines = ["CA", "ZH", "SC", "NX"];
        let airline = airlines[flight as usize / 40_000 % airlines.len()];
        let airline = Code::new(airline).unwrap_or_default();
        if flight.is_multiple_of(40_000) {
            let time_mode = Some(TimeMode::Local);
            let carrier = schedule::Carrier { time_mode, airline, ..Default::default() };
            schedule::write_record(&mut out, &Record::Carrier(carrier));
        }
        flight += 1;
        serial = serial % 999_999 + 1;
        let leg = schedule::Leg { airline, serial: Some(serial), ..leg(flight) };
        schedule::write_record(&mut out, &Record::Leg(leg));
        if flight.is_multiple_of(4) {
            serial = serial % 999_999 + 1;
            let data = schedule::SegmentData {
                airline,
                number: leg.number,
                variation: leg.variation,
                sequence: leg.sequence,
                element: Some(10),
                board: leg.departure.airport,
                off: leg.arrival.airport,
                text: "LH 7321 /UA 8801",
                serial: Some(serial),
                ..Default::default()
            };
            schedule::write_record(&mut out, &Record::Data(data));
        }
    }
    out
}

fn leg(flight: u32) -> schedule::Leg {
    let stations = ["PEK", "SHA", "CAN", "CTU", "SZX", "XIY", "KMG", "HGH", "FRA", "LHR", "JFK"];
    let point = |at: u32| {
        let time = TimeOfDay { minute: u16::try_from(at * 37 % 1440).unwrap_or(0) };
        schedule::Point {
            airport: Airport::read(stations[at as usize % stations.len()]),
            passenger_time: Some(time),
            aircraft_time: Some(time),
            offset: Some(480),
            ..Default::default()
        }
    };
    schedule::Leg {
        number: Some(flight % 9_999 + 1),
        variation: Some(1),
        sequence: Some(1),
        service_type: Some('J'),
        from: Day::new(2026, 10, 25).map(schedule::Bound::On),
        to: Day::new(2027, 3, 27).map(schedule::Bound::On),
        days: schedule::Days::from_bits(flight as u8),
        departure: point(flight),
        arrival: point(flight / 3 + 5),
        equipment: Code::new("738").unwrap_or_default(),
        booking_classes: Code::new("FAYBMUHQVWSTLNKGE").unwrap_or_default(),
        configuration: Code::new("C8Y168").unwrap_or_default(),
        ..Default::default()
    }
}
