//! Personal data that cannot leak by accident, and how it looks when masked.

use std::fmt;

use serde::{Deserialize, Deserializer};

const DOTS: &str = "•••";

/// A value that tells nothing of itself to logs, errors or templates.
///
/// `Debug` and `Display` print dots, and there is no `Serialize`: whoever needs the value says
/// [`reveal`](Self::reveal), where a reviewer can see it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(value)
    }

    #[must_use]
    pub fn reveal(&self) -> &T {
        &self.0
    }

    #[must_use]
    pub fn into_revealed(self) -> T {
        self.0
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DOTS)
    }
}

impl<T> fmt::Display for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DOTS)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::deserialize(from).map(Self)
    }
}

/// A telephone number with its middle hidden; a country prefix `+86` stays.
///
/// Eleven digits and more keep the first three and last four, seven to ten the last three, fewer
/// none.
///
/// ```
/// use kernel::personal::mask_phone;
/// assert_eq!(mask_phone("13812345678"), "138****5678");
/// assert_eq!(mask_phone("+86 138 1234 5678"), "+86 138****5678");
/// assert_eq!(mask_phone("85212345"), "*****345");
/// assert_eq!(mask_phone("110"), "***");
/// ```
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let phone = phone.trim();
    let (prefix, rest) = match phone.strip_prefix("+86") {
        Some(rest) => ("+86 ", rest),
        None => ("", phone),
    };
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let masked = match digits.len() {
        11.. => hide(&digits, 3, 4),
        7..=10 => hide(&digits, 0, 3),
        _ => hide(&digits, 0, 0),
    };
    format!("{prefix}{masked}")
}

/// An e-mail address with all but its first letter hidden before the `@`.
///
/// ```
/// use kernel::personal::mask_email;
/// assert_eq!(mask_email("anna@example.com"), "a***@example.com");
/// assert_eq!(mask_email("no address"), "***");
/// ```
#[must_use]
pub fn mask_email(email: &str) -> String {
    match email.trim().rsplit_once('@') {
        Some((user, host)) if !user.is_empty() => {
            let first: String = user.chars().take(1).collect();
            format!("{first}***@{host}")
        }
        _ => "***".to_owned(),
    }
}

/// A document number: identity cards (15 or 18 characters) keep three and four, others of at least
/// six characters keep two and two, shorter ones nothing.
///
/// ```
/// use kernel::personal::mask_document;
/// assert_eq!(mask_document("11010519491231002X"), "110***********002X");
/// assert_eq!(mask_document("E12345678"), "E1*****78");
/// assert_eq!(mask_document("12345"), "*****");
/// ```
#[must_use]
pub fn mask_document(number: &str) -> String {
    let number = number.trim();
    match number.chars().count() {
        15 | 18 => hide(number, 3, 4),
        6.. => hide(number, 2, 2),
        _ => hide(number, 0, 0),
    }
}

/// A name for people who may not see it: `周**`, `Z*** Q***`. Permitted staff see names unmasked.
///
/// ```
/// use kernel::personal::mask_name;
/// assert_eq!(mask_name("周启明"), "周**");
/// assert_eq!(mask_name("ZHOU Qiming"), "Z*** Q***");
/// ```
#[must_use]
pub fn mask_name(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(mask_word).collect();
    words.join(" ")
}

fn mask_word(word: &str) -> String {
    let first: String = word.chars().take(1).collect();
    if first.is_ascii() { format!("{first}***") } else { hide(word, 1, 0) }
}

/// The text with `head` characters kept in front, `tail` at the end, a star for each other.
fn hide(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    text.chars()
        .enumerate()
        .map(|(place, c)| if place < head || place + tail >= length { c } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_whatever_the_value() {
        let secret = Personal::new("周启明".to_owned());
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "••• ••• Some(•••)");
        assert_eq!(secret.reveal(), "周启明");
    }

    #[test]
    fn masks_count_on_both_sides_of_their_limits() {
        assert_eq!(mask_phone("1234567890"), "*******890");
        assert_eq!(mask_phone("1234567"), "****567");
        assert_eq!(mask_phone("123456"), "******");
        assert_eq!(mask_document("123456"), "12**56");
        assert_eq!(mask_document("110105491231002"), "110********1002");
        assert_eq!(mask_document("1234567890123456"), "12************56");
        assert_eq!(mask_email("@example.com"), "***");
        assert_eq!(mask_email("a@b@example.com"), "a***@example.com");
    }
}
