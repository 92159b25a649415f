//! What flying earns.

use serde::{Deserialize, Serialize};

use super::promotion::PromotionRow;
use super::row::row;
use crate::{BookingClass, Carrier, Hundredths, Id, Percent, Rounding, Unit};

/// The accrual tables. A list of carriers or markets that is empty means all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accrual {
    /// What holds for every flight; exactly one row a day.
    pub terms: Vec<AccrualTerms>,
    /// Airlines whose flights earn, and on what basis.
    pub carriers: Vec<CarrierRow>,
    /// Flights sold by one airline and flown by another, where the terms do not fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codeshares: Vec<CodeshareRow>,
    /// Factor and qualifying segments of each booking class.
    pub classes: Vec<ClassRow>,
    /// Least distance by cabin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minimums: Vec<MinimumRow>,
    /// Points for fares, by tier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<RateRow>,
    /// Tier bonuses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bonuses: Vec<BonusRow>,
    /// Children and infants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ages: Vec<AgeRow>,
    /// What earns nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<ExclusionRow>,
    /// Extra miles for a time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<PromotionRow>,
}

/// Where a flight goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Market {
    /// Within one country.
    Domestic,
    /// Between the mainland and Hong Kong, Macau or Taiwan, and among these.
    Regional,
    /// Between countries.
    International,
}

impl Market {
    /// By the countries of two airports; `None` when one is not known.
    ///
    /// ```
    /// use programme::document::Market;
    /// assert_eq!(Market::between("PEK", "HKG"), Some(Market::Regional));
    /// assert_eq!(Market::between("PEK", "PVG"), Some(Market::Domestic));
    /// assert_eq!(Market::between("HKG", "NRT"), Some(Market::International));
    /// ```
    #[must_use]
    pub fn between(origin: &str, destination: &str) -> Option<Self> {
        let from = kernel::airports::find(origin)?.country;
        let to = kernel::airports::find(destination)?.country;
        let chinese = |country| matches!(country, "CN" | "HK" | "MO" | "TW");
        Some(match (from == to, chinese(from) && chinese(to)) {
            (true, _) => Self::Domestic,
            (false, true) => Self::Regional,
            (false, false) => Self::International,
        })
    }
}

/// A class of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Cabin {
    Economy,
    Premium,
    Business,
    First,
}

/// Of two airlines on a codeshare flight, one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// Whose flight number is on the ticket.
    Marketing,
    /// Whose aircraft flies.
    Operating,
}

/// Where a distance comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DistanceSource {
    /// IATA ticketed point mileage, in miles.
    Tpm,
    /// The great circle, in kilometres.
    GreatCircle,
}

/// What counts as qualifying distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QualifyingDistance {
    /// The award without any bonus.
    Award,
    /// The distance itself, with no factor and no minimum.
    Flown,
    /// Nothing: the programme does not count distance.
    None,
}

/// Which class decides when the passenger sat in another than bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClassFrom {
    /// The class of the ticket.
    Ticketed,
    /// The class flown; of an involuntary change the class of the ticket.
    Flown,
}

row! {
    /// What holds for every flight of its days.
    pub struct AccrualTerms {
        /// Applied once to each posting.
        pub rounding: Rounding,
        /// In this order, the first that the flight has.
        pub distance_sources: Vec<DistanceSource>,
        /// What counts as qualifying distance.
        pub qualifying_distance: QualifyingDistance,
        /// The class that decides.
        pub class_from: ClassFrom,
        /// On a codeshare: whose agreement makes it eligible.
        pub eligibility_by: Party,
        /// On a codeshare: whose tables hold.
        pub table_by: Party,
        /// Whether fares earn with the carrier's surcharges (YQ, YR).
        pub fare_with_surcharges: bool,
        /// Whether qualifying spend counts them.
        pub spend_with_surcharges: bool,
        /// Days before joining from which a flight still counts.
        pub days_before_joining: u32,
        /// Months after the flight in which it can be claimed; later claims earn nothing.
        pub claim_months: u32,
    }
}

/// What the airline is to the programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The programme's own, or of its group.
    Group,
    /// Of an alliance or by agreement.
    Partner,
}

/// What an award is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Basis {
    Distance,
    Fare,
}

