use chrono::{DateTime, Utc};
use store::sql;

use super::throttle::{self, Try};
use crate::audit::{Details, Target};
use crate::users::fold_email;
use crate::users::store::{self as users, UserRow};
use crate::{Access, Actor, Error, NewSession, Origin, Result, random};

/// How far a sign-in has come.
#[derive(Debug)]
pub enum SignIn {
    /// All the way.
    Done(Box<NewSession>),
    /// The password was right; the second factor is missing.
    SecondFactor(Ticket),
}

/// Half a sign-in. Worth a short-lived cookie; opens nothing but [`Access::second_factor`].
pub struct Ticket {
    /// To be brought with the second factor.
    pub token: String,
    /// Until then.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ticket(•••)")
    }
}

impl Access {
    /// Signs in with a password, and with the second factor (a code of the app, or a recovery
    /// code) where the user has one and it came along.
    ///
    /// # Errors
    /// [`Error::SignInRefused`] whatever was wrong, with the same work whether or not there is
    /// such a user; [`Error::TooManyTries`]; [`Error::FactorRefused`].
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        code: Option<&str>,
        origin: &Origin,
    ) -> Result<SignIn> {
        let email = fold_email(email);
        let mut tries = vec![Try::account(self.vault(), &email)];
        tries.extend(origin.address.map(|address| Try::address(self.vault(), address)));
        self.count_sign_in(&tries).await?;
        let user = self.check_password(&email, password).await?;
        match code {
            None if user.totp_secret.is_some() => {
                self.ticket(&user, &tries).await.map(SignIn::SecondFactor)
            }
            code => {
                let session = self.enter(&user, code, &tries, origin).await?;
                Ok(SignIn::Done(Box::new(session)))
            }
        }
    }

    /// The second half: the ticket and the code of the app, or a recovery code.
    ///
    /// # Errors
    /// [`Error::TicketEnded`] when the password must be given again, [`Error::FactorRefused`],
    /// [`Error::TooManyTries`].
    pub async fn second_factor(
        &self,
        ticket: &str,
        code: &str,
        origin: &Origin,
    ) -> Result<NewSession> {
        let mut tx = self.db().read().await?;
        let user: Option<UserRow> = tx
            .maybe(
                sql("SELECT u.* FROM access_user u JOIN access_ticket t ON t.user_id = u.id
                     WHERE t.token_hash = $1 AND t.expires_at > $2 AND u.disabled_at IS NULL")
                .bind(random::hash(ticket))
                .bind(self.now()),
            )
            .await?;
        drop(tx);
        let user = user.ok_or(Error::TicketEnded)?;
        self.enter(&user, Some(code), &[], origin).await
    }

    pub(super) async fn count_sign_in(&self, tries: &[Try]) -> Result<()> {
        let counted = self.count(tries).await?;
        let Some(again_at) = counted.again_at else { return Ok(()) };
        if counted.first_too_many {
            let mut tx = self.db().begin().await?;
            let (actor, target) = (Actor::system("sign-in"), Target::none());
            self.record(&mut tx, &actor, "access.sign-in-limited", &target, Details::new()).await?;
            tx.commit().await?;
        }
        Err(self.too_many(again_at))
    }

    /// The user, if the password is theirs and they may come in. Known and unknown users cost the
    /// same: one hash and one row in the trail.
    async fn check_password(&self, email: &str, password: &str) -> Result<UserRow> {
        let mut tx = self.db().read().await?;
        let user = users::by_email(&mut tx, email).await?;
        drop(tx);
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let fits = self.password_fits(hash, password).await?;
        match user {
            Some(user) if fits && user.disabled_at.is_none() => Ok(user),
            user => {
                self.note_refusal(user.as_ref(), "password").await?;
                Err(Error::SignInRefused)
            }
        }
    }

    async fn note_refusal(&self, user: Option<&UserRow>, what: &str) -> Result<()> {
        let target = user.map_or_else(Target::none, |user| Target::new("user", user.id));
        let (actor, details) = (Actor::system("sign-in"), Details::new().code("factor", what));
        let mut tx = self.db().begin().await?;
        self.record(&mut tx, &actor, "access.sign-in-refused", &target, details).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn ticket(&self, user: &UserRow, tries: &[Try]) -> Result<Ticket> {
        let token = random::token();
        let expires_at = self.now() + self.limits().ticket_life;
        let mut tx = self.db().begin().await?;
        tx.exec(
            sql("INSERT INTO access_ticket (token_hash, user_id, expires_at)
                 VALUES ($1, $2, $3)")
            .bind(random::hash(&token))
            .bind(user.id)
            .bind(expires_at),
        )
        .await?;
        throttle::forget(&mut tx, tries).await?;
        tx.commit().await?;
        Ok(Ticket { token, expires_at })
    }

    /// The last step: the second factor, if there is one, and the session, in one transaction.
    async fn enter(
        &self,
        user: &UserRow,
        code: Option<&str>,
        tries: &[Try],
        origin: &Origin,
    ) -> Result<NewSession> {
        let factor = user.totp_secret.is_some();
        let mut tries = tries.to_vec();
        if factor {
            let tried = Try::second_factor(self.vault(), user.id());
            self.count_sign_in(std::slice::from_ref(&tried)).await?;
            tries.push(tried);
        }
        let mut tx = self.db().begin().await?;
        if factor && !self.accept_code(&mut tx, user, code.unwrap_or_default()).await? {
            drop(tx);
            self.note_refusal(Some(user), "second-factor").await?;
            return Err(Error::FactorRefused);
        }
        throttle::forget(&mut tx, &tries).await?;
        tx.exec(sql("DELETE FROM access_ticket WHERE user_id = $1").bind(user.id)).await?;
        let session = self.begin_session(&mut tx, user.id(), origin).await?;
        tx.exec(
            sql("UPDATE access_user SET last_sign_in_at = $2 WHERE id = $1")
                .bind(user.id)
                .bind(self.now()),
        )
        .await?;
        let target = Target::new("session", session.session.id);
        let details = Details::new().flag("second_factor", factor);
        self.record(&mut tx, &session.session.actor, "access.signed-in", &target, details).await?;
        tx.commit().await?;
        Ok(session)
    }
}
