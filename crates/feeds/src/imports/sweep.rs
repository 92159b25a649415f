//! What is no longer kept: files a month after their import ended, uploads nobody finished for a
//! week, and the data undoing needs once it may no longer be done; texts of messages and web events
//! after the days that are set.

use chrono::Duration;
use store::sql;
use uuid::Uuid;

use super::model::UNDO_DAYS;
use crate::{Feeds, Result};

impl Feeds {
    /// Tidies up. Returns how many files went.
    ///
    /// # Errors
    /// The database or the disk failed; a further run goes on.
    pub async fn sweep(&self) -> Result<u64> {
        self.sweep_texts().await?;
        self.sweep_web().await?;
        let now = self.now();
        let (ended, begun) = (now - Duration::days(UNDO_DAYS), now - Duration::days(7));
        let mut tx = self.db().read().await?;
        let old: Vec<Uuid> = tx
            .values(
                sql("SELECT id FROM feed_import WHERE file_gone = FALSE AND finished_at < $1
                     ORDER BY id LIMIT 1000")
                .bind(ended),
            )
            .await?;
        let abandoned: Vec<Uuid> = tx
            .values(
                sql("SELECT id FROM feed_import
                     WHERE status IN ('uploading', 'mapping', 'checked') AND created_at < $1
                     ORDER BY id LIMIT 1000")
                .bind(begun),
            )
            .await?;
        drop(tx);
        for id in &old {
            self.blobs().remove(*id).await?;
            let mut tx = self.db().begin().await?;
            self.flights().forget_undo(&mut tx, &[*id]).await?;
            tx.exec(sql("UPDATE feed_import SET file_gone = TRUE WHERE id = $1").bind(*id)).await?;
            tx.commit().await?;
        }
        for id in &abandoned {
            self.discard((*id).into()).await?;
        }
        Ok((old.len() + abandoned.len()) as u64)
    }
}
