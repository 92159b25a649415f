//! Telephone numbers in one form, so that the same number is found however it was typed.

/// The number in international form (`+8613812345678`), or `None` when it is no number.
///
/// Accepts blanks, hyphens, dots and brackets, `00` or `+` before the country, and mainland
/// Chinese numbers without one: mobile (`1[3-9]` and nine digits) and fixed lines with their area
/// code (`0` and nine to eleven digits).
///
/// ```
/// use kernel::phone::normalise;
/// let same = ["138 1234 5678", "+86-138-1234-5678", "008613812345678", "(138)12345678"];
/// for written in same {
///     assert_eq!(normalise(written).as_deref(), Some("+8613812345678"));
/// }
/// assert_eq!(normalise("010-8888 7777").as_deref(), Some("+861088887777"));
/// assert_eq!(normalise("+44 20 7946 0000").as_deref(), Some("+442079460000"));
/// assert_eq!(normalise("12345"), None);
/// assert_eq!(normalise("call me"), None);
/// ```
#[must_use]
pub fn normalise(text: &str) -> Option<String> {
    let ascii = crate::names::narrow(text);
    let mut digits = String::new();
    let mut plus = false;
    for c in ascii.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() && !plus => plus = true,
            ' ' | '-' | '.' | '(' | ')' | '/' => {}
            _ => return None,
        }
    }
    if !plus && let Some(rest) = digits.strip_prefix("00") {
        digits = rest.to_owned();
        plus = true;
    }
    if plus {
        let right = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
        return right.then(|| format!("+{digits}"));
    }
    let bytes = digits.as_bytes();
    let mobile = bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]);
    if mobile {
        return Some(format!("+86{digits}"));
    }
    let with_country = bytes.len() == 13 && digits.starts_with("861");
    if with_country {
        return Some(format!("+{digits}"));
    }
    match digits.strip_prefix('0') {
        Some(line) if (9..=11).contains(&line.len()) => Some(format!("+86{line}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::normalise;

    #[test]
    fn limits() {
        assert_eq!(normalise("12812345678"), None);
        assert_eq!(normalise("１３８１２３４５６７８").as_deref(), Some("+8613812345678"));
        assert_eq!(normalise("1381234567"), None);
        assert_eq!(normalise("+1234567").as_deref(), Some("+1234567"));
        assert_eq!(normalise("+123456"), None);
        assert_eq!(normalise("+1234567890123456"), None);
        assert_eq!(normalise("1+38"), None);
    }

    proptest! {
        #[test]
        fn twice_is_once(text in "[-+() 0-9]{0,20}") {
            if let Some(once) = normalise(&text) {
                prop_assert_eq!(normalise(&once), Some(once));
            }
        }
    }
}
