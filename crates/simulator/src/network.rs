//! The airline's network: stations, routes, flight numbers, ways from one place to another.

use chrono::NaiveTime;
use kernel::airports::{self, Airport};

use crate::dice::{Dice, cumulative};

/// Two-letter designator of the invented airline.
pub const CARRIER: &str = "JB";

/// Station: code, size of the city for business and residents, appeal to holiday makers, best
/// season (`S`ummer, `W`inter, `-` none).
type Row = (&'static str, f64, f64, char);

#[rustfmt::skip]
const STATIONS: &[Row] = &[
    ("TFU", 92.0, 60.0, '-'), ("HGH", 85.0, 62.0, '-'), ("PKX", 100.0, 60.0, '-'),
    ("CAN", 90.0, 40.0, '-'), ("PVG", 70.0, 45.0, '-'), ("SHA", 75.0, 20.0, '-'),
    ("SZX", 88.0, 30.0, '-'), ("XIY", 62.0, 60.0, '-'), ("CKG", 62.0, 58.0, '-'),
    ("KMG", 48.0, 72.0, '-'), ("WUH", 55.0, 25.0, '-'), ("NKG", 52.0, 28.0, '-'),
    ("CSX", 45.0, 35.0, '-'), ("CGO", 45.0, 18.0, '-'), ("TAO", 42.0, 40.0, 'S'),
    ("XMN", 38.0, 55.0, '-'), ("URC", 36.0, 48.0, 'S'), ("HAK", 26.0, 55.0, 'W'),
    ("SYX", 12.0, 90.0, 'W'), ("TSN", 34.0, 15.0, '-'), ("HRB", 30.0, 45.0, 'W'),
    ("SHE", 34.0, 15.0, '-'), ("DLC", 28.0, 30.0, 'S'), ("CGQ", 24.0, 18.0, 'W'),
    ("TNA", 32.0, 12.0, '-'), ("KWE", 26.0, 35.0, 'S'), ("NNG", 26.0, 22.0, '-'),
    ("FOC", 28.0, 18.0, '-'), ("KHN", 22.0, 12.0, '-'), ("TYN", 24.0, 12.0, '-'),
    ("LHW", 22.0, 24.0, 'S'), ("HET", 18.0, 20.0, 'S'), ("SJW", 20.0, 6.0, '-'),
    ("HFE", 28.0, 12.0, '-'), ("NGB", 26.0, 12.0, '-'), ("WNZ", 28.0, 10.0, '-'),
    ("KWL", 10.0, 48.0, '-'), ("INC", 14.0, 20.0, 'S'), ("XNN", 12.0, 38.0, 'S'),
    ("LXA", 10.0, 50.0, 'S'), ("ZUH", 20.0, 20.0, '-'), ("JJN", 20.0, 14.0, '-'),
    ("SWA", 18.0, 14.0, '-'), ("YNT", 18.0, 16.0, 'S'), ("WUX", 22.0, 8.0, '-'),
    ("LJG", 4.0, 60.0, '-'), ("JHG", 4.0, 50.0, 'W'), ("DLU", 4.0, 36.0, '-'),
    ("KHG", 6.0, 26.0, 'S'), ("AKU", 5.0, 6.0, '-'), ("HTN", 5.0, 5.0, '-'),
    ("YIN", 5.0, 28.0, 'S'), ("KRL", 6.0, 6.0, '-'), ("DNH", 2.0, 30.0, 'S'),
    ("JGN", 3.0, 10.0, 'S'), ("BHY", 5.0, 26.0, 'W'), ("ZHA", 9.0, 8.0, '-'),
    ("WEH", 7.0, 14.0, 'S'), ("LYI", 12.0, 4.0, '-'), ("YNJ", 5.0, 14.0, 'S'),
    ("HLD", 4.0, 22.0, 'S'), ("DSN", 7.0, 8.0, 'S'), ("DYG", 4.0, 30.0, '-'),
    ("YIH", 8.0, 12.0, '-'), ("ENH", 4.0, 12.0, 'S'), ("LZH", 8.0, 6.0, '-'),
    ("MIG", 8.0, 5.0, '-'), ("YBP", 6.0, 6.0, '-'), ("JZH", 2.0, 34.0, 'S'),
    ("LZY", 2.0, 18.0, 'S'), ("ZYI", 6.0, 8.0, '-'), ("UYN", 8.0, 3.0, '-'),
    ("TXN", 3.0, 20.0, '-'), ("MXZ", 5.0, 5.0, '-'), ("XUZ", 12.0, 4.0, '-'),
    ("GYS", 3.0, 4.0, '-'), ("HKG", 45.0, 45.0, '-'), ("MFM", 14.0, 24.0, '-'),
    ("TPE", 22.0, 20.0, '-'), ("NRT", 26.0, 48.0, '-'), ("KIX", 16.0, 46.0, '-'),
    ("ICN", 26.0, 36.0, '-'), ("CJU", 2.0, 18.0, '-'), ("BKK", 18.0, 60.0, 'W'),
    ("HKT", 2.0, 44.0, 'W'), ("SIN", 30.0, 40.0, '-'), ("KUL", 18.0, 28.0, '-'),
    ("DPS", 3.0, 34.0, '-'), ("SGN", 14.0, 16.0, '-'), ("DXB", 16.0, 20.0, 'W'),
    ("ALA", 8.0, 8.0, '-'), ("TAS", 7.0, 7.0, '-'), ("IST", 10.0, 14.0, '-'),
    ("FRA", 16.0, 12.0, '-'), ("CDG", 14.0, 20.0, 'S'), ("LHR", 18.0, 20.0, 'S'),
    ("LAX", 16.0, 14.0, '-'), ("SYD", 13.0, 16.0, 'W'), ("MLE", 1.0, 20.0, 'W'),
];

/// Stations that every connection may go through; the first four rows above.
const HUBS: usize = 4;
/// Pairs of this much business are flown without a stop even away from the hubs.
const TRUNK: f64 = 750.0;
/// Below this distance the train wins.
const SHORTEST_KM: i64 = 350;
/// Rotations a day on the busiest routes.
pub(crate) const MOST_SLOTS: usize = 4;

pub(crate) struct Station {
    pub(crate) airport: &'static Airport,
    pub(crate) size: f64,
    appeal: f64,
    season: char,
}

impl Station {
    pub(crate) fn is_domestic(&self) -> bool {
        self.airport.country == "CN"
    }

    /// Chance that a holiday maker who thinks of this place in `month` goes.
    fn liking(&self, month: u32) -> f64 {
        match (self.season, month) {
            ('S', 11 | 12 | 1..=3) => 0.25,
            ('W', 6..=8) => 0.45,
            _ => 1.0,
        }
    }
}

/// Who is choosing a destination.
#[derive(Clone, Copy)]
pub(crate) enum Taste {
    Business = 0,
    Thrifty = 1,
    Wealthy = 2,
    Family = 3,
}

const TASTES: [Taste; 4] = [Taste::Business, Taste::Thrifty, Taste::Wealthy, Taste::Family];

pub(crate) struct Network {
    pub(crate) stations: Vec<Station>,
    km: Vec<i64>,
    /// Route number plus one; 0 where no flight goes.
    routes: Vec<u16>,
    /// Best hub plus one for a journey with a change; 0 where there is none.
    hubs: Vec<u8>,
    /// Rising weights of destinations, by taste and origin.
    pull: Vec<Vec<f64>>,
    home: Vec<f64>,
    abroad: Vec<f64>,
}

impl Network {
    pub(crate) fn new() -> Self {
        let stations: Vec<Station> = STATIONS
            .iter()
            .filter_map(|&(code, size, appeal, season)| {
                Some(Station { airport: airports::find(code)?, size, appeal, season })
            })
            .collect();
        let n = stations.len();
        let pairs = || (0..n).flat_map(|a| (0..n).map(move |b| (a, b)));
        let km: Vec<i64> = pairs()
            .map(|(a, b)| airports::between(stations[a].airport, stations[b].airport).0)
            .collect();
        let mut network = Self {
            home: cumulative(stations.iter().map(|s| if s.is_domestic() { s.size } else { 0.0 })),
            abroad: cumulative(stations.iter().map(|s| if s.is_domestic() { 0.0 } else { s.size })),
            stations,
            km,
            routes: vec![0; n * n],
            hubs: vec![0; n * n],
            pull: Vec::new(),
        };
        network.number_routes();
        network.find_hubs();
        network.pull = TASTES
            .iter()
            .flat_map(|taste| (0..n).map(move |from| (*taste, from)))
            .map(|(taste, from)| cumulative((0..n).map(|to| network.attraction(taste, from, to))))
            .collect();
        network
    }

    fn at(&self, from: usize, to: usize) -> usize {
        from * self.stations.len() + to
    }

    pub(crate) fn km(&self, from: usize, to: usize) -> i64 {
        self.km[self.at(from, to)]
    }

    /// Each flown pair gets a number, the same in both directions.
    fn number_routes(&mut self) {
        let n = self.stations.len();
        let mut next = 1;
        for a in 0..n {
            for b in a + 1..n {
                if self.is_flown(a, b) {
                    let (there, back) = (self.at(a, b), self.at(b, a));
                    self.routes[there] = next;
                    self.routes[back] = next;
                    next += 1;
                }
            }
        }
    }

    fn is_flown(&self, a: usize, b: usize) -> bool {
        let (one, other) = (&self.stations[a], &self.stations[b]);
        let km = self.km(a, b);
        if km < SHORTEST_KM {
            return false;
        }
        let hub = a < HUBS;
        match (one.is_domestic(), other.is_domestic()) {
            (true, true) => {
                hub && (other.size > 3.0 || km < 1_800) || one.size * other.size >= TRUNK
            }
            (true, false) => {
                // Long-haul leaves from the two largest hubs, the neighbours from all four.
                let long = km > 5_500;
                hub && (!long || matches!(one.airport.iata, "TFU" | "PKX"))
                    || one.size * other.size >= 2.0 * TRUNK && km < 4_500
            }
            _ => false,
        }
    }

    fn find_hubs(&mut self) {
        let n = self.stations.len();
        for from in 0..n {
            for to in 0..n {
                let best = (0..HUBS)
                    .filter(|&hub| self.is_direct(from, hub) && self.is_direct(hub, to))
                    .min_by_key(|&hub| self.km(from, hub) + self.km(hub, to));
                let place = self.at(from, to);
                self.hubs[place] = best.map_or(0, |hub| hub as u8 + 1);
            }
        }
    }

    pub(crate) fn is_direct(&self, from: usize, to: usize) -> bool {
        self.routes[self.at(from, to)] > 0
    }

    /// The stations passed from `from` to `to`, or `None` when there is no sensible way.
    pub(crate) fn way(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        if from == to {
            return None;
        }
        if self.is_direct(from, to) {
            return Some(vec![from, to]);
        }
        let hub = usize::from(self.hubs[self.at(from, to)].checked_sub(1)?);
        let detour = self.km(from, hub) + self.km(hub, to);
        (detour < 2 * self.km(from, to) + 600).then(|| vec![from, hub, to])
    }

    /// How much `to` draws people from `from`: size or appeal, less with distance, nothing where
    /// the train is as quick or no way leads.
    fn attraction(&self, taste: Taste, from: usize, to: usize) -> f64 {
        let Some(way) = self.way(from, to) else { return 0.0 };
        let km = self.km(from, to);
        if km < SHORTEST_KM {
            return 0.0;
        }
        let place = &self.stations[to];
        let far = km as f64;
        let rail = if km < 700 && place.is_domestic() { 0.35 } else { 1.0 };
        let change = if way.len() > 2 { 0.3 } else { 1.0 };
        let border = place.is_domestic() == self.stations[from].is_domestic();
        let abroad = if border { 1.0 } else { [0.22, 0.12, 0.9, 0.18][taste as usize] };
        let (pull, reach) = match taste {
            Taste::Business => (place.size, 1_500.0),
            Taste::Thrifty => (place.appeal, 1_700.0),
            Taste::Wealthy => (place.appeal, 6_000.0),
            Taste::Family => (place.size + 4.0, 2_500.0),
        };
        pull * rail * change * abroad * (-far / reach).exp()
    }

    /// A destination for somebody living at `from`; holiday makers mind the season.
    pub(crate) fn destination(
        &self,
        taste: Taste,
        from: usize,
        month: u32,
        dice: &mut Dice,
    ) -> Option<usize> {
        let pull = &self.pull[taste as usize * self.stations.len() + from];
        if pull.last().is_none_or(|total| *total <= 0.0) {
            return None;
        }
        let mut to = dice.weighted(pull);
        if matches!(taste, Taste::Thrifty | Taste::Wealthy) {
            for _ in 0..3 {
                if dice.chance(self.stations[to].liking(month)) {
                    break;
                }
                to = dice.weighted(pull);
            }
        }
        Some(to)
    }

    /// Where a resident of China, or of another country, lives.
    pub(crate) fn residence(&self, in_china: bool, dice: &mut Dice) -> usize {
        dice.weighted(if in_china { &self.home } else { &self.abroad })
    }

    /// Daily rotations of a route.
    pub(crate) fn slots(&self, from: usize, to: usize) -> usize {
        let demand = self.stations[from].size * self.stations[to].size;
        match demand as u64 {
            0..200 => 1,
            200..1_000 => 2,
            1_000..3_000 => 3,
            _ => MOST_SLOTS,
        }
    }

    /// Flight number and scheduled local departure of a rotation; out is odd, back is even.
    pub(crate) fn flight(&self, from: usize, to: usize, slot: usize) -> (u16, NaiveTime) {
        let route = self.routes[self.at(from, to)].saturating_sub(1);
        let back = u16::from(from > to);
        let number = 1_001 + route * (2 * MOST_SLOTS as u16) + 2 * slot as u16 + back;
        // Spread over the day by rotation, over the hour by route; the way back leaves later.
        let minute =
            7 * 60 + slot as u32 * 215 + u32::from(back) * 95 + u32::from(route * 7 % 24) * 5;
        let time = NaiveTime::from_num_seconds_from_midnight_opt(minute % 1_440 * 60, 0);
        (number, time.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    fn at(network: &Network, code: &str) -> usize {
        network.stations.iter().position(|s| s.airport.iata == code).unwrap()
    }

    #[test]
    fn every_station_is_a_known_airport_that_can_be_reached() {
        let network = Network::new();
        assert_eq!(network.stations.len(), STATIONS.len());
        let hub = at(&network, "TFU");
        for to in 0..network.stations.len() {
            let code = network.stations[to].airport.iata;
            let near = network.km(hub, to) < SHORTEST_KM;
            assert!(near || network.way(hub, to).is_some(), "{code}");
        }
    }

    #[test]
    fn flight_numbers_name_one_route_and_direction() {
        let network = Network::new();
        let n = network.stations.len();
        let mut seen = std::collections::HashMap::new();
        for (a, b) in (0..n).flat_map(|a| (0..n).map(move |b| (a, b))) {
            if !network.is_direct(a, b) {
                continue;
            }
            for slot in 0..network.slots(a, b) {
                let (number, _) = network.flight(a, b, slot);
                assert!(number <= 9_999, "{number}");
                assert_eq!(seen.insert(number, (a, b)), None);
            }
        }
        assert!(seen.len() > 500, "{}", seen.len());
    }

    #[test]
    fn nobody_flies_where_the_train_goes() {
        let network = Network::new();
        let from = at(&network, "HGH");
        let mut dice = Dice::new(1, 1, Stream::Travel);
        for _ in 0..2_000 {
            let to = network.destination(Taste::Business, from, 5, &mut dice).unwrap();
            assert!(network.km(from, to) >= SHORTEST_KM);
        }
    }

    #[test]
    fn the_south_is_for_winter() {
        let network = Network::new();
        let (from, sanya) = (at(&network, "PKX"), at(&network, "SYX"));
        let mut dice = Dice::new(1, 1, Stream::Travel);
        let mut share = |month| {
            let hits = (0..8_000)
                .filter(|_| {
                    network.destination(Taste::Thrifty, from, month, &mut dice) == Some(sanya)
                })
                .count();
            hits as f64 / 8_000.0
        };
        assert!(share(1) > 1.4 * share(7));
    }
}
