//! The two languages of the product.

use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum Lang {
    #[serde(rename = "zh-CN")]
    ZhCn,
    #[default]
    #[serde(rename = "en")]
    En,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The BCP 47 tag, as in `<html lang>` and in file names of texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads one language tag; any Chinese or English variety counts.
    ///
    /// ```
    /// use kernel::Lang;
    /// assert_eq!(Lang::parse("zh-Hans-SG"), Some(Lang::ZhCn));
    /// assert_eq!(Lang::parse("en_GB"), Some(Lang::En));
    /// assert_eq!(Lang::parse("fr"), None);
    /// ```
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first of our languages in an `Accept-Language` header, by its weights.
    ///
    /// ```
    /// use kernel::Lang;
    /// assert_eq!(Lang::from_accept("fr, en;q=0.5, zh-CN;q=0.9"), Some(Lang::ZhCn));
    /// assert_eq!(Lang::from_accept("fr, zh;q=0"), None);
    /// ```
    #[must_use]
    pub fn from_accept(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let Some(lang) = pieces.next().and_then(Self::parse) else { continue };
            let weight = pieces
                .find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.trim().parse().ok()))
                .unwrap_or(1.0_f32);
            if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, lang));
            }
        }
        best.map(|(_, lang)| lang)
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
