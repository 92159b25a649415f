//! Readings of Chinese names: where the surname ends, how it sounds, how it is spelt.

use pinyin::ToPinyin;

use super::DOT;
use super::tables::{COMPOUND, GIVEN, SURNAMES, TIBETAN, TIBETAN_ALONE};

/// Surname and given name of a tidy native name, in that order whatever the written order.
///
/// With a dot the part after the last one is the father's or family name: 阿依古丽·买买提.
pub(super) fn split(native: &str) -> (&str, &str) {
    if let Some((given, surname)) = native.rsplit_once(DOT) {
        return (surname, given);
    }
    if is_tibetan(native) {
        return ("", native);
    }
    let length = native.chars().count();
    let is_compound = COMPOUND.iter().any(|(surname, _)| native.starts_with(surname));
    let surname_length = if is_compound && length > 2 { 2 } else { 1 };
    let end = native.char_indices().nth(surname_length).map_or(native.len(), |(at, _)| at);
    native.split_at(end)
}

pub(super) fn surname_latin(surname: &str) -> String {
    capital(&surname_readings(surname)[0])
}

/// Syllables joined as passports do: `Qiming`. Tibetan names are two words: `Ciren Zhuoma`.
pub(super) fn given_latin(given: &str) -> String {
    if is_tibetan(given) && given.chars().count() == 4 {
        let (first, second) = halves(given);
        return format!("{} {}", capital(&joined(first)), capital(&joined(second)));
    }
    let parts: Vec<String> = given.split(DOT).map(|part| capital(&joined(part))).collect();
    parts.join(" ")
}

/// One letter a syllable, in the written order.
pub(super) fn initials(native: &str) -> String {
    let (surname, given) = split(native);
    let of_surname: String = match compound(surname) {
        Some(syllables) => syllables.split(' ').filter_map(|s| s.chars().next()).collect(),
        None if native.contains(DOT) => letters(surname),
        None => surname_readings(surname)[0].chars().take(1).collect(),
    };
    let of_given = letters(given);
    if native.contains(DOT) { of_given + &of_surname } else { of_surname + &of_given }
}

/// Spellings of the whole name, the official one among them: each reading of the surname, each way
/// to write `ü`.
pub(super) fn other_spellings(native: &str) -> Vec<String> {
    let (surname, given) = split(native);
    let given: Vec<String> = given.chars().map(syllable).collect();
    let mut found: Vec<String> = Vec::new();
    for reading in surname_readings(surname) {
        for umlaut in ["yu", "v", "u"] {
            let rest: String = given.iter().map(|s| rewritten(s, umlaut)).collect();
            found.push(rewritten(&reading, umlaut) + &rest);
        }
    }
    found.sort();
    found.dedup();
    found
}

/// A syllable, or a surname beginning with it, with its `ü` written `yu`, `v` or `u`.
fn rewritten(reading: &str, umlaut: &str) -> String {
    match reading.split_at_checked(3) {
        Some((start @ ("lyu" | "nyu"), rest)) => format!("{}{umlaut}{rest}", &start[..1]),
        _ => reading.to_owned(),
    }
}

/// The two syllables of a compound surname.
fn compound(surname: &str) -> Option<&'static str> {
    COMPOUND.iter().find(|(written, _)| *written == surname).map(|(_, syllables)| *syllables)
}

/// Readings of a surname, the usual one first; never none.
fn surname_readings(surname: &str) -> Vec<String> {
    if let Some(syllables) = compound(surname) {
        return vec![syllables.replace(' ', "")];
    }
    let mut chars = surname.chars();
    if let (Some(only), None) = (chars.next(), chars.next())
        && let Some((_, readings)) = SURNAMES.iter().find(|(c, _)| *c == only)
    {
        return readings.split(' ').map(str::to_owned).collect();
    }
    vec![joined(surname)]
}

fn joined(text: &str) -> String {
    text.chars().map(syllable).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter_map(|c| syllable(c).chars().next()).collect()
}

/// One character's syllable in small ASCII letters, `ü` the official way; Latin letters stay, other
/// signs vanish.
fn syllable(c: char) -> String {
    if let Some((_, reading)) = GIVEN.iter().find(|(written, _)| *written == c) {
        return (*reading).to_owned();
    }
    match c.to_pinyin() {
        Some(reading) => spelt(reading.plain()),
        None if c.is_ascii_alphanumeric() => c.to_ascii_lowercase().to_string(),
        None => String::new(),
    }
}

/// GB/T 28039-2011: `lü` LYU, `nü` NYU, `lüe` LUE, `nüe` NUE.
fn spelt(plain: &str) -> String {
    match plain {
        "lü" | "lv" => "lyu".to_owned(),
        "nü" | "nv" => "nyu".to_owned(),
        other => other.replace(['ü', 'v'], "u"),
    }
}

fn is_tibetan(name: &str) -> bool {
    match name.chars().count() {
        2 => TIBETAN_ALONE.contains(&name),
        4 => {
            let (first, second) = halves(name);
            TIBETAN.contains(&first) && TIBETAN.contains(&second)
        }
        _ => false,
    }
}

fn halves(name: &str) -> (&str, &str) {
    let middle = name.char_indices().nth(2).map_or(name.len(), |(at, _)| at);
    name.split_at(middle)
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
