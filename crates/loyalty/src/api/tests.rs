#![allow(clippy::unwrap_used, reason = "tests")]
use access::{NewKey, Role};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;
use web::testing::House;

use crate::Loyalty;
use crate::ledger::{Book, Role as For, Unit};
use crate::testing::{both, rooms};

async fn app(house: &House) -> (Router, Loyalty) {
    let rooms = rooms(house).await;
    let loyalty = rooms.loyalty.clone();
    let (router, _) = crate::api(rooms).split_for_parts();
    (house.app(router), loyalty)
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Sends as a program, with a key of a loyalty clerk.
async fn program(house: &House, app: &Router, body: &Value) -> (u16, Value) {
    let clerk = house.staff(Role::Loyalty).await.actor;
    let new = NewKey {
        name: "shop".to_owned(),
        scopes: vec!["loyalty.*".to_owned()],
        expires_at: store::testing::NOW + chrono::Duration::days(1),
    };
    let key = house.web.access.create_key(&clerk, new).await.unwrap();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/v1/ledger/transfers")
        .header("authorization", format!("Bearer {}", key.token.reveal()))
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

const MEMBERS: &str = "/api/v1/members";

#[tokio::test]
async fn a_member_is_enrolled_earns_and_spends() {
    both(async |house| {
        let (app, loyalty) = app(&house).await;
        let clerk = house.staff(Role::Loyalty).await;
        let new = json!({"programme": "ZH", "name": "周启明", "birth_date": "1980-05-01"});
        let made = clerk.json(&app, Method::POST, MEMBERS, &new).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let member = read(&made.text);
        let one = format!("{MEMBERS}/{}", member["id"].as_str().unwrap());
        let account = member["accounts"][0]["id"].as_str().unwrap().to_owned();
        let mut tx = loyalty.db().read().await.unwrap();
        let book = Book::new("ZH", Unit::Miles);
        let ledger = loyalty.ledger();
        let issuance = ledger.role(&mut tx, &book, For::Issuance, "").await.unwrap();
        let redemption = ledger.role(&mut tx, &book, For::Redemption, "").await.unwrap();
        let adjustment = ledger.role(&mut tx, &book, For::Adjustment, "").await.unwrap();
        drop(tx);
        let id = || kernel::ids::v7(loyalty.now());
        let (earned, held) = (id(), id());
        let transfer = |id: Uuid, step: Value, linked: bool| {
            json!({"id": id, "code": "test", "step": step, "linked": linked,
                "effective_at": "2026-11-20T00:00:00Z"})
        };
        let batch = json!({"transfers": [
            transfer(earned, json!({"kind": "post", "debit": issuance, "credit": account,
                "amount": 100, "expires_on": "2029-11-30"}), false),
            transfer(held, json!({"kind": "hold", "debit": account, "credit": redemption,
                "amount": 60, "due_at": "2026-12-01T00:00:00Z"}), true),
            transfer(id(), json!({"kind": "settle", "hold": held, "amount": 50}), true),
            transfer(id(), json!({"kind": "release", "hold": held}), false),
            transfer(id(), json!({"kind": "reverse", "transfer": earned, "amount": 60}), false),
        ]});
        let person = clerk.json(&app, Method::POST, "/api/v1/ledger/transfers", &batch).await;
        assert_eq!(person.status, 409, "people propose: {}", person.text);
        let (status, answer) = program(&house, &app, &batch).await;
        assert_eq!(status, 200, "{answer}");
        let outcomes: Vec<&str> = answer["outcomes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["outcome"].as_str().unwrap())
            .collect();
        assert_eq!(outcomes, ["posted", "posted", "posted", "posted", "insufficient"]);
        let (_, again) = program(&house, &app, &batch).await;
        assert_eq!(again["outcomes"][1]["outcome"], "already-posted");
        let by_hand = json!({"transfers": [transfer(id(), json!({"kind": "post",
            "debit": adjustment, "credit": account, "amount": 1,
            "expires_on": "2029-11-30"}), false)]});
        let (status, refused) = program(&house, &app, &by_hand).await;
        assert_eq!((status, refused["code"].as_str()), (409, Some("loyalty-adjustment-by-two")));
        let (status, _) = program(&house, &app, &json!({"transfers": []})).await;
        assert_eq!(status, 422);

        let at = format!("/api/v1/ledger/accounts/{account}");
        let balance = read(&clerk.get(&app, &format!("{at}/balance")).await.text);
        assert_eq!((&balance["balance"], &balance["available"]), (&json!(50), &json!(50)));
        let past = format!("{at}/balance?effective_at=2026-11-19T00:00:00Z");
        assert_eq!(read(&clerk.get(&app, &past).await.text)["balance"], 0);
        let page = read(&clerk.get(&app, &format!("{at}/statement?n=2")).await.text);
        assert_eq!(page["items"][0]["balance"], 50, "{page}");
        let next = page["next"].as_str().unwrap();
        let rest = format!("{at}/statement?before={next}");
        let rest = read(&clerk.get(&app, &rest).await.text);
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
        assert_eq!(clerk.get(&app, &format!("{at}/statement?before=x")).await.status, 422);
        let nowhere = format!("/api/v1/ledger/accounts/{}/balance", id());
        assert_eq!(clerk.get(&app, &nowhere).await.status, 404);
        assert_eq!(read(&clerk.get(&app, &one).await.text)["accounts"][0]["balance"], 50);
    })
    .await;
}

#[tokio::test]
async fn nominees_freezes_tiers_and_proposals() {
    both(async |house| {
        let (app, _) = app(&house).await;
        let (clerk, manager) = (house.staff(Role::Loyalty).await, house.staff(Role::Manager).await);
        let new = json!({"programme": "ZH", "name": "周启明", "birth_date": "1980-05-01"});
        let made = read(&clerk.json(&app, Method::POST, MEMBERS, &new).await.text);
        let one = format!("{MEMBERS}/{}", made["id"].as_str().unwrap());
        let nominee = json!({"nominees": [
            {"name": "Li Wei", "birth_date": "1990-01-01", "document": "E12345678"}]});
        let at = format!("{one}/nominees");
        assert_eq!(clerk.json(&app, Method::POST, &at, &nominee).await.status, 204);
        let listed = clerk.get(&app, &at).await;
        assert!(!listed.text.contains("E12345678"), "{}", listed.text);
        let listed = read(&listed.text);
        assert_eq!(listed["items"][0]["document"], "E******78");
        let gone = format!("{at}/{}", listed["items"][0]["id"].as_str().unwrap());
        assert_eq!(clerk.json(&app, Method::DELETE, &gone, &json!({})).await.status, 204);
        assert_eq!(clerk.json(&app, Method::DELETE, &gone, &json!({})).await.status, 204);
        let freeze = json!({"state": "frozen", "reason": "takeover"});
        let frozen = clerk.json(&app, Method::POST, &format!("{one}/freeze"), &freeze).await;
        assert_eq!(read(&frozen.text)["state"], "frozen", "{}", frozen.text);

        let tier = json!({"kind": "tier", "tier": "G", "rank": 2, "valid_from": "2026-11-22",
            "valid_to": "2027-11-30", "reason": "match"});
        let proposed = clerk.json(&app, Method::POST, &format!("{one}/proposals"), &tier).await;
        assert_eq!(proposed.status, 201, "{}", proposed.text);
        let id = read(&proposed.text)["id"].as_str().unwrap().to_owned();
        let at = format!("/api/v1/proposals/{id}/decision");
        let approve = json!({"approve": true});
        assert_eq!(clerk.json(&app, Method::POST, &at, &approve).await.status, 409);
        assert_eq!(manager.json(&app, Method::POST, &at, &approve).await.status, 204);
        let tiers = read(&clerk.get(&app, &format!("{one}/tiers")).await.text);
        assert_eq!(
            (&tiers["current"]["tier"], &tiers["items"][0]["is_by_hand"]),
            (&json!("G"), &json!(true))
        );
        let wrong = json!({"kind": "tier", "tier": "G"});
        let wrong = clerk.json(&app, Method::POST, &format!("{one}/proposals"), &wrong).await;
        assert_eq!(wrong.status, 422);
    })
    .await;
}

/// Every route refuses strangers; those that change something refuse the lowest role.
#[tokio::test]
async fn every_route_refuses_strangers_and_the_lowest_role() {
    both(async |house| {
        let id = "019aa2b0-0000-7000-8000-000000000001";
        let (router, document) = crate::api(rooms(&house).await).split_for_parts();
        let app = house.app(router);
        let (stranger, auditor) = (house.stranger(), house.staff(Role::Auditor).await);
        let document = serde_json::to_value(&document).unwrap();
        let mut seen = 0;
        for (path, operations) in document["paths"].as_object().unwrap() {
            let path = path.replace("{id}", id).replace("{nominee}", id).replace("{code}", "no");
            let path = path.replace("/accruals", "/accruals?key=no");
            let path = match path.contains("/liability") || path.contains("/loyalty/limits") {
                true => format!("{path}?programme=no&minor_per_thousand=100"),
                false => path,
            };
            for verb in operations.as_object().unwrap().keys() {
                let method: Method = verb.to_uppercase().parse().unwrap();
                let answer = stranger.json(&app, method.clone(), &path, &json!({})).await;
                assert_eq!(answer.status, 401, "{method} {path}");
                seen += 1;
                let expected = match (method == Method::GET, path.ends_with("/versions")) {
                    (true, false) => 404,
                    (true, true) => 200,
                    (false, _) => 403,
                };
                let body = match path.ends_with("/decision") {
                    true => json!({"approve": true}),
                    false => json!({}),
                };
                let answer = auditor.json(&app, method.clone(), &path, &body).await;
                assert_eq!(answer.status, expected, "{method} {path}: {}", answer.text);
            }
        }
        assert_eq!(seen, 30);
    })
    .await;
}

/// The words of both languages, and those the code asks for.
#[test]
fn texts_are_complete() {
    let texts = web::texts::Texts::new(&[&crate::TEXTS]).unwrap();
    assert_eq!(web::texts::differences(&texts), Vec::<String>::new());
    for (_, code) in crate::ledger::OUTCOMES {
        let key = format!("ledger-outcome-{code} =");
        assert!(crate::TEXTS[0].1.contains(&key), "{key}");
    }
}

#[tokio::test]
async fn rules_are_drafted_decided_and_quoted() {
    both(async |house| {
        let (app, loyalty) = app(&house).await;
        let (one, other) = (house.staff(Role::Loyalty).await, house.staff(Role::Manager).await);
        let shipped = one.get(&app, "/api/v1/programme-examples/bridge-km").await;
        let text = read(&shipped.text)["text"].as_str().unwrap().to_owned();
        assert_eq!(one.get(&app, "/api/v1/programme-examples/none").await.status, 404);
        let at = "/api/v1/programme-versions";
        let new = json!({"text": text, "valid_from": "2024-01-01", "note": "first"});
        let made = one.json(&app, Method::POST, at, &new).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let id = format!("{at}/{}", read(&made.text)["id"].as_str().unwrap());
        let bad = json!({"text": "code = 1\n", "valid_from": "2024-01-01"});
        let bad = one.json(&app, Method::POST, at, &bad).await;
        assert_eq!((bad.status, &read(&bad.text)["code"]), (422, &json!("loyalty-document")));
        let none = json!({});
        let proposed = one.json(&app, Method::POST, &format!("{id}/proposal"), &none).await;
        assert_eq!(proposed.status, 204, "{}", proposed.text);
        let yes = json!({"approve": true, "note": "read"});
        let own = one.json(&app, Method::POST, &format!("{id}/decision"), &yes).await;
        assert_eq!((own.status, &read(&own.text)["code"]), (409, &json!("loyalty-own-proposal")));
        let done = other.json(&app, Method::POST, &format!("{id}/decision"), &yes).await;
        assert_eq!(done.status, 204, "{}", done.text);
        let version = read(&one.get(&app, &id).await.text);
        assert_eq!((&version["state"], &version["text"]), (&json!("approved"), &json!(text)));
        let changes = read(&one.get(&app, &format!("{id}/changes")).await.text);
        assert_eq!(changes["against"], Value::Null);
        let list = read(&one.get(&app, "/api/v1/programmes/bridge-km/versions").await.text);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);

        let who = crate::testing::flyer(&loyalty, &one.actor, "bridge-km", "周启明").await;
        let fact = crate::testing::flight(loyalty.today(), "Y", 1_700);
        let (key, member) = ("coupon:1/1".to_owned(), Some(who));
        let said = crate::accrual::FlownFact { key, revision: 1, member, fact: Some(fact) };
        let _ = loyalty.accrue(vec![said]).await.unwrap();
        let explained = one.get(&app, "/api/v1/accruals?key=coupon:1/1").await;
        assert_eq!(explained.status, 200, "{}", explained.text);
        let explained = read(&explained.text);
        assert_eq!((&explained["state"], &explained["version"]), (&json!("earned"), &json!(7)));
        assert!(!explained["sentences"].as_array().unwrap().is_empty());
        assert_eq!(one.get(&app, "/api/v1/accruals?key=x").await.status, 404);
        let progress = one.get(&app, &format!("{MEMBERS}/{who}/progress")).await;
        assert_eq!(progress.status, 200, "{}", progress.text);
        let progress = read(&progress.text);
        assert_eq!(progress["tier"], "BASE");
        assert!(progress["goals"][0]["sentence"].as_str().unwrap().len() > 10, "{progress}");
    })
    .await;
}
