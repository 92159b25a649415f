//! Who acts. Every service function takes an [`Actor`] and asks it first.

use kernel::{Explain, Kind, Uuid};

use crate::policy::{Grants, Permission, Policy, Role};
use crate::{ApiKeyId, SessionId};

/// What kind of actor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A member of staff in a browser.
    Staff,
    /// A program with an API key; acts for the key's owner, within the key's scopes.
    ApiKey,
    /// Jetbridge itself: a job, a command.
    System,
    /// A member of a programme in the member portal; may nothing that staff may.
    Member,
}

impl ActorKind {
    /// Its stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::ApiKey => "api-key",
            Self::System => "system",
            Self::Member => "member",
        }
    }
}

/// Who acts, and what they may do. Made by sign-in, by an API key or by [`Actor::system`].
#[derive(Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user; of an API key its owner; nil for the system.
    pub id: Uuid,
    /// The user's name, or the name of the job.
    pub name: String,
    /// What kind of actor.
    pub kind: ActorKind,
    /// The user's roles.
    pub roles: Vec<Role>,
    /// Limits of an API key.
    pub scopes: Option<Vec<String>>,
    /// The browser session, if there is one.
    pub session: Option<SessionId>,
    /// The API key, if there is one.
    pub key: Option<ApiKeyId>,
    pub(crate) must_change_password: bool,
    pub(crate) grants: Grants,
}

/// Names of people stay out of logs.
impl std::fmt::Debug for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Actor({} {})", self.kind.as_str(), self.id)
    }
}

impl Actor {
    /// Jetbridge itself, doing `job`. May do everything; the audit trail names the job.
    #[must_use]
    pub fn system(job: &str) -> Self {
        Self {
            id: Uuid::nil(),
            name: job.to_owned(),
            kind: ActorKind::System,
            roles: Vec::new(),
            scopes: None,
            session: None,
            key: None,
            must_change_password: false,
            grants: Grants::All,
        }
    }

    /// A member of staff with `roles`, without a session: for jobs that act for somebody, and for
    /// tests.
    #[must_use]
    pub fn staff(id: Uuid, name: &str, roles: &[Role], policy: &Policy) -> Self {
        Self {
            id,
            name: name.to_owned(),
            kind: ActorKind::Staff,
            roles: roles.to_vec(),
            grants: policy.grants(roles, None),
            ..Self::system("")
        }
    }

    /// A member of a programme, for the trail of what they did themselves. Holds no permission.
    #[must_use]
    pub fn member(id: Uuid) -> Self {
        Self { id, kind: ActorKind::Member, grants: Grants::none(), ..Self::system("") }
    }

    /// Whether the actor may do it; the refusal says why not.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn may(&self, permission: Permission) -> Result<(), Denied> {
        if self.grants.hold(permission.as_str()) {
            return Ok(());
        }
        let because = if self.must_change_password {
            Because::PasswordChange
        } else if self.kind == ActorKind::ApiKey {
            Because::ApiKey
        } else {
            Because::Role
        };
        Err(Denied { permission, because })
    }

    /// Whether the actor holds the permission of this name: for what a page shows or hides.
    #[must_use]
    pub fn can(&self, permission: &str) -> bool {
        self.grants.hold(permission)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Because {
    Role,
    ApiKey,
    PasswordChange,
}

/// The actor may not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this needs the permission {}", permission.as_str())]
pub struct Denied {
    permission: Permission,
    because: Because,
}

impl Denied {
    /// What was missing.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        self.permission
    }
}

impl Explain for Denied {
    fn kind(&self) -> Kind {
        Kind::Forbidden
    }

    fn code(&self) -> &'static str {
        match self.because {
            Because::Role => "access-denied",
            Because::ApiKey => "access-denied-key",
            Because::PasswordChange => "password-change-needed",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        vec![("permission", self.permission.as_str().to_owned())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permissions;

    #[test]
    fn an_actor_may_what_its_roles_hold_and_the_refusal_says_why() {
        let policy = Policy::new(&[permissions::TABLE]);
        let auditor = Actor::staff(Uuid::nil(), "Lin", &[Role::Auditor], &policy);
        assert_eq!(auditor.may(permissions::AUDIT_READ), Ok(()));
        let denied = auditor.may(permissions::USERS_EDIT).unwrap_err();
        assert_eq!((denied.kind(), denied.code()), (Kind::Forbidden, "access-denied"));
        assert_eq!(denied.args(), [("permission", "access.users.edit".to_owned())]);
        assert!(auditor.can("access.users.read") && !auditor.can("access.users.edit"));

        let key = Actor { kind: ActorKind::ApiKey, ..auditor.clone() };
        assert_eq!(key.may(permissions::USERS_EDIT).unwrap_err().code(), "access-denied-key");
        let first = Actor { must_change_password: true, grants: Grants::none(), ..auditor };
        assert_eq!(
            first.may(permissions::AUDIT_READ).unwrap_err().code(),
            "password-change-needed"
        );
        assert_eq!(Actor::system("nightly").may(permissions::USERS_EDIT), Ok(()));
        assert!(Actor::member(Uuid::nil()).may(permissions::KEYS_OWN).is_err());
    }

    #[test]
    fn debug_names_nobody() {
        let lin = Actor { name: "Lin Xia".into(), ..Actor::system("") };
        assert!(!format!("{lin:?}").contains("Lin"));
    }
}
