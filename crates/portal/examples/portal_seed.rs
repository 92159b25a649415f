//! Puts a programme and a member with flights into an empty data folder, to look at the portal:
//! `jetbridge migrate`, then this with the folder and a password, then `jetbridge serve`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for looking")]

use std::sync::Arc;

use access::{Access, Vault};
use chrono::{DateTime, Duration, Utc};
use kernel::{Clock, FixedClock, SystemClock};
use portal::testing::{self, Leg};

const LEGS: &[Leg] = &[
    (20, "PVG", "PEK", "Y", "economy", "flown"),
    (22, "PEK", "PVG", "Y", "economy", "flown"),
    (60, "PVG", "CTU", "X", "economy", "flown"),
    (90, "PVG", "NRT", "J", "business", "flown"),
    (95, "NRT", "PVG", "J", "business", "flown"),
    (200, "PVG", "PEK", "Y", "economy", "flown"),
    (202, "PEK", "PVG", "Y", "economy", "flown"),
    (330, "PVG", "FRA", "J", "business", "flown"),
    (340, "FRA", "PVG", "J", "business", "flown"),
    (410, "PVG", "PEK", "Y", "economy", "flown"),
    (412, "PEK", "PVG", "Y", "economy", "flown"),
    (470, "PVG", "FRA", "C", "business", "flown"),
    (480, "FRA", "PVG", "C", "business", "flown"),
    (520, "PVG", "PEK", "J", "business", "no-show"),
    (560, "PVG", "PEK", "Y", "economy", "flown"),
    (561, "PEK", "PVG", "Y", "economy", "flown"),
    (640, "PVG", "NRT", "J", "business", "flown"),
    (644, "NRT", "PVG", "J", "business", "flown"),
    (700, "PVG", "PEK", "Y", "economy", "flown"),
];

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let (dir, password) = (args.next().unwrap(), args.next().unwrap());
    let now: DateTime<Utc> = SystemClock.now();
    let clock = Arc::new(FixedClock::at(now - Duration::days(740)));
    let config = store::Config::new(format!("sqlite:{dir}/jetbridge.db"));
    let db = store::Db::open(&config).await.unwrap();
    let vault = Vault::open_or_create(format!("{dir}/secret.key").as_ref()).unwrap();
    let tables = [
        customers::permissions::TABLE,
        flights::permissions::TABLE,
        loyalty::permissions::TABLE,
        portal::permissions::TABLE,
    ];
    let access = Access::open(db.clone(), clock.clone(), vault, &tables).await.unwrap();
    let portal = testing::portal(&db, &clock, &access);
    testing::open(&portal, "2013-01-08".parse().unwrap()).await;
    let flyer = testing::enrol(&portal, "周启明", "zhou.qiming@example.com").await;
    testing::fly(&portal, &clock, &flyer, LEGS).await;
    clock.set(now);
    for (days, way) in [(5, ("PVG", "FRA")), (12, ("FRA", "PVG"))] {
        testing::book(&portal, &flyer, now + Duration::days(days), way).await;
    }
    let shown = portal::demo_member(&portal, flyer.id, &password).await.unwrap();
    let beginner = testing::enrol(&portal, "Lin Xia", "lin.xia@example.com").await;
    let _ = portal::demo_member(&portal, beginner.id, &password).await.unwrap();
    let _ = portal::demo_member(&portal, flyer.id, &password).await.unwrap();
    println!("{} {} {}", shown.number, beginner.member_no, flyer.id);
}
