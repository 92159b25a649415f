//! Lloyd's iteration with Hamerly's bounds: the same labels as the plain loop, a fraction of its
//! distances.
//!
//! Each row remembers an upper bound of the distance to its own centre and a lower bound of the
//! distance to any other. When centres move, the bounds give way by as much; while upper < lower the
//! row cannot have changed sides and is passed over. Only the other rows are measured again, eight
//! at a time. The bounds are stored relative to the running totals of movement, so passing over a
//! row writes nothing.
//!
//! G. Hamerly, "Making k-means even faster", SIAM Data Mining 2010.

use std::ops::ControlFlow;

use rayon::prelude::*;

use super::lanes::{Centres, LANES, Lane, gather, load, nearest};
use crate::table::{BLOCK, Table};

/// When to stop.
#[derive(Clone, Copy)]
pub(super) struct Until {
    /// Sum of squared centre movements at which further steps are not worth taking.
    pub tolerance: f64,
    pub iterations: usize,
}

/// Where a run arrived. `labels` are nearest to `centres`, measured in full.
pub(super) struct Arrived {
    pub centres: Centres,
    pub labels: Vec<u8>,
    pub sizes: Vec<u64>,
    pub inertia: f64,
    pub iterations: usize,
    /// No row changed its group in the last step (the other ends: tolerance or iteration limit).
    pub settled: bool,
}

/// Sums and counts of the rows of each group, or their change.
#[derive(Clone)]
struct Tally {
    sums: Vec<f64>,
    counts: Vec<i64>,
    changed: usize,
    inertia: f64,
}

impl Tally {
    fn new(k: usize, d: usize) -> Self {
        Self { sums: vec![0.0; k * d], counts: vec![0; k], changed: 0, inertia: 0.0 }
    }

    fn add(&mut self, other: &Self) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
        self.changed += other.changed;
        self.inertia += other.inertia;
    }

    /// In the order of the blocks, whatever order they were finished in.
    fn gathered(parts: &[Self], k: usize, d: usize) -> Self {
        let mut total = Self::new(k, d);
        parts.iter().for_each(|part| total.add(part));
        total
    }
}

/// What a row's bounds are compared with, by the group it is in.
#[derive(Clone, Copy, Default)]
struct Cut {
    /// Movement of the own centre so far (plus the slack that covers rounding).
    own: f64,
    /// Largest movements of any other centre so far, added up.
    others: f64,
    /// Half the distance from the own centre to the nearest other one.
    half_gap: f64,
}

/// One row's bounds, relative to the movements at the time they were measured.
#[derive(Clone, Copy, Default)]
struct Bounds {
    upper: f64,
    lower: f64,
}

pub(super) struct Lloyd<'a> {
    table: &'a Table,
    centres: Centres,
    labels: Vec<u8>,
    bounds: Vec<Bounds>,
    cuts: Vec<Cut>,
    tally: Tally,
    slack: f64,
}

impl<'a> Lloyd<'a> {
    pub fn new(table: &'a Table, centres: Centres, slack: f64) -> Self {
        let (k, d) = (centres.k(), centres.d);
        Self {
            table,
            labels: vec![0; table.rows()],
            bounds: vec![Bounds::default(); table.rows()],
            cuts: vec![Cut::default(); k],
            tally: Tally::new(k, d),
            slack,
            centres,
        }
    }

    /// Iterates; `watch` is asked before each step and may break off (then `None`).
    pub fn run(
        mut self,
        until: Until,
        watch: &(dyn Fn() -> ControlFlow<()> + Sync),
    ) -> Option<Arrived> {
        self.measure_all();
        let mut settled = false;
        let mut iterations = 0;
        while iterations < until.iterations {
            if watch().is_break() {
                return None;
            }
            iterations += 1;
            let next = self.means();
            let moved = self.move_to(next);
            if moved <= until.tolerance && moved > 0.0 {
                break;
            }
            self.tally.changed = 0;
            self.measure_doubtful();
            if self.tally.changed == 0 {
                settled = true;
                break;
            }
        }
        if settled {
            // Sums kept by adding and taking away drift in the last digits: form them anew.
            self.measure_all();
            self.centres = self.means();
        }
        self.measure_all();
        Some(Arrived {
            sizes: self.tally.counts.iter().map(|&count| count as u64).collect(),
            centres: self.centres,
            labels: self.labels,
            inertia: self.tally.inertia,
            iterations,
            settled,
        })
    }

