//! Whether two names may be one person's: the surname exactly, after folding, and the first letter
//! of the given name. Two spellings of `ü` and other readings of a surname are the same name.

use kernel::names::{PersonName, search_forms};

/// How well a name fits another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Another surname, or another first letter.
    Not,
    /// Surname, and the first letter of the given name.
    Initial,
    /// The whole name.
    Whole,
}

/// Latin letters in their official spelling: `LV` and `LYU` are one surname.
fn official(text: &str) -> String {
    search_forms(text).pop().unwrap_or_default()
}

/// How `said` fits `known`, either way round where neither is Chinese writing. Nothing fits a name
/// that is not known.
#[must_use]
pub fn fit(said: &PersonName, known: &PersonName) -> Fit {
    if let (Some(one), Some(other)) = (&said.native, &known.native) {
        return if said.keys().native == known.keys().native && !one.is_empty() && !other.is_empty()
        {
            Fit::Whole
        } else {
            Fit::Not
        };
    }
    let (a, b) = (said.keys(), known.keys());
    let whole = official(&a.full_key);
    if whole.is_empty() || b.full_key.is_empty() || a.surname_key.is_empty() {
        return Fit::Not;
    }
    let spelt = |other: &String| official(other) == whole;
    if spelt(&b.full_key) || b.also.iter().any(spelt) || a.also.contains(&b.full_key) {
        return Fit::Whole;
    }
    let surname = official(&a.surname_key);
    let given = a.given_key.chars().next();
    let by = |known_surname: &str, known_given: &str| {
        official(known_surname) == surname && given.is_some() && known_given.chars().next() == given
    };
    // A surname read another way (单 as Shan and Dan) leaves the same given name behind it.
    let read_other = b.also.iter().any(|full| {
        let full = official(full);
        full.strip_prefix(surname.as_str())
            .is_some_and(|rest| !rest.is_empty() && rest.chars().next() == given)
            && full.ends_with(&official(&b.given_key))
    });
    if by(&b.surname_key, &b.given_key) || read_other {
        return Fit::Initial;
    }
    Fit::Not
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_are_exact_and_given_names_by_their_first_letter() {
        for (said, known, expected) in [
            ("ZHOU/QIMING MR", "周启明", Fit::Whole),
            ("ZHOU/Q", "周启明", Fit::Initial),
            ("ZHOU/QING", "周启明", Fit::Initial),
            ("ZHOU/X", "周启明", Fit::Not),
            ("ZHOUQ/M", "周启明", Fit::Not),
            ("周启明", "周启明", Fit::Whole),
            ("周启民", "周启明", Fit::Not),
            ("LV/BU", "吕布", Fit::Whole),
            ("LYU/B", "吕布", Fit::Initial),
            ("RAMAN/PRIYA", "Priya Raman", Fit::Whole),
            ("O'NEILL/M", "Mary-Jane O'Neill", Fit::Initial),
            ("", "周启明", Fit::Not),
            ("ZHOU/QIMING", "", Fit::Not),
        ] {
            let fit = fit(&PersonName::parse(said), &PersonName::parse(known));
            assert_eq!(fit, expected, "{said} for {known}");
        }
    }
}
