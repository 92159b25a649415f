//! What other domains may hear of imports. Versioned: a shape that was said once stays readable.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::imports::Counts;

/// Type of [`Finished`].
pub const FINISHED: &str = "feeds.import.finished.v1";
/// Type of [`Undone`].
pub const REVERTED: &str = "feeds.import.reverted.v1";

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
    }
}
