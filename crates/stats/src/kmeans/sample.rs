//! Starts of a large table compete on a sample before any of them costs a pass over all rows.
//!
//! The sample only chooses which starts are worth finishing and from where; what is returned has
//! run over all rows. Two solutions measured on the same rows differ far less by chance than each
//! does by itself, so a start 5 % behind on 131,072 rows has nothing to win on all of them.

use super::lanes::Centres;
use super::lloyd::{Arrived, Until};
use super::{Job, Progress, SAMPLE, Start};
use crate::error::StatsError;
use crate::random::{Random, stratified_rows};
use crate::standardise::Scaler;
use crate::table::Table;

use rayon::prelude::*;

/// Starts this much worse than the best on the sample are not run over all rows.
const HOPELESS: f64 = 1.05;
/// Centres closer than this many root-mean-square deviations are the same centre.
const SAME: f64 = 0.05;

impl Job<'_> {
    pub(super) fn sampled_starts(&self) -> Result<(Vec<Arrived>, Vec<Start>), StatsError> {
        let mut random = Random::new(self.params.seed, 0);
        let rows = stratified_rows(self.table.rows(), SAMPLE, &mut random);
        let sample = self.table.pick(&rows);
        let scale = self.table.rows() as f64 / rows.len() as f64;
        let total = self.params.starts;
        let until = Until { tolerance: 0.0, ..self.until };
        let run = |start| {
            // A sample may miss rare rows that the table has; then the table itself is drawn from.
            let seeds = self.seeds(&sample, start).or_else(|_| self.seeds(self.table, start))?;
            self.descend(&sample, seeds, until, Progress { done: 0, total })
        };
        let scouts: Vec<Arrived> = (0..total).into_par_iter().map(run).collect::<Result<_, _>>()?;
        let report = |scout: &Arrived| Start {
            inertia: scout.inertia * scale,
            iterations: scout.iterations,
            whole: false,
        };
        let mut starts: Vec<Start> = scouts.iter().map(report).collect();
        let mut arrived = Vec::new();
        for start in promising(&scouts, self.same(&sample)?) {
            let progress = Progress { done: total / 2, total };
            let from = scouts[start].centres.clone();
            let whole = self.descend(self.table, from, self.until, progress)?;
            let (inertia, iterations) = (whole.inertia, whole.iterations);
            starts[start] = Start { inertia, iterations, whole: true };
            arrived.push(whole);
        }
        Ok((arrived, starts))
    }

    /// The squared distance below which two centres count as one.
    fn same(&self, sample: &Table) -> Result<f64, StatsError> {
        let scales = Scaler::fit(sample)?.scales;
        let variance: f64 = scales.iter().map(|scale| scale.deviation * scale.deviation).sum();
        Ok(SAME * SAME * variance / scales.len() as f64)
    }
}

/// The distinct, not hopeless starts, best on the sample first.
fn promising(scouts: &[Arrived], same: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scouts.len()).collect();
    order.sort_by(|&a, &b| scouts[a].inertia.total_cmp(&scouts[b].inertia).then(a.cmp(&b)));
    let limit = order.first().map_or(0.0, |&best| scouts[best].inertia * HOPELESS);
    let mut kept: Vec<usize> = Vec::new();
    for start in order {
        let scout = &scouts[start];
        let known = kept.iter().any(|&other| alike(&scouts[other].centres, &scout.centres, same));
        if !known && scout.inertia <= limit {
            kept.push(start);
        }
    }
    kept
}

/// Whether every centre of `a` has its own counterpart in `b`.
fn alike(a: &Centres, b: &Centres, same: f64) -> bool {
    let mut taken = vec![false; b.k()];
    a.iter().all(|centre| {
        let apart = |other: &[f64]| -> f64 {
            centre.iter().zip(other).map(|(x, y)| (x - y) * (x - y)).sum()
        };
        let nearest = b.iter().map(apart).enumerate().min_by(|x, y| x.1.total_cmp(&y.1));
        nearest.is_some_and(|(j, gap)| gap <= same && !std::mem::replace(&mut taken[j], true))
    })
}
