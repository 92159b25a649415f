//! How quickly a whole base is evaluated: `tiers_bench [MEMBERS]`, a million when not said.
//!
//! Over 24 months and all cores: every tier's decisions, what every flight earns with its
//! explanation, and both under two sets of rules. Members are made on the way from their number
//! alone, so memory stays small and the making is in the seconds.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a benchmark reports")]

use std::time::Instant;

use chrono::{Days, NaiveDate};
use kernel::{Currency, Period};
use programme::accrual::{Coupon, Fact, Member};
use programme::document::{Cabin, Criterion, Market, Rank};
use programme::qualify::{Activity, Decision, Scratch, Standing};
use programme::replay::Flown;
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

/// A member's flights and themselves.
fn member(number: u64) -> (Member, Vec<Flown>) {
    let code = |text: &str| Station::parse(text).expect("a code");
    let (jb, classes) = (Carrier::parse("JB").expect("a code"), ["Y", "M", "H", "K", "C", "V"]);
    let mut dice = Dice::new(number + 1);
    let count = flights(&mut dice);
    let member = Member {
        number: format!("{number:010}"),
        tier: Rank(u8::try_from(dice.below(4)).expect("below 4")),
        birth_date: NaiveDate::from_ymd_opt(1985, 5, 5),
        joined_on: start(),
        first_flight: false,
        registered: Vec::new(),
        used: Vec::new(),
    };
    let one = |(place, flight_date): (usize, NaiveDate)| {
        let class = classes[dice.below(6) as usize];
        let fact = Fact {
            flight_date,
            flight_no: "1419".into(),
            origin: code("TFU"),
            destination: code("HGH"),
            market: Market::Domestic,
            marketing: jb,
            operating: jb,
            booking_class: BookingClass::parse(class).expect("a class"),
            flown_class: None,
            involuntary: false,
            cabin: Some(if class == "C" { Cabin::Business } else { Cabin::Economy }),
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
        Flown { fact, posted: flight_date }
    };
    let days = days(&mut Dice::new(number + 7), count);
    (member, days.into_iter().enumerate().map(one).collect())
}

fn accrue(engine: &Engine, members: u64) -> (u64, i64) {
    let one = |number: u64| {
        let (member, flown) = member(number);
        let miles = flown.iter().map(|one| engine.accrue(&one.fact, &member));
        (flown.len() as u64, miles.map(|one| one.total(Measure::Redeemable)).sum::<i64>())
    };
    (0..members).into_par_iter().map(one).reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

/// Everybody under today's rules and under the draft: how many end higher, and how many lower.
fn time_machine(today: &Engine, draft: &Engine, members: u64) -> (u64, u64) {
    let span = Period { from: start(), to: start() + Days::new(729) };
    let one = |number: u64| {
        let (member, flown) = member(number);
        let mut standing = Standing::new(member.joined_on);
        standing.tier = Rank(0);
        let end =
            |engine: &Engine| engine.replay(&standing, &member, &[], &flown, span).standing.tier;
        let (now, then) = (end(today), end(draft));
        (u64::from(then > now), u64::from(then < now))
    };
    (0..members).into_par_iter().map(one).reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

fn engine(text: &str, change: impl FnOnce(&mut Programme)) -> Engine {
    let mut programme = Programme::from_toml(text).expect("a document");
    change(&mut programme);
    Engine::new(programme).expect("without contradiction")
}

/// Seconds by the clock and of all cores' work; the second says more on a busy machine. Processor
/// time is read where Linux shows it, in its ticks of a hundredth.
fn timed<T>(work: impl FnOnce() -> T) -> (T, String) {
    let used = || {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
    };
    let (begin, before) = (Instant::now(), used());
    let result = work();
    let (wall, cpu) = (begin.elapsed().as_secs_f64(), used() - before);
    (result, format!("{wall:.1} s by the clock, {cpu:.1} s of processor"))
}

fn main() {
    let members = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    for text in examples::ALL {
        let engine = engine(text, |_| {});
        let code = &engine.programme().code;
        let ((flights, decisions), took) = timed(|| evaluate(&engine, members));
        println!(
            "{code}: tiers of {members} members, {flights} flights, {decisions} decisions: {took}"
        );
        let ((flights, miles), took) = timed(|| accrue(&engine, members));
        println!("{code}: accrual of {flights} flights, explained, {miles} miles: {took}");
    }
    let today = engine(examples::BRIDGE_KM, |_| {});
    let draft = engine(examples::BRIDGE_KM, |programme| {
        let silver = &mut programme.qualification.upgrades[0];
        silver.need = Criterion::Distance(45_000);
    });
    let ((up, down), took) = timed(|| time_machine(&today, &draft, members));
    println!("time machine, two sets of rules, {up} higher, {down} lower: {took}");
}