    /// Every row against every centre; bounds, sums and counts from nothing.
    fn measure_all(&mut self) {
        self.cuts.fill(Cut::default());
        let (k, d) = (self.centres.k(), self.centres.d);
        let (table, centres) = (self.table, &self.centres);
        let blocks = self.labels.par_chunks_mut(BLOCK).zip(self.bounds.par_chunks_mut(BLOCK));
        let parts: Vec<Tally> = blocks
            .enumerate()
            .map(|(block, (labels, bounds))| {
                let columns = table.block(block);
                let mut tally = Tally::new(k, d);
                let rows = Rows { columns: &columns, labels, bounds };
                measure_block(rows, centres, &mut tally);
                tally
            })
            .collect();
        self.tally = Tally::gathered(&parts, k, d);
        self.cuts = cuts_of(&self.centres, self.slack);
    }

    /// Only rows whose bounds have met; sums and counts by their change.
    fn measure_doubtful(&mut self) {
        let (k, d) = (self.centres.k(), self.centres.d);
        let (table, centres, cuts) = (self.table, &self.centres, &self.cuts[..]);
        let slack = self.slack;
        let blocks = self.labels.par_chunks_mut(BLOCK).zip(self.bounds.par_chunks_mut(BLOCK));
        let parts: Vec<Tally> = blocks
            .enumerate()
            .map(|(block, (labels, bounds))| {
                let columns = table.block(block);
                let mut tally = Tally::new(k, d);
                let rows = Rows { columns: &columns, labels, bounds };
                recheck_block(rows, centres, cuts, slack, &mut tally);
                tally
            })
            .collect();
        self.tally.add(&Tally::gathered(&parts, k, d));
    }

    /// The means of the groups as they are; an empty group is given the row that fits its own worst.
    fn means(&mut self) -> Centres {
        let d = self.centres.d;
        let empty: Vec<usize> =
            (0..self.centres.k()).filter(|&j| self.tally.counts[j] == 0).collect();
        if !empty.is_empty() {
            self.refill(&empty);
        }
        let mut next = self.centres.clone();
        for (j, mean) in next.at.chunks_exact_mut(d).enumerate() {
            let count = self.tally.counts[j];
            if count > 0 {
                let sums = &self.tally.sums[j * d..(j + 1) * d];
                mean.iter_mut().zip(sums).for_each(|(m, &sum)| *m = sum / count as f64);
            }
        }
        next
    }

    fn refill(&mut self, empty: &[usize]) {
        let distance = |row: usize| -> f64 {
            let own = self.centres.get(usize::from(self.labels[row]));
            self.table.columns().iter().zip(own).map(|(c, m)| (c[row] - m) * (c[row] - m)).sum()
        };
        let mut far: Vec<(f64, usize)> =
            (0..self.table.rows()).into_par_iter().map(|row| (distance(row), row)).collect();
        far.par_sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut far = far.into_iter();
        for &j in empty {
            let lonely = |label: u8| self.tally.counts[usize::from(label)] <= 1;
            let Some((_, row)) = far.find(|&(d, row)| d > 0.0 && !lonely(self.labels[row])) else {
                return;
            };
            let from = usize::from(self.labels[row]);
            for (column, values) in self.table.columns().iter().enumerate() {
                self.tally.sums[from * self.centres.d + column] -= values[row];
                self.tally.sums[j * self.centres.d + column] = values[row];
            }
            self.tally.counts[from] -= 1;
            self.tally.counts[j] = 1;
            self.labels[row] = j as u8;
            self.bounds[row] = Bounds { upper: f64::INFINITY, lower: 0.0 };
        }
    }

