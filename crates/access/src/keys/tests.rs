#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::Duration;
use kernel::{Clock, Uuid};

use super::*;
use crate::testing::{self, House, code};
use crate::{Actor, ActorKind, ApiKeyId, EditUser, Role, permissions};

const LIN: &str = "lin@example.com";

fn new(house: &House, scopes: &[&str], days: i64) -> NewKey {
    NewKey {
        name: "Nightly export".into(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        expires_at: house.clock.now() + Duration::days(days),
    }
}

#[tokio::test]
async fn a_key_acts_for_its_owner_within_its_scopes() {
    testing::both(async |house| {
        let here = house.signed_in(LIN, Role::Administrator).await;
        let owner = &here.session.actor;
        let scopes = &["access.users.*", "access.audit.read"];
        let made = house.access.create_key(owner, new(&house, scopes, 30)).await.unwrap();
        let token = made.token.reveal();
        assert!(token.starts_with(&format!("{}_", made.key.prefix)));
        assert_eq!(token.len(), 3 + 8 + 1 + 52);
        let actor = house.access.by_api_key(token).await.unwrap();
        assert_eq!(
            (actor.id, actor.kind, actor.key),
            (owner.id, ActorKind::ApiKey, Some(made.key.id))
        );
        assert!(actor.may(permissions::USERS_EDIT).is_ok());
        assert!(actor.may(permissions::AUDIT_READ).is_ok());
        let denied = actor.may(permissions::KEYS_OWN).unwrap_err();
        assert_eq!(kernel::Explain::code(&denied), "access-denied-key");

        let user = house.access.user(&Actor::system("test"), here.session.user).await;
        let version = user.unwrap().unwrap().version;
        house.user("root@example.com", Role::Administrator).await;
        let demoted =
            EditUser { email: LIN.into(), name: "Lin".into(), roles: vec![Role::Auditor] };
        let system = Actor::system("test");
        drop(house.access.edit_user(&system, here.session.user, version, demoted).await.unwrap());
        let actor = house.access.by_api_key(token).await.unwrap();
        assert!(actor.may(permissions::USERS_EDIT).is_err(), "the owner's roles bound it too");
        assert!(actor.may(permissions::USERS_READ).is_ok());
        house.access.settled().await;
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_wrong_late_revoked_or_its_owners_end_opens_nothing() {
    testing::both(async |house| {
        let here = house.signed_in(LIN, Role::Analyst).await;
        let owner = &here.session.actor;
        let made = house.access.create_key(owner, new(&house, &["access.keys.own"], 1)).await;
        let made = made.unwrap();
        let token = made.token.reveal();
        let other = house.access.create_key(owner, new(&house, &["access.keys.own"], 9)).await;
        let other = other.unwrap();
        let swapped = format!("{}{}", &made.key.prefix, &other.token.reveal()[11..]);
        for wrong in ["", "jb_", "jb__", "Bearer", &token[..token.len() - 1], &swapped] {
            assert_eq!(code(house.access.by_api_key(wrong).await), "api-key-refused", "{wrong}");
        }
        assert!(house.access.by_api_key(&format!(" {token}\n")).await.is_ok());
        house.access.settled().await;

        house.clock.advance(Duration::days(1) - Duration::seconds(1));
        assert!(house.access.by_api_key(token).await.is_ok());
        house.access.settled().await;
        house.clock.advance(Duration::seconds(1));
        assert_eq!(code(house.access.by_api_key(token).await), "api-key-refused", "expired");

        let second = other.token.reveal();
        let admin = Actor::system("test");
        let _ = house.access.disable_user(&admin, here.session.user).await.unwrap();
        assert_eq!(code(house.access.by_api_key(second).await), "api-key-refused", "disabled");
        let _ = house.access.enable_user(&admin, here.session.user).await.unwrap();
        assert!(house.access.by_api_key(second).await.is_ok());
        house.access.settled().await;
        assert!(!house.access.revoke_key(owner, other.key.id).await.unwrap().is_repeat());
        assert!(house.access.revoke_key(owner, other.key.id).await.unwrap().is_repeat());
        assert_eq!(code(house.access.by_api_key(second).await), "api-key-refused", "revoked");
        let now = house.clock.now();
        let states: Vec<KeyState> = house
            .access
            .keys(owner, Some(here.session.user))
            .await
            .unwrap()
            .iter()
            .map(|key| key.state(now))
            .collect();
        assert_eq!(states.len(), 2);
        assert!(states.contains(&KeyState::Revoked) && states.contains(&KeyState::Expired));
    })
    .await;
}

#[tokio::test]
async fn the_last_use_is_kept_to_the_hour() {
    testing::both(async |house| {
        let here = house.signed_in(LIN, Role::Analyst).await;
        let owner = &here.session.actor;
        let made = house.access.create_key(owner, new(&house, &["access.keys.*"], 9)).await;
        let token = made.unwrap().token.reveal().clone();
        let last = async || {
            house.access.by_api_key(&token).await.unwrap();
            house.access.settled().await;
            let keys = house.access.keys(owner, Some(here.session.user)).await.unwrap();
            keys[0].last_used_at
        };
        let start = house.clock.now();
        assert_eq!(last().await, Some(start));
        house.clock.advance(Duration::minutes(59));
        assert_eq!(last().await, Some(start));
        house.clock.advance(Duration::minutes(1));
        assert_eq!(last().await, Some(start + Duration::hours(1)));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_key_is_refused() {
    testing::both(async |house| {
        let here = house.signed_in(LIN, Role::Analyst).await;
        let owner = &here.session.actor;
        let make = async |key: NewKey| code(house.access.create_key(owner, key).await);
        let own = &["access.keys.own"];
        let unnamed = NewKey { name: " ".into(), ..new(&house, own, 1) };
        assert_eq!(make(unnamed).await, "api-key-name-invalid");
        let long = NewKey { name: "x".repeat(81), ..new(&house, own, 1) };
        assert_eq!(make(long).await, "api-key-name-invalid");
        assert_eq!(make(new(&house, &[], 1)).await, "api-key-scopes-empty");
        assert_eq!(make(new(&house, &[" "], 1)).await, "api-key-scopes-empty");
        assert_eq!(make(new(&house, &["*"], 1)).await, "api-key-scope-unknown");
        assert_eq!(make(new(&house, &["nothing.*"], 1)).await, "api-key-scope-unknown");
        assert_eq!(make(new(&house, &["access.users.edit"], 1)).await, "api-key-scope-not-held");
        assert_eq!(make(new(&house, &["access.users.*"], 1)).await, "api-key-scope-not-held");
        assert_eq!(make(new(&house, own, 0)).await, "api-key-expiry");
        assert_eq!(make(new(&house, own, 367)).await, "api-key-expiry");
        for days in [1, 366] {
            house.access.create_key(owner, new(&house, own, days)).await.unwrap();
        }
        assert_eq!(make(new(&house, own, 1)).await, "api-keys-too-many");
        house.clock.advance(Duration::days(1));
        house.access.create_key(owner, new(&house, own, 1)).await.unwrap();

        let agent = house.signed_in("ma@example.com", Role::Agent).await;
        let refused = house.access.create_key(&agent.session.actor, new(&house, own, 1)).await;
        assert_eq!(code(refused), "access-denied");
        let key = Actor { kind: ActorKind::ApiKey, ..owner.clone() };
        let refused = house.access.create_key(&key, new(&house, own, 1)).await;
        assert_eq!(code(refused), "staff-only");
    })
    .await;
}

#[tokio::test]
async fn keys_are_their_owners_matter_or_an_administrators() {
    testing::both(async |house| {
        let here = house.signed_in(LIN, Role::Analyst).await;
        let owner = &here.session.actor;
        let made = house.access.create_key(owner, new(&house, &["access.keys.own"], 9)).await;
        let made = made.unwrap();
        let loyalty = house.staff(Role::Loyalty);
        let foreign = house.access.keys(&loyalty, Some(here.session.user)).await;
        assert_eq!(code(foreign), "access-denied");
        assert_eq!(code(house.access.keys(owner, None).await), "access-denied");
        assert_eq!(code(house.access.revoke_key(&loyalty, made.key.id).await), "access-denied");
        let admin = house.staff(Role::Administrator);
        let all = house.access.keys(&admin, None).await.unwrap();
        assert_eq!(all.as_slice(), std::slice::from_ref(&made.key));
        assert_eq!(all[0].owner_name, "Lin Xia");
        let never = ApiKeyId::from(Uuid::nil());
        assert_eq!(code(house.access.revoke_key(&admin, never).await), "api-key-not-found");
        assert!(!house.access.revoke_key(&admin, made.key.id).await.unwrap().is_repeat());
    })
    .await;
}

#[tokio::test]
async fn scopes_offered_are_those_held() {
    testing::both(async |house| {
        let analyst = house.staff(Role::Analyst);
        let offered = house.access.scopes_for(&analyst);
        assert_eq!(
            offered,
            ["access.*", "access.keys.*", "access.keys.own", "reveal.*", "reveal.data-quality",]
        );
    })
    .await;
}
