//! From facts to named groups. Pure: the same facts, parameters and earlier run give the same groups.

use stats::{
    Clustering, Continues, GroupName, Params, Scaler, StatsError, Table, carry_names,
    kmeans_watched, match_groups, name_groups, standardise,
};

use super::model::{Phase, RunParams, Step, Watch};
use crate::error::{Error, Result};
use crate::facts::{Facts, Reason, clean::unplaced};

/// A member in no group.
pub const NO_GROUP: u8 = u8::MAX;

/// What is needed of the earlier run to keep names with the same kind of customer.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// How its features were standardised.
    pub scaler: Scaler,
    /// Its centres in standard deviations.
    pub centres: Vec<Vec<f64>>,
    /// Its names.
    pub names: Vec<GroupName>,
}

/// Named groups.
#[derive(Clone, Debug)]
pub struct Groups {
    /// For each member of the facts the index of its group, or [`NO_GROUP`].
    pub labels: Vec<u8>,
    /// Why the members in no group are in none, in their order.
    pub left_out: Vec<Reason>,
    /// What k-means found; its labels have been moved to `labels`.
    pub found: Clustering,
    /// How features were standardised.
    pub scaler: Scaler,
    /// One per group.
    pub names: Vec<GroupName>,
    /// What each continues; empty without an earlier run.
    pub continues: Vec<Continues>,
}

/// Places every member that can be placed in one of `params.k` groups.
///
/// # Errors
/// [`Error::TooFew`], [`Error::Stats`], [`Error::Cancelled`].
pub fn cluster(
    facts: &Facts,
    params: &RunParams,
    earlier: Option<&Earlier>,
    watch: &Watch,
) -> Result<Groups> {
    let (table, placed, left_out) = table(facts, params.k)?;
    let (table, scaler) = standardise(table)?;
    let asked =
        Params { k: params.k, starts: params.starts, seed: params.seed, ..Params::of(params.k) };
    let inside = |at: stats::Progress| {
        watch(Step { phase: Phase::Cluster, done: at.done as u64, total: Some(at.total as u64) })
    };
    let mut found = match kmeans_watched(&table, asked, &inside) {
        Err(StatsError::Cancelled) => return Err(Error::Cancelled),
        other => other?,
    };
    drop(table);
    let mut next = std::mem::take(&mut found.labels).into_iter();
    let labels = placed
        .iter()
        .map(|&placed| if placed { next.next().unwrap_or(NO_GROUP) } else { NO_GROUP })
        .collect();
    let (names, continues) = names(&found.centres, &scaler, earlier)?;
    Ok(Groups { labels, left_out, found, scaler, names, continues })
}

/// The five features of the members that can be placed, and which those are.
pub(crate) fn table(facts: &Facts, k: usize) -> Result<(Table, Vec<bool>, Vec<Reason>)> {
    let mut left_out = Vec::new();
    let mut placed = Vec::with_capacity(facts.len());
    for row in 0..facts.len() {
        let reason = unplaced(facts, row);
        placed.push(reason.is_none());
        left_out.extend(reason);
    }
    let left = facts.len() - left_out.len();
    if left < k.max(2) {
        return Err(Error::TooFew { left, needed: k.max(2) });
    }
    let mut columns: [Vec<f64>; 5] = std::array::from_fn(|_| Vec::with_capacity(left));
    for row in (0..facts.len()).filter(|&row| placed[row]) {
        for (column, value) in columns.iter_mut().zip(facts.lrfmc(row)) {
            column.push(value);
        }
    }
    Ok((Table::new(columns.into())?, placed, left_out))
}

fn names(
    centres: &[Vec<f64>],
    scaler: &Scaler,
    earlier: Option<&Earlier>,
) -> Result<(Vec<GroupName>, Vec<Continues>)> {
    let Some(earlier) = earlier else { return Ok((name_groups(centres)?, Vec::new())) };
    let raw = |scaler: &Scaler, centres: &[Vec<f64>]| -> Result<Vec<Vec<f64>>> {
        Ok(centres.iter().map(|c| scaler.undo_row(c)).collect::<Result<_, _>>()?)
    };
    let before = raw(&earlier.scaler, &earlier.centres)?;
    let continues = match_groups(&earlier.scaler, &before, &raw(scaler, centres)?)?;
    let names = carry_names(&earlier.names, &continues, centres)?;
    Ok((names, continues))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::facts::{Keys, UNKNOWN};
    use crate::group;
    use crate::run::model::unwatched;

    /// Five clear kinds of member, thirty of each, a little apart from one another.
    pub(crate) fn five_kinds() -> Facts {
        let kinds = [
            (1500, 10, 60, 90_000, 0.8),
            (900, 60, 5, 8_000, 2.1),
            (3300, 70, 12, 15_000, 0.7),
            (400, 60, 8, 9_000, 0.65),
            (900, 600, 2, 2_000, 0.6),
        ];
        let mut facts = Facts::default();
        let mut keys = Vec::new();
        for n in 0..150_i32 {
            let (tenure, last, flights, km, coefficient) = kinds[(n % 5) as usize];
            let wobble = n / 5;
            keys.push(i64::from(n));
            facts.tenure.push(tenure + wobble);
            facts.last.push(last + wobble);
            facts.flights.push(flights + (n % 2) as u32);
            facts.km.push(km + i64::from(wobble) * 10);
            facts.coefficient.push(coefficient + f64::from(wobble) * 0.001);
        }
        facts.keys = Keys::Int(keys);
        facts
    }

    #[test]
    fn five_kinds_get_five_names_and_who_cannot_be_placed_is_counted() {
        let mut facts = five_kinds();
        facts.tenure[7] = UNKNOWN;
        facts.coefficient[12] = f64::NAN;
        let groups = cluster(&facts, &RunParams::default(), None, &unwatched()).unwrap();
        assert_eq!(groups.left_out, [Reason::NoJoinDate, Reason::NoCoefficient]);
        assert_eq!((groups.labels[7], groups.labels[12]), (NO_GROUP, NO_GROUP));
        let of = |row: usize| group::name_code(groups.names[usize::from(groups.labels[row])]);
        assert_eq!(
            [of(0), of(1), of(2), of(3), of(4)],
            ["keep", "develop", "winback", "general", "low"]
        );
        assert_eq!(groups.found.sizes.iter().sum::<u64>(), 148);
    }

    #[test]
    fn names_stay_with_the_same_kind_when_the_base_drifts() {
        let facts = five_kinds();
        let first = cluster(&facts, &RunParams::default(), None, &unwatched()).unwrap();
        let earlier = Earlier {
            scaler: first.scaler.clone(),
            centres: first.found.centres.clone(),
            names: first.names.clone(),
        };
        let mut later = facts.clone();
        later.tenure.iter_mut().for_each(|days| *days += 90);
        let params = RunParams { seed: 99, ..RunParams::default() };
        let second = cluster(&later, &params, Some(&earlier), &unwatched()).unwrap();
        for row in 0..facts.len() {
            let then = first.names[usize::from(first.labels[row])];
            assert_eq!(second.names[usize::from(second.labels[row])], then);
        }
        assert!(second.continues.iter().all(|c| c.previous.is_some()));
    }

    #[test]
    fn too_few_members_are_refused_with_their_number() {
        let mut facts = five_kinds();
        facts.retain(&(0..150).map(|n| n < 3).collect::<Vec<_>>());
        let refused = cluster(&facts, &RunParams::default(), None, &unwatched());
        assert!(matches!(refused, Err(Error::TooFew { left: 3, needed: 5 })));
    }
}
