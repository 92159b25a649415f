//! One spelling for everything typed into a search field.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form texts are compared in: small letters without diacritics, blanks or punctuation, full
/// width made narrow, letters with a stroke made plain. Chinese characters stay.
///
/// ```
/// use kernel::names::fold;
/// assert_eq!(fold("  ＺＨＯＵ Qí-míng "), "zhouqiming");
/// assert_eq!(fold("Søren Müller-Groß"), "sorenmullergross");
/// assert_eq!(fold("阿依古丽 · 买买提"), "阿依古丽买买提");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        out.extend(
            text.bytes()
                .filter(u8::is_ascii_alphanumeric)
                .map(|b| char::from(b.to_ascii_lowercase())),
        );
        return out;
    }
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match plain_letter(c) {
            Some(letters) => out.push_str(letters),
            None if c.is_alphanumeric() && !is_combining_mark(c) => out.push(c),
            None => {}
        }
    }
    out
}

/// Letters that do not fall apart into a base and a mark.
fn plain_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ı' => "i",
        'þ' => "th",
        'ħ' => "h",
        _ => return None,
    })
}

/// Full-width letters, digits and signs made narrow (NFKC); everything else as it is.
#[must_use]
pub fn narrow(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfkc().collect() }
}

/// Whether the character is a Chinese one (the unified ideographs and their extensions, `〇`).
#[must_use]
pub fn is_hanzi(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{323AF}'
        | '\u{F900}'..='\u{FAFF}' | '〇')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fold;

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn blanks_and_capitals_do_not_count(text in "[a-zA-Z '\\-]{0,20}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text.replace([' ', '-', '\''], "")));
        }
    }
}
