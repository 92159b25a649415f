//! Lists of redemptions, and one with everything about it.

use access::Actor;
use chrono::{DateTime, Utc};
use loyalty::MemberId;
use uuid::Uuid;

use crate::model::{Hold, Redemption, StepRow};
use crate::{Awards, Result, may, permissions, store as db};

/// A redemption, what was paid from where, and its history.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The redemption.
    pub redemption: Redemption,
    /// What each account paid.
    pub holds: Vec<Hold>,
    /// What was done, oldest first.
    pub steps: Vec<StepRow>,
}

impl Awards {
    /// Redemptions of a member, newest first, after a place (when made, identity).
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn redemptions(
        &self,
        actor: &Actor,
        member: MemberId,
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: i64,
    ) -> Result<Vec<Redemption>> {
        may(actor, member, permissions::READ)?;
        db::page(&mut self.db().read().await?, Some(member), after, limit).await
    }

    /// The latest redemptions of all members.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn latest(&self, actor: &Actor, limit: i64) -> Result<Vec<Redemption>> {
        actor.may(permissions::READ)?;
        db::page(&mut self.db().read().await?, None, None, limit).await
    }
}
