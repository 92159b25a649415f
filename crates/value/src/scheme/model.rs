//! What a scheme is made of.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use stats::{Weight, WeightedScheme};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::facts::Facts;

/// Whom a scheme scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// Persons.
    Customer,
    /// Company accounts.
    Company,
}

impl Subject {
    /// As kept in the database and in text keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Company => "company",
        }
    }

    pub(super) fn parse(word: &str) -> Self {
        if word == "company" { Self::Company } else { Self::Customer }
    }
}

/// What a scheme can weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Attribute {
    /// Months since joining: more is better.
    Length,
    /// Months since the last flight: less is better.
    Recency,
    /// Flights.
    Frequency,
    /// Kilometres.
    Mileage,
    /// Mean cabin coefficient.
    Coefficient,
    /// Kilometres × coefficient.
    Revenue,
    /// Of a company: share of its flights bought centrally.
    CentralPurchasing,
    /// Of a company: flights and kilometres a year.
    YearlyVolume,
}

impl Attribute {
    /// Those every run measures for persons, in the order ranks are kept.
    pub const MEASURED: [Self; 6] = [
        Self::Length,
        Self::Recency,
        Self::Frequency,
        Self::Mileage,
        Self::Coefficient,
        Self::Revenue,
    ];

    /// Those a scheme of `subject` may weigh.
    #[must_use]
    pub fn of_subject(subject: Subject) -> &'static [Self] {
        match subject {
            Subject::Customer => &Self::MEASURED,
            Subject::Company => &[Self::CentralPurchasing, Self::YearlyVolume],
        }
    }

    /// The stable word; its text is `value-attribute-<code>`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Recency => "recency",
            Self::Frequency => "frequency",
            Self::Mileage => "mileage",
            Self::Coefficient => "coefficient",
            Self::Revenue => "revenue",
            Self::CentralPurchasing => "central-purchasing",
            Self::YearlyVolume => "yearly-volume",
        }
    }

    /// The attribute of a word.
    ///
    /// # Errors
    /// [`Error::Attribute`] for any other word.
    pub fn parse(word: &str) -> Result<Self> {
        let all = Self::MEASURED.iter().chain(Self::of_subject(Subject::Company));
        all.copied().find(|a| a.code() == word).ok_or_else(|| Error::Attribute(word.to_owned()))
    }

    /// Where its ranks are kept; `None` for attributes of companies.
    #[must_use]
    pub fn measured_place(self) -> Option<usize> {
        Self::MEASURED.iter().position(|measured| *measured == self)
    }

    /// Whether less of it is better.
    #[must_use]
    pub fn less_is_better(self) -> bool {
        self == Self::Recency
    }

    /// Its value for the member in `row`.
    #[must_use]
    pub fn of(self, facts: &Facts, row: usize) -> f64 {
        let [l, r, f, m, c] = facts.lrfmc(row);
        match self {
            Self::Length => l,
            Self::Recency => r,
            Self::Frequency => f,
            Self::Mileage => m,
            Self::Coefficient => c,
            Self::Revenue => facts.revenue(row),
            Self::CentralPurchasing | Self::YearlyVolume => f64::NAN,
        }
    }
}

/// The weight of one attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WeightOf {
    /// What is weighed.
    pub attribute: Attribute,
    /// In ten-thousandths: 3,000 is 30 %.
    pub basis_points: u32,
}

/// One version of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SchemeVersion {
    /// 1, 2, 3 …
    pub version: i64,
    /// The weights; they add up to 100 %.
    pub weights: Vec<WeightOf>,
    /// Why it was made, in its maker's words.
    pub note: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// By whom; `None` for the ones that came with the program.
    pub created_by: Option<Uuid>,
}

/// A scheme with its current version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scheme {
    /// Identity.
    pub id: Uuid,
    /// Whom it scores.
    pub subject: Subject,
    /// Its name in each language.
    pub name_en: String,
    /// Its name in each language.
    pub name_zh: String,
    /// Whether it is the one that scores customers.
    pub standard: bool,
    /// The current version.
    pub current: SchemeVersion,
}

impl SchemeVersion {
    /// The weights, ready to score with.
    ///
    /// # Errors
    /// [`Error::Weights`] when they do not add up to 100 %.
    pub fn weighted(&self) -> Result<WeightedScheme> {
        weighted(&self.weights)
    }

    /// What it weighs.
    #[must_use]
    pub fn attributes(&self) -> Vec<Attribute> {
        self.weights.iter().map(|weight| weight.attribute).collect()
    }
}

/// Checked weights, ready to score with.
///
/// # Errors
/// [`Error::Weights`] when they do not add up to 100 %.
pub(crate) fn weighted(weights: &[WeightOf]) -> Result<WeightedScheme> {
    let each = weights.iter().map(|weight| Weight {
        basis_points: weight.basis_points,
        reversed: weight.attribute.less_is_better(),
    });
    WeightedScheme::new(each.collect()).map_err(|_| {
        let sum: u64 = weights.iter().map(|weight| u64::from(weight.basis_points)).sum();
        Error::Weights { sum: format!("{}.{:02}", sum / 100, sum % 100) }
    })
}

/// Checks weights for a scheme of `subject`: known attributes of that subject, each once, 100 % in
/// all. Weights of 0 are left out.
///
/// # Errors
/// [`Error::Weights`], [`Error::Attribute`].
pub(crate) fn checked(subject: Subject, weights: &[WeightOf]) -> Result<Vec<WeightOf>> {
    let weights: Vec<WeightOf> =
        weights.iter().copied().filter(|weight| weight.basis_points > 0).collect();
    for (place, weight) in weights.iter().enumerate() {
        let known = Attribute::of_subject(subject).contains(&weight.attribute);
        let twice = weights[..place].iter().any(|earlier| earlier.attribute == weight.attribute);
        if !known || twice {
            return Err(Error::Attribute(weight.attribute.code().to_owned()));
        }
    }
    weighted(&weights)?;
    Ok(weights)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn weight(attribute: Attribute, basis_points: u32) -> WeightOf {
        WeightOf { attribute, basis_points }
    }

    #[test]
    fn weights_are_known_single_and_whole() {
        let standard = [
            weight(Attribute::Frequency, 3000),
            weight(Attribute::Mileage, 3000),
            weight(Attribute::Coefficient, 4000),
            weight(Attribute::Length, 0),
        ];
        assert_eq!(checked(Subject::Customer, &standard).unwrap().len(), 3);
        let short = checked(Subject::Customer, &standard[..2]).unwrap_err();
        assert!(matches!(short, Error::Weights { sum } if sum == "60.00"));
        let twice = [weight(Attribute::Mileage, 5000), weight(Attribute::Mileage, 5000)];
        assert!(matches!(checked(Subject::Customer, &twice), Err(Error::Attribute(_))));
        let company =
            [weight(Attribute::CentralPurchasing, 5000), weight(Attribute::YearlyVolume, 5000)];
        assert_eq!(checked(Subject::Company, &company).unwrap().len(), 2);
        assert!(checked(Subject::Customer, &company).is_err());
    }

    #[test]
    fn every_word_is_read_back() {
        for attribute in Attribute::MEASURED.iter().chain(Attribute::of_subject(Subject::Company)) {
            assert_eq!(Attribute::parse(attribute.code()).unwrap(), *attribute);
        }
        assert!(Attribute::parse("km").is_err());
    }
}
