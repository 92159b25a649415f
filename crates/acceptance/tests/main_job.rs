//! The main job: a file comes in, value is computed, a customer is opened and understood.

use std::sync::Arc;

use access::{Actor, Role};
use app::demo;
use reqwest::StatusCode;

use crate::house::{self, House};

/// Fills a house with the synthetic airline and values it.
pub async fn fill(house: &House, members: u32) {
    let watch: demo::Watch = Arc::new(|_| {});
    let folder = house.file("demo");
    let approver = house.actor(Role::Manager);
    let filled = demo::fill(&house.app, &folder, members, 7, &approver, &watch);
    let filled = filled.await.unwrap().unwrap();
    assert_eq!(filled.members, u64::from(members));
}

/// The run customers show.
pub async fn latest_run(house: &House) -> String {
    let run = house.app.value().published(&Actor::system("test")).await.unwrap().unwrap();
    run.id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_airline_to_one_customers_explained_value() {
    house::both(async |house| {
        fill(house, 600).await;
        let analyst = house.signed_in(Role::Analyst).await;
        let home = analyst.text("/").await;
        assert!(home.contains("class=\"answer\""), "the home page begins with the answer");

        let list = analyst.json("/api/v1/customers?sort=-km").await;
        let first = &list["items"][0];
        let id = first["id"].as_str().unwrap();
        let page = analyst.text(&format!("/customers/{id}")).await;
        assert!(page.contains("<h1"), "the customer has a heading");

        let run = latest_run(house).await;
        let page = analyst.text(&format!("/value/runs/{run}")).await;
        assert!(page.contains("class=\"answer\""), "the run begins with the answer");
        let json = analyst.json(&format!("/api/v1/value/runs/{run}")).await;
        assert_eq!(json["names"].as_array().unwrap().len(), 5);
        let sizes: u64 = json["sizes"].as_array().unwrap().iter().filter_map(|n| n.as_u64()).sum();
        assert_eq!(sizes, json["rows_clustered"].as_u64().unwrap(), "nobody is lost");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_airline_again_changes_nothing() {
    house::both(async |house| {
        fill(house, 300).await;
        let customers = house.app.customers().total().await.unwrap();
        let watch: demo::Watch = Arc::new(|_| {});
        let approver = house.actor(Role::Manager);
        let folder = house.file("demo");
        let again = demo::fill(&house.app, &folder, 300, 7, &approver, &watch).await.unwrap();
        assert_eq!(again, None);
        assert_eq!(house.app.customers().total().await.unwrap(), customers);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_home_page_of_an_empty_house_offers_to_be_filled() {
    house::both(async |house| {
        let admin = house.signed_in(Role::Administrator).await;
        let page = admin.text("/").await;
        assert!(page.contains("action=\"/demo\"") && page.contains("href=\"/imports/new\""));
        let agent = house.signed_in(Role::Agent).await;
        assert!(!agent.text("/").await.contains("action=\"/demo\""));
        assert_eq!(agent.post("/demo", &[]).await.status(), StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_snapshot_of_the_api_is_up_to_date() {
    let house = House::sqlite().await;
    let now = serde_json::to_value(house.app.openapi()).unwrap();
    let file = crate::browser::root().join("docs/openapi.json");
    let kept: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert!(now == kept, "docs/openapi.json is out of date: cargo run -p xtask -- openapi");
    house.close().await;
}
