//! Which approved version holds on which day.

use std::sync::Arc;

use chrono::NaiveDate;
use kernel::Period;
use programme::{Engine, Programme};
use store::{Tx, sql};
use uuid::Uuid;

use super::{Version, VersionId, VersionState, text_of};
use crate::{Error, Loyalty, Result};

/// The version that holds on a day: of one first day the one approved last.
pub(crate) fn in_force(versions: &[Version], day: NaiveDate) -> Option<&Version> {
    let held = versions.iter().filter(|it| it.state == VersionState::Approved);
    held.filter(|it| it.valid_from <= day)
        .max_by_key(|it| (it.valid_from, it.decided.map(|(at, _)| at), it.version))
}

/// The approved versions of a programme, by first day, then by approval.
#[derive(Clone, Debug)]
pub(crate) struct Timeline(Vec<(NaiveDate, Arc<Engine>)>);

impl Timeline {
    /// The version that holds on a day.
    pub fn on(&self, day: NaiveDate) -> Option<&Arc<Engine>> {
        let after = self.0.partition_point(|(from, _)| *from <= day);
        after.checked_sub(1).and_then(|at| self.0.get(at)).map(|(_, engine)| engine)
    }

    /// The parts of a span with the version that holds in each; days before the first have none.
    pub fn parts(&self, span: Period) -> Vec<(Period, Arc<Engine>)> {
        let mut parts = Vec::new();
        for (at, (from, engine)) in self.0.iter().enumerate() {
            let next = self.0.get(at + 1).map(|(next, _)| *next);
            let to = next.and_then(|next| next.pred_opt()).map_or(span.to, |to| to.min(span.to));
            let from = span.from.max(*from);
            if from <= to {
                parts.push((Period { from, to }, engine.clone()));
            }
        }
        parts
    }

    /// The first day after `day` on which another version begins to hold.
    pub fn after(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.0.iter().map(|(from, _)| *from).find(|from| *from > day)
    }

    /// The version that holds on a day and those that hold later, in their order.
    pub fn on_and_after(&self, day: NaiveDate) -> impl Iterator<Item = &Arc<Engine>> {
        let later = self.0.iter().enumerate().filter(move |(at, (from, _))| {
            // Of two with one first day the later one holds.
            *from > day && self.0.get(at + 1).is_none_or(|(next, _)| next != from)
        });
        self.on(day).into_iter().chain(later.map(|(_, (_, engine))| engine))
    }

    /// All of them.
    pub fn engines(&self) -> impl Iterator<Item = &Arc<Engine>> {
        self.0.iter().map(|(_, engine)| engine)
    }

    /// Whether nothing was ever approved.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Loyalty {
    /// The rules that hold for flights of a day.
    ///
    /// # Errors
    /// [`Error::NotFound`] when no version holds then; when the database fails.
    pub async fn programme_on(&self, programme: &str, day: NaiveDate) -> Result<Arc<Engine>> {
        let mut tx = self.db().read().await?;
        let timeline = self.timeline(&mut tx, programme).await?;
        timeline.on(day).cloned().ok_or(Error::NotFound("version"))
    }

    /// The approved rules with a number: those an explanation quotes.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there are none; when the database fails.
    pub async fn programme_numbered(&self, programme: &str, version: i64) -> Result<Arc<Engine>> {
        let mut tx = self.db().read().await?;
        let id: Option<Uuid> = tx
            .value_maybe(
                sql("SELECT id FROM loyalty_programme
                     WHERE programme = $1 AND version = $2 AND state = 'approved'")
                .bind(programme)
                .bind(version),
            )
            .await?;
        self.engine(&mut tx, id.ok_or(Error::NotFound("version"))?.into()).await
    }

    /// The approved versions. What was read once is kept: it never changes.
    pub(crate) async fn timeline(&self, tx: &mut Tx, programme: &str) -> Result<Timeline> {
        let rows: Vec<(Uuid, NaiveDate)> = tx
            .all(
                sql("SELECT id, valid_from FROM loyalty_programme
                     WHERE programme = $1 AND state = 'approved'
                     ORDER BY valid_from, decided_at NULLS FIRST, version")
                .bind(programme),
            )
            .await?;
        let mut found = Vec::with_capacity(rows.len());
        for (id, from) in rows {
            found.push((from, self.engine(tx, id.into()).await?));
        }
        Ok(Timeline(found))
    }

    pub(crate) async fn engine(&self, tx: &mut Tx, id: VersionId) -> Result<Arc<Engine>> {
        if let Some(engine) = self.engines().get(&id) {
            return Ok(engine.clone());
        }
        let text = text_of(tx, id).await?;
        let engine = Arc::new(Engine::new(Programme::from_toml(&text)?)?);
        self.engines().insert(id, engine.clone());
        Ok(engine)
    }
}
