//! A house with its doors, for this crate's tests.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use kernel::{FixedClock, Uuid};
use store::testing::NOW;

use crate::sign_in::SignIn;
use crate::{
    Access, Actor, Limits, MIGRATIONS, NewSession, NewUser, Origin, Role, UserId, Vault,
    permissions,
};

pub(crate) struct House {
    pub access: Access,
    pub clock: Arc<FixedClock>,
}

pub(crate) const PASSWORD: &str = "granite-lantern-47";

/// Runs the test on both engines, with few tries and one API key less than usual.
pub(crate) async fn both<F: AsyncFn(House)>(body: F) {
    store::testing::both(&[MIGRATIONS], async |db| {
        let clock = Arc::new(FixedClock::at(NOW));
        let limits = Limits {
            tries_per_account: 3,
            tries_per_address: 6,
            keys_per_user: 2,
            ..Limits::default()
        };
        let tables = &[permissions::TABLE];
        let access =
            Access::open_with(db, clock.clone(), Vault::for_tests(), tables, limits).await.unwrap();
        body(House { access, clock }).await;
    })
    .await;
}

impl House {
    /// An actor of this role who is no user.
    pub fn staff(&self, role: Role) -> Actor {
        let id = Uuid::from_u128(100 + role as u128);
        Actor::staff(id, role.as_str(), &[role], self.access.policy())
    }

    /// A user with [`PASSWORD`].
    pub async fn user(&self, email: &str, role: Role) -> UserId {
        let new = NewUser { email: email.into(), name: "Lin Xia".into(), roles: vec![role] };
        let made = self.access.provision(&Actor::system("test"), new, PASSWORD).await.unwrap();
        made.into_inner()
    }

    /// Signs in a user without a second factor.
    pub async fn sign_in(&self, email: &str) -> NewSession {
        match self.access.sign_in(email, PASSWORD, None, &origin()).await.unwrap() {
            SignIn::Done(session) => *session,
            SignIn::SecondFactor(_) => panic!("asks for a second factor"),
        }
    }

    /// A user with [`PASSWORD`], signed in.
    pub async fn signed_in(&self, email: &str, role: Role) -> NewSession {
        self.user(email, role).await;
        self.sign_in(email).await
    }
}

pub(crate) fn origin() -> Origin {
    Origin { address: Some([192, 0, 2, 1].into()), agent: "Firefox".into() }
}

/// The stable code of what was refused.
pub(crate) fn code<T>(result: crate::Result<T>) -> &'static str {
    kernel::Explain::code(&result.err().expect("it is refused"))
}
