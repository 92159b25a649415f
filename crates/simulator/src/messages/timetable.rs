//! Which flights the airline flies, the same every day.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use kernel::airports::Airport;

use crate::dice::{Dice, Stream};
use crate::network::Network;

/// Airlines that sell seats under a number of their own.
const PARTNERS: [&str; 2] = ["QJ", "ZJ"];
/// Numbers of flights with a stop begin here.
const FIRST_WITH_STOP: u16 = 901;
/// One in so many flights has a stop.
const STOPS_ONE_IN: usize = 30;
/// One in so many flights is sold by a partner too.
const PARTNERED_ONE_IN: usize = 6;

/// A type of aircraft and its seats, by compartment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Aircraft {
    /// IATA, three characters.
    pub(crate) code: &'static str,
    pub(crate) seats: &'static [(char, u16)],
}

impl Aircraft {
    pub(crate) fn total(&self) -> u16 {
        self.seats.iter().map(|(_, seats)| seats).sum()
    }

    pub(crate) fn has(&self, compartment: char) -> bool {
        self.seats.iter().any(|(letter, _)| *letter == compartment)
    }
}

const FLEET: [Aircraft; 5] = [
    Aircraft { code: "E90", seats: &[('C', 6), ('Y', 92)] },
    Aircraft { code: "73H", seats: &[('C', 8), ('Y', 156)] },
    Aircraft { code: "320", seats: &[('C', 8), ('Y', 150)] },
    Aircraft { code: "321", seats: &[('C', 12), ('Y', 173)] },
    Aircraft { code: "789", seats: &[('C', 30), ('W', 21), ('Y', 233)] },
];

/// One flight of every day.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) number: u16,
    pub(crate) stops: Vec<usize>,
    pub(crate) departs: NaiveTime,
    pub(crate) aircraft: Aircraft,
    /// The airline and number under which a partner sells it.
    pub(crate) partner: Option<(&'static str, u16)>,
}

/// One leg on a day.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) from: &'static Airport,
    pub(crate) to: &'static Airport,
    pub(crate) km: i64,
    /// Scheduled off and on block.
    pub(crate) departs: DateTime<Utc>,
    pub(crate) arrives: DateTime<Utc>,
}

impl Leg {
    pub(crate) fn local_departure(&self) -> NaiveDateTime {
        self.departs.with_timezone(&self.from.tz).naive_local()
    }

    pub(crate) fn local_arrival(&self) -> NaiveDateTime {
        self.arrives.with_timezone(&self.to.tz).naive_local()
    }
}

/// A flight on a day.
#[derive(Clone, Debug)]
pub(crate) struct Flight {
    pub(crate) number: u16,
    /// Local day at the first station.
    pub(crate) day: NaiveDate,
    pub(crate) legs: Vec<Leg>,
    pub(crate) aircraft: Aircraft,
    pub(crate) partner: Option<(&'static str, u16)>,
    /// In the schedule file.
    pub(crate) scheduled: bool,
}

impl Flight {
    /// Local day of departure from the station at `leg`.
    pub(crate) fn day_at(&self, leg: usize) -> NaiveDate {
        self.legs.get(leg).map_or(self.day, |leg| leg.local_departure().date())
    }

    pub(crate) fn designator(&self) -> String {
        format!("{}{}", crate::CARRIER, self.number)
    }
}

pub(crate) struct Timetable {
    pub(crate) patterns: Vec<Pattern>,
}

impl Timetable {
    /// `flights` a day, fewer if the network has not so many. A route and its way back are both
    /// flown; the larger the cities, the likelier.
    pub(crate) fn new(network: &Network, flights: usize, seed: u64) -> Self {
        let n = network.stations.len();
        let mut pairs: Vec<(f64, usize, usize, usize)> = Vec::new();
        for (a, b) in (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))) {
            let slots = if network.is_direct(a, b) { network.slots(a, b) } else { 0 };
            for slot in 0..slots {
                let place = ((a * n + b) * 8 + slot) as u64;
                let mut dice = Dice::new(seed, place, Stream::Timetable);
                let size = network.stations[a].size * network.stations[b].size;
                let weight = (size.sqrt() / (slot + 1) as f64).max(1.0);
                pairs.push((dice.waiting(1.0 / weight), a, b, slot));
            }
        }
        pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
        let mut patterns = Vec::new();
        let with_stop = flights / STOPS_ONE_IN;
        for (_, a, b, slot) in pairs.iter().copied().take((flights - with_stop).div_ceil(2)) {
            for (from, to) in [(a, b), (b, a)] {
                patterns.push(direct(network, from, to, slot));
            }
        }
        patterns.truncate(flights - with_stop);
        let through = stopping(network, &pairs, with_stop);
        patterns.extend(through);
        patterns.sort_by_key(|pattern| pattern.number);
        Self { patterns }
    }

    pub(crate) fn of(&self, network: &Network, day: NaiveDate) -> Vec<Flight> {
        self.patterns.iter().map(|pattern| pattern.on(network, day)).collect()
    }
}

