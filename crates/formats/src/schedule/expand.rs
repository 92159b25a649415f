//! From a leg over a period to dated departures.

use serde::Serialize;

use super::model::{Bound, Leg, Point, TimeMode};
use crate::moment::Moment;
use crate::when::{Day, TimeOfDay};

/// A century: no window is longer, whatever the caller says.
const MOST_DAYS: i64 = 36_525;

const MINUTES_A_DAY: i64 = 24 * 60;

/// One event by both clocks. None where the offset or the time is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// At its airport.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<Moment>,
    /// UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utc: Option<Moment>,
}

/// One leg on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// The flight's date: departure of its first leg, by the clock of the file (see [`TimeMode`]).
    pub date: Day,
    /// Off block, as told to passengers.
    pub departure: Clock,
    /// On block, as told to passengers.
    pub arrival: Clock,
}

impl Leg {
    /// The days of the flight from `first` to `last`, both included, at most a century.
    #[must_use]
    pub fn operations(&self, mode: TimeMode, first: Day, last: Day) -> Operations {
        let begins = match self.from {
            Some(Bound::On(day)) => day.number(),
            Some(Bound::Open) => i64::MIN,
            None => i64::MAX,
        };
        let ends = match self.to {
            Some(Bound::On(day)) => day.number(),
            Some(Bound::Open) => i64::MAX,
            None => i64::MIN,
        };
        let next = begins.max(first.number());
        let last = ends.min(last.number()).min(next.saturating_add(MOST_DAYS));
        let start = if begins == i64::MIN { next } else { begins };
        Operations { leg: *self, mode, next, last, start }
    }

    /// The operation whose flight date is `date`, whether or not it flies on that day.
    #[must_use]
    pub fn operation_on(&self, mode: TimeMode, date: Day) -> Operation {
        let later = self.departure.day_change.unwrap_or(0);
        let departure = clock(mode, date, &self.departure, i64::from(later));
        let told = self.arrival.day_change;
        // Unknown: from the day before the departure's (over the date line), the first that is
        // later.
        let from = told.unwrap_or(if departure.utc.is_some() { later - 1 } else { later });
        let mut arrival = clock(mode, date, &self.arrival, i64::from(from));
        for more in 1..=3 {
            let block = match (departure.utc, arrival.utc, departure.local, arrival.local) {
                (Some(left), Some(there), ..) | (.., Some(left), Some(there)) => {
                    there.minutes_since(left)
                }
                _ => break,
            };
            if block > 0 {
                break;
            }
            arrival = clock(mode, date, &self.arrival, i64::from(from) + more);
        }
        Operation { date, departure, arrival }
    }
}

/// One day of a whole itinerary: its legs in order, all of the flight that leaves on `date`. A leg
/// whose date variation was left blank leaves after the leg before it has arrived.
#[must_use]
pub fn itinerary_on<'l>(
    legs: impl IntoIterator<Item = &'l Leg>,
    mode: TimeMode,
    date: Day,
) -> Vec<Operation> {
    let mut all: Vec<Operation> = Vec::new();
    for leg in legs {
        let mut operation = leg.operation_on(mode, date);
        let before = all.last().and_then(|before| before.arrival.utc);
        let told = leg.departure.day_change.is_some();
        if let (Some(before), Some(departure), false) = (before, operation.departure.utc, told) {
            let late = before.minutes_since(departure).max(0);
            let days = (late + MINUTES_A_DAY - 1) / MINUTES_A_DAY;
            operation.departure = operation.departure.later(days);
            operation.arrival = operation.arrival.later(days);
        }
        all.push(operation);
    }
    all
}

impl Clock {
    fn later(self, days: i64) -> Self {
        let moved = |moment: Option<Moment>| moment?.plus(days * MINUTES_A_DAY);
        Self { local: moved(self.local), utc: moved(self.utc) }
    }
}

fn clock(mode: TimeMode, date: Day, point: &Point, days: i64) -> Clock {
    let at = |time: TimeOfDay| Moment::new(date, time)?.plus(days * MINUTES_A_DAY);
    let written = point.time().and_then(at);
    let moved = |sign: i64| written?.plus(sign * i64::from(point.offset?));
    match mode {
        TimeMode::Utc => Clock { local: moved(1), utc: written },
        TimeMode::Local => Clock { local: written, utc: moved(-1) },
    }
}

