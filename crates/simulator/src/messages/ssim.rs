//! The schedule file of a day.

use chrono::NaiveDate;
use formats::schedule::{
    Block, Bound, Carrier, Code, Days, FlightLeg, Header, Leg, Point, Schedule, SegmentData,
    TimeMode, Trailer,
};
use formats::{Airport, schedule};

use super::stamp;
use super::timetable::{self, Flight};
use crate::CARRIER;

/// Chapter 7, records of 200 columns: what is scheduled of the flights, on that day alone. Flights of
/// a partner's number have its number in segment data.
pub(crate) fn write(day: NaiveDate, flights: &[Flight]) -> String {
    let date = stamp::day(day);
    let mut legs = Vec::new();
    let mut shared: Vec<String> = Vec::new();
    let mut scheduled: Vec<&Flight> = flights.iter().filter(|flight| flight.scheduled).collect();
    scheduled.sort_by_key(|flight| flight.number);
    for flight in &scheduled {
        let text = flight.partner.map(|(airline, number)| format!("{airline} {number:>4}"));
        shared.push(text.unwrap_or_default());
    }
    for (flight, sold) in scheduled.iter().zip(&shared) {
        for (nth, of) in flight.legs.iter().enumerate() {
            let leg = leg(flight, nth, of);
            let mut data = Vec::new();
            if !sold.is_empty() {
                data.push(SegmentData {
                    airline: leg.airline,
                    number: leg.number,
                    variation: leg.variation,
                    sequence: leg.sequence,
                    service_type: leg.service_type,
                    indicators: Code::new("AB").unwrap_or_default(),
                    element: Some(10),
                    board: leg.departure.airport,
                    off: leg.arrival.airport,
                    text: sold,
                    ..SegmentData::default()
                });
            }
            legs.push(FlightLeg { leg, data });
        }
    }
    let airline = code(CARRIER);
    let bound = Some(Bound::On(date));
    let mut file = Schedule {
        header: Some(Header { title: "AIRLINE STANDARD SCHEDULE DATA SET", ..Header::default() }),
        blocks: vec![Block {
            carrier: Some(Carrier {
                time_mode: Some(TimeMode::Local),
                airline,
                from: bound,
                to: bound,
                created: Some(date),
                title: "SIMULATED AIRLINE",
                released: Some(date),
                status: Some('C'),
                ..Carrier::default()
            }),
            legs,
            stray: Vec::new(),
            trailer: Some(Trailer { airline, ..Trailer::default() }),
        }],
        unknown: Vec::new(),
    };
    file.renumber();
    schedule::write(&file)
}

fn code<const N: usize>(text: &str) -> Code<N> {
    Code::new(text).unwrap_or_default()
}

fn leg(flight: &Flight, nth: usize, of: &timetable::Leg) -> Leg {
    let date = stamp::day(flight.day);
    let seats = flight.aircraft.seats.iter().map(|(letter, seats)| format!("{letter}{seats:03}"));
    let (out, at) = (of.local_departure(), of.local_arrival());
    let offset = |local: chrono::NaiveDateTime, utc: chrono::DateTime<chrono::Utc>| {
        i16::try_from((local - utc.naive_utc()).num_minutes()).ok()
    };
    let change =
        |local: chrono::NaiveDateTime| i8::try_from((local.date() - flight.day).num_days()).ok();
    let point = |airport: &str, local: chrono::NaiveDateTime, utc| Point {
        airport: Airport::read(airport),
        passenger_time: Some(stamp::time_of(local.time())),
        aircraft_time: Some(stamp::time_of(local.time())),
        offset: offset(local, utc),
        day_change: change(local),
        ..Point::default()
    };
    Leg {
        airline: code(CARRIER),
        number: Some(u32::from(flight.number)),
        variation: Some(1),
        sequence: u8::try_from(nth + 1).ok(),
        service_type: Some('J'),
        from: Some(Bound::On(date)),
        to: Some(Bound::On(date)),
        days: Days::default().with(1 + (stamp::day(flight.day).number() + 3).rem_euclid(7) as u8),
        departure: point(of.from.iata, out, of.departs),
        arrival: point(of.to.iata, at, of.arrives),
        equipment: code(flight.aircraft.code),
        booking_classes: code("JCDYBMUHQVLKETSX"),
        configuration: code(&seats.collect::<String>()),
        ..Leg::default()
    }
}
