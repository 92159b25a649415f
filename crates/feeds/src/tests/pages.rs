//! The wizard in a browser's words, in both languages; refusals.

use access::Role;
use axum::http::Method;
use serde_json::json;
use store::blobs::Blobs;
use store::jobs::{Handlers, Worker};
use web::testing::{House, Visitor};

use super::ground::MEMBERS;
use crate::imports::handlers;
use crate::pages::{Rooms, pages};
use crate::{Feeds, ImportId};

pub(super) struct Place {
    pub app: axum::Router,
    pub feeds: Feeds,
    pub worker: Worker,
    _folder: tempfile::TempDir,
}

pub(super) async fn place(house: &House) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let (db, clock) = (house.web.db.clone(), house.clock.clone());
    let access = house.web.access.clone();
    let customers = customers::Customers::new(db.clone(), clock.clone(), access.clone());
    let flights = flights::Flights::new(db.clone(), clock.clone(), customers.clone());
    let blobs = Blobs::open(folder.path().join("blobs")).unwrap();
    let feeds = Feeds::new(db.clone(), clock.clone(), access, blobs, customers, flights);
    let mut jobs = Handlers::default();
    handlers(&feeds, &mut jobs);
    crate::messages::handlers(&feeds, &mut jobs);
    let rooms = Rooms { web: house.web.clone(), feeds: feeds.clone() };
    let api = axum::Router::from(crate::api::api(rooms.clone()));
    let app = house.app(pages(rooms).merge(api));
    let worker = Worker::new(db, clock, jobs, 1);
    Place { app, feeds, worker, _folder: folder }
}

pub(super) async fn both<F: AsyncFn(House)>(body: F) {
    let sets = [customers::MIGRATIONS, flights::MIGRATIONS, crate::MIGRATIONS];
    let tables =
        [customers::permissions::TABLE, flights::permissions::TABLE, crate::permissions::TABLE];
    let texts: [&[web::texts::Source]; 3] = [&customers::TEXTS, flights::TEXTS, crate::TEXTS];
    web::testing::both(&sets, &tables, &texts, body).await;
}

