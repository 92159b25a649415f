//! Postings and their explanation: every step with its inputs, its rule row, and its result.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fact::CouponStatus;
use crate::document::{Cabin, DistanceSource, MinApplied, Of, QualifyingDistance};
use crate::{Amounts, BookingClass, Carrier, Hundredths, Id, Measure, Percent, Rounding, Unit};

/// What a posting is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The flight itself.
    Flight,
    /// The member's tier.
    TierBonus,
    /// A promotion, by its row.
    Promotion(Id),
}

/// So much of a currency; never zero or less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posting {
    /// The ledger's currency.
    pub measure: Measure,
    /// What for.
    pub origin: Origin,
    /// In the unit of the measure.
    pub amount: i64,
}

/// One step of the arithmetic. Amounts of miles are whole; `amount` is the step's result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Step {
    /// Whose agreement and whose tables hold.
    Agreement {
        /// The carrier row.
        row: Id,
        /// The terms of the day.
        terms: Id,
        /// The codeshare row, where one decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        codeshare: Option<Id>,
        /// On the ticket.
        marketing: Carrier,
        /// In the air.
        operating: Carrier,
        /// Whose tables.
        table: Carrier,
        /// Applied to every product below.
        rounding: Rounding,
    },
    /// What the booking class earns.
    Class {
        /// The class row.
        row: Id,
        /// Which class.
        class: BookingClass,
        /// The cabin it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cabin: Option<Cabin>,
        /// Of the distance.
        factor: Percent,
        /// Qualifying segments.
        segments: Hundredths,
    },
    /// The distance.
    Distance {
        /// Where it comes from.
        source: DistanceSource,
        /// As given.
        given: i64,
        /// Unit of `given`.
        given_unit: Unit,
        /// In the programme's unit.
        amount: i64,
    },
    /// A minimum took hold.
    Minimum {
        /// The minimum row.
        row: Id,
        /// On the distance or on the product.
        applied: MinApplied,
        /// What it was.
        before: i64,
        /// What it became.
        amount: i64,
    },
    /// Distance times factor.
    Award {
        /// Distance.
        base: i64,
        /// Factor.
        factor: Percent,
        /// Product, rounded.
        amount: i64,
    },
    /// Fare times rate.
    Fare {
        /// The rate row.
        row: Id,
        /// Without taxes.
        fare_minor: i64,
        /// As far as counted.
        surcharge_minor: i64,
        /// Minor units of one unit of money: 100.
        per: i64,
        /// Points for one unit.
        rate: Hundredths,
        /// Product, rounded.
        amount: i64,
    },
    /// A part for the passenger's age.
    Age {
        /// The age row.
        row: Id,
        /// Completed years.
        years: u32,
        /// Part.
        percent: Percent,
        /// The award before.
        base: i64,
        /// The award after.
        amount: i64,
    },
    /// A tier bonus.
    Bonus {
        /// The bonus row.
        row: Id,
        /// The tier.
        tier: Id,
        /// Of what.
        of: Of,
        /// That amount.
        base: i64,
        /// Part.
        percent: Percent,
        /// Product, rounded.
        amount: i64,
    },
    /// A promotion.
    Promotion {
        /// The promotion row.
        row: Id,
        /// Of what.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Of>,
        /// That amount.
        base: i64,
        /// Part.
        percent: Percent,
        /// Added as such.
        fixed: i64,
        /// Product, rounded, and `fixed`.
        full: i64,
        /// What cap and budget left of it.
        amount: i64,
        /// Extra qualifying distance.
        distance: i64,
        /// Extra qualifying segments, in hundredths.
        segments: i64,
    },
    /// What the flight is worth towards a tier.
    Qualifying {
        /// How distance counts.
        distance_by: QualifyingDistance,
        /// All four measures.
        amounts: Amounts,
    },
    /// The fare is no qualifying spend, because it is in another currency or not known.
    SpendUnknown,
}

/// Why a flight earned nothing, and what the decision rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Refusal {
    /// The coupon was not flown.
    NotFlown {
        /// What became of it.
        status: CouponStatus,
    },
    /// Another programme has it.
    CreditedElsewhere,
    /// The programme has no terms on the day.
    OutsideProgramme,
    /// Before the member joined.
    BeforeJoining {
        /// First day that would have counted.
        first: NaiveDate,
    },
    /// Claimed after the last day.
    ClaimTooLate {
        /// That day.
        last: NaiveDate,
    },
    /// The airline has no agreement on the day.
    NoAgreement {
        /// Which airline.
        carrier: Carrier,
    },
    /// Excluded by a row.
    Excluded {
        /// Which row.
        row: Id,
    },
    /// The table does not have the class.
    ClassNotListed {
        /// Whose table.
        carrier: Carrier,
        /// Which class.
        class: BookingClass,
    },
    /// The class is in several cabins and the flight does not say which.
    CabinUnknown {
        /// Which class.
        class: BookingClass,
    },
    /// The table says the class earns nothing.
    ClassEarnsNothing {
        /// The class row.
        row: Id,
    },
    /// Too young.
    Age {
        /// The age row.
        row: Id,
        /// Completed years.
        years: u32,
    },
    /// No distance is known.
    DistanceUnknown,
    /// No fare is known.
    FareUnknown,
    /// The fare is in another currency than the programme's.
    ForeignCurrency,
    /// The tier has no rate for fares.
    NoRate {
        /// Which tier.
        tier: Id,
    },
    /// The arithmetic gave zero.
    Zero,
}

impl Refusal {
    /// Stable, kebab-case: what programs branch on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFlown { .. } => "not-flown",
            Self::CreditedElsewhere => "credited-elsewhere",
            Self::OutsideProgramme => "outside-programme",
            Self::BeforeJoining { .. } => "before-joining",
            Self::ClaimTooLate { .. } => "claim-too-late",
            Self::NoAgreement { .. } => "no-agreement",
            Self::Excluded { .. } => "excluded",
            Self::ClassNotListed { .. } => "class-not-listed",
            Self::CabinUnknown { .. } => "cabin-unknown",
            Self::ClassEarnsNothing { .. } => "class-earns-nothing",
            Self::Age { .. } => "age",
            Self::DistanceUnknown => "distance-unknown",
            Self::FareUnknown => "fare-unknown",
            Self::ForeignCurrency => "foreign-currency",
            Self::NoRate { .. } => "no-rate",
            Self::Zero => "zero",
        }
    }
}

/// What a flight earned and why; or why nothing. Kept with the postings as their explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accrued {
    /// See [`super::Fact::key`].
    pub key: String,
    /// Which programme.
    pub programme: Id,
    /// Version of its rules.
    pub version: u32,
    /// Effective day of the postings.
    pub flight_date: NaiveDate,
    /// Empty exactly when refused.
    pub postings: Vec<Posting>,
    /// In the order of the arithmetic; as far as it went when refused.
    pub steps: Vec<Step>,
    /// Why nothing was earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusal>,
}

impl Accrued {
    /// The sum of one measure's postings.
    #[must_use]
    pub fn total(&self, measure: Measure) -> i64 {
        self.postings.iter().filter(|p| p.measure == measure).map(|p| p.amount).sum()
    }

    /// What it is worth towards a tier.
    #[must_use]
    pub fn amounts(&self) -> Amounts {
        Amounts {
            distance: self.total(Measure::Distance),
            segments: self.total(Measure::Segments),
            spend: self.total(Measure::Spend),
            lifetime: self.total(Measure::Lifetime),
        }
    }
}
