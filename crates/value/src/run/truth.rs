//! Agreement of the groups with a known truth: only where data came from the simulator, whose truth
//! file says of which kind each member was made. It measures the method, not customers.

use std::collections::HashMap;
use std::path::Path;

use lake::arrow::array::Array;
use lake::{LakeError, ParquetIn, column};
use uuid::Uuid;

use super::model::Truth;
use super::rows::Labels;

/// The truth file of a data folder: `customer_id` and `archetype`.
pub const FILE: &str = "truth.parquet";

/// Compares `labels` with the truth in `path`; `None` when there is no such file or nobody in it is
/// in a group.
///
/// # Errors
/// [`LakeError`] when the file is there but not readable.
pub fn compare(path: &Path, labels: &Labels, groups: usize) -> Result<Option<Truth>, LakeError> {
    if !path.exists() {
        return Ok(None);
    }
    let mut archetypes: Vec<String> = Vec::new();
    let mut place: HashMap<String, usize> = HashMap::new();
    let mut counts: Vec<Vec<u64>> = Vec::new();
    for batch in ParquetIn::open(path)?.columns(&["customer_id", "archetype"]).batches()? {
        let batch = batch?;
        let ids = column::uuids(&batch, "customer_id")?;
        let kinds = column::texts(&batch, "archetype")?;
        for row in 0..ids.len() {
            let Some(group) = group_of(labels, column::uuid(ids, row)) else { continue };
            let kind = kinds.value(row);
            let at = *place.entry(kind.to_owned()).or_insert_with(|| {
                archetypes.push(kind.to_owned());
                counts.push(vec![0; groups]);
                archetypes.len() - 1
            });
            if let Some(count) = counts[at].get_mut(usize::from(group)) {
                *count += 1;
            }
        }
    }
    if archetypes.is_empty() {
        return Ok(None);
    }
    let adjusted_rand = adjusted_rand(&counts);
    Ok(Some(Truth { archetypes, counts, adjusted_rand }))
}

fn group_of(labels: &Labels, customer: Uuid) -> Option<u8> {
    let row = labels.customers.binary_search(&customer).ok()?;
    labels.groups[row]
}

/// The adjusted Rand index of a contingency table.
/// L. Hubert and P. Arabie, "Comparing partitions", Journal of Classification 2, 1985.
#[must_use]
pub fn adjusted_rand(counts: &[Vec<u64>]) -> f64 {
    let pairs = |n: u64| n as f64 * (n.saturating_sub(1)) as f64 / 2.0;
    let columns = counts.first().map_or(0, Vec::len);
    let rows: f64 = counts.iter().map(|row| pairs(row.iter().sum())).sum();
    let down: f64 = (0..columns).map(|c| pairs(counts.iter().map(|row| row[c]).sum())).sum();
    let both: f64 = counts.iter().flatten().map(|&n| pairs(n)).sum();
    let all = pairs(counts.iter().flatten().sum());
    if all == 0.0 {
        return 1.0;
    }
    let chance = rows * down / all;
    let most = f64::midpoint(rows, down);
    if most == chance { 1.0 } else { (both - chance) / (most - chance) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_one_for_equal_partitions_and_near_nought_for_chance() {
        assert!((adjusted_rand(&[vec![50, 0], vec![0, 50]]) - 1.0).abs() < 1e-12);
        assert!(adjusted_rand(&[vec![25, 25], vec![25, 25]]).abs() < 0.02);
        // scikit-learn: adjusted_rand_score([0,0,0,1,1,1], [0,0,1,1,2,2]) = 0.24242424242424243
        let published = adjusted_rand(&[vec![2, 1, 0], vec![0, 1, 2]]);
        assert!((published - 0.242_424_242_424_242_43).abs() < 1e-12, "{published}");
    }
}
