//! Names as reservation systems write them: `SURNAME/GIVENMR`.

use serde::Serialize;

/// Glued or spaced at the end of the given names. Longer ones first.
pub const TITLES: &[&str] = &["MSTR", "MISS", "PROF", "MRS", "CHD", "INF", "MR", "MS", "DR"];

/// A name taken apart. Nothing is changed in case or spelling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Name<'t> {
    /// Before the slash.
    pub surname: &'t str,
    /// After it, without the title; may hold blanks. Empty if there is none.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub given: &'t str,
    /// `MR`, `MRS`, `MS`, `MISS`, `MSTR`, `CHD`, `INF`, `DR`, `PROF`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'t str>,
}

impl<'t> Name<'t> {
    /// Reads `SURNAME/GIVENMR`, `SURNAME/GIVEN MR` and `SURNAME/GIVEN/MR`.
    #[must_use]
    pub fn read(text: &'t str) -> Self {
        let (surname, rest) = text.split_once('/').unwrap_or((text, ""));
        let (given, after) = rest.split_once('/').unwrap_or((rest, ""));
        let own_title = TITLES.iter().any(|title| after.trim().eq_ignore_ascii_case(title));
        let (given, title) =
            if own_title { (given.trim(), Some(after.trim())) } else { split_title(rest.trim()) };
        Self { surname: surname.trim(), given, title }
    }

    /// With the parts already apart, as EDIFACT sends them; a title may be glued to the given name.
    #[must_use]
    pub fn of(surname: &'t str, given: &'t str) -> Self {
        let (given, title) = split_title(given.trim());
        Self { surname: surname.trim(), given, title }
    }
}

/// Given names that end like a title without having one: ALEKSANDR, WILLIAMS, ADAMS, TOMS.
const NO_TITLES: &[&str] = &["ANDR", "LIAMS", "ADAMS", "TOMS"];

/// Takes a title off the end. A glued one needs two letters before it: `AMR` is a name. A word that
/// stands alone is a title (`SMITH/MR`).
#[must_use]
pub fn split_title(given: &str) -> (&str, Option<&str>) {
    for title in TITLES {
        let Some(at) = given.len().checked_sub(title.len()) else { continue };
        let (Some(before), Some(last)) = (given.get(..at), given.get(at..)) else { continue };
        if !last.eq_ignore_ascii_case(title) {
            continue;
        }
        let kept = before.trim_end();
        let alone = kept.is_empty();
        let spaced = kept.len() < before.len();
        let letters = kept.chars().filter(|letter| letter.is_alphabetic()).take(2).count();
        let glued = letters == 2 && !ends_like_a_name(given);
        if alone || spaced || glued {
            return (kept, Some(last));
        }
    }
    (given, None)
}

fn ends_like_a_name(given: &str) -> bool {
    NO_TITLES.iter().any(|ending| {
        let at = given.len().checked_sub(ending.len());
        at.and_then(|at| given.get(at..)).is_some_and(|last| last.eq_ignore_ascii_case(ending))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_taken_off() {
        let read = |text| {
            let name = Name::read(text);
            (name.surname, name.given, name.title)
        };
        assert_eq!(read("NELSON/MARYDR"), ("NELSON", "MARY", Some("DR")));
        assert_eq!(read("IVANOV/AAA MR"), ("IVANOV", "AAA", Some("MR")));
        assert_eq!(read("PRATAMA/ARIELUCY/MSTR"), ("PRATAMA", "ARIELUCY", Some("MSTR")));
        assert_eq!(read("DIAB/AMR"), ("DIAB", "AMR", None));
        assert_eq!(read("AAAAA/MR"), ("AAAAA", "", Some("MR")));
        assert_eq!(read("Ewing/Shaun Mr"), ("Ewing", "Shaun", Some("Mr")));
        assert_eq!(read("PETROV/ALEKSANDR"), ("PETROV", "ALEKSANDR", None));
        assert_eq!(read("PETROV/ALEKSANDRMR"), ("PETROV", "ALEKSANDR", Some("MR")));
        assert_eq!(read("WANG"), ("WANG", "", None));
        assert_eq!(read(""), ("", "", None));
        assert_eq!(read("A/B C/D"), ("A", "B C/D", None));
        assert_eq!(Name::of("Ñ", "ÉMS").title, None);
    }
}
