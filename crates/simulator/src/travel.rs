//! Trips of one member and the segments they are made of.

use chrono::{Datelike, Duration, NaiveDate, NaiveTime};
use kernel::{Currency, Km, Money};

use crate::calendar::{Calendar, Purpose};
use crate::dice::{Dice, cumulative};
use crate::fares::{self, BookingClass, Wish};
use crate::latent::{Archetype, Latent};
use crate::network::{Network, Taste};
use crate::people::{Channel, Person, SeatLiking};
use crate::seats::{Seat, seat};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    Flown,
    NoShow,
    Refunded,
}

impl Status {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Flown => "flown",
            Self::NoShow => "no-show",
            Self::Refunded => "refunded",
        }
    }
}

/// Things sold beside the seat, with their usual price in yuan.
pub const EXTRAS: [(&str, i64); 6] =
    [("bag", 180), ("seat", 60), ("meal", 58), ("upgrade", 680), ("lounge", 198), ("wifi", 50)];

/// One coupon of a ticket: a passenger from one airport to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub flight_date: NaiveDate,
    pub flight_no: u16,
    pub origin: &'static str,
    pub destination: &'static str,
    /// Scheduled, local.
    pub departs: NaiveTime,
    pub class: BookingClass,
    pub km: Km,
    pub fare: Money,
    pub booked_on: NaiveDate,
    pub channel: Channel,
    pub status: Status,
    /// Six letters and digits. The airline uses them again after a while, as airlines do.
    pub record_locator: [u8; 6],
    /// Ten digits behind the airline's (invented) number 000; one for each trip, unique.
    pub ticket: u64,
    /// 1 to 4.
    pub coupon: u8,
    pub seat: Option<Seat>,
    /// People in the booking, this member included.
    pub party_size: u8,
    /// Bits in the order of [`EXTRAS`].
    pub extras: u8,
    pub extras_paid: Money,
}

impl Segment {
    #[must_use]
    pub fn locator(&self) -> &str {
        std::str::from_utf8(&self.record_locator).unwrap_or_default()
    }

    /// The fare class's value relative to full economy.
    #[must_use]
    pub fn discount(&self) -> f64 {
        f64::from(self.class.hundredths) / 100.0
    }
}

/// One trip that is to happen.
struct Plan {
    day: i32,
    purpose: Purpose,
}

pub(crate) struct Traveller<'a> {
    pub(crate) latent: &'a Latent,
    pub(crate) person: &'a Person,
    pub(crate) calendar: &'a Calendar,
    pub(crate) network: &'a Network,
    /// Clients, offices: where business trips usually go.
    favourites: Vec<usize>,
    /// Where the family lives.
    hometown: Option<usize>,
}

impl<'a> Traveller<'a> {
    pub(crate) fn new(
        latent: &'a Latent,
        person: &'a Person,
        calendar: &'a Calendar,
        network: &'a Network,
        dice: &mut Dice,
    ) -> Self {
        let count = 1 + dice.below(3);
        let favourites = (0..count)
            .filter_map(|_| network.destination(Taste::Business, person.home, 5, dice))
            .collect();
        let hometown = network.destination(Taste::Family, person.home, 5, dice);
        Self { latent, person, calendar, network, favourites, hometown }
    }

    /// All segments within the window, by date.
    pub(crate) fn segments(&self, dice: &mut Dice) -> Vec<Segment> {
        let mut segments = Vec::new();
        let mut free_from = i32::MIN;
        for (number, plan) in self.plans(dice).into_iter().enumerate().take(512) {
            // Nobody leaves before being back.
            if plan.day < free_from {
                continue;
            }
            free_from = self.trip(&plan, number as u64, &mut segments, dice);
        }
        segments
    }

    /// Trips by day, thinned by how lively the member is at the time.
    fn plans(&self, dice: &mut Dice) -> Vec<Plan> {
        let business = self.latent.archetype.habits().business;
        let private = match self.latent.archetype {
            Archetype::Homeward => Purpose::Homeward,
            _ => Purpose::Leisure,
        };
        let first = self.latent.joined.max(0);
        let end = self.calendar.length();
        let mut plans = Vec::new();
        // Most people join because they are about to fly.
        if self.latent.joined >= 0 && dice.chance(0.8) {
            let day = self.latent.joined + dice.between(0, 20) as i32;
            let purpose = if dice.chance(business) { Purpose::Business } else { private };
            if day < end && self.latent.level(day, end) > 0.0 {
                plans.push(Plan { day, purpose });
            }
        }
        for (purpose, share) in [(Purpose::Business, business), (private, 1.0 - business)] {
            let mass = self.calendar.mass(purpose, first);
            let mean = self.latent.trips_per_year / 365.0 * share * mass;
            for _ in 0..dice.poisson(mean.min(400.0)) {
                let day = self.calendar.draw(purpose, first, dice);
                if dice.chance(self.latent.level(day, end)) {
                    plans.push(Plan { day, purpose });
                }
            }
        }
        plans.sort_by_key(|plan| plan.day);
        plans
    }

