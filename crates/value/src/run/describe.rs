//! Describing what a run found: ranges, groups, ranks, scores, lifecycle, concentration.

use std::collections::BTreeMap;

use stats::{
    Lifecycle, LifecycleRules, Pareto, RankTable, Spread, WeightedScheme, pareto, spread_by_group,
};

use super::cluster::{Groups, NO_GROUP};
use super::lifecycle;
use super::model::{Group, PerFeature, Range};
use crate::error::Result;
use crate::facts::{Facts, Gathered, Reason};
use crate::group;
use crate::scheme::Attribute;

/// Ranks are kept in ten-thousandths: 0 is the lowest of all, 10,000 the highest.
pub const RANK_WHOLE: f64 = 10_000.0;

/// Everything a page or an explanation needs besides the groups themselves, one entry per member.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    /// Ranks by attribute, in the order of [`Attribute::MEASURED`]; 0 for who is in no group.
    pub ranks: [Vec<u16>; Attribute::MEASURED.len()],
    /// Score in hundredths of a point.
    pub scores: Vec<u16>,
    /// Place of the lifecycle state in [`Lifecycle::ALL`].
    pub lifecycle: Vec<u8>,
}

/// Ranges over the members kept; unknown values are left out of theirs.
#[must_use]
pub fn ranges(facts: &Facts) -> PerFeature<Range> {
    let mut ranges = [Range::default(); 5];
    for (feature, range) in ranges.iter_mut().enumerate() {
        let values =
            || (0..facts.len()).map(|row| facts.lrfmc(row)[feature]).filter(|v| v.is_finite());
        let (mut n, mut sum, mut min, mut max) = (0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY);
        for value in values() {
            n += 1.0;
            sum += value;
            min = f64::min(min, value);
            max = f64::max(max, value);
        }
        if n > 0.0 {
            let mean: f64 = sum / n;
            let squares: f64 = values().map(|v| (v - mean) * (v - mean)).sum();
            *range = Range { min, max, mean, std: (squares / n).sqrt() };
        }
    }
    PerFeature::from_array(ranges)
}

/// Members dropped, and members kept but placed in no group, by reason.
#[must_use]
pub fn counts(
    gathered: &Gathered,
    groups: &Groups,
) -> (BTreeMap<Reason, u64>, BTreeMap<Reason, u64>) {
    let dropped = gathered.dropped.iter().map(|d| (d.reason, d.keys.len() as u64)).collect();
    let mut left_out = BTreeMap::new();
    for reason in &groups.left_out {
        *left_out.entry(*reason).or_insert(0) += 1;
    }
    (dropped, left_out)
}

/// How long members who were dormant or lost in the earlier run had been away, by row; empty
/// without one.
pub type Away = Vec<Option<u32>>;

/// Ranks, scores and lifecycle states of every member.
///
/// # Errors
/// [`crate::Error::Stats`], which cannot happen for facts that were clustered.
pub fn standings(
    facts: &Facts,
    groups: &Groups,
    scheme: &WeightedScheme,
    attributes: &[Attribute],
    away: &Away,
    window_days: i32,
) -> Result<Standings> {
    let placed: Vec<usize> =
        (0..facts.len()).filter(|&row| groups.labels[row] != NO_GROUP).collect();
    let mut standings = Standings {
        scores: vec![0; facts.len()],
        lifecycle: Vec::with_capacity(facts.len()),
        ..Standings::default()
    };
    for (ranks, attribute) in standings.ranks.iter_mut().zip(Attribute::MEASURED) {
        let values: Vec<f64> = placed.iter().map(|&row| attribute.of(facts, row)).collect();
        let table = RankTable::of(&values)?;
        *ranks = vec![0; facts.len()];
        for (&row, &value) in placed.iter().zip(&values) {
            ranks[row] = rank_code(table.rank(value));
        }
    }
    let used: Vec<usize> = attributes.iter().filter_map(|a| a.measured_place()).collect();
    let mut ranks = vec![0.0; used.len()];
    for &row in &placed {
        for (rank, &place) in ranks.iter_mut().zip(&used) {
            *rank = f64::from(standings.ranks[place][row]) / RANK_WHOLE;
        }
        let total = scheme.score_ranks(&ranks)?.total.0;
        standings.scores[row] = u16::try_from(total).unwrap_or(u16::MAX);
    }
    let rules = LifecycleRules::default();
    standings.lifecycle.extend((0..facts.len()).map(|row| {
        let returned_from = away.get(row).copied().flatten();
        group::lifecycle_code(lifecycle::state(facts, row, window_days, returned_from, &rules))
    }));
    Ok(standings)
}

