//! What nobody at the airline knows: which kind of customer this is and how it goes with them.
//! The truth that analyses are measured against.

use chrono::NaiveDate;

use crate::calendar::Calendar;
use crate::dice::{Dice, cumulative};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Archetype {
    LoyalBusiness,
    RegularBusiness,
    PremiumLeisure,
    FamilyLeisure,
    Homeward,
    NewBargain,
    FadingVeteran,
    Lapsed,
    WonBack,
}

impl Archetype {
    pub const ALL: [Self; 9] = [
        Self::LoyalBusiness,
        Self::RegularBusiness,
        Self::PremiumLeisure,
        Self::FamilyLeisure,
        Self::Homeward,
        Self::NewBargain,
        Self::FadingVeteran,
        Self::Lapsed,
        Self::WonBack,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LoyalBusiness => "loyal-business",
            Self::RegularBusiness => "regular-business",
            Self::PremiumLeisure => "premium-leisure",
            Self::FamilyLeisure => "family-leisure",
            Self::Homeward => "homeward",
            Self::NewBargain => "new-bargain",
            Self::FadingVeteran => "fading-veteran",
            Self::Lapsed => "lapsed",
            Self::WonBack => "won-back",
        }
    }

    pub(crate) fn habits(self) -> &'static Habits {
        &HABITS[self as usize]
    }
}

/// Averages of a kind; each member's own are drawn around them.
pub(crate) struct Habits {
    share: f64,
    trips_per_year: f64,
    /// Log-deviation of the rate: how unequal the members of the kind are.
    spread: f64,
    pub(crate) business: f64,
    sensitivity: f64,
    premium: f64,
    /// Mean and largest length of membership in years.
    years: (f64, f64),
    pub(crate) ages: (i64, i64),
    pub(crate) men: f64,
    /// Chance of leaving for good in one year.
    leaving: f64,
}

#[rustfmt::skip]
const HABITS: [Habits; 9] = [
    Habits { share: 0.085, trips_per_year: 29.5, spread: 0.50, business: 0.86,
        sensitivity: 0.25, premium: 0.13, years: (5.0, 13.0),
        ages: (28, 60), men: 0.72, leaving: 0.02 },
    Habits { share: 0.130, trips_per_year: 10.8, spread: 0.60, business: 0.68,
        sensitivity: 0.42, premium: 0.05, years: (4.0, 13.0),
        ages: (25, 60), men: 0.64, leaving: 0.05 },
    Habits { share: 0.070, trips_per_year: 5.0, spread: 0.50, business: 0.22,
        sensitivity: 0.10, premium: 0.74, years: (4.0, 13.0),
        ages: (30, 68), men: 0.52, leaving: 0.05 },
    Habits { share: 0.210, trips_per_year: 3.3, spread: 0.60, business: 0.08,
        sensitivity: 0.68, premium: 0.01, years: (3.5, 12.0),
        ages: (26, 70), men: 0.46, leaving: 0.09 },
    Habits { share: 0.150, trips_per_year: 2.8, spread: 0.45, business: 0.04,
        sensitivity: 0.80, premium: 0.00, years: (2.2, 8.0),
        ages: (18, 38), men: 0.52, leaving: 0.10 },
    Habits { share: 0.140, trips_per_year: 4.6, spread: 0.60, business: 0.15,
        sensitivity: 0.90, premium: 0.01, years: (0.5, 1.3),
        ages: (18, 50), men: 0.52, leaving: 0.12 },
    Habits { share: 0.100, trips_per_year: 9.5, spread: 0.60, business: 0.55,
        sensitivity: 0.40, premium: 0.06, years: (8.0, 14.0),
        ages: (36, 68), men: 0.66, leaving: 0.10 },
    Habits { share: 0.085, trips_per_year: 5.0, spread: 0.60, business: 0.35,
        sensitivity: 0.60, premium: 0.02, years: (4.5, 13.0),
        ages: (22, 68), men: 0.56, leaving: 1.00 },
    Habits { share: 0.030, trips_per_year: 9.0, spread: 0.50, business: 0.50,
        sensitivity: 0.45, premium: 0.05, years: (5.0, 13.0),
        ages: (26, 62), men: 0.60, leaving: 0.03 },
];

/// Nobody flies more often in a year than this.
const MOST_TRIPS: f64 = 80.0;

/// One member's hidden story. Days count from the first of the window and may lie before it.
#[derive(Clone, Debug)]
pub(crate) struct Latent {
    pub(crate) archetype: Archetype,
    pub(crate) trips_per_year: f64,
    pub(crate) sensitivity: f64,
    pub(crate) premium: f64,
    pub(crate) joined: i32,
    /// First day without any wish to fly again.
    pub(crate) churned: Option<i32>,
    /// A time of silence, first and last day.
    pub(crate) gap: Option<(i32, i32)>,
    /// Day from which the rate falls in a straight line to the given part at the window's end.
    pub(crate) fade: Option<(i32, f64)>,
    /// Length of the climb to the full rate after joining, in days; 0 for none.
    climb: i32,
}

