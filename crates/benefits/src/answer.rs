//! The answer: what members are entitled to on a flight, and why or why not.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Lang;
use loyalty::MemberId;
use loyalty::ledger::AccountState;
use loyalty::members::Footing;
use programme::document::{BenefitKind, BenefitRow, Cabin, Rank, Text};
use programme::entitlement::{Because, Entitlement, Flight};
use programme::qualify::Standing;
use programme::{Engine, say};
use serde::Serialize;
use utoipa::ToSchema;

use crate::flight::{Assumed, Resolved};
use crate::ground::Ground;

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// There is an answer.
    Answered,
    /// No such member.
    Unknown,
    /// Members of several programmes have the number: the programme must be named.
    Several,
    /// The person was erased.
    Forgotten,
    /// The membership is closed.
    Closed,
    /// The membership is frozen: nothing is given until that is settled.
    Frozen,
    /// No rules held on the day of the flight.
    NoRules,
}

impl Outcome {
    /// As on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Unknown => "unknown",
            Self::Several => "several",
            Self::Forgotten => "forgotten",
            Self::Closed => "closed",
            Self::Frozen => "frozen",
            Self::NoRules => "no-rules",
        }
    }

    pub(crate) fn of(footing: &Footing) -> Self {
        match footing.state {
            _ if footing.forgotten => Self::Forgotten,
            AccountState::Closed => Self::Closed,
            AccountState::Frozen => Self::Frozen,
            AccountState::Open | AccountState::DebitsFrozen if footing.rules.is_none() => {
                Self::NoRules
            }
            AccountState::Open | AccountState::DebitsFrozen => Self::Answered,
        }
    }
}

/// Why a benefit is given or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The tier has it.
    Tier,
    /// It was chosen at a milestone.
    Chosen,
    /// It was granted by hand.
    Goodwill,
    /// The tier does not have it.
    TierLacks,
    /// It must be chosen, and was not.
    NotChosen,
    /// Not on flights sold or flown by this airline.
    OtherAirline,
    /// Not in this market.
    OtherMarket,
    /// Not in this cabin.
    OtherCabin,
    /// Its hour has passed.
    TooLate,
    /// All used.
    UsedUp,
}

impl From<Because> for Why {
    fn from(because: Because) -> Self {
        match because {
            Because::Tier => Self::Tier,
            Because::Chosen => Self::Chosen,
            Because::TierLacks => Self::TierLacks,
            Because::NotChosen => Self::NotChosen,
            Because::OtherAirline => Self::OtherAirline,
            Because::OtherMarket => Self::OtherMarket,
            Because::OtherCabin => Self::OtherCabin,
            Because::TooLate => Self::TooLate,
            Because::UsedUp => Self::UsedUp,
        }
    }
}

/// A benefit's answer.
#[derive(Clone, Debug)]
pub struct Benefit {
    /// The row of the catalogue.
    pub id: String,
    /// What it does.
    pub kind: BenefitKind,
    /// As members read it.
    pub name: Text,
    /// Whether the member has it.
    pub granted: bool,
    /// Why, or why not.
    pub because: Why,
    /// How often still, goodwill included; without limit when `None`.
    pub remaining: Option<u32>,
    /// First day on which it is counted anew; `None` without a limit, or where each flight counts.
    pub resets_on: Option<NaiveDate>,
    /// Until when it can be had.
    pub until: Option<DateTime<Utc>>,
    /// People it holds for beside the member.
    pub companions: u32,
    /// How much, as its name says.
    pub quantity: Option<u32>,
    /// The reason as a sentence, in both languages.
    pub words: Text,
}

/// A tier as an answer names it.
#[derive(Clone, Debug)]
pub struct TierSeen {
    /// Code in the programme.
    pub code: String,
    /// As members read it.
    pub name: Text,
    /// Its height.
    pub rank: Rank,
    /// First day.
    pub since: NaiveDate,
    /// Last day; `None` for the lowest and for life.
    pub valid_to: Option<NaiveDate>,
}

/// What a member is entitled to.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The membership asked for.
    pub asked: MemberId,
    /// The one that answers; another when the one asked for was merged.
    pub member: MemberId,
    /// Its number.
    pub member_no: String,
    /// Code of the programme.
    pub programme: String,
    /// Number of the rules.
    pub version: u32,
    /// On the day of the flight.
    pub tier: TierSeen,
    /// The tier held at the moment of asking, with its last day, when that is before the flight and a
    /// lower tier follows.
    pub tier_ends: Option<(Text, NaiveDate)>,
    /// In the order of the catalogue.
    pub benefits: Vec<Benefit>,
    /// What had to be assumed.
    pub assumed: Vec<Assumed>,
    /// The cabin that was taken.
    pub cabin: Cabin,
}

/// An answer, or why there is none.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What became of it.
    pub outcome: Outcome,
    /// With `answered` only.
    pub answer: Option<Answer>,
}

impl Reply {
    pub(crate) fn without(outcome: Outcome) -> Self {
        Self { outcome, answer: None }
    }
}

