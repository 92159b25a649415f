//! Booking classes, their cabin and discount coefficient, and what a seat costs.

use kernel::{Currency, Money};

use crate::dice::Dice;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cabin {
    First,
    Business,
    Premium,
    Economy,
}

impl Cabin {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Business => "business",
            Self::Premium => "premium",
            Self::Economy => "economy",
        }
    }
}

/// A booking class: letter, cabin, and its value relative to full economy in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookingClass {
    pub letter: char,
    pub cabin: Cabin,
    pub hundredths: u16,
}

const fn class(letter: char, cabin: Cabin, hundredths: u16) -> BookingClass {
    BookingClass { letter, cabin, hundredths }
}

/// All booking classes, dearest first. `X` is a ticket bought with miles.
pub const CLASSES: [BookingClass; 20] = [
    class('F', Cabin::First, 150),
    class('A', Cabin::First, 140),
    class('J', Cabin::Business, 130),
    class('C', Cabin::Business, 125),
    class('D', Cabin::Business, 115),
    class('W', Cabin::Premium, 110),
    class('G', Cabin::Premium, 105),
    class('Y', Cabin::Economy, 100),
    class('B', Cabin::Economy, 90),
    class('M', Cabin::Economy, 85),
    class('U', Cabin::Economy, 80),
    class('H', Cabin::Economy, 75),
    class('Q', Cabin::Economy, 70),
    class('V', Cabin::Economy, 60),
    class('L', Cabin::Economy, 55),
    class('K', Cabin::Economy, 50),
    class('E', Cabin::Economy, 40),
    class('T', Cabin::Economy, 35),
    class('S', Cabin::Economy, 25),
    class('X', Cabin::Economy, 0),
];

/// What decides the class somebody books.
pub(crate) struct Wish {
    pub(crate) business: bool,
    /// 0 pays any price, 1 takes the cheapest.
    pub(crate) sensitivity: f64,
    /// Chance of sitting in front.
    pub(crate) premium: f64,
    pub(crate) lead_days: i64,
    pub(crate) peak: bool,
    pub(crate) km: i64,
}

/// The class booked. Late, in the high season or on the company's account costs more.
pub(crate) fn choose(wish: &Wish, dice: &mut Dice) -> BookingClass {
    let longing = wish.premium * if wish.km > 4_000 { 1.3 } else { 1.0 };
    if dice.chance(longing.min(0.95)) {
        return match dice.unit() {
            x if x < 0.06 => CLASSES[0],
            x if x < 0.12 => CLASSES[1],
            x if x < 0.32 => CLASSES[2],
            x if x < 0.58 => CLASSES[3],
            x if x < 0.80 => CLASSES[4],
            x if x < 0.90 => CLASSES[5],
            _ => CLASSES[6],
        };
    }
    let mut level = 0.78 - 0.34 * wish.sensitivity + 0.11 * dice.normal();
    level += if wish.business { 0.09 } else { 0.0 };
    level += match wish.lead_days {
        ..=3 => 0.14,
        4..=10 => 0.04,
        11..=30 => -0.03,
        _ => -0.10,
    };
    level += if wish.peak { 0.08 } else { 0.0 };
    let target = (level.clamp(0.25, 1.0) * 100.0) as i32;
    let economy = &CLASSES[7..19];
    *economy.iter().min_by_key(|c| (i32::from(c.hundredths) - target).abs()).unwrap_or(&CLASSES[7])
}

/// The ticket for miles.
pub(crate) fn award() -> BookingClass {
    CLASSES[19]
}

/// The price of a seat without taxes: a full fare that grows less than the distance, times the
/// class's part of it, in whole tens of yuan.
pub(crate) fn price(class: BookingClass, km: i64, peak: bool, dice: &mut Dice) -> Money {
    let distance = km as f64;
    let full = 250.0 + 1.05 * distance * (1.0 - distance.min(9_000.0) / 20_000.0);
    let cabin = match class.cabin {
        Cabin::First => 2.0,
        Cabin::Business => 1.6,
        Cabin::Premium => 1.1,
        Cabin::Economy => 1.0,
    };
    let season = if peak { 1.08 } else { 1.0 };
    let share = f64::from(class.hundredths) / 100.0;
    let yuan = full * share * cabin * season * (1.0 + 0.05 * dice.normal()).clamp(0.85, 1.15);
    Money::new((yuan / 10.0).round() as i64 * 1_000, Currency::CNY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    fn mean(wish: &Wish) -> f64 {
        let mut dice = Dice::new(5, 5, Stream::Travel);
        (0..4_000).map(|_| f64::from(choose(wish, &mut dice).hundredths)).sum::<f64>() / 4_000.0
    }

    #[test]
    fn the_thrifty_and_early_pay_less() {
        let base = Wish {
            business: false,
            sensitivity: 0.9,
            premium: 0.0,
            lead_days: 40,
            peak: false,
            km: 1_200,
        };
        let late = Wish { business: true, sensitivity: 0.2, lead_days: 2, ..base };
        let front = Wish { premium: 0.9, ..late };
        let means = [mean(&base), mean(&late), mean(&front)];
        assert!(means[0] < 50.0 && means[1] > 85.0 && means[2] > 110.0, "{means:?}");
    }

    #[test]
    fn classes_are_unique_and_fall() {
        assert!(CLASSES.windows(2).all(|w| w[0].hundredths > w[1].hundredths));
        let letters: std::collections::HashSet<_> = CLASSES.iter().map(|c| c.letter).collect();
        assert_eq!(letters.len(), CLASSES.len());
    }

    #[test]
    fn fares_are_plausible() {
        let mut dice = Dice::new(5, 5, Stream::Travel);
        let full = price(CLASSES[7], 1_200, false, &mut dice).minor;
        assert!((100_000..200_000).contains(&full), "{full}");
        assert_eq!(full % 1_000, 0);
        assert_eq!(price(award(), 1_200, true, &mut dice).minor, 0);
    }
}
