//! Chinese resident identity numbers (GB 11643-1999): six digits of area, birth date, sequence
//! number (odd for men), check character by ISO 7064 MOD 11-2.

use chrono::NaiveDate;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// The check character of the first seventeen digits; `None` when they are not seventeen digits.
///
/// ```
/// assert_eq!(kernel::id_card::check_of("11010519491231002"), Some('X'));
/// ```
#[must_use]
pub fn check_of(body: &str) -> Option<char> {
    if body.len() != 17 || !body.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    CHECKS.get((sum % 11) as usize).map(|b| char::from(*b))
}

/// The eighteen-character form in capitals, when length, birth date and check character are right.
/// The old fifteen-digit form gets its century and check character.
///
/// ```
/// use kernel::id_card::normalise;
/// assert_eq!(normalise("11010519491231002x").as_deref(), Some("11010519491231002X"));
/// assert_eq!(normalise("110105491231002").as_deref(), Some("11010519491231002X"));
/// assert_eq!(normalise("110105194912310021"), None);
/// ```
#[must_use]
pub fn normalise(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    if !text.is_ascii() {
        return None;
    }
    let full = match text.len() {
        18 => text,
        15 => {
            let body = format!("{}19{}", &text[..6], &text[6..]);
            let check = check_of(&body)?;
            format!("{body}{check}")
        }
        _ => return None,
    };
    let right = check_of(&full[..17])? == char::from(full.as_bytes()[17]);
    (right && birth(&full).is_some()).then_some(full)
}

/// The holder's birth date, read from an eighteen-character number.
#[must_use]
pub fn birth(number: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(number.get(6..14)?, "%Y%m%d").ok()
}

/// Whether the holder is a man, read from an eighteen-character number.
#[must_use]
pub fn is_male(number: &str) -> Option<bool> {
    let digit = number.as_bytes().get(16).filter(|b| b.is_ascii_digit())?;
    Some((digit - b'0') % 2 == 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_standards_example() {
        let number = "11010519491231002X";
        assert_eq!(birth(number).map(|d| d.to_string()).as_deref(), Some("1949-12-31"));
        assert_eq!(is_male(number), Some(false));
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        let body = "11010519490230002";
        let number = format!("{body}{}", check_of(body).unwrap_or('?'));
        assert_eq!(normalise(&number), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,20}") {
            let _ = (normalise(&text), birth(&text), is_male(&text));
        }
    }
}
