//! The floor from outside: refusals, headers, languages, texts, settings, views.
#![allow(clippy::unwrap_used, reason = "tests")]

use access::Role;
use axum::Router;
use kernel::Lang;
use web::testing;
use web::texts::{Texts, differences};

async fn both<F: AsyncFn(testing::House)>(body: F) {
    testing::both(&[], &[], &[], body).await;
}

#[test]
fn texts_are_complete_in_both_languages() {
    let texts = Texts::new(&[web::TEXTS]).unwrap();
    assert_eq!(differences(&texts), Vec::<String>::new());
}

#[test]
fn a_missing_text_is_visible_and_counted() {
    let texts = Texts::new(&[&[(Lang::En, "only-english = Words\n")]]).unwrap();
    assert_eq!(texts.get(Lang::ZhCn, "only-english", &[]), "⟨only-english⟩");
    assert_eq!(texts.missing(), 1);
    assert_eq!(texts.get(Lang::En, "only-english", &[]), "Words");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_led_to_sign_in_and_back() {
    both(async |house| {
        let app = house.app(Router::new());
        let answer = house.stranger().get(&app, "/jobs?x=1").await;
        assert_eq!((answer.status, answer.location()), (303, "/sign-in?next=/jobs%3Fx%3D1"));
        let answer = house
            .stranger()
            .post(&app, "/jobs/00000000-0000-0000-0000-000000000000/cancel", &[])
            .await;
        assert_eq!(answer.status, 401);
        assert!(answer.text.contains("You are signed out"), "{}", answer.text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_own_page_renders_in_both_languages_without_a_missing_text() {
    both(async |house| {
        let app = house.app(Router::new());
        let visitor = house.staff(Role::Administrator).await;
        for lang in ["en", "zh-CN"] {
            let visitor = visitor.clone().reading(lang);
            for path in
                ["/me", "/me/password", "/me/two-factor", "/jobs", "/search", "/no-such-page"]
            {
                let answer = visitor.get(&app, path).await;
                assert_eq!(
                    answer.status,
                    if path == "/no-such-page" { 404 } else { 200 },
                    "{path}"
                );
                assert!(!answer.text.contains('⟨'), "{lang} {path}: {}", around(&answer.text));
                assert!(!answer.text.contains("style="), "{path} has an inline style");
                assert!(answer.text.contains(&format!("<html lang=\"{lang}\"")), "{path}");
            }
            let stranger = house.stranger().reading(lang);
            for path in ["/sign-in", "/signed-in"] {
                let answer = stranger.get(&app, path).await;
                assert_eq!(answer.status, 200, "{path}");
                assert!(!answer.text.contains('⟨'), "{lang} {path}: {}", around(&answer.text));
            }
        }
        assert_eq!(house.web.texts.missing(), 0);
    })
    .await;
}

fn around(text: &str) -> String {
    let at = text.find('⟨').unwrap_or(0);
    text[at..].chars().take(60).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_the_sessions_token_is_refused() {
    both(async |house| {
        let app = house.app(Router::new());
        let mut visitor = house.staff(Role::Agent).await;
        visitor.csrf = "made-up".to_owned();
        let answer = visitor
            .post(&app, "/views", &[("list", "x"), ("name", "y"), ("query", ""), ("back", "/")])
            .await;
        assert_eq!(answer.status, 403);
        assert!(answer.text.contains("did not come from a page of ours"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_carry_the_policy_and_a_request_id() {
    both(async |house| {
        let app = house.app(Router::new());
        let answer = house.stranger().get(&app, "/sign-in").await;
        let header = |name: &str| answer.headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert!(header("content-security-policy").contains("script-src 'self'"));
        assert!(!header("content-security-policy").contains("unsafe"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-request-id").len(), 32);
        assert_eq!(header("cache-control"), "no-store");
        let style = web::asset("app.css");
        let answer = house.stranger().get(&app, &style).await;
        assert_eq!(answer.status, 200);
        assert!(
            answer.headers.get("cache-control").unwrap().to_str().unwrap().contains("immutable")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn language_and_theme_follow_the_person() {
    both(async |house| {
        let app = house.app(Router::new());
        let visitor = house.staff(Role::Agent).await;
        let answer = visitor
            .post(
                &app,
                "/settings",
                &[
                    ("lang", "zh-CN"),
                    ("theme", "dark"),
                    ("density", "compact"),
                    ("back", "/me?x=1"),
                ],
            )
            .await;
        assert_eq!((answer.status, answer.location()), (303, "/me?x=1"));
        let page = visitor.get(&app, "/me").await.text;
        assert!(page.contains(r#"<html lang="zh-CN" class="dark" data-density="compact">"#));
        let answer = visitor
            .post(&app, "/settings", &[("theme", "light"), ("back", "https://evil.example/")])
            .await;
        assert_eq!(answer.location(), "/");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_out_over_the_forms() {
    both(async |house| {
        let app = house.app(Router::new());
        let _user = house.staff(Role::Agent).await;
        let stranger = house.stranger();
        let fields =
            [("email", "agent@jetbridge.example"), ("password", "wrong"), ("next", "/jobs")];
        let answer = stranger.post(&app, "/sign-in", &fields).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains("agent@jetbridge.example"), "what was typed stays");
        assert!(!answer.text.contains("wrong\""), "but not the password");
        let fields = [
            ("email", "agent@jetbridge.example"),
            ("password", testing::PASSWORD),
            ("next", "//evil.example"),
        ];
        let answer = stranger.post(&app, "/sign-in", &fields).await;
        assert_eq!((answer.status, answer.location()), (303, "/"), "never to another site");
        let cookie = answer.headers.get("set-cookie").unwrap().to_str().unwrap();
        assert!(
            cookie.starts_with("jb_session=")
                && cookie.contains("HttpOnly")
                && cookie.contains("SameSite=Lax")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn api_failures_are_problems_with_a_code() {
    both(async |house| {
        let app = house.app(Router::new());
        let answer = house.stranger().get(&app, "/api/v1/nothing").await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.headers.get("content-type").unwrap(), "application/problem+json");
        let json: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(
            (json["code"].as_str(), json["status"].as_i64()),
            (Some("not-found"), Some(404))
        );
    })
    .await;
}
