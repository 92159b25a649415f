//! Members follow their records: when a record gets another customer, so does the member.

use std::collections::HashSet;

use customers::CustomerId;
use customers::events::{FORGOTTEN, LINKS_MOVED, ProfileChanged};
use store::outbox::{Event, Handler};
use store::{Col, Tx, Value};
use uuid::Uuid;

use crate::{Loyalty, Result};

impl Loyalty {
    /// What this domain hears of others.
    #[must_use]
    pub fn listeners(&self) -> Vec<Handler> {
        let follow = |loyalty: Self, event: Event| async move { loyalty.follow(&event).await };
        let forget =
            |loyalty: Self, event: Event| async move { loyalty.hear_forgotten(event).await };
        vec![
            Handler::new("loyalty.links", LINKS_MOVED, self, follow),
            Handler::new("loyalty.forgotten", FORGOTTEN, self, forget),
        ]
    }

    /// Which of these customers have a membership: asked before customers are deleted by the revert
    /// of an import (`customers::InUse`).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn in_use(tx: &mut Tx, which: &[CustomerId]) -> store::Result<HashSet<CustomerId>> {
        let rows = which.iter().map(|id| vec![id.uuid().into()]).collect();
        let found: Vec<(Uuid,)> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                rows,
                "SELECT DISTINCT m.customer_id FROM input
                 JOIN loyalty_member m ON m.customer_id = input.id",
            )
            .await?;
        Ok(found.into_iter().map(|(id,)| id.into()).collect())
    }

    /// Reads the links as they are now; what the event says of them may be history.
    async fn follow(&self, event: &Event) -> Result<()> {
        let moves = event.data["moves"].as_array().map(Vec::as_slice).unwrap_or_default();
        let rows: Vec<Vec<Value>> = moves
            .iter()
            .filter_map(|of| of["record"].as_str()?.parse::<Uuid>().ok())
            .map(|record| vec![record.into()])
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let mut tx = self.db().begin().await?;
        let owners: Vec<(Uuid,)> = tx
            .with_rows_all(
                &[Col::uuid("record")],
                rows.clone(),
                "SELECT DISTINCT l.customer_id FROM input
                 JOIN record_owner l ON l.record_id = input.record",
            )
            .await?;
        tx.with_rows(
            &[Col::uuid("record")],
            rows,
            "UPDATE loyalty_member SET customer_id = l.customer_id FROM input
             JOIN record_owner l ON l.record_id = input.record
             WHERE loyalty_member.record_id = input.record
               AND (loyalty_member.customer_id IS NULL
                    OR loyalty_member.customer_id <> l.customer_id)",
        )
        .await?;
        let owners: Vec<CustomerId> = owners.into_iter().map(|(id,)| id.into()).collect();
        self.mark_due(&mut tx, &owners).await?;
        Ok(tx.commit().await?)
    }

    async fn hear_forgotten(&self, event: Event) -> Result<()> {
        let gone: ProfileChanged = serde_json::from_value(event.data)?;
        self.forget(gone.customer).await?;
        Ok(())
    }
}
