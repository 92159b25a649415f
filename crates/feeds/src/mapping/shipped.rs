//! The mappings that come with the program.

use super::{FileHints, Mapping};

const TEXTS: &[(&str, &str)] = &[
    ("members", include_str!("../../mappings/members.toml")),
    ("segments", include_str!("../../mappings/segments.toml")),
    ("member-summary", include_str!("../../mappings/member-summary.toml")),
    ("member-raw-23", include_str!("../../mappings/member-raw-23.toml")),
    ("northern-lights-history", include_str!("../../mappings/northern-lights-history.toml")),
    ("northern-lights-activity", include_str!("../../mappings/northern-lights-activity.toml")),
];

/// Their names.
pub fn names() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(name, _)| *name)
}

/// The shipped mapping called `name`.
#[must_use]
pub fn by_name(name: &str) -> Option<Mapping> {
    let (_, text) = TEXTS.iter().find(|(known, _)| *known == name)?;
    Mapping::from_toml(text).ok()
}

/// The shipped mapping made for exactly such a file: every column it asks for is there, and it
/// asks for five at least.
#[must_use]
pub fn fitting(header: &[String]) -> Option<Mapping> {
    names().filter_map(by_name).find(|mapping| {
        let asked: Vec<_> = mapping.columns.iter().filter(|column| !column.optional).collect();
        asked.len() >= 5
            && mapping.file == FileHints::default()
            && asked.iter().all(|column| header.contains(&column.name))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_shipped_mapping_is_sound_and_survives_a_round_trip() {
        for (name, text) in TEXTS {
            let mapping = Mapping::from_toml(text).unwrap();
            assert_eq!(mapping.name, *name);
            assert!(mapping.title.contains_key("en") && mapping.title.contains_key("zh-CN"));
            assert_eq!(Mapping::from_toml(&mapping.to_toml().unwrap()).unwrap(), mapping);
        }
    }
}
