//! What the tests of this crate share.
#![allow(clippy::unwrap_used, reason = "tests")]

use access::{Actor, Role};
use chrono::NaiveDate;
use customers::{Customers, Set};
use kernel::names::PersonName;
use programme::Code;
use programme::accrual::Fact;
use programme::document::Market;
use web::testing::House;

use crate::members::{Enrol, Member, Person};
use crate::programmes::{Draft, VersionId};
use crate::{Loyalty, MemberId, Parts, Rooms, Rules};

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
    Rooms { web: house.web.clone(), loyalty: service(house).await, deeds: &[], more: Vec::new() }
}

pub async fn actor(house: &House, role: Role) -> Actor {
    house.staff(role).await.actor
}

pub fn born(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub fn person(name: &str, birth_date: NaiveDate) -> Person {
    Person::New(Box::new(customers::Draft {
        name: Set::To(PersonName::parse(name)),
        birth_date: Set::To(Some(birth_date)),
        ..customers::Draft::default()
    }))
}

pub fn enrolment(person: Person) -> Enrol {
    Enrol { programme: "ZH".to_owned(), person, guardian: None }
}

/// Enrols an adult.
pub async fn member(loyalty: &Loyalty, actor: &Actor, name: &str) -> Member {
    loyalty.enrol(actor, enrolment(person(name, born(1980, 5, 1)))).await.unwrap()
}

/// Drafts, proposes and approves a shipped programme, to hold from a day on.
pub async fn approve(house: &House, loyalty: &Loyalty, text: &str, from: NaiveDate) -> VersionId {
    let (one, other) = (actor(house, Role::Loyalty).await, actor(house, Role::Manager).await);
    let draft = Draft { text: text.to_owned(), valid_from: from, note: String::new() };
    let id = loyalty.draft_programme(&one, draft).await.unwrap().id;
    let _ = loyalty.propose_programme(&one, id).await.unwrap();
    let _ = loyalty.decide_programme(&other, id, true, "").await.unwrap();
    id
}

/// Enrols an adult in a programme.
pub async fn flyer(loyalty: &Loyalty, actor: &Actor, programme: &str, name: &str) -> MemberId {
    let programme = programme.to_owned();
    let enrol = Enrol { programme, ..enrolment(person(name, born(1980, 5, 1))) };
    loyalty.enrol(actor, enrol).await.unwrap().id
}

/// A domestic flight of the partner, which no promotion is about.
pub fn flight(day: NaiveDate, class: &str, km: i64) -> Fact {
    Fact {
        flight_date: day,
        flight_no: "1419".to_owned(),
        origin: Code::parse("TFU").unwrap(),
        destination: Code::parse("HGH").unwrap(),
        market: Market::Domestic,
        marketing: Code::parse("QJ").unwrap(),
        operating: Code::parse("QJ").unwrap(),
        booking_class: Code::parse(class).unwrap(),
        flown_class: None,
        involuntary: false,
        cabin: None,
        tpm_miles: None,
        great_circle_km: Some(km),
        fare_minor: Some(120_000),
        surcharge_minor: 0,
        currency: kernel::Currency::CNY,
        ticket: Default::default(),
        status: Default::default(),
        coupon: None,
        booked_on: None,
        seat: true,
        claimed_on: None,
        credited_elsewhere: false,
    }
}
