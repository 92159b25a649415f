//! Selling: fills a day's flights with bookings, day after day. What it keeps between days is who
//! comes back within a week.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Duration, NaiveDate};

use super::party::{AGENCIES, Booking, COMPANIES, Hop, Listing};
use super::population::{Population, Someone};
use super::rates::Rates;
use super::timetable::{Flight, Timetable};
use crate::dice::{Dice, Stream};
use crate::fares::{self, BookingClass, CLASSES, Cabin};
use crate::network::Network;

/// Nights away at most.
const LONGEST_STAY: i64 = 7;
/// Minutes to change planes, at least and at most.
const CHANGE: (i64, i64) = (60, 300);
const TOURS: [&str; 6] =
    ["SUNNY TOURS", "GREAT WALL TRAVEL", "LOTUS HOLIDAYS", "PANDA GROUP", "SILK ROAD", "BLUE BAY"];

/// A day's flights and who is booked on them.
pub(crate) struct Sold {
    pub(crate) flights: Vec<Flight>,
    pub(crate) bookings: Vec<Booking>,
    /// By flight: booking and hop, in the order of sale.
    pub(crate) on: Vec<Vec<(usize, usize)>>,
}

/// Seats taken on one flight: by leg, in front and behind.
pub(super) struct Seats {
    front: Vec<u16>,
    behind: Vec<u16>,
    most_front: u16,
    most: f64,
}

pub(crate) struct Desk<'a> {
    pub(crate) network: &'a Network,
    pub(crate) population: Population<'a>,
    pub(crate) timetable: &'a Timetable,
    pub(crate) rates: Rates,
    pub(crate) seed: u64,
    pub(crate) load: f64,
    pub(crate) returning: BTreeMap<NaiveDate, Vec<Booking>>,
    /// Heads of families on a trip, and until when.
    pub(crate) away: HashMap<u64, NaiveDate>,
}

/// Seats somebody asks for.
pub(super) struct Wanted {
    pub(super) flight: usize,
    pub(super) legs: (usize, usize),
    pub(super) people: usize,
}

/// One day's selling.
pub(super) struct Day<'d, 'a> {
    pub(super) desk: &'d mut Desk<'a>,
    pub(super) day: NaiveDate,
    pub(super) flights: Vec<Flight>,
    pub(super) seats: Vec<Seats>,
    bookings: Vec<Booking>,
    on: Vec<Vec<(usize, usize)>>,
    pub(super) serial: u64,
    pub(super) dice: Dice,
}

impl Desk<'_> {
    /// Sells the day. Days must come in order.
    pub(crate) fn sell(&mut self, day: NaiveDate) -> Sold {
        self.away.retain(|_, until| *until >= day);
        let number = day.num_days_from_ce() as u64;
        let mut dice = Dice::new(self.seed, number, Stream::Bookings);
        let flights = self.flights(day, &mut dice);
        let seats = flights.iter().map(|flight| self.seats(flight, &mut dice)).collect();
        let on = vec![Vec::new(); flights.len()];
        let mut work =
            Day { day, flights, seats, bookings: Vec::new(), on, serial: 0, dice, desk: self };
        work.those_who_return();
        for flight in 0..work.flights.len() {
            work.fill(flight);
        }
        Sold { flights: work.flights, bookings: work.bookings, on: work.on }
    }

    /// By departure; now and then one more than the schedule has.
    fn flights(&self, day: NaiveDate, dice: &mut Dice) -> Vec<Flight> {
        let mut flights = self.timetable.of(self.network, day);
        let extra: Vec<Flight> = flights
            .iter()
            .filter(|flight| flight.legs.len() == 1 && dice.chance(self.rates.unscheduled))
            .cloned()
            .collect();
        for (nth, mut flight) in extra.into_iter().enumerate() {
            flight.number = 9_600 + nth as u16;
            flight.scheduled = false;
            flight.partner = None;
            for leg in &mut flight.legs {
                leg.departs += Duration::minutes(35);
                leg.arrives += Duration::minutes(35);
            }
            flights.push(flight);
        }
        flights.sort_by_key(|flight| (flight.legs.first().map(|leg| leg.departs), flight.number));
        flights
    }

    fn seats(&self, flight: &Flight, dice: &mut Dice) -> Seats {
        let legs = flight.legs.len();
        let all = flight.aircraft.total();
        let front =
            flight.aircraft.seats.iter().filter(|(letter, _)| *letter == 'C').map(|(_, n)| n);
        let load = (self.load * (1.0 + 0.09 * dice.normal())).clamp(0.02, 0.99);
        Seats {
            front: vec![0; legs],
            behind: vec![0; legs],
            most_front: front.sum(),
            most: (f64::from(all) * load).max(1.0),
        }
    }
}

