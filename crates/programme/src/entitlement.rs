//! What a member is entitled to on a flight at a moment, and why or why not.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::Period;
use serde::{Deserialize, Serialize};

use crate::document::{BenefitKind, BenefitRow, Cabin, Market, Per, Rank, Row, Window};
use crate::qualify::{Activity, Standing};
use crate::{Amounts, Carrier, Engine, Id};

/// The flight asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Local day of departure.
    pub day: NaiveDate,
    /// Scheduled departure.
    pub departs: DateTime<Utc>,
    /// Sold by.
    pub marketing: Carrier,
    /// Flown by.
    pub operating: Carrier,
    /// Where to.
    pub market: Market,
    /// Booked.
    pub cabin: Cabin,
}

/// A use of a benefit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// Which.
    pub benefit: Id,
    /// On which day.
    pub on: NaiveDate,
    /// On the flight asked about.
    pub this_flight: bool,
    /// How many.
    pub count: u32,
}

/// Why a benefit is given or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// The tier has it.
    Tier,
    /// It was chosen or earned at a milestone.
    Chosen,
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

/// A benefit's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitlement {
    /// The benefit row.
    pub benefit: Id,
    /// What it does.
    pub kind: BenefitKind,
    /// Whether the member has it now.
    pub granted: bool,
    /// Why, or why not.
    pub because: Because,
    /// How often still; without limit when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<u32>,
    /// Until when it can be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// People it holds for beside the member.
    pub companions: u32,
    /// How much, as the benefit's name says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
}

/// A milestone reached or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// The milestone row.
    pub row: Id,
    /// Whether it is reached.
    pub reached: bool,
    /// What counts so far.
    pub have: Amounts,
    /// What is missing: any one of these is enough.
    pub missing: Vec<Amounts>,
    /// Benefits to choose from.
    pub choices: Vec<Id>,
    /// How many may be chosen.
    pub choose: u32,
}

impl Engine {
    /// Every benefit of the catalogue that holds on the day of the flight, with its answer at
    /// `now`. `standing` is the member's on that day; `used` are uses so far, `chosen` benefits
    /// chosen or earned. Work is linear in the catalogue.
    #[must_use]
    pub fn entitlements(
        &self,
        standing: &Standing,
        flight: &Flight,
        now: DateTime<Utc>,
        used: &[Used],
        chosen: &[Id],
    ) -> Vec<Entitlement> {
        let rows = self.programme().benefits.catalogue.iter();
        let rows = rows.filter(|row| row.span().contains(flight.day));
        rows.map(|row| {
            let remaining = row.allowance.map(|allowance| {
                let gone = gone(row, allowance.per, standing, flight.day, used);
                allowance.count.saturating_sub(gone)
            });
            let hours = row.until_hours_before.map(i64::from);
            let until = hours.map(|hours| flight.departs - Duration::hours(hours));
            let because =
                self.because(row, standing.tier, flight, chosen).unwrap_or_else(|| {
                    match (until, remaining) {
                        (Some(until), _) if now > until => Because::TooLate,
                        (_, Some(0)) => Because::UsedUp,
                        _ if row.by_choice => Because::Chosen,
                        _ => Because::Tier,
                    }
                });
            Entitlement {
                benefit: row.id.clone(),
                kind: row.kind,
                granted: matches!(because, Because::Tier | Because::Chosen),
                because,
                remaining,
                until,
                companions: row.companions,
                quantity: row.quantity,
            }
        })
        .collect()
    }

    fn because(
        &self,
        row: &BenefitRow,
        tier: Rank,
        flight: &Flight,
        chosen: &[Id],
    ) -> Option<Because> {
        let code = &self.programme().tier(tier)?.code;
        if !row.tiers.contains(code) {
            Some(Because::TierLacks)
        } else if row.by_choice && !chosen.contains(&row.id) {
            Some(Because::NotChosen)
        } else {
            row.unfit(flight)
        }
    }

