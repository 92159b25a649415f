//! Lists of bookings and of departure, in order and out of it, on both engines.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use kernel::FixedClock;
use store::testing::NOW;
use store::{Db, sql};
use uuid::Uuid;

use crate::Flights;
use crate::messages::{Absorbed, Arrival};

pub(crate) async fn service(db: &Db) -> Flights {
    let clock = Arc::new(FixedClock::at(NOW));
    let customers = crate::tests::customers_of(db, clock.clone()).await;
    Flights::new(db.clone(), clock, customers)
}

/// A message `hours` after the start of the tests' day.
pub(crate) fn arrival(hours: i64) -> Arrival {
    let at: DateTime<Utc> = NOW + Duration::hours(hours);
    Arrival { message: kernel::ids::v7(at), received_at: at, said_at: at, partial: false }
}

pub(crate) async fn absorb(flights: &Flights, arrival: Arrival, text: &str) -> Absorbed {
    let decoded = formats::text::decode(text.as_bytes());
    let read = formats::read(&decoded);
    let mut tx = flights.db.begin().await.unwrap();
    let absorbed = flights.absorb(&mut tx, arrival, &read.message).await.unwrap();
    tx.commit().await.unwrap();
    absorbed
}

pub(crate) const PNL: &str = "QU PEKKMCA\r\n.BJSRMCA 220800\r\nPNL\r\nCA1501/24NOV PEK PART1\r\n\
    RBD C/CJD Y/YBMH\r\n-SHA002C\r\n1LINDQVIST/ASTRIDMRS\r\n.L/NABC12/CA\r\n\
    .R/TKNE HK1 9992345678901/1\r\n.R/FQTV CA 100200300\r\n.R/VGML HK1\r\n\
    1OKONKWO/CHIDIMR\r\n.L/NDEF34/CA\r\n-SHA003Y\r\n1MORI/HANAMS\r\n.L/NGHJ56/CA\r\n\
    2PEREIRA/RUIMR/INESMRS\r\n.L/NKLM78/CA\r\nENDPNL\r\n";

pub(crate) fn adl(lines: &str) -> String {
    format!("QU PEKKMCA\r\n.BJSRMCA 221200\r\nADL\r\nCA1501/24NOV PEK PART1\r\n{lines}ENDADL\r\n")
}

pub(crate) fn pfs(lines: &str) -> String {
    format!(
        "QU BJSRMCA\r\n.PEKKMCA 240300\r\nPFS\r\nCA1501/24NOV PEK PART1\r\n\
        SHA 02/003\r\n-SHA\r\n{lines}ENDPFS\r\n"
    )
}

pub(crate) fn prl(lines: &str) -> String {
    format!(
        "QU BJSRMCA\r\n.PEKKMCA 240310\r\nPRL\r\nCA1501/24NOV PEK PART1\r\n\
        RBD C/CJD Y/YBMH\r\n{lines}ENDPRL\r\n"
    )
}

