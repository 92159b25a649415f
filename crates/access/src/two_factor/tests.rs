#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::Duration;
use kernel::Clock;

use super::totp;
use crate::testing::{self, House, PASSWORD, code, origin};
use crate::{Actor, ActorKind, NewSession, Role, SignIn};

const LIN: &str = "lin@example.com";

struct Phone {
    here: NewSession,
    secret: String,
    recovery: Vec<String>,
}

impl Phone {
    fn code(&self, house: &House) -> String {
        totp::code_at(&self.secret, house.clock.now())
    }
}

async fn enrolled(house: &House) -> Phone {
    let here = house.signed_in(LIN, Role::Agent).await;
    let actor = &here.session.actor;
    let secret = house.access.start_two_factor(actor).await.unwrap().secret.reveal().clone();
    let first = totp::code_at(&secret, house.clock.now());
    let codes = house.access.confirm_two_factor(actor, &first).await.unwrap().0;
    let recovery = codes.iter().map(|code| code.reveal().clone()).collect();
    Phone { here, secret, recovery }
}

async fn enter(house: &House, code: &str) -> crate::Result<SignIn> {
    house.access.sign_in(LIN, PASSWORD, Some(code), &origin()).await
}

#[tokio::test]
async fn it_is_on_only_after_a_first_code_fits() {
    testing::both(async |house| {
        let here = house.signed_in(LIN, Role::Agent).await;
        let actor = &here.session.actor;
        let access = &house.access;
        assert_eq!(code(access.confirm_two_factor(actor, "1").await), "two-factor-not-started");
        assert!(access.pending_two_factor(actor).await.unwrap().is_none());
        let replaced = access.start_two_factor(actor).await.unwrap();
        let made = access.start_two_factor(actor).await.unwrap();
        assert!(made.url.reveal().contains(made.secret.reveal()));
        assert!(made.qr_svg.reveal().starts_with("<svg"));
        let now = house.clock.now();
        let old = totp::code_at(replaced.secret.reveal(), now);
        assert_eq!(code(access.confirm_two_factor(actor, &old).await), "two-factor-code-wrong");
        let kept = access.pending_two_factor(actor).await.unwrap().unwrap();
        assert_eq!(kept.secret.reveal(), made.secret.reveal(), "a wrong code needs no new scan");
        assert!(matches!(
            access.sign_in(LIN, PASSWORD, None, &origin()).await,
            Ok(SignIn::Done(_))
        ));
        let good = totp::code_at(made.secret.reveal(), now);
        let codes = access.confirm_two_factor(actor, &good).await.unwrap().0;
        assert_eq!(codes.len(), 10);
        let state = access.two_factor_state(actor).await.unwrap();
        assert_eq!((state.on_since, state.codes_left), (Some(now), 10));
        assert_eq!(code(access.start_two_factor(actor).await), "two-factor-on");
        assert_eq!(code(access.confirm_two_factor(actor, &good).await), "two-factor-on");
        let replayed = access.sign_in(LIN, PASSWORD, Some(&good), &origin()).await;
        assert_eq!(code(replayed), "second-factor-refused", "the confirming code is used up");
    })
    .await;
}

#[tokio::test]
async fn a_code_opens_once_even_side_by_side_and_an_earlier_one_never_again() {
    testing::both(async |house| {
        let phone = enrolled(&house).await;
        house.clock.advance(Duration::seconds(60));
        let earlier = totp::code_at(&phone.secret, house.clock.now() - Duration::seconds(30));
        let present = phone.code(&house);
        let (one, two) = tokio::join!(enter(&house, &present), enter(&house, &present));
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1);
        assert_eq!(code(enter(&house, &earlier).await), "second-factor-refused");
        house.clock.advance(Duration::seconds(30));
        assert!(enter(&house, &phone.code(&house)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_opens_once_however_it_is_typed() {
    testing::both(async |house| {
        let phone = enrolled(&house).await;
        let typed = phone.recovery[0].replace('-', " ").to_uppercase();
        assert!(enter(&house, &typed).await.is_ok());
        assert_eq!(code(enter(&house, &phone.recovery[0]).await), "second-factor-refused");
        let actor = &phone.here.session.actor;
        assert_eq!(house.access.two_factor_state(actor).await.unwrap().codes_left, 9);
        let renewed = house.access.renew_recovery_codes(actor, PASSWORD).await.unwrap().0;
        assert_eq!(code(enter(&house, &phone.recovery[1]).await), "second-factor-refused");
        assert!(enter(&house, renewed[0].reveal()).await.is_ok());
        let wrong = house.access.renew_recovery_codes(actor, "wrong").await;
        assert_eq!(code(wrong), "password-wrong");
    })
    .await;
}

#[tokio::test]
async fn the_secret_lies_sealed_and_moves_to_a_new_key_when_it_is_used() {
    testing::both(async |house| {
        let phone = enrolled(&house).await;
        let kept = async || {
            let mut tx = house.access.db().read().await.unwrap();
            let kept: Vec<u8> =
                tx.value(store::sql("SELECT totp_secret FROM access_user")).await.unwrap();
            kept
        };
        let before = kept().await;
        assert!(!before.windows(8).any(|part| part == &phone.secret.as_bytes()[..8]));
        house.access.vault().rotate().unwrap();
        house.clock.advance(Duration::seconds(30));
        enter(&house, &phone.code(&house)).await.unwrap();
        let after = kept().await;
        assert_ne!(before, after);
        assert_eq!(house.access.vault().reseal(&after).unwrap(), None);
        house.clock.advance(Duration::seconds(30));
        enter(&house, &phone.code(&house)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn it_is_turned_off_with_the_password_or_by_an_administrator() {
    testing::both(async |house| {
        let phone = enrolled(&house).await;
        let actor = &phone.here.session.actor;
        assert_eq!(code(house.access.stop_two_factor(actor, "wrong").await), "password-wrong");
        house.access.stop_two_factor(actor, PASSWORD).await.unwrap();
        let off = house.access.stop_two_factor(actor, PASSWORD).await;
        assert_eq!(code(off), "two-factor-off");
        let none = house.access.renew_recovery_codes(actor, PASSWORD).await;
        assert_eq!(code(none), "two-factor-off");
        house.sign_in(LIN).await;

        let made = house.access.start_two_factor(actor).await.unwrap();
        let first = totp::code_at(made.secret.reveal(), house.clock.now());
        house.access.confirm_two_factor(actor, &first).await.unwrap();
        let id = phone.here.session.user;
        assert_eq!(code(house.access.reset_two_factor(actor, id).await), "access-denied");
        let admin = Actor::system("test");
        assert!(!house.access.reset_two_factor(&admin, id).await.unwrap().is_repeat());
        assert!(house.access.reset_two_factor(&admin, id).await.unwrap().is_repeat());
        let state = house.access.two_factor_state(actor).await.unwrap();
        assert_eq!((state.on_since, state.codes_left), (None, 0));
        house.sign_in(LIN).await;
    })
    .await;
}

#[tokio::test]
async fn programs_have_no_second_factor() {
    testing::both(async |house| {
        let here = house.signed_in(LIN, Role::Agent).await;
        let key = Actor { kind: ActorKind::ApiKey, ..here.session.actor.clone() };
        assert_eq!(code(house.access.start_two_factor(&key).await), "staff-only");
        assert_eq!(code(house.access.confirm_two_factor(&key, "1").await), "staff-only");
        assert_eq!(code(house.access.stop_two_factor(&key, PASSWORD).await), "staff-only");
        assert_eq!(code(house.access.two_factor_state(&key).await), "staff-only");
    })
    .await;
}
