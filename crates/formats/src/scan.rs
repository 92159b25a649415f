//! Small readers that the operational messages share.

use crate::text;

/// Lines without the blanks and control characters around them, empty ones left out.
pub(crate) fn full_lines(body: &str) -> impl Iterator<Item = &str> {
    text::lines(body).map(|line| trimmed(line.text)).filter(|line| !line.is_empty())
}

/// Without the blanks and control characters around it.
pub(crate) fn trimmed(line: &str) -> &str {
    line.trim_matches(|ch: char| ch.is_whitespace() || ch.is_control())
}

/// The first word and what follows it, blanks between them gone.
pub(crate) fn word(line: &str) -> (&str, &str) {
    let line = line.trim_start();
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    let (word, rest) = line.split_at_checked(end).unwrap_or((line, ""));
    (word, rest.trim_start())
}

/// The digits `text` begins with, and the rest.
pub(crate) fn leading_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// All of `text` as a number: digits only, no sign.
pub(crate) fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Not empty, and only capital letters and digits.
pub(crate) fn capital_code(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    !text.is_empty() && text.bytes().all(plain)
}

/// The text of a line that begins with `SI` (supplementary information): `SI DEICING`, `SI/…`,
/// `SI:…`. None for words that only begin with these letters.
pub(crate) fn supplementary(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("SI")?;
    match rest.chars().next() {
        None => Some(rest),
        Some(' ' | '\t' | '/' | ':' | '.' | '-') => Some(rest[1..].trim()),
        Some(_) => None,
    }
}
