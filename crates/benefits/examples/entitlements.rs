//! How long an entitlement answer takes among many members.
//!
//! `cargo run --release -p benefits --example entitlements -- [members] [database address]`; without an
//! address an SQLite file in the folder for temporary files. Prints p50 and p99 with 1 and 16 clients.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use access::{Access, Actor, Vault};
use benefits::{Asked, Benefits, Parts, Who};
use customers::Customers;
use flights::Flights;
use kernel::{Clock, FixedClock};
use loyalty::Loyalty;
use programme::document::Cabin;
use programme::examples;
use store::{Col, Config, Db, Value};
use uuid::Uuid;

const CHUNK: u64 = 20_000;
const ASKS: u64 = 4_000;

fn id(n: u64, kind: u128) -> Uuid {
    Uuid::from_u128((0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from(n)) ^ (kind << 64))
}

fn number(n: u64) -> String {
    kernel::member_no::with_check(600_000_000 + n)
}

#[allow(clippy::too_many_lines, reason = "one table after the other")]
async fn fill(db: &Db, members: u64) {
    let now = store::testing::NOW;
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let mut from = 0;
    while from < members {
        let part = from..(from + CHUNK).min(members);
        from = part.end;
        let mut tx = db.begin().await.unwrap();
        let member = |n: u64| -> Vec<Value> {
            vec![
                id(n, 0).into(),
                "bridge-km".into(),
                number(n).into(),
                "ordinary".into(),
                "open".into(),
                (now - chrono::Duration::days(900)).into(),
            ]
        };
        let columns = [
            Col::uuid("id"),
            Col::text("programme"),
            Col::text("member_no"),
            Col::text("kind"),
            Col::text("state"),
            Col::time("enrolled_at"),
        ];
        tx.bulk("loyalty_member", &columns, part.clone().map(member).collect(), "").await.unwrap();
        let columns = [
            Col::uuid("id"),
            Col::uuid("member_id"),
            Col::text("tier"),
            Col::i64("rank"),
            Col::bool("is_by_hand"),
            Col::date("valid_from"),
            Col::date("valid_to"),
            Col::text("reason"),
            Col::json("detail"),
            Col::time("recorded_at"),
        ];
        // Every member two rows of tiers; one in four of the highest.
        let tier = |n: u64| {
            [
                ("SILVER", 1, "2024-06-10", "2026-05-31", 800),
                ("", 0, "2026-01-05", "2027-12-31", 300),
            ]
            .into_iter()
            .enumerate()
            .map(move |(k, (tier, rank, from, to, ago))| -> Vec<Value> {
                let (tier, rank) = match (tier, n % 4) {
                    ("", 0) => ("PLATINUM", 3),
                    ("", _) => ("GOLD", 2),
                    _ => (tier, rank),
                };
                vec![
                    id(n * 2 + u64::try_from(k).unwrap(), 1).into(),
                    id(n, 0).into(),
                    tier.into(),
                    rank.into(),
                    false.into(),
                    day(from).into(),
                    day(to).into(),
                    "upgrade".into(),
                    serde_json::json!({"version": 7}).into(),
                    (now - chrono::Duration::days(ago)).into(),
                ]
            })
        };
        let rows = part.clone().flat_map(tier).collect();
        tx.bulk("loyalty_tier", &columns, rows, "").await.unwrap();
        let columns = [
            Col::uuid("id"),
            Col::uuid("member_id"),
            Col::text("benefit"),
            Col::i64("version"),
            Col::i64("change"),
            Col::i64("companions"),
            Col::bool("is_counted"),
            Col::text("basis"),
            Col::date("used_on"),
            Col::text("flight"),
            Col::text("place"),
            Col::text("note"),
            Col::time("recorded_at"),
            Col::uuid("recorded_by"),
            Col::text("recorded_as"),
        ];
        let one = |n: u64| {
            (0..3_u64).map(move |k| -> Vec<Value> {
                let limited = k == 0;
                vec![
                    id(n * 3 + k, 2).into(),
                    id(n, 0).into(),
                    (if limited { "limousine" } else { "lounge" }).into(),
                    7.into(),
                    1.into(),
                    0.into(),
                    limited.into(),
                    "tier".into(),
                    day("2026-05-05").into(),
                    "".into(),
                    "PVG".into(),
                    "".into(),
                    now.into(),
                    Uuid::nil().into(),
                    "api-key".into(),
                ]
            })
        };
        let rows = part.flat_map(one).collect();
        tx.bulk("benefit_use", &columns, rows, "").await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn ask(benefits: Benefits, members: u64, seed: u64, asks: u64) -> Vec<Duration> {
    let actor = Actor::system("bench");
    let asked = Asked {
        designator: "JB831".to_owned(),
        date: "2026-12-01".parse().unwrap(),
        from: Some("PVG".to_owned()),
        to: Some("PEK".to_owned()),
        departs_at: Some("2026-12-01T04:00:00Z".parse().unwrap()),
        operating: None,
        cabin: Some(Cabin::Business),
    };
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut times = Vec::new();
    for _ in 0..asks {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let who = [Who::No { programme: "bridge-km".to_owned(), number: number(state % members) }];
        let begun = Instant::now();
        let (_, replies) = benefits.entitlements(&actor, &who, &asked, None).await.unwrap();
        times.push(begun.elapsed());
        assert!(replies[0].answer.as_ref().is_some_and(|it| it.benefits.len() == 13));
    }
    times
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let members: u64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = std::env::temp_dir().join(format!("jetbridge-bench-{}", std::process::id()));
    let url = args.next().unwrap_or_else(|| {
        std::fs::create_dir_all(&folder).unwrap();
        format!("sqlite:{}", folder.join("bench.db").display())
    });
    let db = Db::open(&Config { connections: 16, ..Config::new(url) }).await.unwrap();
    let sets = [
        store::MIGRATIONS,
        access::MIGRATIONS,
        web::MIGRATIONS,
        customers::MIGRATIONS,
        flights::MIGRATIONS,
        loyalty::MIGRATIONS,
        benefits::MIGRATIONS,
    ];
    store::migrate(&db, &sets, store::testing::NOW).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(store::testing::NOW));
    let access = Access::open(db.clone(), clock.clone(), Vault::for_tests(), &[]).await.unwrap();
    let customers = Customers::new(db.clone(), clock.clone(), access.clone());
    let flights = Flights::new(db.clone(), clock.clone(), customers.clone());
    let loyalty = Loyalty::new(loyalty::Parts {
        db: db.clone(),
        clock: clock.clone(),
        access: access.clone(),
        customers,
        zone: chrono_tz::Asia::Shanghai,
        rules: loyalty::Rules::default(),
    });
    let parts = Parts { db: db.clone(), clock, access, flights, loyalty: loyalty.clone() };
    let benefits = Benefits::new(parts);
    let (one, other) = (Actor::system("one"), {
        let policy = access::Policy::new(&[loyalty::permissions::TABLE]);
        Actor::staff(Uuid::from_u128(7), "two", &[access::Role::Manager], &policy)
    });
    let draft = loyalty::programmes::Draft {
        text: examples::BRIDGE_KM.to_owned(),
        valid_from: "2013-01-08".parse().unwrap(),
        note: String::new(),
    };
    let drafted = loyalty.draft_programme(&one, draft).await.unwrap();
    let _ = loyalty.propose_programme(&one, drafted.id).await.unwrap();
    let _ = loyalty.decide_programme(&other, drafted.id, true, "").await.unwrap();
    let begun = Instant::now();
    fill(&db, members).await;
    for table in ["loyalty_member", "loyalty_tier", "benefit_use"] {
        db.settle_table(table).await.unwrap();
    }
    println!("{members} members made in {:.0?}", begun.elapsed());
    for clients in [1_u64, 16] {
        let begun = Instant::now();
        let tasks = (0..clients)
            .map(|n| tokio::spawn(ask(benefits.clone(), members, n + 1, ASKS / clients.min(4))));
        let mut all = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            all.extend(task.await.unwrap());
        }
        all.sort_unstable();
        let at = |share: usize| all[(all.len() - 1) * share / 1_000];
        let rate = all.len() as f64 / begun.elapsed().as_secs_f64();
        println!(
            "{clients:>2} clients: p50 {:.2?}, p99 {:.2?}, p99.9 {:.2?}, {rate:.0}/s",
            at(500),
            at(990),
            at(999)
        );
    }
    db.close().await;
    let _ = std::fs::remove_dir_all(&folder);
}
