//! The bounded iteration against the plain loop, from the same centres.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::lanes::Centres;
use super::lloyd::{Arrived, Lloyd, Until};
use super::seeding::plus_plus;
use crate::random::Random;
use crate::table::Table;

/// Lloyd's iteration as one would write it on a blackboard (no empty groups).
fn plain(
    table: &Table,
    mut centres: Vec<Vec<f64>>,
    until: Until,
) -> Option<(Vec<Vec<f64>>, Vec<u8>)> {
    let rows: Vec<Vec<f64>> = (0..table.rows()).map(|row| table.row(row)).collect();
    let square =
        |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum() };
    let nearest = |row: &Vec<f64>, centres: &[Vec<f64>]| -> u8 {
        let first = |best: usize, j: usize| {
            if square(row, &centres[j]) < square(row, &centres[best]) { j } else { best }
        };
        (0..centres.len()).reduce(first).unwrap() as u8
    };
    let mut labels: Vec<u8> = rows.iter().map(|row| nearest(row, &centres)).collect();
    for _ in 0..until.iterations {
        let mut sums = vec![vec![0.0; table.width()]; centres.len()];
        let mut counts = vec![0.0; centres.len()];
        for (row, &label) in rows.iter().zip(&labels) {
            counts[usize::from(label)] += 1.0;
            sums[usize::from(label)].iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        if counts.contains(&0.0) {
            return None;
        }
        let mut moved = 0.0;
        for (j, centre) in centres.iter_mut().enumerate() {
            let mean: Vec<f64> = sums[j].iter().map(|sum| sum / counts[j]).collect();
            moved += square(&mean, centre);
            *centre = mean;
        }
        let next: Vec<u8> = rows.iter().map(|row| nearest(row, &centres)).collect();
        let settled = next == labels;
        labels = next;
        if settled || (moved <= until.tolerance && moved > 0.0) {
            break;
        }
    }
    Some((centres, labels))
}

fn bounded(table: &Table, centres: Centres, until: Until) -> Arrived {
    Lloyd::new(table, centres, 1e-9).run(until, &|| ControlFlow::Continue(())).unwrap()
}

/// Lumpy rows: `lumps` normal-ish clouds of different widths, some rows repeated.
fn lumpy(rows: usize, width: usize, lumps: usize, seed: u64) -> Table {
    let mut random = Random::new(seed, 99);
    let homes: Vec<Vec<f64>> =
        (0..lumps).map(|_| (0..width).map(|_| random.unit() * 8.0).collect()).collect();
    let mut made: Vec<Vec<f64>> = Vec::with_capacity(rows);
    for row in 0..rows {
        let repeated = row > 10 && random.unit() < 0.05;
        let home = &homes[random.below(lumps)];
        let near = |x: &f64, random: &mut Random| {
            x + (0..6).map(|_| random.unit() - 0.5).sum::<f64>() * (1.0 + x / 4.0)
        };
        let fresh = home.iter().map(|x| near(x, &mut random)).collect();
        made.push(if repeated { made[row / 2].clone() } else { fresh });
    }
    Table::from_rows(&made).unwrap()
}

fn compare(table: &Table, k: usize, seed: u64, until: Until) -> Result<(), TestCaseError> {
    let Ok(seeds) = plus_plus(table, k, &mut Random::new(seed, 0)) else { return Ok(()) };
    let start: Vec<Vec<f64>> = seeds.iter().map(<[f64]>::to_vec).collect();
    let Some((centres, labels)) = plain(table, start, until) else { return Ok(()) };
    let found = bounded(table, seeds, until);
    prop_assert_eq!(&found.labels, &labels);
    for (a, b) in found.centres.iter().zip(&centres) {
        for (x, y) in a.iter().zip(b) {
            prop_assert!((x - y).abs() < 1e-9, "{} against {}", x, y);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn bounds_change_nothing(
        rows in 3_usize..700, width in 1_usize..9, k in 1_usize..12,
        lumps in 1_usize..7, seed in any::<u64>(), steps in 1_usize..60, strict in any::<bool>(),
    ) {
        let table = lumpy(rows, width, lumps, seed);
        let tolerance = if strict { 0.0 } else { 1e-3 };
        compare(&table, k.min(rows), seed, Until { tolerance, iterations: steps })?;
    }
}

#[test]
fn bounds_change_nothing_over_several_blocks() {
    for (k, seed) in [(5, 1), (10, 2), (3, 3)] {
        let table = lumpy(20_000, 5, 6, seed);
        compare(&table, k, seed, Until { tolerance: 0.0, iterations: 300 }).unwrap();
    }
}

#[test]
fn an_empty_group_is_given_the_row_that_fits_its_own_worst() {
    let table = Table::from_rows(&[[0.0], [1.0], [2.0], [100.0], [101.0], [150.0]]).unwrap();
    // Nothing is nearest to the last centre.
    let centres = Centres { d: 1, at: vec![1.0, 110.0, 1000.0] };
    let found = bounded(&table, centres, Until { tolerance: 0.0, iterations: 50 });
    assert_eq!(found.sizes, [3, 2, 1]);
    assert_eq!(found.labels, [0, 0, 0, 1, 1, 2]);
    assert_eq!(found.centres.at, [1.0, 100.5, 150.0]);
    assert!(found.settled);
}

#[test]
fn numbers_far_from_zero_are_clustered_as_near_it() {
    let near = lumpy(3_000, 3, 4, 5);
    let shift = |column: &Vec<f64>| column.iter().map(|x| x + 1e6).collect();
    let far = Table::new(near.columns().iter().map(shift).collect()).unwrap();
    let until = Until { tolerance: 0.0, iterations: 300 };
    let seeds = plus_plus(&near, 4, &mut Random::new(1, 1)).unwrap();
    let moved = Centres { d: 3, at: seeds.at.iter().map(|x| x + 1e6).collect() };
    assert_eq!(bounded(&near, seeds, until).labels, bounded(&far, moved, until).labels);
}
