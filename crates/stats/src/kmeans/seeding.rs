//! Greedy k-means++: each next centre is the best of a few candidates drawn with probability
//! proportional to the squared distance from the centres so far.
//!
//! D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007; the
//! greedy variant (2 + ln k candidates) as in scikit-learn.

use rayon::prelude::*;

use super::lanes::{Centres, LANES, Lane, load, squared_distance};
use crate::error::StatsError;
use crate::random::Random;
use crate::table::{BLOCK, Table};

/// Draws k centres among the rows.
///
/// # Errors
/// [`StatsError::TooFewDistinctRows`] when every row already is a centre before there are k.
pub(super) fn plus_plus(
    table: &Table,
    k: usize,
    random: &mut Random,
) -> Result<Centres, StatsError> {
    let d = table.width();
    let candidates = 2 + (k as f64).ln() as usize;
    let mut centres = Centres { d, at: table.row(random.below(table.rows())) };
    let mut closest = vec![f64::INFINITY; table.rows()];
    let mut parts = approach(table, centres.get(0), &mut closest);
    while centres.k() < k {
        let potential: f64 = parts.iter().sum();
        if potential <= 0.0 {
            return Err(StatsError::TooFewDistinctRows { k, distinct: centres.k() });
        }
        let drawn: Vec<Vec<f64>> = (0..candidates)
            .map(|_| table.row(draw(&closest, &parts, random.unit() * potential)))
            .collect();
        let best = potentials(table, &drawn, &closest)
            .into_iter()
            .enumerate()
            .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        let best = &drawn[best.map_or(0, |(index, _)| index)];
        parts = approach(table, best, &mut closest);
        centres.at.extend_from_slice(best);
    }
    Ok(centres)
}

/// The row at which the running total of `closest` passes `target`; never one of weight 0.
fn draw(closest: &[f64], parts: &[f64], mut target: f64) -> usize {
    let mut block = 0;
    while block + 1 < parts.len() && target >= parts[block] {
        target -= parts[block];
        block += 1;
    }
    let mut last = None;
    for (row, &weight) in closest.iter().enumerate().skip(block * BLOCK) {
        if weight > 0.0 {
            last = Some(row);
            if target < weight {
                return row;
            }
        }
        target -= weight;
        if row + 1 == (block + 1) * BLOCK && last.is_some() {
            break;
        }
    }
    // Rounding carried the target past the end: the last row that could have been drawn.
    last.or_else(|| closest.iter().rposition(|&weight| weight > 0.0)).unwrap_or(0)
}

/// Takes `centre` into the squared distances to the closest centre; their sums by block.
fn approach(table: &Table, centre: &[f64], closest: &mut [f64]) -> Vec<f64> {
    let one = |(block, closest): (usize, &mut [f64])| {
        let columns = table.block(block);
        let mut rows = vec![Lane::default(); columns.len()];
        let mut total = [0.0; LANES];
        for (step, closest) in closest.chunks_mut(LANES).enumerate() {
            load(&columns, step * LANES, &mut rows);
            let distance = squared_distance(&rows, centre);
            for (i, closest) in closest.iter_mut().enumerate() {
                *closest = closest.min(distance[i]);
                total[i] += *closest;
            }
        }
        total.iter().sum()
    };
    closest.par_chunks_mut(BLOCK).enumerate().map(one).collect()
}

/// What the sum of squared distances would become with each candidate.
fn potentials(table: &Table, drawn: &[Vec<f64>], closest: &[f64]) -> Vec<f64> {
    let one = |(block, closest): (usize, &[f64])| -> Vec<f64> {
        let columns = table.block(block);
        let mut rows = vec![Lane::default(); columns.len()];
        let mut totals = vec![[0.0; LANES]; drawn.len()];
        for (step, closest) in closest.chunks(LANES).enumerate() {
            load(&columns, step * LANES, &mut rows);
            for (total, candidate) in totals.iter_mut().zip(drawn) {
                let distance = squared_distance(&rows, candidate);
                for (i, &closest) in closest.iter().enumerate() {
                    total[i] += closest.min(distance[i]);
                }
            }
        }
        totals.iter().map(|lanes| lanes.iter().sum()).collect()
    };
    let parts: Vec<Vec<f64>> = closest.par_chunks(BLOCK).enumerate().map(one).collect();
    (0..drawn.len()).map(|which| parts.iter().map(|part| part[which]).sum()).collect()
}
