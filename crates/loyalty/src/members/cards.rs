//! Cards: digital or plastic, each with a serial of its own; the number never changes.

use access::{Actor, Details};
use chrono::{DateTime, Utc};
use kernel::Outcome;
use serde_json::json;
use store::{Tx, sql};

use super::hold;
use crate::{Error, Loyalty, MemberId, Result, events, permissions};

crate::ledger::words!(
    /// What a card is made of.
    Medium {
        /// In the member's phone.
        Digital = "digital",
        /// Plastic.
        Plastic = "plastic",
    }
);

/// A card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Counts the member's cards from 1.
    pub serial: i64,
    /// What it is made of.
    pub medium: Medium,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When it was blocked, and why.
    pub blocked: Option<(DateTime<Utc>, String)>,
}

/// Why a card is blocked.
pub const REASONS: &[&str] = &["lost", "stolen", "damaged", "replaced"];

/// Serial, medium, issued, blocked, why.
type Row = (i64, String, DateTime<Utc>, Option<DateTime<Utc>>, String);

impl Loyalty {
    /// A member's cards, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn cards(&self, actor: &Actor, member: MemberId) -> Result<Vec<Card>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let rows: Vec<Row> = tx
            .all(
                sql("SELECT seq, medium, issued_at, blocked_at, blocked_for FROM loyalty_card
                     WHERE member_id = $1 ORDER BY seq DESC")
                .bind(member.uuid()),
            )
            .await?;
        let card = |(serial, medium, issued_at, blocked_at, why): Row| {
            let blocked = blocked_at.map(|at| (at, why));
            Ok(Card { serial, medium: medium.parse()?, issued_at, blocked })
        };
        rows.into_iter().map(card).collect()
    }

    /// Issues a card. Those before stay good until they are blocked. Returns its serial.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Refused`].
    pub async fn issue_card(&self, actor: &Actor, member: MemberId, medium: Medium) -> Result<i64> {
        actor.may(permissions::EDIT)?;
        let mut tx = self.db().begin().await?;
        hold(&mut tx, member).await?;
        let serial = self.put_card(&mut tx, member, medium).await?;
        let what = (events::CARD_CHANGED, "loyalty.card-issued");
        let data = json!({"serial": serial, "medium": medium});
        let details = Details::new().count("serial", serial);
        self.told(&mut tx, actor, member, what, (details, data)).await?;
        tx.commit().await?;
        Ok(serial)
    }

    pub(super) async fn put_card(
        &self,
        tx: &mut Tx,
        member: MemberId,
        medium: Medium,
    ) -> Result<i64> {
        Ok(tx
            .value(
                sql("INSERT INTO loyalty_card (member_id, seq, medium, issued_at)
                     SELECT $1, CAST(COALESCE(MAX(seq), 0) + 1 AS BIGINT), $2, $3
                     FROM loyalty_card WHERE member_id = $1 RETURNING seq")
                .bind(member.uuid())
                .bind(medium.as_str())
                .bind(self.now()),
            )
            .await?)
    }

    /// Blocks a card for good. `reason`: `lost`, `stolen`, `damaged`, `replaced`.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Invalid`] for another reason.
    pub async fn block_card(
        &self,
        actor: &Actor,
        member: MemberId,
        serial: i64,
        reason: &str,
    ) -> Result<Outcome<()>> {
        actor.may(permissions::EDIT)?;
        let Some(reason) = REASONS.iter().find(|one| **one == reason) else {
            return Err(Error::invalid("reason", "loyalty-reason"));
        };
        let mut tx = self.db().begin().await?;
        hold(&mut tx, member).await?;
        let known: Option<bool> = tx
            .value_maybe(
                sql("SELECT blocked_at IS NULL FROM loyalty_card
                     WHERE member_id = $1 AND seq = $2")
                .bind(member.uuid())
                .bind(serial),
            )
            .await?;
        if !known.ok_or(Error::NotFound("card"))? {
            return Ok(Outcome::AlreadyDone(()));
        }
        tx.exec(
            sql("UPDATE loyalty_card SET blocked_at = $3, blocked_for = $4
                 WHERE member_id = $1 AND seq = $2")
            .bind(member.uuid())
            .bind(serial)
            .bind(self.now())
            .bind(*reason),
        )
        .await?;
        let what = (events::CARD_CHANGED, "loyalty.card-blocked");
        let data = json!({"serial": serial, "blocked": reason});
        let details = Details::new().count("serial", serial).code("reason", reason);
        self.told(&mut tx, actor, member, what, (details, data)).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }
}