/// Surname, status, class, outcome of everybody, by name.
pub(crate) async fn people(flights: &Flights) -> Vec<(String, String, String, String)> {
    let mut tx = flights.db.read().await.unwrap();
    tx.all(sql("SELECT surname, status, booking_class, outcome FROM flight_passenger
                ORDER BY surname, given, source_key"))
        .await
        .unwrap()
}

pub(crate) async fn count(flights: &Flights, what: &'static str) -> i64 {
    let mut tx = flights.db.read().await.unwrap();
    tx.value(sql(what)).await.unwrap()
}

pub(crate) fn status(people: &[(String, String, String, String)], surname: &str) -> String {
    people.iter().find(|of| of.0 == surname).map(|of| of.1.clone()).unwrap_or_default()
}

pub(crate) fn outcome(people: &[(String, String, String, String)], surname: &str) -> String {
    people.iter().find(|of| of.0 == surname).map(|of| of.3.clone()).unwrap_or_default()
}

#[tokio::test]
async fn a_pnl_makes_flight_and_passengers_and_the_same_again_nothing() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let first = arrival(0);
        let absorbed = absorb(&flights, first, PNL).await;
        assert_eq!((absorbed.read, absorbed.changed), (5, 5));
        assert_eq!(absorbed.flights[0].designator(), "CA1501");
        let all = people(&flights).await;
        assert_eq!(all.len(), 5);
        assert!(all.iter().all(|of| of.1 == "booked" && of.3 == "booked"), "{all:?}");
        let mut tx = db.read().await.unwrap();
        let keys: Vec<String> = tx
            .values(sql("SELECT source_key FROM flight_passenger ORDER BY source_key"))
            .await
            .unwrap();
        assert_eq!(keys[0], "CA1501/2026-11-24/PEKSHA/NABC12/LINDQVIST/ASTRID");
        let cabins: Vec<String> =
            tx.values(sql("SELECT cabin FROM flight_passenger ORDER BY source_key")).await.unwrap();
        assert_eq!(cabins, ["business", "business", "economy", "economy", "economy"]);
        let unscheduled: Vec<(bool, String, String)> =
            tx.all(sql("SELECT scheduled, origin, destination FROM flight")).await.unwrap();
        assert_eq!(unscheduled, [(false, "PEK".to_owned(), "SHA".to_owned())]);
        drop(tx);
        assert_eq!(absorb(&flights, first, PNL).await.changed, 0);
        assert_eq!(absorb(&flights, arrival(5), PNL).await.changed, 0);
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 1);
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight_leg").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_later_list_without_a_name_takes_the_booking_away_but_a_broken_one_does_not() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        let without = PNL.replace("1MORI/HANAMS\r\n.L/NGHJ56/CA\r\n", "");
        let cut = without.replace("ENDPNL\r\n", "");
        absorb(&flights, arrival(1), &cut).await;
        assert_eq!(status(&people(&flights).await, "MORI"), "booked");
        absorb(&flights, Arrival { partial: true, ..arrival(1) }, &without).await;
        assert_eq!(status(&people(&flights).await, "MORI"), "booked");
        absorb(&flights, arrival(2), &without).await;
        let all = people(&flights).await;
        assert_eq!(
            (status(&all, "MORI").as_str(), outcome(&all, "MORI").as_str()),
            ("deleted", "cancelled")
        );
        // The first list again, late: it knows less than the second.
        absorb(&flights, arrival(0), PNL).await;
        assert_eq!(status(&people(&flights).await, "MORI"), "deleted");
    })
    .await;
}

#[tokio::test]
async fn changes_before_their_list_hold_against_it() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let changes = adl("-SHA000Y\r\nDEL\r\n1MORI/HANAMS\r\n.L/NGHJ56/CA\r\n\
            -SHA003C\r\nADD\r\n1TANAKA/KENMR\r\n.L/NQRS90/CA\r\n");
        absorb(&flights, arrival(4), &changes).await;
        let all = people(&flights).await;
        assert_eq!(
            (status(&all, "MORI").as_str(), status(&all, "TANAKA").as_str()),
            ("deleted", "booked")
        );
        absorb(&flights, arrival(0), PNL).await;
        let all = people(&flights).await;
        assert_eq!(all.len(), 6);
        assert_eq!(
            (status(&all, "MORI").as_str(), status(&all, "TANAKA").as_str()),
            ("deleted", "booked")
        );
        assert_eq!(status(&all, "PEREIRA"), "booked");
    })
    .await;
}

#[tokio::test]
async fn out_of_one_class_into_another_is_one_passenger() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        let changes = adl("-SHA002Y\r\nDEL\r\n1MORI/HANAMS\r\n.L/NGHJ56/CA\r\n\
            -SHA003C\r\nADD\r\n1MORI/HANAMS\r\n.L/NGHJ56/CA\r\n");
        let absorbed = absorb(&flights, arrival(4), &changes).await;
        assert_eq!((absorbed.read, absorbed.changed), (2, 1));
        let all = people(&flights).await;
        assert_eq!(all.len(), 5);
        let mori = all.iter().find(|of| of.0 == "MORI").unwrap();
        assert_eq!((mori.1.as_str(), mori.2.as_str()), ("booked", "C"));
    })
    .await;
}

