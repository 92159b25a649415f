//! What must hold whatever is flown.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod accrual;
mod replay;
mod tiers;

use chrono::{Days, NaiveDate};
use programme::{Engine, examples};

pub fn engines() -> Vec<Engine> {
    let read = |text| Engine::new(programme::Programme::from_toml(text).unwrap()).unwrap();
    examples::ALL.into_iter().map(read).collect()
}

/// So many days after New Year 2024.
pub fn day(offset: u64) -> NaiveDate {
    "2024-01-01".parse::<NaiveDate>().unwrap() + Days::new(offset)
}
