//! Schedules, their changes and the flights they make, on both engines.

#![allow(clippy::unwrap_used, reason = "tests")]

use chrono::{DateTime, Utc};
use store::sql;

use crate::Flights;
use crate::messages::tests::{PNL, absorb, arrival, count, outcome, people, service};

fn leg(number: &str, from: &str, to: &str, key: &str, times: (&str, &str)) -> String {
    // Columns as chapter 7 has them; blanks where nothing is said.
    let head = format!("3 CA {number:>4}{key}J01NOV2631DEC261234567 ");
    let line = format!("{head}{from}{0}{0}+0800  {to}{1}{1}+0800  738CY", times.0, times.1);
    format!("{line:<192}00{:06}", 3)
}

fn file(legs: &[String], trailer: bool) -> String {
    let header = format!("{:<194}000001", "1AIRLINE STANDARD SCHEDULE DATA SET");
    let carrier = format!("{:<194}000002", "2LCA          01NOV2631DEC26");
    let end = format!("{:<187}000003E000004", "5 CA ");
    let mut lines = vec![header, carrier];
    lines.extend(legs.iter().cloned());
    if trailer {
        lines.push(end);
    }
    lines.join("\r\n")
}

async fn departures(flights: &Flights) -> Vec<(String, String, Option<DateTime<Utc>>, String)> {
    let mut tx = flights.db.read().await.unwrap();
    tx.all(sql("SELECT f.number, l.board_point, l.departs_at, l.status FROM flight f
                JOIN flight_leg l ON l.flight_id = f.id ORDER BY f.flight_date, f.number, l.position"))
        .await
        .unwrap()
}

fn at(text: &str) -> Option<DateTime<Utc>> {
    text.parse().ok()
}

#[tokio::test]
async fn a_dated_flight_is_made_from_the_schedule_when_first_spoken_of() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let legs = [leg("1501", "PEK", "SHA", "0101", ("0830", "1045"))];
        let absorbed = absorb(&flights, arrival(-30), &file(&legs, true)).await;
        assert_eq!((absorbed.read, absorbed.changed), (1, 1));
        absorb(&flights, arrival(0), PNL).await;
        let all = departures(&flights).await;
        assert_eq!(
            all,
            [("1501".into(), "PEK".into(), at("2026-11-24T00:30:00Z"), "planned".into())]
        );
        let scheduled = "SELECT COUNT(*) FROM flight WHERE scheduled AND timed";
        assert_eq!(count(&flights, scheduled).await, 1);
        // The same file again writes nothing.
        assert_eq!(absorb(&flights, arrival(-30), &file(&legs, true)).await.read, 1);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_flight_settles_its_passengers_and_comes_back() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let legs = [leg("1501", "PEK", "SHA", "0101", ("0830", "1045"))];
        absorb(&flights, arrival(-30), &file(&legs, true)).await;
        absorb(&flights, arrival(0), PNL).await;
        absorb(&flights, arrival(10), "ASM\r\nUTC\r\nCNL\r\nCA1501/24NOV26\r\n").await;
        assert_eq!(outcome(&people(&flights).await, "MORI"), "flight-cancelled");
        assert_eq!(departures(&flights).await[0].3, "cancelled");
        let told = "SELECT COUNT(*) FROM outbox_event WHERE type = 'flights.leg.cancelled.v1'";
        assert_eq!(count(&flights, told).await, 1);
        absorb(
            &flights,
            arrival(12),
            "ASM\r\nUTC\r\nRIN\r\nCA1501/24NOV26\r\nJ 738\r\n\
            PEK240030 SHA240245\r\n",
        )
        .await;
        assert_eq!(outcome(&people(&flights).await, "MORI"), "booked");
        assert_eq!(departures(&flights).await[0].3, "planned");
    })
    .await;
}

#[tokio::test]
async fn other_times_move_the_flight_and_its_passengers() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let legs = [leg("1501", "PEK", "SHA", "0101", ("0830", "1045"))];
        absorb(&flights, arrival(-30), &file(&legs, true)).await;
        absorb(&flights, arrival(0), PNL).await;
        absorb(
            &flights,
            arrival(10),
            "ASM\r\nUTC\r\nTIM\r\nCA1501/24NOV26\r\n\
            PEK240130 SHA240345\r\n",
        )
        .await;
        assert_eq!(departures(&flights).await[0].2, at("2026-11-24T01:30:00Z"));
        let mut tx = db.read().await.unwrap();
        let moved: DateTime<Utc> =
            tx.value(sql("SELECT at FROM flight_passenger WHERE surname = 'MORI'")).await.unwrap();
        assert_eq!(Some(moved), at("2026-11-24T01:30:00Z"));
    })
    .await;
}

#[tokio::test]
async fn coming_days_have_their_flights_once() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let legs = [
            leg("1501", "PEK", "SHA", "0101", ("0830", "1045")),
            leg("1502", "SHA", "PEK", "0101", ("2330", "0145")),
        ];
        absorb(&flights, arrival(-30), &file(&legs, true)).await;
        assert_eq!(flights.materialise().await.unwrap().flights, 14);
        assert_eq!(flights.materialise().await.unwrap().flights, 0);
        let night: Vec<Option<DateTime<Utc>>> = {
            let mut tx = db.read().await.unwrap();
            tx.values(sql(
                "SELECT l.arrives_at FROM flight_leg l JOIN flight f ON f.id = l.flight_id
                           WHERE f.number = '1502' ORDER BY l.arrives_at NULLS LAST LIMIT 1",
            ))
            .await
            .unwrap()
        };
        assert_eq!(night, [at("2026-11-22T17:45:00Z")]);
        // A newer season without the second takes it out; one that was cut short does not.
        absorb(&flights, arrival(-20), &file(&legs[..1], false)).await;
        assert_eq!(
            count(&flights, "SELECT COUNT(*) FROM schedule_leg WHERE number = '1502'").await,
            1
        );
        absorb(&flights, arrival(-10), &file(&legs[..1], true)).await;
        assert_eq!(
            count(&flights, "SELECT COUNT(*) FROM schedule_leg WHERE number = '1502'").await,
            0
        );
    })
    .await;
}
