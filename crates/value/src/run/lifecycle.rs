//! A member's lifecycle state out of the facts of a run.

use stats::{Lifecycle, LifecycleFacts, LifecycleRules};

use crate::facts::{Facts, UNKNOWN};

/// The state of the member in `row`. `returned_from` is how long they had been away when they were
/// dormant or lost in the run before; it makes a return visible where the source has no dates of
/// single flights.
#[must_use]
pub fn state(
    facts: &Facts,
    row: usize,
    window_days: i32,
    returned_from: Option<u32>,
    rules: &LifecycleRules,
) -> Lifecycle {
    let days = |days: i32| if days == UNKNOWN { None } else { u32::try_from(days).ok() };
    // The history reaches back to the first flight when the member joined within the window.
    let joined_inside = facts.tenure[row] != UNKNOWN && facts.tenure[row] <= window_days;
    let last = days(facts.last[row]).filter(|_| facts.flights[row] > 0);
    let mut known = LifecycleFacts {
        last_flight_days: last.or_else(|| days(facts.last[row])),
        pause_days: returned_from,
        returned_days: returned_from.and(days(facts.last[row])),
        ..LifecycleFacts::default()
    };
    match &facts.habits {
        Some(habits) => {
            known.first_flight_days = days(habits.first[row]).filter(|_| joined_inside);
            known.flights_last_year = Some(habits.last_year[row]);
            known.flights_year_before =
                Some(facts.flights[row].saturating_sub(habits.last_year[row]))
                    .filter(|_| window_days >= 730);
            if let Some(pause) = days(habits.pause[row]) {
                known.pause_days = Some(pause);
                known.returned_days = days(habits.returned[row]);
            }
        }
        None => known.first_flight_days = days(facts.tenure[row]).filter(|_| joined_inside),
    }
    rules.state(&known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Habits, Keys};

    fn one(tenure: i32, last: i32, flights: u32, habits: Option<Habits>) -> Facts {
        Facts {
            keys: Keys::Int(vec![1]),
            tenure: vec![tenure],
            last: vec![last],
            flights: vec![flights],
            km: vec![1000],
            coefficient: vec![0.7],
            habits,
        }
    }

    fn told(facts: &Facts, returned_from: Option<u32>) -> Lifecycle {
        state(facts, 0, 730, returned_from, &LifecycleRules::default())
    }

    #[test]
    fn summaries_tell_new_dormant_and_lost_but_not_growing() {
        assert_eq!(told(&one(100, 20, 3, None), None), Lifecycle::New);
        assert_eq!(told(&one(2000, 20, 30, None), None), Lifecycle::Mature);
        assert_eq!(told(&one(2000, 200, 30, None), None), Lifecycle::AtRisk);
        assert_eq!(told(&one(2000, 400, 30, None), None), Lifecycle::Dormant);
        assert_eq!(told(&one(2000, 731, 2, None), None), Lifecycle::Lost);
        assert_eq!(told(&one(2000, UNKNOWN, 0, None), None), Lifecycle::Prospect);
        assert_eq!(told(&one(2000, 20, 3, None), Some(500)), Lifecycle::WonBack);
    }

    #[test]
    fn segments_tell_growth_decline_and_a_return_inside_the_window() {
        let habits = |last_year: u32, pause: i32, returned: i32| {
            Some(Habits {
                last_year: vec![last_year],
                first: vec![700],
                pause: vec![pause],
                returned: vec![returned],
                premium: vec![0],
            })
        };
        assert_eq!(told(&one(2000, 20, 12, habits(8, UNKNOWN, UNKNOWN)), None), Lifecycle::Growing);
        assert_eq!(told(&one(2000, 20, 12, habits(2, UNKNOWN, UNKNOWN)), None), Lifecycle::AtRisk);
        assert_eq!(told(&one(2000, 20, 12, habits(6, 400, 60)), None), Lifecycle::WonBack);
        assert_eq!(told(&one(2000, 20, 12, habits(6, 100, 60)), None), Lifecycle::Mature);
    }
}
