//! k-means: greedy k-means++ seeding, several starts, Lloyd's iteration to a true optimum.
//!
//! **What is promised.** The result is a fixed point of plain Lloyd in `f64`: every row belongs to
//! its nearest centre, and (when `settled`) every centre is the mean of its rows. The same table,
//! parameters and seed give the same bits on any number of cores and any width of vector unit.
//!
//! **Order of things.** Up to [`WHOLE`] rows every start runs over all rows until scikit-learn's
//! tolerance is met. Above that (unless told otherwise) each start first settles on a seeded,
//! evenly spread sample of [`SAMPLE`] rows; starts that came to the same place there are one start
//! from then on, those clearly worse are let go (see [`Start`]), and the rest run over all rows.
//! Those that end near the best go on until no row changes its group, and the best of them is the
//! result. What bounds the time: the rows times the steps of the few distinct starts, less what
//! Hamerly's bounds save (most of it).

pub(crate) mod lanes;
mod lloyd;
mod sample;
mod seeding;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::lanes::Centres;
use self::lloyd::{Arrived, Lloyd, Until};
use crate::error::StatsError;
use crate::random::Random;
use crate::standardise::sum_by;
use crate::table::Table;

/// Up to this many rows every start runs over all of them.
pub const WHOLE: usize = 200_000;
/// Rows of the sample on which the starts of a larger table compete.
pub const SAMPLE: usize = 131_072;
/// Starts that end, by tolerance, within this ratio of the best may still overtake it.
const NEAR: f64 = 1.0005;
/// Labels are bytes.
pub const MOST_GROUPS: usize = 255;

/// What to do; [`Params::of`] fills in scikit-learn's defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Params {
    pub k: usize,
    pub starts: usize,
    pub seed: u64,
    /// Times the mean variance of the columns: the sum of squared centre movements at which a start
    /// ends.
    pub tolerance: f64,
    /// Steps at most, for each start and again for the best one's way to rest.
    pub max_iterations: usize,
    /// Let the starts of a table of more than [`WHOLE`] rows compete on a sample first.
    pub scout: bool,
}

impl Params {
    #[must_use]
    pub fn of(k: usize) -> Self {
        Self { k, starts: 10, seed: 1, tolerance: 1e-4, max_iterations: 300, scout: true }
    }
}

/// The groups found, largest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clustering {
    /// k rows as wide as the table, in the table's units.
    pub centres: Vec<Vec<f64>>,
    /// One per row of the table: the index of its centre.
    pub labels: Vec<u8>,
    pub sizes: Vec<u64>,
    /// Sum over the rows of the squared distance to their centre.
    pub inertia: f64,
    /// Steps of the winning start over all rows, the way to rest included.
    pub iterations: usize,
    /// No row would change its group in another step.
    pub settled: bool,
    pub starts: Vec<Start>,
}

/// What became of one start.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Over all rows when `whole`, else over the sample and scaled up to all rows.
    pub inertia: f64,
    pub iterations: usize,
    /// Ran over all rows itself. Otherwise an earlier start came to the same place on the sample,
    /// or it ended more than 5 % worse there than the best.
    pub whole: bool,
}

/// Told between steps: starts done of starts to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub total: usize,
}

/// Asked between steps, from any thread; `Break` cancels.
pub type Watch<'a> = &'a (dyn Fn(Progress) -> ControlFlow<()> + Sync);

/// Clusters the rows of `table`.
///
/// # Errors
/// k outside 1..=255, no starts, fewer distinct rows than k, [`StatsError::TooLarge`].
pub fn kmeans(table: &Table, params: Params) -> Result<Clustering, StatsError> {
    kmeans_watched(table, params, &|_| ControlFlow::Continue(()))
}

/// The same, with a look at its progress and a way to break it off.
///
/// # Errors
/// As [`kmeans`], and [`StatsError::Cancelled`] when the watch said so.
pub fn kmeans_watched(
    table: &Table,
    params: Params,
    watch: Watch<'_>,
) -> Result<Clustering, StatsError> {
    check(table, params)?;
    let job = Job::new(table, params, watch)?;
    let scouted = params.scout && table.rows() > WHOLE;
    let (arrived, starts) = if scouted { job.sampled_starts()? } else { job.whole_starts()? };
    Ok(in_order_of_size(job.rest(arrived)?, starts))
}

fn check(table: &Table, Params { k, starts, .. }: Params) -> Result<(), StatsError> {
    let most = MOST_GROUPS.min(table.rows());
    if k == 0 || k > most {
        return Err(StatsError::BadK { k, least: 1, most });
    }
    if starts == 0 { Err(StatsError::NoStarts) } else { Ok(()) }
}

struct Job<'a> {
    table: &'a Table,
    params: Params,
    watch: Watch<'a>,
    until: Until,
    slack: f64,
}