impl Seats {
    fn taken(&self, leg: usize) -> f64 {
        let of = |list: &[u16]| list.get(leg).copied().unwrap_or_default();
        f64::from(of(&self.front)) + f64::from(of(&self.behind))
    }

    fn has_room(&self, legs: (usize, usize), people: usize) -> bool {
        (legs.0..legs.1).all(|leg| self.taken(leg) + people as f64 <= self.most)
    }

    fn take(&mut self, legs: (usize, usize), people: usize, front: bool) {
        let list = if front { &mut self.front } else { &mut self.behind };
        for leg in legs.0..legs.1 {
            if let Some(taken) = list.get_mut(leg) {
                *taken += people as u16;
            }
        }
    }

    pub(super) fn front_has_room(&self, legs: (usize, usize), people: usize) -> bool {
        let free = |leg| self.most_front.saturating_sub(self.front.get(leg).copied().unwrap_or(0));
        (legs.0..legs.1).all(|leg| usize::from(free(leg)) >= people)
    }
}

impl Day<'_, '_> {
    fn those_who_return(&mut self) {
        for booking in self.desk.returning.remove(&self.day).unwrap_or_default() {
            let nth = self.bookings.len();
            let mut any = false;
            for (hop, place) in booking.hops.iter().enumerate() {
                let flight = self.flights.iter().position(|flight| {
                    flight.number == place.number && place.day == flight.day_at(place.legs.0)
                });
                let Some(flight) = flight else { continue };
                self.seats[flight].take(place.legs, booking.travellers.len(), front(place.class));
                self.on[flight].push((nth, hop));
                any = true;
            }
            if any {
                self.bookings.push(booking);
            }
        }
    }

    fn fill(&mut self, flight: usize) {
        let legs = self.flights[flight].legs.len();
        // Enough tries for the largest aircraft; a flight that is full already takes none.
        for _ in 0..600 {
            let board = self.dice.below(legs);
            let range = (board, board + 1 + self.dice.below(legs - board));
            if !self.seats[flight].has_room(range, 1) {
                if (0..legs).all(|leg| !self.seats[flight].has_room((leg, leg + 1), 1)) {
                    break;
                }
                continue;
            }
            self.book(flight, range);
        }
    }

    fn book(&mut self, flight: usize, legs: (usize, usize)) {
        let rates = self.desk.rates;
        let single = self.flights[flight].legs.len() == 1;
        let (no_record, go_show) =
            (self.dice.chance(rates.no_record), self.dice.chance(rates.go_show));
        let staff = self.dice.chance(rates.staff);
        let listing = match (no_record, go_show) {
            (true, _) => Listing::NoRecord,
            (_, true) => Listing::GoShow,
            _ => Listing::Listed,
        };
        let alone = staff || listing != Listing::Listed;
        let room = self.seats[flight].most - self.seats[flight].taken(legs.0);
        let company = !alone && self.dice.chance(rates.corporate);
        let group = !alone && !company && room > 30.0 && self.dice.chance(rates.group);
        let party = self.party(flight, legs, alone || company, group);
        let Some(head) = party.first().cloned() else { return };
        let km: i64 = self.flights[flight].legs[legs.0..legs.1].iter().map(|leg| leg.km).sum();
        let class = self.class(company, &head, km, &Wanted { flight, legs, people: party.len() });
        let hop = self.hop(flight, legs, class, 1, km);
        let mut hops = vec![hop];
        let mut places = vec![flight];
        if listing == Listing::Listed && !staff {
            if let Some((next, hop)) = self.go_on(flight, legs, class, party.len()) {
                hops.push(hop);
                places.push(next);
            }
            if single && self.dice.chance(rates.comes_back) {
                self.come_back(company, class, &mut hops);
            }
        }
        let company = company.then(|| (head.who.head % u64::from(COMPANIES)) as u16);
        let agency = (company.is_none() && !staff && (group || self.dice.chance(rates.agency)))
            .then(|| (self.dice.unit().powi(3) * f64::from(AGENCIES)) as u16);
        let mut booking = self.booking(&party, hops, agency, company);
        booking.tour = group.then(|| (*self.dice.pick(&TOURS)).to_owned());
        booking.staff = staff;
        booking.listing = listing;
        booking.located = listing != Listing::GoShow || self.dice.chance(0.4);
        let partner = self.flights[flight].partner.is_some() && booking.hops.len() == 1;
        booking.partner = partner && self.dice.chance(rates.codeshare);
        let again = listing == Listing::Listed && self.dice.chance(rates.second_booking);
        self.place(booking, &places);
        if again && places.len() == 1 {
            self.second(&party, flight, legs);
        }
    }

