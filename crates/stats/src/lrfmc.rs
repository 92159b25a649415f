//! What kind of customer a group holds: naming by profile, and names that stay from run to run.
//!
//! A centre is five z-scores in the order L, R, F, M, C: length of membership, recency (months
//! since the last flight: large is bad), frequency, mileage, mean cabin coefficient. Each of the
//! five kinds says what it looks for ([`ValueKind::affinity`]):
//!
//! | kind | affinity | in words |
//! |---|---|---|
//! | keep | (F + M) / 2 | flies often and far |
//! | develop | C | pays for better cabins |
//! | win back | L | with us for long, no longer outstanding |
//! | low | R − (F + M) / 2 | not seen for long, flew little |
//! | general | 0 | nothing of all that |
//!
//! Kinds are given so that the affinities add up to the most, each kind once. With fewer than five
//! groups some kinds stay unused; with more, the groups left over take the kind they fit best and
//! are numbered within it, the most valuable first.

use serde::{Deserialize, Serialize};

use crate::assignment::assign;
use crate::error::StatsError;
use crate::standardise::Scaler;

/// The value groups of LRFMC practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    Keep,
    Develop,
    WinBack,
    General,
    Low,
}

impl ValueKind {
    pub const ALL: [Self; 5] = [Self::Keep, Self::Develop, Self::WinBack, Self::General, Self::Low];

    /// The stable name used in data and text keys.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Develop => "develop",
            Self::WinBack => "win-back",
            Self::General => "general",
            Self::Low => "low",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// How well a standardised centre (L, R, F, M, C) fits this kind.
    #[must_use]
    pub fn affinity(self, [l, r, f, m, c]: [f64; 5]) -> f64 {
        let flying = f64::midpoint(f, m);
        match self {
            Self::Keep => flying,
            Self::Develop => c,
            Self::WinBack => l,
            Self::General => 0.0,
            Self::Low => r - flying,
        }
    }
}

/// A group's name: its kind, and a number when several groups are of one kind (else 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GroupName {
    pub kind: ValueKind,
    pub number: u8,
}

/// Names groups by their standardised centres.
///
/// # Errors
/// [`StatsError::WrongColumns`] when a centre is not five wide.
pub fn name_groups(centres: &[Vec<f64>]) -> Result<Vec<GroupName>, StatsError> {
    let centres = profiles(centres)?;
    let kinds = kinds_for(&centres, &ValueKind::ALL);
    let mut names: Vec<GroupName> =
        kinds.iter().map(|&kind| GroupName { kind, number: 0 }).collect();
    for kind in ValueKind::ALL {
        let mut same: Vec<usize> = (0..names.len()).filter(|&g| names[g].kind == kind).collect();
        if same.len() > 1 {
            same.sort_by(|&a, &b| worth(centres[b]).total_cmp(&worth(centres[a])).then(a.cmp(&b)));
            for (position, group) in same.into_iter().enumerate() {
                names[group].number = (position + 1) as u8;
            }
        }
    }
    Ok(names)
}

fn profiles(centres: &[Vec<f64>]) -> Result<Vec<[f64; 5]>, StatsError> {
    let profile = |centre: &Vec<f64>| {
        let found = centre.len();
        <[f64; 5]>::try_from(centre.as_slice())
            .map_err(|_| StatsError::WrongColumns { expected: 5, found })
    };
    centres.iter().map(profile).collect()
}

/// The order within a kind: flying, cabin and freshness together.
fn worth([_, r, f, m, c]: [f64; 5]) -> f64 {
    f64::midpoint(f, m) + c - r
}

/// Each of `kinds` at most once where the affinities add up to the most; what is left over takes the
/// kind it fits best.
fn kinds_for(centres: &[[f64; 5]], kinds: &[ValueKind]) -> Vec<ValueKind> {
    let cost: Vec<Vec<f64>> = centres
        .iter()
        .map(|&centre| kinds.iter().map(|kind| -kind.affinity(centre)).collect())
        .collect();
    let best = |centre: [f64; 5]| {
        let fits = |kind: &ValueKind| kind.affinity(centre);
        let better = |a: ValueKind, b: ValueKind| if fits(&b) > fits(&a) { b } else { a };
        ValueKind::ALL.into_iter().reduce(better).unwrap_or(ValueKind::General)
    };
    let paired = assign(&cost).into_iter().zip(centres);
    paired.map(|(kind, &centre)| kind.map_or_else(|| best(centre), |kind| kinds[kind])).collect()
}

