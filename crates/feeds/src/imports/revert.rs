//! Undoing an import: facts first, then the members it added or changed.

use store::outbox;

use super::model::{Import, ImportId, Phase, Progress, Report, Status};
use super::run::{failure_of, passes};
use super::store as rows;
use crate::{Feeds, Result, events};

/// Rows undone in one transaction.
const BATCH: i64 = 5_000;

impl Feeds {
    /// Undoes import `id`; goes on where an earlier try stopped.
    ///
    /// # Errors
    /// The database failed, or somebody asked to stop: what was undone stays undone, and a further
    /// try goes on.
    pub async fn run_revert(&self, id: ImportId, report: Report) -> Result<Import> {
        let import = self.load(id).await?;
        import.expect(&[Status::Reverting])?;
        match self.undo(&import, &report).await {
            Ok(()) => self.load(id).await,
            Err(error) if passes(&error) => Err(error),
            Err(error) => {
                let failure = failure_of(&error);
                let mut tx = self.db().begin().await?;
                rows::set_failed(&mut tx, id, Status::Failed, Some(&failure)).await?;
                tx.commit().await?;
                Err(error)
            }
        }
    }

    async fn undo(&self, import: &Import, report: &Report) -> Result<()> {
        let (total, mut done) = (Some(import.rows_done), import.undone);
        let id = import.id.uuid();
        loop {
            let mut tx = self.db().begin().await?;
            let step = self.flights().revert_import(&mut tx, id, BATCH).await?;
            rows::add_undone(&mut tx, import.id, step.undone, step.kept_changed_later).await?;
            tx.commit().await?;
            done += step.undone;
            report(Progress { phase: Phase::Revert, done, total, counts: import.counts }).await?;
            if !step.more {
                break;
            }
        }
        loop {
            let mut tx = self.db().begin().await?;
            let step = self.customers().revert_import(&mut tx, id, BATCH).await?;
            let (undone, kept) = (natural(step.undone), natural(step.kept_changed_later));
            rows::add_undone(&mut tx, import.id, undone, kept).await?;
            tx.commit().await?;
            done += undone;
            report(Progress { phase: Phase::Revert, done, total, counts: import.counts }).await?;
            if !step.more {
                break;
            }
        }
        let now = self.now();
        let mut tx = self.db().begin().await?;
        rows::set_reverted(&mut tx, import.id, now).await?;
        let settled = rows::load(&mut tx, import.id).await?;
        let data = events::Undone { import: id, undone: settled.undone, kept: settled.undo_kept };
        let subject = format!("import/{}", import.id);
        let event = outbox::Event::new(events::REVERTED, subject, now, serde_json::to_value(data)?);
        outbox::say(&mut tx, &event).await?;
        Ok(tx.commit().await?)
    }
}

fn natural(number: impl TryInto<u64>) -> u64 {
    number.try_into().unwrap_or(0)
}
