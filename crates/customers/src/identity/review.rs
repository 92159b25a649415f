//! Pairs of customers who may be one, for people to look at.

use access::{Actor, Details, Target};
use chrono::{DateTime, Utc};
use kernel::Outcome;
use serde_json::Value as Json;
use sqlx::types::Json as Column;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use super::merge::{current, part};
use crate::model::CustomerId;
use crate::{Customers, Error, Result, permissions};

/// What somebody says of a pair.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// One person: the two are merged.
    Same,
    /// Two people: the machine never joins them.
    Different,
    /// Not now: out of the queue until asked for.
    Later,
}

impl Verdict {
    /// As kept and in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Later => "later",
        }
    }

    /// `None` for any other word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        [Self::Same, Self::Different, Self::Later].into_iter().find(|one| one.as_str() == word)
    }
}

/// A pair of customers, as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Review {
    /// Identity.
    pub id: Uuid,
    /// The older customer.
    pub one_id: Uuid,
    /// The younger.
    pub other_id: Uuid,
    /// The older's record of the heaviest pair.
    pub one_record: Uuid,
    /// The younger's.
    pub other_record: Uuid,
    /// `link` when the machine would join them but may not, `review` otherwise.
    pub band: String,
    /// Bits.
    pub weight: f64,
    /// Codes and weights, as matching gives them.
    pub detail: Column<Json>,
    /// `open`, `same`, `different`, `later`, or `joined` by the machine.
    pub status: String,
    /// When the pair was found.
    pub found_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom.
    pub decided_by: Option<Uuid>,
    /// The merge it led to.
    pub event_id: Option<Uuid>,
}

const COLUMNS: &str = "r.id, r.one_id, r.other_id, r.one_record, r.other_record, r.band, r.weight, \
    r.detail, r.status, r.found_at, r.decided_at, r.decided_by, r.event_id";

/// Pairs with both customers.
pub(crate) const PAIR: &str = "identity_review r JOIN customer a ON a.id = r.one_id \
    JOIN customer b ON b.id = r.other_id";
/// Those that wait: of what has become one by way of a third there is nothing left to say.
pub(crate) const WAITS: &str = "r.status = 'open' \
    AND COALESCE(a.merged_into, a.id) <> COALESCE(b.merged_into, b.id)";

