//! Selling: fills a day's flights with bookings, day after day. What it keeps between days is who
//! comes back within a week.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Duration, NaiveDate};

use super::party::{AGENCIES, COMPANIES};
use super::party::{Booking, Circumstances, Hop, Infant, Listing, Traveller, confuse_members};
use super::population::{Population, Someone, Who};
use super::rates::Rates;
use super::timetable::{Flight, Timetable};
use crate::dice::{Dice, Stream};
use crate::fares::{self, BookingClass, CLASSES, Cabin, Wish};
use crate::network::Network;
use crate::people::Channel;

/// Systems of agencies.
const SYSTEMS: [&str; 3] = ["1E", "1A", "1S"];
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
struct Seats {
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

/// One day's selling.
struct Day<'d, 'a> {
    desk: &'d mut Desk<'a>,
    day: NaiveDate,
    flights: Vec<Flight>,
    seats: Vec<Seats>,
    bookings: Vec<Booking>,
    on: Vec<Vec<(usize, usize)>>,
    serial: u64,
    dice: Dice,
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

    fn front_has_room(&self, legs: (usize, usize), people: usize) -> bool {
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
        let class = self.class(company, &head, km, flight, legs, party.len());
        let hop = self.hop(flight, legs, class, 1, km);
        let mut hops = vec![hop];
        let mut places = vec![flight];
        if listing == Listing::Listed && !staff {
            self.go_on(flight, legs, class, party.len(), &mut hops, &mut places);
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

    /// The same people once more on a booking of its own: on from where they arrive, or back.
    fn second(&mut self, party: &[Someone], flight: usize, legs: (usize, usize)) {
        let Some(next) = self.later(flight, legs, None) else { return };
        let leg = &self.flights[next].legs[0];
        let km = leg.km;
        if !self.seats[next].has_room((0, 1), party.len()) || party.len() > 4 {
            return;
        }
        let class = self.class(false, &party[0], km, next, (0, 1), party.len());
        let hop = self.hop(next, (0, 1), class, 1, km);
        let agency = self.dice.chance(self.desk.rates.agency);
        let agency = agency.then(|| (self.dice.unit().powi(3) * f64::from(AGENCIES)) as u16);
        let booking = self.booking(party, vec![hop], agency, None);
        self.place(booking, &[next]);
    }

    /// Another flight of one leg from where this one arrives, today; back only if `to` says so.
    fn later(&mut self, flight: usize, legs: (usize, usize), to: Option<&str>) -> Option<usize> {
        let leg = &self.flights[flight].legs[legs.1 - 1];
        let from = self.flights[flight].legs[legs.0].from.iata;
        let (at, arrives) = (leg.to.iata, leg.arrives);
        let fits = |other: &Flight| {
            let [next] = other.legs.as_slice() else { return false };
            let wait = (next.departs - arrives).num_minutes();
            let way = match to {
                Some(to) => next.to.iata == to,
                None => next.to.iata != from,
            };
            let window = if to.is_some() { (CHANGE.0 + 60, 14 * 60) } else { CHANGE };
            next.from.iata == at
                && way
                && (window.0..=window.1).contains(&wait)
                && next.local_departure().date() == self.day
        };
        let found: Vec<usize> =
            (0..self.flights.len()).filter(|other| fits(&self.flights[*other])).collect();
        if found.is_empty() { None } else { Some(*self.dice.pick(&found)) }
    }

    fn go_on(
        &mut self,
        flight: usize,
        legs: (usize, usize),
        class: BookingClass,
        people: usize,
        hops: &mut Vec<Hop>,
        places: &mut Vec<usize>,
    ) {
        if !self.dice.chance(self.desk.rates.goes_on) {
            return;
        }
        let Some(next) = self.later(flight, legs, None) else { return };
        if !self.seats[next].has_room((0, 1), people) || front(class) {
            return;
        }
        let km = self.flights[next].legs[0].km;
        hops.push(self.hop(next, (0, 1), class, 2, km));
        places.push(next);
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

    /// People who travel together, the head first. Empty if nobody was found.
    fn party(
        &mut self,
        flight: usize,
        legs: (usize, usize),
        alone: bool,
        group: bool,
    ) -> Vec<Someone> {
        if group {
            let size = self.dice.between(8, 24);
            return (0..size).filter_map(|_| self.head(None, true)).collect();
        }
        let of = &self.flights[flight].legs;
        let near = [of[legs.0].from.iata, of[legs.1 - 1].to.iata];
        let Some(head) = self.head(Some(near), false) else { return Vec::new() };
        let mut party = vec![head];
        if alone || !self.dice.chance(self.desk.rates.family) {
            return party;
        }
        let head = party[0].who.head;
        let house = self.desk.population.household(head);
        let mut places: Vec<u8> = Vec::new();
        if house.spouse && self.dice.chance(0.75) {
            places.push(1);
        }
        if house.children > 0 && self.dice.chance(0.55) {
            places.extend((0..house.children).map(|nth| 2 + nth));
        }
        if self.dice.chance(0.08) {
            places.push(5);
        }
        if places.is_empty() {
            places.push(6);
        }
        for place in places {
            party.push(self.desk.population.someone(Who { head, place }));
        }
        party
    }

    /// Somebody who is not away; from here or there if one is soon found.
    fn head(&mut self, near: Option<[&str; 2]>, outsider: bool) -> Option<Someone> {
        let mut last = None;
        for _ in 0..4 {
            let population = &self.desk.population;
            let head = if outsider {
                population.outsider(&mut self.dice)
            } else {
                population.head(&mut self.dice)
            };
            if self.desk.away.contains_key(&head) {
                continue;
            }
            let someone = population.someone(Who { head, place: 0 });
            let here = near.is_none_or(|near| near.contains(&someone.home.iata));
            last = Some(someone);
            if here {
                break;
            }
        }
        if let Some(someone) = &last {
            self.desk.away.insert(someone.who.head, self.day);
        }
        last
    }

    fn class(
        &mut self,
        business: bool,
        head: &Someone,
        km: i64,
        flight: usize,
        legs: (usize, usize),
        people: usize,
    ) -> BookingClass {
        let lead = if business { 4 } else { 20 };
        let sensitivity = 0.3 + 0.6 * head.dice(self.desk.seed ^ 3).unit();
        let premium = if business { 0.14 } else { 0.05 };
        let wish = Wish { business, sensitivity, premium, lead_days: lead, peak: false, km };
        let class = fares::choose(&wish, &mut self.dice);
        let aircraft = self.flights[flight].aircraft;
        match class.cabin {
            Cabin::First | Cabin::Business => {
                let class = if class.cabin == Cabin::First { CLASSES[2] } else { class };
                let fits = self.seats[flight].front_has_room(legs, people);
                if fits && people < 5 { class } else { CLASSES[7] }
            }
            Cabin::Premium if !aircraft.has('W') => CLASSES[7],
            _ => class,
        }
    }

    fn booking(
        &mut self,
        party: &[Someone],
        hops: Vec<Hop>,
        agency: Option<u16>,
        company: Option<u16>,
    ) -> Booking {
        let day = self.day;
        let abroad = hops.iter().any(|hop| self.is_abroad(hop));
        let (rates, seed) = (self.desk.rates, self.desk.seed);
        let like = Circumstances { rates: &rates, seed, day, abroad, agency, company };
        let mut travellers: Vec<Traveller> = Vec::new();
        let mut infants = Vec::new();
        for someone in party {
            let ticket = self.ticket();
            let traveller = like.traveller(someone, &party[0], ticket, &mut self.dice);
            if someone.age(day) < 2 && someone.who.place > 0 {
                infants.push((traveller, someone.born));
                continue;
            }
            // Two of one name under one locator cannot be told apart by anybody.
            let same =
                |of: &Traveller| of.surname == traveller.surname && of.given == traveller.given;
            if !travellers.iter().any(same) {
                travellers.push(traveller);
            }
        }
        for (adult, (infant, born)) in travellers.iter_mut().filter(|t| !t.child).zip(infants) {
            let (surname, given) = (infant.surname, infant.given);
            adult.infant = Some(Infant { surname, given, born, ticket: infant.ticket });
        }
        confuse_members(&mut travellers, &rates, &mut self.dice);
        let lead = self.dice.waiting(if company.is_some() { 5.0 } else { 18.0 }) as i64;
        let channel = match (agency, company) {
            (_, Some(_)) => Channel::Corporate,
            (Some(_), None) => Channel::Agency,
            _ => Some(party[0].channel).filter(|of| of.is_direct()).unwrap_or(Channel::App),
        };
        let code = self.locator();
        let system = agency.or(company).map(|office| SYSTEMS[usize::from(office) % 3]);
        let other = system.map(|system| (system, self.other_locator()));
        Booking {
            locator: code,
            other,
            travellers,
            hops,
            agency,
            company,
            tour: None,
            channel,
            booked_on: day - Duration::days(lead.min(300)),
            partner: false,
            staff: false,
            listing: Listing::Listed,
            located: true,
            payment: *self.dice.pick(&["CA", "CC", "CC", "EF"]),
        }
    }

    fn is_abroad(&self, hop: &Hop) -> bool {
        let pattern = self.flights.iter().find(|flight| flight.number == hop.number);
        pattern.is_some_and(|flight| {
            flight.legs.iter().any(|leg| leg.from.country != "CN" || leg.to.country != "CN")
        })
    }

    fn next(&mut self) -> u64 {
        self.serial += 1;
        let days = (self.day.num_days_from_ce() - 737_425).rem_euclid(3_999) as u64;
        days * 1_000_000 + self.serial % 1_000_000
    }

    /// Beyond those of the airline's files.
    fn ticket(&mut self) -> u64 {
        6_000_000_000 + self.next()
    }

    /// Each once in eleven months.
    fn locator(&mut self) -> String {
        const SIGNS: &[u8; 28] = b"23456789BCDFGHJKLMNPQRSTVWXZ";
        const ALL: u64 = 20 * 28 * 28 * 28 * 28 * 28;
        let mut rest = (self.next() % ALL) * 205_891_139 % ALL;
        let mut code = [0; 6];
        for (at, sign) in code.iter_mut().enumerate().rev() {
            let base = if at == 0 { 20 } else { 28 };
            let first = if at == 0 { 8 } else { 0 };
            *sign = SIGNS[first + (rest % base) as usize];
            rest /= base;
        }
        String::from_utf8_lossy(&code).into_owned()
    }

    fn other_locator(&mut self) -> String {
        (0..6).map(|_| char::from(*self.dice.pick(b"ABCDEFGHJKLMNPQRSTUVWXYZ"))).collect()
    }
}

/// Sits in front.
pub(crate) fn front(class: BookingClass) -> bool {
    matches!(class.cabin, Cabin::First | Cabin::Business)
}
