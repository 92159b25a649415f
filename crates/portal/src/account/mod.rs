//! Members' access: activation codes that staff give, passwords, sessions.
//!
//! The order of a sign-in: tries are counted → password (the same work for unknown numbers) →
//! session. Whoever is refused does not learn whether there is such a member, or such an access.

mod activate;
mod invite;
mod leave;
mod sessions;
mod sign_in;

pub(crate) use invite::hindrance;
pub use invite::{Invitation, Standing};
pub use sessions::{NewSession, Session, SessionRow};

use access::{Actor, Details, Target};
use kernel::Uuid;
use loyalty::MemberId;
use store::Tx;

use crate::{Portal, Result};

/// Longest number that is looked for: longer ones are nobody's.
const LONGEST_NUMBER: usize = 40;

/// Programme and number as they are counted and looked for.
pub(crate) struct Named {
    pub programme: String,
    pub number: String,
}

impl Named {
    pub fn new(programme: &str, number: &str) -> Self {
        let number = kernel::member_no::plain(number);
        let number = number.chars().take(LONGEST_NUMBER).collect();
        Self { programme: programme.chars().take(20).collect(), number }
    }

    /// What tries are counted by.
    pub fn account(&self) -> String {
        format!("{}/{}", self.programme, self.number)
    }
}

impl Portal {
    /// Leaves a row in the trail about a member; without one about the installation, so that a
    /// refusal costs the same.
    pub(crate) async fn note(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: &'static str,
        member: Option<Uuid>,
    ) -> Result<()> {
        let target = member.map_or_else(Target::none, |id| Target::new(MemberId::KIND, id));
        self.parts().access.record(tx, actor, action, &target, Details::new()).await?;
        Ok(())
    }
}
