//! Day by day: what happens to whom.

mod deeds;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::flights::{class, flight};
use super::{Act, Asked, Moment, Said, Setup, State, Step};
use crate::dice::{Dice, Stream};

/// Facts of a batch at most.
const BATCH: usize = 600;

/// A member as far as the plan has to know.
struct Person {
    joins: NaiveDate,
    child: bool,
    /// Flights in ten thousand days.
    flies: i64,
    state: State,
    /// In a merge, either way.
    merged: bool,
}

/// What was decided for a later day.
enum Later {
    Told(Box<Said>),
    Asked(Step, Follow),
    Thaw(usize),
    Unmerge(usize, usize),
}

/// What a hold or settlement leads to.
#[derive(Clone, Copy)]
enum Follow {
    Nothing,
    Redeposit(u64),
}

/// The moments of some years, in the order in which they happen.
pub struct Years {
    setup: Setup,
    people: Vec<Person>,
    day: NaiveDate,
    end: NaiveDate,
    serial: u64,
    keys: u64,
    later: BTreeMap<NaiveDate, Vec<Later>>,
    ready: VecDeque<Moment>,
    clock: NaiveDateTime,
    past: Vec<Asked>,
}

fn after(day: NaiveDate, days: i64) -> NaiveDate {
    day + TimeDelta::days(days)
}

