//! Movements written and read again.

use formats::movement::{
    Delay, Estimate, Figure, Kind, Message, Movement, Passengers, Stamp, parse, write,
};
use formats::{Airport, FlightDesignator, TimeOfDay};
use proptest::option::of;
use proptest::prelude::*;

fn stamp() -> impl Strategy<Value = Stamp> {
    (of(1..=31_u8), 0..1440_u16).prop_map(|(day, minute)| Stamp { day, time: TimeOfDay { minute } })
}

fn airport() -> impl Strategy<Value = Airport> {
    prop::sample::select(vec!["PEK", "SHA", "FRA", "AAA", "DLA", "INF"])
        .prop_map(|text| Airport::read(text).unwrap())
}

fn text(from: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(from)
}

fn delays() -> impl Strategy<Value = Vec<Delay<'static>>> {
    let delay = (text(&["72", "93", "AL", "81"]), of(text(&["72A", "93B"])), of(0..6000_u16))
        .prop_map(|(code, sub_code, minutes)| Delay { code: Some(code), sub_code, minutes });
    prop::collection::vec(delay, 0..=4)
}

fn movement() -> impl Strategy<Value = Movement<'static>> {
    let flight = (text(&["CA", "3U", "AA", "DL", "CCA"]), 1..=9999_u32, of(text(&["A", "D"])));
    let flight = flight.prop_map(|(airline, number, suffix)| FlightDesignator {
        airline,
        number,
        suffix: suffix.and_then(|suffix| suffix.chars().next()),
    });
    let kind = prop::sample::select(vec![Kind::Mvt, Kind::Mva, Kind::Div]);
    let head = (
        kind,
        flight,
        1..=28_u8,
        of(1..=12_u8),
        of(text(&["B2032", "B-2032", "N717AA"])),
        airport(),
    );
    let times = prop::collection::vec(of(stamp()), 12);
    let estimates = prop::collection::vec(
        (stamp(), of(airport())).prop_map(|(time, airport)| Estimate { time, airport }),
        0..3,
    );
    let passengers = (prop::collection::vec(0..900_u32, 1..4), of(0..20_u32))
        .prop_map(|(counts, infants)| Passengers { counts, infants });
    let figure =
        (text(&["TOF", "ZFW"]), 0..900_000_u32).prop_map(|(name, value)| Figure { name, value });
    let rest = (
        of(1..=31_u8),
        of(passengers),
        of(text(&["71", "7A", "AB1"])),
        prop::collection::vec(figure, 0..3),
        prop::collection::vec(text(&["DEICING", "AD1100 WAS WRONG", "NIL", ""]), 0..3),
        prop::collection::vec(text(&["QQ", "WHAT IS IT", "AD99/1"]), 0..3),
    );
    (head, times, estimates, delays(), rest).prop_map(|(head, times, estimates, delays, rest)| {
        let (kind, flight, day, month, registration, station) = head;
        let (leg_day, passengers, diversion_reason, figures, supplementary, other) = rest;
        let mut times = times.into_iter();
        let mut next = || times.next().flatten();
        Movement {
            kind,
            flight: Some(flight),
            day: Some(day),
            month,
            registration,
            station: Some(station),
            off_block: next(),
            airborne: next(),
            estimated_arrivals: estimates,
            touch_down: next(),
            on_block: next(),
            leg_day,
            estimated_departure: next(),
            next_information: next(),
            estimated_take_off: next(),
            estimated_on_block: next(),
            return_to_ramp: next(),
            return_touch_down: next(),
            return_on_block: next(),
            delays,
            passengers,
            diversion_reason,
            figures,
            supplementary,
            other,
        }
    })
}

fn message() -> impl Strategy<Value = Message<'static>> {
    (any::<bool>(), prop::collection::vec(movement(), 1..3), of(1..9_u32))
        .prop_map(|(correction, movements, part)| Message { correction, movements, part })
}

proptest! {
    #[test]
    fn written_messages_read_back(message in message()) {
        let written = write(&message);
        let (read, _) = parse(&written);
        prop_assert_eq!(&read, &message, "{}", written);
    }
}

#[test]
fn fixtures_survive_writing() {
    let format = &crate::formats_under_test::ALL[0];
    assert_eq!(format.name, "movement");
    for (name, content) in crate::formats_under_test::fixtures(format) {
        let (read, _) = parse(&content);
        let written = write(&read);
        assert_eq!(parse(&written).0, read, "{name}: {written}");
    }
}
