#![allow(clippy::unwrap_used, reason = "tests")]
use access::Role;
use axum::Router;
use axum::http::Method;
use serde_json::{Value, json};
use web::testing::House;

use crate::testing::{both, rooms};

fn app(house: &House) -> Router {
    let (router, _) = crate::api(rooms(house)).split_for_parts();
    house.app(router)
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

const AT: &str = "/api/v1/customers";

#[tokio::test]
async fn a_customer_is_made_read_edited_found_and_trashed() {
    both(async |house| {
        let app = app(&house);
        let manager = house.staff(Role::Manager).await;
        let new = json!({"name": {"native": "周启明"}, "member_no": "6218 0457 31",
            "phone": "13812345678", "tier": "gold"});
        let made = manager.json(&app, Method::POST, AT, &new).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let customer = read(&made.text);
        assert_eq!(customer["name"]["surname"], "Zhou");
        assert_eq!(customer["contacts"][0]["masked"], "+86 138****5678");
        assert!(!made.text.contains("13812345678"));
        let one = format!("{AT}/{}", customer["id"].as_str().unwrap());
        assert_eq!(manager.get(&app, &one).await.status, 200);

        let none = manager.json(&app, Method::PATCH, &one, &json!({"city": "上海"})).await;
        assert_eq!(none.status, 422, "no version");
        let edit = json!({"version": 1, "city": "上海", "tier": null});
        let edited = manager.json(&app, Method::PATCH, &one, &edit).await;
        assert_eq!(edited.status, 200, "{}", edited.text);
        let edited = read(&edited.text);
        assert_eq!((&edited["city"], &edited["tier"]), (&json!("上海"), &Value::Null));
        assert_eq!(edited["member_no"], "6218045731", "left out, so it stays");
        let late = manager.json(&app, Method::PATCH, &one, &edit).await;
        assert_eq!(late.status, 409);
        let problem = read(&late.text);
        assert_eq!(problem["code"], "customers-changed", "{problem}");
        let wrong = json!({"version": 2, "birth_date": "1899-01-01"});
        assert_eq!(manager.json(&app, Method::PATCH, &one, &wrong).await.status, 422);
        let unknown = json!({"version": 2, "shoe_size": 42});
        assert_eq!(manager.json(&app, Method::PATCH, &one, &unknown).await.status, 422);

        let hits = read(&manager.get(&app, &format!("{AT}/search?q=zhouqm")).await.text);
        assert_eq!(hits["items"].as_array().map(Vec::len), Some(0));
        let hits = read(&manager.get(&app, &format!("{AT}/search?q=zqm")).await.text);
        assert_eq!(hits["items"][0]["why"], "initials");
        let list =
            read(&manager.get(&app, &format!("{AT}?f=city:is:%E4%B8%8A%E6%B5%B7")).await.text);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
        assert_eq!(manager.get(&app, &format!("{AT}?f=nonsense")).await.status, 422);

        let empty = json!({});
        let trashed = manager.json(&app, Method::POST, &format!("{one}/trash"), &empty).await;
        assert!(read(&trashed.text)["trashed_at"].is_string());
        let list = read(&manager.get(&app, AT).await.text);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(0));
        let list = read(&manager.get(&app, &format!("{AT}?trash=true")).await.text);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        let back = manager.json(&app, Method::POST, &format!("{one}/restore"), &empty).await;
        assert!(read(&back.text)["trashed_at"].is_null());
    })
    .await;
}

#[tokio::test]
async fn notes_tags_tasks_and_the_timeline() {
    both(async |house| {
        let app = app(&house);
        let agent = house.staff(Role::Agent).await;
        let new = json!({"name": {"surname": "Raman", "given": "Priya"}});
        let made = read(&agent.json(&app, Method::POST, AT, &new).await.text);
        let one = format!("{AT}/{}", made["id"].as_str().unwrap());
        let note = json!({"body": "prefers windows"});
        let added = agent.json(&app, Method::POST, &format!("{one}/notes"), &note).await;
        assert_eq!(added.status, 201, "{}", added.text);
        let task = json!({"title": "call back", "due_on": "2026-12-01"});
        let added = agent.json(&app, Method::POST, &format!("{one}/tasks"), &task).await;
        let task = read(&added.text)["id"].as_str().unwrap().to_owned();
        let path = format!("{one}/tasks/{task}");
        let done = agent.json(&app, Method::PATCH, &path, &json!({"done": true})).await;
        assert_eq!(done.status, 204, "{}", done.text);
        let tag = format!("{one}/tags/vip");
        assert_eq!(agent.json(&app, Method::PUT, &tag, &json!({})).await.status, 204);
        assert_eq!(agent.json(&app, Method::DELETE, &tag, &json!({})).await.status, 204);
        let tasks = read(&agent.get(&app, &format!("{one}/tasks")).await.text);
        assert!(tasks["items"][0]["done_at"].is_string());
        let line = read(&agent.get(&app, &format!("{one}/timeline?n=1")).await.text);
        assert_eq!(line["items"].as_array().map(Vec::len), Some(1));
        let next = line["next"].as_str().unwrap();
        let rest = agent.get(&app, &format!("{one}/timeline?before={next}")).await;
        assert_eq!(read(&rest.text)["items"].as_array().map(Vec::len), Some(2), "{}", rest.text);
        let bad = agent.get(&app, &format!("{one}/timeline?before=x")).await;
        assert_eq!(bad.status, 422);
    })
    .await;
}

/// Every route refuses strangers; those that change something refuse the lowest role.
#[tokio::test]
async fn every_route_refuses_strangers_and_the_lowest_role() {
    both(async |house| {
        let rooms = rooms(&house);
        let id = "019aa2b0-0000-7000-8000-000000000001";
        let (router, document) = crate::api(rooms).split_for_parts();
        let app = house.app(router);
        let (stranger, auditor) = (house.stranger(), house.staff(Role::Auditor).await);
        let document = serde_json::to_value(&document).unwrap();
        let mut seen = 0;
        for (path, operations) in document["paths"].as_object().unwrap() {
            let path = path.replace("{id}", id).replace("{task}", id).replace("{tag}", "x");
            for verb in operations.as_object().unwrap().keys() {
                let method: Method = verb.to_uppercase().parse().unwrap();
                let body = json!({"version": 1, "body": "x", "title": "x", "done": true});
                let answer = stranger.json(&app, method.clone(), &path, &body).await;
                assert_eq!(answer.status, 401, "{method} {path}");
                seen += 1;
                if method == Method::GET {
                    continue;
                }
                let answer = auditor.json(&app, method.clone(), &path, &body).await;
                assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text);
            }
        }
        assert_eq!(seen, 27);
    })
    .await;
}
