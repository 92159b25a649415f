//! How customers moved between groups from one run to the next.

use serde::{Deserialize, Serialize};

use crate::error::StatsError;

/// Counts of customers by group then and group now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migration {
    /// `moved[then][now]`.
    pub moved: Vec<Vec<u64>>,
    /// In no group then, by group now.
    pub joined: Vec<u64>,
    /// By group then, in no group now.
    pub left: Vec<u64>,
}

impl Migration {
    /// Counts two label vectors that speak of the same customers in the same order; `None` where a
    /// customer was not part of a run.
    ///
    /// # Errors
    /// Uneven lengths, or a label that is no group.
    pub fn count(
        then: &[Option<u8>],
        groups_then: usize,
        now: &[Option<u8>],
        groups_now: usize,
    ) -> Result<Self, StatsError> {
        if then.len() != now.len() {
            return Err(StatsError::WrongLength { expected: then.len(), found: now.len() });
        }
        let mut migration = Self {
            moved: vec![vec![0; groups_now]; groups_then],
            joined: vec![0; groups_now],
            left: vec![0; groups_then],
        };
        for (row, pair) in then.iter().zip(now).enumerate() {
            let check = |label: Option<u8>, groups: usize| match label {
                Some(label) if usize::from(label) >= groups => {
                    Err(StatsError::UnknownLabel { row, label, groups })
                }
                label => Ok(label.map(usize::from)),
            };
            match (check(*pair.0, groups_then)?, check(*pair.1, groups_now)?) {
                (Some(then), Some(now)) => migration.moved[then][now] += 1,
                (None, Some(now)) => migration.joined[now] += 1,
                (Some(then), None) => migration.left[then] += 1,
                (None, None) => {}
            }
        }
        Ok(migration)
    }

    /// Customers in a group in both runs.
    #[must_use]
    pub fn in_both(&self) -> u64 {
        self.moved.iter().flatten().sum()
    }

    /// Customers whose group now is the continuation of their group then: `continues[now]` is the
    /// group then whose kind group `now` carries on.
    #[must_use]
    pub fn stayed(&self, continues: &[Option<usize>]) -> u64 {
        let same = continues.iter().enumerate().filter_map(|(now, then)| Some((now, (*then)?)));
        same.filter_map(|(now, then)| self.moved.get(then)?.get(now)).sum()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn everyone_is_counted_once() {
        let then = [Some(0), Some(0), Some(1), None, Some(1), None];
        let now = [Some(0), Some(1), Some(1), Some(2), None, None];
        let found = Migration::count(&then, 2, &now, 3).unwrap();
        assert_eq!(found.moved, [[1, 1, 0], [0, 1, 0]]);
        assert_eq!(found.joined, [0, 0, 1]);
        assert_eq!(found.left, [0, 1]);
        assert_eq!(found.in_both(), 3);
        assert_eq!(found.stayed(&[Some(0), Some(1), None]), 2);
    }

    #[test]
    fn a_label_beyond_the_groups_is_refused() {
        let error = Migration::count(&[Some(2)], 2, &[Some(0)], 2).unwrap_err();
        assert_eq!(error, StatsError::UnknownLabel { row: 0, label: 2, groups: 2 });
    }
}
