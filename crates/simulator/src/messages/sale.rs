//! One sale: who travels, in which class, and what the booking says.

use chrono::{Datelike, Duration};

use super::desk::{Day, Wanted};
use super::party::{Booking, Circumstances, Hop, Infant, Listing, Traveller, confuse_members};
use super::population::{Someone, Who};
use crate::fares::{self, BookingClass, CLASSES, Cabin, Wish};
use crate::people::Channel;

/// Systems of agencies.
const SYSTEMS: [&str; 3] = ["1E", "1A", "1S"];

impl Day<'_, '_> {
    /// People who travel together, the head first. Empty if nobody was found.
    pub(super) fn party(
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

    pub(super) fn class(
        &mut self,
        business: bool,
        head: &Someone,
        km: i64,
        wanted: &Wanted,
    ) -> BookingClass {
        let lead = if business { 4 } else { 20 };
        let sensitivity = 0.3 + 0.6 * head.dice(self.desk.seed ^ 3).unit();
        let premium = if business { 0.14 } else { 0.05 };
        let wish = Wish { business, sensitivity, premium, lead_days: lead, peak: false, km };
        let class = fares::choose(&wish, &mut self.dice);
        let aircraft = self.flights[wanted.flight].aircraft;
        match class.cabin {
            Cabin::First | Cabin::Business => {
                let class = if class.cabin == Cabin::First { CLASSES[2] } else { class };
                let seats = &self.seats[wanted.flight];
                let fits = seats.front_has_room(wanted.legs, wanted.people);
                if fits && wanted.people < 5 { class } else { CLASSES[7] }
            }
            Cabin::Premium if !aircraft.has('W') => CLASSES[7],
            _ => class,
        }
    }

    pub(super) fn booking(
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
            payment: self.dice.pick::<&'static str>(&["CA", "CC", "CC", "EF"]),
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
