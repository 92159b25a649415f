//! How well separated the groups are: the mean silhouette width.
//!
//! A row's width is (b − a) / max(a, b), a being its mean distance to the other rows of its group
//! and b the least mean distance to the rows of another group; 0 for a group of one.
//! P. J. Rousseeuw, "Silhouettes", J. Comp. Appl. Math. 20, 1987.
//!
//! Every pair of rows is measured, so up to [`EXACT`] rows the figure is exact; above that it is the
//! exact figure of a seeded, evenly spread sample of that many rows.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::StatsError;
use crate::kmeans::lanes::{LANES, Lane, load, squared_distance};
use crate::random::{Random, stratified_rows};
use crate::table::Table;

/// Rows up to which the silhouette is computed from all of them.
pub const EXACT: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Silhouette {
    /// From −1 to 1; near 0 the groups overlap.
    pub mean: f64,
    /// Mean width of each group; `None` when none of its rows was measured.
    pub by_group: Vec<Option<f64>>,
    /// Rows measured; fewer than the table has when it was a sample.
    pub rows: usize,
}

/// `None` when fewer than two groups have rows: nothing is apart from anything.
///
/// # Errors
/// A label count other than the rows, or a label that is no group.
pub fn silhouette(
    table: &Table,
    labels: &[u8],
    groups: usize,
    seed: u64,
) -> Result<Option<Silhouette>, StatsError> {
    if labels.len() != table.rows() {
        return Err(StatsError::WrongLength { expected: table.rows(), found: labels.len() });
    }
    let rows = stratified_rows(table.rows(), EXACT, &mut Random::new(seed, u64::MAX));
    let mut members = vec![Vec::new(); groups];
    for row in rows {
        let label = labels[row];
        let unknown = StatsError::UnknownLabel { row, label, groups };
        members.get_mut(usize::from(label)).ok_or(unknown)?.push(row);
    }
    let parts: Vec<Option<Table>> =
        members.iter().map(|rows| (!rows.is_empty()).then(|| table.pick(rows))).collect();
    if parts.iter().flatten().count() < 2 {
        return Ok(None);
    }
    let totals: Vec<Option<f64>> = (0..groups)
        .map(|own| parts[own].as_ref().map(|part| total_width(part, own, &parts)))
        .collect();
    let measured: usize = members.iter().map(Vec::len).sum();
    let mean = totals.iter().flatten().sum::<f64>() / measured as f64;
    let by_group = totals.iter().zip(&members);
    let by_group = by_group.map(|(total, rows)| total.map(|total| total / rows.len() as f64));
    Ok(Some(Silhouette { mean, by_group: by_group.collect(), rows: measured }))
}

/// Sum of the widths of one group's rows, in row order.
fn total_width(group: &Table, own: usize, parts: &[Option<Table>]) -> f64 {
    let n = group.rows();
    if n == 1 {
        return 0.0;
    }
    let width = |row: usize| {
        let at = group.row(row);
        let (mut a, mut b) = (0.0, f64::INFINITY);
        for (other, part) in parts.iter().enumerate() {
            let Some(part) = part else { continue };
            let sum = total_distance(part, &at);
            if other == own {
                a = sum / (n - 1) as f64;
            } else {
                b = b.min(sum / part.rows() as f64);
            }
        }
        let most = a.max(b);
        if most > 0.0 { (b - a) / most } else { 0.0 }
    };
    let widths: Vec<f64> = (0..n).into_par_iter().map(width).collect();
    widths.iter().sum()
}

fn total_distance(part: &Table, at: &[f64]) -> f64 {
    let columns: Vec<&[f64]> = part.columns().iter().map(Vec::as_slice).collect();
    let mut lanes = vec![Lane::default(); columns.len()];
    let mut total = [0.0; LANES];
    for from in (0..part.rows()).step_by(LANES) {
        load(&columns, from, &mut lanes);
        let distance = squared_distance(&lanes, at).map(f64::sqrt);
        let valid = LANES.min(part.rows() - from);
        for (total, distance) in total.iter_mut().zip(&distance[..valid]) {
            *total += distance;
        }
    }
    total.iter().sum()
}
