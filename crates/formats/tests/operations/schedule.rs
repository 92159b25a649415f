//! Schedules written and read again; ways a file can be cut into lines.

use formats::schedule::{
    Block, Bound, Carrier, Code, Days, FlightLeg, Header, Leg, Point, Record, Schedule,
    SegmentData, TimeMode, Trailer, legs, parse, records, write,
};
use formats::when::Day;
use formats::{Airport, TimeOfDay};
use proptest::option::of;
use proptest::prelude::*;

use crate::formats_under_test::{ALL, fixtures};

fn fixture(name: &str) -> String {
    let format = ALL.iter().find(|format| format.name == "schedule").unwrap();
    fixtures(format).into_iter().find(|(found, _)| found == name).unwrap().1
}

fn day() -> impl Strategy<Value = Day> {
    (1980..=2079_i32, 1..=12_u8, 1..=28_u8)
        .prop_map(|(year, month, day)| Day::new(year, month, day).unwrap())
}

fn bound() -> impl Strategy<Value = Bound> {
    prop_oneof![4 => day().prop_map(Bound::On), 1 => Just(Bound::Open)]
}

fn code<const N: usize>() -> impl Strategy<Value = Code<N>> {
    let letters = prop::char::ranges(vec!['A'..='Z', '0'..='9'].into());
    prop::collection::vec(letters, 0..=N)
        .prop_map(|text| Code::new(&text.into_iter().collect::<String>()).unwrap())
}

fn time() -> impl Strategy<Value = TimeOfDay> {
    (0..=1440_u16).prop_map(|minute| TimeOfDay { minute })
}

fn letter() -> impl Strategy<Value = Option<char>> {
    of(prop::char::range('A', 'Z'))
}

fn airport() -> impl Strategy<Value = Airport> {
    "[A-Z]{3}".prop_map(|text| Airport::read(&text).unwrap())
}

fn point() -> impl Strategy<Value = Point> {
    (of(airport()), of(time()), of(time()), of(-840..=840_i16), code(), of(-1..=7_i8)).prop_map(
        |(airport, passenger_time, aircraft_time, offset, terminal, day_change)| Point {
            airport,
            passenger_time,
            aircraft_time,
            offset,
            terminal,
            day_change,
        },
    )
}

fn serial() -> impl Strategy<Value = Option<u32>> {
    of(1..=999_999_u32)
}

fn leg() -> impl Strategy<Value = Leg> {
    let key = (code(), of(0..=9999_u32), letter(), of(0..=999_u16), of(0..=99_u8), letter());
    let when = (of(bound()), of(bound()), 0..128_u8, of(1..=9_u8), point(), point());
    let codes = (code(), code(), code(), code(), code(), code(), code(), code(), code());
    // Records are trimmed: the serial number keeps an empty one from being a cut one.
    let numbered = (1..=999_999_u32).prop_map(Some);
    let rest = (code(), letter(), letter(), letter(), code(), code(), code(), numbered);
    (key, when, codes, rest).prop_map(|(key, when, codes, rest)| Leg {
        airline: key.0,
        number: key.1,
        suffix: key.2,
        variation: key.3,
        sequence: key.4,
        service_type: key.5,
        from: when.0,
        to: when.1,
        days: Days::from_bits(when.2),
        every_weeks: when.3,
        departure: when.4,
        arrival: when.5,
        equipment: codes.0,
        booking_classes: codes.1,
        booking_modifiers: codes.2,
        meals: codes.3,
        joint_airlines: codes.4,
        connecting_status: codes.5,
        owner: codes.6,
        cockpit_crew: codes.7,
        cabin_crew: codes.8,
        onward: rest.0,
        secure_flight: rest.1,
        transit_layover: rest.2,
        disclosure: rest.3,
        restrictions: rest.4,
        reserved: rest.5,
        configuration: rest.6,
        serial: rest.7,
    })
}

fn data() -> impl Strategy<Value = SegmentData<'static>> {
    let text = prop::sample::select(vec!["", "ZH 4012 /LH 7321", "EXAMPLE AIRWAYS"]);
    let numbered = (1..=999_999_u32).prop_map(Some);
    (code(), of(0..=999_u16), of(airport()), of(airport()), text, numbered).prop_map(
        |(indicators, element, board, off, text, serial)| SegmentData {
            indicators,
            element,
            board,
            off,
            text,
            serial,
            ..SegmentData::default()
        },
    )
}

fn flight_leg() -> impl Strategy<Value = FlightLeg<'static>> {
    (leg(), prop::collection::vec(data(), 0..3)).prop_map(|(leg, mut data)| {
        for data in &mut data {
            (data.airline, data.number, data.suffix) = (leg.airline, leg.number, leg.suffix);
            (data.variation, data.sequence) = (leg.variation, leg.sequence);
        }
        FlightLeg { leg, data }
    })
}

fn block() -> impl Strategy<Value = Block<'static>> {
    let mode = of(prop::sample::select(vec![TimeMode::Utc, TimeMode::Local]));
    let carrier = (mode, code(), code(), of(bound()), of(bound()), of(day()), serial());
    let carrier = carrier.prop_map(|(time_mode, airline, season, from, to, created, serial)| {
        let title = "SUMMER SCHEDULE";
        Carrier {
            time_mode,
            airline,
            season,
            from,
            to,
            created,
            title,
            serial,
            ..Carrier::default()
        }
    });
    let trailer = (code(), of(day()), of(0..=999_999_u32), letter(), serial());
    let trailer = trailer.prop_map(|(airline, released, check, end, serial)| Trailer {
        airline,
        released,
        check,
        end,
        serial,
    });
    (carrier, prop::collection::vec(flight_leg(), 0..4), trailer).prop_map(
        |(carrier, legs, trailer)| Block {
            carrier: Some(carrier),
            legs,
            stray: Vec::new(),
            trailer: Some(trailer),
        },
    )
}

