//! The surnames and given names in use, in memory: what a mistyped name is compared with.
//!
//! The table `name_token` holds each once. A process reads it at start and after a big import, adds
//! what it writes itself, and reads again when the copy is older than a minute and somebody
//! searches; another process's new names are thus known here a minute later.

use std::collections::HashSet;
use std::sync::{Arc, RwLock};

use chrono::{DateTime, Utc};
use kernel::names::PersonName;
use store::{Col, Db, Tx, Value, sql};

use crate::profile::row::Written;
use crate::{Error, Result};

/// More distinct names than any airline has; bounds the memory.
const MOST: i64 = 400_000;

/// Which part of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    Surname,
    Given,
}

impl Field {
    fn as_str(self) -> &'static str {
        match self {
            Self::Surname => "s",
            Self::Given => "g",
        }
    }
}

#[derive(Default)]
struct Known {
    surnames: HashSet<Box<str>>,
    given: HashSet<Box<str>>,
    loaded_at: Option<DateTime<Utc>>,
}

impl Known {
    fn of(&self, field: Field) -> &HashSet<Box<str>> {
        match field {
            Field::Surname => &self.surnames,
            Field::Given => &self.given,
        }
    }

    fn add(&mut self, field: Field, token: &str) {
        let set = match field {
            Field::Surname => &mut self.surnames,
            Field::Given => &mut self.given,
        };
        if !token.is_empty() && !set.contains(token) {
            set.insert(token.into());
        }
    }
}

/// The shared copy. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Dictionary(Arc<RwLock<Known>>);

impl Dictionary {
    /// Reads the table anew.
    pub async fn load(&self, db: &Db) -> Result<()> {
        let mut known = Known::default();
        let mut tx = db.read().await?;
        let each = |(field, token): (String, String)| -> Result<(), Error> {
            known.add(if field == "s" { Field::Surname } else { Field::Given }, &token);
            Ok(())
        };
        tx.each(sql("SELECT field, token FROM name_token LIMIT $1").bind(MOST), each).await?;
        let mut shared = self.write();
        known.loaded_at = shared.loaded_at;
        *shared = known;
        Ok(())
    }

    /// Whether the copy is older than a minute; says so once, to the caller who is to read anew.
    pub fn is_stale(&self, now: DateTime<Utc>) -> bool {
        let mut known = self.write();
        let stale = known.loaded_at.is_none_or(|at| now - at > chrono::Duration::minutes(1));
        if stale {
            known.loaded_at = Some(now);
        }
        stale
    }

    /// Adds a name this process has just written.
    pub fn note(&self, name: &PersonName) {
        let keys = name.keys();
        let mut known = self.write();
        known.add(Field::Surname, &keys.surname_key);
        known.add(Field::Given, &keys.given_key);
    }

    /// Writes the names of new rows that are not known yet. They are added to the copy only when
    /// read back, because the caller's transaction may still fail.
    pub async fn learn(&self, tx: &mut Tx, rows: &[Written]) -> store::Result<()> {
        Self::write_names(tx, self.unknown(rows)).await
    }

    /// The names of rows that are not known yet, ready for [`Dictionary::write_names`].
    pub fn unknown(&self, rows: &[Written]) -> Vec<Vec<Value>> {
        let mut fresh: HashSet<(Field, &str)> = HashSet::new();
        {
            let known = self.read();
            for row in rows {
                for (field, token) in
                    [(Field::Surname, &row.surname_token), (Field::Given, &row.given_token)]
                {
                    if !token.is_empty() && !known.of(field).contains(token.as_str()) {
                        fresh.insert((field, token));
                    }
                }
            }
        }
        let mut rows: Vec<Vec<Value>> = fresh
            .into_iter()
            .map(|(field, token)| vec![field.as_str().into(), token.into()])
            .collect();
        // One order everywhere, so that two writers cannot wait for each other in a circle.
        rows.sort_by_cached_key(|row| format!("{row:?}"));
        rows
    }

    /// Writes names that nobody may have written yet.
    pub async fn write_names(tx: &mut Tx, rows: Vec<Vec<Value>>) -> store::Result<()> {
        tx.bulk(
            "name_token",
            &[Col::text("field"), Col::text("token")],
            rows,
            "ON CONFLICT (field, token) DO NOTHING",
        )
        .await?;
        Ok(())
    }

    /// Whether somebody is called so.
    pub fn has(&self, field: Field, token: &str) -> bool {
        self.read().of(field).contains(token)
    }

    /// Names within `most` slips of `token` (insertion, deletion, replacement, swap of
    /// neighbours), nearest first, at most `limit`. The token itself is not among them.
    pub fn near(&self, field: Field, token: &str, most: usize, limit: usize) -> Vec<Near> {
        if most == 0 {
            return Vec::new();
        }
        let letters = letters_of(token);
        let known = self.read();
        let mut near: Vec<Near> = known
            .of(field)
            .iter()
            .filter(|name| name.len().abs_diff(token.len()) <= most)
            .filter(|name| {
                (letters_of(name) ^ letters).count_ones() as usize <= 2 * most && ***name != *token
            })
            .filter_map(|name| {
                let slips = strsim::osa_distance(name, token);
                (slips <= most).then(|| Near { slips, token: name.to_string() })
            })
            .collect();
        near.sort();
        near.truncate(limit);
        near
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A name like the one typed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Near {
    pub slips: usize,
    pub token: String,
}

/// Which letters occur: two texts within n slips differ in at most 2 n of them.
fn letters_of(token: &str) -> u64 {
    token.bytes().fold(0, |seen, byte| seen | 1 << (byte & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary() -> Dictionary {
        let dictionary = Dictionary::default();
        for name in ["周启明", "周其鸣", "欧阳承泽", "张伟"] {
            dictionary.note(&PersonName::from_native(name));
        }
        dictionary
    }

    #[test]
    fn slips_are_found_and_limits_hold() {
        let dictionary = dictionary();
        let near = |token, most| {
            let found = dictionary.near(Field::Surname, token, most, 10);
            found.into_iter().map(|near| near.token).collect::<Vec<_>>()
        };
        assert_eq!(near("zhuo", 1), ["zhou"], "neighbours swapped");
        assert_eq!(near("zhouu", 1), ["zhou"]);
        assert_eq!(near("ouyng", 1), ["ouyang"]);
        assert!(near("zhou", 1).is_empty(), "the name itself is no slip");
        assert!(near("zhuo", 0).is_empty());
        assert!(near("li", 1).is_empty());
    }

    #[test]
    fn a_copy_grows_stale_once_a_minute() {
        let dictionary = Dictionary::default();
        let now = store::testing::NOW;
        assert!(dictionary.is_stale(now));
        assert!(!dictionary.is_stale(now + chrono::Duration::seconds(60)));
        assert!(dictionary.is_stale(now + chrono::Duration::seconds(61)));
    }
}