    /// Moves the centres and widens the bounds; the sum of squared movements.
    fn move_to(&mut self, next: Centres) -> f64 {
        let square = |(a, b): (&[f64], &[f64])| -> f64 {
            a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
        };
        let squares: Vec<f64> = self.centres.iter().zip(next.iter()).map(square).collect();
        let shifts: Vec<f64> = squares.iter().map(|square| square.sqrt()).collect();
        self.centres = next;
        let gaps = cuts_of(&self.centres, 0.0);
        for (j, cut) in self.cuts.iter_mut().enumerate() {
            let others = shifts.iter().enumerate().filter(|&(other, _)| other != j);
            cut.own += shifts[j];
            cut.others += others.map(|(_, &shift)| shift).fold(0.0, f64::max);
            cut.half_gap = gaps[j].half_gap;
        }
        squares.iter().sum()
    }
}

fn cuts_of(centres: &Centres, slack: f64) -> Vec<Cut> {
    let gap = |(j, a): (usize, &[f64])| {
        let others = centres.iter().enumerate().filter(move |&(other, _)| other != j);
        others
            .map(|(_, b)| a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>())
            .fold(f64::INFINITY, f64::min)
    };
    let gaps = centres.iter().enumerate().map(gap);
    gaps.map(|gap| Cut { own: slack, others: 0.0, half_gap: gap.sqrt() / 2.0 }).collect()
}

struct Rows<'a> {
    columns: &'a [&'a [f64]],
    labels: &'a mut [u8],
    bounds: &'a mut [Bounds],
}

fn measure_block(rows: Rows<'_>, centres: &Centres, tally: &mut Tally) {
    let Rows { columns, labels, bounds } = rows;
    let d = centres.d;
    let mut rows = vec![Lane::default(); d];
    for from in (0..labels.len()).step_by(LANES) {
        load(columns, from, &mut rows);
        let found = nearest(&rows, centres);
        let upper = found.best.map(f64::sqrt);
        let lower = found.second.map(f64::sqrt);
        for i in 0..LANES.min(labels.len() - from) {
            let label = found.label[i] as usize;
            labels[from + i] = label as u8;
            bounds[from + i] = Bounds { upper: upper[i], lower: lower[i] };
            tally.counts[label] += 1;
            tally.inertia += found.best[i];
            let sums = &mut tally.sums[label * d..(label + 1) * d];
            for (sum, lane) in sums.iter_mut().zip(&rows) {
                *sum += lane[i];
            }
        }
    }
}

fn recheck_block(rows: Rows<'_>, centres: &Centres, cuts: &[Cut], slack: f64, tally: &mut Tally) {
    let Rows { columns, labels, bounds } = rows;
    let mut doubtful = [0_u32; BLOCK];
    let mut count = 0;
    for (row, (label, bound)) in labels.iter().zip(bounds.iter()).enumerate() {
        let cut = cuts[usize::from(*label)];
        let lower = (bound.lower - cut.others).max(cut.half_gap);
        doubtful[count] = row as u32;
        count += usize::from(bound.upper + cut.own >= lower);
    }
    let d = centres.d;
    let mut lanes = vec![Lane::default(); d];
    for at in doubtful[..count].chunks(LANES) {
        gather(columns, at, &mut lanes);
        let found = nearest(&lanes, centres);
        let upper = found.best.map(f64::sqrt);
        let lower = found.second.map(f64::sqrt);
        for (i, &row) in at.iter().enumerate() {
            let (row, now) = (row as usize, found.label[i] as usize);
            let cut = cuts[now];
            let (upper, lower) = (upper[i] - (cut.own - slack), lower[i] + cut.others);
            bounds[row] = Bounds { upper, lower };
            let was = usize::from(labels[row]);
            if was != now {
                labels[row] = now as u8;
                tally.changed += 1;
                tally.counts[was] -= 1;
                tally.counts[now] += 1;
                for (column, lane) in lanes.iter().enumerate() {
                    tally.sums[was * d + column] -= lane[i];
                    tally.sums[now * d + column] += lane[i];
                }
            }
        }
    }
}