fn direct(network: &Network, from: usize, to: usize, slot: usize) -> Pattern {
    let (number, departs) = network.flight(from, to, slot);
    let km = network.km(from, to);
    let size = network.stations[from].size.min(network.stations[to].size);
    let aircraft = match km {
        4_500.. => FLEET[4],
        _ if size < 6.0 => FLEET[0],
        _ if size < 20.0 => FLEET[1],
        _ if size < 50.0 => FLEET[2],
        _ => FLEET[3],
    };
    Pattern { number, stops: vec![from, to], departs, aircraft, partner: partner(number) }
}

fn partner(number: u16) -> Option<(&'static str, u16)> {
    let at = usize::from(number) / 8;
    at.is_multiple_of(PARTNERED_ONE_IN)
        .then(|| (PARTNERS[at / PARTNERED_ONE_IN % 2], 5_000 + number % 4_000))
}

/// Flights from spoke to spoke by way of a hub, one number all the way.
fn stopping(network: &Network, pairs: &[(f64, usize, usize, usize)], count: usize) -> Vec<Pattern> {
    let mut found: Vec<Pattern> = Vec::new();
    let domestic = |at: usize| network.stations[at].is_domestic();
    let routes = pairs.iter().filter(|(_, a, b, slot)| *slot == 0 && domestic(*a) && domestic(*b));
    let routes: Vec<(usize, usize)> = routes.map(|(_, a, b, _)| (*a, *b)).collect();
    for (at, &(hub, spoke)) in routes.iter().enumerate() {
        if found.len() + 1 > count {
            break;
        }
        // The next route of the same hub that does not lead back.
        let on = routes.iter().skip(at + 1).find(|(a, b)| {
            *a == hub && *b != spoke && network.km(spoke, *b) > network.km(spoke, hub)
        });
        let Some(&(_, far)) = on else { continue };
        let mut stops = vec![spoke, hub, far];
        for _ in 0..2 {
            let nth = found.len() as u32;
            let departs = NaiveTime::from_num_seconds_from_midnight_opt(
                (7 * 3_600 + nth * 2_700) % 46_800 + 21_600,
                0,
            );
            found.push(Pattern {
                number: FIRST_WITH_STOP + nth as u16,
                stops: stops.clone(),
                departs: departs.unwrap_or_default(),
                aircraft: FLEET[2],
                partner: None,
            });
            stops.reverse();
        }
    }
    found.truncate(count);
    found
}

impl Pattern {
    pub(crate) fn on(&self, network: &Network, day: NaiveDate) -> Flight {
        let mut legs: Vec<Leg> = Vec::new();
        for pair in self.stops.windows(2) {
            let (from, to) = (network.stations[pair[0]].airport, network.stations[pair[1]].airport);
            let km = network.km(pair[0], pair[1]);
            let departs = match legs.last() {
                Some(before) => before.arrives + Duration::minutes(50),
                None => utc(from, day.and_time(self.departs)),
            };
            let minutes = (35.0 + km as f64 / 13.0) as i64 / 5 * 5;
            legs.push(Leg { from, to, km, departs, arrives: departs + Duration::minutes(minutes) });
        }
        Flight {
            number: self.number,
            day,
            legs,
            aircraft: self.aircraft,
            partner: self.partner,
            scheduled: true,
        }
    }
}

/// A local time that the clocks skip is taken an hour later.
fn utc(at: &Airport, local: NaiveDateTime) -> DateTime<Utc> {
    let found = at.tz.from_local_datetime(&local).earliest();
    let later = || at.tz.from_local_datetime(&(local + Duration::hours(1))).earliest();
    let time = found.or_else(later).map(|time| time.with_timezone(&Utc));
    time.unwrap_or_else(|| local.and_utc())
}
