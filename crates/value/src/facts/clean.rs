//! Which members are left out, and why: every one is counted under one reason.
//!
//! The rule (row B1): a member without a fare record is dropped; a member who paid nothing is
//! dropped unless kilometres and coefficient are both 0 as well, which is no activity and stays.
//! Nothing paid, coefficient 0 and kilometres above 0 contradict each other and get a reason of
//! their own. A source without any fares cannot be judged by them: its own verdict counts, if it has
//! one, else everybody stays. Members who stay but lack L, R or C cannot be placed in a group; they
//! are counted apart.

use serde::{Deserialize, Serialize};

use super::{Facts, Keys, UNKNOWN};

/// Why a member is not in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The source says so itself.
    StandardFilter,
    /// No fare is recorded.
    NoFareRecord,
    /// Nothing paid, coefficient 0, but kilometres flown.
    ZeroDiscountWithKm,
    /// Nothing paid for what was flown.
    NoFarePaid,
    /// A number below 0.
    NegativeValue,
    /// Kept, but when they joined is unknown: no L.
    NoJoinDate,
    /// Kept, but when they last flew is unknown: no R.
    NoLastFlight,
    /// Kept, but no flight has a coefficient: no C.
    NoCoefficient,
}

impl Reason {
    /// All, in the order they are applied and shown.
    pub const ALL: [Self; 8] = [
        Self::StandardFilter,
        Self::NoFareRecord,
        Self::ZeroDiscountWithKm,
        Self::NoFarePaid,
        Self::NegativeValue,
        Self::NoJoinDate,
        Self::NoLastFlight,
        Self::NoCoefficient,
    ];

    /// The stable word; its text is `value-reason-<code>`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::StandardFilter => "standard-filter",
            Self::NoFareRecord => "no-fare-record",
            Self::ZeroDiscountWithKm => "zero-discount-with-km",
            Self::NoFarePaid => "no-fare-paid",
            Self::NegativeValue => "negative-value",
            Self::NoJoinDate => "no-join-date",
            Self::NoLastFlight => "no-last-flight",
            Self::NoCoefficient => "no-coefficient",
        }
    }
}

/// The members a reason applies to.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// The reason.
    pub reason: Reason,
    /// Who.
    pub keys: Keys,
}

/// What the cleaning rule looks at in one member's summary.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Judged {
    /// The source's own verdict.
    pub verdict: Option<bool>,
    /// What was paid in each of the two years.
    pub fares: [Option<i64>; 2],
    /// Flights.
    pub flights: i64,
    /// Kilometres.
    pub km: i64,
    /// Coefficient.
    pub coefficient: Option<f64>,
}

impl Judged {
    /// Why this member is dropped, if so.
    #[must_use]
    pub fn reason(&self, fares_known: bool) -> Option<Reason> {
        if let Some(verdict) = self.verdict {
            return if verdict { self.impossible() } else { Some(Reason::StandardFilter) };
        }
        if fares_known {
            let [Some(first), Some(second)] = self.fares else { return Some(Reason::NoFareRecord) };
            if first < 0 || second < 0 {
                return Some(Reason::NegativeValue);
            }
            if first == 0 && second == 0 {
                let coefficient = self.coefficient.unwrap_or(0.0);
                match (coefficient == 0.0, self.km == 0) {
                    (true, true) => {}
                    (true, false) => return Some(Reason::ZeroDiscountWithKm),
                    (false, _) => return Some(Reason::NoFarePaid),
                }
            }
        }
        self.impossible()
    }

    fn impossible(&self) -> Option<Reason> {
        let below = self.flights < 0
            || self.km < 0
            || self.coefficient.is_some_and(|c| c < 0.0 || !c.is_finite());
        below.then_some(Reason::NegativeValue)
    }
}

/// Why a kept member cannot be placed in a group, if so.
#[must_use]
pub fn unplaced(facts: &Facts, row: usize) -> Option<Reason> {
    if facts.tenure[row] == UNKNOWN {
        Some(Reason::NoJoinDate)
    } else if facts.last[row] == UNKNOWN {
        Some(Reason::NoLastFlight)
    } else if !facts.coefficient[row].is_finite() {
        Some(Reason::NoCoefficient)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(first: i64, second: i64) -> Judged {
        Judged {
            fares: [Some(first), Some(second)],
            flights: 3,
            km: 4200,
            coefficient: Some(0.7),
            verdict: None,
        }
    }

    #[test]
    fn the_fare_rule_on_both_sides_of_each_limit() {
        assert_eq!(paid(100, 0).reason(true), None);
        assert_eq!(paid(0, 0).reason(true), Some(Reason::NoFarePaid));
        let half = Judged { fares: [Some(100), None], ..paid(0, 0) };
        assert_eq!(half.reason(true), Some(Reason::NoFareRecord));
        let contradiction = Judged { coefficient: Some(0.0), ..paid(0, 0) };
        assert_eq!(contradiction.reason(true), Some(Reason::ZeroDiscountWithKm));
        let idle = Judged { km: 0, ..contradiction };
        assert_eq!(idle.reason(true), None, "no activity is kept");
        let zero_but_paid = Judged { coefficient: Some(0.0), ..paid(100, 0) };
        assert_eq!(zero_but_paid.reason(true), None, "who paid is kept");
    }

    #[test]
    fn a_source_without_fares_is_judged_by_its_verdict_or_not_at_all() {
        let silent = Judged { fares: [None, None], ..paid(0, 0) };
        assert_eq!(silent.reason(false), None);
        let refused = Judged { verdict: Some(false), ..silent };
        assert_eq!(refused.reason(false), Some(Reason::StandardFilter));
        let accepted = Judged { verdict: Some(true), ..silent };
        assert_eq!(accepted.reason(false), None);
    }

    #[test]
    fn impossible_numbers_are_dropped_whatever_was_paid() {
        let negative = Judged { km: -1, ..paid(100, 100) };
        assert_eq!(negative.reason(true), Some(Reason::NegativeValue));
        let not_a_number = Judged { coefficient: Some(f64::NAN), ..paid(100, 100) };
        assert_eq!(not_a_number.reason(true), Some(Reason::NegativeValue));
    }
}
