//! What other domains may hear of imports. Versioned: a shape that was said once stays readable.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::imports::Counts;

/// Type of [`Finished`].
pub const FINISHED: &str = "feeds.import.finished.v1";
/// Type of [`Undone`].
pub const REVERTED: &str = "feeds.import.reverted.v1";

/// Type of [`Silent`].
pub const SILENT: &str = "feeds.source.silent.v1";

/// Nothing has come in from a source for longer than was expected. Said once, until it is heard
/// again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Silent {
    /// The source.
    pub source: Uuid,
    /// Its name.
    pub name: String,
    /// When something came in last; when the source was made, if never.
    pub since: DateTime<Utc>,
    /// What was expected.
    pub expected_minutes: i64,
}

/// An import ended well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// The import.
    pub import: Uuid,
    /// members, segments, activity
    pub kind: String,
    /// The source its rows come from.
    pub source: String,
    /// What became of the rows.
    pub counts: Counts,
}

/// An import was undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undone {
    /// The import.
    pub import: Uuid,
    /// Rows deleted or put back.
    pub undone: u64,
    /// Rows kept because they were changed later.
    pub kept: u64,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn old_shapes_stay_readable() {
        let finished: Finished = serde_json::from_str(
            r#"{"import":"01940000-0000-7000-8000-000000000000","kind":"members","source":"ffp",
                "counts":{"read":3,"created":2,"rejected":1}}"#,
        )
        .unwrap();
        assert_eq!(finished.counts.created, 2);
        let undone: Undone = serde_json::from_str(
            r#"{"import":"01940000-0000-7000-8000-000000000000","undone":2,"kept":0}"#,
        )
        .unwrap();
        assert_eq!(undone.undone, 2);
        let silent: Silent = serde_json::from_str(
            r#"{"source":"01940000-0000-7000-8000-000000000000","name":"type-b",
                "since":"2026-11-22T08:00:00Z","expected_minutes":30}"#,
        )
        .unwrap();
        assert_eq!(silent.expected_minutes, 30);
    }
}
