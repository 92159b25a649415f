#![allow(clippy::unwrap_used, reason = "tests")]

use kernel::Lang;

use super::*;
use crate::testing::{self, House, PASSWORD, code, origin};
use crate::{Actor, Error, Role, SignIn, UserId, audit};

const LIN: &str = "lin@example.com";

fn new(email: &str, name: &str, roles: &[Role]) -> NewUser {
    NewUser { email: email.into(), name: name.into(), roles: roles.to_vec() }
}

fn admin() -> Actor {
    Actor::system("test")
}

async fn get(house: &House, id: UserId) -> User {
    house.access.user(&admin(), id).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_first_start_makes_one_administrator_whose_password_is_good_for_changing_it() {
    testing::both(async |house| {
        let first = house.access.ensure_first_administrator("a@example.com", "Admin").await;
        let first = first.unwrap().unwrap();
        let second = house.access.ensure_first_administrator("b@example.com", "B").await.unwrap();
        assert!(second.is_none());
        let password = first.password.reveal().clone();
        assert_eq!(password.len(), 19);
        let SignIn::Done(opened) =
            house.access.sign_in("a@example.com", &password, None, &origin()).await.unwrap()
        else {
            panic!("no second factor is set up")
        };
        let session = &opened.session;
        assert!(session.must_change_password);
        let refused = house.access.users(&session.actor, &UserFilter::default()).await;
        assert_eq!(code(refused), "password-change-needed");
        house.access.change_password(&session.actor, &password, PASSWORD).await.unwrap();
        let after = house.access.by_session(&opened.token).await.unwrap().unwrap();
        assert!(!after.must_change_password);
        assert!(house.access.users(&after.actor, &UserFilter::default()).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn two_first_starts_side_by_side_make_one_administrator() {
    testing::both(async |house| {
        let start = || house.access.ensure_first_administrator("a@example.com", "Admin");
        let (one, two) = tokio::join!(start(), start());
        let made = [one.unwrap(), two.unwrap()].into_iter().flatten().count();
        assert_eq!(made, 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_user_is_refused() {
    testing::both(async |house| {
        let invite = async |new| code(house.access.invite(&admin(), new).await);
        assert_eq!(invite(new("nonsense", "A", &[Role::Agent])).await, "user-email-invalid");
        assert_eq!(invite(new("a@b.cn", "  ", &[Role::Agent])).await, "user-name-invalid");
        let long = "x".repeat(101);
        assert_eq!(invite(new("a@b.cn", &long, &[Role::Agent])).await, "user-name-invalid");
        assert_eq!(invite(new("a@b.cn", "A\u{7}", &[Role::Agent])).await, "user-name-invalid");
        assert_eq!(invite(new("a@b.cn", "A", &[])).await, "user-roles-empty");
        house.access.invite(&admin(), new("a@b.cn", "A", &[Role::Agent])).await.unwrap();
        assert_eq!(invite(new("A@B.cn", "B", &[Role::Sales])).await, "user-email-taken");
        let agent = house.staff(Role::Agent);
        let refused = house.access.invite(&agent, new("c@b.cn", "C", &[Role::Agent])).await;
        assert_eq!(code(refused), "access-denied");
    })
    .await;
}

#[tokio::test]
async fn the_command_line_makes_an_account_once_and_only_it_can() {
    testing::both(async |house| {
        let system = admin();
        let made = house.access.provision(&system, new(LIN, "Lin", &[Role::Agent]), PASSWORD);
        let made = made.await.unwrap();
        assert!(!made.is_repeat());
        let again = house.access.provision(&system, new(LIN, "X", &[Role::Sales]), PASSWORD);
        let again = again.await.unwrap();
        assert!(again.is_repeat());
        let user = get(&house, made.into_inner()).await;
        assert_eq!((user.name.reveal().as_str(), user.state), ("Lin", UserState::Invited));
        let administrator = house.staff(Role::Administrator);
        let refused =
            house.access.provision(&administrator, new("x@y.cn", "X", &[Role::Agent]), PASSWORD);
        assert_eq!(code(refused.await), "system-only");
        let weak = house.access.provision(&system, new("x@y.cn", "X", &[Role::Agent]), "short");
        assert_eq!(code(weak.await), "password-short");
    })
    .await;
}

#[tokio::test]
async fn an_edit_needs_the_version_it_was_made_on() {
    testing::both(async |house| {
        let id = house.user(LIN, Role::Agent).await;
        house.user("root@example.com", Role::Administrator).await;
        let before = get(&house, id).await;
        let edit = |name: &str| new(LIN, name, &[Role::Sales, Role::Agent, Role::Sales]);
        let after = house.access.edit_user(&admin(), id, before.version, edit("Lin Two")).await;
        let after = after.unwrap().into_inner();
        assert_eq!(after.roles, [Role::Agent, Role::Sales]);
        assert_eq!(after.version, before.version + 1);
        let stale = house.access.edit_user(&admin(), id, before.version, edit("Lin Three")).await;
        assert!(matches!(stale, Err(Error::UserChanged)));
        let same = house.access.edit_user(&admin(), id, after.version, edit("Lin Two")).await;
        assert!(same.unwrap().is_repeat());
        let taken = new("root@example.com", "Lin", &[Role::Agent]);
        let taken = house.access.edit_user(&admin(), id, after.version, taken).await;
        assert_eq!(code(taken), "user-email-taken");
        let nobody = UserId::from(kernel::Uuid::nil());
        let missing = house.access.edit_user(&admin(), nobody, 1, edit("X")).await;
        assert_eq!(code(missing), "user-not-found");
        let agent = house.staff(Role::Agent);
        let refused = house.access.edit_user(&agent, id, after.version, edit("X")).await;
        assert_eq!(code(refused), "access-denied");
    })
    .await;
}

#[tokio::test]
async fn one_administrator_always_remains() {
    testing::both(async |house| {
        let one = house.signed_in("one@example.com", Role::Administrator).await;
        let (me, id) = (&one.session.actor, one.session.user);
        assert_eq!(code(house.access.disable_user(me, id).await), "own-account");
        assert_eq!(code(house.access.disable_user(&admin(), id).await), "last-administrator");
        let version = get(&house, id).await.version;
        let demote = new("one@example.com", "Lin Xia", &[Role::Agent]);
        let demoted = house.access.edit_user(me, id, version, demote.clone()).await;
        assert_eq!(code(demoted), "last-administrator");
        assert_eq!(get(&house, id).await.roles, [Role::Administrator], "rolled back whole");

        let two = house.user("two@example.com", Role::Administrator).await;
        assert!(!house.access.disable_user(me, two).await.unwrap().is_repeat());
        assert!(house.access.disable_user(me, two).await.unwrap().is_repeat());
        let version = get(&house, id).await.version;
        let demoted = house.access.edit_user(me, id, version, demote.clone()).await;
        assert_eq!(code(demoted), "last-administrator", "a disabled one does not count");
        assert!(!house.access.enable_user(me, two).await.unwrap().is_repeat());
        assert!(house.access.enable_user(me, two).await.unwrap().is_repeat());
        drop(house.access.edit_user(me, id, version, demote).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn two_administrators_cannot_take_away_each_other_at_the_same_moment() {
    testing::both(async |house| {
        let one = house.user("one@example.com", Role::Administrator).await;
        let two = house.user("two@example.com", Role::Administrator).await;
        let system = admin();
        let (first, second) = tokio::join!(
            house.access.disable_user(&system, one),
            house.access.disable_user(&system, two)
        );
        assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|ok| **ok).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_password_is_changed_with_the_present_one_and_ends_other_sessions() {
    testing::both(async |house| {
        let other = house.signed_in(LIN, Role::Agent).await;
        let here = house.sign_in(LIN).await;
        let actor = &here.session.actor;
        let change = async |current: &str, new: &str| {
            house.access.change_password(actor, current, new).await
        };
        assert_eq!(code(change("wrong", "another-lantern-48").await), "password-wrong");
        assert_eq!(code(change(PASSWORD, "short").await), "password-short");
        assert_eq!(code(change(PASSWORD, "password1234").await), "password-simple");
        assert_eq!(code(change(PASSWORD, "lin-xia-2026").await), "password-own");
        assert_eq!(code(change(PASSWORD, PASSWORD).await), "password-same");
        change(PASSWORD, "another-lantern-48").await.unwrap();
        assert!(house.access.by_session(&other.token).await.unwrap().is_none());
        assert!(house.access.by_session(&here.token).await.unwrap().is_some());
        let old = house.access.sign_in(LIN, PASSWORD, None, &origin()).await;
        assert_eq!(code(old), "sign-in-refused");
        let new = house.access.sign_in(LIN, "another-lantern-48", None, &origin()).await;
        assert!(new.is_ok());
    })
    .await;
}

#[tokio::test]
async fn guessing_the_present_password_is_limited() {
    testing::both(async |house| {
        let here = house.signed_in(LIN, Role::Agent).await;
        let actor = &here.session.actor;
        for _ in 0..3 {
            let wrong = house.access.change_password(actor, "wrong", "another-lantern-48").await;
            assert_eq!(code(wrong), "password-wrong");
        }
        let limited = house.access.change_password(actor, PASSWORD, "another-lantern-48").await;
        assert_eq!(code(limited), "sign-in-limited");
    })
    .await;
}

#[tokio::test]
async fn a_reset_password_opens_nothing_but_its_change() {
    testing::both(async |house| {
        let session = house.signed_in(LIN, Role::Agent).await;
        let id = session.session.user;
        let agent = house.staff(Role::Agent);
        assert_eq!(code(house.access.reset_password(&agent, id).await), "access-denied");
        let made = house.access.reset_password(&admin(), id).await.unwrap();
        assert!(house.access.by_session(&session.token).await.unwrap().is_none());
        let opened =
            house.access.sign_in(LIN, made.password.reveal(), None, &origin()).await.unwrap();
        let SignIn::Done(opened) = opened else { panic!("no second factor is set up") };
        assert!(opened.session.must_change_password);
        let missing = UserId::from(kernel::Uuid::nil());
        let missing = house.access.reset_password(&admin(), missing).await;
        assert_eq!(code(missing), "user-not-found");
    })
    .await;
}

#[tokio::test]
async fn users_are_found_filtered_and_paged() {
    testing::both(async |house| {
        let access = &house.access;
        for (email, name, role) in [
            ("c@x.cn", "Chen", Role::Agent),
            ("a@x.cn", "An", Role::Agent),
            ("b@x.cn", "An", Role::Administrator),
            ("d_e@x.cn", "Ding%", Role::Care),
        ] {
            house.clock.advance(chrono::Duration::seconds(1));
            let _ = access.provision(&admin(), new(email, name, &[role]), PASSWORD).await.unwrap();
        }
        let system = admin();
        let list = async |filter: UserFilter| {
            let page = access.users(&system, &filter).await.unwrap();
            let names: Vec<String> =
                page.items.iter().map(|user| user.email.reveal().clone()).collect();
            (names, page.next, page.prev)
        };
        let all = UserFilter::default;
        let (everybody, next, prev) = list(all()).await;
        assert_eq!(everybody, ["a@x.cn", "b@x.cn", "c@x.cn", "d_e@x.cn"]);
        assert_eq!((next, prev), (None, None));
        let by = async |filter| list(filter).await.0;
        assert_eq!(by(UserFilter { search: "CHE".into(), ..all() }).await, ["c@x.cn"]);
        assert_eq!(by(UserFilter { search: "D_E@".into(), ..all() }).await, ["d_e@x.cn"]);
        assert_eq!(by(UserFilter { search: "%".into(), ..all() }).await, ["d_e@x.cn"]);
        assert_eq!(by(UserFilter { search: "_".into(), ..all() }).await, ["d_e@x.cn"]);
        assert!(by(UserFilter { search: "!".into(), ..all() }).await.is_empty());
        assert_eq!(by(UserFilter { role: Some(Role::Administrator), ..all() }).await, ["b@x.cn"]);
        access.sign_in("c@x.cn", PASSWORD, None, &origin()).await.unwrap();
        let state = |state| UserFilter { state: Some(state), ..all() };
        assert_eq!(by(state(UserState::Active)).await, ["c@x.cn"]);
        assert_eq!(by(state(UserState::Invited)).await.len(), 3);
        let chen = access.user_by_email(&admin(), " C@X.cn").await.unwrap().unwrap();
        let _ = access.disable_user(&admin(), chen.id).await.unwrap();
        assert_eq!(by(state(UserState::Disabled)).await, ["c@x.cn"]);
        assert!(by(state(UserState::Active)).await.is_empty());

        let (first, next, prev) = list(UserFilter { limit: 3, ..all() }).await;
        assert_eq!((first.len(), prev), (3, None));
        let (second, end, prev) = list(UserFilter { limit: 3, after: next, ..all() }).await;
        assert_eq!((second.as_slice(), end), (["d_e@x.cn".to_owned()].as_slice(), None));
        let (back, next, start) = list(UserFilter { limit: 3, before: prev, ..all() }).await;
        assert_eq!((back, start), (first, None));
        assert!(next.is_some());
        let bad = UserFilter { after: Some("WzFd".into()), ..all() };
        assert_eq!(code(access.users(&admin(), &bad).await), "bad-cursor");
        assert_eq!(code(access.users(&house.staff(Role::Agent), &all()).await), "access-denied");

        let names = access.names(&[chen.id.uuid(), kernel::Uuid::nil()]).await.unwrap();
        assert_eq!(names.into_values().collect::<Vec<_>>(), ["Chen"]);
        assert_eq!(access.colleagues().await.unwrap().len(), 3, "the disabled one is left out");
    })
    .await;
}

#[tokio::test]
async fn users_see_themselves_and_keep_their_preferences() {
    testing::both(async |house| {
        let here = house.signed_in(LIN, Role::Agent).await;
        let other = house.user("ma@example.com", Role::Agent).await;
        let actor = &here.session.actor;
        assert!(house.access.user(actor, here.session.user).await.unwrap().is_some());
        assert_eq!(code(house.access.user(actor, other).await), "access-denied");
        assert_eq!(here.session.preferences, Preferences::default());
        let wanted = Preferences {
            lang: Some(Lang::En),
            theme: Theme::Dark,
            density: Density::Compact,
            time_zone: "Asia/Urumqi".into(),
        };
        house.access.set_preferences(actor, &wanted).await.unwrap();
        let found = house.access.by_session(&here.token).await.unwrap().unwrap();
        assert_eq!(found.preferences, wanted);
        let nowhere = Preferences { time_zone: "Mars/Olympus".into(), ..wanted.clone() };
        assert_eq!(code(house.access.set_preferences(actor, &nowhere).await), "time-zone-unknown");
        assert_eq!(code(house.access.set_preferences(&admin(), &wanted).await), "staff-only");
    })
    .await;
}

#[tokio::test]
async fn the_trail_names_nobody() {
    testing::both(async |house| {
        let here = house.signed_in(LIN, Role::Agent).await;
        let _ = house.access.sign_in(LIN, "wrong", None, &origin()).await;
        house.access.reset_password(&admin(), here.session.user).await.unwrap();
        let mut tx = house.access.db().read().await.unwrap();
        let rows: Vec<(String, String, String)> = tx
            .all(::store::sql(
                "SELECT actor_name, target_id, CAST(details AS TEXT) AS details FROM access_audit",
            ))
            .await
            .unwrap();
        assert!(rows.len() >= 4);
        for row in rows {
            let text = format!("{row:?}").to_lowercase();
            assert!(!text.contains("lin") && !text.contains("example"), "{text}");
        }
        drop(tx);
        assert_eq!(audit::verify(house.access.db(), None).await.unwrap().broken, None);
    })
    .await;
}
