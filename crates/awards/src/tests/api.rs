use access::Role;
use axum::Router;
use axum::http::Method;
use serde_json::{Value, json};
use web::testing::Visitor;

use super::{CARD, Desk, KM, LOUNGE, both, new_id};
use crate::Rooms;

fn app(desk: &Desk) -> Router {
    let rooms = Rooms { web: desk.house.web.clone(), awards: desk.awards.clone() };
    desk.house.app(crate::api(rooms).split_for_parts().0)
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("{text}"))
}

async fn post(who: &Visitor, app: &Router, path: &str, body: &Value) -> (u16, Value) {
    let answer = who.json(app, Method::POST, path, body).await;
    let text = if answer.text.is_empty() { "null" } else { &answer.text };
    (answer.status, read(text))
}

#[tokio::test]
async fn a_program_redeems_and_uses_what_it_got() {
    both(async |desk| {
        desk.rich(30_000).await;
        let (app, clerk) = (app(&desk), desk.house.staff(Role::Loyalty).await);
        let ask = json!({"member": desk.member, "wish":
            {"kind": "item", "sku": CARD, "quantity": 2}});
        let (status, quote) = post(&clerk, &app, "/api/v1/awards/quotes", &ask).await;
        assert_eq!((status, &quote["offers"][0]["price"]["miles"]), (200, &json!(1_600)));
        let at = format!("/api/v1/members/{}/redemptions", desk.member);
        let order = json!({"id": new_id(), "quote": quote["offers"][0]["quote"], "confirm": true});
        let (status, made) = post(&clerk, &app, &at, &order).await;
        assert_eq!((status, &made["state"]), (201, &json!("settled")), "{made}");
        assert_eq!(post(&clerk, &app, &at, &order).await.0, 200);
        let one = format!("/api/v1/redemptions/{}", made["id"].as_str().unwrap());
        let whole = read(&clerk.get(&app, &one).await.text);
        assert_eq!(whole["steps"].as_array().unwrap().len(), 2);
        let list = read(&clerk.get(&app, &format!("{at}?n=1")).await.text);
        assert_eq!((&list["items"][0]["id"], &list["next"]), (&made["id"], &Value::Null));
        assert_eq!(clerk.get(&app, &format!("{at}?after=x")).await.status, 422);

        let at = format!("/api/v1/members/{}/vouchers", desk.member);
        let vouchers = clerk.get(&app, &at).await;
        let id = read(&vouchers.text)["items"][0]["id"].as_str().unwrap().to_owned();
        let at = format!("/api/v1/vouchers/{id}/reveal");
        let (status, shown) = post(&clerk, &app, &at, &json!({})).await;
        let code = shown["code"].as_str().unwrap();
        assert_eq!(status, 200);
        assert!(!vouchers.text.contains(code) && !vouchers.text.contains(&code.replace('-', "")));
        let lookup = json!({"code": code});
        let (status, found) = post(&clerk, &app, "/api/v1/vouchers/lookup", &lookup).await;
        assert_eq!((status, &found["state"]), (200, &json!("issued")));
        let used = json!({"id": new_id(), "code": code, "scope": "lounge"});
        for _ in 0..2 {
            let (status, now) = post(&clerk, &app, "/api/v1/vouchers/uses", &used).await;
            assert_eq!((status, &now["state"]), (200, &json!("used")), "{now}");
        }
        let again = json!({"id": new_id(), "code": code});
        let (status, said) = post(&clerk, &app, "/api/v1/vouchers/uses", &again).await;
        assert_eq!((status, &said["code"]), (409, &json!("awards-voucher-used")));
        let guess = json!({"code": "0000-0000-0000-0000"});
        let (status, _) = post(&clerk, &app, "/api/v1/vouchers/lookup", &guess).await;
        assert_eq!(status, 404);
        let terms = clerk.get(&app, &format!("{one}/redeposit")).await;
        assert_eq!(read(&terms.text)["code"], "awards-voucher-spent");
        desk.check().await;
    })
    .await;
}