impl<'a> Job<'a> {
    fn new(table: &'a Table, params: Params, watch: Watch<'a>) -> Result<Self, StatsError> {
        let mut total = 0.0;
        let mut largest = 0.0_f64;
        for (column, values) in table.columns().iter().enumerate() {
            let n = values.len() as f64;
            let mean = sum_by(values, |value| value) / n;
            let variance = sum_by(values, |value| (value - mean) * (value - mean)) / n;
            if !(variance * n).is_finite() {
                return Err(StatsError::TooLarge { column });
            }
            total += variance;
            largest = values.iter().fold(largest, |most, value| most.max(value.abs()));
        }
        let tolerance = params.tolerance * total / table.width() as f64;
        // Far above what rounding can do to a bound, far below what matters to speed.
        let slack = 1e-10 * total.sqrt() + 16.0 * f64::EPSILON * largest;
        let until = Until { tolerance, iterations: params.max_iterations };
        Ok(Self { table, params, watch, until, slack })
    }

    fn seeds(&self, table: &Table, start: usize) -> Result<Centres, StatsError> {
        let mut random = Random::new(self.params.seed, start as u64 + 1);
        seeding::plus_plus(table, self.params.k, &mut random)
    }

    fn descend(
        &self,
        table: &Table,
        from: Centres,
        until: Until,
        progress: Progress,
    ) -> Result<Arrived, StatsError> {
        let run = Lloyd::new(table, from, self.slack);
        run.run(until, &|| (self.watch)(progress)).ok_or(StatsError::Cancelled)
    }

    fn whole_starts(&self) -> Result<(Vec<Arrived>, Vec<Start>), StatsError> {
        let total = self.params.starts;
        let done = std::sync::atomic::AtomicUsize::new(0);
        let run = |start| {
            let progress =
                || Progress { done: done.load(std::sync::atomic::Ordering::Relaxed), total };
            let arrived =
                self.descend(self.table, self.seeds(self.table, start)?, self.until, progress())?;
            done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            if (self.watch)(progress()).is_break() {
                return Err(StatsError::Cancelled);
            }
            Ok(arrived)
        };
        let arrived: Vec<Arrived> =
            (0..total).into_par_iter().map(run).collect::<Result<_, _>>()?;
        let report =
            |a: &Arrived| Start { inertia: a.inertia, iterations: a.iterations, whole: true };
        let starts = arrived.iter().map(report).collect();
        Ok((arrived, starts))
    }

    /// The starts that ended near the best go on from where tolerance stopped them to where nothing
    /// moves any more; the best of them then.
    fn rest(&self, arrived: Vec<Arrived>) -> Result<Arrived, StatsError> {
        let total = self.params.starts;
        let until = Until { tolerance: 0.0, ..self.until };
        let progress = Progress { done: total, total };
        let near = arrived.iter().map(|a| a.inertia).fold(f64::INFINITY, f64::min) * NEAR;
        let on = |from: Arrived| {
            if from.settled {
                return Ok(from);
            }
            let rested = self.descend(self.table, from.centres, until, progress)?;
            Ok(Arrived { iterations: from.iterations + rested.iterations, ..rested })
        };
        let near: Vec<Arrived> = arrived.into_iter().filter(|a| a.inertia <= near).collect();
        let rested: Vec<Arrived> = near.into_par_iter().map(on).collect::<Result<_, _>>()?;
        let best = rested.into_iter().reduce(|a, b| if b.inertia < a.inertia { b } else { a });
        best.ok_or(StatsError::NoStarts)
    }
}

/// Numbers the groups by size, so that equal results have equal numbers whichever start won.
fn in_order_of_size(found: Arrived, starts: Vec<Start>) -> Clustering {
    let k = found.centres.k();
    let mut order: Vec<usize> = (0..k).collect();
    order.sort_by(|&a, &b| {
        let by_centre = || {
            let (a, b) = (found.centres.get(a).iter(), found.centres.get(b));
            a.zip(b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne())
        };
        let by_size = found.sizes[b].cmp(&found.sizes[a]);
        by_size.then_with(|| by_centre().unwrap_or(std::cmp::Ordering::Equal))
    });
    let mut new = vec![0_u8; k];
    for (position, &old) in order.iter().enumerate() {
        new[old] = position as u8;
    }
    let mut labels = found.labels;
    labels.par_iter_mut().for_each(|label| *label = new[usize::from(*label)]);
    Clustering {
        centres: order.iter().map(|&old| found.centres.get(old).to_vec()).collect(),
        labels,
        sizes: order.iter().map(|&old| found.sizes[old]).collect(),
        inertia: found.inertia,
        iterations: found.iterations,
        settled: found.settled,
        starts,
    }
}
