//! What others may hear from this domain.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use store::{Tx, outbox};

use crate::{Result, UserId};

/// Type of the event that a staff user was invited, edited, disabled or enabled.
pub const USER_CHANGED: &str = "access.user.changed.v1";

/// Data of [`USER_CHANGED`]. Holds no personal value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserChanged {
    /// The user.
    pub user: UserId,
    /// What happened.
    pub what: UserChange,
}

/// What happened to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserChange {
    /// Came to be.
    Invited,
    /// Name, e-mail address or roles changed.
    Edited,
    /// May not come in any more.
    Disabled,
    /// May come in again.
    Enabled,
}

pub(crate) async fn user_changed(
    tx: &mut Tx,
    now: DateTime<Utc>,
    user: UserId,
    what: UserChange,
) -> Result<()> {
    let data = serde_json::to_value(UserChanged { user, what }).map_err(store::Error::from)?;
    let event = outbox::Event::new(USER_CHANGED, format!("user/{user}"), now, data);
    outbox::say(tx, &event).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Every shape that was ever written stays readable.
    #[test]
    fn version_1_is_read() {
        let text = r#"{"user":"00000000-0000-0000-0000-000000000007","what":"disabled"}"#;
        let read: UserChanged = serde_json::from_str(text).unwrap();
        assert_eq!(read.what, UserChange::Disabled);
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }
}
