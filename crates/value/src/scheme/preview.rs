//! What other weights would change, before anybody changes them: scores, bands and who moves, over
//! all members of the published run. One pass over six small columns.

use std::path::Path;

use lake::arrow::array::Array;
use lake::{ParquetIn, column};
use serde::Serialize;
use stats::WeightedScheme;
use uuid::Uuid;

use super::model::{Attribute, WeightOf, weighted};
use crate::error::Result;
use crate::run::describe::RANK_WHOLE;
use crate::run::result::{KEY, RANKS};

/// Bands of a scheme, best first: the best 5 % of members, the next 15 %, 30 %, 30 %, 20 %.
pub const BANDS: [(&str, f64); 5] =
    [("a", 0.05), ("b", 0.15), ("c", 0.30), ("d", 0.30), ("e", 0.20)];

/// Movers listed in a preview.
const LISTED: usize = 20;

/// Somebody whose band would change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BandMover {
    /// Who.
    pub customer: Uuid,
    /// Their value group.
    pub group: Option<u8>,
    /// Place of the band now and then in [`BANDS`].
    pub bands: (usize, usize),
    /// Score now and then, 0–100.
    pub scores: (f64, f64),
}

/// What other weights would change.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Preview {
    /// Members scored.
    pub members: u64,
    /// Members by band now (rows) and then (columns).
    pub moves: [[u64; BANDS.len()]; BANDS.len()],
    /// Members who would rise.
    pub up: u64,
    /// Members who would fall.
    pub down: u64,
    /// By value group (its place in the run): members, who would rise, who would fall.
    pub by_group: Vec<(u64, u64, u64)>,
    /// Members by value group (rows) and band then (columns).
    pub beside: Vec<[u64; BANDS.len()]>,
    /// Who would move furthest.
    pub movers: Vec<BandMover>,
}

/// Points each rank of each attribute adds: a table, so that a million members take no arithmetic
/// but sums, and the same points as an explanation shows.
struct Points(Vec<(usize, Vec<u16>)>);

impl Points {
    fn of(weights: &[WeightOf]) -> Result<Self> {
        let scheme: WeightedScheme = weighted(weights)?;
        let places: Vec<Option<usize>> =
            weights.iter().map(|weight| weight.attribute.measured_place()).collect();
        let codes = 0..=RANK_WHOLE as u16;
        let mut tables: Vec<(usize, Vec<u16>)> = places
            .iter()
            .flatten()
            .map(|&place| (place, Vec::with_capacity(codes.len())))
            .collect();
        for code in codes {
            let ranks = vec![f64::from(code) / RANK_WHOLE; weights.len()];
            let parts = scheme.score_ranks(&ranks)?.parts;
            let measured = parts.iter().zip(&places).filter(|(_, place)| place.is_some());
            for ((_, table), (part, _)) in tables.iter_mut().zip(measured) {
                table.push(u16::try_from(part.0).unwrap_or(u16::MAX));
            }
        }
        Ok(Self(tables))
    }
}

/// Everybody's group, and their scores under two sets of weights.
struct Scored {
    customers: Vec<Uuid>,
    groups: Vec<Option<u8>>,
    now: Vec<u16>,
    then: Vec<u16>,
}

