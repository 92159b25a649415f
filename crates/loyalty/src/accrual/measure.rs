//! The measures of a programme are the units of its books.

use programme::accrual::Origin;
use programme::{Amounts, Measure};

use super::Standing;
use crate::ledger::Unit;

/// The ledger's unit of a measure.
pub(super) fn unit(measure: Measure) -> Unit {
    match measure {
        Measure::Redeemable => Unit::Miles,
        Measure::Distance => Unit::QualifyingDistance,
        Measure::Segments => Unit::QualifyingSegments,
        Measure::Spend => Unit::QualifyingSpend,
        Measure::Lifetime => Unit::LifetimeDistance,
    }
}

/// The code of a posting, for statements.
pub(super) fn code(origin: &Origin) -> &'static str {
    match origin {
        Origin::Flight => "accrual-flight",
        Origin::TierBonus => "accrual-tier-bonus",
        Origin::Promotion(_) => "accrual-promotion",
    }
}

/// The code of what is taken back.
pub(super) const CORRECTION: &str = "accrual-correction";

/// What standing transfers are worth towards a tier.
pub(super) fn amounts<'a>(of: impl Iterator<Item = &'a Standing>) -> Amounts {
    let mut sum = Amounts::ZERO;
    for one in of {
        let to = match one.measure {
            Measure::Redeemable => continue,
            Measure::Distance => &mut sum.distance,
            Measure::Segments => &mut sum.segments,
            Measure::Spend => &mut sum.spend,
            Measure::Lifetime => &mut sum.lifetime,
        };
        *to = to.saturating_add(one.amount);
    }
    sum
}
