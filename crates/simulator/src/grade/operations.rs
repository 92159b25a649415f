//! What became of passengers and flights, against what was made of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::read::Truths;
use super::share;

/// Written for a passenger that is not there.
const MISSING: &str = "missing";

/// A passenger of a flight as they are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredictedPassenger {
    pub outcome: String,
    /// `upgrade`, `downgrade`, `changed` or empty.
    pub class_change: String,
}

/// A leg as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PredictedLeg {
    pub departure_delay: Option<i64>,
    pub arrival_delay: Option<i64>,
    pub cancelled: bool,
    /// Empty for none.
    pub diverted_to: String,
}

/// One true outcome and what it was taken for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeRow {
    pub outcome: String,
    /// Passengers it is true of.
    pub passengers: u64,
    /// By what they were taken for, `missing` for those not found.
    pub taken_for: BTreeMap<String, u64>,
}

/// The confusion table of outcomes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    pub passengers: u64,
    pub right: u64,
    /// Most passengers first.
    pub rows: Vec<OutcomeRow>,
    /// Passengers who sat in another cabin than booked, and those of them who are known to.
    pub moved: (u64, u64),
}

impl Confusion {
    /// Share of the passengers whose outcome is right.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        share(self.right, self.passengers)
    }
}

/// What was flown, and what is kept as flown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segments {
    pub flown: u64,
    pub kept: u64,
    pub km_flown: i64,
    pub km_kept: i64,
}

impl Segments {
    /// Kept and not flown, minus flown and not kept, as a share of the flown.
    #[must_use]
    pub fn difference(&self) -> f64 {
        if self.flown == 0 { 0.0 } else { self.kept as f64 / self.flown as f64 - 1.0 }
    }
}

/// Legs, and those whose facts are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Legs {
    pub legs: u64,
    pub found: u64,
    /// Legs that were flown, and those with the right minutes of delay at departure.
    pub departed: (u64, u64),
    /// Legs that arrived where they were meant to, and those with the right minutes at arrival.
    pub arrived: (u64, u64),
    pub cancelled: (u64, u64),
    pub diverted: (u64, u64),
}

/// Passengers by the key of their mention; each is graded once, by the booking if there is one.
#[must_use]
pub fn outcomes(truths: &Truths, kept: &HashMap<String, PredictedPassenger>) -> Confusion {
    let mut rows: BTreeMap<&str, OutcomeRow> = BTreeMap::new();
    let mut grade = Confusion::default();
    let mut seen: HashSet<&str> = HashSet::new();
    for source in ["booking", "departure"] {
        for mention in truths.mentions.iter().filter(|mention| mention.source == source) {
            if !seen.insert(&mention.source_key) {
                continue;
            }
            let found = kept.get(&mention.source_key);
            let taken = found.map_or(MISSING, |found| found.outcome.as_str());
            let row = rows.entry(&mention.outcome).or_default();
            row.passengers += 1;
            *row.taken_for.entry(taken.to_owned()).or_default() += 1;
            grade.passengers += 1;
            grade.right += u64::from(taken == mention.outcome);
            if !mention.class_change.is_empty() {
                let right = found.is_some_and(|of| of.class_change == mention.class_change);
                grade.moved.0 += 1;
                grade.moved.1 += u64::from(right);
            }
        }
    }
    let named = rows.into_iter().map(|(word, row)| OutcomeRow { outcome: word.into(), ..row });
    grade.rows = named.collect();
    grade.rows.sort_by_key(|row| std::cmp::Reverse(row.passengers));
    grade
}

/// Flown segments by number and kilometres; `kept` counts those kept of the same flights.
#[must_use]
pub fn segments(truths: &Truths, kept: u64, km_kept: i64) -> Segments {
    let departed = truths.mentions.iter().filter(|mention| mention.source == "departure");
    let flown = departed.filter(|mention| mention.km > 0);
    let (count, km) = flown.fold((0, 0), |(count, km), of| (count + 1, km + of.km));
    Segments { flown: count, kept, km_flown: km, km_kept }
}

