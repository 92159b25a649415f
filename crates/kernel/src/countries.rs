//! Countries and regions by ISO 3166-1 code, with names in both languages.
//!
//! The table is the crate's `countries.tsv`, read once on first use; its header names the source.

use std::sync::LazyLock;

use crate::Lang;

static TABLE: LazyLock<Vec<Country>> =
    LazyLock::new(|| include_str!("../countries.tsv").lines().filter_map(read).collect());

static ENGLISH: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let mut countries = TABLE.clone();
    countries.sort_by_key(|country| country.name_en);
    countries
});

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    pub name_en: &'static str,
    pub name_zh: &'static str,
}

impl Country {
    #[must_use]
    pub fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::ZhCn => self.name_zh,
            Lang::En => self.name_en,
        }
    }
}

/// The country or region with this code, in either case.
///
/// ```
/// use kernel::{Lang, countries};
/// assert_eq!(countries::find("fr").unwrap().name(Lang::ZhCn), "法国");
/// assert!(countries::find("ZZ").is_none());
/// ```
#[must_use]
pub fn find(code: &str) -> Option<&'static Country> {
    let code = code.trim();
    TABLE.iter().find(|country| country.code.eq_ignore_ascii_case(code))
}

/// The name of a country given by code; anything else as it is.
///
/// ```
/// use kernel::{Lang, countries};
/// assert_eq!(countries::name("GB", Lang::En), "United Kingdom");
/// assert_eq!(countries::name("Atlantis", Lang::En), "Atlantis");
/// ```
#[must_use]
pub fn name(code: &str, lang: Lang) -> &str {
    find(code).map_or(code, |country| country.name(lang))
}

/// All of them, in the order of their names: by pinyin or by the alphabet.
#[must_use]
pub fn all(lang: Lang) -> &'static [Country] {
    match lang {
        Lang::ZhCn => &TABLE,
        Lang::En => &ENGLISH,
    }
}

/// One line of the table. A line that cannot be read is left out; a test holds that none is.
fn read(line: &'static str) -> Option<Country> {
    let mut cells = line.split('\t').filter(|cell| !cell.is_empty());
    let code = cells.next().filter(|code| code.len() == 2)?;
    Some(Country { code, name_en: cells.next()?, name_zh: cells.next()? })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_of_the_table_is_read_once() {
        let lines =
            include_str!("../countries.tsv").lines().filter(|line| !line.starts_with('#')).count();
        let codes: HashSet<_> = all(Lang::En).iter().map(|country| country.code).collect();
        assert_eq!(all(Lang::ZhCn).len(), lines);
        assert_eq!(codes.len(), lines);
        assert!(lines >= 245);
    }

    #[test]
    fn airports_lie_in_countries_of_the_table() {
        for airport in crate::airports::all() {
            assert!(find(airport.country).is_some(), "{airport:?}");
        }
    }
}