    /// Adds one trip's segments; the first day the member is free again.
    fn trip(&self, plan: &Plan, number: u64, into: &mut Vec<Segment>, dice: &mut Dice) -> i32 {
        let month = self.calendar.day(plan.day).month();
        let Some(to) = self.destination(plan.purpose, month, dice) else { return plan.day };
        let home = self.person.home;
        let Some(there) = self.network.way(home, to) else { return plan.day };
        let back: Vec<usize> = there.iter().rev().copied().collect();
        let stay = self.stay(plan, self.network.km(home, to), dice);
        let ticket = Ticket::issue(self, plan, number, to, dice);
        let one_way = dice.chance(0.05);
        let ways = if one_way {
            vec![(plan.day, there)]
        } else {
            vec![(plan.day, there), (plan.day + stay, back)]
        };
        let mut coupon = 0;
        for (day, way) in ways {
            let early = dice.below(2);
            for (nth, pair) in way.windows(2).enumerate() {
                coupon += 1;
                if day >= self.calendar.length() {
                    continue;
                }
                let slot = early + nth * 2;
                let leg = Leg { day, from: pair[0], to: pair[1], slot, coupon };
                into.push(self.segment(&ticket, &leg, dice));
            }
        }
        plan.day + if one_way { 1 } else { stay + 1 }
    }

    /// Nights away. Who travels for work is home by Friday, if that can be.
    fn stay(&self, plan: &Plan, km: i64, dice: &mut Dice) -> i32 {
        let stay = stay(plan.purpose, km, dice);
        let back = self.calendar.day(plan.day + stay).weekday().num_days_from_monday() as i32;
        let early = back - 4;
        let hurry = plan.purpose == Purpose::Business && (1..=stay).contains(&early);
        if hurry && dice.chance(0.7) { stay - early } else { stay }
    }

    fn destination(&self, purpose: Purpose, month: u32, dice: &mut Dice) -> Option<usize> {
        let home = self.person.home;
        match purpose {
            Purpose::Business if !self.favourites.is_empty() && dice.chance(0.72) => {
                // The first favourite is visited most.
                let last = self.favourites.len() - 1;
                let at = dice.below(self.favourites.len()).min(dice.below(last + 1));
                self.favourites.get(at).copied()
            }
            Purpose::Business => self.network.destination(Taste::Business, home, month, dice),
            Purpose::Homeward if dice.chance(0.85) => self.hometown,
            _ => {
                let wealthy = dice.chance(1.0 - self.latent.sensitivity);
                let taste = if wealthy { Taste::Wealthy } else { Taste::Thrifty };
                self.network.destination(taste, home, month, dice)
            }
        }
    }

    fn segment(&self, ticket: &Ticket, leg: &Leg, dice: &mut Dice) -> Segment {
        let &Leg { day, from, to, slot, coupon } = leg;
        let km = self.network.km(from, to);
        let slots = self.network.slots(from, to);
        let rotation = (slot + dice.below(slots)).min(slots - 1);
        let (flight_no, departs) = self.network.flight(from, to, rotation);
        let status = match ticket.refunded {
            true => Status::Refunded,
            false if dice.chance(ticket.no_show) => Status::NoShow,
            false => Status::Flown,
        };
        let class = ticket.class;
        let (extras, extras_paid) = match status {
            Status::Flown => self.extras(ticket, dice),
            _ => (0, 0),
        };
        Segment {
            flight_date: self.calendar.day(day),
            flight_no,
            origin: self.network.stations[from].airport.iata,
            destination: self.network.stations[to].airport.iata,
            departs,
            class,
            km: Km(km),
            fare: fares::price(class, km, self.calendar.is_peak(day), dice),
            booked_on: ticket.booked_on,
            channel: ticket.channel,
            status,
            record_locator: ticket.locator,
            ticket: ticket.number,
            coupon,
            seat: (status == Status::Flown).then(|| seat(class.cabin, self.liking(), dice)),
            party_size: ticket.party,
            extras,
            extras_paid: Money::new(extras_paid, Currency::CNY),
        }
    }

    fn liking(&self) -> SeatLiking {
        self.person.member.seat
    }

