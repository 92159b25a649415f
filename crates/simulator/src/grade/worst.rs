//! Where identity went wrong: by kind of dirt, and the worst examples.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::identity::Known;

/// People a customer is shown to hold, and customers a person is shown to be on, at most.
const SHOWN: usize = 6;

/// Mentions of one kind of dirt. `clean` are those without any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirtRow {
    pub kind: String,
    pub mentions: u64,
    /// On a customer that holds somebody else too.
    pub merged: u64,
    /// Of a person who is on several customers.
    pub split: u64,
}

/// A person on a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub person: String,
    pub mentions: u64,
}

/// A customer of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub customer: String,
    pub mentions: u64,
}

/// A customer that holds several people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    pub customer: String,
    pub wrong_pairs: u64,
    /// Most mentions first.
    pub people: Vec<Held>,
    /// Dirt of their mentions.
    pub dirt: Vec<String>,
}

/// A person on several customers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    pub person: String,
    pub missing_pairs: u64,
    /// Most mentions first.
    pub customers: Vec<Part>,
    /// Dirt of the person's mentions.
    pub dirt: Vec<String>,
}

type Parts<'a> = BTreeMap<&'a str, Vec<(&'a str, u64)>>;

fn pairs(count: u64) -> u64 {
    count * count.saturating_sub(1) / 2
}

/// Pairs of a whole that lie in different parts.
fn across(parts: &[(&str, u64)]) -> u64 {
    let all: u64 = parts.iter().map(|(_, count)| count).sum();
    pairs(all) - parts.iter().map(|(_, count)| pairs(*count)).sum::<u64>()
}

pub(super) fn by_dirt(
    known: &[Known<'_>],
    people_of: &Parts<'_>,
    customers_of: &Parts<'_>,
) -> Vec<DirtRow> {
    let several = |parts: &Parts<'_>, whole: &str| parts.get(whole).is_some_and(|of| of.len() > 1);
    let mut rows: BTreeMap<&str, DirtRow> = BTreeMap::new();
    for of in known {
        let merged = several(people_of, of.customer);
        let split = several(customers_of, of.person);
        let words = of.dirt.iter().map(String::as_str);
        let clean = of.dirt.is_empty().then_some("clean");
        for kind in words.chain(clean) {
            let row = rows.entry(kind).or_default();
            row.mentions += 1;
            row.merged += u64::from(merged);
            row.split += u64::from(split);
        }
    }
    let named = rows.into_iter().map(|(kind, row)| DirtRow { kind: kind.to_owned(), ..row });
    let mut rows: Vec<DirtRow> = named.collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.merged, row.split, row.mentions)));
    rows
}

pub(super) fn merges(known: &[Known<'_>], parts: &Parts<'_>, examples: usize) -> Vec<Merge> {
    let worst = worst(parts, examples);
    let dirt = dirt(known, &worst, |of| of.customer);
    let merge = |(customer, wrong): (&str, u64)| {
        let people = parts.get(customer).map(|people| ranked(people)).unwrap_or_default();
        let held = people.into_iter();
        Merge {
            customer: customer.to_owned(),
            wrong_pairs: wrong,
            people: held.map(|(person, mentions)| Held { person, mentions }).collect(),
            dirt: dirt.get(customer).map(words).unwrap_or_default(),
        }
    };
    worst.into_iter().map(merge).collect()
}

pub(super) fn splits(known: &[Known<'_>], parts: &Parts<'_>, examples: usize) -> Vec<Split> {
    let worst = worst(parts, examples);
    let dirt = dirt(known, &worst, |of| of.person);
    let split = |(person, missing): (&str, u64)| {
        let customers = parts.get(person).map(|parts| ranked(parts)).unwrap_or_default();
        let on = customers.into_iter();
        Split {
            person: person.to_owned(),
            missing_pairs: missing,
            customers: on.map(|(customer, mentions)| Part { customer, mentions }).collect(),
            dirt: dirt.get(person).map(words).unwrap_or_default(),
        }
    };
    worst.into_iter().map(split).collect()
}

/// Wholes of several parts, most pairs between parts first.
fn worst<'a>(parts: &Parts<'a>, examples: usize) -> Vec<(&'a str, u64)> {
    let several = parts.iter().filter(|(_, parts)| parts.len() > 1);
    let mut found: Vec<_> = several.map(|(whole, parts)| (*whole, across(parts))).collect();
    found.sort_by_key(|(whole, pairs)| (std::cmp::Reverse(*pairs), *whole));
    found.truncate(examples);
    found
}

fn dirt<'k>(
    known: &'k [Known<'k>],
    worst: &[(&str, u64)],
    whole: impl Fn(&Known<'k>) -> &'k str,
) -> HashMap<String, BTreeSet<&'k str>> {
    let shown: BTreeSet<&str> = worst.iter().map(|(whole, _)| *whole).collect();
    let mut found: HashMap<String, BTreeSet<&str>> = HashMap::new();
    for of in known.iter().filter(|of| shown.contains(whole(of))) {
        let words = found.entry(whole(of).to_owned()).or_default();
        words.extend(of.dirt.iter().map(String::as_str));
    }
    found
}

fn words(of: &BTreeSet<&str>) -> Vec<String> {
    of.iter().map(|word| (*word).to_owned()).collect()
}

fn ranked(parts: &[(&str, u64)]) -> Vec<(String, u64)> {
    let mut parts: Vec<(String, u64)> =
        parts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    parts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    parts.truncate(SHOWN);
    parts
}