async fn uploaded(place: &Place, who: &Visitor, text: &str) -> ImportId {
    let id = place
        .feeds
        .begin_upload(&who.actor, "members_2014q1.csv", text.len() as u64)
        .await
        .unwrap();
    place.feeds.append(&who.actor, id, 0, text.as_bytes()).await.unwrap();
    place.feeds.finish_upload(&who.actor, id, None).await.unwrap().id
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one walk, told in order")]
async fn the_wizard_leads_from_a_file_to_its_result() {
    both(async |house| {
        let place = place(&house).await;
        let who = house.staff(Role::Analyst).await;
        let app = &place.app;
        let text =
            format!("{MEMBERS}6218045764,陈浩,男,1988-02-30,北京,gold,2021-01-01\nx/y,,,,,,\n");
        let empty = who.get(app, "/imports").await;
        assert!(empty.status == 200 && empty.text.contains("No imports yet"), "{}", empty.text);
        let new = who.get(app, "/imports/new").await;
        assert!(new.status == 200 && new.text.contains("jb-upload"));
        let sample = who.get(app, "/imports/samples/members.csv").await;
        assert!(sample.text.contains("member_no"));

        let id = uploaded(&place, &who, &text).await;
        let map = who.get(app, &format!("/imports/{id}/map")).await;
        assert_eq!(map.status, 200, "{}", map.text);
        assert!(map.text.contains("members_2014q1.csv") && map.text.contains("Sure"));
        assert!(map.text.contains("1988-02-30"), "the first errors are beside the columns");
        let zh = who.clone().reading("zh-CN").get(app, &format!("/imports/{id}/map")).await;
        assert!(zh.text.contains("对应列") && !zh.text.contains("feeds-"), "no key is left");

        let form: Vec<(String, String)> =
            ["member_no", "name", "gender", "birth_date", "city", "tier", "joined_on"]
                .iter()
                .enumerate()
                .map(|(n, field)| (format!("f.{n}"), (*field).to_owned()))
                .chain(
                    [
                        ("kind", "members"),
                        ("policy", "create-or-update"),
                        ("remember", "1"),
                        ("name", "ours"),
                        ("encoding", "UTF-8"),
                        ("delimiter", ","),
                        ("header", "yes"),
                        ("decimal", "."),
                        ("do", "check"),
                    ]
                    .map(|(a, b)| (a.to_owned(), b.to_owned())),
                )
                .collect();
        let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let posted = who.post(app, &format!("/imports/{id}/map"), &form).await;
        assert_eq!(
            (posted.status, posted.location()),
            (303, format!("/imports/{id}/check").as_str())
        );
        let checking = who.get(app, &format!("/imports/{id}/check")).await;
        assert!(checking.text.contains("rows checked so far"));
        place.worker.drain().await.unwrap();
        let checked = who.get(app, &format!("/imports/{id}/check")).await;
        assert!(checked.text.contains("4 of 5 rows can be imported"), "{}", checked.text);

        let started = who.post(app, &format!("/imports/{id}/start"), &[]).await;
        assert_eq!(started.status, 303);
        let waiting = who.get(app, &format!("/imports/{id}")).await;
        assert!(waiting.text.contains("Waiting for its turn"), "{}", waiting.text);
        place.worker.drain().await.unwrap();
        let done = who.get(app, &format!("/imports/{id}")).await;
        assert!(done.text.contains("5 rows read: 4 new"), "{}", done.text);
        assert!(done.text.contains("Undo import") && done.text.contains("<dl class=\"tiles\">"));
        let csv = who.clone().reading("zh-CN").get(app, &format!("/imports/{id}/issues.csv")).await;
        assert!(csv.text.contains("5,birth_date,1988-02-30,该值留空"), "{}", csv.text);
        assert!(csv.text.contains("6,member_no,x/y,未导入"), "{}", csv.text);
        let issues = who.get(app, &format!("/imports/{id}/issues?code=date-no-such-day")).await;
        assert!(issues.text.contains("month 2 of 1988 has 29 days"), "{}", issues.text);
        let history = who.get(app, "/imports").await;
        assert!(history.text.contains("members_2014q1.csv"));
        let mappings = who.get(app, "/imports/mappings").await;
        assert!(
            mappings.text.contains("ours") && mappings.text.contains("northern-lights-activity")
        );
        let toml = who.get(app, "/imports/mappings/ours.toml").await;
        assert!(toml.text.contains("field = \"joined_on\""), "{}", toml.text);
        // The next file may be written otherwise: what was found out is not remembered.
        assert!(!toml.text.contains("encoding"), "{}", toml.text);

        let again = uploaded(&place, &who, &text).await;
        let map = who.get(app, &format!("/imports/{again}/map")).await;
        assert!(map.text.contains("used last time"), "the saved mapping is remembered");
        assert!(map.text.contains("Importing it again changes nothing"));

        who.post(app, &format!("/imports/{id}/revert"), &[]).await;
        place.worker.drain().await.unwrap();
        let undone = who.clone().reading("zh-CN").get(app, &format!("/imports/{id}")).await;
        assert!(undone.text.contains("已撤销：收回 4 行"), "{}", undone.text);
    })
    .await;
}

#[tokio::test]
async fn a_mapping_without_a_key_comes_back_with_the_reason() {
    both(async |house| {
        let place = place(&house).await;
        let who = house.staff(Role::Analyst).await;
        let id = uploaded(&place, &who, MEMBERS).await;
        let form = [("kind", "members"), ("f.1", "name"), ("do", "check")];
        let posted = who.post(&place.app, &format!("/imports/{id}/map"), &form).await;
        assert_eq!(posted.status, 422);
        assert!(posted.text.contains("No column says “Member number”"), "{}", posted.text);
    })
    .await;
}

#[tokio::test]
async fn the_api_does_what_the_pages_do() {
    both(async |house| {
        let place = place(&house).await;
        let who = house.staff(Role::Loyalty).await;
        let app = &place.app;
        let begun = json!({ "name": "m.csv", "size": MEMBERS.len() });
        let begun = who.json(app, Method::POST, "/api/v1/imports", &begun).await;
        assert_eq!(begun.status, 201, "{}", begun.text);
        let begun: serde_json::Value = serde_json::from_str(&begun.text).unwrap();
        let id: ImportId = begun["id"].as_str().unwrap().parse().unwrap();
        place.feeds.append(&who.actor, id, 0, MEMBERS.as_bytes()).await.unwrap();
        let path = |rest: &str| format!("/api/v1/imports/{id}{rest}");
        let looked = who.json(app, Method::POST, &path("/finish"), &json!({})).await;
        assert_eq!(looked.status, 200, "{}", looked.text);
        let suggested = who.get(app, &path("/suggestions")).await;
        assert!(suggested.text.contains("joined_on"), "{}", suggested.text);
        let mapped = json!({ "name": "members", "policy": "create" });
        let mapped = who.json(app, Method::PUT, &path("/mapping"), &mapped).await;
        assert_eq!(mapped.status, 200, "{}", mapped.text);
        let started = who.json(app, Method::POST, &path("/start"), &json!({})).await;
        assert_eq!(started.status, 202, "{}", started.text);
        place.worker.drain().await.unwrap();
        let done = who.get(app, &path("")).await;
        let done: serde_json::Value = serde_json::from_str(&done.text).unwrap();
        assert_eq!((&done["status"], &done["counts"]["created"]), (&json!("done"), &json!(3)));
        let refused = who.json(app, Method::POST, &path("/revert"), &json!({})).await;
        assert_eq!(refused.status, 403, "loyalty may not undo");
        let missing = who.get(app, "/api/v1/mappings/none").await;
        assert_eq!(missing.status, 404);
    })
    .await;
}

#[tokio::test]
async fn strangers_and_roles_without_the_permission_are_refused() {
    both(async |house| {
        let place = place(&house).await;
        let agent = house.staff(Role::Agent).await;
        for path in ["/imports", "/imports/new", "/imports/mappings"] {
            assert_eq!(agent.get(&place.app, path).await.status, 403, "{path}");
            let stranger = house.stranger().get(&place.app, path).await;
            assert_ne!(stranger.status, 200, "{path}");
        }
        assert_eq!(agent.get(&place.app, "/api/v1/imports").await.status, 403);
        assert_eq!(house.stranger().get(&place.app, "/api/v1/imports").await.status, 401);
    })
    .await;
}