impl Customers {
    /// A pair.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn review(&self, actor: &Actor, id: Uuid) -> Result<Review> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        read(&mut tx, id).await
    }

    /// The open pair to look at after this one: the next lighter, else the heaviest.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn next_review(&self, actor: &Actor, after: &Review) -> Result<Option<Uuid>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let waiting = || {
            let mut query = SqlBuilder::new("SELECT r.id FROM ");
            query.push(PAIR).push(" WHERE ").push(WAITS);
            query
        };
        let mut lighter = waiting();
        lighter.push(" AND (r.weight, r.id) < (").bind(after.weight).push(", ").bind(after.id);
        lighter.push(") ORDER BY r.weight DESC, r.id DESC LIMIT 1");
        let lighter: Option<Uuid> = tx.value_maybe(lighter.build()).await?;
        if lighter.is_some() {
            return Ok(lighter);
        }
        let mut heaviest = waiting();
        heaviest.push(" AND r.id <> ").bind(after.id);
        heaviest.push(" ORDER BY r.weight DESC, r.id DESC LIMIT 1");
        Ok(tx.value_maybe(heaviest.build()).await?)
    }

    /// How many pairs wait, counted up to a thousand.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn reviews_waiting(&self, actor: &Actor) -> Result<i64> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let mut query =
            SqlBuilder::new("SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM ");
        query.push(PAIR).push(" WHERE ").push(WAITS).push(" LIMIT 1000) AS few");
        Ok(tx.value(query.build()).await?)
    }

    /// Says whether a pair is one person.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] without `identity.review`; [`Error::InTrash`] when
    /// one of them is. A pair that somebody has decided so already is [`Outcome::AlreadyDone`];
    /// one decided otherwise is [`Error::Decided`].
    pub async fn decide_review(
        &self,
        actor: &Actor,
        id: Uuid,
        verdict: Verdict,
    ) -> Result<Outcome<Review>> {
        actor.may(permissions::REVIEW)?;
        let mut tx = self.db().begin().await?;
        let review = read(&mut tx, id).await?;
        if review.status == verdict.as_str() {
            return Ok(Outcome::AlreadyDone(review));
        }
        if !matches!(review.status.as_str(), "open" | "later") {
            return Err(Error::Decided);
        }
        let now = self.now();
        let claimed = tx
            .exec(
                sql("UPDATE identity_review SET status = $2, decided_at = $3, decided_by = $4
                     WHERE id = $1 AND status = $5")
                .bind(id)
                .bind(verdict.as_str())
                .bind(now)
                .bind(actor.id)
                .bind(&review.status),
            )
            .await?;
        if claimed == 0 {
            return Err(Error::Decided);
        }
        let (one, other) = (review.one_id.into(), review.other_id.into());
        match verdict {
            Verdict::Same => {
                let (event, _) = self.merge_in(&mut tx, actor, one, other).await?.into_inner();
                tx.exec(
                    sql("UPDATE identity_review SET event_id = $2 WHERE id = $1")
                        .bind(id)
                        .bind(event),
                )
                .await?;
            }
            Verdict::Different => part(&mut tx, one, other, now).await?,
            Verdict::Later => {}
        }
        let details = Details::new().code("verdict", verdict.as_str());
        let target = Target::new("identity-review", id);
        self.access().record(&mut tx, actor, "identity.decided", &target, details).await?;
        let review = read(&mut tx, id).await?;
        tx.commit().await?;
        Ok(Outcome::Done(review))
    }

    /// Takes what was decided of a pair back: it waits again, and what was merged is apart.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`]. A pair that waits is [`Outcome::AlreadyDone`].
    pub async fn undo_review(&self, actor: &Actor, id: Uuid) -> Result<Outcome<Review>> {
        actor.may(permissions::REVIEW)?;
        let mut tx = self.db().begin().await?;
        let review = read(&mut tx, id).await?;
        if review.status == "open" {
            return Ok(Outcome::AlreadyDone(review));
        }
        if let Some(event) = review.event_id {
            let undone = self.undo_step_in(&mut tx, actor, event).await?;
            drop(undone);
        }
        if review.status == "different" {
            tx.exec(
                sql("DELETE FROM identity_apart WHERE one_id = $1 AND other_id = $2")
                    .bind(review.one_id.min(review.other_id))
                    .bind(review.one_id.max(review.other_id)),
            )
            .await?;
        }
        // What the machine joined and somebody took back is not joined again.
        let band = if review.status == "joined" { "review" } else { review.band.as_str() };
        tx.exec(
            sql("UPDATE identity_review SET status = 'open', decided_at = NULL, decided_by = NULL,
                    event_id = NULL, band = $2 WHERE id = $1")
            .bind(id)
            .bind(band),
        )
        .await?;
        let target = Target::new("identity-review", id);
        self.access().record(&mut tx, actor, "identity.undone", &target, Details::new()).await?;
        let review = read(&mut tx, id).await?;
        tx.commit().await?;
        Ok(Outcome::Done(review))
    }
}

pub(super) async fn read(tx: &mut Tx, id: Uuid) -> Result<Review> {
    let mut query = SqlBuilder::new("SELECT ");
    query.push(COLUMNS).push(" FROM identity_review r WHERE r.id = ").bind(id);
    tx.maybe(query.build()).await?.ok_or(Error::NotFound("review"))
}

/// These pairs, in this order.
pub(crate) async fn by_ids(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Review>> {
    let rows = ids.iter().map(|id| vec![(*id).into()]).collect();
    let mut found: Vec<Review> = tx
        .with_rows_all(
            &[store::Col::uuid("id")],
            rows,
            &format!("SELECT {COLUMNS} FROM input JOIN identity_review r ON r.id = input.id"),
        )
        .await?;
    found.sort_by_key(|review| ids.iter().position(|id| *id == review.id));
    Ok(found)
}

/// Pairs the machine would join, heaviest first.
pub(super) async fn to_join(tx: &mut Tx, limit: i64) -> Result<Vec<Review>> {
    let mut query = SqlBuilder::new("SELECT ");
    query.push(COLUMNS).push(
        " FROM identity_review r WHERE r.status = 'open' AND r.band = 'link'
          ORDER BY r.weight DESC, r.id DESC LIMIT ",
    );
    query.bind(limit);
    Ok(tx.all(query.build()).await?)
}

/// A merge was taken back: the pair it came from waits for people again.
pub(super) async fn reopen(tx: &mut Tx, event: Uuid) -> Result<()> {
    tx.exec(
        sql("UPDATE identity_review SET status = 'open', decided_at = NULL, decided_by = NULL,
                event_id = NULL, band = 'review' WHERE event_id = $1")
        .bind(event),
    )
    .await?;
    Ok(())
}

/// Whether people told these two apart, or any two merged into them.
pub(super) async fn are_apart(tx: &mut Tx, one: CustomerId, other: CustomerId) -> Result<bool> {
    let (one, other) = (current(tx, one).await?, current(tx, other).await?);
    let parted: i64 = tx
        .value(
            sql("SELECT CAST(COUNT(*) AS BIGINT) FROM identity_apart p
                 JOIN customer a ON a.id = p.one_id JOIN customer b ON b.id = p.other_id
                 WHERE p.one_id IN (SELECT id FROM customer
                        WHERE id IN ($1, $2) OR merged_into IN ($1, $2))
                   AND ((COALESCE(a.merged_into, a.id) = $1 AND COALESCE(b.merged_into, b.id) = $2)
                     OR (COALESCE(a.merged_into, a.id) = $2 AND COALESCE(b.merged_into, b.id) = $1))")
            .bind(one.uuid())
            .bind(other.uuid()),
        )
        .await?;
    Ok(parted > 0)
}
