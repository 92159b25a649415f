//! The hand-computed cases of `cases/*.csv`, run against the shipped programmes. Every failing row
//! is reported by its id, with what the case says and why.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod accrual;
mod answers;
mod tiers;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use programme::{Engine, Hundredths, examples};

/// A row by its column names.
pub type Case = BTreeMap<String, String>;

pub fn engine(code: &str) -> Engine {
    Engine::new(examples::read(code).unwrap().unwrap()).unwrap()
}

pub fn read(text: &str) -> Vec<Case> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

pub fn day(text: &str) -> NaiveDate {
    text.trim().parse().unwrap_or_else(|_| panic!("`{text}` is no day"))
}

/// A decimal with two places as hundredths; nothing is zero.
pub fn hundredths(text: &str) -> i64 {
    if text.is_empty() { 0 } else { text.parse::<Hundredths>().unwrap().0 }
}

/// Runs every case and fails with all that differ.
pub fn run(cases: &[Case], answer: impl Fn(&Case) -> (String, String)) {
    let mut wrong = Vec::new();
    for case in cases {
        let (found, expected) = answer(case);
        if found != expected {
            let (id, why) = (&case["id"], &case["why"]);
            wrong.push(format!("{id}: found    {found}\n     expected {expected}\n     {why}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn cases_are_many_and_named_once() {
    let texts = [
        include_str!("../../cases/accrual-bridge-km.csv"),
        include_str!("../../cases/accrual-bay-year.csv"),
        include_str!("../../cases/accrual-tern-fare.csv"),
        include_str!("../../cases/tiers.csv"),
        include_str!("../../cases/answers.csv"),
    ];
    let all: Vec<Case> = texts.into_iter().flat_map(read).collect();
    let names: std::collections::BTreeSet<&str> = all.iter().map(|c| c["id"].as_str()).collect();
    assert_eq!(names.len(), all.len());
    assert!(all.len() >= 300);
    assert!(all.iter().all(|case| case["why"].len() > 5));
}
