//! Habits from trips. Pure.

use std::collections::BTreeMap;

use chrono::{Datelike, Weekday};

use super::{Habit, Preferences};
use crate::segments::Trip;

/// Trips below which nothing is said.
pub const LEAST: usize = 4;

/// Learns from `trips` (flown, missed and refunded ones).
#[must_use]
pub fn learn(trips: &[Trip]) -> Preferences {
    let flown: Vec<&Trip> = trips.iter().filter(|trip| trip.outcome == "flown").collect();
    if trips.len() < LEAST {
        return Preferences { trips: trips.len() as i64, ..Preferences::default() };
    }
    let share = |part: usize, whole: usize| (whole >= LEAST).then(|| part as f64 / whole as f64);
    let outcome =
        |words: &[&str]| trips.iter().filter(|trip| words.contains(&trip.outcome.as_str())).count();
    let settled = trips.len() - outcome(&["booked"]);
    let mut leads: Vec<i64> = flown.iter().filter_map(|trip| lead(trip)).collect();
    leads.sort_unstable();
    let channels: Vec<&str> = flown.iter().filter_map(|trip| trip.channel.as_deref()).collect();
    let coefficients: Vec<f64> = flown.iter().filter_map(|trip| trip.discount).collect();
    let currency = commonest(flown.iter().filter_map(|trip| trip.currency.clone()));
    Preferences {
        trips: trips.len() as i64,
        habits: habits(&flown),
        routes: routes(&flown),
        lead_days: (leads.len() >= LEAST).then(|| leads[leads.len() / 2]),
        lead_among: leads.len() as i64,
        last_minute: share(leads.iter().filter(|days| **days <= 3).count(), leads.len()),
        no_show: share(outcome(&["no-show"]), settled),
        changed: share(outcome(&["refunded", "changed"]), settled),
        agency: share(channels.iter().filter(|c| **c == "agency").count(), channels.len()),
        low_fare: share(coefficients.iter().filter(|c| **c <= 0.6).count(), coefficients.len()),
        coefficient: mean(coefficients.iter().copied()),
        party: mean(flown.iter().filter_map(|trip| trip.party_size).map(|size| size as f64)),
        extras_minor: mean(flown.iter().filter_map(|trip| trip.extras_minor).map(|e| e as f64))
            .map(|mean| mean.round() as i64),
        currency: currency.map(|(currency, _)| currency),
    }
}

fn lead(trip: &Trip) -> Option<i64> {
    trip.booked_on.map(|booked| (trip.flight_date - booked).num_days()).filter(|days| *days >= 0)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_usize, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count >= LEAST).then(|| sum / count as f64)
}

/// The commonest value and how often it comes; ties go to the first in order.
fn commonest(values: impl Iterator<Item = String>) -> Option<(String, i64)> {
    let mut counts = BTreeMap::<String, i64>::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
}

/// A habit is what half of the trips or more show.
fn habits(flown: &[&Trip]) -> Vec<Habit> {
    type Of = fn(&Trip) -> Option<String>;
    let kinds: [(&str, Of); 6] = [
        ("cabin", |trip| trip.cabin.clone()),
        ("seat", |trip| seat(trip.seat.as_deref()?).map(str::to_owned)),
        ("time", |trip| trip.departs_minute.map(time_of_day).map(str::to_owned)),
        ("days", |trip| Some(days(trip.flight_date.weekday()).to_owned())),
        ("channel", |trip| trip.channel.clone()),
        ("home", |trip| trip.origin.clone()),
    ];
    let mut habits = Vec::new();
    for (kind, of) in kinds {
        let values: Vec<String> = flown.iter().filter_map(|trip| of(trip)).collect();
        let among = values.len() as i64;
        let Some((value, count)) = commonest(values.into_iter()) else { continue };
        // Half of the departures are the way back: a home airport needs less.
        let enough = if kind == "home" { count * 10 >= among * 4 } else { count * 2 >= among };
        if among >= LEAST as i64 && enough {
            habits.push(Habit { kind: kind.to_owned(), value, of: count, among });
        }
    }
    habits.extend(purpose(flown));
    habits
}

/// Window or aisle by letter, as on aircraft with one and two aisles.
fn seat(seat: &str) -> Option<&'static str> {
    match seat.bytes().last()?.to_ascii_uppercase() {
        b'A' | b'F' | b'K' | b'L' => Some("window"),
        b'C' | b'D' | b'G' | b'H' => Some("aisle"),
        b'B' | b'E' | b'J' => Some("middle"),
        _ => None,
    }
}

fn time_of_day(minute: i64) -> &'static str {
    match minute {
        ..360 => "night",
        360..720 => "morning",
        720..1_080 => "afternoon",
        _ => "evening",
    }
}

fn days(day: Weekday) -> &'static str {
    match day {
        Weekday::Sat | Weekday::Sun => "weekend",
        _ => "weekday",
    }
}

