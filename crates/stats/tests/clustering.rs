//! k-means and its companions from outside: promises, refusals, published figures.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use stats::{Clustering, Params, StatsError, Table, choose_k, kmeans, kmeans_watched, silhouette};

/// Repeatable rows without a random generator: `lumps` clouds on a circle.
fn clouds(rows: usize, width: usize, lumps: usize) -> Table {
    let noise = |row: usize, column: usize| {
        let mixed = (row * 31 + column * 17 + 7).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40) as f64 / 16_777_216.0
    };
    let value = |row: usize, column: usize| {
        let angle = (row % lumps) as f64 / lumps as f64 * std::f64::consts::TAU + column as f64;
        4.0 * angle.cos() + noise(row, column) + noise(row, column + 50)
    };
    let column = |column| (0..rows).map(|row| value(row, column)).collect();
    Table::new((0..width).map(column).collect()).unwrap()
}

fn on_threads(threads: usize, table: &Table, params: Params) -> Clustering {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| kmeans(table, params)).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    for (rows, k) in [(30_000, 6), (stats::WHOLE + 5_000, 5)] {
        let table = clouds(rows, 5, 7);
        let one = on_threads(1, &table, Params::of(k));
        for threads in [2, 3, 4, 8] {
            assert_eq!(one, on_threads(threads, &table, Params::of(k)), "{threads} threads");
        }
    }
}

#[test]
fn a_large_table_is_clustered_as_well_through_the_sample_as_without() {
    let table = clouds(stats::WHOLE + 50_000, 4, 9);
    for k in [3, 5, 9] {
        let scouted = kmeans(&table, Params::of(k)).unwrap();
        let whole = kmeans(&table, Params { scout: false, ..Params::of(k) }).unwrap();
        assert!(scouted.inertia <= whole.inertia * 1.0001, "k {k}");
        assert!(scouted.settled && whole.settled);
        assert!(whole.starts.iter().all(|start| start.whole));
    }
}

#[test]
fn well_apart_groups_are_found_and_numbered_by_size() {
    let mut rows: Vec<[f64; 2]> = Vec::new();
    for i in 0..60 {
        let wobble = f64::from(i % 7) / 10.0;
        let home = match i {
            0..10 => [50.0, 0.0],
            10..30 => [0.0, 50.0],
            _ => [0.0, 0.0],
        };
        rows.push([home[0] + wobble, home[1] - wobble]);
    }
    let found = kmeans(&Table::from_rows(&rows).unwrap(), Params::of(3)).unwrap();
    assert_eq!(found.sizes, [30, 20, 10]);
    assert_eq!((found.labels[0], found.labels[10], found.labels[59]), (2, 1, 0));
}

#[test]
fn as_many_groups_as_rows_and_a_single_group() {
    let table = Table::from_rows(&[[1.0], [2.0], [4.0], [8.0]]).unwrap();
    let all = kmeans(&table, Params::of(4)).unwrap();
    assert_eq!((all.inertia, all.sizes), (0.0, vec![1; 4]));
    let one = kmeans(&table, Params::of(1)).unwrap();
    assert_eq!((one.centres, one.labels), (vec![vec![3.75]], vec![0; 4]));
}

#[test]
fn what_cannot_be_clustered_is_refused() {
    let table = Table::from_rows(&[[1.0], [1.0], [2.0]]).unwrap();
    let refused = |params| kmeans(&table, params).unwrap_err();
    assert_eq!(refused(Params::of(3)), StatsError::TooFewDistinctRows { k: 3, distinct: 2 });
    assert_eq!(refused(Params::of(0)), StatsError::BadK { k: 0, least: 1, most: 3 });
    assert_eq!(refused(Params::of(4)), StatsError::BadK { k: 4, least: 1, most: 3 });
    assert_eq!(refused(Params { starts: 0, ..Params::of(2) }), StatsError::NoStarts);
}

#[test]
fn a_run_can_be_cancelled_between_steps() {
    let table = clouds(20_000, 5, 4);
    let asked = AtomicUsize::new(0);
    let watch = |_| match asked.fetch_add(1, Ordering::Relaxed) {
        0..3 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    };
    let error = kmeans_watched(&table, Params::of(5), &watch).unwrap_err();
    assert_eq!(error, StatsError::Cancelled);
}

#[test]
fn the_silhouette_agrees_with_its_definition() {
    let table = clouds(400, 3, 3);
    let labels: Vec<u8> = (0..400).map(|row| if row < 7 { 3 } else { (row % 3) as u8 }).collect();
    let found = silhouette(&table, &labels, 5, 1).unwrap().unwrap();
    let rows: Vec<Vec<f64>> = (0..400).map(|row| table.row(row)).collect();
    let distance = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt()
    };
    let mut total = 0.0;
    for (i, row) in rows.iter().enumerate() {
        let mut sums = [0.0; 4];
        let mut counts = [0.0; 4];
        for (j, other) in rows.iter().enumerate().filter(|(j, _)| *j != i) {
            sums[usize::from(labels[j])] += distance(row, other);
            counts[usize::from(labels[j])] += 1.0;
        }
        let own = usize::from(labels[i]);
        let a = sums[own] / counts[own];
        let others = (0..4).filter(|&g| g != own).map(|g| sums[g] / counts[g]);
        let b = others.fold(f64::INFINITY, f64::min);
        total += (b - a) / a.max(b);
    }
    assert!((found.mean - total / 400.0).abs() < 1e-12);
    assert_eq!((found.by_group[4], found.rows), (None, 400));
    assert_eq!(silhouette(&table, &vec![0; 400], 1, 1).unwrap(), None);
}

#[test]
fn the_sampled_silhouette_is_near_the_exact_one() {
    let table = clouds(stats::EXACT * 3, 4, 5);
    let labels = kmeans(&table, Params::of(5)).unwrap().labels;
    let sampled = silhouette(&table, &labels, 5, 1).unwrap().unwrap();
    assert_eq!(sampled.rows, stats::EXACT);
    let other = silhouette(&table, &labels, 5, 2).unwrap().unwrap();
    assert!((sampled.mean - other.mean).abs() < 0.01);
}

#[test]
fn the_number_of_clouds_is_found_and_progress_told() {
    let told = AtomicUsize::new(0);
    let watch = |progress: stats::Progress| {
        told.fetch_max(progress.done, Ordering::Relaxed);
        ControlFlow::Continue(())
    };
    let found = choose_k(&clouds(4_000, 5, 6), 2..=10, Params::of(2), &watch).unwrap();
    assert_eq!(found.best_silhouette, Some(6));
    assert!(found.elbow.is_some());
    assert_eq!((found.candidates.len(), told.into_inner()), (9, 9));
    assert!(found.candidates.windows(2).all(|pair| pair[1].inertia <= pair[0].inertia));
    let few = Table::from_rows(&[[1.0], [2.0], [3.0]]).unwrap();
    let cut = choose_k(&few, 2..=10, Params::of(2), &|_| ControlFlow::Continue(())).unwrap();
    assert_eq!(cut.candidates.len(), 2);
    let cancelled = choose_k(&few, 2..=10, Params::of(2), &|_| ControlFlow::Break(()));
    assert_eq!(cancelled.unwrap_err(), StatsError::Cancelled);
}
