//! Where a customer is in their life with the airline, by stated rules over days and counts.
//!
//! Rules are tried in this order; the first that holds decides (defaults in brackets):
//!
//! 1. **prospect**: has never flown.
//! 2. **lost**: last flight more than `lost_after` days ago \[730\].
//! 3. **dormant**: more than `dormant_after` days ago \[365\].
//! 4. **won back**: flew again within the last `fresh_within` days \[180\] after a pause of more than
//!    `dormant_after` days.
//! 5. **new**: first flight at most `fresh_within` days ago.
//! 6. **at risk**: last flight more than `at_risk_after` days ago \[180\], or fewer than
//!    `decline_percent` % \[50\] of the flights of the year before, where that year had at least
//!    `enough_flights` \[4\].
//! 7. **growing**: at least `growth_percent` % \[125\] of the flights of the year before and at least
//!    `growth_flights` \[2\] more of them.
//! 8. **mature**: the rest.
//!
//! Apart from that, a VIP is **active** when the last flight was at most `vip_sleeps_after` days ago
//! \[90\] and **sleeping** otherwise.

use serde::{Deserialize, Serialize};

use crate::error::StatsError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lifecycle {
    Prospect,
    New,
    Growing,
    Mature,
    AtRisk,
    Dormant,
    Lost,
    WonBack,
}

impl Lifecycle {
    pub const ALL: [Self; 8] = [
        Self::Prospect,
        Self::New,
        Self::Growing,
        Self::Mature,
        Self::AtRisk,
        Self::Dormant,
        Self::Lost,
        Self::WonBack,
    ];

    /// The stable name used in data and text keys.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Prospect => "prospect",
            Self::New => "new",
            Self::Growing => "growing",
            Self::Mature => "mature",
            Self::AtRisk => "at-risk",
            Self::Dormant => "dormant",
            Self::Lost => "lost",
            Self::WonBack => "won-back",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VipState {
    Active,
    Sleeping,
}

/// What is known of a customer on the observation date. A rule whose fact is unknown does not hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifecycleFacts {
    /// Days since the last flight; `None`: has never flown.
    pub last_flight_days: Option<u32>,
    /// Days since the first flight, if the history reaches back to it.
    pub first_flight_days: Option<u32>,
    /// Flights in the 365 days up to the observation date.
    pub flights_last_year: Option<u32>,
    /// Flights in the 365 days before those.
    pub flights_year_before: Option<u32>,
    /// The latest pause of more than `dormant_after` days that ended with a flight: its length.
    pub pause_days: Option<u32>,
    /// Days since the flight that ended that pause.
    pub returned_days: Option<u32>,
    pub vip: bool,
}

/// The limits of the rules; see the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LifecycleRules {
    pub fresh_within: u32,
    pub at_risk_after: u32,
    pub dormant_after: u32,
    pub lost_after: u32,
    pub decline_percent: u32,
    pub enough_flights: u32,
    pub growth_percent: u32,
    pub growth_flights: u32,
    pub vip_sleeps_after: u32,
}

impl Default for LifecycleRules {
    fn default() -> Self {
        Self {
            fresh_within: 180,
            at_risk_after: 180,
            dormant_after: 365,
            lost_after: 730,
            decline_percent: 50,
            enough_flights: 4,
            growth_percent: 125,
            growth_flights: 2,
            vip_sleeps_after: 90,
        }
    }
}

impl LifecycleRules {
    /// # Errors
    /// [`StatsError::BadThresholds`] when limits contradict each other.
    pub fn check(&self) -> Result<(), StatsError> {
        if self.at_risk_after >= self.dormant_after {
            return Err(StatsError::BadThresholds("at risk must come before dormant"));
        }
        if self.dormant_after >= self.lost_after {
            return Err(StatsError::BadThresholds("dormant must come before lost"));
        }
        if self.decline_percent >= self.growth_percent {
            return Err(StatsError::BadThresholds("decline must be below growth"));
        }
        Ok(())
    }

    /// The state of one customer.
    #[must_use]
    pub fn state(&self, facts: &LifecycleFacts) -> Lifecycle {
        let Some(last) = facts.last_flight_days else { return Lifecycle::Prospect };
        if last > self.lost_after {
            Lifecycle::Lost
        } else if last > self.dormant_after {
            Lifecycle::Dormant
        } else if self.returned(facts) {
            Lifecycle::WonBack
        } else if facts.first_flight_days.is_some_and(|days| days <= self.fresh_within) {
            Lifecycle::New
        } else if last > self.at_risk_after || self.declined(facts) {
            Lifecycle::AtRisk
        } else if self.grew(facts) {
            Lifecycle::Growing
        } else {
            Lifecycle::Mature
        }
    }

    /// `None` for customers who are no VIP.
    #[must_use]
    pub fn vip_state(&self, facts: &LifecycleFacts) -> Option<VipState> {
        let awake = facts.last_flight_days.is_some_and(|days| days <= self.vip_sleeps_after);
        facts.vip.then_some(if awake { VipState::Active } else { VipState::Sleeping })
    }

