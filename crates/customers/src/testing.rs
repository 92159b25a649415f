//! What the tests of this crate share.
#![allow(clippy::unwrap_used, reason = "tests")]

use access::{Actor, Role};
use kernel::names::PersonName;
use uuid::Uuid;
use web::testing::House;

use crate::{Applied, Customers, MemberInput, Policy, Rooms};

/// Runs `body` in a fresh house on both engines.
pub async fn both<F: AsyncFn(House)>(body: F) {
    let (migrations, tables) = ([crate::MIGRATIONS], [crate::permissions::TABLE]);
    web::testing::both(&migrations, &tables, &[&crate::TEXTS], body).await;
}

pub fn service(house: &House) -> Customers {
    let web = &house.web;
    Customers::new(web.db.clone(), house.clock.clone(), web.access.clone())
}

pub fn rooms(house: &House) -> Rooms {
    Rooms::new(house.web.clone(), service(house), Vec::new(), Vec::new())
}

pub async fn actor(house: &House, role: Role) -> Actor {
    house.staff(role).await.actor
}

pub fn member(key: &str, number: &str, name: &str) -> MemberInput {
    MemberInput {
        source_key: key.to_owned(),
        member_no: Some(number.to_owned()).filter(|number| !number.is_empty()),
        name: Some(PersonName::parse(name)).filter(|name| !name.is_empty()),
        ..MemberInput::default()
    }
}

/// Applies rows in a transaction of their own.
pub async fn apply(
    customers: &Customers,
    import: Uuid,
    rows: &[MemberInput],
    policy: Policy,
) -> Vec<Applied> {
    let mut tx = customers.db().begin().await.unwrap();
    let applied = customers.apply_members(&mut tx, "crm", import, rows, policy).await.unwrap();
    tx.commit().await.unwrap();
    applied
}

/// A new import.
pub fn import(house: &House) -> Uuid {
    use kernel::Clock;
    kernel::ids::v7(house.clock.now())
}
