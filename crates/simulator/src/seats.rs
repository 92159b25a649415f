//! Seat numbers of a narrow-body cabin.

use std::fmt;

use crate::dice::Dice;
use crate::fares::Cabin;
use crate::people::SeatLiking;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    pub row: u8,
    pub letter: char,
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.row, self.letter)
    }
}

/// A seat in the cabin; three times in four what the passenger likes.
pub(crate) fn seat(cabin: Cabin, liking: SeatLiking, dice: &mut Dice) -> Seat {
    let (rows, letters): ((i64, i64), &[char]) = match cabin {
        Cabin::First => ((1, 2), &['A', 'C', 'D', 'F']),
        Cabin::Business => ((3, 6), &['A', 'C', 'D', 'F']),
        Cabin::Premium => ((8, 10), &['A', 'B', 'C', 'D', 'E', 'F']),
        Cabin::Economy => ((11, 38), &['A', 'B', 'C', 'D', 'E', 'F']),
    };
    let granted = dice.chance(0.76);
    let letter = match liking {
        SeatLiking::Window if granted => *dice.pick(&['A', 'F']),
        SeatLiking::Aisle if granted => *dice.pick(&['C', 'D']),
        _ => *dice.pick(letters),
    };
    let last = if liking == SeatLiking::Front && granted {
        rows.0 + (rows.1 - rows.0) / 6
    } else {
        rows.1
    };
    Seat { row: dice.between(rows.0, last) as u8, letter }
}
