//! Shapes of several operations.

use chrono::{DateTime, NaiveDate, Utc};
use programme::document::{Cabin, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::Problem;

use crate::flight::{Asked, cabin};
use crate::{Answer, Assumed, Benefit, Error, Outcome, Reply, Resolved, Use, Who, Why};

/// In both languages.
#[derive(Serialize, ToSchema)]
pub(super) struct Words {
    en: String,
    zh: String,
}

impl From<Text> for Words {
    fn from(text: Text) -> Self {
        Self { en: text.en, zh: text.zh }
    }
}

/// The flight as it was understood.
#[derive(Serialize, ToSchema)]
pub(super) struct FlightOut {
    designator: String,
    date: NaiveDate,
    from: String,
    to: String,
    departs_at: DateTime<Utc>,
    marketing: String,
    operating: String,
    /// The flight is known here; else its facts are the caller's.
    is_known: bool,
}

impl From<&Resolved> for FlightOut {
    fn from(resolved: &Resolved) -> Self {
        let flight = &resolved.flight;
        Self {
            designator: resolved.designator.clone(),
            date: flight.day,
            from: resolved.way.0.clone(),
            to: resolved.way.1.clone(),
            departs_at: flight.departs,
            marketing: flight.marketing.to_string(),
            operating: flight.operating.to_string(),
            is_known: resolved.id.is_some(),
        }
    }
}

/// What a member is entitled to, or why nobody can say.
#[derive(Serialize, ToSchema)]
pub(super) struct ReplyOut {
    /// As asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerOut>,
}

/// An answer.
#[derive(Serialize, ToSchema)]
pub(super) struct AnswerOut {
    /// The member that answers; another than the one asked for when that was merged.
    member: Uuid,
    member_no: String,
    is_merged: bool,
    programme: String,
    /// Number of the rules.
    version: u32,
    /// On the day of the flight.
    tier: TierOut,
    /// The tier held now ends before the flight.
    #[serde(skip_serializing_if = "Option::is_none")]
    tier_ends: Option<EndsOut>,
    /// The cabin that was taken.
    #[schema(value_type = String)]
    cabin: Cabin,
    /// What neither the caller nor we knew.
    assumed: Vec<Assumed>,
    benefits: Vec<BenefitOut>,
}

/// A tier.
#[derive(Serialize, ToSchema)]
pub(super) struct TierOut {
    code: String,
    name: Words,
    since: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// A tier that ends before the flight.
#[derive(Serialize, ToSchema)]
pub(super) struct EndsOut {
    name: Words,
    valid_to: NaiveDate,
}

/// A benefit's answer.
#[derive(Serialize, ToSchema)]
pub(super) struct BenefitOut {
    id: String,
    /// `lounge`, `extra-baggage`, …
    #[schema(value_type = String)]
    kind: programme::document::BenefitKind,
    name: Words,
    granted: bool,
    because: Why,
    /// The reason as a sentence.
    words: Words,
    /// How often still; without limit when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining: Option<u32>,
    /// First day on which it is counted anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    resets_on: Option<NaiveDate>,
    /// Until when it can be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<DateTime<Utc>>,
    /// People it holds for beside the member.
    companions: u32,
    /// How much, as the name says.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
}

impl From<Benefit> for BenefitOut {
    fn from(it: Benefit) -> Self {
        Self {
            id: it.id,
            kind: it.kind,
            name: it.name.into(),
            granted: it.granted,
            because: it.because,
            words: it.words.into(),
            remaining: it.remaining,
            resets_on: it.resets_on,
            until: it.until,
            companions: it.companions,
            quantity: it.quantity,
        }
    }
}

impl From<Answer> for AnswerOut {
    fn from(it: Answer) -> Self {
        Self {
            member: it.member.into(),
            is_merged: it.asked != it.member,
            member_no: it.member_no,
            programme: it.programme,
            version: it.version,
            tier: TierOut {
                code: it.tier.code,
                name: it.tier.name.into(),
                since: it.tier.since,
                valid_to: it.tier.valid_to,
            },
            tier_ends: it.tier_ends.map(|(name, valid_to)| EndsOut { name: name.into(), valid_to }),
            cabin: it.cabin,
            assumed: it.assumed,
            benefits: it.benefits.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Reply> for ReplyOut {
    fn from(reply: Reply) -> Self {
        Self { asked: None, outcome: reply.outcome, answer: reply.answer.map(Into::into) }
    }
}

/// Whom an answer is asked for: `id`, or `member_no` with or without `programme`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhoIn {
    pub id: Option<Uuid>,
    pub member_no: Option<String>,
    /// Needed when members of several programmes have the number.
    pub programme: Option<String>,
}

impl WhoIn {
    pub fn who(&self) -> Result<Who, Problem> {
        match (&self.id, &self.member_no) {
            (Some(id), None) => Ok(Who::Id((*id).into())),
            (None, Some(number)) => Ok(Who::No {
                programme: self.programme.clone().unwrap_or_default(),
                number: number.clone(),
            }),
            _ => Err(Error::Invalid("member", "benefits-who").into()),
        }
    }

    pub fn as_asked(&self) -> String {
        let id = self.id.map(|id| id.to_string());
        id.or_else(|| self.member_no.clone()).unwrap_or_default()
    }
}

/// A flight in the address.
#[derive(Deserialize)]
pub(super) struct FlightQuery {
    pub flight: Option<String>,
    pub date: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub departs_at: Option<String>,
    pub operating: Option<String>,
    pub cabin: Option<String>,
    pub at: Option<String>,
    pub segment: Option<String>,
}

/// A moment in RFC 3339.
pub(super) fn moment(
    text: Option<&String>,
    field: &'static str,
) -> Result<Option<DateTime<Utc>>, Error> {
    let read = |text: &String| {
        let at = DateTime::parse_from_rfc3339(text)
            .map_err(|_| Error::Invalid(field, "benefits-moment"));
        at.map(|at| at.with_timezone(&Utc))
    };
    text.filter(|text| !text.trim().is_empty()).map(read).transpose()
}

impl FlightQuery {
    pub fn asked(&self) -> Result<Asked, Error> {
        let day = self.date.as_ref().and_then(|text| text.trim().parse().ok());
        let cabin = match self.cabin.as_deref().filter(|word| !word.is_empty()) {
            Some(word) => Some(cabin(word).ok_or(Error::Invalid("cabin", "benefits-cabin"))?),
            None => None,
        };
        Ok(Asked {
            designator: self.flight.clone().unwrap_or_default(),
            date: day.ok_or(Error::Invalid("date", "benefits-date"))?,
            from: self.from.clone(),
            to: self.to.clone(),
            departs_at: moment(self.departs_at.as_ref(), "departs_at")?,
            operating: self.operating.clone(),
            cabin,
        })
    }
}

/// A use.
#[derive(Serialize, ToSchema)]
pub(super) struct UseOut {
    id: Uuid,
    member: Uuid,
    benefit: String,
    count: i64,
    companions: i64,
    /// `tier`, `chosen` or `goodwill`.
    basis: String,
    used_on: NaiveDate,
    /// `JB831/2026-12-01/PVG`; empty without a flight.
    flight: String,
    place: String,
    note: String,
    recorded_at: DateTime<Utc>,
    undone_at: Option<DateTime<Utc>>,
}

impl From<Use> for UseOut {
    fn from(it: Use) -> Self {
        Self {
            id: it.id,
            member: it.member_id,
            benefit: it.benefit,
            count: it.change,
            companions: it.companions,
            basis: it.basis,
            used_on: it.used_on,
            flight: it.flight,
            place: it.place,
            note: it.note,
            recorded_at: it.recorded_at,
            undone_at: it.undone_at,
        }
    }
}
