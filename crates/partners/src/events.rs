//! What other domains hear, and what this one hears of others.

use customers::events::{FORGOTTEN, ProfileChanged};
use serde_json::json;
use store::outbox::{Event, Handler};
use store::{Tx, sql};

use crate::claims::Claim;
use crate::{Partners, Result};

/// A claim was made, or stands otherwise. Data: `{"claim", "member", "state", "verdict"}`.
pub const CLAIM_CHANGED: &str = "partners.claim.changed.v1";

pub(crate) async fn claim(tx: &mut Tx, claim: &Claim) -> Result<()> {
    let data = json!({"claim": claim.id, "member": claim.by.member, "state": claim.state,
        "verdict": claim.verdict});
    let event = Event::new(CLAIM_CHANGED, format!("claim/{}", claim.id), claim.judged_at, data);
    Ok(store::outbox::say(tx, &event).await?)
}

impl Partners {
    /// What this domain hears of others.
    #[must_use]
    pub fn listeners(&self) -> Vec<Handler> {
        let forget =
            |partners: Self, event: Event| async move { partners.hear_forgotten(event).await };
        vec![Handler::new("partners.forgotten", FORGOTTEN, self, forget)]
    }

    /// Empties what claims of an erased person say of them. Members who were the person's have no
    /// customer any more.
    async fn hear_forgotten(&self, event: Event) -> Result<()> {
        let _gone: ProfileChanged = serde_json::from_value(event.data)?;
        let mut tx = self.db().begin().await?;
        tx.exec(sql(
            "UPDATE retro_claim SET name_native = '', surname = '', given = '', ticket = '',
                locator = '', seat = '', due_at = NULL
             WHERE surname <> '' AND member_id IN (SELECT m.id FROM loyalty_member m
                WHERE m.customer_id IS NULL)",
        ))
        .await?;
        Ok(tx.commit().await?)
    }
}
