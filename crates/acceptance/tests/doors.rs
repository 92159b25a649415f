//! Every door: strangers stay outside, the lowest role gets no further than it may, forms without
//! their token change nothing, an ended session says so.

use access::Role;
use reqwest::StatusCode;
use xtask::routes::{self, Route};
use xtask::tree::Tree;

use crate::house::{self, Visitor};

fn declared() -> Vec<Route> {
    let found = routes::declared(&Tree::read().unwrap());
    assert!(found.len() > 30, "only {} routes were found", found.len());
    found
}

/// An address of the route: identifiers that do not exist.
fn address(route: &Route) -> String {
    let id = "0193a000-0000-7000-8000-000000000000";
    let mut path = String::new();
    let mut rest = route.path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        path.push_str(id);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    path.push_str(rest);
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn every_door_refuses_strangers() {
    let routes = declared();
    house::both(async |house| {
        let stranger = Visitor::stranger(&house.base);
        for route in routes.iter().filter(|route| !route.is_public()) {
            let answer = stranger.knock(&route.verb, &address(route)).await;
            let status = answer.status();
            let to = answer.headers().get("location").and_then(|to| to.to_str().ok());
            let led = |to: &str| to.starts_with("/sign-in") || to.starts_with("/my/sign-in");
            let led_away = status == StatusCode::SEE_OTHER && to.is_some_and(led);
            let refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
            assert!(
                led_away || refused,
                "{} {} ({}) answered a stranger with {status}",
                route.verb,
                route.path,
                route.place
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_refuses_in_problem_json() {
    house::both(async |house| {
        let stranger = Visitor::stranger(&house.base);
        let answer = stranger.knock("GET", "/api/v1/customers").await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(kind.starts_with("application/problem+json"), "{kind}");
        let problem: serde_json::Value =
            serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(problem["status"], 401);
        assert!(problem["code"].is_string(), "{problem}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_door_breaks_and_the_lowest_role_stays_out_of_the_administration() {
    let routes = declared();
    house::both(async |house| {
        let sales = house.signed_in(Role::Sales).await;
        for route in routes.iter().filter(|route| !route.is_public()) {
            let answer = sales.knock(&route.verb, &address(route)).await;
            let status = answer.status();
            assert!(
                !status.is_server_error(),
                "{} {} ({}) answered {status}",
                route.verb,
                route.path,
                route.place
            );
            if route.path.starts_with("/admin/") && route.verb == "GET" {
                assert_eq!(status, StatusCode::FORBIDDEN, "{} {}", route.verb, route.path);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_token_changes_nothing() {
    house::both(async |house| {
        let admin = house.signed_in(Role::Administrator).await;
        let fields = [("email", "eve@example.com"), ("name", "Eve"), ("roles", "administrator")];
        let refused = admin.post_plain("/admin/users/new", &fields).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let page = admin.text("/admin/users").await;
        assert!(!page.contains("eve@example.com"));
        let done = admin.post("/admin/users/new", &fields).await;
        assert_eq!(done.status(), StatusCode::OK);
        assert!(admin.text("/admin/users").await.contains("eve@example.com"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_in_the_middle_of_a_form_says_so() {
    house::both(async |house| {
        let admin = house.signed_in(Role::Administrator).await;
        assert_eq!(admin.post("/sign-out", &[]).await.status(), StatusCode::SEE_OTHER);
        let fields = [("email", "eve@example.com"), ("name", "Eve"), ("roles", "agent")];
        let answer = admin.post("/admin/users/new", &fields).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        let text = answer.text().await.unwrap();
        assert!(text.contains("/sign-in"), "the page leads back to sign in: {text}");
    })
    .await;
}
