//! Promotions members register for: which there are, who registered, and what they did.
//!
//! A promotion is a row of a programme's version. It can be registered for from its first day of
//! booking or of flying, whichever is earlier, to its last day of flying; it is given for flights
//! from the day of registration on. A registration is made once and stays.

mod effect;
mod register;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::work;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use access::Actor;
use chrono::{DateTime, NaiveDate, Utc};
use programme::accrual::Registered;
use programme::document::{OpenTo, PromotionRow, Row as _};
use programme::{Engine, Id};
use store::{Col, Tx, sql};
use uuid::Uuid;

pub use effect::{Comparison, Effect, FEWEST, Side};
pub use register::Registration;

use crate::programmes::Timeline;
use crate::tiers::down;
use crate::{Error, Loyalty, MemberId, Result, permissions};

/// Where a promotion stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It can be registered for, or is given.
    Open,
    /// It has not begun.
    Coming,
    /// Its last day of flying is over.
    Ended,
}

/// A promotion of a programme, with the version that holds it.
#[derive(Clone, Debug)]
pub struct Promotion {
    /// The rules it is a row of.
    pub engine: Arc<Engine>,
    /// The row.
    pub row: PromotionRow,
    /// Where it stands today.
    pub phase: Phase,
}

impl Promotion {
    fn new(engine: &Arc<Engine>, row: &PromotionRow, today: NaiveDate) -> Self {
        let phase = if row.valid_to.is_some_and(|last| last < today) {
            Phase::Ended
        } else if opens_on(row) > today {
            Phase::Coming
        } else {
            Phase::Open
        };
        Self { engine: engine.clone(), row: row.clone(), phase }
    }

    /// Whether members must register.
    #[must_use]
    pub fn asks_to_register(&self) -> bool {
        self.row.open_to == OpenTo::Registered
    }
}

/// The first day on which members can register.
#[must_use]
pub fn opens_on(row: &PromotionRow) -> NaiveDate {
    row.booked_from.map_or(row.valid_from, |day| day.min(row.valid_from))
}

/// By the member that answers for all merged into it: what any of them registered for, and when.
pub(crate) type Registrations = HashMap<MemberId, Vec<Registered>>;

/// Whether any of the rules has a promotion to register for.
pub(crate) fn registering<'a>(rules: impl IntoIterator<Item = &'a Arc<Engine>>) -> bool {
    let mut rows = rules.into_iter().flat_map(|engine| &engine.programme().accrual.promotions);
    rows.any(|row| row.open_to == OpenTo::Registered)
}

/// All promotions of the version in force and of those that hold later, each once.
fn offered(timeline: &Timeline, today: NaiveDate) -> Vec<Promotion> {
    let mut all: Vec<Promotion> = Vec::new();
    for engine in timeline.on_and_after(today) {
        for row in &engine.programme().accrual.promotions {
            if !all.iter().any(|known| known.row.id == row.id) {
                all.push(Promotion::new(engine, row, today));
            }
        }
    }
    all.sort_by(|a, b| {
        let latest = |one: &Promotion| std::cmp::Reverse(one.row.span().from);
        (a.phase, latest(a), &a.row.id).cmp(&(b.phase, latest(b), &b.row.id))
    });
    all
}

impl Loyalty {
    /// What members registered for, by whom they count for; `roots` were merged into nobody.
    pub(crate) async fn registrations(
        &self,
        tx: &mut Tx,
        roots: &BTreeSet<MemberId>,
    ) -> Result<Registrations> {
        let groups = down(tx, roots).await?;
        let rows = groups.keys().map(|id| vec![id.uuid().into()]).collect::<Vec<_>>();
        if rows.is_empty() {
            return Ok(Registrations::new());
        }
        let found: Vec<(Uuid, String, DateTime<Utc>)> = tx
            .with_rows_all(
                &[Col::uuid("id")],
                rows,
                "SELECT r.member_id, r.promotion, r.registered_at
                 FROM input JOIN loyalty_registration r ON r.member_id = input.id
                 ORDER BY r.registered_at, r.member_id",
            )
            .await?;
        let mut all = Registrations::new();
        for (member, promotion, at) in found {
            let Some(root) = groups.get(&member.into()) else { continue };
            let own = all.entry(*root).or_default();
            own.push(Registered { row: Id::from(promotion.as_str()), on: self.day_of(at) });
        }
        Ok(all)
    }

    /// What a member, or one merged into it, registered for, each with its day.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn registered(&self, tx: &mut Tx, member: MemberId) -> Result<Vec<Registered>> {
        let root = BTreeSet::from([member]);
        Ok(self.registrations(tx, &root).await?.remove(&member).unwrap_or_default())
    }

    /// The promotions of the version in force today and of those approved for later: open ones
    /// first, then coming ones, then those that ended; the latest first. Empty without a version.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn promotions(&self, programme: &str) -> Result<Vec<Promotion>> {
        let mut tx = self.db().read().await?;
        Ok(offered(&self.timeline(&mut tx, programme).await?, self.today()))
    }

    /// One promotion of [`Loyalty::promotions`].
    ///
    /// # Errors
    /// [`Error::NotFound`] when the rules have no such row.
    pub async fn promotion(&self, programme: &str, id: &str) -> Result<Promotion> {
        let all = self.promotions(programme).await?;
        all.into_iter().find(|it| it.row.id == *id).ok_or(Error::NotFound("promotion"))
    }

    /// How many members registered for each promotion of a programme; merged ones count once for
    /// each membership that registered.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn registered_counts(
        &self,
        actor: &Actor,
        programme: &str,
    ) -> Result<HashMap<String, i64>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let rows: Vec<(String, i64)> = tx
            .all(
                sql("SELECT promotion, CAST(COUNT(*) AS BIGINT) FROM loyalty_registration
                     WHERE programme = $1 GROUP BY promotion")
                .bind(programme),
            )
            .await?;
        Ok(rows.into_iter().collect())
    }
}
