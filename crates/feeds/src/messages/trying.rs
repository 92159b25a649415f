//! A message on which the process itself dies (no memory, no stack) is found and put aside.
//!
//! The messages of a page are written down before any of them is applied, so a process that dies
//! leaves behind which were under way. Those are then tried one by one, each counted before it is
//! touched: on which of them a process dies again and again is the one.

use std::collections::HashSet;

use store::{Col, Value, sql};
use uuid::Uuid;

use super::apply::Applied;
use super::store::{self as rows};
use crate::{Feeds, Result};

/// How often a process may die on a message before it is put aside.
pub(crate) const MOST_DEATHS: i64 = 3;

pub(super) const ABORTED: &str = "feeds-refused-abort";

impl Feeds {
    /// Writes down that these messages are under way. Returns those that were already when a
    /// process died.
    pub(crate) async fn begin_page(&self, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
        let mut tx = self.db().begin().await?;
        // Pages that ended well.
        tx.exec(sql("DELETE FROM feed_trying WHERE NOT EXISTS (SELECT 1 FROM feed_message m
                WHERE m.id = feed_trying.message_id AND m.status = 'waiting')"))
            .await?;
        let asked = ids.iter().map(|id| vec![(*id).into()]).collect();
        let left: Vec<(Uuid,)> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                asked,
                "SELECT t.message_id FROM input JOIN feed_trying t ON t.message_id = input.id",
            )
            .await?;
        let row = |id: &Uuid| -> Vec<Value> { vec![(*id).into(), 0_i64.into()] };
        tx.bulk(
            "feed_trying",
            &[Col::uuid("message_id"), Col::i64("times")],
            ids.iter().map(row).collect(),
            "ON CONFLICT (message_id) DO NOTHING",
        )
        .await?;
        tx.commit().await?;
        Ok(left.into_iter().map(|(id,)| id).collect())
    }

    /// The page was given up by a process that lives: nothing is wrong with its messages.
    pub(super) async fn leave_page(&self, ids: &[Uuid]) -> Result<()> {
        let mut tx = self.db().begin().await?;
        tx.with_rows(
            &[Col::uuid("id")],
            ids.iter().map(|id| vec![(*id).into()]).collect(),
            "DELETE FROM feed_trying WHERE message_id IN (SELECT id FROM input)",
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Applies a message that was under way when a process died, or puts it aside when processes
    /// died on it alone often enough.
    pub(super) async fn apply_alone(&self, id: Uuid) -> Result<Applied> {
        let mut tx = self.db().begin().await?;
        let counted = sql("UPDATE feed_trying SET times = times + 1 WHERE message_id = $1
                           RETURNING times");
        let times: Option<i64> = tx.value_maybe(counted.bind(id)).await?;
        tx.commit().await?;
        if times.is_none_or(|times| times <= MOST_DEATHS) {
            return self.apply(id).await;
        }
        tracing::error!(message = %id, "processes died on a message; it is put aside");
        let mut tx = self.db().read().await?;
        let head = rows::raw(&mut tx, id).await?;
        drop(tx);
        let Some(head) = head else { return Ok(Applied::default()) };
        let applied = self.put_into_quarantine(&head, ABORTED, &[]).await?;
        // Replayed, it starts anew.
        self.leave_page(&[id]).await?;
        Ok(applied)
    }
}