    /// Every milestone of the day that is for the member's tier.
    #[must_use]
    pub fn milestones(
        &self,
        standing: &Standing,
        activity: &[Activity],
        today: NaiveDate,
    ) -> Vec<Milestone> {
        let code = self.programme().tier(standing.tier).map(|tier| &tier.code);
        let rows = self.programme().benefits.milestones.iter().filter(|row| {
            let for_tier = row.tiers.is_empty() || code.is_some_and(|c| row.tiers.contains(c));
            row.span().contains(today) && for_tier
        });
        rows.map(|row| {
            let window = row.window.on(today, standing.joined_on);
            let sum = crate::qualify::sum_of(activity, window, today);
            let have = crate::qualify::with_past(sum, row.window, standing);
            Milestone {
                row: row.id.clone(),
                reached: row.need.met(&have),
                have,
                missing: crate::qualify::missing(&row.need, &have),
                choices: row.choices.clone(),
                choose: row.choose,
            }
        })
        .collect()
    }
}

impl BenefitRow {
    /// Why it is not given on a flight, whoever the member is.
    #[must_use]
    pub fn unfit(&self, flight: &Flight) -> Option<Because> {
        let airline = (self.operating.is_empty() || self.operating.contains(&flight.operating))
            && (self.marketing.is_empty() || self.marketing.contains(&flight.marketing));
        if !airline {
            Some(Because::OtherAirline)
        } else if !self.markets.is_empty() && !self.markets.contains(&flight.market) {
            Some(Because::OtherMarket)
        } else if !self.cabins.is_empty() && !self.cabins.contains(&flight.cabin) {
            Some(Because::OtherCabin)
        } else {
            None
        }
    }
}

fn gone(row: &BenefitRow, per: Per, standing: &Standing, day: NaiveDate, used: &[Used]) -> u32 {
    let period = per.period(standing, day);
    let counts = |one: &&Used| {
        one.benefit == row.id && period.map_or(one.this_flight, |period| period.contains(one.on))
    };
    used.iter().filter(counts).fold(0, |sum, one| sum.saturating_add(one.count))
}

impl Per {
    /// The days over which an allowance is counted that is asked for on `day`; `None` where each
    /// flight counts for itself. A tier without an end has a period without one.
    #[must_use]
    pub fn period(self, standing: &Standing, day: NaiveDate) -> Option<Period> {
        let joined = standing.joined_on;
        let (from, to) = match self {
            Self::Flight => return None,
            Self::CalendarYear => {
                let window = Window::CalendarYear;
                (window.on(day, joined).from, window.rolls_off(day, joined))
            }
            Self::MembershipYear => {
                let window = Window::MembershipYear;
                (window.on(day, joined).from, window.rolls_off(day, joined))
            }
            Self::TierPeriod => {
                (standing.since, standing.valid_to.and_then(|last| last.succ_opt()))
            }
        };
        let to = to.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX);
        Some(Period { from, to })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_have_both_ends() {
        let standing = Standing {
            since: day("2025-06-15"),
            valid_to: Some(day("2027-05-31")),
            ..Standing::new(day("2020-03-10"))
        };
        let of = |per: Per, on| per.period(&standing, day(on)).map(|it| (it.from, it.to));
        assert_eq!(of(Per::Flight, "2026-01-01"), None);
        let year = Some((day("2026-01-01"), day("2026-12-31")));
        assert_eq!(of(Per::CalendarYear, "2026-01-01"), year);
        assert_eq!(of(Per::CalendarYear, "2026-12-31"), year);
        let before = Some((day("2025-03-10"), day("2026-03-09")));
        assert_eq!(of(Per::MembershipYear, "2026-03-09"), before);
        let after = Some((day("2026-03-10"), day("2027-03-09")));
        assert_eq!(of(Per::MembershipYear, "2026-03-10"), after);
        let tier = Some((day("2025-06-15"), day("2027-05-31")));
        assert_eq!(of(Per::TierPeriod, "2026-03-10"), tier);
        let life = Standing { valid_to: None, ..standing };
        assert_eq!(Per::TierPeriod.period(&life, day("2026-01-01")).unwrap().to, NaiveDate::MAX);
    }
}
