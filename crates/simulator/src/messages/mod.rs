//! A day of the airline as its systems tell it: the schedule, the lists of passengers before and
//! after each flight, movements, boarding passes, coupons, the website; and what was really so.
//!
//! People are the members of [`Airline`](crate::Airline) and many who are none. Each comes under
//! many spellings, with and without a number, a paper, a telephone: how often is in [`Rates`].
//! Nothing depends on anything but the [`Plan`]: the same plan gives the same bytes.
//!
//! ```
//! use simulator::messages::{Plan, Days};
//! use simulator::Config;
//! let airline = Config::new("2026-10-31".parse().unwrap()).with_members(200);
//! let plan = Plan::new(airline, "2026-11-02".parse().unwrap()).with_flights(4).with_load(0.1);
//! let day = Days::new(plan).next().unwrap();
//! assert!(day.schedule.starts_with('1'));
//! assert!(day.posts.iter().any(|post| post.name.contains("-PNL-")));
//! ```

mod delays;
mod desk;
mod dirt;
mod extras;
pub mod folder;
mod lists;
mod movements;
mod names;
mod operation;
mod party;
mod population;
mod rates;
mod sale;
mod spelling;
mod ssim;
mod stamp;
mod timetable;
mod truth;
mod wire;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use extras::COUPONS;
pub use rates::Rates;
pub use truth::{LEGS, PASSENGERS, PEOPLE, Truth};
pub use wire::{Fault, Post};

use crate::dice::{Dice, Stream};
use crate::{Airline, Config};
use desk::{Desk, Sold};
use lists::Lists;
use operation::Operated;
use population::Population;
use timetable::Timetable;
use truth::Book;
use wire::{Letter, Wire};

/// Which days to make.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The airline whose members fly.
    pub airline: Config,
    /// First day, local.
    pub from: NaiveDate,
    /// How many days in a row.
    pub days: u32,
    /// Flights a day.
    pub flights: usize,
    /// Share of the seats that is sold, 0.01 to 0.95.
    pub load: f64,
    /// How often what goes wrong.
    pub rates: Rates,
}

impl Plan {
    /// One day of 300 flights, 82 % of the seats sold.
    #[must_use]
    pub fn new(airline: Config, from: NaiveDate) -> Self {
        Self { airline, from, days: 1, flights: 300, load: 0.82, rates: Rates::default() }
    }

    #[must_use]
    pub fn with_days(self, days: u32) -> Self {
        Self { days, ..self }
    }

    #[must_use]
    pub fn with_flights(self, flights: usize) -> Self {
        Self { flights, ..self }
    }

    #[must_use]
    pub fn with_load(self, load: f64) -> Self {
        Self { load: load.clamp(0.01, 0.95), ..self }
    }

    #[must_use]
    pub fn with_rates(self, rates: Rates) -> Self {
        Self { rates, ..self }
    }
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Local.
    pub date: NaiveDate,
    /// SSIM, chapter 7.
    pub schedule: String,
    /// In the order of arrival.
    pub posts: Vec<Post>,
    /// CSV with the header [`COUPONS`].
    pub coupons: String,
    /// One body for `/v1/batch` a line.
    pub web: String,
    /// What was really so.
    pub truth: Truth,
}

/// The days of a plan, one after the other. Holds one day and who returns within a week.
pub struct Days {
    plan: Plan,
    airline: Airline,
    timetable: Timetable,
    done: u32,
    returning: BTreeMap<NaiveDate, Vec<party::Booking>>,
    away: HashMap<u64, NaiveDate>,
}

impl Days {
    /// Nothing is made yet.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        let airline = Airline::new(plan.airline);
        let timetable = Timetable::new(&airline.network, plan.flights, plan.airline.seed);
        let (returning, away) = (BTreeMap::new(), HashMap::new());
        Self { plan, airline, timetable, done: 0, returning, away }
    }

    /// Flights a day that there are: at most what the plan asks for.
    #[must_use]
    pub fn flights(&self) -> usize {
        self.timetable.patterns.len()
    }
}

impl Iterator for Days {
    type Item = Day;

    fn next(&mut self) -> Option<Day> {
        if self.done >= self.plan.days {
            return None;
        }
        let date = self.plan.from + Duration::days(i64::from(self.done));
        self.done += 1;
        let seats: f64 =
            self.timetable.patterns.iter().map(|of| f64::from(of.aircraft.total())).sum();
        let seed = self.plan.airline.seed;
        let mut desk = Desk {
            network: &self.airline.network,
            population: Population::new(&self.airline, seats * self.plan.load),
            timetable: &self.timetable,
            rates: self.plan.rates,
            seed,
            load: self.plan.load,
            returning: std::mem::take(&mut self.returning),
            away: std::mem::take(&mut self.away),
        };
        let sold = desk.sell(date);
        let happened = operation::operate(date, &sold, &self.plan.rates, seed);
        let telling = Telling { date, sold: &sold, rates: self.plan.rates, seed };
        let day = telling.day(&happened, &desk.population);
        self.returning = desk.returning;
        self.away = desk.away;
        Some(day)
    }
}

/// Puts a day into words.
struct Telling<'a> {
    date: NaiveDate,
    sold: &'a Sold,
    rates: Rates,
    seed: u64,
}

