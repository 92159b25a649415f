//! Placing statements, on both engines.
#![allow(clippy::unwrap_used, reason = "tests")]

mod base;
mod moves;
mod pages;

use chrono::NaiveDate;
use kernel::names::PersonName;
use store::testing::NOW;

use super::*;
use crate::model::{CustomerId, DocumentKind};
use crate::testing::{both, service};
use crate::{Customers, Gender};

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn said(key: &str, name: &str) -> Statement {
    Statement {
        source: "booking".into(),
        source_key: key.into(),
        said_at: NOW,
        names: vec![PersonName::parse(name)],
        ..Statement::default()
    }
}

fn phone(statement: Statement, number: &str) -> Statement {
    Statement { phones: vec![number.to_owned().into()], ..statement }
}

fn born(statement: Statement, day: NaiveDate) -> Statement {
    Statement { birth_date: Some(day), ..statement }
}

fn passport(statement: Statement, number: &str) -> Statement {
    let document = StatedDocument {
        kind: DocumentKind::Passport,
        number: number.to_owned().into(),
        country: Some("CN".into()),
        expires_on: None,
    };
    Statement { documents: vec![document], ..statement }
}

fn booked(statement: Statement, locator: &str, position: u32) -> Statement {
    let booking = BookingPlace {
        carrier: "JB".into(),
        locator: locator.into(),
        day: day(2026, 11, 23),
        position,
    };
    Statement { booking: Some(booking), ..statement }
}

async fn place(customers: &Customers, statements: Vec<Statement>) -> Vec<Placed> {
    let mut tx = customers.db().begin().await.unwrap();
    let placed = customers.place(&mut tx, statements).await.unwrap();
    tx.commit().await.unwrap();
    placed
}

async fn one(customers: &Customers, statement: Statement) -> CustomerId {
    place(customers, vec![statement]).await[0].customer
}

#[tokio::test]
async fn the_same_word_twice_changes_nothing_and_a_new_word_stays_with_its_customer() {
    both(async |house| {
        let customers = service(&house);
        let first = place(&customers, vec![said("a", "ZHOU/QIMING"), said("b", "LIN/WANQING")]);
        let first = first.await;
        assert_eq!(first.iter().map(|p| p.way).collect::<Vec<_>>(), [Way::Made, Way::Made]);
        assert_ne!(first[0].customer, first[1].customer);
        let again = place(&customers, vec![said("b", "LIN/WANQING"), said("a", "ZHOU/QIMING")]);
        let again = again.await;
        assert!(again.iter().all(|p| p.way == Way::Known));
        assert_eq!(again[1].record, first[0].record);
        let renamed = place(&customers, vec![said("a", "ZHOU/QIMIN")]).await;
        assert_eq!((renamed[0].customer, renamed[0].way), (first[0].customer, Way::Linked));
        assert_ne!(renamed[0].record, first[0].record, "a version of its own");
        let twice = place(&customers, vec![said("c", "A/B"), said("c", "A/C")]).await;
        assert_eq!(twice[0], twice[1]);
    })
    .await;
}

#[tokio::test]
async fn name_or_name_and_birth_date_alone_never_link_but_something_of_ones_own_does() {
    both(async |house| {
        let customers = service(&house);
        let birth = day(1990, 2, 3);
        let base = one(&customers, phone(born(said("a", "ZHOU/QIMING"), birth), "13812345678"));
        let base = base.await;
        assert_ne!(one(&customers, said("b", "ZHOU/QIMING")).await, base);
        assert_ne!(one(&customers, born(said("c", "ZHOU/QIMING"), birth)).await, base);
        let by_phone = phone(born(said("d", "周启明"), birth), "+86 138 1234 5678");
        assert_eq!(one(&customers, by_phone).await, base, "characters and letters are one name");
        let twin = phone(born(said("e", "ZHOU/QIHAO"), birth), "13812345678");
        assert_ne!(one(&customers, twin).await, base, "a twin on the family's telephone");
        let other = phone(born(said("f", "ZHOU/QIMING"), day(1961, 9, 27)), "13812345678");
        assert_ne!(one(&customers, other).await, base, "a contradicting birth date");
    })
    .await;
}