#[tokio::test]
async fn what_departure_says_settles_everybody_and_the_later_list_wins() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        let first = pfs("NOSHO 1C\r\n1OKONKWO/CHIDIMR\r\n.L/NDEF34/CA\r\n\
            GOSHO 1Y\r\n1ABARA/LILAMS\r\n");
        absorb(&flights, arrival(44), &first).await;
        let all = people(&flights).await;
        assert_eq!(outcome(&all, "OKONKWO"), "no-show");
        assert_eq!(outcome(&all, "ABARA"), "go-show");
        assert_eq!(outcome(&all, "LINDQVIST"), "flown");
        let segments = "SELECT COUNT(*) FROM flown_segment WHERE outcome = 'flown'";
        assert_eq!(count(&flights, segments).await, 5);
        // Another with other content, said later: it replaces the first as a whole.
        let second = pfs("NOSHO 1Y\r\n1MORI/HANAMS\r\n.L/NGHJ56/CA\r\n");
        absorb(&flights, arrival(46), &second).await;
        let all = people(&flights).await;
        assert_eq!(outcome(&all, "OKONKWO"), "flown");
        assert_eq!(outcome(&all, "MORI"), "no-show");
        assert_eq!(outcome(&all, "ABARA"), "unclear");
        assert_eq!(count(&flights, segments).await, 4);
        let last = "SELECT COUNT(*) FROM customer c
            JOIN flown_segment s ON s.customer_id = c.id AND s.outcome = 'flown'
            WHERE c.last_flight_on = s.flight_date AND c.last_route = 'PEK-SHA'";
        assert_eq!(count(&flights, last).await, 4);
        let known = "SELECT COUNT(*) FROM customer WHERE last_route <> ''";
        assert_eq!(count(&flights, known).await, 4, "who did not fly has no last flight");
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flown_segment").await, 5);
        // The first again, late: nothing.
        assert_eq!(absorb(&flights, arrival(44), &first).await.changed, 0);
        assert_eq!(people(&flights).await, all);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_those_who_flew_corrects_segments_and_never_doubles_them() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        absorb(&flights, arrival(44), &pfs("NOSHO 1C\r\n1OKONKWO/CHIDIMR\r\n")).await;
        // Okonkwo was there after all, Mori sat in business, Rui Pereira did not come.
        let flown = prl("-SHA003C\r\n1LINDQVIST/ASTRIDMRS\r\n.L/NABC12/CA\r\n\
            .R/FQTV CA 999888777\r\n1OKONKWO/CHIDIMR\r\n.L/NDEF34/CA\r\n1MORI/HANAMS\r\n\
            .L/NGHJ56/CA\r\n.R/SEAT HK1 3A\r\n-SHA001Y\r\n1PEREIRA/INESMRS\r\n.L/NKLM78/CA\r\n");
        let message = arrival(45);
        absorb(&flights, message, &flown).await;
        let mut tx = db.read().await.unwrap();
        let mori: Vec<(String, String, String, String)> = tx
            .all(sql("SELECT outcome, basis, class_change, flown_class FROM flight_passenger
                      WHERE surname = 'MORI'"))
            .await
            .unwrap();
        let told = ("flown".into(), "prl".into(), "upgrade".into(), "C".into());
        assert_eq!(mori, [told]);
        // What she bought counts, not where she sat.
        let segment: Vec<(String, String, String, i64, Option<Uuid>)> = tx
            .all(sql("SELECT s.booking_class, s.cabin, s.basis, s.km, s.message_id
                      FROM flown_segment s JOIN flight_passenger p
                        ON p.surname = 'MORI' AND s.customer_id = p.customer_id"))
            .await
            .unwrap();
        let km = kernel::airports::distance_km("PEK", "SHA").unwrap().0;
        let told = ("Y".into(), "economy".into(), "prl".into(), km, Some(message.message));
        assert_eq!(segment, [told]);
        let replaced: Vec<String> = tx
            .values(sql("SELECT replaced_ffp FROM flight_passenger WHERE surname = 'LINDQVIST'"))
            .await
            .unwrap();
        assert_eq!(replaced, ["CA 999888777"]);
        let outcomes: Vec<(String, String)> = tx
            .all(sql("SELECT given, outcome FROM flight_passenger WHERE surname = 'PEREIRA'
                      ORDER BY given"))
            .await
            .unwrap();
        let of = |given: &str, outcome: &str| (given.to_owned(), outcome.to_owned());
        assert_eq!(outcomes, [of("INES", "flown"), of("RUI", "no-show")]);
        let counts: Vec<(i64, i64, i64)> =
            tx.all(sql("SELECT booked, flown, no_show FROM flight")).await.unwrap();
        assert_eq!(counts, [(5, 4, 1)]);
        drop(tx);
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flown_segment").await, 5);
        assert_eq!(absorb(&flights, message, &flown).await.changed, 0);
    })
    .await;
}

#[tokio::test]
async fn departure_before_any_booking_is_taken_and_the_bookings_join_it() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let flown = prl("-SHA001C\r\n1OKONKWO/CHIDIMR\r\n.L/NDEF34/CA\r\n\
            -SHA001Y\r\n1MORI/HANAMS\r\n.L/NGHJ56/CA\r\n");
        absorb(&flights, arrival(45), &flown).await;
        let all = people(&flights).await;
        assert_eq!(
            (status(&all, "MORI").as_str(), outcome(&all, "MORI").as_str()),
            ("unlisted", "flown")
        );
        absorb(&flights, arrival(0), PNL).await;
        let all = people(&flights).await;
        assert_eq!(all.len(), 5);
        assert_eq!(
            (status(&all, "MORI").as_str(), outcome(&all, "MORI").as_str()),
            ("booked", "flown")
        );
        assert_eq!(outcome(&all, "LINDQVIST"), "no-show");
    })
    .await;
}

