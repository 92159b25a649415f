//! What people did on the web goes: with the person who is erased, and with time.

use chrono::Duration;
use customers::events::ProfileChanged;
use store::outbox::Event;
use store::sql;
use uuid::Uuid;

use crate::{Feeds, Result};

/// Events removed in one transaction.
const CHUNK: i64 = 5_000;

impl Feeds {
    /// Hears that a customer was erased: what they did on the web goes, and so do the names by
    /// which more of it would be known as theirs. Idempotent.
    ///
    /// # Errors
    /// The database failed; tried again.
    pub(crate) async fn forget(&self, event: &Event) -> Result<()> {
        let Ok(said) = serde_json::from_value::<ProfileChanged>(event.data.clone()) else {
            return Ok(());
        };
        let mut tx = self.db().begin().await?;
        for gone in [
            "DELETE FROM web_event WHERE customer_id = $1",
            "DELETE FROM web_known WHERE customer_id = $1",
        ] {
            tx.exec(sql(gone).bind(said.customer.uuid())).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Removes events that came in longer ago than they are kept, and names nobody has stated since
    /// then. Returns how many events went.
    ///
    /// # Errors
    /// The database failed; a further run goes on.
    pub(crate) async fn sweep_web(&self) -> Result<u64> {
        let days = self.settings().web_days;
        if days == 0 {
            return Ok(0);
        }
        let before = self.now() - Duration::days(days.into());
        // Ids are in the order of arrival: this one is before all of that moment.
        let millis = u128::try_from(before.timestamp_millis()).unwrap_or(0);
        let first = Uuid::from_u128(millis << 80);
        let mut all = 0;
        loop {
            let mut tx = self.db().begin().await?;
            let gone = tx
                .exec(
                    sql("DELETE FROM web_event WHERE id IN (
                            SELECT id FROM web_event WHERE id < $1 ORDER BY id LIMIT $2)")
                    .bind(first)
                    .bind(CHUNK),
                )
                .await?;
            tx.commit().await?;
            all += gone;
            if gone < CHUNK as u64 {
                break;
            }
        }
        let mut tx = self.db().begin().await?;
        tx.exec(sql("DELETE FROM web_known WHERE known_at < $1").bind(before)).await?;
        tx.commit().await?;
        Ok(all)
    }
}
