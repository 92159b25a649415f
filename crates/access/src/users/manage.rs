//! What an administrator does with users.

use kernel::{Outcome, Personal};
use store::Tx;

use super::model::{EditUser, OneTimePassword, User};
use super::store::{self as users, UserRow};
use crate::audit::{Details, Target};
use crate::events::{UserChange, user_changed};
use crate::permissions::USERS_EDIT;
use crate::{Access, Actor, Error, Result, Role, UserId, random, sessions, two_factor};

impl Access {
    /// Changes name, e-mail address and roles, if nobody changed them since `version`.
    ///
    /// # Errors
    /// [`Error::UserChanged`] when somebody did; [`Error::LastAdministrator`] when nobody would be
    /// left who can manage users; [`Error::UserNotFound`]; what is wrong with the input.
    pub async fn edit_user(
        &self,
        actor: &Actor,
        id: UserId,
        version: i64,
        edit: EditUser,
    ) -> Result<Outcome<User>> {
        actor.may(USERS_EDIT)?;
        let edit = edit.checked()?;
        let mut tx = self.db().begin().await?;
        let before = find(&mut tx, id).await?;
        if before.version != version {
            return Err(Error::UserChanged);
        }
        let changed = fields_changed(&before, &edit);
        if changed.is_empty() {
            return Ok(Outcome::AlreadyDone(before.user()));
        }
        if !users::update(&mut tx, id, version, &edit).await? {
            return Err(Error::UserChanged);
        }
        user_changed(&mut tx, self.now(), id, UserChange::Edited).await?;
        let after = find(&mut tx, id).await?.user();
        let details = Details::new()
            .codes("fields", changed)
            .codes("roles", after.roles.iter().map(|role| role.as_str()));
        self.record(&mut tx, actor, "access.user-edited", &Target::new("user", id), details)
            .await?;
        if administers(&before) {
            keep_an_administrator(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(Outcome::Done(after))
    }

    /// Shuts a user out: no sign-in, no session, no API key of theirs works any more.
    ///
    /// # Errors
    /// [`Error::OwnAccount`], [`Error::LastAdministrator`], [`Error::UserNotFound`].
    pub async fn disable_user(&self, actor: &Actor, id: UserId) -> Result<Outcome<()>> {
        actor.may(USERS_EDIT)?;
        if actor.id == id.uuid() {
            return Err(Error::OwnAccount);
        }
        let mut tx = self.db().begin().await?;
        let before = find(&mut tx, id).await?;
        if !users::set_disabled(&mut tx, id, Some(self.now())).await? {
            return Ok(Outcome::AlreadyDone(()));
        }
        sessions::store::end_all(&mut tx, id, None).await?;
        user_changed(&mut tx, self.now(), id, UserChange::Disabled).await?;
        let target = Target::new("user", id);
        self.record(&mut tx, actor, "access.user-disabled", &target, Details::new()).await?;
        if administers(&before) {
            keep_an_administrator(&mut tx).await?;
        }
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    /// Lets a user in again.
    ///
    /// # Errors
    /// [`Error::UserNotFound`].
    pub async fn enable_user(&self, actor: &Actor, id: UserId) -> Result<Outcome<()>> {
        actor.may(USERS_EDIT)?;
        let mut tx = self.db().begin().await?;
        find(&mut tx, id).await?;
        if !users::set_disabled(&mut tx, id, None).await? {
            return Ok(Outcome::AlreadyDone(()));
        }
        user_changed(&mut tx, self.now(), id, UserChange::Enabled).await?;
        let target = Target::new("user", id);
        self.record(&mut tx, actor, "access.user-enabled", &target, Details::new()).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    /// Gives a user a new one-time password and ends their sessions.
    ///
    /// # Errors
    /// [`Error::UserNotFound`]; [`Error::UserChanged`] when the password changed meanwhile.
    pub async fn reset_password(&self, actor: &Actor, id: UserId) -> Result<OneTimePassword> {
        actor.may(USERS_EDIT)?;
        let password = random::grouped::<16>();
        let hash = self.hash_password(&password).await?;
        let mut tx = self.db().begin().await?;
        let user = find(&mut tx, id).await?;
        if !users::set_password(&mut tx, &user, hash, true).await? {
            return Err(Error::UserChanged);
        }
        sessions::store::end_all(&mut tx, id, None).await?;
        let target = Target::new("user", id);
        self.record(&mut tx, actor, "access.password-reset", &target, Details::new()).await?;
        tx.commit().await?;
        let (email, password) = (Personal::new(user.email), Personal::new(password));
        Ok(OneTimePassword { user: id, email, password })
    }

    /// Takes away the second factor of a user who lost it.
    ///
    /// # Errors
    /// [`Error::UserNotFound`].
    pub async fn reset_two_factor(&self, actor: &Actor, id: UserId) -> Result<Outcome<()>> {
        actor.may(USERS_EDIT)?;
        let mut tx = self.db().begin().await?;
        if find(&mut tx, id).await?.totp_secret.is_none() {
            return Ok(Outcome::AlreadyDone(()));
        }
        two_factor::store::clear(&mut tx, id).await?;
        let target = Target::new("user", id);
        self.record(&mut tx, actor, "access.two-factor-reset", &target, Details::new()).await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }
}

pub(super) async fn find(tx: &mut Tx, id: UserId) -> Result<UserRow> {
    users::by_id(tx, id).await?.ok_or(Error::UserNotFound)
}

fn fields_changed(before: &UserRow, edit: &EditUser) -> Vec<&'static str> {
    let roles: Vec<Role> = users::roles_of(&before.roles.0);
    let fields = [
        ("email", before.email != edit.email),
        ("name", before.name != edit.name),
        ("roles", roles != edit.roles),
    ];
    fields.into_iter().filter_map(|(field, differs)| differs.then_some(field)).collect()
}

fn administers(user: &UserRow) -> bool {
    user.disabled_at.is_none() && users::roles_of(&user.roles.0).contains(&Role::Administrator)
}

/// Asked after the trail's row was written: from there to the commit no other such change runs,
/// so two administrators cannot take away each other's role at the same moment.
async fn keep_an_administrator(tx: &mut Tx) -> Result<()> {
    match users::administrators(tx).await? {
        0 => Err(Error::LastAdministrator),
        _ => Ok(()),
    }
}