#[tokio::test]
async fn a_message_without_a_flight_is_refused_and_names_without_people_make_no_customer() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let lost =
            "QU PEKKMCA\r\n.BJSRMCA 220800\r\nPNL\r\n?????\r\n-SHA001Y\r\n1A/B\r\nENDPNL\r\n";
        let absorbed = absorb(&flights, arrival(0), lost).await;
        assert_eq!(absorbed.refused[0].code, "flights-refused-no-flight");
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 0);
        let odd = PNL.replace("1MORI/HANAMS", "1EXST/MORI\r\n.L/NGHJ56/CA\r\n1/");
        absorb(&flights, arrival(0), &odd).await;
        let all = people(&flights).await;
        assert_eq!(all.len(), 5, "{all:?}");
        let nobody = "SELECT COUNT(*) FROM flight_passenger WHERE customer_id IS NULL";
        assert_eq!(count(&flights, nobody).await, 1);
    })
    .await;
}

#[tokio::test]
async fn outcomes_are_told_in_events() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        let events = "SELECT COUNT(*) FROM outbox_event
            WHERE type = 'flights.passenger.outcome.v1'";
        assert_eq!(count(&flights, events).await, 0);
        let list = pfs("NOSHO 1C\r\n1OKONKWO/CHIDIMR\r\n.L/NDEF34/CA\r\n");
        absorb(&flights, arrival(44), &list).await;
        absorb(&flights, arrival(44), &list).await;
        assert_eq!(count(&flights, events).await, 1);
        let mut tx = db.read().await.unwrap();
        let data: sqlx::types::Json<serde_json::Value> = tx
            .value(sql("SELECT data FROM outbox_event
                        WHERE type = 'flights.passenger.outcome.v1'"))
            .await
            .unwrap();
        assert_eq!(data.0["designator"], "CA1501");
        assert_eq!(data.0["passengers"].as_array().unwrap().len(), 5);
        assert!(!data.0.to_string().contains("OKONKWO"));
    })
    .await;
}
