//! The doors, the Parquet copies, the panels and the API, on both engines.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use access::Role;
use chrono::NaiveDate;
use customers::{CustomerId, Customers, MemberInput, Policy};
use kernel::Clock;
use lake::{Lake, LakeConfig, column};
use store::Db;
use store::testing::NOW;
use web::testing::House;

use crate::{Applied, Flights, SegmentInput, SummaryInput};

pub(crate) const SETS: &[&[store::Migration]] =
    &[access::MIGRATIONS, customers::MIGRATIONS, crate::MIGRATIONS];

pub(crate) async fn customers_of(db: &Db, clock: Arc<dyn Clock>) -> Customers {
    let tables: &'static [access::PermissionTable] = &[customers::permissions::TABLE];
    let vault = access::Vault::for_tests();
    let access = access::Access::open(db.clone(), clock.clone(), vault, tables).await.unwrap();
    Customers::new(db.clone(), clock, access)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn segment(customer: CustomerId, key: &str, on: &str) -> SegmentInput {
    SegmentInput {
        customer,
        source_key: key.to_owned(),
        flight_date: day(on),
        departs_minute: Some(8 * 60),
        carrier: Some("CZ".into()),
        flight_no: Some("3101".into()),
        origin: Some("CAN".into()),
        destination: Some("PEK".into()),
        booking_class: Some("Y".into()),
        cabin: Some("economy".into()),
        km: 1_967,
        fare_minor: Some(168_000),
        currency: Some("CNY".into()),
        discount: Some(0.92),
        booked_on: Some(day("2025-12-01")),
        channel: Some("app".into()),
        outcome: "flown".into(),
        record_locator: None,
        ticket_coupon: None,
        seat: Some("31A".into()),
        party_size: Some(1),
        extras_minor: None,
    }
}

fn summary(customer: CustomerId, km: i64) -> SummaryInput {
    SummaryInput {
        customer,
        source_key: "1".into(),
        observed_on: day("2014-03-31"),
        joined_on: Some(day("2006-11-02")),
        tenure_days: Some(2_706),
        first_flight_on: None,
        last_flight_on: None,
        last_flight_days: Some(1),
        flights: 210,
        km,
        coefficient: Some(0.96),
        fare_year_1: None,
        fare_year_2: Some(0),
        points: None,
        exchanges: None,
        kept_verdict: Some(true),
    }
}

fn ids(n: u8) -> CustomerId {
    CustomerId::from(uuid::Uuid::from_u128(u128::from(n) + 1))
}

async fn rows(lake: &Lake, table: &str) -> Vec<i64> {
    let schema = match table {
        "segments" => crate::lake_tables::segment_schema(),
        _ => crate::lake_tables::summary_schema(),
    };
    let facts = lake.query("SELECT km FROM facts ORDER BY km");
    let facts = facts.folder("facts", lake.table_dir(table).unwrap(), schema);
    let batches = facts.rows().await.unwrap();
    batches.iter().flat_map(|b| column::ints(b, "km").unwrap().values().to_vec()).collect()
}

#[tokio::test]
async fn facts_replace_each_other_and_the_lake_follows() {
    store::testing::both(SETS, async |db: Db| {
        let clock: Arc<dyn Clock> = Arc::new(kernel::FixedClock::at(NOW));
        let flights = Flights::new(db.clone(), clock.clone(), customers_of(&db, clock).await);
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path(), LakeConfig::default()).unwrap();
        let (first, second) = (kernel::ids::v7(NOW), kernel::ids::v7(NOW));
        let policy = Policy::CreateOrUpdate;

        let mut tx = db.begin().await.unwrap();
        let inputs = vec![
            segment(ids(0), "a", "2026-01-31"),
            segment(ids(0), "b", "2026-02-01"),
            segment(ids(1), "a", "2026-02-01"),
        ];
        let applied = flights.apply_segments(&mut tx, "ffp", first, inputs, policy).await.unwrap();
        assert_eq!(
            applied,
            [Applied::Created, Applied::Created, Applied::Unchanged],
            "a key counts once"
        );
        let sums = vec![summary(ids(0), 580_717)];
        flights.apply_summaries(&mut tx, "ffp", first, sums, policy).await.unwrap();
        tx.commit().await.unwrap();
        let done = flights.refresh_lake(&lake, |_, _| {}).await.unwrap();
        assert_eq!((done.partitions, done.rows), (3, 3));
        assert_eq!(rows(&lake, "segments").await, [1_967, 1_967]);
        assert_eq!(rows(&lake, "summaries").await, [580_717]);
        assert_eq!(flights.refresh_lake(&lake, |_, _| {}).await.unwrap().partitions, 0);

        let mut tx = db.begin().await.unwrap();
        let moved = SegmentInput { km: 2_000, ..segment(ids(0), "a", "2026-03-01") };
        let inputs = vec![moved, segment(ids(0), "b", "2026-02-01")];
        let applied = flights.apply_segments(&mut tx, "ffp", second, inputs, policy).await.unwrap();
        assert_eq!(applied, [Applied::Updated, Applied::Unchanged]);
        let used = Flights::in_use(&mut tx, &[ids(0), ids(7)]).await.unwrap();
        assert_eq!(used, [ids(0)]);
        tx.commit().await.unwrap();
        let done = flights.refresh_lake(&lake, |_, _| {}).await.unwrap();
        assert_eq!(done.partitions, 2, "the month it left and the month it came to");
        assert_eq!(rows(&lake, "segments").await, [1_967, 2_000]);
        assert!(!folder.path().join("segments/2026-01.parquet").exists());

        let mut tx = db.begin().await.unwrap();
        let undone = flights.revert_import(&mut tx, second, 10).await.unwrap();
        assert_eq!((undone.undone, undone.kept_changed_later, undone.more), (1, 0, false));
        let undone = flights.revert_import(&mut tx, first, 2).await.unwrap();
        assert!(undone.more && undone.undone == 2);
        let undone = flights.revert_import(&mut tx, first, 2).await.unwrap();
        assert_eq!((undone.undone, undone.more), (1, false));
        tx.commit().await.unwrap();
        flights.refresh_lake(&lake, |_, _| {}).await.unwrap();
        assert!(
            rows(&lake, "segments").await.is_empty() && rows(&lake, "summaries").await.is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn policies_leave_what_they_should() {
    store::testing::both(SETS, async |db: Db| {
        let clock: Arc<dyn Clock> = Arc::new(kernel::FixedClock::at(NOW));
        let flights = Flights::new(db.clone(), clock.clone(), customers_of(&db, clock).await);
        let import = kernel::ids::v7(NOW);
        let mut tx = db.begin().await.unwrap();
        let one = || vec![segment(ids(0), "a", "2026-01-31")];
        let applied = flights.apply_segments(&mut tx, "ffp", import, one(), Policy::Update).await;
        assert_eq!(applied.unwrap(), [Applied::Skipped]);
        let applied = flights.apply_segments(&mut tx, "ffp", import, one(), Policy::Create).await;
        assert_eq!(applied.unwrap(), [Applied::Created]);
        let other = vec![SegmentInput { km: 1, ..segment(ids(0), "a", "2026-01-31") }];
        let applied = flights.apply_segments(&mut tx, "ffp", import, other, Policy::Create).await;
        assert_eq!(applied.unwrap(), [Applied::Skipped]);
        let elsewhere =
            flights.apply_segments(&mut tx, "other", import, one(), Policy::Create).await;
        assert_eq!(elsewhere.unwrap(), [Applied::Created], "keys are unique within a source");
    })
    .await;
}

/// The day's list of departure names a passenger whom a file of history names too.
#[tokio::test]
async fn a_flight_told_by_a_file_and_by_messages_counts_once() {
    use crate::messages::tests::{PNL, absorb, arrival, prl, service};
    store::testing::both(SETS, async |db: Db| {
        let flights = service(&db).await;
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path(), LakeConfig::default()).unwrap();
        absorb(&flights, arrival(0), PNL).await;
        let on_board = "-SHA001C\r\n1OKONKWO/CHIDIMR\r\n.L/NDEF34/CA\r\n";
        absorb(&flights, arrival(41), &prl(on_board)).await;
        let whose = "SELECT customer_id FROM flown_segment WHERE outcome = 'flown'";
        let mut tx = db.read().await.unwrap();
        let whose: Vec<(uuid::Uuid,)> = tx.all(store::sql(whose)).await.unwrap();
        drop(tx);
        let whose = CustomerId::from(whose[0].0);
        let flown = async || {
            flights.refresh_lake(&lake, |_, _| {}).await.unwrap();
            let mut tx = db.read().await.unwrap();
            let trips = flights.trips(&mut tx, whose, None, 10).await.unwrap();
            let months = flights.activity_by_month(&mut tx, whose, 1).await.unwrap();
            let km = rows(&lake, "segments").await;
            let of = |which: i64| km.iter().filter(|km| **km == which).count();
            (of(1_076), of(1_100), trips.len(), months[0].km)
        };
        assert_eq!(flown().await, (5, 0, 1, 1_076));

        let of_file = |key: &str, number: &str, day: &str| SegmentInput {
            carrier: Some("CA".into()),
            flight_no: Some(number.into()),
            origin: Some("PEK".into()),
            destination: Some("SHA".into()),
            km: 1_100,
            ..segment(whose, key, day)
        };
        let import = kernel::ids::v7(NOW);
        let other = vec![of_file("a", "CA1503", "2026-11-24"), of_file("b", "1501", "2026-11-25")];
        let same = vec![of_file("c", "CA1501", "2026-11-24")];
        for (inputs, expected) in [(other, (5, 2, 3, 3_276)), (same, (4, 3, 3, 3_300))] {
            let mut tx = db.begin().await.unwrap();
            let policy = Policy::CreateOrUpdate;
            flights.apply_segments(&mut tx, "ffp", import, inputs, policy).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(flown().await, expected);
        }
        // The import taken back, the word of the messages counts again.
        let mut tx = db.begin().await.unwrap();
        flights.revert_import(&mut tx, import, 10).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(flown().await, (5, 0, 1, 1_076));
    })
    .await;
}

async fn customer_with_trips(house: &House, flights: &Flights) -> CustomerId {
    let customers =
        Customers::new(house.web.db.clone(), house.clock.clone(), house.web.access.clone());
    let import = kernel::ids::v7(NOW);
    let mut tx = house.web.db.begin().await.unwrap();
    let member = MemberInput {
        source_key: "1".into(),
        member_no: Some("6218045731".into()),
        name: Some(kernel::names::PersonName::from_native("周启明")),
        ..MemberInput::default()
    };
    let policy = Policy::CreateOrUpdate;
    customers.apply_members(&mut tx, "ffp", import, &[member], policy).await.unwrap();
    let numbers = ["6218045731".to_owned()];
    let id = customers.ids_by_member_no(&mut tx, &numbers).await.unwrap()["6218045731"];
    let trips = (1..=8).map(|n| segment(id, &format!("k{n}"), &format!("2026-0{n}-15"))).collect();
    flights.apply_segments(&mut tx, "ffp", import, trips, policy).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_segment_said_of_another_customer_hangs_on_a_record_of_that_one() {
    store::testing::both(SETS, async |db: Db| {
        let clock: Arc<dyn Clock> = Arc::new(kernel::FixedClock::at(NOW));
        let customers = customers_of(&db, clock.clone()).await;
        let flights = Flights::new(db.clone(), clock, customers.clone());
        let (first, second) = (kernel::ids::v7(NOW), kernel::ids::v7(NOW));
        let member = |key: &str, number: &str, name: &str| MemberInput {
            source_key: key.into(),
            member_no: Some(number.into()),
            name: Some(kernel::names::PersonName::from_native(name)),
            ..MemberInput::default()
        };
        let members = [member("1", "6218045731", "周启明"), member("2", "6218045749", "沈若兰")];
        let policy = Policy::CreateOrUpdate;
        let mut tx = db.begin().await.unwrap();
        customers.apply_members(&mut tx, "ffp", first, &members, policy).await.unwrap();
        let numbers = ["6218045731".to_owned(), "6218045749".to_owned()];
        let ids = customers.ids_by_member_no(&mut tx, &numbers).await.unwrap();
        let owner = "SELECT COUNT(*) FROM flown_segment s JOIN record_owner l
            ON l.record_id = s.record_id AND l.customer_id = s.customer_id";
        for (import, number) in [(first, &numbers[0]), (second, &numbers[1])] {
            let trips = vec![segment(ids[number], "a", "2026-01-15")];
            flights.apply_segments(&mut tx, "ffp", import, trips, policy).await.unwrap();
            assert_eq!(tx.value::<i64>(store::sql(owner)).await.unwrap(), 1, "{number}");
        }
        // Taken back, it hangs where it hung before.
        flights.revert_import(&mut tx, second, 10).await.unwrap();
        assert_eq!(tx.value::<i64>(store::sql(owner)).await.unwrap(), 1);
        let whose: uuid::Uuid =
            tx.value(store::sql("SELECT customer_id FROM flown_segment")).await.unwrap();
        assert_eq!(whose, ids[&numbers[0]].uuid());
    })
    .await;
}

#[tokio::test]
async fn the_customers_page_shows_activity_habits_and_trips() {
    crate::pages::tests::house(async |house, flights, app| {
        let id = customer_with_trips(&house, &flights).await;
        let who = house.staff(Role::Agent).await;
        let page = who.get(&app, &format!("/customers/{id}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        for expected in
            ["Flights by month", "8 flights and 15,736 km", "Window", "8 of 8", "CZ3101"]
        {
            assert!(page.text.contains(expected), "{expected} in {}", page.text);
        }
        let zh = who.clone().reading("zh-CN").get(&app, &format!("/customers/{id}")).await;
        assert!(zh.text.contains("8 次中 8 次") && !zh.text.contains('⟨'), "{}", zh.text);
        let trips = who.get(&app, &format!("/api/v1/customers/{id}/segments?limit=3")).await;
        let trips: serde_json::Value = serde_json::from_str(&trips.text).unwrap();
        assert_eq!(trips["items"].as_array().unwrap().len(), 3);
        let next = trips["next"].as_str().unwrap();
        let path = format!("/api/v1/customers/{id}/segments?limit=10&after={next}");
        let rest: serde_json::Value =
            serde_json::from_str(&who.get(&app, &path).await.text).unwrap();
        assert_eq!(rest["items"].as_array().unwrap().len(), 5);
        let habits = who.get(&app, &format!("/api/v1/customers/{id}/preferences")).await;
        assert!(habits.text.contains("\"window\""), "{}", habits.text);
        let stranger = house.stranger().get(&app, &path).await;
        assert_eq!(stranger.status, 401);
    })
    .await;
}

#[test]
fn both_languages_say_the_same_things() {
    let texts = web::texts::Texts::new(&[crate::TEXTS]).unwrap();
    assert_eq!(web::texts::differences(&texts), Vec::<String>::new());
}
