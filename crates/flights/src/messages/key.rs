//! Which flight a message is about.

use chrono::{Datelike, NaiveDate};
use formats::{DayMonth, FlightDesignator, Message};

use super::FlightKey;

/// `1501`, `1501D`.
pub(crate) fn number(designator: &FlightDesignator<'_>) -> String {
    let suffix = designator.suffix.map(String::from).unwrap_or_default();
    format!("{}{suffix}", designator.number)
}

/// A day of the pure parsers.
pub(crate) fn day(date: NaiveDate) -> formats::when::Day {
    let (month, day) = (date.month() as u8, date.day() as u8);
    formats::when::Day { year: date.year(), month, day }
}

/// And back.
pub(crate) fn date(day: formats::when::Day) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year, day.month.into(), day.day.into())
}

/// `22NOV`, the nearest to `near`.
pub(crate) fn nearest(of: DayMonth, near: NaiveDate) -> Option<NaiveDate> {
    of.nearest(day(near)).and_then(date)
}

fn key(flight: &FlightDesignator<'_>, date: Option<NaiveDate>, board: &str) -> Option<FlightKey> {
    Some(FlightKey {
        carrier: flight.airline.to_owned(),
        number: number(flight),
        date: date?,
        board: board.to_owned(),
    })
}

/// `24` or `24NOV`, the nearest to `near`.
fn numbered(day_of: Option<u8>, month: Option<u8>, near: NaiveDate) -> Option<NaiveDate> {
    let found = match (day_of?, month) {
        (of, Some(month)) => DayMonth { day: of, month }.nearest(day(near)),
        (of, None) => formats::when::nearest_numbered(of, day(near)),
    };
    found.and_then(date)
}

/// The flight of a load message, which names no boarding point.
pub(crate) fn of_load(load: &formats::load::Message<'_>, near: NaiveDate) -> Option<FlightKey> {
    key(load.flight.as_ref()?, numbered(load.day, load.month, near), "")
}

/// The flight a message is about; see [`crate::Flights::flight_of`].
pub(super) fn flight_of(message: &Message<'_>, near: NaiveDate) -> Option<FlightKey> {
    match message {
        Message::PassengerList(list) => {
            let flight = list.flight.as_ref()?;
            key(&flight.designator, nearest(flight.date?, near), flight.board)
        }
        Message::Services(list) => {
            let flight = list.flight.as_ref()?;
            key(&flight.designator, nearest(flight.date?, near), flight.board)
        }
        Message::Transfers(list) => {
            let flight = list.flight.as_ref()?;
            key(&flight.designator, nearest(flight.date?, near), flight.board)
        }
        Message::Movements(message) => {
            let movement = message.movements.iter().find(|of| of.flight.is_some())?;
            let station = movement.station.map(|of| of.to_string()).unwrap_or_default();
            key(movement.flight.as_ref()?, numbered(movement.day, movement.month, near), &station)
        }
        Message::Load(load) => of_load(load, near),
        Message::BoardingPass(pass) => {
            let leg = pass.legs.first()?;
            let (airline, number) = (leg.carrier?, leg.number?);
            let flight = FlightDesignator { airline, number, suffix: leg.suffix };
            let board = leg.from.map(|of| of.to_string()).unwrap_or_default();
            key(&flight, pass.flown_on(leg, day(near)).and_then(date), &board)
        }
        _ => None,
    }
}