fn rank_code(rank: f64) -> u16 {
    // In 0..=10,000 by construction.
    (rank * RANK_WHOLE).round() as u16
}

/// The groups in full.
///
/// # Errors
/// [`crate::Error::Stats`], which cannot happen for facts that were clustered.
pub fn groups(facts: &Facts, groups: &Groups, standings: &Standings) -> Result<Vec<Group>> {
    let k = groups.names.len();
    let rows: Vec<usize> = (0..facts.len()).filter(|&r| groups.labels[r] != NO_GROUP).collect();
    let labels: Vec<u8> = rows.iter().map(|&row| groups.labels[row]).collect();
    let mut spreads: Vec<Vec<Option<Spread>>> = Vec::with_capacity(5);
    for feature in [0, 1, 2, 3, 4] {
        let values: Vec<f64> = rows.iter().map(|&row| facts.lrfmc(row)[feature]).collect();
        spreads.push(spread_by_group(&values, &labels, k)?);
    }
    let mut revenue = vec![0.0; k];
    let mut lifecycle = vec![BTreeMap::<Lifecycle, u64>::new(); k];
    for (&row, &label) in rows.iter().zip(&labels) {
        revenue[usize::from(label)] += facts.revenue(row);
        if let Some(state) = Lifecycle::ALL.get(usize::from(standings.lifecycle[row])) {
            *lifecycle[usize::from(label)].entry(*state).or_insert(0) += 1;
        }
    }
    let all: f64 = revenue.iter().sum();
    let members: u64 = groups.found.sizes.iter().sum();
    let one = |group: usize| Group {
        name: group::name_code(groups.names[group]),
        members: groups.found.sizes[group],
        member_share: groups.found.sizes[group] as f64 / members as f64,
        revenue_share: if all > 0.0 { revenue[group] / all } else { 0.0 },
        centre: five(&groups.found.centres[group]),
        spreads: PerFeature::from_array(std::array::from_fn(|feature| spreads[feature][group])),
        lifecycle: lifecycle[group].clone(),
        continues: groups.continues.get(group).copied(),
        members_before: None,
    };
    Ok((0..k).map(one).collect())
}

/// Concentration of revenue over the members in groups; `None` when it cannot be told.
#[must_use]
pub fn concentration(facts: &Facts, groups: &Groups) -> Option<Pareto> {
    let placed = (0..facts.len()).filter(|&row| groups.labels[row] != NO_GROUP);
    pareto(&placed.map(|row| facts.revenue(row)).collect::<Vec<_>>()).ok()
}

/// Medians of the five features over the members in groups.
///
/// # Errors
/// [`crate::Error::Stats`], which cannot happen for facts that were clustered.
pub fn medians(facts: &Facts, groups: &Groups) -> Result<[f64; 5]> {
    let mut medians = [0.0; 5];
    for (feature, median) in medians.iter_mut().enumerate() {
        let placed = (0..facts.len()).filter(|&row| groups.labels[row] != NO_GROUP);
        let values: Vec<f64> = placed.map(|row| facts.lrfmc(row)[feature]).collect();
        *median = Spread::of(&values)?.median;
    }
    Ok(medians)
}

/// A centre as an array; missing places are 0, which no centre of five features has.
#[must_use]
pub fn five(centre: &[f64]) -> [f64; 5] {
    std::array::from_fn(|feature| centre.get(feature).copied().unwrap_or(0.0))
}
