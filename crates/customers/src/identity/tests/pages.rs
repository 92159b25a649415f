//! The pages, in both languages and by forms.

use access::Role;
use axum::http::Method;
use serde_json::{Value, json};
use store::sql;
use uuid::Uuid;

use super::*;
use crate::testing::rooms;

async fn pair(
    customers: &Customers,
    house: &web::testing::House,
) -> (CustomerId, CustomerId, Uuid) {
    let birth = day(1990, 2, 3);
    let a = one(customers, phone(born(said("a", "OUYANG/CHENGZE"), birth), "13812345678")).await;
    house.clock.advance(chrono::Duration::seconds(1));
    let b = one(customers, passport(born(said("b", "欧阳承泽"), birth), "E12345678")).await;
    let mut tx = customers.db().read().await.unwrap();
    (a, b, tx.value(sql("SELECT id FROM identity_review")).await.unwrap())
}

#[tokio::test]
async fn pairs_records_and_merging_work_by_forms_in_both_languages() {
    both(async |house| {
        let rooms = rooms(&house);
        let customers = rooms.customers.clone();
        let (a, b, id) = pair(&customers, &house).await;
        let app = house.app(crate::pages(rooms));
        let staff = house.staff(Role::Manager).await;
        let here = format!("/identity/review/{id}");
        let pages = [
            "/identity".to_owned(),
            "/identity/decided".to_owned(),
            "/identity/run".to_owned(),
            here.clone(),
            format!("/customers/{a}"),
            format!("/customers/{a}/records"),
            format!("/customers/{a}/merge"),
            format!("/customers/{a}/merge?q=nobody"),
        ];
        let check = async |lang: &'static str| {
            for page in &pages {
                let answer = staff.clone().reading(lang).get(&app, page).await;
                assert_eq!(answer.status, 200, "{page} {lang}: {}", answer.text);
                assert!(!answer.text.contains('⟨'), "{page} {lang}");
                for mark in [
                    "identity-level-",
                    "identity-compare-",
                    "customers-evidence-",
                    "E12345678",
                    "13812345678",
                ] {
                    assert!(!answer.text.contains(mark), "{page} {lang}: {mark}");
                }
            }
        };
        let alone = one(&customers, said("z", "HE/MUYANG")).await;
        let english = staff.clone().reading("en");
        let merge = format!("/customers/{alone}/merge");
        let nobody_asked = english.get(&app, &merge).await.text;
        assert!(nobody_asked.contains("Nobody else is called like this"));
        let asked = english.get(&app, &format!("{merge}?q=nobody")).await.text;
        assert!(asked.contains("Nobody found"));
        check("en").await;
        check("zh-CN").await;
        let page = staff.get(&app, &here).await.text;
        assert!(page.contains("data-shortcut=\"1\"") && page.contains("Birth date"));
        let auditor = house.staff(Role::Auditor).await;
        assert!(!auditor.get(&app, &here).await.text.contains("data-shortcut"));

        let same = staff.post(&app, &here, &[("verdict", "same")]).await;
        assert_eq!(same.status, 303, "{}", same.text);
        let away = staff.get(&app, &format!("/customers/{b}")).await;
        assert_eq!(away.status, 303);
        check("en").await;
        let records = staff.get(&app, &format!("/customers/{a}/records")).await.text;
        assert_eq!(records.matches("name=\"record\"").count(), 2);
        let undone = staff.post(&app, &format!("{here}/undo"), &[]).await;
        assert_eq!(undone.status, 303);
        assert_eq!(staff.get(&app, &format!("/customers/{b}")).await.status, 200);
        let bad = staff.post(&app, &here, &[("verdict", "perhaps")]).await;
        assert_eq!(bad.status, 422);
    })
    .await;
}

