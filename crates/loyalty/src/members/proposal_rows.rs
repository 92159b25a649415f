//! Proposals as they are read: waiting, decided, and about one member.

use access::Actor;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use super::proposals::{Asked, Proposal};
use crate::{Loyalty, MemberId, Result, permissions};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    member_id: Uuid,
    data: Json<Asked>,
    state: String,
    proposed_at: DateTime<Utc>,
    proposed_by: Uuid,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<Uuid>,
    note: String,
    decided_note: String,
}

impl TryFrom<Row> for Proposal {
    type Error = crate::UnknownWord;
    fn try_from(row: Row) -> Result<Self, crate::UnknownWord> {
        Ok(Self {
            id: row.id,
            member: row.member_id.into(),
            asked: row.data.0,
            state: row.state.parse()?,
            proposed: (row.proposed_at, row.proposed_by),
            decided: row.decided_at.zip(row.decided_by),
            note: row.note,
            decided_note: row.decided_note,
        })
    }
}

pub(super) async fn found(
    tx: &mut Tx,
    condition: (&str, store::Value),
    limit: i64,
) -> Result<Vec<Proposal>> {
    let mut query = SqlBuilder::new(
        "SELECT id, member_id, data, state, proposed_at, proposed_by, decided_at, decided_by,
            note, decided_note
         FROM loyalty_proposal WHERE ",
    );
    query.push(condition.0).push(" = ").bind(condition.1);
    query.push(" ORDER BY id DESC LIMIT ").bind(limit);
    let rows: Vec<Row> = tx.all(query.build()).await?;
    Ok(rows.into_iter().map(Proposal::try_from).collect::<Result<_, _>>()?)
}

impl Loyalty {
    /// Open proposals, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn open_proposals(&self, actor: &Actor, limit: i64) -> Result<Vec<Proposal>> {
        actor.may(permissions::READ)?;
        found(&mut self.db().read().await?, ("state", "open".into()), limit).await
    }

    /// Decided proposals before one of them, latest proposed first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn decided_proposals(
        &self,
        actor: &Actor,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Proposal>> {
        actor.may(permissions::READ)?;
        let mut tx = self.db().read().await?;
        let rows: Vec<Row> = tx
            .all(
                sql("SELECT id, member_id, data, state, proposed_at, proposed_by, decided_at,
                        decided_by, note, decided_note
                     FROM loyalty_proposal WHERE state IN ('approved', 'refused') AND id < $1
                     ORDER BY id DESC LIMIT $2")
                .bind(before.unwrap_or(Uuid::max()))
                .bind(limit),
            )
            .await?;
        Ok(rows.into_iter().map(Proposal::try_from).collect::<Result<_, _>>()?)
    }

    /// Proposals about a member, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn proposals_of(&self, actor: &Actor, member: MemberId) -> Result<Vec<Proposal>> {
        actor.may(permissions::READ)?;
        let by = ("member_id", member.uuid().into());
        found(&mut self.db().read().await?, by, 200).await
    }
}
