//! One flight with everything the rules may ask about.

use chrono::{Days, NaiveDate};

use super::Flight;
use crate::dice::Dice;

/// Origin, destination, market, ticketed point miles, great circle in kilometres.
type Route = (&'static str, &'static str, &'static str, i64, i64);

const ROUTES: [Route; 14] = [
    ("TFU", "HGH", "domestic", 1_010, 1_605),
    ("HGH", "TFU", "domestic", 1_010, 1_605),
    ("PEK", "PVG", "domestic", 676, 1_098),
    ("PVG", "PEK", "domestic", 676, 1_098),
    ("CAN", "HAK", "domestic", 290, 460),
    ("HAK", "CAN", "domestic", 290, 460),
    ("SZX", "URC", "domestic", 2_100, 3_340),
    ("URC", "KHG", "domestic", 680, 1_080),
    ("PEK", "HKG", "regional", 1_230, 1_991),
    ("HKG", "PEK", "regional", 1_230, 1_991),
    ("PVG", "NRT", "international", 1_110, 1_804),
    ("PEK", "FRA", "international", 4_840, 7_787),
    ("FRA", "PEK", "international", 4_840, 7_787),
    ("PVG", "SIN", "international", 2_360, 3_806),
];

/// Operating, marketing.
const CARRIERS: [(&str, &str); 16] = [
    ("JB", "JB"),
    ("JB", "JB"),
    ("JB", "JB"),
    ("JB", "JB"),
    ("JB", "JB"),
    ("JB", "JB"),
    ("JB", "JB"),
    ("JB", "JB"),
    ("QJ", "QJ"),
    ("QJ", "JB"),
    ("JB", "QJ"),
    ("ZJ", "ZJ"),
    ("ZJ", "ZJ"),
    ("JB", "ZJ"),
    ("ZJ", "JB"),
    ("9X", "9X"),
];

/// Cabins with the classes sold in them, the usual ones several times.
const CLASSES: [(&str, &[u8]); 4] = [
    ("first", b"FA"),
    ("business", b"JCDZRIUQ"),
    ("premium", b"WGEP"),
    ("economy", b"YYYBBBMMMUUHHHQQVVWSTLLPAKKEGXNOIR"),
];

const NUMBERS: [&str; 6] = ["1419", "201", "88", "6120", "455", "3003"];

pub(super) fn class(dice: &mut Dice) -> (&'static str, char) {
    let (cabin, classes) = match dice.below(100) {
        0..=1 => CLASSES[0],
        2..=13 => CLASSES[1],
        14..=19 => CLASSES[2],
        _ => CLASSES[3],
    };
    (cabin, char::from(*dice.pick(classes)))
}

/// A flight of a day. `dirty`: what is told of it may miss parts.
pub(super) fn flight(dice: &mut Dice, day: NaiveDate, dirty: bool) -> Flight {
    let (origin, destination, market, tpm, km) = *dice.pick(&ROUTES);
    let (operating, marketing) = *dice.pick(&CARRIERS);
    let (cabin, booking_class) = class(dice);
    let changed = dice.chance(0.03);
    let fare = dice.between(20_000, 90_000) * if cabin == "economy" { 1 } else { 5 };
    let ago = u64::try_from(dice.between(0, 90)).unwrap_or(0);
    Flight {
        flight_date: day,
        flight_no: NUMBERS[dice.below(NUMBERS.len())],
        origin,
        destination,
        market,
        marketing,
        operating,
        booking_class,
        flown_class: changed.then(|| class(dice).1),
        involuntary: changed && dice.chance(0.5),
        cabin: (!dirty || !dice.chance(0.05)).then_some(cabin),
        tpm_miles: dice.chance(0.7).then_some(tpm),
        great_circle_km: (!dirty || !dice.chance(0.02)).then_some(km),
        fare_minor: (!dirty || !dice.chance(0.05)).then_some(fare),
        surcharge_minor: if dice.chance(0.5) { dice.between(0, 30_000) } else { 0 },
        currency: if dice.chance(0.04) { "USD" } else { "CNY" },
        ticket: match dice.below(60) {
            0 => "award",
            1 => "industry-discount",
            2 => "charter",
            3 | 4 => "group",
            _ => "ordinary",
        },
        status: match dice.below(80) {
            0 => "refunded",
            1 => "no-show",
            _ => "flown",
        },
        booked_on: dice.chance(0.9).then(|| day - Days::new(ago)),
        seat: true,
        claimed_on: None,
        credited_elsewhere: dice.chance(0.004),
    }
}