fn schedule() -> impl Strategy<Value = Schedule<'static>> {
    (prop::collection::vec(block(), 0..3), serial()).prop_map(|(blocks, serial)| {
        let title = "AIRLINE STANDARD SCHEDULE DATA SET";
        let header = Header { title, seasons: Some('1'), data_set: Some(1), serial };
        Schedule { header: Some(header), blocks, unknown: Vec::new() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn written_schedules_read_back(schedule in schedule()) {
        // Two legs with the same key share their segment data when read; none is lost.
        let written = write(&schedule);
        let (read, _) = parse(&written);
        prop_assert_eq!(write(&read), write(&parse(&write(&read)).0));
        let count = |schedule: &Schedule<'_>| {
            schedule.legs().map(|(_, leg)| leg.data.len()).sum::<usize>() + schedule.stray().count()
        };
        prop_assert_eq!(count(&read), count(&schedule));
        for ((_, left), (_, right)) in read.legs().zip(schedule.legs()) {
            prop_assert_eq!(left, right);
        }
        prop_assert_eq!(&read, &schedule);
    }

    #[test]
    fn operations_are_within_the_window(leg in leg(), from in day(), days in 0..800_i64) {
        let to = from.plus(days).unwrap();
        let all: Vec<_> = leg.operations(TimeMode::Local, from, to).collect();
        prop_assert!(all.len() <= 801);
        for operation in &all {
            prop_assert!(operation.date >= from && operation.date <= to);
            prop_assert!(leg.days.on(operation.date));
        }
        prop_assert!(all.windows(2).all(|pair| pair[0].date < pair[1].date));
    }
}

#[test]
fn a_file_reads_the_same_however_it_is_cut_into_lines() {
    let whole = fixture("two_carriers");
    let (expected, _) = parse(&whole);
    let trimmed: String = whole.lines().map(|line| format!("{}\r\n", line.trim_end())).collect();
    let joined = whole.replace('\n', "");
    let old = whole.replace('\n', "\r");
    let marked = format!("\u{feff}{whole}\u{1a}");
    for other in [&trimmed, &joined, &old, &marked] {
        assert_eq!(parse(other).0, expected);
    }
    // Columns are characters, whatever the name of the creator is written in.
    let named = whole.replacen("JETBRIDGE", "廊桥 ПЭК éX", 1);
    let joined = named.replace('\n', "");
    let (named, joined) = (parse(&named).0, parse(&joined).0);
    assert_eq!(named, joined);
    assert_eq!(named.blocks[0].carrier.unwrap().creator, "廊桥 ПЭК éX");
    assert_eq!(named.blocks[0].carrier.unwrap().serial, Some(2));
}

#[test]
fn written_files_are_the_bytes_that_were_read() {
    let whole = fixture("two_carriers");
    let records: String =
        whole.split_inclusive('\n').filter(|line| !line.starts_with('0')).collect();
    assert_eq!(write(&parse(&whole).0), records);
    let mut schedule = parse(&whole).0;
    schedule.renumber();
    assert_eq!(write(&schedule), records);
}

#[test]
fn segment_data_may_follow_the_whole_itinerary() {
    let whole = fixture("two_carriers");
    let mut lines: Vec<_> = whole.lines().filter(|line| !line.starts_with('0')).collect();
    // Both legs of CA937, then data about the first of them.
    let second = lines.iter().position(|line| line.starts_with("3 CA  9370102")).unwrap();
    let about_first = lines[second + 1].replacen("0102J", "0101J", 1);
    lines.insert(second + 1, &about_first);
    let text = lines.join("\n");
    let (collected, _) = parse(&text);
    let rows: Vec<_> = legs(&text).map(|row| row.leg).collect();
    assert_eq!(rows, collected.legs().map(|(_, leg)| leg.clone()).collect::<Vec<_>>());
    let of = |sequence| {
        rows.iter().find(|row| row.leg.number == Some(937) && row.leg.sequence == Some(sequence))
    };
    assert_eq!((of(1).unwrap().data.len(), of(2).unwrap().data.len()), (1, 1));
}

#[test]
fn legs_come_with_carrier_and_segment_data() {
    let whole = fixture("two_carriers");
    let rows: Vec<_> = legs(&whole).collect();
    let (collected, _) = parse(&whole);
    assert_eq!(rows.len(), collected.legs().count());
    for (row, (carrier, leg)) in rows.iter().zip(collected.legs()) {
        assert_eq!((row.carrier.as_ref(), &row.leg), (carrier, leg));
        assert!(row.diagnostics.is_empty());
    }
    let sold: Vec<_> = rows[0].leg.sold_as().map(|flight| flight.to_string()).collect();
    assert_eq!(sold, ["ZH4012", "LH7321"]);
    assert_eq!(rows[4].leg.operated_as().unwrap().to_string(), "NZ10");
    let fillers = records(&whole).filter(|row| row.record == Record::Filler).count();
    assert_eq!(fillers, 7);
}