/// When a least distance takes hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MinApplied {
    /// The distance is raised, then multiplied by the class factor.
    Before,
    /// The product is raised.
    After,
}

row! {
    /// An airline whose flights earn.
    pub struct CarrierRow {
        /// Designators.
        pub carriers: Vec<Carrier>,
        /// Own group or partner.
        pub relation: Relation,
        /// What the award is computed from.
        pub basis: Basis,
        /// When the minimum takes hold.
        pub min_applied: MinApplied,
        /// Whether distance and segments qualify.
        pub qualifies: bool,
        /// Whether the fare counts as qualifying spend.
        pub spend: bool,
        /// First day from which distance flown and sold by the group counts for a lifetime.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub lifetime_from: Option<chrono::NaiveDate>,
    }
}

row! {
    /// A codeshare that the terms do not fit.
    pub struct CodeshareRow {
        /// Sold by; all when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub marketing: Vec<Carrier>,
        /// Flown by; all when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub operating: Vec<Carrier>,
        /// Whose agreement makes it eligible.
        pub eligibility_by: Party,
        /// Whose tables hold.
        pub table_by: Party,
    }
}

row! {
    /// What booking classes earn.
    pub struct ClassRow {
        /// Whose table: see [`AccrualTerms::table_by`].
        pub carriers: Vec<Carrier>,
        /// All when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub markets: Vec<Market>,
        /// Flights that say another cabin are not meant; any cabin when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub cabin: Option<Cabin>,
        /// Booking classes.
        pub classes: Vec<BookingClass>,
        /// Of the distance.
        pub factor: Percent,
        /// Of the distance, for qualifying; as `factor` when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub qualifying_factor: Option<Percent>,
        /// Qualifying segments.
        pub segments: Hundredths,
    }
}

row! {
    /// The least distance of a flight.
    pub struct MinimumRow {
        /// Whose table; all when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub carriers: Vec<Carrier>,
        /// All when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub markets: Vec<Market>,
        /// Cabins of the class row.
        pub cabins: Vec<Cabin>,
        /// In `unit`.
        pub distance: i64,
        /// Of `distance`.
        pub unit: Unit,
    }
}

row! {
    /// Points for a fare.
    pub struct RateRow {
        /// The member's tier on the day of the flight.
        pub tier: Id,
        /// Whose flights; all when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub carriers: Vec<Carrier>,
        /// For one unit of money (one yuan, not one fen).
        pub points_per_unit: Hundredths,
    }
}

/// What a bonus is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// The distance, raised to the minimum where that comes first; of a fare, the award.
    Base,
    /// The award after factor and minimum.
    Award,
    /// The award and all bonuses before this one.
    Running,
}

row! {
    /// What a tier adds.
    pub struct BonusRow {
        /// The member's tier on the day of the flight.
        pub tier: Id,
        /// Of whose table; all when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub carriers: Vec<Carrier>,
        /// How much.
        pub percent: Percent,
        /// Of what.
        pub of: Of,
    }
}

row! {
    /// What passengers of an age earn. Whoever no row meets earns in full.
    pub struct AgeRow {
        /// Youngest, in completed years on the day of the flight.
        pub from_age: u32,
        /// Oldest, in completed years.
        pub to_age: u32,
        /// Only with a seat (true), only on a lap (false), either way when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub seat: Option<bool>,
        /// Of everything the flight would earn.
        pub percent: Percent,
    }
}

/// What kind of ticket it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TicketKind {
    /// Bought.
    #[default]
    Ordinary,
    /// Redeemed for miles.
    Award,
    /// Of airline staff (ID).
    IndustryDiscount,
    /// Of travel agents (AD).
    AgentDiscount,
    /// Of a charter flight.
    Charter,
    /// Given away.
    Free,
    /// Of a group fare.
    Group,
}

row! {
    /// What earns nothing. A list that is empty does not narrow; one list at least is not.
    pub struct ExclusionRow {
        /// Sold or flown by.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub carriers: Vec<Carrier>,
        /// All when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub markets: Vec<Market>,
        /// All when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub classes: Vec<BookingClass>,
        /// All when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub tickets: Vec<TicketKind>,
    }
}
