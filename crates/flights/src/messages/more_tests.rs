//! Kinds of lists that are rarer, and lists that are odd, on both engines.

#![allow(clippy::unwrap_used, reason = "tests")]

use store::sql;

use crate::messages::Arrival;
use crate::messages::tests::{PNL, absorb, arrival, count, outcome, people, prl, service, status};

#[tokio::test]
async fn services_are_added_to_those_who_are_known() {
    let psm = "QU SHAKMCA\r\n.PEKKMCA 240010\r\nPSM\r\nCA1501/24NOV PEK PART1\r\n\
        -SHA 2PAX/2SSR\r\nY CLASS 2PAX/2SSR\r\n1MORI/HANAMS 12A\r\n WCHS\r\n\
        1STRANGER/ANNMS 14C\r\n MAAS\r\nENDPSM\r\n";
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        let message = arrival(40);
        let absorbed = absorb(&flights, message, psm).await;
        assert_eq!((absorbed.read, absorbed.changed), (2, 1), "{absorbed:?}");
        let mut tx = db.read().await.unwrap();
        let told: Vec<sqlx::types::Json<serde_json::Value>> = tx
            .values(sql("SELECT requests FROM flight_passenger WHERE surname = 'MORI'"))
            .await
            .unwrap();
        assert_eq!(told[0].0, serde_json::json!([{ "code": "WCHS" }]));
        drop(tx);
        assert_eq!(people(&flights).await.len(), 5);
        assert_eq!(absorb(&flights, message, psm).await.changed, 0);
    })
    .await;
}

#[tokio::test]
async fn tickets_that_flew_settle_their_passengers_and_cards_at_the_desk_are_kept() {
    let etl = "QU BJSETCA\r\n.PEKKMCA 240055\r\nETL\r\nCA1501/24NOV PEK PART1\r\n-SHA001C\r\n\
        1LINDQVIST/ASTRIDMRS\r\n.L/NABC12/CA\r\n.R/TKNE HK1 9992345678901/1\r\nENDETL\r\n";
    let ftl = "QU BJSFTCA\r\n.PEKKMCA 240056\r\nFTL\r\nCA1501/24NOV PEK PART1\r\n-SHA\r\n\
        1LINDQVIST/ASTRIDMRS\r\n.L/NABC12/CA\r\n.R/FQTV CA 999888777\r\nENDFTL\r\n";
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        let (first, second) = (arrival(41), arrival(42));
        assert_eq!(absorb(&flights, first, ftl).await.changed, 1);
        assert_eq!(outcome(&people(&flights).await, "LINDQVIST"), "booked");
        assert_eq!(absorb(&flights, second, etl).await.changed, 1);
        let mut tx = db.read().await.unwrap();
        let told: Vec<(String, String, String)> = tx
            .all(sql("SELECT outcome, basis, replaced_ffp FROM flight_passenger
                      WHERE surname = 'LINDQVIST'"))
            .await
            .unwrap();
        assert_eq!(told, [("flown".into(), "etl".into(), "CA 999888777".into())]);
        drop(tx);
        // Who is not on it may have had a ticket of paper.
        assert_eq!(outcome(&people(&flights).await, "MORI"), "booked");
        assert_eq!(absorb(&flights, first, ftl).await.changed, 0);
        assert_eq!(absorb(&flights, second, etl).await.changed, 0);
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flown_segment").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_list_later_leaves_the_copies_for_analysis_as_good_as_they_are() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        absorb(&flights, arrival(0), PNL).await;
        let flown = prl("-SHA001Y\r\n1MORI/HANAMS\r\n.L/NGHJ56/CA\r\n");
        absorb(&flights, arrival(45), &flown).await;
        let version = "SELECT CAST(SUM(version) AS BIGINT) FROM lake_partition";
        let before = count(&flights, version).await;
        absorb(&flights, arrival(46), &flown).await;
        assert_eq!(count(&flights, version).await, before);
    })
    .await;
}

#[tokio::test]
async fn people_of_one_name_are_numbered_and_found_again() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let twins = "1KIM/MINJI\r\n".repeat(30);
        let list = PNL.replace("-SHA003Y\r\n", &format!("-SHA033Y\r\n{twins}"));
        assert_eq!(absorb(&flights, arrival(0), &list).await.changed, 35);
        let numbered = "SELECT COUNT(DISTINCT source_key) FROM flight_passenger
            WHERE source_key LIKE '%/KIM/MINJI#%'";
        assert_eq!(count(&flights, numbered).await, 29);
        assert_eq!(absorb(&flights, arrival(2), &list).await.changed, 0);
        assert_eq!(people(&flights).await.len(), 35);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_more_people_than_fly_is_refused() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let crowd = "1KIM/MINJI\r\n".repeat(5_001);
        let list = PNL.replace("-SHA003Y\r\n", &format!("-SHA999Y\r\n{crowd}"));
        let absorbed = absorb(&flights, arrival(0), &list).await;
        assert_eq!(absorbed.refused[0].code, "flights-refused-too-many");
        assert_eq!(absorbed.refused[0].line, 0);
        assert_eq!(count(&flights, "SELECT COUNT(*) FROM flight").await, 0);
    })
    .await;
}

#[tokio::test]
async fn classes_told_by_another_list_than_the_pnl_are_kept() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let bare = PNL.replace("RBD C/CJD Y/YBMH\r\n", "");
        absorb(&flights, arrival(0), &bare).await;
        absorb(&flights, arrival(45), &prl("-SHA001C\r\n1OKONKWO/CHIDIMR\r\n")).await;
        let mut tx = db.read().await.unwrap();
        let classes: sqlx::types::Json<serde_json::Value> =
            tx.value(sql("SELECT classes FROM flight")).await.unwrap();
        assert_eq!(classes.0["H"], "economy");
    })
    .await;
}

#[tokio::test]
async fn a_list_in_two_halves_said_again_whole_is_the_whole() {
    store::testing::both(crate::tests::SETS, async |db| {
        let flights = service(&db).await;
        let half = Arrival { partial: true, ..arrival(0) };
        let cut = PNL.split("-SHA003Y").next().unwrap();
        assert_eq!(absorb(&flights, half, cut).await.changed, 2);
        assert_eq!(absorb(&flights, arrival(0), PNL).await.changed, 3);
        let all = people(&flights).await;
        assert_eq!((all.len(), status(&all, "MORI").as_str()), (5, "booked"));
    })
    .await;
}
