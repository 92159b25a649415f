//! When flights leave and arrive, and why so late.

use chrono::{DateTime, Duration, Utc};

use super::rates::Rates;
use super::timetable::{Flight, Leg};
use crate::dice::Dice;

/// Causes of delay with their weight.
const CAUSES: [(&str, f64); 12] = [
    ("93", 30.0),
    ("81", 22.0),
    ("71", 9.0),
    ("83", 8.0),
    ("41", 7.0),
    ("15", 5.0),
    ("32", 4.0),
    ("89", 4.0),
    ("36", 3.0),
    ("63", 3.0),
    ("75", 3.0),
    ("96", 2.0),
];
/// Below this many minutes nobody gives a reason.
pub(crate) const NO_REASON: i64 = 4;

/// What one leg did.
#[derive(Clone, Debug)]
pub(crate) struct Flown {
    pub(crate) off_block: DateTime<Utc>,
    pub(crate) airborne: DateTime<Utc>,
    pub(crate) touch_down: DateTime<Utc>,
    pub(crate) on_block: DateTime<Utc>,
    /// Codes and minutes.
    pub(crate) causes: Vec<(&'static str, i64)>,
    /// Landed there instead.
    pub(crate) diverted: Option<&'static str>,
    /// The first movement message was wrong.
    pub(crate) corrected: bool,
}

pub(super) fn registration(flight: &Flight, dice: &mut Dice) -> String {
    let tail: String = (0..2).map(|_| char::from(b'0' + dice.below(10) as u8)).collect();
    // Nationality mark of no country.
    format!("JJ{}{tail}", if flight.aircraft.code == "789" { "8" } else { "3" })
}

pub(super) fn legs(flight: &Flight, rates: &Rates, dice: &mut Dice) -> Vec<Flown> {
    let mut flown: Vec<Flown> = Vec::new();
    for (nth, leg) in flight.legs.iter().enumerate() {
        let before = flown.last().map(|before| before.on_block + Duration::minutes(35));
        let late = delay(dice).max(before.map_or(-30, |free| (free - leg.departs).num_minutes()));
        flown.push(one_leg(leg, late, nth, rates, dice));
    }
    flown
}

/// Minutes behind the schedule; some leave early.
fn delay(dice: &mut Dice) -> i64 {
    match dice.unit() {
        x if x < 0.10 => -dice.between(1, 8),
        x if x < 0.62 => dice.between(0, 6),
        x if x < 0.80 => dice.between(7, 15),
        x if x < 0.93 => dice.between(16, 60),
        x if x < 0.98 => dice.between(61, 180),
        _ => dice.between(181, 420),
    }
}

fn one_leg(leg: &Leg, late: i64, nth: usize, rates: &Rates, dice: &mut Dice) -> Flown {
    let off_block = leg.departs + Duration::minutes(late);
    let airborne = off_block + Duration::minutes(dice.between(8, 24));
    let block = (leg.arrives - leg.departs).num_minutes();
    let in_air = block - 22 + dice.between(-9, 6);
    let diverted = (dice.chance(rates.diverted) && block > 70).then(|| alternate(leg, dice));
    let touch_down = airborne + Duration::minutes(in_air.max(20));
    let on_block = touch_down + Duration::minutes(dice.between(4, 11));
    let mut causes = Vec::new();
    if late >= NO_REASON {
        let edges = crate::dice::cumulative(CAUSES.iter().map(|(_, weight)| *weight));
        let first = if nth > 0 { "93" } else { CAUSES[dice.weighted(&edges)].0 };
        let second = CAUSES[dice.weighted(&edges)].0;
        if late > 25 && second != first && dice.chance(0.3) {
            let part = dice.between(5, late - 5);
            causes.extend([(first, late - part), (second, part)]);
        } else {
            causes.push((first, late));
        }
    }
    let corrected = dice.chance(0.01);
    Flown { off_block, airborne, touch_down, on_block, causes, diverted, corrected }
}

fn alternate(leg: &Leg, dice: &mut Dice) -> &'static str {
    let others = ["TSN", "TNA", "CGO", "WUH", "CSX", "NKG"];
    let fits: Vec<&'static str> =
        others.into_iter().filter(|at| *at != leg.to.iata && *at != leg.from.iata).collect();
    dice.pick::<&'static str>(&fits)
}
