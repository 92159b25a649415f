//! Everything that speaks for and against two records being of one person.

use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::findings::{self, ADDRESS, BOOKING, COMPARISONS, DOCUMENT, EMAIL, MEMBER, PHONE};
use super::names::NameMatch;
use super::prepared::Person;
use super::rules::{Cap, Certain, Veto, certain, veto};
use crate::model::{Finding, MISSING, Model, Weights, probability};

/// What to do with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    No,
    Review,
    Link,
}

/// One bar of the waterfall. Codes are for translation; weights are bits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// `name`, `birth`, …
    pub comparison: String,
    /// `same`, `typo`, …; `missing` when a value is absent or says nothing.
    pub level: String,
    pub weight: f64,
    /// Added for the frequency of the value.
    pub adjustment: f64,
}

/// The evidence of a pair: `prior` and all pieces sum to `total`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Bits.
    pub prior: f64,
    pub pieces: Vec<Piece>,
    /// Bits.
    pub total: f64,
    /// 0–1, by the weights alone.
    pub probability: f64,
    pub band: Band,
    pub veto: Option<Veto>,
    pub certain: Option<Certain>,
    pub cap: Option<Cap>,
}

/// A pair judged without the words: what a batch keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    pub bits: f64,
    pub band: Band,
    pub veto: Option<Veto>,
    pub certain: Option<Certain>,
    pub cap: Option<Cap>,
}

/// Judges two records: the one function behind batch and single work, the same both ways.
pub(super) fn judge(
    model: &Model,
    weights: &Weights,
    counts: &Counts,
    (a, b): (&Person, &Person),
    found: &mut [Finding],
) -> Judged {
    let name = findings::compare(counts, a, b, found);
    let bits = weights.total(found);
    let veto = veto(a, b);
    let certain = if veto.is_none() { certain(a, b, name, found) } else { None };
    let cap = cap(name, found);
    let band = match (veto, certain) {
        (Some(_), _) => Band::No,
        (_, Some(_)) => Band::Link,
        _ if bits >= model.bands.link && cap.is_none() => Band::Link,
        _ if bits >= model.bands.review => Band::Review,
        // A document or membership in common is looked at, whatever else differs.
        _ if found[DOCUMENT].level <= 2 => Band::Review,
        _ => Band::No,
    };
    let cap = cap.filter(|_| band == Band::Review && bits >= model.bands.link);
    Judged { bits, band, veto, certain, cap }
}

/// What keeps a pair from being linked by its weight.
fn cap(name: Option<NameMatch>, found: &[Finding]) -> Option<Cap> {
    let own = found[DOCUMENT].level <= 2
        || [MEMBER, PHONE, EMAIL, ADDRESS].iter().any(|at| found[*at].level == 0)
        || found[BOOKING].level == 0;
    match name {
        _ if found[BOOKING].level == 2 => Some(Cap::TwoPlaces),
        Some(how) if !how.is_compatible() => Some(Cap::Names),
        None => Some(Cap::Names),
        _ if !own => Some(Cap::NothingOwn),
        _ => None,
    }
}

/// A model made ready to judge many pairs.
pub struct Scorer {
    model: Model,
    weights: Weights,
}

impl Scorer {
    /// For a model of [`airline`](super::airline)'s shape.
    #[must_use]
    pub fn new(model: Model) -> Self {
        let weights = model.weights();
        Self { model, weights }
    }

    /// What [`score`] says, in short.
    #[must_use]
    pub fn judge(&self, counts: &Counts, a: &Person, b: &Person) -> (Judged, Option<NameMatch>) {
        let mut found = [Finding::NONE; COMPARISONS];
        let judged = judge(&self.model, &self.weights, counts, (a, b), &mut found);
        (judged, NameMatch::ALL.get(usize::from(found[findings::NAME].level)).copied())
    }

    /// What [`score`] says.
    #[must_use]
    pub fn score(&self, counts: &Counts, a: &Person, b: &Person) -> Evidence {
        told(&self.model, &self.weights, counts, (a, b))
    }
}

/// Compares two records under a model of [`airline`](super::airline)'s shape and tells all of it.
///
/// The same for (`a`, `b`) and (`b`, `a`), and the same that [`People::link`](super::People::link)
/// goes by, given equal counts.
#[must_use]
pub fn score(model: &Model, counts: &Counts, a: &Person, b: &Person) -> Evidence {
    told(model, &model.weights(), counts, (a, b))
}

fn told(model: &Model, weights: &Weights, counts: &Counts, pair: (&Person, &Person)) -> Evidence {
    let mut found = [Finding::NONE; COMPARISONS];
    let judged = judge(model, weights, counts, pair, &mut found);
    let pieces = model
        .comparisons
        .iter()
        .zip(found)
        .enumerate()
        .map(|(at, (comparison, finding))| {
            let (weight, adjustment) = weights.of(at, finding);
            let level = comparison.levels.get(usize::from(finding.level));
            let missing = finding.level == MISSING || level.is_none();
            let level = if missing { None } else { level };
            Piece {
                comparison: comparison.code.clone(),
                level: level.map_or_else(|| "missing".to_owned(), |level| level.code.clone()),
                weight,
                adjustment,
            }
        })
        .collect();
    Evidence {
        prior: weights.prior,
        pieces,
        total: judged.bits,
        probability: probability(judged.bits),
        band: judged.band,
        veto: judged.veto,
        certain: judged.certain,
        cap: judged.cap,
    }
}