/// Business or leisure: a trip speaks for business when at least two of four signs do (a weekday,
/// booked within a week, alone, a fare of 80 % or more of the full one or a front cabin).
fn purpose(flown: &[&Trip]) -> Option<Habit> {
    let told: Vec<bool> = flown
        .iter()
        .filter_map(|trip| {
            let weekday = days(trip.flight_date.weekday()) == "weekday";
            let front = trip.cabin.as_deref().map(|cabin| matches!(cabin, "first" | "business"));
            let dear = trip.discount.map(|discount| discount >= 0.8);
            let signs = [
                Some(weekday),
                lead(trip).map(|days| days <= 7),
                trip.party_size.map(|size| size == 1),
                match (front, dear) {
                    (None, None) => None,
                    (front, dear) => Some(front == Some(true) || dear == Some(true)),
                },
            ];
            let known = signs.iter().flatten().count();
            (known >= 3).then(|| signs.iter().flatten().filter(|sign| **sign).count() * 2 > known)
        })
        .collect();
    let among = told.len() as i64;
    let business = told.iter().filter(|business| **business).count() as i64;
    if among < LEAST as i64 {
        return None;
    }
    let (value, of) = match business * 2 >= among {
        true => ("business", business),
        false => ("leisure", among - business),
    };
    Some(Habit { kind: "purpose".to_owned(), value: value.to_owned(), of, among })
}

/// The three pairs of airports flown most, twice at least.
fn routes(flown: &[&Trip]) -> Vec<Habit> {
    let mut counts = BTreeMap::<String, i64>::new();
    let mut among = 0;
    for trip in flown {
        let (Some(from), Some(to)) = (&trip.origin, &trip.destination) else { continue };
        let (a, b) = if from <= to { (from, to) } else { (to, from) };
        *counts.entry(format!("{a}–{b}")).or_default() += 1;
        among += 1;
    }
    let mut routes: Vec<Habit> = counts
        .into_iter()
        .filter(|(_, of)| *of >= 2)
        .map(|(value, of)| Habit { kind: "route".to_owned(), value, of, among })
        .collect();
    routes.sort_by(|a, b| b.of.cmp(&a.of).then_with(|| a.value.cmp(&b.value)));
    routes.truncate(3);
    routes
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Days, NaiveDate, Utc};
    use uuid::Uuid;

    use super::*;

    fn trip(day: u64, from: &str, to: &str) -> Trip {
        let first: NaiveDate = "2026-03-02".parse().unwrap_or_default();
        let flight_date = first.checked_add_days(Days::new(day)).unwrap_or(first);
        Trip {
            source: String::new(),
            source_key: String::new(),
            id: Uuid::nil(),
            flight_date,
            departs_minute: Some(8 * 60),
            at: DateTime::<Utc>::UNIX_EPOCH,
            carrier: Some("CZ".into()),
            flight_no: Some("3101".into()),
            origin: Some(from.into()),
            destination: Some(to.into()),
            booking_class: Some("Y".into()),
            cabin: Some("economy".into()),
            km: 1_967,
            fare_minor: Some(100_000),
            currency: Some("CNY".into()),
            discount: Some(0.9),
            booked_on: flight_date.checked_sub_days(Days::new(4)),
            channel: Some("app".into()),
            outcome: "flown".into(),
            record_locator: None,
            seat: Some("31A".into()),
            party_size: Some(1),
            extras_minor: None,
            basis: None,
        }
    }

    #[test]
    fn habits_carry_their_evidence() {
        let mut trips: Vec<Trip> = (0..10)
            .map(|n| if n % 2 == 0 { trip(n * 7, "CAN", "PEK") } else { trip(n * 7, "PEK", "CAN") })
            .collect();
        trips[3].seat = Some("31C".into());
        trips[9].outcome = "no-show".into();
        let learned = learn(&trips);
        let of = |kind: &str| learned.habits.iter().find(|habit| habit.kind == kind).cloned();
        let seat = of("seat").map(|habit| (habit.value, habit.of, habit.among));
        assert_eq!(seat, Some(("window".to_owned(), 8, 9)));
        assert_eq!(of("time").map(|habit| habit.value), Some("morning".to_owned()));
        assert_eq!(of("purpose").map(|habit| habit.value), Some("business".to_owned()));
        assert_eq!(of("home").map(|habit| habit.value), Some("CAN".to_owned()));
        assert_eq!(learned.routes[0].value, "CAN–PEK");
        assert_eq!(learned.lead_days, Some(4));
        assert_eq!(learned.no_show, Some(0.1));
        assert_eq!(learned.agency, Some(0.0));
    }

    #[test]
    fn too_few_trips_say_nothing() {
        let learned = learn(&[trip(0, "CAN", "PEK"), trip(7, "PEK", "CAN")]);
        assert!(learned.habits.is_empty() && learned.lead_days.is_none());
        assert_eq!(learned.trips, 2);
    }
}
