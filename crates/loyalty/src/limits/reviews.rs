//! The review queue: what went beyond a limit and waits for somebody to decide.

use access::{Actor, Details};
use chrono::{DateTime, Utc};
use kernel::Outcome;
use serde_json::json;
use store::{Tx, sql};
use uuid::Uuid;

use super::{Deed, What};
use crate::members::load;
use crate::{Error, Loyalty, MemberId, Result, events, permissions};

crate::ledger::words!(
    /// Where a review stands.
    ReviewState {
        /// Waits.
        Open = "open",
        /// It was in order: what waited may go on.
        Cleared = "cleared",
        /// It was not: what waited is given up.
        Confirmed = "confirmed",
    }
);

/// A review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Identity.
    pub id: Uuid,
    /// Whose.
    pub member: MemberId,
    /// The limit that raised it.
    pub limit: Uuid,
    /// What was done.
    pub what: What,
    /// How much.
    pub amount: i64,
    /// Which: what waits for the decision.
    pub reference: String,
    /// When.
    pub raised_at: DateTime<Utc>,
    /// Where it stands.
    pub state: ReviewState,
    /// When and by whom decided.
    pub decided: Option<(DateTime<Utc>, Uuid)>,
}

impl Loyalty {
    pub(super) async fn raise(
        &self,
        tx: &mut Tx,
        member: MemberId,
        deed: &Deed,
        limit: Uuid,
    ) -> Result<Uuid> {
        let id = kernel::ids::v7(self.now());
        tx.exec(
            sql("INSERT INTO loyalty_review
                    (id, member_id, limit_id, what, amount, reference, raised_at, state)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'open')")
            .bind(id)
            .bind(member.uuid())
            .bind(limit)
            .bind(deed.what.as_str())
            .bind(deed.amount)
            .bind(&deed.reference)
            .bind(self.now()),
        )
        .await?;
        let data = json!({"review": id, "limit": limit, "what": deed.what,
            "reference": deed.reference, "state": ReviewState::Open});
        let actor = Actor::system("loyalty");
        events::about(tx, events::REVIEW_CHANGED, member, self.now(), &actor, data).await?;
        Ok(id)
    }

    /// Open reviews, oldest first, after a place.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn open_reviews(
        &self,
        actor: &Actor,
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: i64,
    ) -> Result<Vec<Review>> {
        actor.may(permissions::READ)?;
        let (at, id) = after.unwrap_or((DateTime::UNIX_EPOCH, Uuid::nil()));
        let mut tx = self.db().read().await?;
        let rows: Vec<ReviewRow> = tx
            .all(
                sql("SELECT id, member_id, limit_id, what, amount, reference, raised_at, state,
                        decided_at, decided_by
                     FROM loyalty_review WHERE state = 'open' AND (raised_at, id) > ($1, $2)
                     ORDER BY raised_at, id LIMIT $3")
                .bind(at)
                .bind(id)
                .bind(limit),
            )
            .await?;
        Ok(rows.into_iter().map(Review::try_from).collect::<Result<_, _>>()?)
    }

    /// Reviews of a member, newest first, at most 200.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn reviews_of(&self, actor: &Actor, member: MemberId) -> Result<Vec<Review>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let rows: Vec<ReviewRow> = tx
            .all(
                sql("SELECT id, member_id, limit_id, what, amount, reference, raised_at, state,
                        decided_at, decided_by
                     FROM loyalty_review WHERE member_id = $1
                     ORDER BY raised_at DESC, id DESC LIMIT 200")
                .bind(member.uuid()),
            )
            .await?;
        Ok(rows.into_iter().map(Review::try_from).collect::<Result<_, _>>()?)
    }

    /// Decided reviews, latest decision first, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn decided_reviews(&self, actor: &Actor, limit: i64) -> Result<Vec<Review>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let rows: Vec<ReviewRow> = tx
            .all(
                sql("SELECT id, member_id, limit_id, what, amount, reference, raised_at, state,
                        decided_at, decided_by
                     FROM loyalty_review WHERE state IN ('cleared', 'confirmed')
                     ORDER BY raised_at DESC, id DESC LIMIT $1")
                .bind(limit),
            )
            .await?;
        Ok(rows.into_iter().map(Review::try_from).collect::<Result<_, _>>()?)
    }

    /// Decides a review: what waited may be done, or is given up. Whoever holds it acts on the event.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Refused`] `loyalty-review-decided`.
    pub async fn decide_review(
        &self,
        actor: &Actor,
        review: Uuid,
        cleared: bool,
    ) -> Result<Outcome<()>> {
        actor.may(permissions::REVIEW)?;
        let state = if cleared { ReviewState::Cleared } else { ReviewState::Confirmed };
        let mut tx = self.db().begin().await?;
        let decided = tx
            .exec(
                sql("UPDATE loyalty_review SET state = $2, decided_at = $3, decided_by = $4
                     WHERE id = $1 AND state = 'open'")
                .bind(review)
                .bind(state.as_str())
                .bind(self.now())
                .bind(actor.id),
            )
            .await?;
        let row: Option<ReviewRow> = tx
            .maybe(
                sql("SELECT id, member_id, limit_id, what, amount, reference, raised_at, state,
                        decided_at, decided_by FROM loyalty_review WHERE id = $1")
                .bind(review),
            )
            .await?;
        let known = Review::try_from(row.ok_or(Error::NotFound("review"))?)?;
        if decided == 0 {
            return if known.state == state {
                Ok(Outcome::AlreadyDone(()))
            } else {
                Err(Error::Refused("loyalty-review-decided"))
            };
        }
        load(&mut tx, known.member).await?;
        let data = json!({"review": review, "limit": known.limit, "what": known.what,
            "reference": known.reference, "state": state});
        let details = Details::new().id("review", review).code("state", state.as_str());
        let what = (events::REVIEW_CHANGED, "loyalty.review-decided");
        self.told(&mut tx, actor, known.member, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }
}

#[derive(sqlx::FromRow)]
struct ReviewRow {
    id: Uuid,
    member_id: Uuid,
    limit_id: Uuid,
    what: String,
    amount: i64,
    reference: String,
    raised_at: DateTime<Utc>,
    state: String,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<Uuid>,
}

impl TryFrom<ReviewRow> for Review {
    type Error = crate::UnknownWord;
    fn try_from(row: ReviewRow) -> Result<Self, crate::UnknownWord> {
        Ok(Self {
            id: row.id,
            member: row.member_id.into(),
            limit: row.limit_id,
            what: row.what.parse()?,
            amount: row.amount,
            reference: row.reference,
            raised_at: row.raised_at,
            state: row.state.parse()?,
            decided: row.decided_at.zip(row.decided_by),
        })
    }
}
