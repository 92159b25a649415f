use ::access::{Origin, Role, audit};
use chrono::Duration;
use kernel::Explain;

use super::{PASSWORD, both};
use crate::account::NewSession;
use crate::testing::PROGRAMME;
use crate::{Error, Result};

fn code(result: Result<NewSession>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "fine")
}

fn from(place: u8) -> Origin {
    Origin { address: Some([192, 0, 2, place].into()), agent: "Test".to_owned() }
}

#[tokio::test]
async fn a_code_opens_once_and_only_the_last_one_and_not_for_ever() {
    both(async |world| {
        let member = world.member("林夏").await;
        let (first, second) = (world.code(&member).await, world.code(&member).await);
        assert_eq!(code(world.activate(&member, &first).await), "portal-code-refused");
        let typed = second.to_uppercase().replace('-', " ");
        let opened = world.activate(&member, &typed).await.unwrap();
        assert_eq!(world.portal.by_session(&opened.token).await.unwrap().unwrap().id, opened.id);
        assert_eq!(code(world.activate(&member, &second).await), "portal-code-refused");
        let third = world.code(&member).await;
        world.clock().advance(Duration::hours(72));
        assert_eq!(code(world.activate(&member, &third).await), "portal-code-refused");
    })
    .await;
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same() {
    both(async |world| {
        let (member, other) = (world.member("林夏").await, world.member("何雨").await);
        world.browser(&member).await;
        let portal = &world.portal;
        let tries = [
            (PROGRAMME, member.member_no.as_str(), "wrong"),
            (PROGRAMME, other.member_no.as_str(), PASSWORD),
            (PROGRAMME, "6999999999", PASSWORD),
            ("elsewhere", member.member_no.as_str(), PASSWORD),
            (PROGRAMME, "", ""),
        ];
        for (n, (programme, number, password)) in (0..).zip(tries) {
            let refused = portal.sign_in((programme, number), password, &from(n)).await;
            assert_eq!(code(refused), "portal-sign-in-refused", "{number}");
            let refused =
                portal.activate((programme, number), "abcd-efgh-jkmn", PASSWORD, &from(n)).await;
            assert_eq!(code(refused), "portal-code-refused", "{number}");
        }
        let spaced = kernel::member_no::grouped(&member.member_no);
        let good = portal.sign_in((PROGRAMME, spaced.as_str()), PASSWORD, &from(9)).await;
        assert_eq!(code(good), "fine", "in any spelling");
    })
    .await;
}

#[tokio::test]
async fn one_members_code_opens_no_other_member() {
    both(async |world| {
        let (one, other) = (world.member("林夏").await, world.member("何雨").await);
        let code_of_one = world.code(&one).await;
        world.code(&other).await;
        assert_eq!(code(world.activate(&other, &code_of_one).await), "portal-code-refused");
        assert_eq!(code(world.activate(&one, &code_of_one).await), "fine");
    })
    .await;
}

#[tokio::test]
async fn tries_are_counted_for_known_and_unknown_numbers_alike() {
    both(async |world| {
        let member = world.member("林夏").await;
        world.browser(&member).await;
        for number in [member.member_no.as_str(), "6999999999"] {
            for place in 0..10 {
                let who = (PROGRAMME, number);
                let refused = world.portal.sign_in(who, "wrong", &from(place)).await;
                assert_eq!(code(refused), "portal-sign-in-refused");
            }
            let limited = world.portal.sign_in((PROGRAMME, number), PASSWORD, &from(99)).await;
            assert_eq!(code(limited), "sign-in-limited", "{number}");
        }
        world.clock().advance(Duration::minutes(15));
        let who = (PROGRAMME, member.member_no.as_str());
        assert_eq!(code(world.portal.sign_in(who, PASSWORD, &from(99)).await), "fine");
    })
    .await;
}

#[tokio::test]
async fn passwords_follow_the_rules_of_staffs() {
    both(async |world| {
        let member = world.member("Lin Xia").await;
        let given = world.code(&member).await;
        let who = (PROGRAMME, member.member_no.as_str());
        let origin = Origin::default();
        let weak = [("short", "password-short"), ("aaaaaaaaaaaaa", "password-simple")];
        for (password, why) in weak {
            let refused = world.portal.activate(who, &given, password, &origin).await;
            assert_eq!(code(refused), why);
        }
        assert_eq!(code(world.activate(&member, &given).await), "fine", "the code is still good");
        let signed = world.portal.sign_in(who, PASSWORD, &origin).await.unwrap();
        let session = world.portal.by_session(&signed.token).await.unwrap().unwrap();
        let change = |old, new| world.portal.change_password(&session, old, new);
        let why = |result: Result<()>| result.unwrap_err().code();
        assert_eq!(why(change("wrong", "harbour-window-12").await), "password-wrong");
        assert_eq!(why(change(PASSWORD, PASSWORD).await), "password-same");
        change(PASSWORD, "harbour-window-12").await.unwrap();
        assert!(world.portal.by_session(&signed.token).await.unwrap().is_some());
        assert_eq!(world.portal.sessions(&session).await.unwrap().len(), 1, "others ended");
        let old = world.portal.sign_in(who, PASSWORD, &origin).await;
        assert_eq!(code(old), "portal-sign-in-refused");
    })
    .await;
}

#[tokio::test]
async fn sessions_end_when_idle_and_in_any_case() {
    both(async |world| {
        let member = world.member("林夏").await;
        let browser = world.browser(&member).await;
        assert_eq!(browser.get("/my").await.status, 200);
        world.clock().advance(Duration::hours(24));
        let late = browser.get("/my/miles?show=used").await;
        let back = web::url::encode("/my/miles?show=used");
        assert_eq!(late.location, format!("/my/sign-in?next={back}"));
    })
    .await;
}

#[tokio::test]
async fn sessions_of_staff_and_members_open_nothing_of_each_other() {
    both(async |world| {
        let member = world.member("林夏").await;
        let staff = world.house.staff(Role::Administrator).await;
        let mut browser = world.browser(&member).await;
        assert_eq!(staff.get(&world.app, "/my").await.status, 303, "staff are no members");
        let path = format!("/members/{}/portal", member.id);
        assert_eq!(
            browser.get(&path).await.location,
            format!("/sign-in?next={}", web::url::encode(&path))
        );
        assert_eq!(browser.get("/me").await.status, 303, "members are no staff");
        // Nor does a token do in the other's cookie.
        let mut there = staff.clone();
        there.token.clone_from(&browser.token);
        assert_eq!(there.get(&world.app, "/me").await.status, 303);
        browser.token.clone_from(&staff.token);
        assert_eq!(browser.get("/my").await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn signing_in_and_out_through_the_pages() {
    both(async |world| {
        let member = world.member("林夏").await;
        let given = world.code(&member).await;
        let stranger = world.with("");
        assert!(stranger.get("/my/activate").await.text.contains("Set your password"));
        let number = member.member_no.as_str();
        let mut fields = [
            ("programme", PROGRAMME),
            ("number", number),
            ("code", given.as_str()),
            ("password", PASSWORD),
            ("again", "another"),
        ];
        let differ = stranger.post("/my/activate", &fields).await;
        assert_eq!(differ.status, 422);
        assert!(!differ.text.contains(PASSWORD), "passwords do not come back");
        fields[4].1 = PASSWORD;
        let opened = stranger.post("/my/activate", &fields).await;
        assert_eq!((opened.status, opened.location.as_str()), (303, "/my"), "{}", opened.text);
        assert!(opened.cookie.contains("HttpOnly; SameSite=Lax"), "{}", opened.cookie);
        let refused = stranger
            .post("/my/sign-in", &[("programme", PROGRAMME), ("number", number), ("password", "x")])
            .await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("Member number or password is not right."));
        let signed = [
            ("programme", PROGRAMME),
            ("number", number),
            ("password", PASSWORD),
            ("next", "https://evil.example"),
        ];
        let signed = stranger.post("/my/sign-in", &signed).await;
        assert_eq!(signed.location, "/my", "no link of a stranger is followed");
        let token = signed.cookie.split("jb_member=").nth(1).unwrap().split(';').next().unwrap();
        let browser = world.with(token);
        assert_eq!(browser.get("/my").await.status, 200);
        let mut forged = browser.clone();
        forged.csrf = "forged".to_owned();
        assert_eq!(forged.post("/my/sign-out", &[]).await.status, 403);
        assert_eq!(browser.post("/my/sign-out", &[]).await.location, "/my/sign-in");
        assert_eq!(browser.get("/my").await.status, 303);
        assert_eq!(browser.post("/my/sign-out", &[]).await.status, 303, "a second click");
    })
    .await;
}

#[tokio::test]
async fn a_member_ends_own_sessions_only() {
    both(async |world| {
        let (one, other) = (world.member("林夏").await, world.member("何雨").await);
        let (mine, theirs) = (world.browser(&one).await, world.browser(&other).await);
        let session = world.portal.by_session(&theirs.token).await.unwrap().unwrap();
        let told = mine.post(&format!("/my/sessions/{}", session.id), &[]).await;
        assert_eq!(told.location, "/my/profile");
        assert_eq!(theirs.get("/my").await.status, 200, "another member's is left alone");
        let who = (PROGRAMME, one.member_no.as_str());
        let second = world.portal.sign_in(who, PASSWORD, &from(2)).await.unwrap();
        assert!(mine.get("/my/profile").await.text.contains("192.0.2.2"));
        assert_eq!(mine.post("/my/sessions/others", &[]).await.status, 303);
        assert!(world.portal.by_session(&second.token).await.unwrap().is_none());
        assert_eq!(mine.get("/my").await.status, 200);
        assert_eq!(mine.post("/my/sessions/nonsense", &[]).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn staff_give_codes_from_a_page_and_the_trail_knows() {
    both(async |world| {
        let member = world.member("林夏").await;
        let path = format!("/members/{}/portal", member.id);
        let agent = world.house.staff(Role::Agent).await;
        let page = agent.get(&world.app, &path).await;
        assert!(page.text.contains("No access yet"), "{}", page.text);
        let made = agent.post(&world.app, &path, &[]).await;
        let given = made.text.split("id=\"portal-code\">").nth(1).unwrap();
        let given = given.split('<').next().unwrap();
        assert!(!agent.get(&world.app, &path).await.text.contains(given), "shown once");
        assert_eq!(code(world.activate(&member, given).await), "fine");
        assert!(agent.get(&world.app, &path).await.text.contains("Has access"));
        let close = format!("{path}/close");
        assert_eq!(agent.post(&world.app, &close, &[]).await.status, 303);
        assert_eq!(agent.post(&world.app, &close, &[]).await.status, 303, "a second click");
        let who = (PROGRAMME, member.member_no.as_str());
        let gone = world.portal.sign_in(who, PASSWORD, &from(1)).await;
        assert_eq!(code(gone), "portal-sign-in-refused");
        let auditor = world.house.staff(Role::Auditor).await;
        assert_eq!(auditor.post(&world.app, &path, &[]).await.status, 403);
        assert!(!auditor.get(&world.app, &path).await.text.contains("<button class=\"btn\" type"));
        assert_eq!(agent.get(&world.app, "/members/nobody/portal").await.status, 404);
        let filter = audit::Filter { action: Some("portal.*".into()), ..Default::default() };
        let system = ::access::Actor::system("test");
        let seen = world.house.web.access.audit_entries(&system, &filter).await.unwrap().items;
        let seen: Vec<&str> = seen.iter().map(|entry| entry.action.as_str()).collect();
        let wanted =
            ["portal.sign-in-refused", "portal.closed", "portal.activated", "portal.invited"];
        assert_eq!(seen, wanted);
        let denied = world.portal.invite(&auditor.actor, member.id).await;
        assert!(matches!(denied, Err(Error::Denied(_))));
    })
    .await;
}
