//! The shipped model of an airline's person records.
//!
//! The numbers are priors by judgement, stated so that they can be argued with: frequencies among
//! unrelated people follow from the population (a birth date is shared by one pair in 25,000, a
//! common Chinese name by one in 30,000; the real frequency of the name replaces that wherever
//! counts exist), frequencies among records of one person from the kinds of error section E of the
//! formats lists. [`People::train`](super::People::train) re-estimates them from the data.

use crate::model::{Bands, Comparison, Level, Model, VERSION};

/// Level code, m, u, and how far the value's frequency counts.
type Row = (&'static str, f64, f64, f64);

#[rustfmt::skip]
const COMPARISONS: [(&str, &[Row]); super::findings::COMPARISONS] = [
    ("name", &[
        ("native_same", 0.24, 8e-6, 1.0), ("same", 0.52, 3e-5, 1.0), ("swapped", 0.03, 3e-5, 1.0),
        ("spelling", 0.06, 1e-5, 0.5), ("truncated", 0.01, 1e-7, 0.0), ("typo", 0.05, 1e-5, 0.0),
        ("partial", 0.04, 3e-4, 0.0), ("one_letter", 0.01, 2e-4, 0.0),
        ("romanised", 0.008, 5e-4, 0.0), ("homophone", 1e-6, 4e-5, 0.0), ("given", 0.012, 3e-3, 0.0),
        ("surname", 0.003, 0.035, 0.0), ("different", 0.017, 0.961, 0.0),
    ]),
    ("birth", &[
        ("same", 0.93, 4e-5, 0.0), ("swapped", 0.01, 1.5e-5, 0.0), ("typo", 0.03, 1.1e-3, 0.0),
        ("year", 0.01, 0.015, 0.0), ("different", 0.02, 0.984, 0.0),
    ]),
    ("gender", &[("same", 0.985, 0.5, 0.0), ("different", 0.015, 0.5, 0.0)]),
    ("nationality", &[("same", 0.97, 0.6, 0.0), ("different", 0.03, 0.4, 0.0)]),
    ("document", &[
        ("same_card", 0.45, 1e-8, 0.0), ("same_passport", 0.35, 1e-8, 0.0),
        ("same_number", 0.05, 1e-7, 0.0), ("other_passport", 0.14, 0.5, 0.0),
        ("other_card", 0.01, 0.5, 0.0),
    ]),
    ("member", &[("same", 0.96, 1e-6, 0.0), ("other", 0.04, 1.0, 0.0)]),
    ("phone", &[("same", 0.6, 1e-6, 1.0), ("none_shared", 0.4, 1.0, 0.0)]),
    ("email", &[("same", 0.6, 1e-6, 1.0), ("none_shared", 0.4, 1.0, 0.0)]),
    ("address", &[
        ("same", 0.5, 1e-5, 0.5), ("same_city", 0.38, 0.04, 1.0), ("other_city", 0.12, 0.96, 0.0),
    ]),
    ("booking", &[
        ("same_place", 0.8, 0.01, 0.0), ("same_name", 0.1995, 0.01, 0.0),
        ("other_passenger", 0.0005, 0.98, 0.0),
    ]),
];

/// The prior for so many records: each is expected to have one partner or two.
///
/// The more records, the less a chance agreement says; set [`Model::prior`] to this as they grow.
#[must_use]
pub fn prior_for(records: u64) -> f64 {
    (1.0 / records.max(100) as f64).max(1e-9)
}

/// The model persons are compared under before anything was estimated: one pair in a million is a
/// match, links from odds of 1,000 to 1, looks from even odds.
#[must_use]
pub fn airline() -> Model {
    let level = |(code, m, u, by_frequency): &Row| Level {
        code: (*code).to_owned(),
        m: *m,
        u: *u,
        by_frequency: *by_frequency,
        base: *u,
    };
    let comparison = |(code, rows): &(&str, &[Row])| Comparison {
        code: (*code).to_owned(),
        levels: rows.iter().map(level).collect(),
    };
    Model {
        version: VERSION,
        name: "airline".to_owned(),
        prior: 1e-6,
        comparisons: COMPARISONS.iter().map(comparison).collect(),
        bands: Bands::default(),
    }
}
