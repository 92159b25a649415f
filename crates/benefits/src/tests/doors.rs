use super::{World, both};
use access::{NewKey, Role};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

/// Sends as check-in does: with a key that may ask and take down uses, and nothing else.
async fn program(
    world: &World,
    app: &Router,
    method: Method,
    path: &str,
    body: &Value,
) -> (u16, Value) {
    let new = NewKey {
        name: "check-in".to_owned(),
        scopes: vec!["benefits.read".to_owned(), "benefits.use".to_owned()],
        expires_at: store::testing::NOW + chrono::Duration::days(1),
    };
    let clerk = world.house.staff(Role::Loyalty).await.actor;
    let key = world.house.web.access.create_key(&clerk, new).await.unwrap();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {}", key.token.reveal()))
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let bytes = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn check_in_asks_for_a_list_and_takes_down_uses() {
    both(async |world| {
        let app = world.app();
        let member = world.platinum("周启明").await;
        let number = world.loyalty().member(&world.clerk, member).await.unwrap().member_no;
        let flight = json!({"designator": "JB831", "date": "2026-12-01", "from": "PVG",
            "to": "PEK", "departs_at": "2026-12-01T04:00:00Z", "cabin": "business"});
        let question = json!({"flight": flight, "members":
            [{"member_no": number, "programme": "bridge-km"}, {"member_no": "999"}]});
        let ask = "/api/v1/entitlements";
        let (status, list) = program(&world, &app, Method::POST, ask, &question).await;
        assert_eq!(status, 200, "{list}");
        assert_eq!(list["items"][1]["outcome"], "unknown");
        let benefits = list["items"][0]["answer"]["benefits"].as_array().unwrap();
        let limousine = benefits.iter().find(|it| it["id"] == "limousine").unwrap();
        assert_eq!((&limousine["granted"], &limousine["remaining"]), (&json!(true), &json!(4)));
        assert!(limousine["words"]["zh"].as_str().unwrap().starts_with("白金卡"));
        for bad in [
            json!({"flight": flight, "members": []}),
            json!({"flight": flight,
            "members": vec![json!({"member_no": "1"}); 1_001]}),
            json!({"flight": flight,
            "members": [{}]}),
            json!({"flight": {"designator": "", "date": "2026-12-01"},
            "members": [{"member_no": "1"}]}),
            json!({}),
        ] {
            let (status, answer) = program(&world, &app, Method::POST, ask, &bad).await;
            assert_eq!(status, 422, "{answer}");
        }
        let (status, _) =
            program(&world, &app, Method::POST, ask, &json!({"flight": flight})).await;
        assert_eq!(status, 404, "everybody aboard a flight nobody knows");
        let new = json!({"id": Uuid::new_v4(), "member": {"member_no": number},
            "benefit": "limousine", "flight": flight, "place": "PVG"});
        let to = "/api/v1/benefit-uses";
        let (status, made) = program(&world, &app, Method::POST, to, &new).await;
        assert_eq!(status, 201, "{made}");
        let (status, again) = program(&world, &app, Method::POST, to, &new).await;
        assert_eq!((status, &again["id"]), (200, &made["id"]));
        let other = json!({"id": made["id"], "member": {"member_no": number},
            "benefit": "lounge"});
        let (status, refused) = program(&world, &app, Method::POST, to, &other).await;
        assert_eq!((status, &refused["code"]), (409, &json!("benefits-id-taken")));
        let undo = format!("{to}/{}/undo", made["id"].as_str().unwrap());
        let (status, undone) = program(&world, &app, Method::POST, &undo, &Value::Null).await;
        assert!(status == 200 && undone["undone_at"].is_string(), "{undone}");
        let grant = format!("/api/v1/members/{member}/benefit-grants");
        let (status, _) = program(&world, &app, Method::POST, &grant, &json!({})).await;
        assert_eq!(status, 403, "the key was not made for that");
    })
    .await;
}

#[tokio::test]
async fn every_door_opens_and_refuses() {
    both(async |world| {
        let app = world.app();
        let clerk = world.house.staff(Role::Manager).await;
        let member = world.platinum("周启明").await;
        world.spend(member, "2026-10-01", 30_000_000).await;
        let one = format!("/api/v1/members/{member}");
        let query = "flight=JB831&date=2026-12-01&from=PVG&to=PEK&cabin=business";
        let answer = read(&clerk.get(&app, &format!("{one}/entitlements?{query}")).await.text);
        assert_eq!(
            (&answer["outcome"], &answer["flight"]["from"]),
            (&json!("answered"), &json!("PVG"))
        );
        for bad in [
            "flight=JB831",
            "flight=JB831&date=2026-02-30",
            "flight=JB831&date=2026-12-01",
            "flight=JB831&date=2026-12-01&from=PVG&to=PEK&cabin=roof",
            "flight=JB831&date=2026-12-01&from=PVG&to=PEK&at=now",
        ] {
            let answer = clerk.get(&app, &format!("{one}/entitlements?{bad}")).await;
            assert_eq!(answer.status, 422, "{bad}: {}", answer.text);
        }
        let held = read(&clerk.get(&app, &format!("{one}/benefits")).await.text);
        assert_eq!(held["tier"], "PLATINUM", "{held}");
        let grant = json!({"id": Uuid::new_v4(), "benefit": "limousine", "count": 1,
            "valid_to": "2026-12-31", "reason": "complaint"});
        let to = format!("{one}/benefit-grants");
        let made = clerk.json(&app, Method::POST, &to, &grant).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!(clerk.json(&app, Method::POST, &to, &grant).await.status, 200);
        let end = format!("/api/v1/benefit-grants/{}/end", grant["id"].as_str().unwrap());
        assert_eq!(clerk.json(&app, Method::POST, &end, &json!({})).await.status, 200);
        let pick = json!({"id": Uuid::new_v4(), "milestone": "spend-300k",
            "benefit": "upgrade-voucher"});
        let to = format!("{one}/benefit-choices");
        assert_eq!(clerk.json(&app, Method::POST, &to, &pick).await.status, 201);
        let listed = read(&clerk.get(&app, &to).await.text);
        assert_eq!(
            (&listed["milestones"][0]["left"], &listed["choices"][0]["benefit"]),
            (&json!(0), &json!("upgrade-voucher"))
        );
        let undo = format!("/api/v1/benefit-choices/{}/undo", pick["id"].as_str().unwrap());
        assert_eq!(clerk.json(&app, Method::POST, &undo, &json!({})).await.status, 200);
        let uses = read(&clerk.get(&app, &format!("{one}/benefit-uses")).await.text);
        assert_eq!(uses["items"], json!([]));
        let past = "flight=JB831&date=2026-11-21&from=PVG&to=PEK";
        let promise = read(&clerk.get(&app, &format!("{one}/promised?{past}")).await.text);
        assert_eq!(promise["outcome"], "answered", "{promise}");
        let coming = clerk.get(&app, &format!("{one}/promised?{query}")).await;
        assert_eq!(coming.status, 409);
        let nowhere = format!("{one}/promised?segment={}", Uuid::new_v4());
        assert_eq!(clerk.get(&app, &nowhere).await.status, 404);
        let nobody = format!("/api/v1/members/{}", Uuid::new_v4());
        for path in [
            format!("{nobody}/entitlements?{query}"),
            format!("{nobody}/benefits"),
            format!("{nobody}/benefit-uses"),
            "/api/v1/members/x/benefits".to_owned(),
        ] {
            assert_eq!(clerk.get(&app, &path).await.status, 404, "{path}");
        }
        let stranger = world.house.stranger();
        for path in ["entitlements", "benefits", "benefit-uses", "benefit-choices", "promised"] {
            let path = format!("{one}/{path}?{query}");
            assert_eq!(stranger.get(&app, &path).await.status, 401, "{path}");
        }
        let auditor = world.house.staff(Role::Auditor).await;
        assert_eq!(auditor.json(&app, Method::POST, &end, &json!({})).await.status, 403);
    })
    .await;
}
