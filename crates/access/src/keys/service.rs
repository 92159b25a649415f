use std::collections::BTreeSet;

use chrono::Duration;
use kernel::{Outcome, Personal};

use super::model::{ApiKey, CreatedKey, NewKey, Token};
use super::store as keys;
use crate::audit::{Details, Target};
use crate::permissions::{KEYS_MANAGE, KEYS_OWN};
use crate::policy::scope_covers;
use crate::users::{staff, store::roles_of};
use crate::{Access, Actor, ActorKind, ApiKeyId, Error, Result, UserId, random};

/// A use is noted only this often.
const USED_EVERY: Duration = Duration::hours(1);

impl Access {
    /// The actor behind `Authorization: Bearer jb_…`: the key's owner within the key's scopes.
    ///
    /// # Errors
    /// [`Error::KeyRefused`], whatever is wrong with it.
    pub async fn by_api_key(&self, token: &str) -> Result<Actor> {
        let token = Token::parse(token.trim()).ok_or(Error::KeyRefused)?;
        let now = self.now();
        let mut tx = self.db().read().await?;
        let found = keys::opening(&mut tx, &token.prefix, now).await?;
        drop(tx);
        let found = found
            .filter(|found| random::same(&found.secret_hash, &random::hash(&token.secret)))
            .ok_or(Error::KeyRefused)?;
        if found.last_used_at.is_none_or(|used| used + USED_EVERY <= now) {
            let (access, id) = (self.clone(), found.id);
            self.behind(async move {
                let mut tx = access.db().begin().await?;
                keys::touch(&mut tx, id, now).await?;
                Ok(tx.commit().await?)
            })
            .await;
        }
        let roles = roles_of(&found.roles.0);
        Ok(Actor {
            kind: ActorKind::ApiKey,
            key: Some(found.id.into()),
            grants: self.policy().grants(&roles, Some(&found.scopes.0)),
            scopes: Some(found.scopes.0),
            ..Actor::staff(found.user_id, &found.name, &roles, self.policy())
        })
    }

    /// Makes a key of the actor's own.
    ///
    /// # Errors
    /// [`crate::Denied`] without [`KEYS_OWN`]; [`Error::StaffOnly`] for a key; too many keys
    /// ([`Error::KeysTooMany`]), a scope the actor holds nothing of ([`Error::KeyScopeNotHeld`]),
    /// and what else is wrong with the input.
    pub async fn create_key(&self, actor: &Actor, new: NewKey) -> Result<CreatedKey> {
        let owner = staff(actor)?;
        actor.may(KEYS_OWN)?;
        let now = self.now();
        let new = new.checked(self.policy(), self.limits(), now)?;
        let offered = self.scopes_for(actor);
        if !new.scopes.iter().all(|scope| offered.contains(scope)) {
            return Err(Error::KeyScopeNotHeld);
        }
        let token = Token::new();
        let mut tx = self.db().begin().await?;
        let id = keys::insert(&mut tx, owner, &new, &token, now).await?;
        let key = keys::by_id(&mut tx, id).await?.ok_or(Error::KeyNotFound)?;
        let details = Details::new().codes("scopes", &new.scopes);
        self.record(&mut tx, actor, "access.key-created", &Target::new("api-key", id), details)
            .await?;
        // Counted behind the trail's lock, so that two at the same moment both count.
        let most = self.limits().keys_per_user;
        if keys::living(&mut tx, owner, now).await? > most {
            return Err(Error::KeysTooMany { most });
        }
        tx.commit().await?;
        Ok(CreatedKey { key, token: Personal::new(token.whole()) })
    }

    /// Keys of one user: one's own with [`KEYS_OWN`]; anybody's, or everybody's with `None`, with
    /// [`KEYS_MANAGE`].
    ///
    /// # Errors
    /// [`crate::Denied`].
    pub async fn keys(&self, actor: &Actor, of: Option<UserId>) -> Result<Vec<ApiKey>> {
        let own = of.is_some_and(|owner| owner.uuid() == actor.id);
        actor.may(if own { KEYS_OWN } else { KEYS_MANAGE })?;
        let mut tx = self.db().read().await?;
        keys::list(&mut tx, of).await
    }

    /// Takes a key back, at once and for good.
    ///
    /// # Errors
    /// [`crate::Denied`] for somebody else's without [`KEYS_MANAGE`]; [`Error::KeyNotFound`].
    pub async fn revoke_key(&self, actor: &Actor, id: ApiKeyId) -> Result<Outcome<()>> {
        let mut tx = self.db().begin().await?;
        let key = keys::by_id(&mut tx, id).await?.ok_or(Error::KeyNotFound)?;
        let own = actor.kind == ActorKind::Staff && key.owner.uuid() == actor.id;
        if !own {
            actor.may(KEYS_MANAGE)?;
        }
        if !keys::revoke(&mut tx, id, self.now()).await? {
            return Ok(Outcome::AlreadyDone(()));
        }
        let details = Details::new().id("owner", key.owner);
        self.record(&mut tx, actor, "access.key-revoked", &Target::new("api-key", id), details)
            .await?;
        tx.commit().await?;
        Ok(Outcome::Done(()))
    }

    /// The scopes the actor may put into a key: what they hold, and the domains they hold
    /// something of.
    #[must_use]
    pub fn scopes_for(&self, actor: &Actor) -> Vec<String> {
        let mut scopes = BTreeSet::new();
        for row in self.policy().matrix() {
            if actor.can(row.permission) {
                scopes.insert(row.permission.to_owned());
                scopes.extend(wider(row.permission));
            }
        }
        scopes.into_iter().collect()
    }
}

/// `access.users.read` lies in `access.*` and in `access.users.*`.
fn wider(permission: &str) -> impl Iterator<Item = String> {
    permission.match_indices('.').map(|(end, _)| {
        let scope = format!("{}.*", &permission[..end]);
        debug_assert!(scope_covers(&scope, permission));
        scope
    })
}
