//! Airports by IATA code, with names in both languages, coordinates and time zone.
//!
//! The table is the crate's `airports.tsv`, read once on first use; its header names the sources.

use std::sync::LazyLock;

use chrono_tz::Tz;

use crate::{Km, Lang};

/// Mean radius of the earth in kilometres (IUGG, R1, rounded).
const EARTH_RADIUS_KM: f64 = 6_371.0;

static TABLE: LazyLock<Vec<Airport>> = LazyLock::new(|| {
    let mut airports: Vec<Airport> =
        include_str!("../airports.tsv").lines().filter_map(read).collect();
    airports.sort_by_key(|a| a.iata);
    airports
});

#[derive(Clone, Debug, PartialEq)]
pub struct Airport {
    pub iata: &'static str,
    pub name_en: &'static str,
    pub name_zh: &'static str,
    pub city_en: &'static str,
    pub city_zh: &'static str,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// Degrees north, WGS 84.
    pub lat: f64,
    /// Degrees east, WGS 84.
    pub lon: f64,
    pub tz: Tz,
}

impl Airport {
    #[must_use]
    pub fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::ZhCn => self.name_zh,
            Lang::En => self.name_en,
        }
    }

    #[must_use]
    pub fn city(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::ZhCn => self.city_zh,
            Lang::En => self.city_en,
        }
    }
}

/// The airport with this IATA code, in either case.
///
/// ```
/// use kernel::airports;
/// assert_eq!(airports::find("pek").unwrap().city_zh, "北京");
/// assert!(airports::find("QQQ").is_none());
/// ```
#[must_use]
pub fn find(iata: &str) -> Option<&'static Airport> {
    let code = iata.trim().to_ascii_uppercase();
    let place = TABLE.binary_search_by(|a| a.iata.cmp(code.as_str())).ok()?;
    TABLE.get(place)
}

/// The time zone of an airport; UTC for one that is not known.
///
/// ```
/// use kernel::airports;
/// assert_eq!(airports::zone("PEK").name(), "Asia/Shanghai");
/// assert_eq!(airports::zone("QQQ").name(), "UTC");
/// ```
#[must_use]
pub fn zone(iata: &str) -> Tz {
    find(iata).map_or(Tz::UTC, |airport| airport.tz)
}

/// All airports, by code.
#[must_use]
pub fn all() -> &'static [Airport] {
    &TABLE
}

/// Great-circle distance between two airports, rounded to a kilometre; `None` when either code is
/// unknown.
///
/// ```
/// use kernel::{Km, airports::distance_km};
/// assert_eq!(distance_km("PEK", "PEK"), Some(Km(0)));
/// assert_eq!(distance_km("PEK", "QQQ"), None);
/// ```
#[must_use]
pub fn distance_km(from: &str, to: &str) -> Option<Km> {
    Some(between(find(from)?, find(to)?))
}

/// Great-circle distance between two airports, rounded to a kilometre.
///
/// Haversine on a sphere of 6371.0 km: the airlines' usual fallback where no ticketed point
/// mileage is published. Against the WGS 84 ellipsoid it errs by at most 0.56 %.
#[must_use]
pub fn between(from: &Airport, to: &Airport) -> Km {
    let (lat1, lat2) = (from.lat.to_radians(), to.lat.to_radians());
    let north = ((lat2 - lat1) / 2.0).sin();
    let east = ((to.lon - from.lon).to_radians() / 2.0).sin();
    let chord = north * north + lat1.cos() * lat2.cos() * east * east;
    let angle = 2.0 * chord.sqrt().min(1.0).asin();
    Km((EARTH_RADIUS_KM * angle).round() as i64)
}

/// One line of the table. A line that cannot be read is left out; a test holds that none is.
fn read(line: &'static str) -> Option<Airport> {
    let mut cells = line.split('\t');
    let mut next = || cells.next().filter(|cell| !cell.is_empty());
    let iata = next().filter(|code| code.len() == 3 && !line.starts_with('#'))?;
    Some(Airport {
        iata,
        name_en: next()?,
        name_zh: next()?,
        city_en: next()?,
        city_zh: next()?,
        country: next()?,
        lat: next()?.parse().ok()?,
        lon: next()?.parse().ok()?,
        tz: next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_of_the_table_is_read_once() {
        let lines = include_str!("../airports.tsv").lines().filter(|l| !l.starts_with('#')).count();
        let codes: HashSet<_> = all().iter().map(|a| a.iata).collect();
        assert_eq!(all().len(), lines);
        assert_eq!(codes.len(), lines);
        assert!(lines >= 240);
    }

    #[test]
    fn rows_are_whole() {
        for airport in all() {
            assert!(airport.iata.bytes().all(|b| b.is_ascii_uppercase()), "{airport:?}");
            assert_eq!(airport.country.len(), 2, "{airport:?}");
            assert!(airport.lat.abs() <= 90.0 && airport.lon.abs() <= 180.0, "{airport:?}");
            assert!(!airport.name_zh.is_ascii() && !airport.city_zh.is_ascii(), "{airport:?}");
            let name = airport.name_en;
            assert!(!name.contains('?') && name.len() < 60, "{airport:?}");
        }
    }

    /// Geodesic distances on WGS 84 (Karney's algorithm), kilometres.
    #[test]
    fn distances_stay_within_the_stated_error() {
        for (from, to, geodesic) in [
            ("PEK", "PVG", 1_098.5),
            ("LHR", "JFK", 5_554.9),
            ("SIN", "SYD", 6_294.0),
            ("CAN", "LAX", 11_640.0),
        ] {
            let found = distance_km(from, to).unwrap().0 as f64;
            assert!((found / geodesic - 1.0).abs() < 0.0056, "{from}-{to}: {found}");
        }
    }

    #[test]
    fn distance_is_the_same_both_ways() {
        let some: Vec<_> = all().iter().step_by(7).collect();
        for a in &some {
            for b in &some {
                assert_eq!(between(a, b), between(b, a));
            }
        }
    }
}
