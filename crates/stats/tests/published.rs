//! Published figures of 62,044 members of a Chinese airline, from `JETBRIDGE_TEST_DATA`.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use stats::ValueKind::{Develop, General, Keep, Low, WinBack};
use stats::{Params, Table, kmeans, name_groups, pareto, standardise};

/// The folder of real data, or `None` after saying so.
fn data(file: &str) -> Option<PathBuf> {
    let otherwise = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("JETBRIDGE_TEST_DATA").map_or_else(otherwise, PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is missing; set JETBRIDGE_TEST_DATA to the test data", path.display());
    None
}

/// The rows that have a join date, in the order L, R, F, M, C.
fn lrfmc() -> Option<Table> {
    let mut reader = csv::Reader::from_path(data("airline_members/lrfmc_62044.csv")?).unwrap();
    let records = reader.records().map(Result::unwrap).filter(|record| !record[1].is_empty());
    let row = |record: csv::StringRecord| -> Vec<f64> {
        (1..6).map(|column| record[column].parse().unwrap()).collect()
    };
    Some(Table::from_rows(&records.map(row).collect::<Vec<_>>()).unwrap())
}

const CENTRES: [[f64; 5]; 5] = [
    [-0.7004, -0.4147, -0.1613, -0.1612, -0.2538],
    [1.1603, -0.3774, -0.0871, -0.0950, -0.1560],
    [-0.3135, 1.6862, -0.5740, -0.5368, -0.1733],
    [0.4830, -0.7994, 2.4834, 2.4246, 0.3086],
    [0.0549, -0.0024, -0.2257, -0.2297, 2.1981],
];
const SIZES: [f64; 5] = [24_665.0, 15_745.0, 12_125.0, 5_336.0, 4_172.0];

#[test]
fn the_five_groups_are_found_with_any_seed() {
    let Some(raw) = lrfmc() else { return };
    assert_eq!(raw.rows(), 62_043);
    let (table, _) = standardise(raw).unwrap();
    for seed in 1..=10 {
        let found = kmeans(&table, Params { seed, ..Params::of(5) }).unwrap();
        assert!(found.inertia <= 133_360.5, "seed {seed}: {}", found.inertia);
    }
    let found = kmeans(&table, Params::of(5)).unwrap();
    for (size, expected) in found.sizes.iter().zip(SIZES) {
        assert!((*size as f64 / expected - 1.0).abs() < 0.01, "{:?}", found.sizes);
    }
    for (centre, expected) in found.centres.iter().zip(CENTRES) {
        for (z, expected) in centre.iter().zip(expected) {
            assert!((z - expected).abs() < 0.01, "{:?}", found.centres);
        }
    }
    let kinds: Vec<_> =
        name_groups(&found.centres).unwrap().into_iter().map(|name| name.kind).collect();
    assert_eq!(kinds, [General, WinBack, Low, Keep, Develop]);
}

#[test]
fn centres_in_people_s_units_lie_in_the_published_ranges() {
    let Some(raw) = lrfmc() else { return };
    let ranges = [
        (12.17, 114.57, 0.005),
        (0.0333, 24.3667, 0.0001),
        (2.0, 213.0, 0.0),
        (368.0, 580_717.0, 0.0),
        (0.136, 1.5, 0.0005),
    ];
    for (column, (low, high, slack)) in raw.columns().iter().zip(ranges) {
        let spread = stats::Spread::of(column).unwrap();
        assert!((spread.min - low).abs() <= slack && (spread.max - high).abs() <= slack);
    }
    let kilometres = pareto(&raw.columns()[3]).unwrap();
    assert!(kilometres.best_fifth > 0.5 && kilometres.gini > 0.4 && kilometres.gini < 0.7);
}