    /// Puts a booking on today's flights, and keeps it for the days it is on again.
    fn place(&mut self, booking: Booking, places: &[usize]) {
        let nth = self.bookings.len();
        for (hop, flight) in places.iter().enumerate() {
            let of = &booking.hops[hop];
            self.seats[*flight].take(of.legs, booking.travellers.len(), front(of.class));
            self.on[*flight].push((nth, hop));
        }
        let last = booking.hops.iter().map(|hop| hop.day).max().unwrap_or(self.day);
        for traveller in &booking.travellers {
            self.desk.away.insert(traveller.who.head, last.max(self.day));
        }
        if last > self.day {
            self.desk.returning.entry(last).or_default().push(booking.clone());
        }
        self.bookings.push(booking);
    }

    /// The same people once more, on a booking of its own: on from where they arrive.
    fn second(&mut self, party: &[Someone], flight: usize, legs: (usize, usize)) {
        let Some(next) = self.later(flight, legs) else { return };
        let leg = &self.flights[next].legs[0];
        let km = leg.km;
        if !self.seats[next].has_room((0, 1), party.len()) || party.len() > 4 {
            return;
        }
        let wanted = Wanted { flight: next, legs: (0, 1), people: party.len() };
        let class = self.class(false, &party[0], km, &wanted);
        let hop = self.hop(next, (0, 1), class, 1, km);
        let agency = self.dice.chance(self.desk.rates.agency);
        let agency = agency.then(|| (self.dice.unit().powi(3) * f64::from(AGENCIES)) as u16);
        let booking = self.booking(party, vec![hop], agency, None);
        self.place(booking, &[next]);
    }

    /// Another flight of one leg from where this one arrives, today, not back.
    fn later(&mut self, flight: usize, legs: (usize, usize)) -> Option<usize> {
        let leg = &self.flights[flight].legs[legs.1 - 1];
        let from = self.flights[flight].legs[legs.0].from.iata;
        let (at, arrives) = (leg.to.iata, leg.arrives);
        let fits = |other: &Flight| {
            let [next] = other.legs.as_slice() else { return false };
            let wait = (next.departs - arrives).num_minutes();
            next.from.iata == at
                && next.to.iata != from
                && (CHANGE.0..=CHANGE.1).contains(&wait)
                && next.local_departure().date() == self.day
        };
        let found: Vec<usize> =
            (0..self.flights.len()).filter(|other| fits(&self.flights[*other])).collect();
        if found.is_empty() { None } else { Some(*self.dice.pick(&found)) }
    }

    /// A flight on from where this one arrives, now and then.
    fn go_on(
        &mut self,
        flight: usize,
        legs: (usize, usize),
        class: BookingClass,
        people: usize,
    ) -> Option<(usize, Hop)> {
        if !self.dice.chance(self.desk.rates.goes_on) {
            return None;
        }
        let next = self.later(flight, legs)?;
        if !self.seats[next].has_room((0, 1), people) || front(class) {
            return None;
        }
        let km = self.flights[next].legs[0].km;
        Some((next, self.hop(next, (0, 1), class, 2, km)))
    }

    /// The way back on a later day, flight by flight in reverse.
    fn come_back(&mut self, business: bool, class: BookingClass, hops: &mut Vec<Hop>) {
        let nights =
            if business { self.dice.between(1, 3) } else { self.dice.between(2, LONGEST_STAY) };
        let day = self.day + Duration::days(nights);
        let mut back = Vec::new();
        for hop in hops.iter().rev() {
            let Some(there) = self.desk.timetable.patterns.iter().find(|p| p.number == hop.number)
            else {
                return;
            };
            let reverse: Vec<usize> = there.stops.iter().rev().copied().collect();
            let options: Vec<_> =
                self.desk.timetable.patterns.iter().filter(|p| p.stops == reverse).collect();
            if options.is_empty() {
                return;
            }
            let pattern = *self.dice.pick(&options);
            let coupon = (hops.len() + back.len() + 1) as u8;
            let flight = pattern.on(self.desk.network, day);
            back.push(Hop {
                number: pattern.number,
                day: flight.day_at(0),
                legs: (0, flight.legs.len()),
                class: if front(class) { CLASSES[7] } else { class },
                coupon,
                fare: hop.fare,
            });
        }
        hops.extend(back);
    }

    fn hop(
        &mut self,
        flight: usize,
        legs: (usize, usize),
        class: BookingClass,
        coupon: u8,
        km: i64,
    ) -> Hop {
        let of = &self.flights[flight];
        let (number, day) = (of.number, of.day_at(legs.0));
        let fare = fares::price(class, km, false, &mut self.dice).minor;
        Hop { number, day, legs, class, coupon, fare }
    }
}

/// Sits in front.
pub(crate) fn front(class: BookingClass) -> bool {
    matches!(class.cabin, Cabin::First | Cabin::Business)
}
