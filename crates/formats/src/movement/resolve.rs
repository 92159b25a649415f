//! Days for the times of a movement.

use serde::Serialize;

use super::model::{Movement, Stamp};
use crate::flight::Airport;
use crate::moment::Moment;
use crate::when::nearest_numbered;

/// A flight is taken to be at most this early; anything earlier by the clock is the next day.
const MOST_EARLY_MINUTES: i64 = 4 * 60;

const MINUTES_A_DAY: i64 = 24 * 60;

/// What a leg was to do, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// Off block.
    pub departure: Moment,
    /// On block. Departure plus some hours will do.
    pub arrival: Moment,
}

/// The times of a movement with their days, UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resolved {
    /// AD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_block: Option<Moment>,
    /// AD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub airborne: Option<Moment>,
    /// EA, with the airport it is about if told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub estimated_arrivals: Vec<(Moment, Option<Airport>)>,
    /// AA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touch_down: Option<Moment>,
    /// AA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_block: Option<Moment>,
    /// ED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_departure: Option<Moment>,
    /// NI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_information: Option<Moment>,
    /// EO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_take_off: Option<Moment>,
    /// EB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_on_block: Option<Moment>,
    /// RR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_to_ramp: Option<Moment>,
    /// FR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_touch_down: Option<Moment>,
    /// FR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_on_block: Option<Moment>,
}

impl Stamp {
    /// A day for this time of something scheduled at `scheduled`. Six digits: the day of that
    /// number nearest to the schedule. Four: the day of the schedule, then rolled over midnight so
    /// that the time is at most four hours early and less than twenty late.
    #[must_use]
    pub fn resolve(self, scheduled: Moment) -> Option<Moment> {
        let Some(day) = self.day else {
            return self.after(scheduled.plus(-MOST_EARLY_MINUTES)?);
        };
        Moment::new(nearest_numbered(day, scheduled.day)?, self.time)
    }

    /// The first moment of that time, and that day if told, at `earlier` or later.
    #[must_use]
    pub fn after(self, earlier: Moment) -> Option<Moment> {
        let first = Moment::new(earlier.day, self.time)?;
        let ahead = first.minutes_since(earlier).rem_euclid(MINUTES_A_DAY);
        let daily = earlier.plus(ahead)?;
        match self.day {
            None => Some(daily),
            Some(day) => (0..=62)
                .filter_map(|days| daily.plus(days * MINUTES_A_DAY))
                .find(|moment| moment.day.day == day),
        }
    }
}

impl Movement<'_> {
    /// Days for all times. What follows something told in the same message (airborne after off
    /// block) is set after it; the rest against the schedule. Six digits are always set against it.
    #[must_use]
    pub fn resolved(&self, scheduled: Scheduled) -> Resolved {
        let Scheduled { departure, arrival } = scheduled;
        let near = |stamp: Option<Stamp>, scheduled| stamp?.resolve(scheduled);
        let follow = |stamp: Option<Stamp>, earlier: Option<Moment>, scheduled| {
            let stamp = stamp?;
            match earlier.filter(|_| stamp.day.is_none()) {
                Some(earlier) => stamp.after(earlier),
                None => stamp.resolve(scheduled),
            }
        };
        let off_block = near(self.off_block, departure);
        let airborne = follow(self.airborne, off_block, departure);
        let estimated_take_off = follow(self.estimated_take_off, off_block, departure);
        let flying = airborne.or(estimated_take_off);
        let touch_down = follow(self.touch_down, flying, arrival);
        let mut estimated_arrivals = Vec::with_capacity(self.estimated_arrivals.len());
        for estimate in &self.estimated_arrivals {
            let last = estimated_arrivals.last().map(|(moment, _)| *moment);
            if let Some(moment) = follow(Some(estimate.time), last.or(flying), arrival) {
                estimated_arrivals.push((moment, estimate.airport));
            }
        }
        let landed = touch_down.or(estimated_arrivals.first().map(|(moment, _)| *moment));
        let return_touch_down = follow(self.return_touch_down, airborne, departure);
        Resolved {
            off_block,
            airborne,
            touch_down,
            on_block: follow(self.on_block, touch_down, arrival),
            estimated_departure: near(self.estimated_departure, departure),
            next_information: near(self.next_information, departure),
            estimated_take_off,
            estimated_on_block: follow(self.estimated_on_block, landed, arrival),
            return_to_ramp: follow(self.return_to_ramp, off_block, departure),
            return_touch_down,
            return_on_block: follow(self.return_on_block, return_touch_down, departure),
            estimated_arrivals,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::when::{Day, TimeOfDay};

    fn moment(day: u8, minute: u16) -> Moment {
        Moment::new(Day::new(2026, 11, day).unwrap(), TimeOfDay { minute }).unwrap()
    }

    fn resolved(stamp: &str, day: u8, minute: u16) -> String {
        Stamp::read(stamp).unwrap().resolve(moment(day, minute)).unwrap().to_string()
    }

    #[test]
    fn four_digits_roll_over_midnight() {
        assert_eq!(resolved("0010", 21, 23 * 60 + 50), "2026-11-22T00:10");
        assert_eq!(resolved("2355", 21, 5), "2026-11-20T23:55");
        assert_eq!(resolved("1500", 21, 20 * 60), "2026-11-22T15:00");
        assert_eq!(resolved("1605", 21, 20 * 60), "2026-11-21T16:05");
        assert_eq!(resolved("2400", 21, 23 * 60), "2026-11-22T00:00");
    }

    #[test]
    fn six_digits_are_the_nearest_day() {
        assert_eq!(resolved("010010", 30, 23 * 60), "2026-12-01T00:10");
        assert_eq!(resolved("311200", 1, 60), "2026-10-31T12:00");
        assert!(Stamp::read("321200").is_none() && Stamp::read("001200").is_none());
    }

    #[test]
    fn later_events_follow_earlier_ones() {
        let text = "MVT\nCA1/30.B1.PEK\nAD2350/0010 EA0600 SHA EB0610";
        let (message, _) = crate::movement::parse(text);
        let scheduled = Scheduled { departure: moment(30, 600), arrival: moment(30, 900) };
        let resolved = message.movements[0].resolved(scheduled);
        assert_eq!(resolved.airborne.unwrap().to_string(), "2026-12-01T00:10");
        assert_eq!(resolved.estimated_arrivals[0].0.to_string(), "2026-12-01T06:00");
        assert_eq!(resolved.estimated_on_block.unwrap().to_string(), "2026-12-01T06:10");
    }
}
