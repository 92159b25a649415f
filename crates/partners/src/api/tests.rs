#![allow(clippy::unwrap_used, reason = "tests")]
use access::Role;
use axum::Router;
use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use tower::ServiceExt;
use web::testing::Visitor;

use crate::Rooms;
use crate::testing::{Desk, KM, both};

fn app(desk: &Desk) -> Router {
    let rooms = Rooms { web: desk.house.web.clone(), partners: desk.partners.clone() };
    let (router, _) = crate::api(rooms).split_for_parts();
    desk.house.app(router)
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| unreachable!("{text}"))
}

async fn send(app: &Router, who: &Visitor, path: &str, text: &str) -> (u16, Value) {
    let request = axum::http::Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("cookie", format!("{}={}", web::cookies::SESSION, who.token))
        .header("x-csrf-token", &who.csrf)
        .header("content-type", "text/csv")
        .header("accept", "application/json")
        .body(Body::from(text.to_owned()))
        .unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

/// Every door, once as somebody who may, and all of them as a stranger.
#[tokio::test]
#[allow(clippy::too_many_lines, reason = "door after door")]
async fn every_door_opens_for_whom_it_should() {
    both(async |house| {
        let desk = Desk::new(house).await;
        let app = app(&desk);
        let member = desk.member("周启明").await;
        desk.advance(60);
        let admin = desk.house.staff(Role::Administrator).await;

        let new = json!({"partner": {"code": "HARBOUR", "programme": KM, "name_en": "Harbour",
            "kinds": ["hotel"], "currency": "CNY", "window_days": 180, "shortfall": "owe"}});
        let made = admin.json(&app, Method::POST, "/api/v1/partners", &new).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let partner = read(&made.text)["id"].as_str().unwrap().to_owned();
        let again = admin.json(&app, Method::POST, "/api/v1/partners", &new).await;
        assert_eq!(again.status, 409, "the code is taken: {}", again.text);
        let at = format!("/api/v1/partners/{partner}");
        let rate = json!({"kind": "hotel", "valid_from": "2026-01-01", "per": "amount",
            "milli": 1_000, "most": 20_000});
        let price = json!({"valid_from": "2026-01-01", "sell_minor": 9_000, "buy_minor": 6_000});
        for (path, body) in [("rates", &rate), ("prices", &price)] {
            let added = admin.json(&app, Method::POST, &format!("{at}/{path}"), body).await;
            assert_eq!(added.status, 204, "{path}: {}", added.text);
            let twice = admin.json(&app, Method::POST, &format!("{at}/{path}"), body).await;
            assert_eq!(twice.status, 409, "{path}: {}", twice.text);
        }
        assert_eq!(admin.get(&app, "/api/v1/partners").await.status, 200);
        assert_eq!(admin.get(&app, &at).await.status, 200);

        let row = format!(
            "R,1,accrue,hotel,S-1,{},ZHOU,Q,2026-12-20,888,CNY,888,0,,,,,,,,",
            member.member_no
        );
        let text = format!("H,1,HARBOUR,B1,2026-12-31,{KM}\n{row}\nT,1,888,0\n");
        let (status, file) = send(&app, &admin, &format!("{at}/files?name=a.csv"), &text).await;
        assert_eq!(status, 202, "{file}");
        let file = file["id"].as_str().unwrap().to_owned();
        let files = format!("/api/v1/partners/files/{file}");
        let early = admin.get(&app, &format!("{files}/acknowledgement")).await;
        assert_eq!(early.status, 409);
        desk.partners.post_file(file.parse::<uuid::Uuid>().unwrap().into()).await.unwrap();
        assert_eq!(read(&admin.get(&app, &files).await.text)["posted"], 1);
        let rows = read(&admin.get(&app, &format!("{files}/rows?outcome=posted")).await.text);
        assert_eq!(rows[0]["reference"], "S-1");
        let text = admin.get(&app, &format!("{files}/acknowledgement")).await.text;
        assert!(text.contains("R,1,S-1,posted,,888,,"), "{text}");
        let month = desk.partners.month_of(desk.partners.now());
        let statement = format!("{at}/statements/{month}");
        assert_eq!(read(&admin.get(&app, &statement).await.text)["total_minor"], 7_992);
        let issue = format!("{statement}/invoice");
        assert_eq!(admin.json(&app, Method::POST, &issue, &json!({})).await.status, 409);
        desk.advance(40);
        let admin = desk.again(Role::Administrator).await;
        let issued = admin.json(&app, Method::POST, &issue, &json!({})).await;
        assert_eq!(issued.status, 201, "{}", issued.text);
        let invoice = read(&issued.text)["id"].as_str().unwrap().to_owned();
        let invoice = format!("/api/v1/partners/invoices/{invoice}");
        assert_eq!(admin.get(&app, &invoice).await.status, 200);

        let claim = json!({"member": member.id, "claim": {"flight": "QJ1419",
            "date": desk.day(30), "origin": "TFU", "destination": "HGH"}});
        let made = admin.json(&app, Method::POST, "/api/v1/claims", &claim).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!(read(&made.text)["verdict"], "not-known-yet");
        let one = format!("/api/v1/claims/{}", read(&made.text)["id"].as_str().unwrap());
        assert_eq!(admin.get(&app, &one).await.status, 200);
        let own = format!("/api/v1/members/{}/claims", member.id);
        assert_eq!(read(&admin.get(&app, &own).await.text)[0]["state"], "waiting");
        let refuse = json!({"decision": "refuse", "reason": "no-proof"});
        let decision = format!("{one}/decision");
        let done = admin.json(&app, Method::POST, &decision, &refuse).await;
        assert_eq!(read(&done.text)["state"], "explained", "{}", done.text);
        let odd = admin.json(&app, Method::POST, &decision, &json!({"decision": "x"})).await;
        assert_eq!(odd.status, 422);

        let stranger = desk.house.stranger();
        for path in [
            "/api/v1/partners",
            &at,
            &files,
            &format!("{files}/rows"),
            &format!("{files}/acknowledgement"),
            &statement,
            &invoice,
            &one,
            &own,
        ] {
            assert_eq!(stranger.get(&app, path).await.status, 401, "{path}");
        }
        let agent = desk.house.staff(Role::Agent).await;
        assert_eq!(agent.get(&app, &at).await.status, 403);
        assert_eq!(agent.get(&app, &one).await.status, 200);
        assert_eq!(admin.get(&app, "/api/v1/claims/none").await.status, 404);
    })
    .await;
}
