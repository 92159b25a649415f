//! The list, a flight and its passengers, the panel and the API, on both engines.

#![allow(clippy::unwrap_used, reason = "tests")]

use access::Role;
use store::testing::NOW;
use web::testing::{House, Visitor};

use crate::Flights;
use crate::messages::tests::{PNL, absorb, arrival, pfs};

pub(crate) async fn house(body: impl AsyncFn(House, Flights, axum::Router)) {
    let sets = [customers::MIGRATIONS, crate::MIGRATIONS];
    let tables = [customers::permissions::TABLE, crate::permissions::TABLE];
    let texts: [&[web::texts::Source]; 2] = [&customers::TEXTS, crate::TEXTS];
    web::testing::both(&sets, &tables, &texts, async |house| {
        let (db, clock) = (house.web.db.clone(), house.clock.clone());
        let customers =
            customers::Customers::new(db.clone(), clock.clone(), house.web.access.clone());
        let flights = Flights::new(db, clock, customers.clone());
        let rooms = customers::Rooms::new(
            house.web.clone(),
            customers,
            crate::pages::panels(&flights),
            vec![flights.timeline()],
        );
        let own = crate::pages::Rooms { web: house.web.clone(), flights: flights.clone() };
        let api = axum::Router::from(crate::api::api(own.clone()));
        let domains = customers::pages(rooms).merge(crate::pages::pages(own)).merge(api);
        let app = house.app(domains);
        body(house, flights, app).await;
    })
    .await;
}

