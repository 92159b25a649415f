#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::Duration;
use kernel::{Clock, Explain};

use super::SignIn;
use crate::testing::{self, House, PASSWORD, code, origin};
use crate::{Actor, Error, Origin, Role, SessionId, audit, two_factor::totp};

const LIN: &str = "lin@example.com";

async fn try_in(house: &House, email: &str, password: &str) -> crate::Result<SignIn> {
    house.access.sign_in(email, password, None, &origin()).await
}

/// From another address each time, so that only the account is counted.
fn from(place: u8) -> Origin {
    Origin { address: Some([198, 51, 100, place].into()), ..origin() }
}

#[tokio::test]
async fn the_right_password_opens_in_any_spelling_of_the_address() {
    testing::both(async |house| {
        house.user(LIN, Role::Agent).await;
        let SignIn::Done(opened) = try_in(&house, " LIN@Example.com ", PASSWORD).await.unwrap()
        else {
            panic!("no second factor is set up")
        };
        let session = house.access.by_session(&opened.token).await.unwrap().unwrap();
        assert_eq!(session.id, opened.session.id);
        assert_eq!(session.actor.roles, [Role::Agent]);
        assert_eq!(session.actor.session, Some(session.id));
        assert_eq!(session.email.reveal(), LIN);
        assert!(!session.must_change_password && !session.two_factor);
    })
    .await;
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same() {
    testing::both(async |house| {
        let id = house.user(LIN, Role::Agent).await;
        assert_eq!(code(try_in(&house, LIN, "wrong").await), "sign-in-refused");
        assert_eq!(code(try_in(&house, "nobody@example.com", "x").await), "sign-in-refused");
        assert_eq!(code(try_in(&house, "", "").await), "sign-in-refused");
        let admin = Actor::system("test");
        let _ = house.access.disable_user(&admin, id).await.unwrap();
        assert_eq!(code(try_in(&house, LIN, PASSWORD).await), "sign-in-refused");
        let filter =
            audit::Filter { action: Some("access.sign-in-refused".into()), ..Default::default() };
        let noted = house.access.audit_entries(&admin, &filter).await.unwrap().items;
        let kinds: Vec<&str> = noted.iter().map(|entry| entry.target_kind.as_str()).collect();
        assert_eq!(kinds, ["user", "installation", "installation", "user"]);
    })
    .await;
}

#[tokio::test]
async fn an_account_is_closed_for_the_rest_of_the_window_after_its_tries() {
    testing::both(async |house| {
        house.user(LIN, Role::Agent).await;
        for place in 0..3 {
            let refused = house.access.sign_in(LIN, "wrong", None, &from(place)).await;
            assert_eq!(code(refused), "sign-in-refused");
        }
        house.clock.advance(Duration::minutes(5));
        let limited = house.access.sign_in(LIN, PASSWORD, None, &from(9)).await.unwrap_err();
        assert!(matches!(limited, Error::TooManyTries { minutes: 10 }), "{limited:?}");
        assert_eq!(limited.kind(), kernel::Kind::RateLimited);
        let other = house.access.sign_in("nobody@example.com", "x", None, &from(9)).await;
        assert_eq!(code(other), "sign-in-refused", "another account is another matter");
        house.clock.advance(Duration::minutes(10));
        assert!(house.access.sign_in(LIN, PASSWORD, None, &from(9)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn accounts_that_do_not_exist_are_closed_just_the_same() {
    testing::both(async |house| {
        for place in 0..3 {
            let _ = house.access.sign_in("nobody@example.com", "x", None, &from(place)).await;
        }
        let limited = house.access.sign_in("nobody@example.com", "x", None, &from(9)).await;
        assert_eq!(code(limited), "sign-in-limited");
    })
    .await;
}

#[tokio::test]
async fn an_address_is_closed_after_its_tries_and_a_good_sign_in_gives_back_one_only() {
    testing::both(async |house| {
        house.user(LIN, Role::Agent).await;
        for number in 0..5 {
            let email = format!("nobody{number}@example.com");
            assert_eq!(code(try_in(&house, &email, "x").await), "sign-in-refused");
        }
        assert!(try_in(&house, LIN, PASSWORD).await.is_ok(), "the sixth");
        assert_eq!(
            code(try_in(&house, "a@example.com", "x").await),
            "sign-in-refused",
            "sixth again"
        );
        assert_eq!(code(try_in(&house, LIN, PASSWORD).await), "sign-in-limited");
        assert!(house.access.sign_in(LIN, PASSWORD, None, &from(9)).await.is_ok());
        let unknown = Origin { address: None, ..origin() };
        assert!(house.access.sign_in(LIN, PASSWORD, None, &unknown).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn success_forgets_the_tries_of_the_account() {
    testing::both(async |house| {
        house.user(LIN, Role::Agent).await;
        for place in 0..4 {
            for _ in 0..2 {
                let refused = house.access.sign_in(LIN, "wrong", None, &from(place)).await;
                assert_eq!(code(refused), "sign-in-refused");
            }
            assert!(house.access.sign_in(LIN, PASSWORD, None, &from(place)).await.is_ok());
        }
    })
    .await;
}

#[tokio::test]
async fn tries_side_by_side_all_count() {
    testing::both(async |house| {
        house.user(LIN, Role::Agent).await;
        let mut tries = tokio::task::JoinSet::new();
        for place in 0..8 {
            let access = house.access.clone();
            tries
                .spawn(async move { code(access.sign_in(LIN, "wrong", None, &from(place)).await) });
        }
        let answers = tries.join_all().await;
        let refused = answers.iter().filter(|answer| **answer == "sign-in-refused").count();
        assert_eq!(refused, 3, "{answers:?}");
    })
    .await;
}

/// Signs in up to the second factor; the secret of the app comes too.
async fn at_the_second_factor(house: &House) -> (String, String, SessionId) {
    let first = house.signed_in(LIN, Role::Agent).await;
    let actor = &first.session.actor;
    let made = house.access.start_two_factor(actor).await.unwrap();
    let secret = made.secret.reveal().clone();
    let now = house.clock.now();
    house.access.confirm_two_factor(actor, &totp::code_at(&secret, now)).await.unwrap();
    house.clock.advance(Duration::seconds(30));
    match try_in(house, LIN, PASSWORD).await.unwrap() {
        SignIn::SecondFactor(ticket) => (ticket.token, secret, first.session.id),
        SignIn::Done(_) => panic!("the second factor is on"),
    }
}

#[tokio::test]
async fn a_ticket_opens_nothing_but_the_second_step_and_that_once() {
    testing::both(async |house| {
        let (ticket, secret, _) = at_the_second_factor(&house).await;
        assert!(house.access.by_session(&ticket).await.unwrap().is_none());
        let wrong = house.access.second_factor(&ticket, "000000", &origin()).await;
        assert_eq!(code(wrong), "second-factor-refused");
        let good = totp::code_at(&secret, house.clock.now());
        let opened = house.access.second_factor(&ticket, &good, &origin()).await.unwrap();
        assert!(opened.session.two_factor);
        let again = house.access.second_factor(&ticket, &good, &origin()).await;
        assert_eq!(code(again), "second-factor-late");
    })
    .await;
}

#[tokio::test]
async fn a_ticket_ends_after_its_time() {
    testing::both(async |house| {
        let (ticket, secret, _) = at_the_second_factor(&house).await;
        house.clock.advance(Duration::minutes(5));
        let good = totp::code_at(&secret, house.clock.now());
        let late = house.access.second_factor(&ticket, &good, &origin()).await;
        assert_eq!(code(late), "second-factor-late");
    })
    .await;
}

#[tokio::test]
async fn guessing_the_second_factor_is_limited_across_tickets() {
    testing::both(async |house| {
        let (ticket, secret, _) = at_the_second_factor(&house).await;
        for _ in 0..3 {
            let wrong = house.access.second_factor(&ticket, "000000", &origin()).await;
            assert_eq!(code(wrong), "second-factor-refused");
        }
        let SignIn::SecondFactor(second) = try_in(&house, LIN, PASSWORD).await.unwrap() else {
            panic!("the second factor is on")
        };
        let good = totp::code_at(&secret, house.clock.now());
        let limited = house.access.second_factor(&second.token, &good, &origin()).await;
        assert_eq!(code(limited), "sign-in-limited");
        let at_once = house.access.sign_in(LIN, PASSWORD, Some(&good), &origin()).await;
        assert_eq!(code(at_once), "sign-in-limited");
    })
    .await;
}

#[tokio::test]
async fn a_code_that_comes_along_saves_the_second_step() {
    testing::both(async |house| {
        let (_, secret, _) = at_the_second_factor(&house).await;
        let good = totp::code_at(&secret, house.clock.now());
        let spaced = format!("{} {}", &good[..3], &good[3..]);
        let opened = house.access.sign_in(LIN, PASSWORD, Some(&spaced), &origin()).await;
        assert!(matches!(opened, Ok(SignIn::Done(_))));
        let replayed = house.access.sign_in(LIN, PASSWORD, Some(&good), &origin()).await;
        assert_eq!(code(replayed), "second-factor-refused", "each code opens once");
    })
    .await;
}

#[tokio::test]
async fn a_disabled_user_does_not_pass_the_second_step() {
    testing::both(async |house| {
        let (ticket, secret, session) = at_the_second_factor(&house).await;
        let admin = Actor::system("test");
        let user = house.access.user_by_email(&admin, LIN).await.unwrap().unwrap();
        let _ = house.access.disable_user(&admin, user.id).await.unwrap();
        let good = totp::code_at(&secret, house.clock.now());
        let late = house.access.second_factor(&ticket, &good, &origin()).await;
        assert_eq!(code(late), "second-factor-late");
        let left = house.access.sessions_of(&admin, user.id).await.unwrap();
        assert!(left.iter().all(|row| row.id != session));
    })
    .await;
}