/// Previews `weights` instead of `current` over the result at `path`.
///
/// # Errors
/// [`crate::Error::Weights`], [`crate::Error::Lake`].
pub fn preview(path: &Path, current: &[WeightOf], weights: &[WeightOf]) -> Result<Preview> {
    let scored = read(path, &Points::of(current)?, &Points::of(weights)?)?;
    let (now, then) = (thresholds(&scored.now), thresholds(&scored.then));
    let mut preview = Preview { members: scored.now.len() as u64, ..Preview::default() };
    let mut furthest: Vec<(u32, usize)> = Vec::new();
    for row in 0..scored.now.len() {
        let (a, b) = (scored.now[row], scored.then[row]);
        let (from, to) = (band(&now, a), band(&then, b));
        preview.moves[from][to] += 1;
        let group = scored.groups[row].map_or(0, usize::from);
        if preview.by_group.len() <= group {
            preview.by_group.resize(group + 1, (0, 0, 0));
            preview.beside.resize(group + 1, [0; BANDS.len()]);
        }
        let counts = &mut preview.by_group[group];
        counts.0 += 1;
        counts.1 += u64::from(to < from);
        counts.2 += u64::from(to > from);
        preview.up += u64::from(to < from);
        preview.down += u64::from(to > from);
        preview.beside[group][to] += 1;
        if from != to {
            furthest.push((u32::from(a.abs_diff(b)) + (from.abs_diff(to) as u32) * 20_000, row));
        }
    }
    let most = furthest.len().min(LISTED);
    if furthest.len() > most {
        furthest.select_nth_unstable_by(most, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        furthest.truncate(most);
    }
    furthest.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let one = |(_, row): (u32, usize)| BandMover {
        customer: scored.customers[row],
        group: scored.groups[row],
        bands: (band(&now, scored.now[row]), band(&then, scored.then[row])),
        scores: (f64::from(scored.now[row]) / 100.0, f64::from(scored.then[row]) / 100.0),
    };
    preview.movers = furthest.into_iter().map(one).collect();
    Ok(preview)
}

fn read(path: &Path, now: &Points, then: &Points) -> Result<Scored> {
    let mut scored =
        Scored { customers: Vec::new(), groups: Vec::new(), now: Vec::new(), then: Vec::new() };
    let columns: Vec<&str> = [KEY, "group"].into_iter().chain(RANKS).collect();
    for batch in ParquetIn::open(path)?.columns(&columns).batch_rows(65_536).batches()? {
        let batch = batch?;
        let groups = column::bytes(&batch, "group")?;
        let ids = column::uuids(&batch, KEY)?;
        let mut ranks: Vec<&[u16]> = Vec::with_capacity(Attribute::MEASURED.len());
        for name in RANKS {
            ranks.push(column::shorts(&batch, name)?.values());
        }
        let score = |points: &Points, row: usize| -> u16 {
            let each = points.0.iter().map(|(place, table)| {
                table.get(usize::from(ranks[*place][row])).copied().unwrap_or(0)
            });
            each.sum()
        };
        for row in (0..batch.num_rows()).filter(|&row| groups.is_valid(row)) {
            scored.customers.push(column::uuid(ids, row));
            scored.groups.push(Some(groups.value(row)));
            scored.now.push(score(now, row));
            scored.then.push(score(then, row));
        }
    }
    Ok(scored)
}

/// The lowest score of each band but the last, so that each holds its share of the members (ties go
/// to the better band).
fn thresholds(scores: &[u16]) -> [u16; BANDS.len() - 1] {
    let mut histogram = vec![0_u64; usize::from(u16::MAX) + 1];
    for score in scores {
        histogram[usize::from(*score)] += 1;
    }
    let mut thresholds = [0; BANDS.len() - 1];
    let (mut above, mut wanted, mut band) = (0, 0.0, 0);
    wanted += BANDS[0].1 * scores.len() as f64;
    for score in (0..=u16::MAX).rev() {
        above += histogram[usize::from(score)];
        while band < thresholds.len() && above as f64 >= wanted && above > 0 {
            thresholds[band] = score;
            band += 1;
            wanted += BANDS[band].1 * scores.len() as f64;
        }
    }
    thresholds
}

fn band(thresholds: &[u16; BANDS.len() - 1], score: u16) -> usize {
    thresholds.iter().position(|least| score >= *least).unwrap_or(BANDS.len() - 1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn bands_hold_their_shares_and_ties_go_up() {
        let scores: Vec<u16> = (0..1000).collect();
        let limits = thresholds(&scores);
        assert_eq!(limits, [950, 800, 500, 200]);
        let count = |wanted| scores.iter().filter(|s| band(&limits, **s) == wanted).count();
        assert_eq!([count(0), count(1), count(2), count(3), count(4)], [50, 150, 300, 300, 200]);
        let tied = thresholds(&[7; 10]);
        assert_eq!(band(&tied, 7), 0);
    }

    #[test]
    fn points_are_those_of_the_scheme() {
        let weight = |attribute, basis_points| WeightOf { attribute, basis_points };
        let weights = [weight(Attribute::Frequency, 7000), weight(Attribute::Recency, 3000)];
        let points = Points::of(&weights).unwrap();
        assert_eq!(points.0[0].0, 2);
        assert_eq!((points.0[0].1[0], points.0[0].1[10_000]), (0, 7000));
        assert_eq!((points.0[1].1[0], points.0[1].1[10_000]), (3000, 0), "less is better");
    }
}
