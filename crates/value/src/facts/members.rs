//! When members joined, beside facts that come from segments.

use std::cmp::Ordering;
use std::path::Path;

use chrono::NaiveDate;
use lake::{LakeError, ParquetIn, column};

use super::{Facts, Keys, UNKNOWN};

/// Join dates by member, ascending by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members {
    keys: Keys,
    joined: Vec<i32>,
}

impl Members {
    /// Takes keys with their join day ([`UNKNOWN`] without one), in any order. Of a key that comes
    /// twice the first entry counts.
    #[must_use]
    pub fn new(keys: Keys, joined: Vec<i32>) -> Self {
        if keys.is_ascending() {
            return Self { keys, joined };
        }
        match keys {
            Keys::Int(keys) => sorted(keys, joined, Keys::Int),
            Keys::Id(keys) => sorted(keys, joined, Keys::Id),
            Keys::Text(keys) => sorted(keys, joined, Keys::Text),
        }
    }

    /// Reads `key` and `joined` of a Parquet file.
    ///
    /// # Errors
    /// [`LakeError`] when the file is not Parquet or lacks a column.
    pub fn read(path: &Path, key: &str, joined: &str) -> Result<Self, LakeError> {
        let (mut keys, mut days) = (Keys::default(), Vec::new());
        for batch in ParquetIn::open(path)?.columns(&[key, joined]).batches()? {
            let batch = batch?;
            let missing = || LakeError::NoColumn { column: key.to_owned() };
            keys.append(batch.column_by_name(key).ok_or_else(missing)?.as_ref())?;
            days.extend(column::dates(&batch, joined)?.iter().map(|day| day.unwrap_or(UNKNOWN)));
        }
        Ok(Self::new(keys, days))
    }

    /// Members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.joined.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty()
    }

    /// Fills in the tenure of `facts` at `observed`. A member who joined after that day has no
    /// tenure yet: unknown.
    pub fn join(&self, facts: &mut Facts, observed: NaiveDate) {
        let observed = column::day_number(observed);
        let mut at = 0;
        for row in 0..facts.keys.len() {
            while at < self.joined.len()
                && self.keys.compare(at, &facts.keys, row) == Ordering::Less
            {
                at += 1;
            }
            let found = at < self.joined.len()
                && self.keys.compare(at, &facts.keys, row) == Ordering::Equal;
            let day = if found { self.joined[at] } else { UNKNOWN };
            let known = day != UNKNOWN && day <= observed;
            facts.tenure[row] = if known { observed - day } else { UNKNOWN };
        }
    }

    /// How many members are not among the keys of `facts`: those without a flight in the window.
    #[must_use]
    pub fn absent_from(&self, facts: &Facts) -> u64 {
        let (mut at, mut found) = (0, 0_u64);
        for row in 0..facts.keys.len() {
            while at < self.len() && self.keys.compare(at, &facts.keys, row) == Ordering::Less {
                at += 1;
            }
            if at < self.len() && self.keys.compare(at, &facts.keys, row) == Ordering::Equal {
                found += 1;
            }
        }
        self.len() as u64 - found
    }
}

fn sorted<T: Ord + Clone>(
    keys: Vec<T>,
    joined: Vec<i32>,
    wrap: impl Fn(Vec<T>) -> Keys,
) -> Members {
    let mut rows: Vec<(T, i32)> = keys.into_iter().zip(joined).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.dedup_by(|later, earlier| later.0 == earlier.0);
    let (keys, joined) = rows.into_iter().unzip();
    Members { keys: wrap(keys), joined }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn tenure_is_joined_by_key_in_any_order_and_unknown_where_it_cannot_be() {
        let observed: NaiveDate = "2026-03-31".parse().unwrap();
        let day = column::day_number(observed);
        let members = Members::new(
            Keys::Int(vec![9, 2, 5, 2, 7]),
            vec![day - 30, day - 60, UNKNOWN, day, day + 1],
        );
        let mut facts = Facts {
            keys: Keys::Int(vec![1, 2, 5, 7, 9]),
            tenure: vec![UNKNOWN; 5],
            ..Facts::default()
        };
        members.join(&mut facts, observed);
        assert_eq!(facts.tenure, [UNKNOWN, 60, UNKNOWN, UNKNOWN, 30]);
        assert_eq!(members.absent_from(&facts), 0);
    }
}
