//! What is wrong with a row or one of its values.

use serde::{Deserialize, Serialize};

/// What became of it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The row was not imported.
    Reject,
    /// The value was left blank, the rest of the row imported.
    Blank,
    /// The value was tidied and imported.
    Tidy,
    /// The row is there already, field by field; it counts once.
    Repeat,
}

impl Level {
    /// As kept in the database and in text keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::Blank => "blank",
            Self::Tidy => "tidy",
            Self::Repeat => "repeat",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "blank" => Self::Blank,
            "tidy" => Self::Tidy,
            "repeat" => Self::Repeat,
            _ => Self::Reject,
        }
    }
}

/// Codes that can only reject, for the texts' test.
pub const REJECTING: &[&str] = &[
    "encoding",
    "nul",
    "ragged",
    "row-long",
    "open-quote",
    "key-missing",
    "key-repeated",
    "needed",
    "member-unknown",
];

/// One finding. Its sentence is the text `feeds-issue-<code>` with `args`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Row as a spreadsheet shows it.
    pub row: u64,
    /// Name of the column; empty when the row as a whole is meant.
    pub column: String,
    /// The value, masked when personal, cut when long.
    pub value: String,
    /// What became of it.
    pub level: Level,
    /// Stable code.
    pub code: String,
    /// Values for the sentence.
    pub args: Vec<(String, String)>,
}
