//! The programme as one document: versioned, dated, TOML in and out.
//!
//! Reading says where the text is wrong (line and column); [`crate::check`] says where the rules
//! contradict each other. The lists are in no order but [`Programme::tiers`], lowest first.

mod accrual;
mod benefits;
mod changes;
mod expiry;
mod members;
mod promotion;
mod qualification;
mod redemption;
mod row;

use chrono::NaiveDate;
use kernel::{Currency, Lang};
use serde::{Deserialize, Serialize};

pub use accrual::*;
pub use benefits::*;
pub use changes::{Change, changes};
pub use expiry::*;
pub use members::*;
pub use promotion::*;
pub use qualification::*;
pub use redemption::*;
pub(crate) use row::on;
pub use row::{Row, Span};

use crate::{Id, Unit};

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Text {
    /// The name in a language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::ZhCn => &self.zh,
        }
    }
}

/// The place of a tier in [`Programme::tiers`]: 0 is where everybody begins.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rank(pub u8);

/// One level of membership.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// For instance `GOLD`.
    pub code: Id,
    /// As members read it.
    pub name: Text,
    /// Held for ever, never evaluated again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lifetime: bool,
}

/// A whole frequent-flyer programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Stays the same from version to version.
    pub code: Id,
    /// Counts up with every approved change; quoted in explanations.
    pub version: u32,
    /// First day the programme exists.
    pub valid_from: NaiveDate,
    /// Last day, if it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
    /// What qualifying distance is measured in.
    pub distance_unit: Unit,
    /// What the redeemable currency is called.
    pub unit: Unit,
    /// Of qualifying spend, of fares, and of prices.
    pub currency: Currency,
    /// What the document is modelled on.
    pub source: String,
    /// As members read it.
    pub name: Text,
    /// Lowest first.
    pub tiers: Vec<Tier>,
    /// What flying earns.
    pub accrual: Accrual,
    /// How tiers are won, kept and lost.
    pub qualification: Qualification,
    /// How long miles last.
    pub expiry: Vec<ExpiryRow>,
    /// What a tier is called in an alliance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alliance: Vec<AllianceRow>,
    /// What a tier is good for.
    #[serde(default)]
    pub benefits: Benefits,
    /// What miles buy.
    #[serde(default)]
    pub redemption: Redemption,
    /// Who may join, share, receive and claim.
    #[serde(default)]
    pub members: MemberRules,
}

/// The text is no programme.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the programme cannot be read: {what}")]
pub struct BadDocument {
    /// Line, counted from 1, where it is known.
    pub line: Option<usize>,
    /// Column in characters, counted from 1.
    pub column: Option<usize>,
    /// What is wrong there.
    pub what: String,
}

impl Programme {
    /// Longest document that is read; the shipped ones have 30,000 bytes.
    pub const MOST_BYTES: usize = 2 << 20;

    /// Reads a document. Unknown fields are refused, so that a misspelt rule is not lost.
    ///
    /// # Errors
    /// [`BadDocument`] with line and column of the first place that does not fit.
    pub fn from_toml(text: &str) -> Result<Self, BadDocument> {
        if text.len() > Self::MOST_BYTES {
            let what = format!("it has {} bytes; {} are the most", text.len(), Self::MOST_BYTES);
            return Err(BadDocument { line: None, column: None, what });
        }
        toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line_start = before.map(|b| b.rfind('\n').map_or(0, |at| at + 1));
            BadDocument {
                line: before.map(|b| b.matches('\n').count() + 1),
                column: before
                    .zip(line_start)
                    .and_then(|(b, start)| b.get(start..))
                    .map(|rest| rest.chars().count() + 1),
                what: error.message().to_owned(),
            }
        })
    }

    /// Writes the document. Reading it back gives an equal programme, and writing that again the
    /// same text.
    ///
    /// # Errors
    /// [`BadDocument`] when a number does not fit TOML.
    pub fn to_toml(&self) -> Result<String, BadDocument> {
        toml::to_string_pretty(self).map_err(|error| BadDocument {
            line: None,
            column: None,
            what: error.to_string(),
        })
    }

    /// The place of a tier by its code.
    #[must_use]
    pub fn rank(&self, tier: &str) -> Option<Rank> {
        let place = self.tiers.iter().position(|one| one.code == *tier)?;
        u8::try_from(place).ok().map(Rank)
    }

    /// The tier at a place; the lowest for a place there is not.
    #[must_use]
    pub fn tier(&self, rank: Rank) -> Option<&Tier> {
        self.tiers.get(usize::from(rank.0)).or(self.tiers.first())
    }

    /// The alliance status that goes with a tier on a day.
    #[must_use]
    pub fn alliance_status(&self, rank: Rank, day: NaiveDate) -> Option<&AllianceRow> {
        let code = &self.tier(rank)?.code;
        self.alliance.iter().find(|row| row.tier == *code && row.span().contains(day))
    }
}
