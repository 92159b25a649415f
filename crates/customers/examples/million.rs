//! Measures the customers domain at size, on SQLite or PostgreSQL:
//!
//! ```sh
//! cargo run --release -p customers --example million -- sqlite:/tmp/million.db 1000000
//! ```
//!
//! Imports N made-up members through the set-based door in batches of 20,000, imports the same rows
//! again, publishes standings, then asks for searches and list pages and prints the percentiles.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "an example")]

use std::sync::Arc;
use std::time::Instant;

use access::{Access, Actor, Vault};
use chrono::NaiveDate;
use customers::pages::lists::LIST;
use customers::{Applied, CustomerId, Customers, MemberInput, Policy, Standing, Tier};
use kernel::names::PersonName;
use kernel::{Clock, SystemClock};
use store::{Config, Db};
use web::list::{ListQuery, Today};

const SURNAMES: &str =
    "周王李张刘陈杨赵黄吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
const GIVEN: &str =
    "启明婉清承泽梓涵思远雅琪静怡建国志鹏浩然文博若曦国栋慧敏瑞欣雨桐佳宁子轩一诺俊杰晓燕";
const CITIES: [&str; 8] = ["北京", "上海", "广州", "深圳", "成都", "杭州", "西安", "重庆"];

fn pick(text: &str, n: u64) -> char {
    let all = text.chars().count() as u64;
    text.chars().nth((n % all) as usize).unwrap()
}

fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn member(n: u64) -> MemberInput {
    let r = mix(n + 1);
    let name: String =
        [pick(SURNAMES, r), pick(GIVEN, r >> 8), pick(GIVEN, r >> 16)].iter().collect();
    MemberInput {
        source_key: n.to_string(),
        member_no: Some(kernel::member_no::with_check(n)),
        name: Some(PersonName::from_native(&name)),
        birth_date: NaiveDate::from_ymd_opt(1950 + (r >> 20) as i32 % 50, 6, 1),
        city: Some(CITIES[(r >> 24) as usize % 8].to_owned()),
        tier: Some(Tier::ALL[(r >> 28) as usize % 5]),
        joined_on: NaiveDate::from_num_days_from_ce_opt(734_000 + (r >> 32) as i32 % 5_000),
        phone: Some(format!("138{:08}", n % 100_000_000).into()),
        email: Some(format!("member{n}@example.com").into()),
        ..MemberInput::default()
    }
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let url = args.next().unwrap_or_else(|| "sqlite:/tmp/million.db".to_owned());
    let count: u64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let db = Db::open(&Config::new(&url)).await.unwrap();
    let sets = [store::MIGRATIONS, access::MIGRATIONS, web::MIGRATIONS, customers::MIGRATIONS];
    store::migrate(&db, &sets, clock.now()).await.unwrap();
    let tables = [customers::permissions::TABLE];
    let vault = Vault::for_tests();
    let access = Access::open(db.clone(), clock.clone(), vault, &tables).await.unwrap();
    let customers = Customers::new(db.clone(), clock.clone(), access);
    let ids = import(&db, &customers, clock.as_ref(), count).await;
    publish(&db, &customers, &ids).await;
    customers.start().await.unwrap();
    search(&customers).await;
    lists(&db).await;
}

async fn import(db: &Db, customers: &Customers, clock: &dyn Clock, count: u64) -> Vec<CustomerId> {
    let import = kernel::ids::v7(clock.now());
    let mut ids = Vec::new();
    for (round, words) in ["import", "the same again"].into_iter().enumerate() {
        let start = Instant::now();
        customers.bulk_mode_on(count).await.unwrap();
        for from in (0..count).step_by(20_000) {
            let rows: Vec<MemberInput> = (from..(from + 20_000).min(count)).map(member).collect();
            let mut tx = db.begin().await.unwrap();
            let policy = Policy::CreateOrUpdate;
            let done = customers.apply_members(&mut tx, "bench", import, &rows, policy).await;
            tx.commit().await.unwrap();
            if round == 0 {
                ids.extend(done.unwrap().into_iter().filter_map(|applied| match applied {
                    Applied::Created(id) => Some(id),
                    _ => None,
                }));
            }
        }
        let rows = start.elapsed();
        customers.bulk_mode_off().await.unwrap();
        println!("{words}: rows {rows:.1?}, in all {:.1?}", start.elapsed());
    }
    ids
}

