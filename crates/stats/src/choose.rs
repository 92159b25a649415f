//! How many groups? Inertia and silhouette for a range of k, and what each of them suggests.

use std::ops::{ControlFlow, RangeInclusive};

use serde::{Deserialize, Serialize};

use crate::error::StatsError;
use crate::kmeans::{Params, Progress, Watch, kmeans_watched};
use crate::silhouette::silhouette;
use crate::table::Table;

/// One k and how well it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    pub k: usize,
    pub inertia: f64,
    /// `None` where it says nothing (k = 1).
    pub silhouette: Option<f64>,
    /// Rows the silhouette was measured on; fewer than the table has when it was a sample.
    pub silhouette_rows: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChooseK {
    pub candidates: Vec<Candidate>,
    /// Where the curve of inertia bends most: the point furthest below the straight line between
    /// its ends, both axes scaled to 0–1. `None` with fewer than three candidates or no bend.
    pub elbow: Option<usize>,
    /// The k of the highest silhouette (the smaller k among equals).
    pub best_silhouette: Option<usize>,
}

/// Tries every k of `range` (2..=10 is usual) with the other parameters as given; values of k above
/// the number of different rows are left out. `watch` hears how many k are done and may cancel
/// within each.
///
/// # Errors
/// As [`crate::kmeans()`]; [`StatsError::BadK`] when no k of the range can be tried.
pub fn choose_k(
    table: &Table,
    range: RangeInclusive<usize>,
    params: Params,
    watch: Watch<'_>,
) -> Result<ChooseK, StatsError> {
    let total = range.clone().count();
    let mut candidates = Vec::with_capacity(total);
    for (done, k) in range.clone().enumerate() {
        let progress = Progress { done, total };
        let inside = |_: Progress| watch(progress);
        let found = match kmeans_watched(table, Params { k, ..params }, &inside) {
            Err(StatsError::TooFewDistinctRows { .. } | StatsError::BadK { .. }) => break,
            other => other?,
        };
        let width = silhouette(table, &found.labels, k, params.seed)?;
        candidates.push(Candidate {
            k,
            inertia: found.inertia,
            silhouette: width.as_ref().map(|width| width.mean),
            silhouette_rows: width.map_or(0, |width| width.rows),
        });
    }
    if candidates.is_empty() {
        let (k, most) = (*range.start(), table.rows());
        return Err(StatsError::BadK { k, least: 1, most });
    }
    if watch(Progress { done: total, total }) == ControlFlow::Break(()) {
        return Err(StatsError::Cancelled);
    }
    let widest = |a: &&Candidate, b: &&Candidate| {
        let width = |c: &Candidate| c.silhouette.unwrap_or(-2.0);
        width(a).total_cmp(&width(b)).then(b.k.cmp(&a.k))
    };
    let measured = candidates.iter().filter(|candidate| candidate.silhouette.is_some());
    let best_silhouette = measured.max_by(widest).map(|candidate| candidate.k);
    Ok(ChooseK { elbow: elbow(&candidates), best_silhouette, candidates })
}

fn elbow(candidates: &[Candidate]) -> Option<usize> {
    let (first, last) = (candidates.first()?, candidates.last()?);
    let (run, fall) = ((last.k - first.k) as f64, first.inertia - last.inertia);
    if candidates.len() < 3 || fall <= 0.0 {
        return None;
    }
    let below =
        |c: &Candidate| 1.0 - (c.k - first.k) as f64 / run - (c.inertia - last.inertia) / fall;
    let bend = candidates.iter().map(|c| (below(c), c.k));
    let (depth, k) = bend.fold((0.0, 0), |most, point| if point.0 > most.0 { point } else { most });
    (depth > 1e-9).then_some(k)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(inertias: &[f64]) -> Vec<Candidate> {
        let candidate = |(at, &inertia): (usize, &f64)| Candidate {
            k: at + 2,
            inertia,
            silhouette: None,
            silhouette_rows: 0,
        };
        inertias.iter().enumerate().map(candidate).collect()
    }

    #[test]
    fn the_elbow_is_where_the_curve_bends() {
        assert_eq!(elbow(&curve(&[100.0, 60.0, 20.0, 18.0, 16.0, 15.0])), Some(4));
    }

    #[test]
    fn a_straight_or_short_curve_has_none() {
        assert_eq!(elbow(&curve(&[40.0, 30.0, 20.0, 10.0])), None);
        assert_eq!(elbow(&curve(&[40.0, 10.0])), None);
        assert_eq!(elbow(&curve(&[5.0, 5.0, 5.0])), None);
    }
}
