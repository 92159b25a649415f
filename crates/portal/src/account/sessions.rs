//! Members' sessions: a random token in a cookie, only its hash in the database.

use access::{Actor, Origin, secrets};
use chrono::{DateTime, Duration, Utc};
use kernel::{Outcome, Personal, Uuid};
use loyalty::MemberId;
use loyalty::members::Member;
use store::{SqlBuilder, Tx, sql};

use crate::{Portal, Result, SessionId};

/// A request notes that it was there only this often.
const SEEN_EVERY: Duration = Duration::minutes(5);

/// A member who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// Who, as they are now: merged and frozen ones too.
    pub member: Member,
    /// The end in any case.
    pub expires_at: DateTime<Utc>,
}

/// A session that was just begun.
#[derive(Clone)]
pub struct NewSession {
    /// Value of the cookie. Kept nowhere else.
    pub token: String,
    /// When the cookie may be forgotten.
    pub expires_at: DateTime<Utc>,
    /// Identity.
    pub id: SessionId,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewSession({})", self.id)
    }
}

/// A session in the member's list.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Identity.
    pub id: SessionId,
    /// Where it was begun; empty when not known.
    pub address: Personal<String>,
    /// What the browser said it is.
    pub agent: String,
    /// Last request, to some minutes.
    pub last_seen_at: DateTime<Utc>,
    /// The one that asks.
    pub current: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    member_id: Uuid,
    address: String,
    agent: String,
    last_seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

const COLUMNS: &str = "SELECT id, member_id, address, agent, last_seen_at, expires_at
     FROM portal_session WHERE ";

impl Portal {
    /// Who comes with this token; `None` when the session has ended or there never was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_session(&self, token: &str) -> Result<Option<Session>> {
        let now = self.now();
        let mut tx = self.parts().db.read().await?;
        let mut query = SqlBuilder::new(COLUMNS);
        query.push("token_hash = ").bind(secrets::hash(token));
        query.push(" AND expires_at > ").bind(now);
        query.push(" AND last_seen_at > ").bind(now - self.parts().limits.session_idle);
        let row: Option<Row> = tx.maybe(query.build()).await?;
        drop(tx);
        let Some(row) = row else { return Ok(None) };
        let id = MemberId::from(row.member_id);
        let member = self.parts().loyalty.member(&Self::reader(), id).await?;
        if member.forgotten_at.is_some() {
            return Ok(None);
        }
        if row.last_seen_at + SEEN_EVERY <= now {
            self.touch(row.id, now);
        }
        Ok(Some(Session { id: row.id.into(), member, expires_at: row.expires_at }))
    }

    /// Behind the request, which must not wait for another writer. It may be lost.
    fn touch(&self, id: Uuid, at: DateTime<Utc>) {
        let db = self.parts().db.clone();
        tokio::spawn(async move {
            let write = async {
                let mut tx = db.begin().await?;
                let touched = "UPDATE portal_session SET last_seen_at = $2
                     WHERE id = $1 AND last_seen_at < $2";
                tx.exec(sql(touched).bind(id).bind(at)).await?;
                tx.commit().await
            };
            if let Err(error) = write.await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a note was not kept");
            }
        });
    }

    pub(super) async fn begin_session(
        &self,
        tx: &mut Tx,
        member: Uuid,
        origin: &Origin,
    ) -> Result<NewSession> {
        let at = self.now();
        tx.exec(sql("DELETE FROM portal_session WHERE expires_at <= $1").bind(at)).await?;
        let (token, id) = (secrets::token(), SessionId::new(at));
        let expires_at = at + self.parts().limits.session_life;
        tx.exec(
            sql(
                "INSERT INTO portal_session (id, member_id, token_hash, address, agent, created_at,
                     last_seen_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
            )
            .bind(id.uuid())
            .bind(member)
            .bind(secrets::hash(&token))
            .bind(origin.address())
            .bind(origin.agent())
            .bind(at)
            .bind(expires_at),
        )
        .await?;
        Ok(NewSession { token, expires_at, id })
    }

    /// Notes that a session began on a device, so that redemptions know how long it has been known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seen_on(&self, session: &NewSession, device: &str) -> Result<()> {
        let mut tx = self.parts().db.begin().await?;
        let whose = sql("SELECT member_id FROM portal_session WHERE id = $1");
        let member: Option<Uuid> = tx.value_maybe(whose.bind(session.id.uuid())).await?;
        if let Some(member) = member {
            let hash = secrets::hash(device);
            let _ = self.parts().loyalty.note_device(&mut tx, member.into(), &hash).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The member's living sessions, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(&self, who: &Session) -> Result<Vec<SessionRow>> {
        let now = self.now();
        let mut tx = self.parts().db.read().await?;
        let mut query = SqlBuilder::new(COLUMNS);
        query.push("member_id = ").bind(who.member.id.uuid());
        query.push(" AND expires_at > ").bind(now);
        query.push(" AND last_seen_at > ").bind(now - self.parts().limits.session_idle);
        query.push(" ORDER BY last_seen_at DESC, id DESC LIMIT 100");
        let rows: Vec<Row> = tx.all(query.build()).await?;
        let shown = rows.into_iter().map(|row| SessionRow {
            id: row.id.into(),
            address: Personal::new(row.address),
            agent: row.agent,
            last_seen_at: row.last_seen_at,
            current: row.id == who.id.uuid(),
        });
        Ok(shown.collect())
    }

    /// Ends one of the member's own sessions. Another member's, or one that has ended, is left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, who: &Session, id: SessionId) -> Result<Outcome<()>> {
        self.end(who, " AND id = ", id, "portal.session-ended").await
    }

    /// Ends the member's sessions but for the one that asks.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_other_sessions(&self, who: &Session) -> Result<Outcome<()>> {
        self.end(who, " AND id <> ", who.id, "portal.sessions-ended").await
    }

    async fn end(
        &self,
        who: &Session,
        which: &'static str,
        id: SessionId,
        action: &'static str,
    ) -> Result<Outcome<()>> {
        let member = who.member.id.uuid();
        let mut tx = self.parts().db.begin().await?;
        let mut query = SqlBuilder::new("DELETE FROM portal_session WHERE member_id = ");
        query.bind(member).push(which).bind(id.uuid());
        if tx.exec(query.build()).await? == 0 {
            return Ok(Outcome::AlreadyDone(()));
        }
        self.note(&mut tx, &Actor::member(member), action, Some(member)).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }
}