impl Telling<'_> {
    fn day(&self, happened: &[Operated], population: &Population<'_>) -> Day {
        let mut wire = Wire { midnight: stamp::midnight(self.date), posts: Vec::new() };
        let mut book = Book::default();
        let mut coupons = format!("{COUPONS}\n");
        for operated in happened {
            let number = u64::from(operated.flight.number);
            let place = self.date.num_days_from_ce() as u64 * 10_000 + number;
            let mut dice = Dice::new(self.seed, place, Stream::Wire);
            for board in 0..operated.flight.legs.len() {
                let lists = Lists { sold: self.sold, of: operated, board, card: self.rates.card };
                self.lists(&lists, &mut wire, &mut dice);
                self.rows(&lists, &mut book, &mut coupons, &mut wire, &mut dice);
            }
            for sent in movements::of(operated, &mut dice) {
                let letter = Letter {
                    at: sent.at,
                    kind: sent.kind,
                    flight: operated.flight.designator(),
                    board: sent.board,
                    parts: vec![sent.text],
                    fault: None,
                };
                wire.send(&letter, &self.rates, &mut dice);
            }
            book.flight(operated);
        }
        let web = self.web(population, &mut book);
        self.people(population, &mut book);
        Day {
            date: self.date,
            schedule: ssim::write(self.date, &self.sold.flights),
            posts: wire.finish(),
            coupons,
            web,
            truth: book.finish(),
        }
    }

    fn lists(&self, lists: &Lists<'_>, wire: &mut Wire, dice: &mut Dice) {
        let departs = lists.of.flight.legs[lists.board].departs;
        let earliest = wire.midnight + Duration::minutes(2);
        let before = |minutes: i64| (departs - Duration::minutes(minutes)).max(earliest);
        let fault = (!lists.of.flight.scheduled).then_some(Fault::Unscheduled);
        let mut send = |kind, at: DateTime<Utc>, parts: Vec<String>, fault, dice: &mut Dice| {
            if parts.is_empty() {
                return;
            }
            let board = lists.of.flight.legs[lists.board].from.iata;
            let flight = lists.of.flight.designator();
            wire.send(&Letter { at, kind, flight, board, parts, fault }, &self.rates, dice);
        };
        let booked = before(600 + dice.between(0, 120));
        let pnl = lists.pnl(booked, dice);
        send("PNL", booked, pnl, fault, dice);
        let first = if dice.chance(self.rates.adl_first) {
            (booked - Duration::minutes(1), Some(Fault::AdlFirst))
        } else {
            (before(190).max(booked + Duration::minutes(20)), fault)
        };
        for (nth, (at, fault)) in
            [(1, first), (2, (before(75).max(booked + Duration::minutes(40)), fault))]
        {
            let adl = lists.adl(nth, at, dice);
            send("ADL", at, adl, fault, dice);
        }
        let Some(flown) = lists.of.legs.get(lists.board) else { return };
        let late = dice.chance(self.rates.late);
        let fault = if late { Some(Fault::Late) } else { fault };
        let wait = if late { dice.between(600, 1_000) } else { 0 };
        let left = flown.off_block + Duration::minutes(dice.between(15, 50) + wait);
        if dice.chance(self.rates.corrected) {
            let wrong = lists.pfs(left - Duration::minutes(8), true);
            let at = left - Duration::minutes(8);
            send("PFS", at, wrong, Some(Fault::Mistaken), dice);
        }
        send("PFS", left, lists.pfs(left, false), fault, dice);
        let after = left + Duration::minutes(dice.between(5, 25));
        let prl = lists.prl(after, dice);
        send("PRL", after, prl, fault, dice);
    }

    fn rows(
        &self,
        lists: &Lists<'_>,
        book: &mut Book,
        coupons: &mut String,
        wire: &mut Wire,
        dice: &mut Dice,
    ) {
        for place in lists.places() {
            let has_coupon = extras::has_coupon(place);
            let mut sold_as = None;
            if has_coupon {
                let (row, flight) = extras::coupon(lists, place);
                coupons.push_str(&row);
                coupons.push('\n');
                sold_as = Some(flight);
            }
            book.place(lists, place, sold_as.as_deref());
            let scanned = place.fate.is_flown() && dice.chance(self.rates.boarding_pass);
            if scanned {
                let (text, key) = extras::boarding_pass(lists, place);
                book.boarding_pass(lists, place, key);
                let flown = lists.of.legs.get(lists.board);
                let at = flown.map_or(wire.midnight, |flown| flown.off_block);
                let letter = Letter {
                    at: at - Duration::minutes(dice.between(18, 45)),
                    kind: "BCBP",
                    flight: lists.of.flight.designator(),
                    board: lists.of.flight.legs[lists.board].from.iata,
                    parts: vec![text],
                    fault: None,
                };
                wire.send(&letter, &self.rates, dice);
            }
        }
    }

    /// The website, in order of time.
    fn web(&self, population: &Population<'_>, book: &mut Book) -> String {
        let place = self.date.num_days_from_ce() as u64 * 10_000 + 9_999;
        let mut dice = Dice::new(self.seed, place, Stream::Wire);
        let mut visits = Vec::new();
        for booking in &self.sold.bookings {
            let first = booking.hops.first().is_some_and(|hop| hop.day == self.date);
            let direct = booking.channel.is_direct() && !booking.staff;
            if !first || !direct || !dice.chance(self.rates.web) {
                continue;
            }
            let Some(head) = booking.travellers.first() else { continue };
            let someone = population.someone(head.who);
            visits.extend(extras::visit(self.sold, booking, &someone, self.date, &mut dice));
        }
        visits.sort_by(|a, b| (a.at, &a.anonymous).cmp(&(b.at, &b.anonymous)));
        let mut out = String::new();
        for visit in visits {
            // Who never says who they are cannot be known.
            if let Some(user) = &visit.user {
                book.visit(user, visit.who);
            }
            out.push_str(&visit.body);
            out.push('\n');
        }
        out
    }

    fn people(&self, population: &Population<'_>, book: &mut Book) {
        for booking in &self.sold.bookings {
            for traveller in &booking.travellers {
                let who = traveller.who;
                book.person(who, || population.member_no(who));
            }
        }
    }
}
