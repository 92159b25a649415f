//! The first administrator, and accounts made from the command line.

use kernel::{Outcome, Personal};

use super::model::{NewUser, OneTimePassword};
use super::store::{self, Start};
use crate::actor::{Actor, ActorKind};
use crate::audit::{Details, Target};
use crate::events::{UserChange, user_changed};
use crate::{Access, Error, Result, Role, UserId, passwords, random};

impl Access {
    /// Makes an administrator when there is no user at all. The password is told only here: print
    /// it. It opens nothing but the form that changes it.
    ///
    /// # Errors
    /// When `email` or `name` cannot be one.
    pub async fn ensure_first_administrator(
        &self,
        email: &str,
        name: &str,
    ) -> Result<Option<OneTimePassword>> {
        let mut tx = self.db().read().await?;
        let users = store::count(&mut tx).await?;
        drop(tx);
        if users > 0 {
            return Ok(None);
        }
        let new = NewUser {
            email: email.to_owned(),
            name: name.to_owned(),
            roles: vec![Role::Administrator],
        };
        match self.invite(&Actor::system("first-start"), new).await {
            Ok(made) => Ok(Some(made)),
            // Another process that started at the same time was quicker.
            Err(Error::EmailTaken) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Invites somebody: a new user with a one-time password.
    ///
    /// # Errors
    /// [`crate::Denied`] without `access.users.edit`; [`Error::EmailTaken`] and what else is wrong
    /// with the input.
    pub async fn invite(&self, actor: &Actor, new: NewUser) -> Result<OneTimePassword> {
        actor.may(crate::permissions::USERS_EDIT)?;
        let new = new.checked()?;
        let password = random::grouped::<16>();
        let user = self.add_user(actor, &new, &password, true).await?;
        Ok(OneTimePassword {
            user,
            email: Personal::new(new.email),
            password: Personal::new(password),
        })
    }

    /// Makes a user with a password that is known already: for the command line and the demo.
    /// Does nothing when the e-mail address has a user.
    ///
    /// # Errors
    /// [`Error::StaffOnly`] unless the system itself asks; what is wrong with the input.
    pub async fn provision(
        &self,
        actor: &Actor,
        new: NewUser,
        password: &str,
    ) -> Result<Outcome<UserId>> {
        if actor.kind != ActorKind::System {
            return Err(Error::SystemOnly);
        }
        let new = new.checked()?;
        passwords::check(password, &new.email, &new.name).map_err(Error::PasswordWeak)?;
        let mut tx = self.db().read().await?;
        let known = store::by_email(&mut tx, &new.email).await?;
        drop(tx);
        match known {
            Some(user) => Ok(Outcome::AlreadyDone(user.id())),
            None => self.add_user(actor, &new, password, false).await.map(Outcome::Done),
        }
    }

    async fn add_user(
        &self,
        actor: &Actor,
        new: &NewUser,
        password: &str,
        must_change: bool,
    ) -> Result<UserId> {
        let password_hash = self.hash_password(password).await?;
        let at = self.now();
        let mut tx = self.db().begin().await?;
        let id = store::insert(&mut tx, new, Start { password_hash, must_change, at }).await?;
        user_changed(&mut tx, at, id, UserChange::Invited).await?;
        let details = Details::new().codes("roles", new.roles.iter().map(|role| role.as_str()));
        self.record(&mut tx, actor, "access.user-invited", &Target::new("user", id), details)
            .await?;
        tx.commit().await?;
        Ok(id)
    }
}
