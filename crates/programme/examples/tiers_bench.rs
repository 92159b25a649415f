//! How quickly a whole base is evaluated: `tiers_bench [MEMBERS]`, a million when not said.
//!
//! Two parts, each over 24 months and all cores: what every flight earns with its explanation, and
//! every tier's decisions. Members are made on the way from their number alone, so memory stays
//! small and the making is in the seconds.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a benchmark reports")]

use std::time::Instant;

use chrono::{Days, NaiveDate};
use kernel::{Currency, Period};
use programme::accrual::{Coupon, Fact, Member};
use programme::document::{Cabin, Market, Rank};
use programme::qualify::{Activity, Decision, Scratch, Standing};
use programme::{Amounts, BookingClass, Carrier, Engine, Measure, Programme, Station, examples};
use rayon::prelude::*;

/// Mean number of flights in 24 months.
const FLIGHTS: u64 = 20;

/// xorshift64*: enough for uneven numbers.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % most.max(1)
    }
}

fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 4, 1).expect("a day")
}

/// Half of the members fly seldom, some very often: 0 to 80 flights.
fn flights(dice: &mut Dice) -> u64 {
    let (a, b) = (dice.below(9), dice.below(10));
    a * b * FLIGHTS / 18
}

fn days(dice: &mut Dice, count: u64) -> Vec<NaiveDate> {
    let mut days: Vec<u64> = (0..count).map(|_| dice.below(730)).collect();
    days.sort_unstable();
    days.into_iter().map(|offset| start() + Days::new(offset)).collect()
}

fn standing(dice: &mut Dice) -> Standing {
    let tier = Rank(u8::try_from(dice.below(20).saturating_sub(16)).expect("below 4"));
    let last = kernel::dates::month_end(start() + Days::new(dice.below(730)));
    let mut standing = Standing::new(start() - Days::new(dice.below(4_000)));
    (standing.tier, standing.since) = (tier, start());
    standing.valid_to = (tier.0 > 0).then_some(last);
    standing
}

fn evaluate(engine: &Engine, members: u64) -> (u64, u64) {
    let span = Period { from: start(), to: start() + Days::new(729) };
    let room = || (Scratch::default(), Vec::<Activity>::new(), Vec::<Decision>::new());
    let one = |(scratch, activity, decisions): &mut (Scratch, Vec<_>, Vec<_>), member| {
        let mut dice = Dice::new(member + 1);
        let count = flights(&mut dice);
        let mut standing = standing(&mut dice);
        activity.clear();
        decisions.clear();
        activity.extend(days(&mut dice, count).into_iter().map(|on| {
            let distance = 500 + i64::try_from(dice.below(4_000)).unwrap_or_default();
            let amounts = Amounts { distance, segments: 75, spend: 90_000, lifetime: distance };
            Activity::new(on, amounts)
        }));
        engine.evaluate(&mut standing, activity, span, scratch, decisions);
        (count, decisions.len() as u64)
    };
    let add = |a: (u64, u64), b: (u64, u64)| (a.0 + b.0, a.1 + b.1);
    (0..members).into_par_iter().map_init(room, one).reduce(|| (0, 0), add)
}

fn accrue(engine: &Engine, members: u64) -> (u64, i64) {
    let code = |text: &str| Station::parse(text).expect("a code");
    let (jb, classes) = (Carrier::parse("JB").expect("a code"), ["Y", "M", "H", "K", "C", "V"]);
    let classes = classes.map(|class| BookingClass::parse(class).expect("a class"));
    let one = |number: u64| {
        let mut dice = Dice::new(number + 1);
        let count = flights(&mut dice);
        let tier = Rank(u8::try_from(dice.below(4)).expect("below 4"));
        let member = Member {
            number: format!("{number:010}"),
            tier,
            birth_date: NaiveDate::from_ymd_opt(1985, 5, 5),
            joined_on: start(),
            first_flight: false,
            registered: Vec::new(),
            used: Vec::new(),
        };
        let mut miles = 0;
        for (place, flight_date) in days(&mut dice, count).into_iter().enumerate() {
            let class = classes[dice.below(6) as usize];
            let front = class == classes[4];
            let fact = Fact {
                flight_date,
                flight_no: "1419".into(),
                origin: code("TFU"),
                destination: code("HGH"),
                market: Market::Domestic,
                marketing: jb,
                operating: jb,
                booking_class: class,
                flown_class: None,
                involuntary: false,
                cabin: Some(if front { Cabin::Business } else { Cabin::Economy }),
                tpm_miles: None,
                great_circle_km: Some(500 + dice.below(4_000) as i64),
                fare_minor: Some(90_000),
                surcharge_minor: 5_000,
                currency: Currency::CNY,
                ticket: Default::default(),
                status: Default::default(),
                coupon: Some(Coupon { ticket: format!("{number:013}"), number: place as u8 }),
                booked_on: None,
                seat: true,
                claimed_on: None,
                credited_elsewhere: false,
            };
            miles += engine.accrue(&fact, &member).total(Measure::Redeemable);
        }
        (count, miles)
    };
    (0..members).into_par_iter().map(one).reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

fn main() {
    let members = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    for text in examples::ALL {
        let programme = Programme::from_toml(text).expect("a document");
        let engine = Engine::new(programme).expect("without contradiction");
        let code = &engine.programme().code;
        let begin = Instant::now();
        let (flights, decisions) = evaluate(&engine, members);
        let tiers = begin.elapsed().as_secs_f64();
        println!("{code}: tiers of {members} members, {flights} flights: {tiers:.2} s");
        println!("{code}: {decisions} decisions");
        let begin = Instant::now();
        let (flights, miles) = accrue(&engine, members);
        let earned = begin.elapsed().as_secs_f64();
        println!("{code}: accrual of {flights} flights with explanation: {earned:.2} s, {miles}");
    }
}
