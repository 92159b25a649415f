//! What the tests of this crate share.
#![allow(clippy::unwrap_used, reason = "tests")]

use access::{Actor, Role};
use chrono::NaiveDate;
use customers::{Customers, Draft, Set};
use kernel::names::PersonName;
use web::testing::House;

use crate::members::{Enrol, Member, Person};
use crate::{Loyalty, Parts, Rooms, Rules};

/// Runs `body` in a fresh house on both engines.
pub async fn both<F: AsyncFn(House)>(body: F) {
    let migrations = [customers::MIGRATIONS, crate::MIGRATIONS];
    let tables = [customers::permissions::TABLE, crate::permissions::TABLE];
    let texts: [&[(kernel::Lang, &str)]; 2] = [&customers::TEXTS, &crate::TEXTS];
    web::testing::both(&migrations, &tables, &texts, body).await;
}

/// The service, with the programme `ZH` open.
pub async fn service(house: &House) -> Loyalty {
    let web = &house.web;
    let (db, clock, access) = (web.db.clone(), house.clock.clone(), web.access.clone());
    let customers = Customers::new(db.clone(), clock.clone(), access.clone());
    let zone = chrono_tz::Asia::Shanghai;
    let rules = Rules::default();
    let loyalty = Loyalty::new(Parts { db, clock, access, customers, zone, rules });
    let mut tx = loyalty.db().begin().await.unwrap();
    loyalty.ledger().open_programme(&mut tx, "ZH").await.unwrap();
    tx.commit().await.unwrap();
    loyalty
}

pub async fn rooms(house: &House) -> Rooms {
    Rooms { web: house.web.clone(), loyalty: service(house).await }
}

pub async fn actor(house: &House, role: Role) -> Actor {
    house.staff(role).await.actor
}

pub fn born(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub fn person(name: &str, birth_date: NaiveDate) -> Person {
    Person::New(Box::new(Draft {
        name: Set::To(PersonName::parse(name)),
        birth_date: Set::To(Some(birth_date)),
        ..Draft::default()
    }))
}

pub fn enrolment(person: Person) -> Enrol {
    Enrol { programme: "ZH".to_owned(), person, guardian: None }
}

/// Enrols an adult.
pub async fn member(loyalty: &Loyalty, actor: &Actor, name: &str) -> Member {
    loyalty.enrol(actor, enrolment(person(name, born(1980, 5, 1)))).await.unwrap()
}
