//! The tier a member holds, by what they flew: 12 months together, silver 40,000 km or 25
//! segments, gold 80,000 or 40, platinum 160,000 or 90; lifetime platinum at a million kilometres.
//! A tier is kept to the end of the 24th month after it was reached.

use kernel::dates;

use crate::calendar::Calendar;
use crate::travel::{Segment, Status};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    Ordinary,
    Silver,
    Gold,
    Platinum,
    LifetimePlatinum,
}

impl Tier {
    pub const ALL: [Self; 5] =
        [Self::Ordinary, Self::Silver, Self::Gold, Self::Platinum, Self::LifetimePlatinum];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Silver => "silver",
            Self::Gold => "gold",
            Self::Platinum => "platinum",
            Self::LifetimePlatinum => "lifetime-platinum",
        }
    }

    fn reached(km: i64, segments: u32) -> Self {
        match (km, segments) {
            (160_000.., _) | (_, 90..) => Self::Platinum,
            (80_000.., _) | (_, 40..) => Self::Gold,
            (40_000.., _) | (_, 25..) => Self::Silver,
            _ => Self::Ordinary,
        }
    }
}

const LIFETIME_KM: i64 = 1_000_000;

/// The tier on the window's last day. `km_before` are the kilometres flown before the window.
pub(crate) fn tier(segments: &[Segment], km_before: i64, calendar: &Calendar) -> Tier {
    let first = dates::month_start(calendar.window.from);
    let months = dates::months_between(first, calendar.window.to) as usize + 1;
    let mut km = vec![0; months];
    let mut flown = vec![0; months];
    for segment in segments.iter().filter(|s| s.status == Status::Flown && s.class.hundredths > 0) {
        let month = dates::months_between(first, segment.flight_date) as usize;
        km[month] += segment.km.0;
        flown[month] += 1;
    }
    if km_before + km.iter().sum::<i64>() >= LIFETIME_KM {
        return Tier::LifetimePlatinum;
    }
    // Tiers reached longer ago than 24 months have run out.
    (months.saturating_sub(24)..months)
        .map(|last| {
            let year = last.saturating_sub(11)..=last;
            Tier::reached(km[year.clone()].iter().sum(), flown[year].iter().sum())
        })
        .max()
        .unwrap_or(Tier::Ordinary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds() {
        assert_eq!(Tier::reached(39_999, 24), Tier::Ordinary);
        assert_eq!(Tier::reached(40_000, 0), Tier::Silver);
        assert_eq!(Tier::reached(0, 25), Tier::Silver);
        assert_eq!(Tier::reached(79_999, 39), Tier::Silver);
        assert_eq!(Tier::reached(80_000, 0), Tier::Gold);
        assert_eq!(Tier::reached(0, 40), Tier::Gold);
        assert_eq!(Tier::reached(159_999, 89), Tier::Gold);
        assert_eq!(Tier::reached(160_000, 0), Tier::Platinum);
        assert_eq!(Tier::reached(0, 90), Tier::Platinum);
    }
}
