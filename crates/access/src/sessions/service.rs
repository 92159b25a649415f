use chrono::Duration;
use kernel::{Outcome, Personal};
use store::Tx;

use super::model::{NewSession, Origin, Session, SessionRow, csrf_of};
use super::store::{self as sessions, Found, Start};
use crate::audit::{Details, Target};
use crate::permissions::{USERS_EDIT, USERS_READ};
use crate::policy::Grants;
use crate::users::store::roles_of;
use crate::{Access, Actor, Error, Preferences, Result, SessionId, UserId, random};

/// A request notes that it was there only this often.
const SEEN_EVERY: Duration = Duration::minutes(1);

impl Access {
    /// Who comes with this token; `None` when the session has ended or there never was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_session(&self, token: &str) -> Result<Option<Session>> {
        let now = self.now();
        let mut tx = self.db().read().await?;
        let found = sessions::by_token(&mut tx, random::hash(token)).await?;
        drop(tx);
        let alive = |found: &Found| {
            found.expires_at > now && found.last_seen_at + self.limits().session_idle > now
        };
        let Some(found) = found.filter(alive) else { return Ok(None) };
        if found.last_seen_at + SEEN_EVERY <= now {
            let (access, id) = (self.clone(), SessionId::from(found.id));
            self.behind(async move {
                let mut tx = access.db().begin().await?;
                sessions::touch(&mut tx, id, now).await?;
                Ok(tx.commit().await?)
            })
            .await;
        }
        Ok(Some(self.session(found, token)))
    }

    fn session(&self, found: Found, token: &str) -> Session {
        let roles = roles_of(&found.roles.0);
        let grants = match found.must_change {
            true => Grants::none(),
            false => self.policy().grants(&roles, None),
        };
        let actor = Actor {
            must_change_password: found.must_change,
            session: Some(found.id.into()),
            grants,
            ..Actor::staff(found.user_id, &found.name, &roles, self.policy())
        };
        Session {
            id: found.id.into(),
            user: found.user_id.into(),
            email: Personal::new(found.email),
            actor,
            csrf: csrf_of(token),
            preferences: Preferences::read(found.preferences.0),
            must_change_password: found.must_change,
            two_factor: found.two_factor,
            created_at: found.created_at,
            expires_at: found.expires_at,
        }
    }

    /// Begins a session of a user whose factors have all been checked in this transaction.
    pub(crate) async fn begin_session(
        &self,
        tx: &mut Tx,
        user: UserId,
        origin: &Origin,
    ) -> Result<NewSession> {
        let at = self.now();
        sessions::sweep(tx, at, at - self.limits().window).await?;
        let token = random::token();
        let expires_at = at + self.limits().session_life;
        let start = Start { user, token_hash: random::hash(&token), at, expires_at };
        sessions::insert(tx, start, origin).await?;
        let found = sessions::by_token(tx, random::hash(&token)).await?;
        // Disabled between the check of the password and here.
        let found = found.ok_or(Error::SignInRefused)?;
        let session = self.session(found, &token);
        Ok(NewSession { token, expires_at, session })
    }

    /// Ends the session of this token, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        let Some(session) = self.by_session(token).await? else { return Ok(()) };
        let mut tx = self.db().begin().await?;
        if sessions::end(&mut tx, session.id).await? {
            let target = Target::new("session", session.id);
            let actor = &session.actor;
            self.record(&mut tx, actor, "access.signed-out", &target, Details::new()).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Living sessions of a user: one's own, or anybody's with [`USERS_READ`].
    ///
    /// # Errors
    /// [`crate::Denied`].
    pub async fn sessions_of(&self, actor: &Actor, user: UserId) -> Result<Vec<SessionRow>> {
        if actor.id != user.uuid() {
            actor.may(USERS_READ)?;
        }
        self.list_sessions(actor, Some(user)).await
    }

    /// Everybody's living sessions, the latest first, at most a thousand.
    ///
    /// # Errors
    /// [`crate::Denied`] without [`USERS_READ`].
    pub async fn all_sessions(&self, actor: &Actor) -> Result<Vec<SessionRow>> {
        actor.may(USERS_READ)?;
        self.list_sessions(actor, None).await
    }

    async fn list_sessions(&self, actor: &Actor, user: Option<UserId>) -> Result<Vec<SessionRow>> {
        let now = self.now();
        let mut tx = self.db().read().await?;
        let seen_after = now - self.limits().session_idle;
        let rows = sessions::living(&mut tx, user, now, seen_after).await?;
        let shown = rows.into_iter().map(|row| SessionRow {
            id: row.id.into(),
            user: row.user_id.into(),
            address: Personal::new(row.address),
            agent: row.agent,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
            current: actor.session.is_some_and(|current| current.uuid() == row.id),
        });
        Ok(shown.collect())
    }

    /// Ends a session: one's own, or anybody's with [`USERS_EDIT`]. One that has ended already is
    /// no error.
    ///
    /// # Errors
    /// [`crate::Denied`].
    pub async fn revoke_session(&self, actor: &Actor, id: SessionId) -> Result<Outcome<()>> {
        let mut tx = self.db().begin().await?;
        let Some(user) = sessions::user_of(&mut tx, id).await? else {
            return Ok(Outcome::AlreadyDone(()));
        };
        if actor.id != user.uuid() {
            actor.may(USERS_EDIT)?;
        }
        sessions::end(&mut tx, id).await?;
        let (target, details) = (Target::new("session", id), Details::new().id("user", user));
        self.record(&mut tx, actor, "access.session-ended", &target, details).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    /// Ends the actor's sessions but for the one they act in; how many.
    ///
    /// # Errors
    /// [`Error::StaffOnly`].
    pub async fn revoke_other_sessions(&self, actor: &Actor) -> Result<u64> {
        let user = crate::users::staff(actor)?;
        let mut tx = self.db().begin().await?;
        let ended = sessions::end_all(&mut tx, user, actor.session).await?;
        if ended > 0 {
            let details =
                Details::new().count("sessions", i64::try_from(ended).unwrap_or(i64::MAX));
            let target = Target::new("user", user);
            self.record(&mut tx, actor, "access.sessions-ended", &target, details).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }
}
