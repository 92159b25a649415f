//! What users do with their own account.

use super::model::Preferences;
use super::store::{self as users, UserRow};
use crate::audit::{Details, Target};
use crate::sign_in::throttle::Try;
use crate::{Access, Actor, ActorKind, Error, Result, UserId, passwords, sessions};

impl Access {
    /// Sets a new password and ends the user's other sessions.
    ///
    /// # Errors
    /// [`Error::PasswordWrong`] when `current` is not the password, [`Error::TooManyTries`] when
    /// that was tried too often, [`Error::PasswordWeak`] and [`Error::PasswordSame`].
    pub async fn change_password(&self, actor: &Actor, current: &str, new: &str) -> Result<()> {
        let user = self.with_password(actor, current).await?;
        passwords::check(new, &user.email, &user.name).map_err(Error::PasswordWeak)?;
        if new == current {
            return Err(Error::PasswordSame);
        }
        let hash = self.hash_password(new).await?;
        let mut tx = self.db().begin().await?;
        if !users::set_password(&mut tx, &user, hash, false).await? {
            return Err(Error::PasswordWrong);
        }
        sessions::store::end_all(&mut tx, user.id(), actor.session).await?;
        let target = Target::new("user", user.id);
        self.record(&mut tx, actor, "access.password-changed", &target, Details::new()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Keeps how the user likes to see things.
    ///
    /// # Errors
    /// [`Error::TimeZoneUnknown`]; [`Error::StaffOnly`].
    pub async fn set_preferences(&self, actor: &Actor, preferences: &Preferences) -> Result<()> {
        let id = staff(actor)?;
        preferences.check()?;
        let mut tx = self.db().begin().await?;
        users::set_preferences(&mut tx, id, preferences).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The actor's own user, after they have given their password again.
    pub(crate) async fn with_password(&self, actor: &Actor, password: &str) -> Result<UserRow> {
        let id = staff(actor)?;
        let tried = Try::confirm(self.vault(), id);
        self.count_try(std::slice::from_ref(&tried)).await?;
        let mut tx = self.db().read().await?;
        let user = users::by_id(&mut tx, id).await?.ok_or(Error::UserNotFound)?;
        drop(tx);
        if !self.password_fits(Some(user.password_hash.clone()), password).await? {
            return Err(Error::PasswordWrong);
        }
        self.forget_tries(std::slice::from_ref(&tried)).await?;
        Ok(user)
    }
}

/// The user behind an actor who is a person in a browser.
pub(crate) fn staff(actor: &Actor) -> Result<UserId> {
    match actor.kind {
        ActorKind::Staff => Ok(actor.id.into()),
        ActorKind::ApiKey | ActorKind::System | ActorKind::Member => Err(Error::StaffOnly),
    }
}