    fn extras(&self, ticket: &Ticket, dice: &mut Dice) -> (u8, i64) {
        let spend = 1.2 - self.latent.sensitivity;
        let chances: [f64; 6] = if ticket.purpose == Purpose::Business {
            [0.02, 0.10, 0.02, 0.03, 0.03, 0.08]
        } else {
            [0.14, 0.14, 0.06, 0.012, 0.01, 0.03]
        };
        let in_front = ticket.class.hundredths > 100;
        let mut bits = 0;
        let mut paid = 0;
        for (at, chance) in chances.into_iter().enumerate() {
            // Whoever sits in front has the rest included, but for the network.
            if (!in_front || at == 5) && dice.chance((chance * spend).min(0.6)) {
                bits |= 1 << at;
                paid += EXTRAS[at].1 * 100 * dice.between(8, 14) / 10;
            }
        }
        (bits, paid)
    }
}

/// One coupon's place in the trip.
struct Leg {
    day: i32,
    from: usize,
    to: usize,
    /// Earliest rotation of the day that will do.
    slot: usize,
    coupon: u8,
}

/// What all segments of a trip share.
struct Ticket {
    purpose: Purpose,
    class: BookingClass,
    booked_on: NaiveDate,
    channel: Channel,
    number: u64,
    locator: [u8; 6],
    party: u8,
    refunded: bool,
    no_show: f64,
}

impl Ticket {
    fn issue(who: &Traveller<'_>, plan: &Plan, number: u64, to: usize, dice: &mut Dice) -> Self {
        let latent = who.latent;
        let business = plan.purpose == Purpose::Business;
        let peak = who.calendar.is_peak(plan.day);
        let lead = lead_days(plan.purpose, peak, dice);
        let km = who.network.km(who.person.home, to);
        let award = !business && latent.trips_per_year > 12.0 && dice.chance(0.08);
        let wish = Wish {
            business,
            sensitivity: latent.sensitivity,
            premium: latent.premium * if business { 1.0 } else { 0.9 },
            lead_days: lead,
            peak,
            km,
        };
        Self {
            purpose: plan.purpose,
            class: if award { fares::award() } else { fares::choose(&wish, dice) },
            booked_on: who.calendar.day(plan.day) - Duration::days(lead),
            channel: channel(who.person.member.channel, business, dice),
            number: who.person.member.index * 512 + number,
            locator: locator(dice),
            party: party(plan.purpose, latent.archetype, dice),
            refunded: dice.chance(if business { 0.045 } else { 0.028 }),
            no_show: if business { 0.020 } else { 0.011 },
        }
    }
}

fn stay(purpose: Purpose, km: i64, dice: &mut Dice) -> i32 {
    let days = match purpose {
        Purpose::Business if km < 1_600 => *dice.pick(&[0, 1, 1, 1, 2, 2, 3]),
        Purpose::Business if km < 4_500 => *dice.pick(&[1, 2, 2, 3, 3, 4]),
        Purpose::Business => dice.between(3, 8),
        Purpose::Leisure if km < 4_500 => dice.between(2, 7),
        Purpose::Leisure => dice.between(5, 14),
        Purpose::Homeward => dice.between(5, 22),
    };
    days as i32
}

fn lead_days(purpose: Purpose, peak: bool, dice: &mut Dice) -> i64 {
    let mean = match purpose {
        Purpose::Business => 5.0,
        Purpose::Leisure => 26.0,
        Purpose::Homeward => 21.0,
    };
    let mean = if peak { mean * 1.4 } else { mean };
    // The sum of two waits: few book at the last minute, few a year ahead.
    ((dice.waiting(mean / 2.0) + dice.waiting(mean / 2.0)) as i64).min(330)
}

fn party(purpose: Purpose, archetype: Archetype, dice: &mut Dice) -> u8 {
    let weights: [f64; 6] = match (purpose, archetype) {
        (Purpose::Business, _) => [0.90, 0.07, 0.02, 0.01, 0.0, 0.0],
        (Purpose::Homeward, _) => [0.72, 0.18, 0.07, 0.03, 0.0, 0.0],
        (_, Archetype::FamilyLeisure) => [0.12, 0.34, 0.27, 0.17, 0.07, 0.03],
        _ => [0.36, 0.42, 0.12, 0.07, 0.02, 0.01],
    };
    dice.weighted(&cumulative(weights)) as u8 + 1
}

fn channel(usual: Channel, business: bool, dice: &mut Dice) -> Channel {
    let fits = usual != Channel::Corporate || business;
    if fits && dice.chance(0.82) {
        return usual;
    }
    *dice.pick(&Channel::ALL[..6])
}

/// Letters and digits that cannot be mistaken for one another, no vowels.
fn locator(dice: &mut Dice) -> [u8; 6] {
    const SIGNS: &[u8; 28] = b"23456789BCDFGHJKLMNPQRSTVWXZ";
    std::array::from_fn(|at| SIGNS[if at == 0 { 8 + dice.below(20) } else { dice.below(28) }])
}