impl Years {
    /// The years of a setup.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let mut dice = Dice::new(setup.seed, u64::MAX, Stream::Loyalty);
        let n = setup.members.max(1);
        let span = i64::from(setup.years) * 365 / 2;
        let people = (0..setup.members).map(|at| {
            let place = i64::try_from(at * 1_000 / n).unwrap_or(0);
            let joins = after(setup.first, ((place - 400).max(0) * span) / 600);
            let yearly = match dice.below(100) {
                0..=59 => 2,
                60..=86 => 6,
                87..=96 => 20,
                _ => 65,
            };
            let flies = yearly * 10_000 / 365 * i64::from(setup.pace);
            Person { joins, child: at % 20 == 7, flies, state: State::Open, merged: false }
        });
        let people = people.collect();
        let end = setup.first + Months::new(12 * setup.years);
        let clock = setup.first.and_time(NaiveTime::MIN);
        Self {
            setup,
            people,
            day: setup.first,
            end,
            serial: 0,
            keys: 0,
            later: BTreeMap::new(),
            ready: VecDeque::new(),
            clock,
            past: Vec::new(),
        }
    }

    /// The day after the last.
    #[must_use]
    pub fn end(&self) -> NaiveDate {
        self.end
    }

    fn put(&mut self, act: Act) {
        self.clock += TimeDelta::seconds(1);
        self.ready.push_back(Moment { at: self.clock, act });
    }

    fn id(&mut self, dice: &mut Dice) -> u128 {
        self.serial += 1;
        let high = u128::from(dice.bits());
        (high << 64) | u128::from(self.serial)
    }

    fn faulty(&self, dice: &mut Dice, share: f64) -> bool {
        self.setup.faults && dice.chance(share)
    }

    fn push_later(&mut self, on: NaiveDate, what: Later) {
        self.later.entry(on).or_default().push(what);
    }

    fn make_day(&mut self) {
        let day = self.day;
        let number = u64::try_from((day - self.setup.first).num_days()).unwrap_or(0);
        let mut dice = Dice::new(self.setup.seed, number, Stream::Loyalty);
        self.clock = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(20);
        let missed = self.faulty(&mut dice, 0.15);
        let due = number.is_multiple_of(u64::from(self.setup.nights.max(1)));
        if day.day() == 1 || (due && !missed) {
            self.put(Act::Night);
        }
        self.clock = day.and_time(NaiveTime::MIN) + TimeDelta::hours(8);
        self.enrolments(&mut dice);
        self.flights(&mut dice);
        let mut told = Vec::new();
        let mut asked = Vec::new();
        for later in self.later.remove(&day).unwrap_or_default() {
            match later {
                Later::Told(said) => told.push(*said),
                Later::Asked(step, follow) => {
                    let id = self.id(&mut dice);
                    asked.push(Asked { id, at: self.clock, step });
                    self.follow(id, follow);
                }
                Later::Thaw(who) => self.thaw(who),
                Later::Unmerge(from, into) => {
                    (self.people[from].merged, self.people[into].merged) = (false, false);
                    self.people[from].state = self.people[into].state;
                    self.put(Act::Unmerge { from });
                }
            }
        }
        self.tell(&mut dice, told);
        self.deeds(&mut dice, &mut asked);
        self.ask(&mut dice, asked);
        self.events(&mut dice);
        self.day = after(day, 1);
    }

    fn enrolments(&mut self, dice: &mut Dice) {
        let day = self.day;
        let joining = |one: &Person| one.joins == day;
        let from = self.people.partition_point(|one| one.joins < day);
        let count = self.people[from..].iter().take_while(|one| joining(one)).count();
        for who in from..from + count {
            let guardian = who.checked_sub(1).filter(|_| self.people[who].child);
            let fits = guardian
                .is_none_or(|at| self.people[at].state == State::Open && !self.people[at].merged);
            let child = guardian.is_some() && fits;
            self.people[who].child = child;
            let days = if child {
                dice.between(3 * 365, 12 * 365 - 40)
            } else {
                dice.between(14 * 365, 80 * 365)
            };
            let born = after(day, -days);
            self.put(Act::Enrol { who, born, guardian: guardian.filter(|_| child) });
            if dice.chance(0.1) {
                let flown = after(day, -dice.between(1, 60));
                let on = after(day, 1);
                self.fly(dice, who, flown, on);
            }
        }
    }

    fn flights(&mut self, dice: &mut Dice) {
        let day = self.day;
        let joined = self.people.partition_point(|one| one.joins <= day);
        for who in 0..joined {
            if dice.between(0, 9_999) < self.people[who].flies {
                let late = match dice.below(200) {
                    0..=3 => dice.between(100, 400),
                    4..=15 => dice.between(5, 60),
                    _ => dice.between(0, 3),
                };
                let late = if self.setup.faults { late } else { 1 };
                self.fly(dice, who, day, after(day, late));
            }
        }
    }

    /// A flight and everything that is told of it.
    fn fly(&mut self, dice: &mut Dice, who: usize, flown: NaiveDate, told: NaiveDate) {
        self.keys += 1;
        let key = format!("seg-{:08}", self.keys);
        let mut one = flight(dice, flown, self.setup.faults);
        if told > after(flown, 60) {
            one.claimed_on = Some(told);
        }
        let said = Said { key, revision: 1, member: Some(who), flight: Some(one) };
        if !self.setup.faults {
            self.push_later(told, Later::Told(Box::new(said)));
            return;
        }
        match dice.below(100) {
            // Twice.
            0..=5 => {
                self.push_later(
                    after(told, dice.between(0, 30)),
                    Later::Told(Box::new(said.clone())),
                );
            }
            // A later word comes, or came before.
            6..=13 => {
                let mut next = said.clone();
                let count = dice.between(1, 3);
                for revision in 2..2 + count {
                    next = self.corrected(dice, next, who);
                    next.revision = revision;
                    let days = if dice.chance(0.2) { -dice.between(0, 3) } else { 1 };
                    let on = after(told, days * dice.between(1, 80)).max(after(self.day, 1));
                    self.push_later(on, Later::Told(Box::new(next.clone())));
                }
            }
            // The same revision with another content.
            14 => {
                let mut other = self.corrected(dice, said.clone(), who);
                other.revision = 1;
                self.push_later(after(told, dice.between(1, 20)), Later::Told(Box::new(other)));
            }
            // A later revision with the same content.
            15 => {
                let again = Said { revision: 2, ..said.clone() };
                self.push_later(after(told, dice.between(1, 20)), Later::Told(Box::new(again)));
            }
            // Nobody's at first.
            16 | 17 => {
                let whose = Said { revision: 2, ..said.clone() };
                self.push_later(after(told, dice.between(1, 20)), Later::Told(Box::new(whose)));
                self.push_later(told, Later::Told(Box::new(Said { member: None, ..said })));
                return;
            }
            _ => {}
        }
        self.push_later(told, Later::Told(Box::new(said)));
    }

    fn corrected(&self, dice: &mut Dice, mut said: Said, who: usize) -> Said {
        let joined = self.people.partition_point(|one| one.joins <= self.day).max(1);
        let Some(flight) = &mut said.flight else {
            said.member = Some(who);
            return said;
        };
        match dice.below(10) {
            0..=2 => {
                let (cabin, class) = class(dice);
                (flight.cabin, flight.booking_class) = (Some(cabin), class);
            }
            3 => flight.status = "refunded",
            4 => flight.flight_date = after(flight.flight_date, -dice.between(1, 2)),
            5 => said.member = Some(dice.below(joined)),
            6 => said.flight = None,
            7 => flight.great_circle_km = Some(dice.between(200, 8_000)),
            8 => flight.fare_minor = Some(dice.between(10_000, 500_000)),
            _ => flight.ticket = "ordinary",
        }
        said
    }

    fn tell(&mut self, dice: &mut Dice, mut told: Vec<Said>) {
        for place in (1..told.len()).rev() {
            told.swap(place, dice.below(place + 1));
        }
        while !told.is_empty() {
            let most = usize::try_from(dice.between(1, BATCH as i64)).unwrap_or(1);
            let most = if self.setup.faults { most } else { BATCH };
            let mut keys = BTreeSet::new();
            let (mut batch, mut rest) = (Vec::new(), Vec::new());
            for said in told {
                if batch.len() < most && keys.insert(said.key.clone()) {
                    batch.push(said);
                } else {
                    rest.push(said);
                }
            }
            told = rest;
            let killed = self.faulty(dice, 0.03);
            let clock = self.clock;
            if self.faulty(dice, 0.02) {
                // The clock of whoever takes it jumps, and is set right again.
                self.clock += TimeDelta::days(dice.between(-2, 3));
            }
            self.put(Act::Facts { said: batch, killed });
            self.clock = clock + TimeDelta::seconds(2);
        }
    }

    fn events(&mut self, dice: &mut Dice) {
        let day = self.day;
        let joined = self.people.partition_point(|one| one.joins <= day);
        for who in 0..joined {
            let draw = dice.below(12_000);
            if self.people[who].merged || draw > 11 {
                continue;
            }
            match draw {
                0..=3 => {
                    let amount = dice.between(100, 8_000);
                    let last = after(day, dice.between(30, 600));
                    let given = dice.chance(0.6);
                    let (amount, expires_on) =
                        if given { (amount, Some(last)) } else { (-amount, None) };
                    self.put(Act::Adjust { who, amount, expires_on });
                }
                4..=7 if self.people[who].state == State::Open => {
                    let state = if dice.chance(0.6) { State::Frozen } else { State::DebitsFrozen };
                    self.people[who].state = state;
                    self.put(Act::Freeze { who, state });
                    self.push_later(after(day, dice.between(1, 25)), Later::Thaw(who));
                }
                8 => {
                    let valid_to = after(day, dice.between(30, 400));
                    let rank = 1 + dice.below(3);
                    self.put(Act::Tier { who, rank, valid_from: day, valid_to });
                }
                9..=11 => self.merge(dice, who, joined),
                _ => {}
            }
        }
    }

    fn merge(&mut self, dice: &mut Dice, from: usize, joined: usize) {
        let into = dice.below(joined);
        let open = |at: usize| self.people[at].state == State::Open && !self.people[at].merged;
        if from == into || !open(from) || !open(into) {
            return;
        }
        (self.people[from].merged, self.people[into].merged) = (true, true);
        self.put(Act::Merge { from, into });
        if dice.chance(0.6) {
            let on = after(self.day, dice.between(3, 90));
            self.push_later(on, Later::Unmerge(from, into));
        }
    }

    fn thaw(&mut self, who: usize) {
        self.people[who].state = State::Open;
        self.put(Act::Freeze { who, state: State::Open });
    }
}

impl Iterator for Years {
    type Item = Moment;

    fn next(&mut self) -> Option<Moment> {
        while self.ready.is_empty() {
            if self.day > self.end {
                return None;
            }
            if self.day == self.end {
                // The last night, so that everything due is done.
                self.clock = self.end.and_time(NaiveTime::MIN) + TimeDelta::minutes(20);
                self.put(Act::Night);
                self.day = after(self.day, 1);
                continue;
            }
            self.make_day();
        }
        self.ready.pop_front()
    }
}
