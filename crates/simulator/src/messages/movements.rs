//! What moved: MVT, DIV, and the ASM of a cancelled flight.

use chrono::{DateTime, Duration, Timelike, Utc};
use formats::envelope;
use formats::movement::{self, Delay, Estimate, Kind, Message, Movement, Passengers};
use formats::{Airport, FlightDesignator};

use super::delays::{Flown, NO_REASON};
use super::operation::Operated;
use super::stamp::{self, day_month};
use crate::CARRIER;
use crate::dice::Dice;

/// A message and when it is sent.
pub(crate) struct Sent {
    pub(crate) at: DateTime<Utc>,
    pub(crate) kind: &'static str,
    pub(crate) board: &'static str,
    pub(crate) text: String,
}

/// All movement messages of a flight, by leg in the order of events.
pub(crate) fn of(operated: &Operated, dice: &mut Dice) -> Vec<Sent> {
    if operated.cancelled {
        return cancelled(operated, dice).into_iter().collect();
    }
    let mut sent = Vec::new();
    for nth in 0..operated.legs.len() {
        Leg { operated, nth, with_days: dice.chance(0.5) }.messages(&mut sent, dice);
    }
    sent
}

struct Leg<'a> {
    operated: &'a Operated,
    nth: usize,
    with_days: bool,
}

impl<'a> Leg<'a> {
    fn flown(&self) -> &'a Flown {
        &self.operated.legs[self.nth]
    }

    fn blank(&self, station: &str) -> Movement<'a> {
        let flight = &self.operated.flight;
        let number = u32::from(flight.number);
        let departs = flight.legs.first().map(|leg| leg.departs).unwrap_or_default();
        Movement {
            flight: Some(FlightDesignator { airline: CARRIER, number, suffix: None }),
            day: Some(stamp::day(departs.date_naive()).day),
            registration: Some(&self.operated.registration),
            station: Airport::read(station),
            ..Movement::default()
        }
    }

    fn late(&self) -> i64 {
        let departs = self.operated.flight.legs[self.nth].departs;
        (self.flown().off_block - departs).num_minutes()
    }

    fn messages(&self, sent: &mut Vec<Sent>, dice: &mut Dice) {
        let leg = &self.operated.flight.legs[self.nth];
        let (from, to) = (leg.from.iata, leg.to.iata);
        let flown = self.flown();
        let days = self.with_days || self.late() > 240;
        let minutes = Duration::minutes;
        if self.late() > 30 {
            let at = leg.departs - minutes(dice.between(10, 40));
            let mut moved = self.blank(from);
            moved.estimated_departure =
                Some(stamp::stamp(leg.departs + minutes(self.late() / 10 * 10), true));
            moved.delays = self.delays(1);
            push(sent, at, "MVT", from, moved, false);
        }
        let mut moved = self.blank(from);
        moved.off_block = Some(stamp::stamp(flown.off_block, days));
        moved.airborne = Some(stamp::stamp(flown.airborne, days));
        let time = stamp::stamp(flown.touch_down, days);
        moved.estimated_arrivals = vec![Estimate { time, airport: Airport::read(to) }];
        moved.delays = self.delays(2);
        moved.passengers = Some(self.on_board());
        let at = flown.airborne + minutes(dice.between(2, 6));
        if flown.corrected {
            // Ten minutes too late the first time.
            let mut wrong = moved.clone();
            wrong.off_block = Some(stamp::stamp(flown.off_block + minutes(10), days));
            push(sent, at, "MVT", from, wrong, false);
            push(sent, at + minutes(15), "MVT", from, moved, true);
        } else {
            push(sent, at, "MVT", from, moved, false);
        }
        let landed = flown.diverted.unwrap_or(to);
        if flown.diverted.is_some() {
            let mut moved = self.blank(to);
            moved.kind = Kind::Div;
            let time = stamp::stamp(flown.touch_down, days);
            moved.estimated_arrivals = vec![Estimate { time, airport: Airport::read(landed) }];
            moved.diversion_reason = Some("71");
            push(sent, flown.touch_down - minutes(25), "DIV", to, moved, false);
        }
        let mut moved = self.blank(landed);
        moved.touch_down = Some(stamp::stamp(flown.touch_down, days));
        moved.on_block = Some(stamp::stamp(flown.on_block, days));
        push(sent, flown.on_block + minutes(dice.between(1, 5)), "MVT", landed, moved, false);
    }

    fn delays(&self, most: usize) -> Vec<Delay<'a>> {
        if self.late() < NO_REASON {
            return Vec::new();
        }
        let all = self.flown().causes.iter().take(most);
        let delays = all.map(|(code, minutes)| Delay {
            code: Some(code),
            sub_code: None,
            minutes: (most > 1).then(|| u16::try_from(*minutes).unwrap_or(0)),
        });
        delays.collect()
    }

    fn on_board(&self) -> Passengers {
        let places = self.operated.places.iter();
        let seated = places.filter(|place| {
            place.fate.is_flown() && (place.legs.0..place.legs.1).contains(&self.nth)
        });
        Passengers { counts: vec![u32::try_from(seated.count()).unwrap_or(0)], infants: None }
    }
}

fn push(
    sent: &mut Vec<Sent>,
    at: DateTime<Utc>,
    kind: &'static str,
    board: &'static str,
    moved: Movement<'_>,
    correction: bool,
) {
    let body = movement::write(&Message { correction, movements: vec![moved], part: None });
    sent.push(Sent { at, kind, board, text: enveloped(board, at, &body) });
}

/// Lines ended as on the wire.
fn enveloped(station: &str, at: DateTime<Utc>, body: &str) -> String {
    let origin = format!("{station}KK{CARRIER}");
    let mut text = envelope::write(&stamp::envelope(&origin, at));
    for line in body.lines() {
        text.push_str(line);
        text.push_str("\r\n");
    }
    text
}

/// There is no writer of ASM: this is all that is ever sent of it here.
fn cancelled(operated: &Operated, dice: &mut Dice) -> Option<Sent> {
    let flight = &operated.flight;
    let first = flight.legs.first()?;
    let at = first.departs - Duration::minutes(dice.between(120, 400));
    let reason = *dice.pick(&["WEAT", "TECH", "OPER", "CREW"]);
    let today = day_month(at.date_naive());
    let serial = at.hour() * 60 + at.minute() + 1;
    let date = flight.day.format("%d%b%y").to_string().to_uppercase();
    let body =
        format!("ASM\nLT\n{today}{serial:05}E001\nCNL {reason}\n{}/{date}\n", flight.designator());
    let board = first.from.iata;
    Some(Sent { at, kind: "ASM", board, text: enveloped("TFU", at, &body) })
}
