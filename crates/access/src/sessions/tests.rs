#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::Duration;

use super::csrf_matches;
use crate::testing::{self, code, origin};
use crate::{Actor, Origin, Role, SessionId, audit};

const LIN: &str = "lin@example.com";

#[tokio::test]
async fn a_session_ends_when_nobody_comes_and_in_any_case_after_its_life() {
    testing::both(async |house| {
        let idle = house.signed_in(LIN, Role::Agent).await;
        let busy = house.sign_in(LIN).await;
        for _ in 0..11 {
            house.clock.advance(Duration::hours(1));
            assert!(house.access.by_session(&busy.token).await.unwrap().is_some());
            house.access.settled().await;
        }
        assert!(house.access.by_session(&idle.token).await.unwrap().is_none(), "idle");
        house.clock.advance(Duration::minutes(59));
        assert!(house.access.by_session(&busy.token).await.unwrap().is_some());
        house.clock.advance(Duration::minutes(1));
        assert!(house.access.by_session(&busy.token).await.unwrap().is_none(), "life is over");
    })
    .await;
}

#[tokio::test]
async fn idleness_has_both_its_sides() {
    testing::both(async |house| {
        let session = house.signed_in(LIN, Role::Agent).await;
        house.clock.advance(Duration::hours(2) - Duration::seconds(1));
        assert!(house.access.by_session(&session.token).await.unwrap().is_some());
        house.access.settled().await;
        house.clock.advance(Duration::hours(2));
        assert!(house.access.by_session(&session.token).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn only_the_hash_of_a_token_is_kept() {
    testing::both(async |house| {
        let session = house.signed_in(LIN, Role::Agent).await;
        let mut tx = house.access.db().read().await.unwrap();
        let kept: Vec<u8> =
            tx.value(store::sql("SELECT token_hash FROM access_session")).await.unwrap();
        assert_eq!(kept.len(), 32);
        assert_ne!(kept, session.token.as_bytes());
        for wrong in ["", "x", &session.token[1..], &hex::encode(&kept)] {
            assert!(house.access.by_session(wrong).await.unwrap().is_none(), "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_secret_belongs_to_one_session_and_stays() {
    testing::both(async |house| {
        let one = house.signed_in(LIN, Role::Agent).await;
        let two = house.sign_in(LIN).await;
        let again = house.access.by_session(&one.token).await.unwrap().unwrap();
        assert!(csrf_matches(&one.session.csrf, &again.csrf));
        assert!(!csrf_matches(&one.session.csrf, &two.session.csrf));
        assert!(!csrf_matches(&one.session.csrf, ""));
        assert_ne!(one.session.csrf, one.token);
    })
    .await;
}

#[tokio::test]
async fn roles_and_closing_count_at_once() {
    testing::both(async |house| {
        let session = house.signed_in(LIN, Role::Agent).await;
        let admin = Actor::system("test");
        let user = house.access.user(&admin, session.session.user).await.unwrap().unwrap();
        let edit = crate::EditUser {
            email: LIN.into(),
            name: "Lin".into(),
            roles: vec![Role::Auditor, Role::Administrator],
        };
        drop(house.access.edit_user(&admin, user.id, user.version, edit).await.unwrap());
        let found = house.access.by_session(&session.token).await.unwrap().unwrap();
        assert!(
            found.actor.can("access.audit.read") && !session.session.actor.can("access.audit.read")
        );
        house.user("other@example.com", Role::Administrator).await;
        let _ = house.access.disable_user(&admin, user.id).await.unwrap();
        assert!(house.access.by_session(&session.token).await.unwrap().is_none());
        let _ = house.access.enable_user(&admin, user.id).await.unwrap();
        assert!(house.access.by_session(&session.token).await.unwrap().is_none(), "ended for good");
    })
    .await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_or_an_administrator() {
    testing::both(async |house| {
        let one = house.signed_in(LIN, Role::Agent).await;
        house.clock.advance(Duration::seconds(1));
        let two = house.sign_in(LIN).await;
        let other = house.signed_in("ma@example.com", Role::Agent).await;
        let lin = &two.session.actor;

        let mine = house.access.sessions_of(lin, one.session.user).await.unwrap();
        assert_eq!(mine.len(), 2);
        assert!(mine[0].current && mine[0].id == two.session.id && !mine[1].current);
        assert_eq!(mine[0].address.reveal(), "192.0.2.1");
        assert_eq!(mine[0].agent, "Firefox");
        let foreign = house.access.sessions_of(lin, other.session.user).await;
        assert_eq!(code(foreign), "access-denied");
        assert_eq!(code(house.access.all_sessions(lin).await), "access-denied");
        assert_eq!(code(house.access.revoke_session(lin, other.session.id).await), "access-denied");

        let admin = house.staff(Role::Administrator);
        assert_eq!(house.access.all_sessions(&admin).await.unwrap().len(), 3);
        let ended = house.access.revoke_session(&admin, other.session.id).await.unwrap();
        assert!(!ended.is_repeat());
        let again = house.access.revoke_session(&admin, other.session.id).await.unwrap();
        assert!(again.is_repeat());
        assert!(house.access.by_session(&other.token).await.unwrap().is_none());
        let never = SessionId::from(kernel::Uuid::nil());
        assert!(house.access.revoke_session(lin, never).await.unwrap().is_repeat());

        assert_eq!(house.access.revoke_other_sessions(lin).await.unwrap(), 1);
        assert_eq!(house.access.revoke_other_sessions(lin).await.unwrap(), 0);
        assert!(house.access.by_session(&one.token).await.unwrap().is_none());
        assert!(house.access.by_session(&two.token).await.unwrap().is_some());
        house.access.sign_out(&two.token).await.unwrap();
        house.access.sign_out(&two.token).await.unwrap();
        assert!(house.access.by_session(&two.token).await.unwrap().is_none());
        let key = Actor { kind: crate::ActorKind::ApiKey, ..lin.clone() };
        assert_eq!(code(house.access.revoke_other_sessions(&key).await), "staff-only");
        let found = audit::verify(house.access.db(), None).await.unwrap();
        assert_eq!(found.broken, None);
    })
    .await;
}

#[test]
fn what_a_browser_says_is_kept_short_and_clean() {
    let said = Origin { agent: format!("Evil\r\n{}", "x".repeat(500)), ..origin() };
    assert_eq!(said.agent().len(), 200);
    assert!(said.agent().starts_with("Evilxxx"));
    let mapped = Origin { address: Some("::ffff:192.0.2.1".parse().unwrap()), ..origin() };
    assert_eq!(mapped.address(), "192.0.2.1");
}
