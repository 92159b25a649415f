//! The end of an access: by staff, and when the person is erased.

use access::Actor;
use kernel::{Outcome, Uuid};
use loyalty::MemberId;
use loyalty::events::FORGOTTEN;
use store::outbox::{Event, Handler};
use store::{SqlBuilder, Tx};

use crate::{PERSONAL_TABLES, Portal, Result, permissions};

impl Portal {
    /// Takes a member's access away: password, code and sessions. A new code gives it back.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub async fn close(&self, actor: &Actor, member: MemberId) -> Result<Outcome<()>> {
        actor.may(permissions::INVITE)?;
        let mut tx = self.parts().db.begin().await?;
        if erase(&mut tx, member.uuid()).await? == 0 {
            return Ok(Outcome::AlreadyDone(()));
        }
        self.note(&mut tx, actor, "portal.closed", Some(member.uuid())).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    /// Ends the session of this token, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        let Some(session) = self.by_session(token).await? else { return Ok(()) };
        let _ = self.end_session(&session, session.id).await?;
        Ok(())
    }

    /// What this domain hears of others.
    #[must_use]
    pub fn listeners(&self) -> Vec<Handler> {
        let forget = |portal: Self, event: Event| async move { portal.forget(&event).await };
        vec![Handler::new("portal.forgotten", FORGOTTEN, self, forget)]
    }

    pub(crate) async fn forget(&self, event: &Event) -> Result<()> {
        let id = event.subject.rsplit('/').next().unwrap_or_default();
        let Ok(member) = id.parse::<Uuid>() else { return Ok(()) };
        let mut tx = self.parts().db.begin().await?;
        erase(&mut tx, member).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn erase(tx: &mut Tx, member: Uuid) -> Result<u64> {
    let mut rows = 0;
    for table in PERSONAL_TABLES {
        let mut query = SqlBuilder::new("DELETE FROM ");
        query.push(table).push(" WHERE member_id = ").bind(member);
        rows += tx.exec(query.build()).await?;
    }
    Ok(rows)
}
