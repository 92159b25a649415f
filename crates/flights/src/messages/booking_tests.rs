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
