//! What a name is found by.

use std::fmt;

use super::fold::{fold, is_hanzi};
use super::{PersonName, readings};

/// Search keys of a name: small ASCII letters without blanks, but for `native`.
///
/// `Debug` prints dots: keys say as much as the name.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NameKeys {
    /// The Chinese form, folded: no blanks, no dots. Empty when there is none.
    pub native: String,
    /// `zhou`
    pub surname_key: String,
    /// `qiming`
    pub given_key: String,
    /// `zhouqiming`
    pub full_key: String,
    /// `qimingzhou`
    pub given_first_key: String,
    /// One letter a syllable for Chinese names (`zqm`), one a word for others (`pr` for Priya
    /// Raman, given name first).
    pub initials: String,
    /// Other spellings of `full_key` a searcher may type: other readings of the surname (`danyu`
    /// for 单玉) and the older spellings of `ü` (`lvbu`, `lubu` for 吕布).
    pub also: Vec<String>,
}

impl fmt::Debug for NameKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NameKeys(•••)")
    }
}

pub(super) fn keys(name: &PersonName) -> NameKeys {
    let surname_key = ascii(&name.surname);
    let given_key = ascii(&name.given);
    let full_key = format!("{surname_key}{given_key}");
    let given_first_key = format!("{given_key}{surname_key}");
    let (initials, also) = match &name.native {
        Some(native) if native.chars().any(is_hanzi) => {
            let mut also = readings::other_spellings(native);
            also.retain(|spelling| *spelling != full_key && *spelling != given_first_key);
            (readings::initials(native), also)
        }
        _ => (initials(&[&name.given, &name.surname]), Vec::new()),
    };
    NameKeys {
        native: name.native.as_deref().map(fold).unwrap_or_default(),
        surname_key,
        given_key,
        full_key,
        given_first_key,
        initials,
        also,
    }
}

/// The forms of what a searcher typed that may equal a key: folded, and with `lv`/`nv` written the
/// official way, so that `lvxiaobu` finds 吕小布 through `full_key` alone.
///
/// ```
/// use kernel::names::search_forms;
/// assert_eq!(search_forms("Lv Bu"), ["lvbu", "lyubu"]);
/// assert_eq!(search_forms("ZHOU qm"), ["zhouqm"]);
/// assert_eq!(search_forms("吕布"), ["吕布"]);
/// ```
#[must_use]
pub fn search_forms(typed: &str) -> Vec<String> {
    let folded = fold(&typed.replace(['ü', 'Ü'], "v"));
    if folded.is_empty() {
        return Vec::new();
    }
    // A `v` is no letter of pinyin: after l and n it stands for ü.
    let official = folded
        .replace("lve", "lue")
        .replace("nve", "nue")
        .replace("lv", "lyu")
        .replace("nv", "nyu");
    if official == folded { vec![folded] } else { vec![folded, official] }
}

fn ascii(text: &str) -> String {
    let mut key = fold(text);
    key.retain(|c| c.is_ascii_alphanumeric());
    key
}

fn initials(parts: &[&str]) -> String {
    parts
        .iter()
        .flat_map(|part| part.split([' ', '-']))
        .filter_map(|word| ascii(word).chars().next())
        .collect()
}
