//! Movements in order and out of it, on both engines.

#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::{DateTime, Utc};
use store::sql;

use crate::Flights;
use crate::messages::tests::{PNL, absorb, arrival, count, service};

type LegRow = (String, Option<DateTime<Utc>>, Option<DateTime<Utc>>, Option<i64>, Option<i64>);

async fn leg(flights: &Flights) -> LegRow {
    let mut tx = flights.db.read().await.unwrap();
    tx.one(sql("SELECT status, off_block_at, on_block_at, departure_delay, arrival_delay
                FROM flight_leg"))
        .await
        .unwrap()
}

fn at(text: &str) -> Option<DateTime<Utc>> {
    text.parse().ok()
}

const ASM: &str =
    "ASM\r\nUTC\r\nNEW\r\nCA1501/24NOV26\r\nJ 738 CY.C8Y168\r\nPEK240030 SHA240245\r\n";

#[tokio::test]
async fn times_are_set_against_the_schedule_and_delays_have_their_words() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(-20), ASM).await;
        absorb(&flights, arrival(0), PNL).await;
        let left =
            "MVT\r\nCA1501/24.B5678.PEK\r\nAD0110/0125 EA0315 SHA\r\nDL41/93/0030/0010\r\nPX140";
        absorb(&flights, arrival(42), left).await;
        let found = leg(&flights).await;
        assert_eq!(found.0, "departed");
        assert_eq!(found.1, at("2026-11-24T01:10:00Z"));
        assert_eq!(found.3, Some(40));
        assert_eq!(found.4, Some(30));
        absorb(&flights, arrival(44), "MVT\r\nCA1501/24.B5678.SHA\r\nAA0310/0320").await;
        let found = leg(&flights).await;
        assert_eq!(
            (found.0.as_str(), found.2, found.4),
            ("arrived", at("2026-11-24T03:20:00Z"), Some(35))
        );
        // The departure again, late: the arrival stays, nothing changes.
        assert_eq!(absorb(&flights, arrival(42), left).await.changed, 0);
        assert_eq!(leg(&flights).await, found);
        let mut tx = db.read().await.unwrap();
        let delays: sqlx::types::Json<serde_json::Value> =
            tx.value(sql("SELECT delays FROM flight_leg")).await.unwrap();
        assert_eq!(delays.0[0]["attribution"], "carrier");
        assert_eq!(delays.0[0]["minutes"], 30);
        assert_eq!(delays.0[1]["attribution"], "root-cause");
        assert_eq!(delays.0[1]["zh"], "前段航班晚到");
        drop(tx);
        let events = "SELECT COUNT(*) FROM outbox_event WHERE type = 'flights.leg.delayed.v1'";
        assert_eq!(count(&flights, events).await, 2);
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_correction_takes_back_what_it_corrects() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(-20), ASM).await;
        absorb(&flights, arrival(42), "MVT\r\nCA1501/24.B5678.PEK\r\nAD0130/0145\r\nDL41/0100")
            .await;
        absorb(&flights, arrival(43), "COR\r\nMVT\r\nCA1501/24.B5678.PEK\r\nAD0035/0045").await;
        let found = leg(&flights).await;
        assert_eq!((found.1, found.3), (at("2026-11-24T00:35:00Z"), Some(5)));
        let mut tx = db.read().await.unwrap();
        let delays: sqlx::types::Json<serde_json::Value> =
            tx.value(sql("SELECT delays FROM flight_leg")).await.unwrap();
        assert_eq!(delays.0, serde_json::json!([]));
    })
    .await;
}

#[tokio::test]
async fn diversions_returns_and_flights_nobody_scheduled() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(42), "MVT\r\nCA1501/24.B5678.PEK\r\nAD2350/0005 EA0200 SHA").await;
        let found = leg(&flights).await;
        assert_eq!((found.0.as_str(), found.1), ("departed", at("2026-11-24T23:50:00Z")));
        absorb(&flights, arrival(43), "MVT\r\nCA1501/24.B5678.PEK\r\nRR0020").await;
        assert_eq!(leg(&flights).await.0, "returned");
        absorb(&flights, arrival(44), "MVT\r\nCA1501/24.B5678.PEK\r\nAD0100/0110 EA0300 SHA").await;
        assert_eq!(leg(&flights).await.0, "departed");
        absorb(&flights, arrival(45), "DIV\r\nCA1501/24.B5678.SHA\r\nEA0330 HGH\r\nDR72").await;
        let mut tx = db.read().await.unwrap();
        let to: Vec<(String, String, bool)> = tx
            .all(sql("SELECT l.status, l.diverted_to, f.scheduled FROM flight_leg l
                      JOIN flight f ON f.id = l.flight_id"))
            .await
            .unwrap();
        assert_eq!(to, [("diverted".to_owned(), "HGH".to_owned(), false)]);
    })
    .await;
}

