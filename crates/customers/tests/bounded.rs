//! Placing is set-based: how many statements a batch costs does not follow its size.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use access::{Access, Vault};
use chrono::NaiveDate;
use customers::identity::{Statement, Way};
use customers::{Customers, MemberInput, Policy};
use kernel::names::PersonName;
use kernel::{Clock, FixedClock};
use store::jobs::{Handlers, Worker};
use store::testing::NOW;
use store::{Db, Engine};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static RUN: AtomicUsize = AtomicUsize::new(0);

/// Counts the statements the database is asked to run.
struct Counter;

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sqlx::query")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        RUN.fetch_add(1, Ordering::Relaxed);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

const SURNAMES: [&str; 20] = [
    "ZHOU", "WANG", "LI", "ZHANG", "LIU", "CHEN", "YANG", "ZHAO", "HUANG", "WU", "XU", "SUN", "HU",
    "ZHU", "GAO", "LIN", "HE", "GUO", "MA", "LUO",
];
const GIVEN: [&str; 25] = [
    "QIMING", "WANQING", "CHENGZE", "ZIHAN", "SIYUAN", "YAQI", "JINGYI", "JIANGUO", "ZHIPENG",
    "HAORAN", "WENBO", "RUOXI", "GUODONG", "HUIMIN", "RUIXIN", "YUTONG", "JIANING", "ZIXUAN",
    "YINUO", "JUNJIE", "XIAOYAN", "WEI", "MIN", "JUN", "NA",
];

fn name(n: usize) -> PersonName {
    PersonName::from_latin(SURNAMES[n % 20], GIVEN[n / 20 % 25])
}

fn born(n: usize) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(1950 + (n / 500 % 50) as i32, 1 + (n % 12) as u32, 2 + (n % 27) as u32)
}

fn phone(n: usize) -> String {
    format!("138{n:08}")
}

async fn house(db: &Db) -> Customers {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(NOW));
    let tables = [customers::permissions::TABLE];
    let vault = Vault::for_tests();
    let access = Access::open(db.clone(), clock.clone(), vault, &tables).await.unwrap();
    let customers = Customers::new(db.clone(), clock.clone(), access);
    let import = kernel::ids::v7(NOW);
    let rows: Vec<MemberInput> = (0..20_000)
        .map(|n| MemberInput {
            source_key: n.to_string(),
            member_no: Some(kernel::member_no::with_check(n as u64)),
            name: Some(name(n)),
            birth_date: born(n),
            phone: Some(phone(n).into()),
            ..MemberInput::default()
        })
        .collect();
    for chunk in rows.chunks(5_000) {
        let mut tx = db.begin().await.unwrap();
        customers.apply_members(&mut tx, "crm", import, chunk, Policy::Create).await.unwrap();
        tx.commit().await.unwrap();
    }
    customers.bulk_mode_off().await.unwrap();
    let mut handlers = Handlers::default();
    customers.handlers(&mut handlers);
    Worker::new(db.clone(), clock, handlers, 1).drain().await.unwrap();
    customers
}

fn statements(from: usize, count: usize) -> Vec<Statement> {
    (from..from + count)
        .map(|n| Statement {
            source: "booking".into(),
            source_key: format!("JB1/2026-11-23/PVGFRA/L{n:05}/{n}"),
            said_at: NOW,
            names: vec![name(n * 7)],
            birth_date: born(n * 7).filter(|_| n % 2 == 0),
            phones: vec![phone(n * 7).into()],
            ..Statement::default()
        })
        .collect()
}

#[tokio::test]
async fn a_batch_of_any_size_costs_a_few_statements() {
    tracing::subscriber::set_global_default(Counter).unwrap();
    let sets = [access::MIGRATIONS, web::MIGRATIONS, customers::MIGRATIONS];
    store::testing::both(&sets, async |db| {
        let customers = house(&db).await;
        let mut cost = Vec::new();
        for (from, count) in [(0, 20), (100, 200), (500, 2_000)] {
            let batch = statements(from, count);
            let mut tx = db.begin().await.unwrap();
            let (before, start) = (RUN.load(Ordering::Relaxed), Instant::now());
            let placed = customers.place(&mut tx, batch).await.unwrap();
            cost.push(RUN.load(Ordering::Relaxed) - before);
            eprintln!("{} {count}: {:.0?}", store::testing::name_of(&db), start.elapsed());
            tx.commit().await.unwrap();
            let linked = placed.iter().filter(|placed| placed.way == Way::Linked).count();
            assert!(linked * 10 >= count * 9, "{linked} of {count} found their member");
        }
        eprintln!("{cost:?}");
        assert!(cost[0] > 5, "statements are counted");
        assert!(cost[0] <= 45, "{cost:?}");
        // SQLite takes a thousand rows a statement, PostgreSQL ten thousand.
        let most = if db.engine() == Engine::Sqlite { cost[0] + 130 } else { cost[0] + 25 };
        assert!(cost[2] <= most, "{cost:?}");
    })
    .await;
}