#[tokio::test]
async fn passports_link_with_name_and_birth_and_bookings_link_the_only_one_of_a_name() {
    both(async |house| {
        let customers = service(&house);
        let birth = day(1990, 2, 3);
        let base = one(&customers, passport(born(said("a", "ZHOU/QIMING"), birth), "E12345678"));
        let base = base.await;
        let again = passport(born(said("b", "ZHOU/QIMINGMR"), birth), "E 1234 5678");
        assert_eq!(one(&customers, again).await, base);

        let list = ["LI/NA", "LI/NAN", "WANG/WEI"];
        let key = |flight: &str, name: &str| format!("JB1/{flight}/PVGFRA/ABC123/{name}");
        let booking: Vec<Statement> =
            list.iter().map(|name| booked(said(&key("d1", name), name), "ABC123", 0)).collect();
        let booking = place(&customers, booking).await;
        let ids: Vec<CustomerId> = booking.iter().map(|p| p.customer).collect();
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
        for (at, name) in list.iter().enumerate() {
            let flown = booked(said(&key("d1", name), name), "ABC123", 0);
            let flown = Statement { source: "departure".into(), ..flown };
            assert_eq!(one(&customers, flown).await, ids[at], "{name}");
        }
        let onward = booked(said(&key("d2", "WANG/WEI"), "WANG/WEI"), "ABC123", 0);
        assert_eq!(one(&customers, onward).await, ids[2], "the next flight of the booking");
        let two = [key("d3", "HE/JUN"), key("d3", "HE/JUN") + "#2"];
        let two = two.map(|key| booked(said(&key, "HE/JUN"), "XYZ987", 0));
        let two = place(&customers, two.to_vec()).await;
        assert_ne!(two[0].customer, two[1].customer);
        let later = booked(said("t", "HE/JUN"), "XYZ987", 0);
        let later = one(&customers, Statement { source: "ticket".into(), ..later }).await;
        assert!(later != two[0].customer && later != two[1].customer, "which of them is not known");
    })
    .await;
}

#[tokio::test]
async fn profiles_are_made_and_filled_by_rank() {
    both(async |house| {
        let customers = service(&house);
        let web = Statement {
            source: "web".into(),
            city: Some("Paris".into()),
            emails: vec!["q@example.com".to_owned().into()],
            ..said("v1", "Qiming Zhou")
        };
        let id = one(&customers, web).await;
        let booking = Statement {
            emails: vec!["q@example.com".to_owned().into()],
            gender: Some(Gender::Male),
            city: Some("上海".into()),
            ..phone(born(said("a", "周启明"), day(1990, 2, 3)), "13812345678")
        };
        assert_eq!(one(&customers, booking).await, id);
        let mut tx = customers.db().read().await.unwrap();
        let read = crate::profile::load(&mut tx, id).await.unwrap();
        assert_eq!(read.profile.name.native.as_deref(), Some("周启明"));
        assert_eq!(read.profile.city, "上海", "a booking before the web");
        assert_eq!(read.profile.birth_date, Some(day(1990, 2, 3)));
        assert_eq!(read.version, 2);
        let contacts = crate::contacts::contacts_of(&mut tx, id).await.unwrap();
        assert_eq!(contacts.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn customers_that_are_made_are_told_once() {
    both(async |house| {
        let customers = service(&house);
        let told = async || -> Vec<CustomerId> {
            let mut tx = customers.db().read().await.unwrap();
            let said = store::sql("SELECT data FROM outbox_event WHERE type = $1 ORDER BY id");
            let said: Vec<sqlx::types::Json<crate::events::Made>> =
                tx.values(said.bind(crate::events::MADE)).await.unwrap();
            said.into_iter().flat_map(|made| made.0.customers).collect()
        };
        let placed = place(&customers, vec![said("a", "ZHOU/QIMING"), said("b", "LIN/WANQING")]);
        let made: Vec<CustomerId> = placed.await.iter().map(|one| one.customer).collect();
        assert_eq!(told().await, made);
        place(&customers, vec![said("a", "ZHOU/QIMING"), said("b", "LIN/WANQIN")]).await;
        assert_eq!(told().await, made, "nobody new");
    })
    .await;
}

#[tokio::test]
async fn an_erased_person_is_counted_no_longer_and_others_are() {
    both(async |house| {
        let customers = service(&house);
        let manager = crate::testing::actor(&house, access::Role::Manager).await;
        let tallies = async || -> Vec<(i64, i64)> {
            let mut tx = customers.db().read().await.unwrap();
            tx.all(store::sql("SELECT key, part FROM identity_tally ORDER BY key, part"))
                .await
                .unwrap()
        };
        let wife = phone(born(said("w", "WU/LILI"), day(1991, 4, 5)), "13812345678");
        let wife = one(&customers, wife).await;
        let alone = tallies().await;
        house.clock.advance(chrono::Duration::minutes(1));
        let birth = day(1990, 2, 3);
        let a = phone(born(said("a", "ZHOU/QIMING"), birth), "13812345678");
        let a = one(&customers, a).await;
        house.clock.advance(chrono::Duration::minutes(1));
        let b = one(&customers, born(said("b", "ZHOU/QIMIN"), birth)).await;
        assert!(a != wife && b != a);
        assert!(tallies().await.len() > alone.len());
        customers.merge(&manager, a, b).await.unwrap().into_inner();
        customers.forget(&manager, b).await.unwrap().into_inner();
        assert_eq!(tallies().await, alone, "what the wife shares still counts");
        // Whoever still knows them by the other name hears it as well.
        let mut tx = customers.db().read().await.unwrap();
        let gone = store::sql("SELECT subject FROM outbox_event WHERE type = $1 ORDER BY subject");
        let gone: Vec<String> = tx.values(gone.bind(crate::events::FORGOTTEN)).await.unwrap();
        assert_eq!(gone, [crate::events::subject(a), crate::events::subject(b)]);
    })
    .await;
}
