//! All person records at once: candidates, training, links and clusters.

use super::airline::airline;
use super::counts::Counts;
use super::evidence::{Band, Judged, judge};
use super::findings::{self, COMPARISONS};
use super::keys::{FAMILIES, Family, MOST};
use super::prepared::Person;
use super::record::PersonRecord;
use super::rules::veto;
use crate::blocks::{Candidates, Keys};
use crate::cluster::{Clusters, Link, cluster};
use crate::em::{Session, Training, train};
use crate::hash::mix;
use crate::model::{Finding, Model};
use crate::source::Records;
use rayon::prelude::*;

/// Persons, prepared and counted.
pub struct People {
    people: Vec<Person>,
    counts: Counts,
}

/// Two rows worth telling of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub left: u32,
    pub right: u32,
    pub judged: Judged,
}

impl People {
    #[must_use]
    pub fn new(records: &[PersonRecord]) -> Self {
        let people: Vec<Person> = records.par_iter().map(Person::new).collect();
        let counts = Counts::of(&people);
        Self { people, counts }
    }

    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Pairs that share a key of [`keys`](super::keys).
    #[must_use]
    pub fn candidates(&self) -> Candidates {
        self.blocked(0..FAMILIES)
    }

    fn blocked(&self, families: impl IntoIterator<Item = usize>) -> Candidates {
        let families: Vec<Family<'_>> =
            families.into_iter().map(|family| Family { people: &self.people, family }).collect();
        let rules: Vec<&dyn Keys> = families.iter().map(|family| family as &dyn Keys).collect();
        Candidates::build(self.rows(), &rules, MOST)
    }

    /// The shipped model with its probabilities estimated from these records.
    ///
    /// Needs thousands of records with overlap to be worth more than the priors.
    #[must_use]
    pub fn train(&self, training: Training) -> Model {
        use findings::{ADDRESS, BIRTH, BOOKING, DOCUMENT, EMAIL, GENDER, MEMBER, NAME};
        use findings::{NATIONALITY, PHONE};
        // By document or membership, and by name and birth date: each is silent about its own.
        let by_number = vec![NAME, BIRTH, GENDER, NATIONALITY, PHONE, EMAIL, ADDRESS, BOOKING];
        let by_name = vec![GENDER, NATIONALITY, DOCUMENT, MEMBER, PHONE, EMAIL, ADDRESS, BOOKING];
        let sessions = [
            Session { candidates: self.blocked([0, 1]), learns: by_number },
            Session { candidates: self.blocked([4]), learns: by_name },
        ];
        train(self, &sessions, &self.candidates(), training)
    }

    /// Judges all candidates; tells those to link or to look at, in an order of the data alone.
    #[must_use]
    pub fn link(&self, model: &Model) -> Vec<Pair> {
        let weights = model.weights();
        let mut all = Vec::new();
        self.candidates().visit(
            || [Finding::NONE; COMPARISONS],
            |found, left, right, told| {
                let pair = (&self.people[left as usize], &self.people[right as usize]);
                let judged = judge(model, &weights, &self.counts, pair, found);
                if judged.band != Band::No {
                    told.push(Pair { left, right, judged });
                }
            },
            |part| all.extend(part),
        );
        all
    }

    /// What is left for people to look at: pairs to review and links contested, whose records have
    /// not come together by other links; heaviest first.
    #[must_use]
    pub fn to_review(&self, pairs: &[Pair], clusters: &Clusters) -> Vec<Pair> {
        let apart =
            |pair: &&Pair| clusters.of[pair.left as usize] != clusters.of[pair.right as usize];
        let mut open: Vec<Pair> = pairs.iter().filter(apart).copied().collect();
        open.sort_by(|a, b| b.judged.bits.total_cmp(&a.judged.bits));
        open
    }

    /// Joins the linked pairs; `apart` are pairs that people have parted.
    #[must_use]
    pub fn clusters(&self, pairs: &[Pair], apart: &[(u32, u32)]) -> Clusters {
        let print = |row: u32| self.people[row as usize].fingerprint();
        let links = pairs
            .iter()
            .filter(|pair| pair.judged.band == Band::Link)
            .map(|pair| {
                let (a, b) = (print(pair.left), print(pair.right));
                Link {
                    left: pair.left,
                    right: pair.right,
                    certain: pair.judged.certain.is_some(),
                    bits: pair.judged.bits,
                    tie: mix(a.min(b), a.max(b)),
                }
            })
            .collect();
        cluster(self.rows(), links, apart, |a, b| {
            veto(&self.people[a as usize], &self.people[b as usize]).is_some()
        })
    }
}

impl Records for People {
    type Scratch = ();

    fn rows(&self) -> u32 {
        self.people.len() as u32
    }

    fn scratch(&self) {}

    fn compare(&self, left: u32, right: u32, (): &mut (), found: &mut [Finding]) {
        let (a, b) = (&self.people[left as usize], &self.people[right as usize]);
        findings::compare(&self.counts, a, b, found);
    }

    fn blank_model(&self) -> Model {
        airline()
    }
}