/// What one new group continues.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Continues {
    /// The group of the earlier run, if it is the same kind of customer.
    pub previous: Option<usize>,
    /// How far the centre moved, in standard deviations of the earlier run (Euclidean). For a group
    /// without counterpart, the distance to the one it was paired with, or 0.
    pub moved: f64,
}

/// Centres further apart than this, in standard deviations of the earlier run, are not the same kind
/// of customer any more.
pub const SAME_KIND: f64 = 1.5;

/// Pairs the groups of a new run with those of an earlier one at the least total squared distance.
/// Centres are raw (months, flights, kilometres…) and measured in the units of the earlier run, so
/// that a customer base that drifts as a whole does not hide its drift.
///
/// # Errors
/// [`StatsError::WrongColumns`] when a centre is not as wide as the scaler.
pub fn match_groups(
    earlier: &Scaler,
    previous: &[Vec<f64>],
    new: &[Vec<f64>],
) -> Result<Vec<Continues>, StatsError> {
    let standard = |centres: &[Vec<f64>]| -> Result<Vec<Vec<f64>>, StatsError> {
        centres.iter().map(|centre| earlier.apply_row(centre)).collect()
    };
    let (previous, new) = (standard(previous)?, standard(new)?);
    let apart =
        |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum() };
    // Beyond the limit further is not worse: one group of a new kind must not push the others out
    // of the pairs in which they hardly moved.
    let limit = SAME_KIND * SAME_KIND;
    let cost: Vec<Vec<f64>> =
        new.iter().map(|a| previous.iter().map(|b| apart(a, b).min(limit)).collect()).collect();
    let found = |(group, paired): (usize, Option<usize>)| {
        let moved = paired.map_or(0.0, |other| apart(&new[group], &previous[other]).sqrt());
        Continues { previous: paired.filter(|_| moved <= SAME_KIND), moved }
    };
    Ok(assign(&cost).into_iter().enumerate().map(found).collect())
}

