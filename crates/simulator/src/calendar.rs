//! When people fly: Chinese New Year, May holiday, summer, Golden Week, days of the week.

use chrono::{Datelike, NaiveDate};
use kernel::Period;

use crate::dice::{Dice, cumulative};

/// Why somebody travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    Business,
    Leisure,
    /// Students and workers between the place they live and the family's home.
    Homeward,
}

impl Purpose {
    pub(crate) const ALL: [Self; 3] = [Self::Business, Self::Leisure, Self::Homeward];
}

/// First day of the lunar year, month and day, from 2010 on.
const LUNAR_NEW_YEAR: [(u32, u32); 31] = [
    (2, 14),
    (2, 3),
    (1, 23),
    (2, 10),
    (1, 31),
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 16),
    (2, 5),
    (1, 25),
    (2, 12),
    (2, 1),
    (1, 22),
    (2, 10),
    (1, 29),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 3),
    (1, 23),
    (2, 11),
    (1, 31),
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 15),
    (2, 4),
    (1, 24),
    (2, 12),
];

/// The days of one observation window with their weights, by purpose.
pub(crate) struct Calendar {
    pub(crate) window: Period,
    /// Rising sums of daily weights whose mean is 1; one list a purpose.
    edges: [Vec<f64>; 3],
    peak: Vec<bool>,
}

impl Calendar {
    pub(crate) fn new(window: Period) -> Self {
        let days: Vec<NaiveDate> =
            window.from.iter_days().take_while(|day| *day <= window.to).collect();
        let edges = Purpose::ALL.map(|purpose| {
            let weights: Vec<f64> = days.iter().map(|day| weight(purpose, *day)).collect();
            let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
            cumulative(weights.into_iter().map(|w| w / mean))
        });
        let peak = days.iter().map(|day| season(Purpose::Leisure, *day) > 1.5).collect();
        Self { window, edges, peak }
    }

    pub(crate) fn length(&self) -> i32 {
        self.peak.len() as i32
    }

    pub(crate) fn day(&self, offset: i32) -> NaiveDate {
        self.window.from + chrono::Duration::days(i64::from(offset))
    }

    /// Sum of the weights from day `from` on: the window's length in average days.
    pub(crate) fn mass(&self, purpose: Purpose, from: i32) -> f64 {
        let edges = &self.edges[purpose as usize];
        edges.last().copied().unwrap_or(0.0) - before(edges, from)
    }

    /// A day from `from` on, as likely as its weight.
    pub(crate) fn draw(&self, purpose: Purpose, from: i32, dice: &mut Dice) -> i32 {
        let edges = &self.edges[purpose as usize];
        let at = before(edges, from) + dice.unit() * self.mass(purpose, from);
        (edges.partition_point(|edge| *edge <= at) as i32).min(self.length() - 1)
    }

    /// Whether holiday makers fill the flights that day.
    pub(crate) fn is_peak(&self, offset: i32) -> bool {
        usize::try_from(offset).ok().and_then(|at| self.peak.get(at)).copied().unwrap_or(false)
    }
}

fn before(edges: &[f64], from: i32) -> f64 {
    usize::try_from(from - 1).ok().and_then(|at| edges.get(at)).copied().unwrap_or(0.0)
}

fn weight(purpose: Purpose, day: NaiveDate) -> f64 {
    // Monday first.
    let week = match purpose {
        Purpose::Business => [1.25, 1.1, 1.05, 1.1, 1.05, 0.3, 0.6],
        Purpose::Leisure => [0.85, 0.75, 0.8, 0.95, 1.25, 1.25, 1.15],
        Purpose::Homeward => [0.95, 0.85, 0.9, 1.0, 1.2, 1.1, 1.0],
    };
    season(purpose, day) * week[day.weekday().num_days_from_monday() as usize]
}

fn season(purpose: Purpose, day: NaiveDate) -> f64 {
    let spring = days_from_new_year(day);
    let (month, date) = (day.month(), day.day());
    let golden_week = (month == 10 && date <= 7) || (month == 9 && date >= 29);
    let may = month == 5 && date <= 5;
    let summer = matches!(month, 7 | 8);
    match purpose {
        Purpose::Business => match () {
            () if (-3..=7).contains(&spring) => 0.2,
            () if golden_week && month == 10 => 0.25,
            () if may => 0.4,
            () if matches!(month, 3 | 4 | 6 | 9 | 11) => 1.1,
            () => 0.95,
        },
        Purpose::Leisure => match () {
            () if (-6..=9).contains(&spring) => 2.4,
            () if golden_week => 2.3,
            () if may => 1.9,
            () if summer => 1.75,
            () if matches!(month, 4 | 5 | 10) => 0.95,
            () => 0.7,
        },
        Purpose::Homeward => match () {
            () if (-16..=-1).contains(&spring) => 5.0,
            () if golden_week => 2.4,
            () if may => 1.8,
            () if (month == 7 && date <= 15) || (month == 6 && date >= 25) => 2.2,
            () if summer => 1.1,
            () => 0.4,
        },
    }
}

/// Days after the lunar new year nearest to `day`; negative before it.
fn days_from_new_year(day: NaiveDate) -> i64 {
    let (month, date) = usize::try_from(day.year() - 2010)
        .ok()
        .and_then(|at| LUNAR_NEW_YEAR.get(at))
        .copied()
        .unwrap_or((2, 5));
    NaiveDate::from_ymd_opt(day.year(), month, date).map_or(i64::MAX, |new| (day - new).num_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    fn calendar() -> Calendar {
        let until = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        Calendar::new(Period::months_ending(until, 24))
    }

    #[test]
    fn mean_weight_is_one() {
        let calendar = calendar();
        assert_eq!(calendar.length(), 730);
        for purpose in Purpose::ALL {
            assert!((calendar.mass(purpose, 0) - 730.0).abs() < 1e-6);
            assert!(calendar.mass(purpose, 400) < calendar.mass(purpose, 300));
        }
    }

    #[test]
    fn holidays_move_with_the_lunar_year() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(days_from_new_year(day("2026-02-17")), 0);
        assert_eq!(days_from_new_year(day("2025-01-28")), -1);
        assert!(season(Purpose::Homeward, day("2026-02-10")) > 4.0);
        assert!(season(Purpose::Homeward, day("2025-02-10")) < 1.0);
    }

    #[test]
    fn drawn_days_lie_in_the_window() {
        let calendar = calendar();
        let mut dice = Dice::new(3, 4, Stream::Travel);
        for _ in 0..5_000 {
            let day = calendar.draw(Purpose::Leisure, 500, &mut dice);
            assert!((500..730).contains(&day));
        }
        assert_eq!(calendar.day(729), calendar.window.to);
    }
}
