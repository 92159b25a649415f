//! Who is who, graded by pairs of mentions.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::read::Truths;
use super::share;
use super::worst::{self, DirtRow, Merge, Split};

/// Source of the mention that the airline's own file of members is.
pub const MEMBER: &str = "member";
/// The source of people who sign in on the web: their key is the `userId`.
pub const WEB: &str = "web";

/// Where things were placed: customer by source and key. The file of members is the source `member`,
/// its key the member number.
pub type Predicted = HashMap<(String, String), String>;

/// Grades of identity. A pair is two mentions; it is right if it is one person and one customer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Mentions in the truth, members in the file included. Sources of which nothing at all was found
    /// have not been fed in and are left out.
    pub mentions: u64,
    /// Of them, those that were found with a customer. All below speaks of these.
    pub placed: u64,
    /// People they really are.
    pub people: u64,
    /// Customers they became.
    pub customers: u64,
    /// Pairs of one customer.
    pub pairs_said: u64,
    /// Pairs of one person.
    pub pairs_true: u64,
    /// Pairs of both.
    pub pairs_right: u64,
    /// Customers that hold more than one person.
    pub mixed_customers: u64,
    /// People on more than one customer.
    pub split_people: u64,
    /// Mentions and those found, by source; sources left out above are here.
    pub by_source: BTreeMap<String, (u64, u64)>,
    /// By kind of dirt, most wrong first.
    pub by_dirt: Vec<DirtRow>,
    /// Customers that hold several people, most wrong pairs first.
    pub merges: Vec<Merge>,
    /// People on several customers, most missing pairs first.
    pub splits: Vec<Split>,
}

impl Identity {
    /// Share of the pairs said that are right.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.pairs_right, self.pairs_said)
    }

    /// Share of the true pairs that were found.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.pairs_right, self.pairs_true)
    }

    /// Harmonic mean of both.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
    }

    /// Share of the customers that hold more than one person.
    #[must_use]
    pub fn false_merges(&self) -> f64 {
        1.0 - share(self.customers - self.mixed_customers, self.customers)
    }

    /// Share of the mentions that were found.
    #[must_use]
    pub fn coverage(&self) -> f64 {
        share(self.placed, self.mentions)
    }
}

/// One mention as far as grading goes.
pub(super) struct Known<'a> {
    pub(super) person: &'a str,
    pub(super) customer: &'a str,
    pub(super) dirt: &'a [String],
}

/// Grades placements against the truth, keeping at most `examples` of each kind of error. Linear in
/// the mentions.
#[must_use]
pub fn identity(truths: &Truths, placed: &Predicted, examples: usize) -> Identity {
    let mut known = Vec::new();
    let mut by_source: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut count = |source: &str, found: bool| {
        let row = by_source.entry(source.to_owned()).or_default();
        row.0 += 1;
        row.1 += u64::from(found);
    };
    let mut seen = HashSet::new();
    for mention in &truths.mentions {
        // The same key again is the same mention: the website is visited on several days.
        if !seen.insert((mention.source.as_str(), mention.source_key.as_str())) {
            continue;
        }
        let customer = placed.get(&(mention.source.clone(), mention.source_key.clone()));
        count(&mention.source, customer.is_some());
        if let Some(customer) = customer {
            known.push(Known { person: &mention.person, customer, dirt: &mention.dirt });
        }
    }
    for (person, number) in &truths.members {
        let customer = placed.get(&(MEMBER.to_owned(), number.clone()));
        count(MEMBER, customer.is_some());
        if let Some(customer) = customer {
            known.push(Known { person, customer, dirt: &[] });
        }
    }
    let fed = by_source.values().filter(|(_, found)| *found > 0);
    let mentions = fed.map(|(all, _)| all).sum();
    Identity { by_source, ..graded(&known, mentions, examples) }
}

