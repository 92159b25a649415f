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
async fn a_cancelled_leg_stays_in_its_flight_and_the_others_are_flown() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let legs = [
            leg("1501", "PEK", "SHA", "0101", ("0830", "1045")),
            leg("1501", "SHA", "XMN", "0102", ("1145", "1330")),
        ];
        absorb(&flights, arrival(-30), &file(&legs, true)).await;
        absorb(&flights, arrival(0), PNL).await;
        let states = async || {
            let legs = departures(&flights).await;
            legs.into_iter()
                .map(|(_, from, _, state)| format!("{from} {state}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(states().await, ["PEK planned", "SHA planned"]);
        let cancel = "ASM\r\nUTC\r\nCNL\r\nCA1501/24NOV26 SHA/XMN\r\n";
        absorb(&flights, arrival(10), cancel).await;
        assert_eq!(states().await, ["PEK planned", "SHA cancelled"]);
        assert_eq!(outcome(&people(&flights).await, "MORI"), "booked", "to SHA only");
        let told = "SELECT COUNT(*) FROM outbox_event WHERE type = 'flights.leg.cancelled.v1'";
        assert_eq!(count(&flights, told).await, 1);
        // Other times for the rest leave it cancelled.
        let later = "ASM\r\nUTC\r\nTIM\r\nCA1501/24NOV26\r\nPEK240130 SHA240345\r\n";
        absorb(&flights, arrival(11), later).await;
        assert_eq!(states().await, ["PEK planned", "SHA cancelled"]);
        assert_eq!(departures(&flights).await[0].2, at("2026-11-24T01:30:00Z"));
        absorb(&flights, arrival(12), "ASM\r\nUTC\r\nRIN\r\nCA1501/24NOV26\r\n").await;
        assert_eq!(states().await, ["PEK planned", "SHA planned"]);
        // Both legs, one by one, are the whole flight.
        absorb(&flights, arrival(13), cancel).await;
        let first = "ASM\r\nUTC\r\nCNL\r\nCA1501/24NOV26 PEK/SHA\r\n";
        absorb(&flights, arrival(14), first).await;
        assert_eq!(states().await, ["PEK cancelled", "SHA cancelled"]);
        assert_eq!(outcome(&people(&flights).await, "MORI"), "flight-cancelled");
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

/// A leg on Tuesdays only, with the days its ends lie behind the flight's date.
fn on_tuesdays(
    number: &str,
    points: (&str, &str),
    key: &str,
    times: (&str, &str),
    days: &str,
) -> String {
    let whole = leg(number, points.0, points.1, key, times).replace("1234567", " 2     ");
    format!("{}{days}{}", &whole[..192], &whole[194..])
}

/// Beijing to Chengdu in the evening, on to Lhasa after midnight.
fn overnight() -> String {
    let legs = [
        on_tuesdays("4111", ("PEK", "CTU"), "0101", ("2230", "0130"), "01"),
        on_tuesdays("4111", ("CTU", "LXA"), "0102", ("0230", "0445"), "11"),
    ];
    file(&legs, true)
}

fn list(kind: &str, day: &str, board: &str, lines: &str) -> String {
    format!("{kind}\r\nCA4111/{day} {board} PART1\r\n{lines}END{kind}\r\n")
}

const WEBER: &str = "1WEBER/EVAMS\r\n.L/NCCC33/CA\r\n";
const DORJE: &str = "1DORJE/TASHIMR\r\n.L/NAAA11/CA\r\n";

#[tokio::test]
async fn a_flight_of_two_legs_over_midnight_is_one_flight() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(-30), &overnight()).await;
        let through = list("PNL", "24NOV", "PEK", &format!("-CTU000Y\r\n-LXA001Y\r\n{WEBER}"));
        absorb(&flights, arrival(0), &through).await;
        // Of the day on which it leaves Chengdu.
        let joining = list("PNL", "25NOV", "CTU", &format!("-LXA001Y\r\n{DORJE}"));
        absorb(&flights, arrival(1), &joining).await;
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 1);
        let told = departures(&flights).await;
        let times: Vec<_> = told.iter().map(|of| (of.1.as_str(), of.2)).collect();
        let (first, second) = (at("2026-11-24T14:30:00Z"), at("2026-11-24T18:30:00Z"));
        assert_eq!(times, [("PEK", first), ("CTU", second)]);
        // What Chengdu tells is of those who boarded there.
        let gone = list("PFS", "25NOV", "CTU", "LXA 00/001\r\n-LXA\r\n");
        absorb(&flights, arrival(70), &gone).await;
        let all = people(&flights).await;
        assert_eq!(
            (outcome(&all, "DORJE"), outcome(&all, "WEBER")),
            ("flown".into(), "booked".into())
        );
        let flown = list("PRL", "24NOV", "PEK", &format!("-CTU000Y\r\n-LXA001Y\r\n{WEBER}"));
        absorb(&flights, arrival(71), &flown).await;
        let mut tx = db.read().await.unwrap();
        let segments: Vec<(String, String, i64)> = tx
            .all(sql("SELECT CAST(flight_date AS TEXT), origin, km FROM flown_segment
                      ORDER BY flight_date"))
            .await
            .unwrap();
        let km = |from: &str| kernel::airports::distance_km(from, "LXA").unwrap().0;
        let of = |day: &str, from: &str| (day.to_owned(), from.to_owned(), km(from));
        assert_eq!(segments, [of("2026-11-24", "PEK"), of("2026-11-25", "CTU")]);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_the_second_leg_may_name_the_day_of_the_first() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(-30), &overnight()).await;
        let through = list("PNL", "24NOV", "PEK", &format!("-CTU000Y\r\n-LXA001Y\r\n{WEBER}"));
        absorb(&flights, arrival(0), &through).await;
        let joining = list("PNL", "24NOV", "CTU", &format!("-LXA001Y\r\n{DORJE}"));
        absorb(&flights, arrival(1), &joining).await;
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 1);
        assert_eq!(people(&flights).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_segment_that_moves_to_another_month_leaves_the_copy_of_the_old_one() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let evening = |departs: &str, days: &str| {
            let legs = [
                on_tuesdays("4111", ("PEK", "CTU"), "0101", ("1930", "2230"), "00"),
                on_tuesdays("4111", ("CTU", "LXA"), "0102", (departs, "0245"), days),
            ];
            let whole = file(&legs, true);
            whole.replace(" 2     ", "1      ").replace("01NOV2631DEC26", "29NOV2606DEC26")
        };
        absorb(&flights, arrival(-30), &evening("2330", "01")).await;
        let joining = list("PNL", "30NOV", "CTU", &format!("-LXA001Y\r\n{DORJE}"));
        absorb(&flights, arrival(0), &joining).await;
        let flown = list("PRL", "30NOV", "CTU", &format!("-LXA001Y\r\n{DORJE}"));
        absorb(&flights, arrival(200), &flown).await;
        let stale = "SELECT COUNT(*) FROM lake_partition
            WHERE table_name = 'segments' AND version > written_version AND month = '2026-11'";
        assert_eq!(count(&flights, stale).await, 1);
        let mut tx = db.begin().await.unwrap();
        tx.exec(sql("UPDATE lake_partition SET written_version = version")).await.unwrap();
        tx.commit().await.unwrap();
        absorb(&flights, arrival(201), &evening("0015", "11")).await;
        let moved =
            "SELECT COUNT(*) FROM flown_segment WHERE CAST(flight_date AS TEXT) = '2026-12-01'";
        assert_eq!(count(&flights, moved).await, 1);
        assert_eq!(count(&flights, stale).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_used_of_a_schedule_is_named_and_the_rest_is_applied() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let legs = [
            leg("1501", "PEK", "SHA", "0101", ("0830", "1045")),
            leg("1502", "P_K", "SHA", "0101", ("0830", "1045")),
            leg("1503", "SHA", "PEK", "0101", ("1230", "1445")),
        ];
        let absorbed = absorb(&flights, arrival(-30), &file(&legs, true)).await;
        let refused: Vec<_> = absorbed.refused.iter().map(|of| (of.line, of.code)).collect();
        assert_eq!(refused, [(2, "flights-refused-leg")]);
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM schedule_leg").await, 2);
        let changes = "ASM\r\nUTC\r\nCNL\r\nCA1501\r\n//\r\nCNL\r\nCA1503/24NOV26\r\n";
        let absorbed = absorb(&flights, arrival(10), changes).await;
        let refused: Vec<_> = absorbed.refused.iter().map(|of| (of.line, of.code)).collect();
        assert_eq!(refused, [(1, "flights-refused-period")]);
        let gone = "SELECT COUNT(*) FROM schedule_leg WHERE service = 'cancelled'";
        assert_eq!(count(&flights, gone).await, 1);
        let nothing = absorb(&flights, arrival(11), "ASM\r\nUTC\r\nCNL\r\nCA1501\r\n").await;
        assert_eq!(nothing.refused[0].line, 0);
    })
    .await;
}
