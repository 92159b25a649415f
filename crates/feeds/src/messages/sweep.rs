//! Texts of messages go after a time. What is known about a message stays: facts name it, and a
//! copy of it is still recognised.

use chrono::Duration;
use store::sql;

use crate::{Feeds, Result};

/// Texts removed in one transaction.
const CHUNK: i64 = 500;

impl Feeds {
    /// Removes the texts of messages that were settled longer ago than they are kept. Returns how
    /// many went.
    ///
    /// # Errors
    /// The database failed; a further run goes on.
    pub(crate) async fn sweep_texts(&self) -> Result<u64> {
        let days = self.settings().text_days;
        if days == 0 {
            return Ok(0);
        }
        let before = self.now() - Duration::days(days.into());
        let mut all = 0;
        loop {
            let mut tx = self.db().begin().await?;
            let gone = tx
                .exec(
                    sql("UPDATE feed_message SET raw = $1, text_gone = TRUE WHERE id IN (
                            SELECT id FROM feed_message
                            WHERE text_gone = FALSE AND settled_at IS NOT NULL AND settled_at < $2
                            ORDER BY settled_at LIMIT $3)")
                    .bind(Vec::<u8>::new())
                    .bind(before)
                    .bind(CHUNK),
                )
                .await?;
            tx.commit().await?;
            all += gone;
            if gone < CHUNK as u64 {
                return Ok(all);
            }
        }
    }
}
