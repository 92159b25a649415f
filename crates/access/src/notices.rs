//! What a member of staff is told without asking: their job ended, somebody gave them a task.
//!
//! A notice names what happened by a code with values, and a page; whoever shows it says it in the
//! reader's language. Values are file names, counts, names of staff: never a customer's.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use sqlx::types::Json;
use store::{SqlBuilder, Tx, sql};
use uuid::Uuid;

use crate::{Access, Actor, Result};

/// Notices older than this are dropped when the next one comes.
const KEPT: Duration = Duration::days(90);

/// A notice to be given.
#[derive(Clone, Debug)]
pub struct NewNotice {
    /// Whom to tell.
    pub user: Uuid,
    /// What it comes from: a job, an event. The same source is told once.
    pub source: Uuid,
    /// Code of what happened, for instance `job-done`.
    pub kind: &'static str,
    /// Values for its sentence.
    pub args: BTreeMap<String, String>,
    /// The page it leads to.
    pub href: String,
}

/// A notice as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Identity.
    pub id: Uuid,
    /// See [`NewNotice::kind`].
    pub kind: String,
    /// See [`NewNotice::args`].
    pub args: BTreeMap<String, String>,
    /// See [`NewNotice::href`].
    pub href: String,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// When it was first opened.
    pub read_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    args: Json<BTreeMap<String, String>>,
    href: String,
    created_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

impl From<Row> for Notice {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            args: row.args.0,
            href: row.href,
            created_at: row.created_at,
            read_at: row.read_at,
        }
    }
}

impl Access {
    /// Tells somebody something, once for each source. Users who are gone are told nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notify(&self, new: NewNotice) -> Result<()> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        tx.exec(
            sql("INSERT INTO access_notice (id, user_id, source, kind, args, href, created_at)
                 SELECT $1, u.id, $3, $4, $5, $6, $7 FROM access_user u WHERE u.id = $2
                 ON CONFLICT (user_id, source) DO NOTHING")
            .bind(kernel::ids::v7(now))
            .bind(new.user)
            .bind(new.source)
            .bind(new.kind)
            .bind(serde_json::to_value(&new.args).map_err(store::Error::from)?)
            .bind(new.href)
            .bind(now),
        )
        .await?;
        tx.exec(
            sql("DELETE FROM access_notice WHERE user_id = $1 AND created_at < $2")
                .bind(new.user)
                .bind(now - KEPT),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The reader's own notices, the newest first; `before` is the last one of the page above.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notices(
        &self,
        actor: &Actor,
        before: Option<(DateTime<Utc>, Uuid)>,
        limit: i64,
    ) -> Result<Vec<Notice>> {
        let mut query = SqlBuilder::new(
            "SELECT id, kind, args, href, created_at, read_at FROM access_notice WHERE user_id = ",
        );
        query.bind(actor.id);
        if let Some((at, id)) = before {
            query.push(" AND (created_at, id) < (").bind(at).push(", ").bind(id).push(")");
        }
        query.push(" ORDER BY created_at DESC, id DESC LIMIT ").bind(limit.clamp(1, 200));
        let mut tx = self.db().read().await?;
        let rows: Vec<Row> = tx.all(query.build()).await?;
        Ok(rows.into_iter().map(Notice::from).collect())
    }

    /// Opens one of the reader's notices: marks it read and returns it. None for anybody else's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_notice(&self, actor: &Actor, id: Uuid) -> Result<Option<Notice>> {
        let mut tx = self.db().begin().await?;
        tx.exec(
            sql("UPDATE access_notice SET read_at = $3
                 WHERE id = $1 AND user_id = $2 AND read_at IS NULL")
            .bind(id)
            .bind(actor.id)
            .bind(self.now()),
        )
        .await?;
        let row: Option<Row> = tx
            .maybe(
                sql("SELECT id, kind, args, href, created_at, read_at FROM access_notice
                     WHERE id = $1 AND user_id = $2")
                .bind(id)
                .bind(actor.id),
            )
            .await?;
        tx.commit().await?;
        Ok(row.map(Notice::from))
    }

    /// Marks all of the reader's notices read. Returns how many were not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read_notices(&self, actor: &Actor) -> Result<u64> {
        let mut tx = self.db().begin().await?;
        let touched = tx
            .exec(
                sql("UPDATE access_notice SET read_at = $2
                     WHERE user_id = $1 AND read_at IS NULL")
                .bind(actor.id)
                .bind(self.now()),
            )
            .await?;
        tx.commit().await?;
        Ok(touched)
    }
}

/// How many notices `user` has not opened; a hundred stands for more.
///
/// # Errors
/// When the database fails.
pub async fn unread(tx: &mut Tx, user: Uuid) -> store::Result<i64> {
    tx.value(
        sql("SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM access_notice
             WHERE user_id = $1 AND read_at IS NULL LIMIT 100) AS few")
        .bind(user),
    )
    .await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::testing::both;
    use crate::{Actor, Role};

    fn notice(user: Uuid, source: u128) -> NewNotice {
        NewNotice {
            user,
            source: Uuid::from_u128(source),
            kind: "job-done",
            args: BTreeMap::from([("about".to_owned(), "members.csv".to_owned())]),
            href: "/imports/1".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_source_is_told_once_and_only_its_reader_opens_it() {
        both(async |house| {
            let access = &house.access;
            let actor =
                async |email| -> Actor { house.signed_in(email, Role::Agent).await.session.actor };
            let (lin, vogel) = (actor("lin@example.com").await, actor("vogel@example.com").await);
            for source in [7, 7, 8] {
                access.notify(notice(lin.id, source)).await.unwrap();
            }
            access.notify(notice(Uuid::from_u128(404), 7)).await.unwrap();
            let mut tx = access.db().read().await.unwrap();
            assert_eq!(unread(&mut tx, lin.id).await.unwrap(), 2);
            assert_eq!(unread(&mut tx, vogel.id).await.unwrap(), 0);
            drop(tx);
            let mine = access.notices(&lin, None, 10).await.unwrap();
            let last = (mine[0].created_at, mine[0].id);
            assert_eq!(access.notices(&lin, Some(last), 10).await.unwrap(), mine[1..]);
            assert!(access.open_notice(&vogel, mine[0].id).await.unwrap().is_none());
            let opened = access.open_notice(&lin, mine[0].id).await.unwrap().unwrap();
            assert!(opened.read_at.is_some() && opened.href == "/imports/1");
            assert_eq!(access.read_notices(&vogel).await.unwrap(), 0);
            assert_eq!(access.read_notices(&lin).await.unwrap(), 1);
            assert_eq!(access.read_notices(&lin).await.unwrap(), 0);
        })
        .await;
    }
}
