//! Edit distance with neighbouring letters swapped as one edit (optimal string alignment).

use super::{Letters, letters};

/// Longest text a row of the table is kept for on the stack.
const ROOM: usize = 64;

/// Insertions, deletions, substitutions and swaps of neighbours that lead from one text to the
/// other; `None` when there are more than `most`.
///
/// ```
/// use matching::text::edits;
/// assert_eq!(edits("smith", "smiht", 2), Some(1));
/// assert_eq!(edits("smith", "smyth", 0), None);
/// assert_eq!(edits("王伟", "王玮", 1), Some(1));
/// ```
#[must_use]
pub fn edits(left: &str, right: &str, most: u8) -> Option<u8> {
    if left == right {
        return Some(0);
    }
    letters(left, right, Edits(most))
}

struct Edits(u8);

impl Letters<Option<u8>> for Edits {
    fn bytes(self, left: &[u8], right: &[u8]) -> Option<u8> {
        bounded(left, right, self.0)
    }

    fn chars(self, left: &[char], right: &[char]) -> Option<u8> {
        bounded(left, right, self.0)
    }
}

fn bounded<T: PartialEq + Copy>(left: &[T], right: &[T], most: u8) -> Option<u8> {
    if left.len().abs_diff(right.len()) > usize::from(most) {
        return None;
    }
    let front = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[front..], &right[front..]);
    let back = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[..left.len() - back], &right[..right.len() - back]);
    let width = right.len() + 1;
    if width <= ROOM {
        let mut rows = [[0_u8; ROOM]; 3];
        let [before, last, now] = &mut rows;
        aligned(left, right, most, [&mut before[..width], &mut last[..width], &mut now[..width]])
    } else {
        let mut rows = vec![0_u8; width * 3];
        let (before, rest) = rows.split_at_mut(width);
        let (last, now) = rest.split_at_mut(width);
        aligned(left, right, most, [before, last, now])
    }
}

/// The last three rows of the alignment table; cells saturate at 255, far above any `most`.
fn aligned<T: PartialEq>(
    left: &[T],
    right: &[T],
    most: u8,
    [mut before, mut last, mut now]: [&mut [u8]; 3],
) -> Option<u8> {
    for (at, cell) in last.iter_mut().enumerate() {
        *cell = u8::try_from(at).unwrap_or(u8::MAX);
    }
    for (i, a) in left.iter().enumerate() {
        now[0] = u8::try_from(i + 1).unwrap_or(u8::MAX);
        let mut least = now[0];
        for (j, b) in right.iter().enumerate() {
            let replaced = last[j].saturating_add(u8::from(a != b));
            let mut cell =
                replaced.min(last[j + 1].saturating_add(1)).min(now[j].saturating_add(1));
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                cell = cell.min(before[j - 1].saturating_add(1));
            }
            now[j + 1] = cell;
            least = least.min(cell);
        }
        // A swap reaches back two rows, so one bad row is not the end; two are.
        if least > most && last.iter().all(|cell| *cell > most) {
            return None;
        }
        (before, last, now) = (last, now, before);
    }
    let found = last[right.len()];
    (found <= most).then_some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn equals_strsim(left in "[a-c]{0,80}", right in "[a-c]{0,80}", most in 0_u8..6) {
            let whole = strsim::osa_distance(&left, &right);
            let ours = edits(&left, &right, most).map(usize::from);
            prop_assert_eq!(ours, (whole <= usize::from(most)).then_some(whole));
        }

        #[test]
        fn short_words_too(left in "[a-c]{0,6}", right in "[a-c]{0,6}", most in 0_u8..4) {
            let whole = strsim::osa_distance(&left, &right);
            let ours = edits(&left, &right, most).map(usize::from);
            prop_assert_eq!(ours, (whole <= usize::from(most)).then_some(whole));
        }
    }
}
