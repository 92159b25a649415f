//! Accounts and the trail of what was done.

use access::Role;
use reqwest::StatusCode;

use crate::house::{self, PASSWORD, Visitor};

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_invited_signs_in_and_must_choose_a_password() {
    house::both(async |house| {
        let admin = house.signed_in(Role::Administrator).await;
        let fields = [("email", "lin.mei@example.com"), ("name", "林梅"), ("roles", "analyst")];
        let page = admin.post("/admin/users/new", &fields).await.text().await.unwrap();
        let password = between(&page, "class=\"secret\"><span>", "<").to_owned();
        let twice = admin.post("/admin/users/new", &fields).await;
        assert_eq!(twice.status(), StatusCode::UNPROCESSABLE_ENTITY, "one account for one address");

        let mei = Visitor::stranger(&house.base);
        let form = [("email", "lin.mei@example.com"), ("password", password.as_str())];
        assert_eq!(mei.post_plain("/sign-in", &form).await.status(), StatusCode::SEE_OTHER);
        let led = mei.get("/customers").await;
        assert_eq!(led.status(), StatusCode::SEE_OTHER);
        assert_eq!(led.headers()["location"], "/me/password?next=/customers");

        let trail = admin.text("/admin/audit").await;
        assert!(trail.contains("Test administrator"), "the trail names who did it");
        let checked = admin.post("/admin/audit/check", &[]).await;
        assert_eq!(checked.status(), StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_what_its_scopes_say_until_it_is_revoked() {
    house::both(async |house| {
        let admin = house.signed_in(Role::Administrator).await;
        let fields = [("name", "warehouse"), ("days", "30"), ("scopes", "customers.read")];
        let page = admin.post("/admin/keys", &fields).await.text().await.unwrap();
        let token = between(&page, "class=\"secret\"><span>", "<").to_owned();
        assert!(token.starts_with("jb_"), "{token}");
        let call = async |path: &str| {
            let request = reqwest::Client::new().get(format!("{}{path}", house.base));
            request.bearer_auth(&token).send().await.unwrap().status()
        };
        assert_eq!(call("/api/v1/customers").await, StatusCode::OK);
        assert_eq!(call("/api/v1/value/runs").await, StatusCode::FORBIDDEN);
        let page = admin.text("/admin/keys").await;
        let revoke = between(&page, "action=\"/admin/keys/", "/revoke").to_owned();
        let path = format!("/admin/keys/{revoke}/revoke");
        assert_eq!(admin.post(&path, &[]).await.status(), StatusCode::SEE_OTHER);
        assert_eq!(call("/api/v1/customers").await, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_a_password_is_slowed_down() {
    house::both(async |house| {
        let email = house.account(Role::Agent).await;
        let guesser = Visitor::stranger(&house.base);
        let mut limited = false;
        for _ in 0..30 {
            let form = [("email", email.as_str()), ("password", "not-the-password")];
            let status = guesser.post_plain("/sign-in", &form).await.status();
            assert_ne!(status, StatusCode::SEE_OTHER);
            if status == StatusCode::TOO_MANY_REQUESTS {
                limited = true;
                break;
            }
        }
        assert!(limited, "thirty wrong passwords in a row were all looked at");
        let form = [("email", email.as_str()), ("password", PASSWORD)];
        let right = guesser.post_plain("/sign-in", &form).await.status();
        assert_eq!(right, StatusCode::TOO_MANY_REQUESTS, "the right one waits too");
    })
    .await;
}

/// What stands between two marks of a page.
pub fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from} in {page}"));
    rest.split_once(to).map_or(rest, |(found, _)| found)
}
