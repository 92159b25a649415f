//! Schedule files (SSIM chapter 7) as rows.

use chrono::NaiveDate;
use formats::schedule::{Bound, FlightLeg, TimeMode, itinerary_on};
use uuid::Uuid;

use super::plan::Row;
use crate::messages::Arrival;
use crate::messages::key::{date, day};

/// Where an open period ends.
const FAR: NaiveDate = match NaiveDate::from_ymd_opt(2099, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// Legs in the order of a file: those of one itinerary are read together.
#[derive(Default)]
pub(super) struct Reader {
    held: Vec<(TimeMode, formats::schedule::Leg, String)>,
    pub rows: Vec<Row>,
    /// Places of legs that cannot be used, from 1.
    pub refused: Vec<u32>,
    /// Legs read.
    read: u32,
}

impl Reader {
    /// The next leg.
    pub fn leg(&mut self, mode: TimeMode, leg: &FlightLeg<'_>, arrival: &Arrival) {
        let of = leg.leg;
        let same = self.held.last().is_some_and(|(_, last, _)| {
            (last.airline, last.number, last.suffix, last.variation)
                == (of.airline, of.number, of.suffix, of.variation)
                && (last.from, last.to, last.days) == (of.from, of.to, of.days)
        });
        if !same {
            self.finish(arrival);
        }
        self.read += 1;
        let operated = leg.operated_as().map(|flight| flight.to_string());
        let other = operated.or_else(|| of.is_code_share().then(|| "?".to_owned()));
        self.held.push((mode, of, other.unwrap_or_default()));
    }

    /// The last itinerary.
    pub fn finish(&mut self, arrival: &Arrival) {
        let held = std::mem::take(&mut self.held);
        let Some((mode, first, _)) = held.first() else { return };
        // Of the first of them.
        let place = self.read + 1 - u32::try_from(held.len()).unwrap_or(0);
        let said_on = arrival.said_at.date_naive();
        let bound = |bound: Option<Bound>, open: NaiveDate| match bound? {
            Bound::On(day) => date(day),
            Bound::Open => Some(open),
        };
        let (Some(begins), Some(ends), Some(designator)) =
            (bound(first.from, said_on), bound(first.to, FAR), first.flight())
        else {
            self.refused.extend(place..=self.read);
            return;
        };
        let number = crate::messages::key::number(&designator);
        let carrier = designator.airline.to_owned();
        let legs: Vec<_> = held.iter().map(|(_, leg, _)| leg).collect();
        let flown = itinerary_on(legs.iter().copied(), *mode, day(begins));
        // By UTC a flight may leave on another day than its passengers' calendar says.
        let local = flown.first().and_then(|of| of.departure.local);
        let shift = local.map_or(0, |at| at.day.number() - day(begins).number());
        for (place, ((_, leg, operated), operation)) in (place..).zip(held.iter().zip(&flown)) {
            let (Some(board), Some(off)) = (leg.departure.airport, leg.arrival.airport) else {
                self.refused.push(place);
                continue;
            };
            let (departs, arrives) = (operation.departure.local, operation.arrival.local);
            let base = day(begins).number() + shift;
            let days =
                |at: Option<formats::moment::Moment>| at.map_or(0, |at| at.day.number() - base);
            self.rows.push(Row {
                id: Uuid::nil(),
                carrier: carrier.clone(),
                number: number.clone(),
                variation: leg.variation.map_or(0, i64::from),
                position: leg.sequence.map_or(1, i64::from),
                first_day: moved(begins, shift),
                last_day: moved(ends, shift),
                days: rotated(leg.days.bits(), shift),
                every_weeks: leg.every_weeks.map_or(1, i64::from),
                board_point: board.to_string(),
                off_point: off.to_string(),
                departs_minute: departs.map(|at| at.minute.into()),
                departs_offset: leg.departure.offset.map(i64::from),
                departs_shift: days(departs),
                arrives_minute: arrives.map(|at| at.minute.into()),
                arrives_offset: leg.arrival.offset.map(i64::from),
                arrives_shift: days(arrives),
                aircraft: leg.equipment.as_str().to_owned(),
                service: leg.service_type.map(String::from).unwrap_or_default(),
                operated_by: operated.clone(),
                said_at: arrival.said_at,
                message_id: arrival.message,
            });
        }
    }
}

/// A day `shift` days away.
pub(super) fn moved(of: NaiveDate, shift: i64) -> NaiveDate {
    of.checked_add_signed(chrono::Duration::days(shift)).unwrap_or(of)
}

/// The days of the week a day or two later or earlier.
pub(super) fn rotated(bits: u8, shift: i64) -> i64 {
    let by = u32::try_from(shift.rem_euclid(7)).unwrap_or(0);
    let bits = u32::from(bits);
    i64::from((bits << by | bits >> (7 - by)) & 0x7F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_week_turn_with_the_date() {
        assert_eq!(rotated(0b000_0001, 1), 0b000_0010);
        assert_eq!(rotated(0b100_0000, 1), 0b000_0001);
        assert_eq!(rotated(0b000_0001, -1), 0b100_0000);
        assert_eq!(rotated(0b111_1111, 3), 0b111_1111);
        assert_eq!(rotated(0b010_1010, 0), 0b010_1010);
    }
}