/// Legs by flight (`JB1023`), date of the flight, and boarding point.
#[must_use]
pub fn legs(truths: &Truths, kept: &HashMap<(String, String, String), PredictedLeg>) -> Legs {
    let mut grade = Legs::default();
    let count = |of: &mut (u64, u64), right: bool| {
        of.0 += 1;
        of.1 += u64::from(right);
    };
    for leg in &truths.legs {
        grade.legs += 1;
        let found = kept.get(&(leg.flight.clone(), leg.date.clone(), leg.board.clone()));
        grade.found += u64::from(found.is_some());
        if leg.cancelled {
            count(&mut grade.cancelled, found.is_some_and(|of| of.cancelled));
            continue;
        }
        let departed = found.is_some_and(|of| of.departure_delay == leg.departure_delay);
        count(&mut grade.departed, departed);
        if leg.diverted_to.is_empty() {
            let arrived = found.is_some_and(|of| of.arrival_delay == leg.arrival_delay);
            count(&mut grade.arrived, arrived);
        } else {
            count(&mut grade.diverted, found.is_some_and(|of| of.diverted_to == leg.diverted_to));
        }
    }
    grade
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::{Mention, TrueLeg};

    fn mention(source: &str, key: &str, outcome: &str, km: i64) -> Mention {
        Mention {
            source: source.into(),
            source_key: key.into(),
            outcome: outcome.into(),
            km,
            ..Mention::default()
        }
    }

    #[test]
    fn each_passenger_is_graded_once() {
        let mentions = vec![
            mention("booking", "a", "flown", 900),
            mention("departure", "a", "flown", 900),
            mention("booking", "b", "no-show", 0),
            mention("departure", "b", "no-show", 0),
            mention("departure", "c", "go-show", 500),
            mention("ticket", "c", "go-show", 500),
        ];
        let truths = Truths { mentions, ..Truths::default() };
        let of =
            |outcome: &str| PredictedPassenger { outcome: outcome.into(), ..Default::default() };
        let kept: HashMap<_, _> =
            [("a".to_owned(), of("flown")), ("b".to_owned(), of("flown"))].into();
        let grade = outcomes(&truths, &kept);
        assert_eq!((grade.passengers, grade.right), (3, 1));
        let of = |outcome: &str| grade.rows.iter().find(|row| row.outcome == outcome).unwrap();
        assert_eq!(of("no-show").taken_for.get("flown"), Some(&1));
        assert_eq!(of("go-show").taken_for.get("missing"), Some(&1));
        let flown = segments(&truths, 3, 2_300);
        assert_eq!((flown.flown, flown.km_flown, flown.difference()), (2, 1_400, 0.5));
    }

    #[test]
    fn cabins_changed_are_counted_beside() {
        let moved =
            Mention { class_change: "upgrade".into(), ..mention("booking", "a", "flown", 900) };
        let truths = Truths { mentions: vec![moved], ..Truths::default() };
        let of = |change: &str| PredictedPassenger {
            outcome: "flown".into(),
            class_change: change.into(),
        };
        let grade = |change| outcomes(&truths, &[("a".to_owned(), of(change))].into()).moved;
        assert_eq!((grade("upgrade"), grade("")), ((1, 1), (1, 0)));
    }

    #[test]
    fn minutes_must_be_equal() {
        let leg = |board: &str, delay, diverted: &str| TrueLeg {
            flight: "JB1".into(),
            date: "2026-11-24".into(),
            board: board.into(),
            departure_delay: Some(delay),
            arrival_delay: Some(delay),
            diverted_to: diverted.into(),
            ..TrueLeg::default()
        };
        let cancelled = TrueLeg { cancelled: true, departure_delay: None, ..leg("XIY", 0, "") };
        let legs = vec![leg("PKX", 12, ""), leg("HGH", 3, "TSN"), cancelled];
        let truths = Truths { legs, ..Truths::default() };
        let key = |board: &str| ("JB1".to_owned(), "2026-11-24".to_owned(), board.to_owned());
        let kept = |delay| PredictedLeg {
            departure_delay: Some(delay),
            arrival_delay: Some(delay),
            ..PredictedLeg::default()
        };
        let grade = super::legs(&truths, &[(key("PKX"), kept(12)), (key("HGH"), kept(4))].into());
        assert_eq!((grade.legs, grade.found), (3, 2));
        assert_eq!((grade.departed, grade.arrived), ((2, 1), (1, 1)));
        assert_eq!((grade.cancelled, grade.diverted), ((1, 0), (1, 0)));
    }
}
