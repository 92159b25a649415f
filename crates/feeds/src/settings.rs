//! What an operator sets about messages.

use chrono::Duration;
use serde::{Deserialize, Serialize};

/// How long messages are waited for and kept: the section `[feeds]` of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Minutes the parts of a list wait for the rest: 1 to 1,440.
    pub parts_minutes: u32,
    /// Days the texts of settled messages are kept; 0 for ever.
    pub text_days: u32,
    /// Days web events are kept; 0 for ever.
    pub web_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { parts_minutes: 20, text_days: 180, web_days: 400 }
    }
}

impl Settings {
    pub(crate) fn wait(self) -> Duration {
        Duration::minutes(self.parts_minutes.clamp(1, 24 * 60).into())
    }
}
