//! Personal names in two scripts: how they are read, shown and searched.
//!
//! A Chinese name is kept as written (`周启明`) together with its official Latin spelling (`Zhou`,
//! `Qiming`). Spelling follows GB/T 28039-2011 as passports print it: `ü` after `l` and `n` is
//! `YU`, `lüe` and `nüe` are `LUE` and `NUE`; older documents and typists write `LV` or `LU`, so
//! [`NameKeys::also`] holds those for search. Readings of characters that sound different as
//! surnames are in `readings`.

mod fold;
mod keys;
mod latin;
mod readings;
mod tables;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use fold::{fold, is_hanzi, narrow};
pub use keys::{NameKeys, search_forms};

use crate::Lang;

/// Marks the parts of names of peoples who do not put a surname first: 阿依古丽·买买提.
const DOT: char = '·';

/// A person's name. `Debug` prints dots: a name is personal data.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct PersonName {
    /// In Chinese characters as written, surname first; `None` when never seen in that script.
    pub native: Option<String>,
    /// Latin, title case. Empty for people who have none (many Tibetans).
    pub surname: String,
    /// Latin, title case.
    pub given: String,
}

impl PersonName {
    /// A name written in Chinese characters; its Latin spelling is derived.
    ///
    /// A text without Chinese characters is read as by [`parse`](Self::parse).
    ///
    /// ```
    /// use kernel::names::PersonName;
    /// let name = PersonName::from_native("欧阳晓明");
    /// assert_eq!((name.surname.as_str(), name.given.as_str()), ("Ouyang", "Xiaoming"));
    /// let name = PersonName::from_native("单玉");
    /// assert_eq!(name.surname, "Shan");
    /// ```
    #[must_use]
    pub fn from_native(text: &str) -> Self {
        let native = tidy_native(text);
        if !native.chars().any(is_hanzi) {
            return Self::parse(text);
        }
        let (surname, given) = readings::split(&native);
        Self {
            surname: readings::surname_latin(surname),
            given: readings::given_latin(given),
            native: Some(native),
        }
    }

    /// A name known in Latin letters only. All-capital or all-small words become title case.
    ///
    /// ```
    /// use kernel::names::PersonName;
    /// let name = PersonName::from_latin("O'NEILL", "mary-jane");
    /// assert_eq!((name.surname.as_str(), name.given.as_str()), ("O'Neill", "Mary-Jane"));
    /// ```
    #[must_use]
    pub fn from_latin(surname: &str, given: &str) -> Self {
        Self { native: None, surname: latin::title(surname), given: latin::title(given) }
    }

    /// Both scripts as the sources gave them; nothing is derived.
    #[must_use]
    pub fn from_both(native: &str, surname: &str, given: &str) -> Self {
        Self { native: Some(tidy_native(native)), ..Self::from_latin(surname, given) }
    }

    /// A name from one field of a file: Chinese characters, `SURNAME/GIVEN MR` as in a booking, or
    /// `Given Surname`.
    ///
    /// ```
    /// use kernel::names::PersonName;
    /// let name = PersonName::parse("ZHOU/QIMINGMR");
    /// assert_eq!((name.surname.as_str(), name.given.as_str()), ("Zhou", "Qiming"));
    /// let name = PersonName::parse("Priya Raman");
    /// assert_eq!((name.surname.as_str(), name.given.as_str()), ("Raman", "Priya"));
    /// let name = PersonName::parse("ZHOU Qiming");
    /// assert_eq!((name.surname.as_str(), name.given.as_str()), ("Zhou", "Qiming"));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = narrow(text);
        if text.chars().any(is_hanzi) {
            return Self::from_native(&text);
        }
        let (surname, given) = latin::split(&text);
        Self::from_latin(&surname, &given)
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.native.is_none() && self.surname.is_empty() && self.given.is_empty()
    }

    /// The name as people reading `lang` expect it.
    ///
    /// ```
    /// use kernel::{Lang, names::PersonName};
    /// let name = PersonName::from_native("周启明");
    /// assert_eq!(name.display(Lang::ZhCn), "周启明");
    /// assert_eq!(name.secondary(Lang::ZhCn).as_deref(), Some("ZHOU Qiming"));
    /// assert_eq!(name.display(Lang::En), "ZHOU Qiming");
    /// assert_eq!(name.secondary(Lang::En).as_deref(), Some("周启明"));
    /// let name = PersonName::from_latin("Raman", "Priya");
    /// assert_eq!(name.display(Lang::ZhCn), "Priya Raman");
    /// assert_eq!(name.secondary(Lang::ZhCn), None);
    /// ```
    #[must_use]
    pub fn display(&self, lang: Lang) -> String {
        match (&self.native, lang) {
            (Some(native), Lang::ZhCn) => native.clone(),
            _ => self.latin(),
        }
    }

    /// The same name in the other script, if known.
    #[must_use]
    pub fn secondary(&self, lang: Lang) -> Option<String> {
        let native = self.native.as_ref()?;
        let latin = self.latin();
        match lang {
            Lang::ZhCn => (latin != *native).then_some(latin),
            Lang::En => (latin != *native).then(|| native.clone()),
        }
    }

    /// What the name is found by.
    #[must_use]
    pub fn keys(&self) -> NameKeys {
        keys::keys(self)
    }

    /// In Latin letters: `ZHOU Qiming` for a Chinese name, so that the surname is plain to see,
    /// `Priya Raman` for one known in Latin only, and the writer's own order, given name first,
    /// where the native form has a dot: `Ayiguli MAIMAITI`.
    fn latin(&self) -> String {
        let (first, second) = match &self.native {
            Some(native) if native.contains(DOT) => {
                (self.given.clone(), self.surname.to_uppercase())
            }
            Some(_) => (self.surname.to_uppercase(), self.given.clone()),
            None => (self.given.clone(), self.surname.clone()),
        };
        match (first.is_empty(), second.is_empty()) {
            (true, true) => self.native.clone().unwrap_or_default(),
            (true, false) => second,
            (false, true) => first,
            (false, false) => format!("{first} {second}"),
        }
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(•••)")
    }
}

/// Without blanks (people pad two-character names: 张　伟) and with one kind of dot.
fn tidy_native(text: &str) -> String {
    narrow(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            if matches!(c, '•' | '‧' | '・' | '･' | '.' | '．' | '∙' | '⋅') {
                DOT
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
