//! Members follow their records: when a record gets another customer, so does the member.

use std::collections::HashSet;
use std::sync::Arc;

use customers::CustomerId;
use customers::events::{FORGOTTEN, LINKS_MOVED, ProfileChanged};
use kernel::Explain;
use store::outbox::{Event, Handler};
use store::{Col, Tx, Value};
use uuid::Uuid;

use crate::{Loyalty, Result};

impl Loyalty {
    /// What this domain hears of others.
    #[must_use]
    pub fn listeners(&self) -> Vec<Handler> {
        let (moved, gone) = (self.clone(), self.clone());
        let code = |error: crate::Error| error.code().to_owned();
        let links = Handler {
            name: "loyalty.links",
            prefix: LINKS_MOVED,
            hear: Arc::new(move |event| {
                let loyalty = moved.clone();
                Box::pin(async move { loyalty.follow(&event).await.map_err(code) })
            }),
        };
        let forgotten = Handler {
            name: "loyalty.forgotten",
            prefix: FORGOTTEN,
            hear: Arc::new(move |event| {
                let loyalty = gone.clone();
                Box::pin(async move { loyalty.hear_forgotten(event).await.map_err(code) })
            }),
        };
        vec![links, forgotten]
    }

    /// Which of these customers have a membership: asked before customers are deleted by the revert
    /// of an import (`customers::InUse`).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn in_use(
        &self,
        tx: &mut Tx,
        which: &[CustomerId],
    ) -> store::Result<HashSet<CustomerId>> {
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
        tx.with_rows(
            &[Col::uuid("record")],
            rows,
            "UPDATE loyalty_member SET customer_id = l.customer_id FROM input
             JOIN customer_link l
               ON l.source_record_id = input.record AND l.unlinked_at IS NULL
             WHERE loyalty_member.record_id = input.record
               AND (loyalty_member.customer_id IS NULL
                    OR loyalty_member.customer_id <> l.customer_id)",
        )
        .await?;
        Ok(tx.commit().await?)
    }

    async fn hear_forgotten(&self, event: Event) -> Result<()> {
        let gone: ProfileChanged = serde_json::from_value(event.data)?;
        self.forget(gone.customer).await?;
        Ok(())
    }
}