async fn publish(db: &Db, customers: &Customers, ids: &[CustomerId]) {
    let start = Instant::now();
    let day = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
    let groups = ["keep", "develop", "winback", "general", "low"];
    let lives = ["new", "growing", "mature", "at-risk", "dormant", "lost"];
    for (part, chunk) in ids.chunks(10_000).enumerate() {
        let standings: Vec<Standing> = chunk
            .iter()
            .enumerate()
            .map(|(n, id)| {
                let r = mix((part * 10_000 + n) as u64);
                Standing {
                    customer: *id,
                    last_flight_on: day.checked_sub_days(chrono::Days::new(r % 700)),
                    last_route: Some("PVG-PEK".to_owned()),
                    flights: (r % 120) as i64,
                    km: (r % 200_000) as i64,
                    coefficient: Some(0.7),
                    value_group: Some(groups[(r >> 20) as usize % 5]),
                    value_score: Some((r % 1_000) as f64 / 10.0),
                    lifecycle: Some(lives[(r >> 24) as usize % 6]),
                    observed_on: day,
                }
            })
            .collect();
        let mut tx = db.begin().await.unwrap();
        customers.publish_standing(&mut tx, &standings).await.unwrap();
        tx.commit().await.unwrap();
    }
    println!("standings: {:.1?}", start.elapsed());
}

fn tell(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{what}: p50 {:.1} ms, p95 {:.1} ms, max {:.1} ms", at(0.5), at(0.95), at(1.0));
}

async fn search(customers: &Customers) {
    let actor = Actor::system("bench");
    let kinds = [
        "周启明",
        "周",
        "启明",
        "zhouqiming",
        "qiming zhou",
        "zqm",
        "z",
        "zhou qm",
        "wang",
        "zhouqimign",
        "zhuo qiming",
        "lisiyaun",
        "13800012345",
        "member77@example.com",
        "0000",
        "000012",
        "周其名",
        "xqzt",
    ];
    for kind in kinds {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..20 {
            let start = Instant::now();
            found = customers.search(&actor, kind, 10).await.unwrap().len();
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        tell(&format!("search {kind} ({found})"), times);
    }
}

async fn lists(db: &Db) {
    let today = Today { date: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(), zone: chrono_tz::UTC };
    let links = [
        "",
        "sort=name",
        "sort=-last",
        "f=tier:in:gold",
        "f=city:is:北京;tier:in:lifetime",
        "f=group:in:keep;life:in:at-risk&sort=-score",
        "f=km:gte:199000;tier:in:gold",
        "f=(km:gte:199990,flights:gte:119);life:in:lost",
        "q=zhou%20qi",
        "q=周启",
        "f=last_on:older:600;group:in:low&sort=name",
        "f=name:has:qiming",
        "f=tag:in:vip",
        "f=birth_month:is:6;city:is:成都",
    ];
    for link in links {
        let (query, _) = ListQuery::parse(link, &LIST).unwrap();
        let (mut pages, mut counts) = (Vec::new(), Vec::new());
        let mut count = 0;
        for _ in 0..10 {
            let mut tx = db.read().await.unwrap();
            let start = Instant::now();
            let spec = web::list::ListSpec { select: "c.id", ..LIST };
            let _: web::list::Rows<(uuid::Uuid,)> =
                web::list::fetch(&mut tx, &spec, &query, None, today).await.unwrap();
            pages.push(start.elapsed().as_secs_f64() * 1e3);
            let start = Instant::now();
            let cap = Some(LIST.count_cap);
            count = web::list::count(&mut tx, &LIST, &query, None, today, cap).await.unwrap();
            counts.push(start.elapsed().as_secs_f64() * 1e3);
        }
        tell(&format!("list {link}"), pages);
        tell(&format!("  count ({count})"), counts);
    }
}
