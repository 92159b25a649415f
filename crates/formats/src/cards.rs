//! Payment card numbers in free text. They must not be kept anywhere, so parsers put stars in
//! their place.

use std::borrow::Cow;

/// Puts stars for all digits but the last four of every payment card number in `text`. The number of
/// cards found comes back too.
///
/// A card number has 14 to 19 digits, alone or in groups with blanks or hyphens, begins like a card
/// of a known scheme (Visa, Mastercard, American Express, `UnionPay`, JCB, Discover, Diners) and
/// passes the check of ISO/IEC 7812. Ticket numbers have 13 digits and stay.
#[must_use]
pub fn masked(text: &str) -> (Cow<'_, str>, usize) {
    let mut out: Option<String> = None;
    let (mut at, mut copied, mut count) = (0, 0, 0);
    let bytes = text.as_bytes();
    while let Some(found) =
        bytes.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit))
    {
        let start = at + found;
        let run = run_of(bytes, start);
        if let Some(length) = run.card() {
            let end = start + length;
            let keep = text.get(end.saturating_sub(4)..end).unwrap_or_default();
            let out = out.get_or_insert_with(String::new);
            out.push_str(text.get(copied..start).unwrap_or_default());
            out.push_str("************");
            out.push_str(keep);
            (at, copied) = (end, end);
            count += 1;
        } else {
            // Another card may begin with the next group.
            at = start + run.first_group.max(1);
        }
    }
    match out {
        None => (Cow::Borrowed(text), 0),
        Some(mut out) => {
            out.push_str(text.get(copied..).unwrap_or_default());
            (Cow::Owned(out), count)
        }
    }
}

/// Digits in a row, single blanks and hyphens between groups of them.
struct Run {
    digits: [u8; 19],
    /// Offset behind each digit, from the start.
    ends: [usize; 19],
    count: usize,
    /// Length of the digits before the first blank or hyphen.
    first_group: usize,
    grouped: bool,
}

fn run_of(bytes: &[u8], start: usize) -> Run {
    let rest = bytes.get(start..).unwrap_or_default();
    let mut run = Run {
        digits: [0; 19],
        ends: [0; 19],
        count: 0,
        first_group: rest.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        grouped: false,
    };
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        if byte.is_ascii_digit() {
            if let (Some(digit), Some(end)) =
                (run.digits.get_mut(run.count), run.ends.get_mut(run.count))
            {
                (*digit, *end) = (byte - b'0', at + 1 - start);
            }
            run.count += 1;
            at += 1;
            if run.count > 19 {
                break;
            }
        } else if matches!(byte, b' ' | b'-') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            run.grouped = true;
            at += 1;
        } else {
            break;
        }
    }
    run
}

impl Run {
    /// Bytes of the card number at the start of the run, if there is one.
    fn card(&self) -> Option<usize> {
        let whole = self.count.min(20);
        let longest = if self.grouped { whole.min(19) } else { whole };
        if longest > 19 {
            return None;
        }
        // Digits that follow in another group may be an expiry.
        let shortest = if self.grouped { 14 } else { longest };
        (shortest.max(14)..=longest).rev().find_map(|count| {
            let digits = self.digits.get(..count)?;
            let fits = fits_a_scheme(digits) && passes_check(digits);
            fits.then(|| self.ends.get(count - 1).copied()).flatten()
        })
    }
}

fn fits_a_scheme(digits: &[u8]) -> bool {
    let number = |count: usize| {
        digits.iter().take(count).fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit))
    };
    let (two, four) = (number(2), number(4));
    match digits.len() {
        14 => matches!(two, 36 | 38) || (300..=305).contains(&number(3)),
        15 => matches!(two, 34 | 37),
        16 => {
            digits.first() == Some(&4)
                || (51..=55).contains(&two)
                || (2221..=2720).contains(&four)
                || two == 62
                || two == 65
                || four == 6011
                || (3528..=3589).contains(&four)
        }
        17..=19 => two == 62 || (digits.len() == 19 && digits.first() == Some(&4)),
        _ => false,
    }
}

/// The check digit of ISO/IEC 7812 (Luhn).
fn passes_check(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let values = digits.iter().rev().enumerate();
    let sum: u32 = values
        .map(|(at, digit)| u32::from(if at % 2 == 1 { doubled(*digit) } else { *digit }))
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_masked_and_other_numbers_stay() {
        let read = |text| masked(text).0.into_owned();
        assert_eq!(read("PAID VI4111111111111111/0127"), "PAID VI************1111/0127");
        assert_eq!(read("4111 1111 1111 1111 0127"), "************1111 0127");
        assert_eq!(read("AX 3782-822463-10005"), "AX ************0005");
        assert_eq!(read("TEL 123 4111-1111-1111-1111"), "TEL 123 ************1111");
        assert_eq!(read("CUP 6200000000000005 END"), "CUP ************0005 END");
        for kept in [
            "TKT 2982425696898",
            "4111111111111112",
            "FOID 110105194912310021",
            "CTCT 123 456 789 012 345",
            "CTCM 8613800138000",
            "é٣",
            "",
            "99999999999999999999999999",
        ] {
            assert_eq!(masked(kept), (Cow::Borrowed(kept), 0));
        }
    }
}