#[tokio::test]
async fn customers_are_merged_and_split_from_their_own_page() {
    both(async |house| {
        let rooms = rooms(&house);
        let customers = rooms.customers.clone();
        let (a, b, _) = pair(&customers, &house).await;
        let app = house.app(crate::pages(rooms));
        let staff = house.staff(Role::Manager).await;
        let merge = format!("/customers/{a}/merge");
        let merged = staff.post(&app, &merge, &[("other", &b.to_string())]).await;
        assert_eq!(merged.status, 303, "{}", merged.text);
        let all = customers.records(&staff.actor, a, 9).await.unwrap();
        let split = format!("/customers/{a}/split");
        let none = staff.post(&app, &split, &[]).await;
        assert_eq!(none.status, 303);
        let other = all.iter().find(|record| record.source_key == "b").unwrap().id.to_string();
        let done = staff.post(&app, &split, &[("record", &other)]).await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert_eq!(customers.records(&staff.actor, a, 9).await.unwrap().len(), 1);
        let step = customers.steps(&staff.actor, a, 9).await.unwrap();
        let step = step.iter().find(|step| step.kind == "split").unwrap().id;
        let undo = format!("/identity/steps/{step}/undo");
        assert_eq!(staff.post(&app, &undo, &[]).await.status, 303);
        assert_eq!(customers.records(&staff.actor, a, 9).await.unwrap().len(), 2);
        assert_eq!(staff.post(&app, "/identity/run", &[]).await.status, 303);
        let timeline = staff.get(&app, &format!("/customers/{a}?tl=merges")).await.text;
        assert!(timeline.contains("Merged with another customer"));
    })
    .await;
}

#[tokio::test]
async fn the_api_decides_merges_splits_and_takes_back() {
    both(async |house| {
        let rooms = rooms(&house);
        let customers = rooms.customers.clone();
        let (a, b, id) = pair(&customers, &house).await;
        let (router, _) = crate::api(rooms).split_for_parts();
        let app = house.app(router);
        let care = house.staff(Role::Care).await;
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let list = read(&care.get(&app, "/api/v1/identity/reviews").await.text);
        assert_eq!(list["items"][0]["id"], id.to_string());
        assert_eq!(list["items"][0]["one"], a.to_string());
        let at = format!("/api/v1/identity/reviews/{id}");
        assert_eq!(read(&care.get(&app, &at).await.text)["status"], "open");
        let decision = format!("{at}/decision");
        let wrong = care.json(&app, Method::PUT, &decision, &json!({"verdict": "x"})).await;
        assert_eq!(wrong.status, 422);
        let same = json!({"verdict": "same"});
        let done = care.json(&app, Method::PUT, &decision, &same).await;
        assert_eq!(done.status, 200, "{}", done.text);
        let late = care.json(&app, Method::PUT, &decision, &json!({"verdict": "later"})).await;
        assert_eq!(late.status, 409);
        let away = care.get(&app, &format!("/api/v1/customers/{b}")).await;
        assert_eq!(away.status, 308);
        let back = care.json(&app, Method::DELETE, &decision, &json!({})).await;
        assert_eq!(back.status, 200);
        assert_eq!(read(&back.text)["status"], "open");
        let both_of = json!({"one": a, "other": b});
        let merged = care.json(&app, Method::POST, "/api/v1/identity/merges", &both_of).await;
        let merged = read(&merged.text);
        assert_eq!(merged["customer"], a.to_string());
        let again = care.json(&app, Method::POST, "/api/v1/identity/merges", &both_of).await;
        assert_eq!(read(&again.text)["step"], Value::Null);
        let records = read(&care.get(&app, &format!("/api/v1/customers/{a}/records")).await.text);
        assert_eq!(records.as_array().map(Vec::len), Some(2));
        let one_record =
            records.as_array().unwrap().iter().find(|r| r["source_key"] == "b").unwrap();
        let asked = json!({"customer": a, "records": [one_record["id"]]});
        let split = care.json(&app, Method::POST, "/api/v1/identity/splits", &asked).await;
        assert_eq!(split.status, 201, "{}", split.text);
        let gone = care.json(&app, Method::POST, "/api/v1/identity/splits", &asked).await;
        assert_eq!(gone.status, 404, "not this customer's any more");
        let step = read(&split.text)["step"].as_str().unwrap().to_owned();
        let undo = format!("/api/v1/identity/steps/{step}/undo");
        assert_eq!(care.json(&app, Method::POST, &undo, &json!({})).await.status, 200);
        let steps = read(&care.get(&app, &format!("/api/v1/customers/{a}/steps")).await.text);
        assert_eq!(steps.as_array().map(Vec::len), Some(3), "{steps}");
    })
    .await;
}