#[tokio::test]
async fn a_movement_without_a_flight_is_refused() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let absorbed = absorb(&flights, arrival(0), "MVT\r\nAD0110/0125").await;
        assert_eq!(absorbed.refused[0].code, "flights-refused-no-flight");
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 0);
    })
    .await;
}

async fn route(flights: &Flights) -> Vec<(String, String)> {
    let mut tx = flights.db.read().await.unwrap();
    tx.all(sql("SELECT board_point, off_point FROM flight_leg ORDER BY position")).await.unwrap()
}

fn points(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
}

#[tokio::test]
async fn arrivals_of_a_flight_nobody_knows_make_its_route() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(42), "MVT\r\nCA1777/24.B5678.SHA\r\nAA0310/0320").await;
        assert_eq!(route(&flights).await, points(&[("", "SHA")]));
        absorb(&flights, arrival(46), "MVT\r\nCA1777/24.B5678.CAN\r\nAA0710/0720").await;
        assert_eq!(route(&flights).await, points(&[("", "SHA"), ("SHA", "CAN")]));
        // The departures come late: they are of the same legs.
        let left = "MVT\r\nCA1777/24.B5678.SHA\r\nAD0450/0500 EA0705 CAN";
        absorb(&flights, arrival(47), left).await;
        absorb(&flights, arrival(48), "MVT\r\nCA1777/24.B5678.PEK\r\nAD0110/0125 EA0315 SHA").await;
        assert_eq!(route(&flights).await, points(&[("PEK", "SHA"), ("SHA", "CAN")]));
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 1);
        let mut tx = db.read().await.unwrap();
        let ends: Vec<(String, String)> =
            tx.all(sql("SELECT origin, destination FROM flight")).await.unwrap();
        assert_eq!(ends, points(&[("PEK", "CAN")]));
    })
    .await;
}

#[tokio::test]
async fn the_list_of_a_later_point_comes_first_and_the_route_is_in_order() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let from = |board: &str, lines: &str| {
            format!("PNL\r\nCA4111/24NOV {board} PART1\r\n{lines}ENDPNL\r\n")
        };
        let later = from("CTU", "-LXA001Y\r\n1DORJE/TASHIMR\r\n.L/NAAA11/CA\r\n");
        absorb(&flights, arrival(0), &later).await;
        let first = from(
            "PEK",
            "-CTU001Y\r\n1ZHOU/MINMS\r\n.L/NBBB22/CA\r\n-LXA001Y\r\n1WEBER/EVAMS\r\n.L/NCCC33/CA\r\n",
        );
        absorb(&flights, arrival(1), &first).await;
        assert_eq!(route(&flights).await, points(&[("PEK", "CTU"), ("CTU", "LXA")]));
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 1);
        let whole = "SELECT COUNT(*) FROM flight WHERE origin = 'PEK' AND destination = 'LXA'";
        assert_eq!(count(&flights, whole).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_schedule_after_the_movements_measures_the_delay() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let left = "MVT\r\nCA1501/24.B5678.PEK\r\nAD0110/0125 EA0315 SHA";
        absorb(&flights, arrival(42), left).await;
        assert_eq!(leg(&flights).await.3, None);
        absorb(&flights, arrival(43), ASM).await;
        let found = leg(&flights).await;
        assert_eq!((found.0.as_str(), found.3, found.4), ("departed", Some(40), Some(30)));
    })
    .await;
}

#[tokio::test]
async fn a_load_message_tells_the_aircraft_and_how_many_are_on_board() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(-20), ASM).await;
        let load =
            "LDM\r\nCA1501/24.B2032.C8Y168.2/5\r\n-SHA.131/6/3.0.T2210.PAX/8/129.PAD/0/0\r\n";
        let message = arrival(41);
        assert_eq!(absorb(&flights, message, load).await.changed, 1);
        let mut tx = db.read().await.unwrap();
        let craft: Vec<(String, String)> =
            tx.all(sql("SELECT registration, status FROM flight_leg")).await.unwrap();
        assert_eq!(craft, [("B2032".to_owned(), "planned".to_owned())]);
        let told: sqlx::types::Json<serde_json::Value> =
            tx.value(sql("SELECT facts FROM flight_movement")).await.unwrap();
        assert_eq!(told.0["passengers"], 137);
        let facts = flights.facts_of_message(&mut tx, message.message, 5).await.unwrap();
        assert_eq!(facts[0].kind, "movement");
        drop(tx);
        assert_eq!(absorb(&flights, message, load).await.changed, 0);
    })
    .await;
}
