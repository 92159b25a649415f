//! Three years of each shipped programme with faults: the auditor agrees on every figure.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use access::{Access, Vault};
use customers::Customers;
use kernel::FixedClock;
use loyalty::{Loyalty, Parts, Rules};
use store::testing::{NOW, Scratch};
use years::{FIRST, Services, Setup, live};

fn setup(seed: u64) -> Setup {
    Setup { members: 60, first: FIRST, years: 3, seed, faults: true, nights: 1, pace: 2 }
}

/// Seeds of more runs: `JETBRIDGE_TEST_YEARS=5-40`.
fn seeds(usual: u64) -> std::ops::RangeInclusive<u64> {
    let asked = std::env::var("JETBRIDGE_TEST_YEARS").unwrap_or_default();
    let range = asked.split_once('-');
    let range = range.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let (from, to) = range.unwrap_or((usual, usual));
    from..=to
}

async fn agrees(programme: &str, setup: Setup, scratch: &Scratch) {
    let (db, clock) = (scratch.db.clone(), Arc::new(FixedClock::at(NOW)));
    let tables = [customers::permissions::TABLE, loyalty::permissions::TABLE];
    let access =
        Access::open(db.clone(), clock.clone(), Vault::for_tests(), &tables).await.unwrap();
    let customers = Customers::new(db.clone(), clock.clone(), access.clone());
    let (zone, rules) = (chrono_tz::Asia::Shanghai, Rules::default());
    let parts = Parts {
        db: db.clone(),
        clock: clock.clone(),
        access: access.clone(),
        customers,
        zone,
        rules,
    };
    let services = Services { db, access, loyalty: Loyalty::new(parts), clock, zone };
    let report = live(services, programme, setup, |_| {}).await.unwrap();
    let first = report.differences.iter().take(12);
    let told: Vec<String> = first.map(|it| format!("{it:#?}")).collect();
    let (many, seed) = (report.differences.len(), setup.seed);
    let figures = report.figures;
    assert!(told.is_empty(), "{programme}, seed {seed}: {many} of {figures}\n{}", told.join("\n"));
    assert!(report.transfers > 2_000, "{report:?}");
}

fn sets() -> [&'static [store::Migration]; 4] {
    [access::MIGRATIONS, web::MIGRATIONS, customers::MIGRATIONS, loyalty::MIGRATIONS]
}

async fn on_sqlite(programme: &str, usual: u64) {
    for seed in seeds(usual) {
        let scratch = Scratch::sqlite(&sets()).await;
        agrees(programme, setup(seed), &scratch).await;
        scratch.discard().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bridge_km() {
    on_sqlite("bridge-km", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bay_year() {
    on_sqlite("bay-year", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tern_fare() {
    on_sqlite("tern-fare", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql() {
    let Some(scratch) = Scratch::postgres(&sets()).await else { return };
    agrees("bridge-km", Setup { members: 30, ..setup(4) }, &scratch).await;
    scratch.discard().await;
}