/// Names for a new run: a group that continues an earlier one keeps its name; the others take, from
/// the kinds not yet given, those they fit best.
///
/// # Errors
/// [`StatsError::WrongColumns`] when a centre is not five wide.
pub fn carry_names(
    previous: &[GroupName],
    continues: &[Continues],
    centres: &[Vec<f64>],
) -> Result<Vec<GroupName>, StatsError> {
    if continues.len() != centres.len() {
        let (expected, found) = (centres.len(), continues.len());
        return Err(StatsError::WrongLength { expected, found });
    }
    let centres = profiles(centres)?;
    let mut names: Vec<Option<GroupName>> =
        continues.iter().map(|c| previous.get(c.previous?).copied()).collect();
    let given = |kind: &ValueKind| names.iter().flatten().any(|name| name.kind == *kind);
    let free: Vec<ValueKind> = ValueKind::ALL.into_iter().filter(|kind| !given(kind)).collect();
    let fresh: Vec<usize> = (0..names.len()).filter(|&group| names[group].is_none()).collect();
    let open: Vec<[f64; 5]> = fresh.iter().map(|&group| centres[group]).collect();
    for (group, kind) in fresh.into_iter().zip(kinds_for(&open, &free)) {
        let same = names.iter().flatten().filter(|name| name.kind == kind);
        let number = same.map(|name| name.number.max(1)).max().map_or(0, |most| most + 1);
        names[group] = Some(GroupName { kind, number });
    }
    Ok(names.into_iter().flatten().collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::ValueKind::{Develop, General, Keep, Low, WinBack};
    use super::*;
    use crate::standardise::Scale;

    /// The published five groups of 62,043 members of a Chinese airline.
    fn reference() -> Vec<Vec<f64>> {
        [
            [-0.7004, -0.4147, -0.1613, -0.1612, -0.2538],
            [1.1603, -0.3774, -0.0871, -0.0950, -0.1560],
            [-0.3135, 1.6862, -0.5740, -0.5368, -0.1733],
            [0.4830, -0.7994, 2.4834, 2.4246, 0.3086],
            [0.0549, -0.0024, -0.2257, -0.2297, 2.1981],
        ]
        .map(Vec::from)
        .to_vec()
    }

    fn plain() -> Scaler {
        Scaler { scales: vec![Scale { mean: 10.0, deviation: 2.0 }; 5] }
    }

    fn kinds(names: &[GroupName]) -> Vec<ValueKind> {
        names.iter().map(|name| name.kind).collect()
    }

    #[test]
    fn the_published_groups_get_the_published_names() {
        let names = name_groups(&reference()).unwrap();
        assert_eq!(kinds(&names), [General, WinBack, Low, Keep, Develop]);
        assert!(names.iter().all(|name| name.number == 0));
    }

    #[test]
    fn two_groups_are_named_by_what_sets_them_apart() {
        let centres = vec![vec![-0.1, 0.1, -0.4, -0.4, 0.0], vec![0.4, -0.8, 2.4, 2.4, 0.3]];
        assert_eq!(name_groups(&centres).unwrap()[1].kind, Keep);
        assert_eq!(name_groups(&centres).unwrap()[0].kind, Low);
    }

    #[test]
    fn a_sixth_group_shares_a_kind_and_gets_a_number() {
        let mut centres = reference();
        centres.push(vec![0.9, -0.9, 6.0, 6.0, 0.8]);
        let names = name_groups(&centres).unwrap();
        assert_eq!(names[5], GroupName { kind: Keep, number: 1 });
        assert_eq!(names[3], GroupName { kind: Keep, number: 2 });
        assert_eq!(names[0], GroupName { kind: General, number: 0 });
    }

    #[test]
    fn names_follow_the_customers_when_groups_change_places() {
        let raw = |centres: &[Vec<f64>], drift: f64| -> Vec<Vec<f64>> {
            let up = |z: &Vec<f64>| z.iter().map(|z| z * 2.0 + 10.0 + drift).collect();
            centres.iter().map(up).collect()
        };
        let before = reference();
        let mut after = before.clone();
        after.reverse();
        let continues = match_groups(&plain(), &raw(&before, 0.0), &raw(&after, 0.3)).unwrap();
        let previous: Vec<usize> = continues.iter().filter_map(|c| c.previous).collect();
        assert_eq!(previous, [4, 3, 2, 1, 0]);
        let moved = 0.15 * 5.0_f64.sqrt();
        assert!(continues.iter().all(|c| (c.moved - moved).abs() < 1e-9));
        let names = carry_names(&name_groups(&before).unwrap(), &continues, &after).unwrap();
        assert_eq!(kinds(&names), [Develop, Keep, Low, WinBack, General]);
    }

    #[test]
    fn a_group_of_another_kind_gets_a_fresh_name() {
        let before = reference();
        let mut after = before.clone();
        after[2] = vec![0.2, -0.7, 6.5, 6.0, 0.5];
        let unit = Scaler { scales: vec![Scale { mean: 0.0, deviation: 1.0 }; 5] };
        let continues = match_groups(&unit, &before, &after).unwrap();
        assert_eq!(continues[2].previous, None);
        assert!(continues[2].moved > SAME_KIND);
        let names = carry_names(&name_groups(&before).unwrap(), &continues, &after).unwrap();
        // Only "low" was free, and each kind is given once before any is shared.
        assert_eq!(kinds(&names), [General, WinBack, Low, Keep, Develop]);
        after.push(before[2].clone());
        let continues = match_groups(&unit, &before, &after).unwrap();
        let names = carry_names(&name_groups(&before).unwrap(), &continues, &after).unwrap();
        assert_eq!(names[5], GroupName { kind: Low, number: 0 });
        assert_eq!(names[2], GroupName { kind: Keep, number: 2 });
    }

    #[test]
    fn codes_read_back() {
        for kind in ValueKind::ALL {
            assert_eq!(ValueKind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
        assert!(name_groups(&[vec![0.0; 4]]).is_err());
    }
}