#[tokio::test]
async fn a_ticket_over_the_api() {
    both(async |desk| {
        desk.rich(30_000).await;
        let (app, clerk) = (app(&desk), desk.house.staff(Role::Loyalty).await);
        let day = desk.awards.today() + chrono::Days::new(20);
        let wish = json!({"kind": "ticket", "day": day, "origin": "SZX", "destination": "PEK",
            "carrier": "JB", "cabin": "economy", "fare_minor": 100_000});
        let ask = json!({"member": desk.member, "wish": wish, "part": 8_000});
        let (status, quote) = post(&clerk, &app, "/api/v1/awards/quotes", &ask).await;
        assert_eq!(status, 200, "{quote}");
        let offers = quote["offers"].as_array().unwrap();
        let rows: Vec<&str> =
            offers.iter().map(|it| it["price"]["row"].as_str().unwrap()).collect();
        assert!(rows.contains(&"dynamic-economy") && rows.contains(&"award-cn-cn-economy"));
        assert!(offers.iter().any(|it| it["price"]["miles"] == 8_000), "{quote}");
        let wrong = json!({"member": desk.member, "wish": {"kind": "ticket", "dya": day}});
        assert_eq!(post(&clerk, &app, "/api/v1/awards/quotes", &wrong).await.0, 422);
        let chart = offers.iter().find(|it| it["price"]["miles"] == 10_000).unwrap();
        let at = format!("/api/v1/members/{}/redemptions", desk.member);
        let order = json!({"id": new_id(), "quote": chart["quote"]});
        let (_, made) = post(&clerk, &app, &at, &order).await;
        let one = format!("/api/v1/redemptions/{}", made["id"].as_str().unwrap());
        let confirm = format!("{one}/confirmation");
        assert_eq!(post(&clerk, &app, &confirm, &json!({})).await.0, 422);
        let said = json!({"reference": "479-2400000001"});
        let (status, done) = post(&clerk, &app, &confirm, &said).await;
        assert_eq!((status, &done["state"]), (200, &json!("settled")), "{done}");
        let cancel = format!("{one}/cancellation");
        assert_eq!(post(&clerk, &app, &cancel, &json!({})).await.0, 409);
        let terms = read(&clerk.get(&app, &format!("{one}/redeposit")).await.text);
        let told = json!({"fee_miles": terms["fee_miles"], "fee_minor": terms["fee_minor"]});
        let (status, back) = post(&clerk, &app, &format!("{one}/redeposit"), &told).await;
        assert_eq!((status, &back["state"]), (200, &json!("redeposited")), "{back}");
    })
    .await;
}

#[tokio::test]
async fn the_catalogue_over_the_api() {
    both(async |desk| {
        let (app, clerk) = (app(&desk), desk.house.staff(Role::Loyalty).await);
        let at = format!("/api/v1/awards/items/{KM}/{LOUNGE}");
        let new = json!({"form": "voucher", "voucher_days": 90, "is_transferable": true,
            "is_offered": true, "is_limited": true});
        let answer = clerk.json(&app, Method::PUT, &at, &new).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
        let change = json!({"id": new_id(), "change": 5});
        let (status, item) = post(&clerk, &app, &format!("{at}/stock"), &change).await;
        assert_eq!((status, &item["left"]), (200, &json!(5)));
        let items = read(&clerk.get(&app, "/api/v1/awards/items").await.text);
        assert_eq!(items["items"].as_array().unwrap().len(), 2);
        let none = format!("/api/v1/awards/items/{KM}/none");
        assert_eq!(clerk.json(&app, Method::PUT, &none, &new).await.status, 404);
    })
    .await;
}

/// Every operation refuses strangers; those that change something refuse the lowest role.
#[tokio::test]
async fn every_door_refuses_strangers_and_the_lowest_role() {
    both(async |desk| {
        let id = "019aa2b0-0000-7000-8000-000000000001";
        let rooms = Rooms { web: desk.house.web.clone(), awards: desk.awards.clone() };
        let (router, document) = crate::api(rooms).split_for_parts();
        let app = desk.house.app(router);
        let (stranger, auditor) = (desk.house.stranger(), desk.house.staff(Role::Auditor).await);
        let document = serde_json::to_value(&document).unwrap();
        let mut seen = 0;
        for (path, operations) in document["paths"].as_object().unwrap() {
            let path = path.replace("{id}", id).replace("{programme}", KM).replace("{sku}", "x");
            for verb in operations.as_object().unwrap().keys() {
                let method: Method = verb.to_uppercase().parse().unwrap();
                let answer = stranger.json(&app, method.clone(), &path, &json!({})).await;
                assert_eq!(answer.status, 401, "{method} {path}");
                let expected = match (method == Method::GET, path.ends_with("/items")) {
                    (true, true) => 200,
                    (true, false) => 404,
                    (false, _) => 403,
                };
                let answer = auditor.json(&app, method.clone(), &path, &json!({})).await;
                assert_eq!(answer.status, expected, "{method} {path}: {}", answer.text);
                seen += 1;
            }
        }
        assert_eq!(seen, 15);
    })
    .await;
}

#[test]
fn texts_are_complete() {
    let texts = web::texts::Texts::new(&[crate::TEXTS]).unwrap();
    assert_eq!(web::texts::differences(&texts), Vec::<String>::new());
}
