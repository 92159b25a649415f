//! Jaro–Winkler similarity (Jaro 1989; Winkler 1990).

use super::{Letters, letters};

/// Letters two texts may share at the front for Winkler's bonus.
const PREFIX: usize = 4;
/// The bonus for each of them, as a share of what is missing to 1.
const SCALE: f64 = 0.1;
/// Below this Jaro similarity there is no bonus (Winkler's own programs, 1994).
const BOOST_FROM: f64 = 0.7;

/// 0 for nothing in common, 1 for equal texts.
///
/// ```
/// use matching::text::jaro_winkler;
/// assert!((jaro_winkler("MARTHA", "MARHTA") - 0.9611).abs() < 1e-4);
/// assert!((jaro_winkler("DWAYNE", "DUANE") - 0.8400).abs() < 1e-4);
/// assert_eq!(jaro_winkler("周启明", "周启明"), 1.0);
/// ```
#[must_use]
pub fn jaro_winkler(left: &str, right: &str) -> f64 {
    if left == right {
        return 1.0;
    }
    letters(left, right, JaroWinkler)
}

struct JaroWinkler;

impl Letters<f64> for JaroWinkler {
    fn bytes(self, left: &[u8], right: &[u8]) -> f64 {
        winkler(left, right)
    }

    fn chars(self, left: &[char], right: &[char]) -> f64 {
        winkler(left, right)
    }
}

fn winkler<T: PartialEq + Copy>(left: &[T], right: &[T]) -> f64 {
    let jaro = jaro(left, right);
    if jaro <= BOOST_FROM {
        return jaro;
    }
    let same = left.iter().zip(right).take(PREFIX).take_while(|(a, b)| a == b).count();
    jaro + same as f64 * SCALE * (1.0 - jaro)
}

fn jaro<T: PartialEq + Copy>(left: &[T], right: &[T]) -> f64 {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.is_empty() {
        return if long.is_empty() { 1.0 } else { 0.0 };
    }
    let reach = (long.len() / 2).saturating_sub(1);
    let (common, moved) = if long.len() <= 64 {
        common_short(short, long, reach)
    } else {
        common_long(short, long, reach)
    };
    if common == 0 {
        return 0.0;
    }
    let common = common as f64;
    let moved = (moved / 2) as f64;
    (common / short.len() as f64 + common / long.len() as f64 + (common - moved) / common) / 3.0
}

/// Common letters and how many of them stand in another order; the letters taken are bits.
fn common_short<T: PartialEq + Copy>(short: &[T], long: &[T], reach: usize) -> (usize, usize) {
    let (mut of_short, mut of_long) = (0_u64, 0_u64);
    for (at, letter) in short.iter().enumerate() {
        let from = at.saturating_sub(reach);
        let to = (at + reach + 1).min(long.len());
        for (other, candidate) in long.iter().enumerate().take(to).skip(from) {
            if of_long >> other & 1 == 0 && candidate == letter {
                of_short |= 1 << at;
                of_long |= 1 << other;
                break;
            }
        }
    }
    let common = of_short.count_ones() as usize;
    let mut moved = 0;
    let (mut a, mut b) = (of_short, of_long);
    while a != 0 {
        moved +=
            usize::from(short[a.trailing_zeros() as usize] != long[b.trailing_zeros() as usize]);
        a &= a - 1;
        b &= b - 1;
    }
    (common, moved)
}

fn common_long<T: PartialEq + Copy>(short: &[T], long: &[T], reach: usize) -> (usize, usize) {
    let mut taken = vec![false; long.len()];
    let mut of_short = Vec::new();
    for (at, letter) in short.iter().enumerate() {
        let from = at.saturating_sub(reach);
        let to = (at + reach + 1).min(long.len());
        let found = (from..to).find(|other| !taken[*other] && long[*other] == *letter);
        if let Some(other) = found {
            taken[other] = true;
            of_short.push(*letter);
        }
    }
    let of_long = long.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(letter, _)| letter);
    let moved = of_short.iter().zip(of_long).filter(|(a, b)| a != b).count();
    (of_short.len(), moved)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_papers_examples() {
        for (left, right, similarity) in [
            ("DIXON", "DICKSONX", 0.8133),
            ("JELLYFISH", "SMELLYFISH", 0.8962),
            ("", "", 1.0),
            ("A", "", 0.0),
            ("ABC", "XYZ", 0.0),
        ] {
            assert!((jaro_winkler(left, right) - similarity).abs() < 1e-4, "{left} {right}");
        }
    }

    proptest! {
        #[test]
        fn the_jaro_part_equals_strsim(left in "[a-e]{0,90}", right in "[a-e]{0,90}") {
            let ours = jaro(left.as_bytes(), right.as_bytes());
            prop_assert!((ours - strsim::jaro(&left, &right)).abs() < 1e-9);
        }

        #[test]
        fn both_ways_are_one(left in "[a-c]{0,12}", right in "[a-c]{0,12}") {
            let (there, back) = (jaro_winkler(&left, &right), jaro_winkler(&right, &left));
            prop_assert!((there - back).abs() < 1e-12);
        }
    }
}