/// Moments and flight a weighing is about.
#[derive(Clone, Copy)]
pub(crate) struct Occasion<'a> {
    pub flight: &'a Flight,
    /// What uses on it are counted by; empty without a flight.
    pub key: &'a str,
    pub at: DateTime<Utc>,
    pub offset: chrono::FixedOffset,
}

/// The benefit answers of one member on an occasion.
pub(crate) fn weigh(
    engine: &Engine,
    standing: &Standing,
    ground: &Ground,
    occasion: Occasion<'_>,
) -> Vec<Benefit> {
    let Occasion { flight, key, at, .. } = occasion;
    let (used, chosen) = (ground.used(key), ground.chosen_on(flight.day));
    let given = engine.entitlements(standing, flight, at, &used, &chosen);
    let rules = engine.programme();
    let rows = given.into_iter().filter_map(|entitled| {
        let mut rows = rules.benefits.catalogue.iter();
        let row = rows.find(|row| row.id == entitled.benefit)?;
        Some(one(engine, standing, ground, row, &entitled, occasion))
    });
    rows.collect()
}

fn one(
    engine: &Engine,
    standing: &Standing,
    ground: &Ground,
    row: &BenefitRow,
    entitled: &Entitlement,
    occasion: Occasion<'_>,
) -> Benefit {
    let flight = occasion.flight;
    let extra: i64 = ground.extras_on(row.id.as_str(), flight.day).map(|it| it.left).sum();
    let extra = u32::try_from(extra).unwrap_or(0);
    let late = entitled.until.is_some_and(|until| occasion.at > until);
    let short = matches!(entitled.because, Because::TierLacks | Because::NotChosen);
    let goodwill = extra > 0
        && (entitled.because == Because::UsedUp || (short && row.unfit(flight).is_none() && !late));
    let why = if goodwill { Why::Goodwill } else { entitled.because.into() };
    let remaining = match (entitled.remaining, goodwill) {
        (_, true) => Some(extra),
        (Some(left), false) => Some(left.saturating_add(extra)),
        (None, false) => None,
    };
    let period = row.allowance.and_then(|it| it.per.period(standing, flight.day));
    let resets = period.map(|it| it.to).filter(|to| *to < NaiveDate::MAX);
    let words = |lang| {
        if goodwill {
            return goodwill_words(extra, lang);
        }
        let entitled = Entitlement { remaining, ..entitled.clone() };
        let at = (flight, occasion.offset);
        say::entitlement(engine.programme(), row, &entitled, at, standing.tier, lang)
    };
    Benefit {
        id: row.id.to_string(),
        kind: row.kind,
        name: row.name.clone(),
        granted: goodwill || entitled.granted,
        because: why,
        remaining,
        resets_on: resets.and_then(|to| to.succ_opt()),
        until: entitled.until,
        companions: entitled.companions,
        quantity: entitled.quantity,
        words: Text { en: words(Lang::En), zh: words(Lang::ZhCn) },
    }
}

fn goodwill_words(left: u32, lang: Lang) -> String {
    match lang {
        Lang::En => format!("Granted by hand, {left} left."),
        Lang::ZhCn => format!("人工授予，还剩 {left} 次。"),
    }
}

/// The tier of a day as rules name it.
pub(crate) fn seen(engine: &Engine, standing: &Standing) -> TierSeen {
    let tier = engine.programme().tier(standing.tier);
    TierSeen {
        code: tier.map(|it| it.code.to_string()).unwrap_or_default(),
        name: tier.map(|it| it.name.clone()).unwrap_or_default(),
        rank: standing.tier,
        since: standing.since,
        valid_to: standing.valid_to,
    }
}

/// Answers for one member, whose ground was read.
pub(crate) fn answer(
    footing: &Footing,
    ground: &Ground,
    resolved: &Resolved,
    (at, today): (DateTime<Utc>, NaiveDate),
) -> Reply {
    let outcome = Outcome::of(footing);
    let engine = match (&footing.rules, outcome) {
        (Some(engine), Outcome::Answered) => engine,
        _ => return Reply::without(outcome),
    };
    let day = resolved.flight.day;
    let standing = footing.standing_on(engine, day);
    let now = footing.standing_on(engine, today.min(day));
    let ends = now.valid_to.filter(|last| *last < day && now.tier > standing.tier);
    let key = resolved.key();
    let occasion = Occasion { flight: &resolved.flight, key: &key, at, offset: resolved.offset };
    let mut assumed = Vec::new();
    if !resolved.cabin_told {
        assumed.push(Assumed::Cabin);
    }
    if resolved.untimed {
        assumed.push(Assumed::Departure);
    }
    Reply {
        outcome,
        answer: Some(Answer {
            asked: footing.asked,
            member: footing.id,
            member_no: footing.member_no.clone(),
            programme: footing.programme.clone(),
            version: engine.programme().version,
            tier: seen(engine, &standing),
            tier_ends: ends.map(|last| (seen(engine, &now).name, last)),
            benefits: weigh(engine, &standing, ground, occasion),
            assumed,
            cabin: resolved.flight.cabin,
        }),
    }
}