    fn returned(&self, facts: &LifecycleFacts) -> bool {
        facts.pause_days.is_some_and(|days| days > self.dormant_after)
            && facts.returned_days.is_some_and(|days| days <= self.fresh_within)
    }

    fn declined(&self, facts: &LifecycleFacts) -> bool {
        years(facts).is_some_and(|(before, now)| {
            before >= u64::from(self.enough_flights)
                && now * 100 < before * u64::from(self.decline_percent)
        })
    }

    fn grew(&self, facts: &LifecycleFacts) -> bool {
        years(facts).is_some_and(|(before, now)| {
            now >= before + u64::from(self.growth_flights)
                && now * 100 >= before * u64::from(self.growth_percent)
        })
    }
}

fn years(facts: &LifecycleFacts) -> Option<(u64, u64)> {
    Some((facts.flights_year_before?.into(), facts.flights_last_year?.into()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn flyer() -> LifecycleFacts {
        LifecycleFacts {
            last_flight_days: Some(30),
            first_flight_days: Some(2000),
            flights_last_year: Some(10),
            flights_year_before: Some(10),
            ..LifecycleFacts::default()
        }
    }

    fn state(facts: LifecycleFacts) -> Lifecycle {
        LifecycleRules::default().state(&facts)
    }

    #[test]
    fn who_never_flew_is_a_prospect_and_a_steady_flyer_mature() {
        assert_eq!(state(LifecycleFacts::default()), Lifecycle::Prospect);
        assert_eq!(state(flyer()), Lifecycle::Mature);
    }

    #[test]
    fn the_last_flight_decides_on_both_sides_of_each_limit() {
        let last = |days| state(LifecycleFacts { last_flight_days: Some(days), ..flyer() });
        assert_eq!(last(180), Lifecycle::Mature);
        assert_eq!(last(181), Lifecycle::AtRisk);
        assert_eq!(last(365), Lifecycle::AtRisk);
        assert_eq!(last(366), Lifecycle::Dormant);
        assert_eq!(last(730), Lifecycle::Dormant);
        assert_eq!(last(731), Lifecycle::Lost);
    }

    #[test]
    fn new_until_a_hundred_and_eighty_days_after_the_first_flight() {
        let first = |days| state(LifecycleFacts { first_flight_days: Some(days), ..flyer() });
        assert_eq!(first(180), Lifecycle::New);
        assert_eq!(first(181), Lifecycle::Mature);
    }

    #[test]
    fn won_back_after_a_long_pause_and_for_a_while() {
        let back = |pause, returned| {
            let (pause_days, returned_days) = (Some(pause), Some(returned));
            state(LifecycleFacts { pause_days, returned_days, ..flyer() })
        };
        assert_eq!(back(366, 180), Lifecycle::WonBack);
        assert_eq!(back(365, 180), Lifecycle::Mature);
        assert_eq!(back(366, 181), Lifecycle::Mature);
    }

    #[test]
    fn the_two_years_tell_decline_and_growth() {
        let years = |before, now| {
            let (flights_year_before, flights_last_year) = (Some(before), Some(now));
            state(LifecycleFacts { flights_year_before, flights_last_year, ..flyer() })
        };
        assert_eq!(years(10, 4), Lifecycle::AtRisk);
        assert_eq!(years(10, 5), Lifecycle::Mature);
        assert_eq!(years(4, 1), Lifecycle::AtRisk);
        assert_eq!(years(3, 1), Lifecycle::Mature);
        assert_eq!(years(8, 10), Lifecycle::Growing);
        assert_eq!(years(9, 11), Lifecycle::Mature);
        assert_eq!(years(3, 4), Lifecycle::Mature);
        assert_eq!(years(0, 2), Lifecycle::Growing);
        assert_eq!(years(0, 1), Lifecycle::Mature);
    }

    #[test]
    fn a_rule_without_its_fact_does_not_hold() {
        let facts = LifecycleFacts { last_flight_days: Some(10), ..LifecycleFacts::default() };
        assert_eq!(state(facts), Lifecycle::Mature);
    }

    #[test]
    fn a_vip_sleeps_after_ninety_days() {
        let rules = LifecycleRules::default();
        let vip = |days| {
            rules.vip_state(&LifecycleFacts { last_flight_days: days, vip: true, ..flyer() })
        };
        assert_eq!(vip(Some(90)), Some(VipState::Active));
        assert_eq!(vip(Some(91)), Some(VipState::Sleeping));
        assert_eq!(vip(None), Some(VipState::Sleeping));
        assert_eq!(rules.vip_state(&flyer()), None);
    }

    #[test]
    fn contradicting_limits_are_refused() {
        assert!(LifecycleRules::default().check().is_ok());
        let equal = LifecycleRules { lost_after: 365, ..LifecycleRules::default() };
        assert_eq!(
            equal.check().unwrap_err().to_string(),
            "the thresholds are out of order: dormant must come before lost"
        );
        assert_eq!(Lifecycle::from_code("won-back"), Some(Lifecycle::WonBack));
    }
}