impl Latent {
    pub(crate) fn draw(calendar: &Calendar, dice: &mut Dice) -> Self {
        let edges = cumulative(HABITS.iter().map(|h| h.share));
        let archetype = Archetype::ALL[dice.weighted(&edges)];
        let habits = archetype.habits();
        let end = calendar.length();
        let years = dice.waiting(habits.years.0).min(habits.years.1) + 0.02;
        let joined = match archetype {
            // Kinds that tell of a past have one; new ones joined in the last sixteen months.
            Archetype::FadingVeteran => end - (365.0 * years.max(4.5)) as i32,
            Archetype::Lapsed | Archetype::WonBack => end - (365.0 * years.max(2.0)) as i32,
            _ => end - (365.0 * years) as i32,
        };
        let mut latent = Self {
            archetype,
            trips_per_year: dice.lognormal(habits.trips_per_year, habits.spread).min(MOST_TRIPS),
            sensitivity: (habits.sensitivity + 0.12 * dice.normal()).clamp(0.0, 1.0),
            premium: (habits.premium * dice.uniform(0.5, 1.5)).min(0.95),
            joined,
            churned: None,
            gap: None,
            fade: None,
            climb: if dice.chance(0.35) { dice.between(120, 400) as i32 } else { 0 },
        };
        latent.draw_fate(end, dice);
        latent
    }

    fn draw_fate(&mut self, end: i32, dice: &mut Dice) {
        let first = self.joined.max(0);
        let span = f64::from(end - first);
        match self.archetype {
            Archetype::Lapsed => {
                // Some were gone before the window opens.
                self.churned = Some((f64::from(end) * dice.uniform(-0.1, 0.7)) as i32);
            }
            Archetype::WonBack => {
                let back = end - dice.between(20, 170) as i32;
                self.gap = Some((back - dice.between(200, 330) as i32, back - 1));
            }
            Archetype::FadingVeteran => {
                let from = (f64::from(end) * dice.uniform(0.1, 0.65)) as i32;
                self.fade = Some((from, dice.uniform(0.0, 0.2)));
            }
            other => {
                let left = first + dice.waiting(365.0 / other.habits().leaving.max(0.001)) as i32;
                if left < end {
                    self.churned = Some(left);
                } else if dice.chance(0.06) {
                    self.fade = Some((end - dice.between(120, 260) as i32, dice.uniform(0.1, 0.4)));
                } else if dice.chance(0.06) && span > 400.0 {
                    // Asleep at the end: a silence that has not ended yet.
                    self.gap = Some((end - dice.between(180, 360) as i32, end + 60));
                }
            }
        }
    }

    /// Part of the full rate on a day, 0 to 1.
    pub(crate) fn level(&self, day: i32, end: i32) -> f64 {
        if day < self.joined
            || self.churned.is_some_and(|left| day >= left)
            || self.gap.is_some_and(|(from, to)| (from..=to).contains(&day))
        {
            return 0.0;
        }
        let climbed = match self.climb {
            0 => 1.0,
            climb => (0.3 + 0.7 * f64::from(day - self.joined) / f64::from(climb)).min(1.0),
        };
        let faded = match self.fade {
            Some((from, least)) if day > from => {
                1.0 - (1.0 - least) * f64::from(day - from) / f64::from((end - from).max(1))
            }
            _ => 1.0,
        };
        climbed * faded
    }

    /// Where the member truly stands at the end of the window.
    pub(crate) fn lifecycle(&self, end: i32, has_flown: bool) -> Lifecycle {
        let age = end - self.joined;
        match (self.churned, self.gap, self.fade) {
            _ if !has_flown && age < 180 => Lifecycle::Prospect,
            (Some(left), _, _) if end - left > 180 => Lifecycle::Lost,
            (Some(_), _, _) | (_, _, Some(_)) => Lifecycle::AtRisk,
            (_, Some((_, to)), _) if to >= end => Lifecycle::Dormant,
            (_, Some(_), _) => Lifecycle::WonBack,
            _ if age < 180 => Lifecycle::New,
            _ if self.climb > 0 && age < self.climb => Lifecycle::Growing,
            _ => Lifecycle::Mature,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    #[must_use]
    pub fn as_str(self) -> &'static str {
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
}

/// What is true of a member, as kept in the truth file.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    pub archetype: Archetype,
    pub lifecycle: Lifecycle,
    /// Flown segments a year at the full rate, as expected, not as happened.
    pub segments_per_year: f64,
    /// First day without any wish to fly again, when that lies in or before the window.
    pub churned_on: Option<NaiveDate>,
    /// A time of silence, first and last day.
    pub silent: Option<(NaiveDate, NaiveDate)>,
    /// 0 pays any price, 1 takes the cheapest.
    pub price_sensitivity: f64,
    /// Part of the trips that are for work.
    pub business_share: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    #[test]
    fn shares_are_a_whole() {
        assert!((HABITS.iter().map(|h| h.share).sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn level_follows_the_story() {
        let until = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        let calendar = Calendar::new(kernel::Period::months_ending(until, 24));
        let mut latent = Latent::draw(&calendar, &mut Dice::new(1, 1, Stream::Latent));
        latent.joined = 10;
        latent.climb = 0;
        latent.gap = Some((100, 199));
        latent.fade = Some((500, 0.5));
        latent.churned = Some(700);
        let at = |day| latent.level(day, 730);
        assert_eq!(
            [at(9), at(10), at(99), at(100), at(199), at(200)],
            [0.0, 1.0, 1.0, 0.0, 0.0, 1.0]
        );
        assert_eq!([at(500), at(700)], [1.0, 0.0]);
        assert!(at(699) < 0.6);
        assert_eq!(latent.lifecycle(730, true), Lifecycle::AtRisk);
        latent.churned = Some(500);
        assert_eq!(latent.lifecycle(730, true), Lifecycle::Lost);
    }
}