async fn page(who: &Visitor, app: &axum::Router, path: &str) -> String {
    let answer = who.get(app, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    assert!(!answer.text.contains('⟨'), "{path}: {}", answer.text);
    answer.text
}

#[tokio::test]
async fn a_flight_is_listed_opened_and_filtered_in_both_languages() {
    house(async |house, flights, app| {
        let who = house.staff(Role::Agent).await;
        let empty = page(&who, &app, "/flights").await;
        assert!(empty.contains("No flights yet"), "{empty}");
        absorb(&flights, arrival(0), PNL).await;
        let left = "MVT\r\nCA1501/24.B5678.PEK\r\nAD0110/0125 EA0315 SHA\r\nDL41/0030";
        absorb(&flights, arrival(42), left).await;
        absorb(&flights, arrival(44), &pfs("NOSHO 1C\r\n1OKONKWO/CHIDIMR\r\n.L/NDEF34/CA\r\n"))
            .await;
        let list = page(&who, &app, "/flights?f=missed:gte:1").await;
        assert!(list.contains("/flights/CA1501/2026-11-24"), "{list}");
        for query in ["q=CA1501", "q=pek-sha", "q=1501", "f=day:is:2026-11-24", "f=no:is:ca1501"] {
            let found = page(&who, &app, &format!("/flights?{query}")).await;
            assert!(found.contains("/flights/CA1501/2026-11-24"), "{query}: {found}");
        }
        let none = page(&who, &app, "/flights?q=SZX").await;
        assert!(!none.contains("/flights/CA1501/2026-11-24"));
        let one = page(&who, &app, "/flights/CA1501/2026-11-24").await;
        for expected in [
            "Technical defect",
            "30 min",
            "Airline",
            "No-show",
            "Lindqvist",
            "PNL",
            "/feeds/messages/",
            "No schedule has this flight",
            "B5678",
            "5 named",
        ] {
            assert!(one.contains(expected), "{expected} in {one}");
        }
        let zh = page(&who.clone().reading("zh-CN"), &app, "/flights/CA1501/2026-11-24").await;
        assert!(
            zh.contains("飞机故障") && zh.contains("承运人原因") && zh.contains("误机"),
            "{zh}"
        );
        let missed =
            page(&who, &app, "/flights/CA1501/2026-11-24/passengers?f=outcome:in:no-show").await;
        assert!(missed.contains("Okonkwo") && !missed.contains("Lindqvist"), "{missed}");
        assert_eq!(who.get(&app, "/flights/CA9/2026-11-24").await.status, 404);
        assert_eq!(who.get(&app, "/flights/%00/2026-11-24").await.status, 404);
        let other = who.get(&app, "/flights/CA01501/2026-11-24").await;
        assert_eq!(other.location(), "/flights/CA1501/2026-11-24");
        let stranger = house.stranger().get(&app, "/flights").await;
        assert_ne!(stranger.status, 200);
    })
    .await;
}

#[tokio::test]
async fn the_api_tells_the_same_and_customers_see_their_trips() {
    house(async |house, flights, app| {
        let who = house.staff(Role::Agent).await;
        let message = arrival(0);
        absorb(&flights, message, PNL).await;
        let json = async |path: &str| -> serde_json::Value {
            let answer = who.get(&app, path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            serde_json::from_str(&answer.text).unwrap()
        };
        let list = json("/api/v1/flights?f=booked:gte:5").await;
        assert_eq!(list["items"][0]["number"], "1501");
        let one = json("/api/v1/flights/CA1501/2026-11-24").await;
        assert_eq!(one["totals"][0]["passengers"], 5);
        assert_eq!(one["messages"][0]["kind"], "pnl");
        let people = json("/api/v1/flights/CA1501/2026-11-24/passengers?limit=2").await;
        assert_eq!(people["items"].as_array().unwrap().len(), 2);
        let next = people["next"].as_str().unwrap();
        let path = format!("/api/v1/flights/CA1501/2026-11-24/passengers?limit=9&after={next}");
        assert_eq!(json(&path).await["items"].as_array().unwrap().len(), 3);
        let customer = people["items"][0]["customer_id"].as_str().unwrap().to_owned();
        let booked = json(&format!("/api/v1/customers/{customer}/bookings")).await;
        assert_eq!(booked["items"][0]["number"], "1501");
        let profile = page(&who, &app, &format!("/customers/{customer}")).await;
        for expected in ["Coming trips", "PEK–SHA", "/flights/CA1501/2026-11-24"] {
            assert!(profile.contains(expected), "{expected} in {profile}");
        }
        assert_eq!(who.get(&app, "/api/v1/flights/CA9/2026-11-24").await.status, 404);
        assert_eq!(house.stranger().get(&app, "/api/v1/flights").await.status, 401);
        let mut tx = flights.db.read().await.unwrap();
        let facts = flights.facts_of_message(&mut tx, message.message, 10).await.unwrap();
        assert_eq!(facts.len(), 6, "{facts:?}");
        assert_eq!(facts[0].link, "/flights/CA1501/2026-11-24");
    })
    .await;
}

#[tokio::test]
async fn facts_follow_their_records() {
    house(async |house, flights, _| {
        absorb(&flights, arrival(0), PNL).await;
        absorb(&flights, arrival(44), &pfs("NOSHO 1C\r\n1OKONKWO/CHIDIMR\r\n")).await;
        let mut tx = flights.db.begin().await.unwrap();
        let (record, from): (uuid::Uuid, uuid::Uuid) = tx
            .one(store::sql(
                "SELECT record_id, customer_id FROM flight_passenger
                             WHERE surname = 'MORI'",
            ))
            .await
            .unwrap();
        let to: uuid::Uuid = tx
            .value(store::sql(
                "SELECT customer_id FROM flight_passenger
                               WHERE surname = 'LINDQVIST'",
            ))
            .await
            .unwrap();
        tx.exec(
            store::sql(
                "UPDATE customer_link SET customer_id = $2
                            WHERE source_record_id = $1 AND unlinked_at IS NULL",
            )
            .bind(record)
            .bind(to),
        )
        .await
        .unwrap();
        let data = serde_json::json!({"moves": [{"record": record, "from": from, "to": from}]});
        let event = store::outbox::Event::new(customers::events::LINKS_MOVED, "x", NOW, data);
        store::outbox::say(&mut tx, &event).await.unwrap();
        tx.commit().await.unwrap();
        for _ in 0..2 {
            store::outbox::dispatch(&flights.db, &flights.listeners(), NOW, 1_000).await.unwrap();
        }
        let mut tx = flights.db.read().await.unwrap();
        let last =
            |of: uuid::Uuid| store::sql("SELECT last_route FROM customer WHERE id = $1").bind(of);
        assert_eq!(tx.value::<String>(last(from)).await.unwrap(), "", "it flew with the other");
        assert_eq!(tx.value::<String>(last(to)).await.unwrap(), "PEK-SHA");
        for table in ["flight_passenger", "flown_segment"] {
            let mut text = store::SqlBuilder::new("SELECT customer_id FROM ");
            text.push(table).push(" WHERE record_id = ").bind(record);
            let now: Vec<uuid::Uuid> = tx.values(text.build()).await.unwrap();
            assert_eq!(now, [to], "{table}");
        }
        drop(house);
    })
    .await;
}