fn graded(known: &[Known<'_>], mentions: u64, examples: usize) -> Identity {
    let mut by_person: BTreeMap<&str, u64> = BTreeMap::new();
    let mut by_customer: BTreeMap<&str, u64> = BTreeMap::new();
    let mut by_both: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for of in known {
        *by_person.entry(of.person).or_default() += 1;
        *by_customer.entry(of.customer).or_default() += 1;
        *by_both.entry((of.customer, of.person)).or_default() += 1;
    }
    let pairs = |count: &u64| count * (count - 1) / 2;
    let mut people_of: BTreeMap<&str, Vec<(&str, u64)>> = BTreeMap::new();
    let mut customers_of: BTreeMap<&str, Vec<(&str, u64)>> = BTreeMap::new();
    for ((customer, person), count) in &by_both {
        people_of.entry(customer).or_default().push((person, *count));
        customers_of.entry(person).or_default().push((customer, *count));
    }
    let mixed = people_of.values().filter(|people| people.len() > 1).count();
    let split = customers_of.values().filter(|customers| customers.len() > 1).count();
    Identity {
        mentions,
        placed: known.len() as u64,
        people: by_person.len() as u64,
        customers: by_customer.len() as u64,
        pairs_said: by_customer.values().map(pairs).sum(),
        pairs_true: by_person.values().map(pairs).sum(),
        pairs_right: by_both.values().map(pairs).sum(),
        mixed_customers: mixed as u64,
        split_people: split as u64,
        by_source: BTreeMap::new(),
        by_dirt: worst::by_dirt(known, &people_of, &customers_of),
        merges: worst::merges(known, &people_of, examples),
        splits: worst::splits(known, &customers_of, examples),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::Mention;

    fn truths(people: &[(&str, &str)]) -> Truths {
        let mention = |(key, person): &(&str, &str)| Mention {
            source: "booking".into(),
            source_key: (*key).into(),
            person: (*person).into(),
            dirt: if key.starts_with('t') { vec!["typo".into()] } else { Vec::new() },
            ..Mention::default()
        };
        Truths { mentions: people.iter().map(mention).collect(), ..Truths::default() }
    }

    fn placed(customers: &[(&str, &str)]) -> Predicted {
        let of = |(key, customer): &(&str, &str)| {
            (("booking".to_owned(), (*key).to_owned()), (*customer).to_owned())
        };
        customers.iter().map(of).collect()
    }

    #[test]
    fn all_right_is_one() {
        let truths = truths(&[("a", "P"), ("b", "P"), ("c", "Q")]);
        let grade = identity(&truths, &placed(&[("a", "1"), ("b", "1"), ("c", "2")]), 5);
        assert_eq!((grade.f1(), grade.false_merges(), grade.coverage()), (1.0, 0.0, 1.0));
        assert!(grade.merges.is_empty() && grade.splits.is_empty());
    }

    #[test]
    fn pairs_are_counted_as_by_hand() {
        // P: a b t, Q: c d. Said: {a b c} {t d}.
        let truths = truths(&[("a", "P"), ("b", "P"), ("t", "P"), ("c", "Q"), ("d", "Q")]);
        let said = placed(&[("a", "1"), ("b", "1"), ("c", "1"), ("t", "2"), ("d", "2")]);
        let grade = identity(&truths, &said, 5);
        assert_eq!((grade.pairs_said, grade.pairs_true, grade.pairs_right), (4, 4, 1));
        assert_eq!((grade.precision(), grade.recall(), grade.f1()), (0.25, 0.25, 0.25));
        assert_eq!((grade.mixed_customers, grade.split_people), (2, 2));
        assert_eq!(grade.false_merges(), 1.0);
        let merge = &grade.merges[0];
        assert_eq!((merge.customer.as_str(), merge.wrong_pairs), ("1", 2));
        assert_eq!(grade.splits[0].person, "P");
        assert_eq!(grade.splits[0].missing_pairs, 2);
        let typo = grade.by_dirt.iter().find(|row| row.kind == "typo").unwrap();
        assert_eq!((typo.mentions, typo.merged, typo.split), (1, 1, 1));
    }

    #[test]
    fn what_was_not_found_lowers_coverage_only() {
        let truths = truths(&[("a", "P"), ("b", "P"), ("c", "P")]);
        let grade = identity(&truths, &placed(&[("a", "1"), ("b", "1")]), 5);
        assert_eq!((grade.placed, grade.mentions, grade.f1()), (2, 3, 1.0));
        assert_eq!(grade.by_source["booking"], (3, 2));
        let nothing = identity(&truths, &Predicted::new(), 5);
        assert_eq!((nothing.mentions, nothing.by_source["booking"]), (0, (3, 0)));
    }

    #[test]
    fn members_of_the_file_are_mentions() {
        let mut truths = truths(&[("a", "M1")]);
        truths.members.insert("M1".into(), "1000000007".into());
        let mut said = placed(&[("a", "x")]);
        said.insert(("member".into(), "1000000007".into()), "y".into());
        let grade = identity(&truths, &said, 5);
        assert_eq!((grade.pairs_true, grade.pairs_right, grade.split_people), (1, 0, 1));
        assert_eq!(grade.recall(), 0.0);
    }

    #[test]
    fn nothing_at_all_is_no_error() {
        let grade = identity(&Truths::default(), &Predicted::new(), 5);
        assert_eq!((grade.f1(), grade.false_merges()), (1.0, 0.0));
    }
}
