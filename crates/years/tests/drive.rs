//! Three years of each shipped programme with faults: the auditor agrees on every figure.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use access::{Access, Vault};
use customers::Customers;
use kernel::FixedClock;
use loyalty::{Loyalty, Parts, Rules};
use store::testing::{NOW, Scratch};
use years::{FIRST, Report, Services, Setup, live_beside};

/// Larger: `JETBRIDGE_TEST_MEMBERS=50000`, then with the usual number of flights and weekly nights.
fn setup(seed: u64) -> Setup {
    let asked = std::env::var("JETBRIDGE_TEST_MEMBERS").ok().and_then(|text| text.parse().ok());
    let (members, nights, pace) = asked.map_or((60, 1, 4), |members| (members, 7, 1));
    Setup { members, first: FIRST, years: 3, seed, faults: true, nights, pace }
}

/// Seeds of more runs: `JETBRIDGE_TEST_YEARS=5-40`.
fn seeds(usual: u64) -> std::ops::RangeInclusive<u64> {
    let asked = std::env::var("JETBRIDGE_TEST_YEARS").unwrap_or_default();
    let range = asked.split_once('-');
    let range = range.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let (from, to) = range.unwrap_or((usual, usual));
    from..=to
}

async fn run(
    programme: &str,
    setup: Setup,
    scratch: &Scratch,
    audited: impl Fn(&str) -> String,
) -> Report {
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
    live_beside(services, programme, setup, |_| {}, audited).await.unwrap()
}

async fn agrees(programme: &str, setup: Setup, scratch: &Scratch) {
    let report = run(programme, setup, scratch, str::to_owned).await;
    eprintln!("{programme}: {}", Brief(&report));
    let first = report.differences.iter().take(12);
    let told: Vec<String> = first.map(|it| format!("{it:#?}")).collect();
    let (many, seed) = (report.differences.len(), setup.seed);
    let figures = report.figures;
    assert!(told.is_empty(), "{programme}, seed {seed}: {many} of {figures}\n{}", told.join("\n"));
    assert!(report.transfers > 1_500, "{report:?}");
}

struct Brief<'a>(&'a Report);

impl std::fmt::Display for Brief<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Report { members, facts, asked, nights, transfers, figures, seconds, .. } = self.0;
        write!(f, "{members} members, {facts} facts, {asked} asked, {nights} nights, ")?;
        write!(f, "{transfers} transfers, {figures} figures compared, {seconds} s, ")?;
        write!(f, "{} differences", self.0.differences.len())
    }
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

/// Rules told otherwise to the auditor: a tier bonus, a threshold, a day of expiry.
#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_found() {
    for (from, to) in [
        ("percent = \"25%\"", "percent = \"26%\""),
        ("{ distance = 40000 }", "{ distance = 41000 }"),
        ("months_from_month_end = 36", "months_from_month_end = 35"),
        ("factor = \"75%\"", "factor = \"74%\""),
    ] {
        let scratch = Scratch::sqlite(&sets()).await;
        let setup = Setup { members: 40, years: 2, ..setup(5) };
        let report = run("bridge-km", setup, &scratch, |text| text.replace(from, to)).await;
        assert!(!report.differences.is_empty(), "{from} is not looked at");
        scratch.discard().await;
    }
}
