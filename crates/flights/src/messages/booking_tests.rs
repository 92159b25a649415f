//! Booking messages, pushed records, orders and boarding passes, on both engines.

#![allow(clippy::unwrap_used, reason = "tests")]

use store::sql;

use crate::messages::tests::{PNL, absorb, arrival, count, outcome, people, service, status};

const BOOKING: &str = "QU PEKRMCA\r\n.NYCRM1G 200900\r\nNYC1G CPNR1G/AAA/111122223333/NYC/1G/T/US/USD/SU\r\n\
    PEKCA NABC12\r\n1LINDQVIST/ASTRIDMRS\r\nCA1501C24NOV PEKSHA HK1\r\n\
    SSR FQTV CA HK/CA100200300\r\nOSI YY CTCM 8613900000001\r\n";

#[tokio::test]
async fn a_booking_message_and_the_list_speak_of_one_passenger() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let absorbed = absorb(&flights, arrival(-48), BOOKING).await;
        assert_eq!((absorbed.read, absorbed.changed), (1, 1), "{absorbed:?}");
        assert_eq!(status(&people(&flights).await, "LINDQVIST"), "booked");
        absorb(&flights, arrival(0), PNL).await;
        let all = people(&flights).await;
        assert_eq!(all.len(), 5);
        let mut tx = db.read().await.unwrap();
        let booked: Vec<Option<chrono::NaiveDate>> = tx
            .values(sql("SELECT booked_on FROM flight_passenger WHERE surname = 'LINDQVIST'"))
            .await
            .unwrap();
        assert_eq!(booked, ["2026-11-20".parse().ok()]);
        drop(tx);
        absorb(&flights, arrival(5), &BOOKING.replace("HK1", "XX1")).await;
        let all = people(&flights).await;
        assert_eq!(status(&all, "LINDQVIST"), "deleted");
        assert_eq!(outcome(&all, "LINDQVIST"), "cancelled");
    })
    .await;
}

#[tokio::test]
async fn a_boarding_pass_at_the_gate_is_believed_until_a_list_comes() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        // 328 is the 24th of November 2026.
        let pass = "M1MORI/HANAMS         ENGHJ56 PEKSHACA 1501 328Y012A0025 100";
        let absorbed = absorb(&flights, arrival(42), pass).await;
        assert_eq!(absorbed.read, 1, "{absorbed:?}");
        assert_eq!(outcome(&people(&flights).await, "MORI"), "flown");
        let scans = "SELECT COUNT(*) FROM passenger_word WHERE kind = 'scan'";
        assert_eq!(count(&flights, scans).await, 1);
        let list = crate::messages::tests::pfs("NOSHO 1Y\r\n1MORI/HANAMS\r\n.L/NGHJ56/CA\r\n");
        absorb(&flights, arrival(44), &list).await;
        assert_eq!(outcome(&people(&flights).await, "MORI"), "no-show");
    })
    .await;
}

/// Two passengers and an infant from Beijing to Frankfurt, and on to Oslo with another airline; a
/// third one to Frankfurt only.
const RECORDS: &str = include_str!("../../../formats/fixtures/pnrgov/direct.edi");
/// One passenger from Stockholm to Copenhagen, with ticket and card.
const ORDER: &str = include_str!("../../../formats/fixtures/ndc/standard_19_2.xml");

#[tokio::test]
async fn pushed_records_name_everybody_on_each_flight() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let message = arrival(10);
        let absorbed = absorb(&flights, message, RECORDS).await;
        assert_eq!((absorbed.read, absorbed.changed), (5, 5), "{absorbed:?}");
        let told: Vec<String> = absorbed.flights.iter().map(|of| of.designator()).collect();
        assert_eq!(told, ["CA931", "LH860"]);
        let mut tx = db.read().await.unwrap();
        type Line = (String, String, String, String, String, i64);
        let people: Vec<Line> = tx
            .all(sql("SELECT f.number, p.surname, p.ticket, p.ffp, p.marketing, p.infants
                      FROM flight_passenger p JOIN flight f ON f.id = p.flight_id
                      ORDER BY f.number, p.surname DESC"))
            .await
            .unwrap();
        let of = |number: &str, surname: &str, ticket: &str, ffp: &str, sold: &str, infants| {
            let text = |of: &str| of.to_owned();
            (text(number), text(surname), text(ticket), text(ffp), text(sold), infants)
        };
        let (one, two) = ("CA 000123456789", "LH 992003456712345");
        assert_eq!(people[0], of("860", "OUYANG", "9992400000011", one, "CA6012", 0));
        assert_eq!(people[1], of("860", "LIN", "", two, "CA6012", 1));
        assert_eq!(people[2], of("931", "OUYANG", "9992400000011", one, "", 0));
        assert_eq!(people[3], of("931", "LIN", "", two, "", 1));
        assert_eq!(people[4].1, "HANSEN");
        let days: Vec<chrono::NaiveDate> =
            tx.values(sql("SELECT flight_date FROM flight ORDER BY number")).await.unwrap();
        assert!(days.iter().all(|day| day.to_string() == "2026-11-23"), "{days:?}");
        drop(tx);
        assert_eq!(absorb(&flights, message, RECORDS).await.changed, 0);
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight_passenger").await, 5);
    })
    .await;
}

#[tokio::test]
async fn an_order_is_a_booking_until_it_is_cancelled() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let message = arrival(0);
        let absorbed = absorb(&flights, message, ORDER).await;
        assert_eq!((absorbed.read, absorbed.changed), (1, 1), "{absorbed:?}");
        let mut tx = db.read().await.unwrap();
        let told: Vec<(String, String, String, String, i64)> = tx
            .all(sql("SELECT booking_class, locator, ffp, ticket, coupon FROM flight_passenger"))
            .await
            .unwrap();
        let text = |of: &str| of.to_owned();
        let (card, ticket) = (text("SK 501234567"), text("1172400099887"));
        assert_eq!(told, [(text("M"), text("SK9921"), card, ticket, 1)]);
        drop(tx);
        assert_eq!(absorb(&flights, message, ORDER).await.changed, 0);
        absorb(&flights, arrival(1), &ORDER.replace("OPENED", "CANCELLED")).await;
        let all = people(&flights).await;
        let one = (status(&all, "LINDHOLM"), outcome(&all, "LINDHOLM"));
        assert_eq!(one, ("deleted".to_owned(), "cancelled".to_owned()));
    })
    .await;
}