/// See [`Leg::operations`].
#[derive(Clone, Debug)]
pub struct Operations {
    leg: Leg,
    mode: TimeMode,
    next: i64,
    last: i64,
    start: i64,
}

impl Iterator for Operations {
    type Item = Operation;

    fn next(&mut self) -> Option<Operation> {
        while self.next <= self.last {
            let number = self.next;
            self.next += 1;
            let day = Day::from_number(number)?;
            // Every other week counts from the first day of the period.
            let week = (number - self.start).div_euclid(7);
            let weeks = i64::from(self.leg.every_weeks.unwrap_or(1).max(1));
            if self.leg.days.on(day) && week % weeks == 0 {
                return Some(self.leg.operation_on(self.mode, day));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::{Record, record};

    fn leg(times: &str, days: &str, weeks: char, variation: &str) -> Leg {
        let key = format!("3 CA 15010101J01NOV2630NOV26{days}{weeks}");
        let line = format!("{:<192}{variation}", format!("{key}{times}"));
        match record(&line).record {
            Record::Leg(leg) => leg,
            other => panic!("{other:?}"),
        }
    }

    fn day(day: u8) -> Day {
        Day::new(2026, 11, day).unwrap()
    }

    #[test]
    fn days_of_the_week_over_a_period() {
        let leg = leg("PEK08000800+0800  SHA10101010+0800  738", "1 3    ", ' ', "00");
        let days: Vec<u8> = leg
            .operations(TimeMode::Local, day(1), day(20))
            .map(|operation| operation.date.day)
            .collect();
        assert_eq!(days, [2, 4, 9, 11, 16, 18]);
        let first = leg.operations(TimeMode::Local, day(1), day(20)).next().unwrap();
        assert_eq!(first.departure.utc.unwrap().to_string(), "2026-11-02T00:00");
        assert_eq!(first.arrival.local.unwrap().to_string(), "2026-11-02T10:10");
    }

    #[test]
    fn legs_after_midnight_without_a_date_variation() {
        let first = leg("PEK13301330+0800  SVO22002200+0300  789", "1234567", ' ', "  ");
        let second = leg("SVO00300030+0300  LHR02300230+0100  789", "1234567", ' ', "  ");
        let all = itinerary_on([&first, &second], TimeMode::Local, day(2));
        assert_eq!(all[1].departure.local.unwrap().to_string(), "2026-11-03T00:30");
        assert_eq!(all[1].arrival.utc.unwrap().to_string(), "2026-11-03T01:30");
        let told = leg("SVO00300030+0300  LHR02300230+0100  789", "1234567", ' ', "11");
        assert_eq!(itinerary_on([&first, &told], TimeMode::Local, day(2))[1], all[1]);
    }

    #[test]
    fn every_other_week() {
        let leg = leg("PEK08000800+0800  SHA10101010+0800  738", "      7", '2', "00");
        let days: Vec<u8> = leg
            .operations(TimeMode::Local, day(1), day(30))
            .map(|operation| operation.date.day)
            .collect();
        assert_eq!(days, [1, 15, 29]);
    }

    #[test]
    fn arrivals_over_midnight_and_over_the_date_line() {
        let arrival = |times: &str, mode, variation: &str| {
            let operation = leg(times, "1234567", ' ', variation).operation_on(mode, day(2));
            (
                operation.arrival.local.unwrap().to_string(),
                operation.arrival.utc.unwrap().to_string(),
            )
        };
        let late = "DZA23302330+0300  RUN02300230+0400  733";
        let expected = ("2026-11-03T02:30".to_owned(), "2026-11-02T22:30".to_owned());
        assert_eq!(arrival(late, TimeMode::Local, "  "), expected);
        assert_eq!(arrival(late, TimeMode::Local, "01"), expected);
        assert_eq!(arrival(late, TimeMode::Local, "00"), expected);
        let west = "AKL10001000+1300  HNL22002200-1000  789";
        let expected = ("2026-11-01T22:00".to_owned(), "2026-11-02T08:00".to_owned());
        assert_eq!(arrival(west, TimeMode::Local, "0J"), expected);
        assert_eq!(arrival(west, TimeMode::Local, "  "), expected);
        let utc = "PEK20002000+0800  LAX08000800-0800  789";
        let expected = ("2026-11-03T00:00".to_owned(), "2026-11-03T08:00".to_owned());
        assert_eq!(arrival(utc, TimeMode::Utc, "01"), expected);
        assert_eq!(arrival(utc, TimeMode::Utc, "  "), expected);
    }
}
