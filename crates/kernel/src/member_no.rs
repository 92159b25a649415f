//! Member numbers: nine digits and a check digit (Luhn, ISO/IEC 7812-1 annex B).
//!
//! The check digit catches every single wrong digit and every swap of neighbours but 09 and 90.

/// Digits of a member number as issued, the check digit included.
pub const LENGTH: usize = 10;

/// The member number for a serial number: padded to nine digits, check digit last.
///
/// ```
/// use kernel::member_no;
/// assert_eq!(member_no::with_check(621_804_573), "6218045737");
/// assert_eq!(member_no::with_check(1), "0000000018");
/// ```
#[must_use]
pub fn with_check(base: u64) -> String {
    let mut number = format!("{base:09}");
    let check = (10 - sum(number.bytes().rev(), true) % 10) % 10;
    number.push(char::from(b'0' + check));
    number
}

/// Whether the text, blanks and hyphens aside, is ten or more digits with a right check digit.
///
/// ```
/// use kernel::member_no;
/// assert!(member_no::is_valid("6218 0457 37"));
/// assert!(!member_no::is_valid("6218 0457 31"));
/// assert!(!member_no::is_valid("6218 0457 3"));
/// ```
#[must_use]
pub fn is_valid(text: &str) -> bool {
    let number = plain(text);
    number.len() >= LENGTH
        && number.bytes().all(|b| b.is_ascii_digit())
        && sum(number.bytes().rev(), false).is_multiple_of(10)
}

/// The number without blanks and hyphens, as stored and searched.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// The number in groups of four, as printed on the card.
///
/// ```
/// assert_eq!(kernel::member_no::grouped("6218045731"), "6218 0457 31");
/// ```
#[must_use]
pub fn grouped(number: &str) -> String {
    let mut out = String::with_capacity(number.len() + number.len() / 4);
    for (place, digit) in number.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// Luhn's sum from the right, every second digit doubled, starting with `double`.
fn sum(digits: impl Iterator<Item = u8>, double: bool) -> u8 {
    let mut double = double;
    let mut total = 0_u8;
    for digit in digits.map(|b| b - b'0') {
        let value = if double { digit * 2 } else { digit };
        total = (total + value / 10 + value % 10) % 10;
        double = !double;
    }
    total
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn made_numbers_are_valid(base in 0_u64..1_000_000_000) {
            let number = with_check(base);
            prop_assert_eq!(number.len(), LENGTH);
            prop_assert!(is_valid(&number));
            prop_assert_eq!(plain(&grouped(&number)), number);
        }

        #[test]
        fn one_wrong_digit_is_found(
            base in 0_u64..1_000_000_000,
            place in 0_usize..10,
            by in 1_u8..10,
        ) {
            let mut digits = with_check(base).into_bytes();
            digits[place] = b'0' + (digits[place] - b'0' + by) % 10;
            prop_assert!(!is_valid(&String::from_utf8_lossy(&digits)));
        }

        #[test]
        fn no_text_breaks_the_check(text in "\\PC*") {
            let _ = is_valid(&text);
        }
    }
}
