//! What others may hear of value.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::run::Report;

/// A run has been published: customers show its groups.
pub const RUN_PUBLISHED: &str = "value.run.published.v1";
/// A scheme has a new version.
pub const SCHEME_CHANGED: &str = "value.scheme.changed.v1";

/// Data of [`RUN_PUBLISHED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPublished {
    /// The run.
    pub run: Uuid,
    /// The day the members were looked at.
    pub observed_on: chrono::NaiveDate,
    /// Members in groups.
    pub members: u64,
    /// Names of the groups.
    pub names: Vec<String>,
    /// Their members.
    pub sizes: Vec<u64>,
}

impl RunPublished {
    pub(crate) fn of(run: Uuid, report: &Report) -> Self {
        Self {
            run,
            observed_on: report.observed_on,
            members: report.rows_clustered,
            names: report.names.clone(),
            sizes: report.sizes.clone(),
        }
    }
}

/// Data of [`SCHEME_CHANGED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeChanged {
    /// The scheme.
    pub scheme: Uuid,
    /// Its new version.
    pub version: i64,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_first_shapes_are_still_read() {
        let published = r#"{"run":"0193f0a0-0000-7000-8000-000000000001",
            "observed_on":"2014-03-31","members":62043,"names":["keep"],"sizes":[5336]}"#;
        assert_eq!(serde_json::from_str::<RunPublished>(published).unwrap().members, 62_043);
        let changed = r#"{"scheme":"0193f0a0-0000-7000-8000-000000000001","version":8}"#;
        assert_eq!(serde_json::from_str::<SchemeChanged>(changed).unwrap().version, 8);
    }
}
