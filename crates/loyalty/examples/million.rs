//! A night and the time machine over a million members, on SQLite.
//!
//! ```sh
//! jetbridge demo --members 20000 --no-serve            # with JETBRIDGE_DATA_DIR=DIR
//! cargo run --release -p loyalty --example million -- DIR/jetbridge.db 50
//! ```
//!
//! The members of the programme `bridge-km`, what they flew, their tiers, accounts and lots are copied
//! in the file until there are N of each (fifty by default; a file that was multiplied is left as it
//! is); transfers are not copied. Then the clock goes to the first hour of tomorrow and the nightly
//! jobs run as they do in service: what expires, tiers, the report of what is owed; and then the time
//! machine compares the rules with themselves over 24 months. Run on a copy.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::sync::Arc;
use std::time::Instant;

use access::{Access, Actor, Vault};
use chrono::{Datelike, Months};
use customers::Customers;
use kernel::{Clock, FixedClock, Period, SystemClock};
use loyalty::{EXPIRE_JOB, LIABILITY_JOB, TIERS_JOB};
use loyalty::{Loyalty, Parts, Rules};
use programme::Programme;
use serde_json::json;
use store::jobs::{self, Handlers, New, Worker};
use store::{Config, Db, SqlBuilder, sql};

const CODE: &str = "bridge-km";

/// An id of the copy: two bytes of the random part are the copy's number.
fn copied(column: &str) -> String {
    format!("CAST(substr({column}, 1, 9) || n.bytes || substr({column}, 12) AS BLOB)")
}

/// What is copied: the table, its columns with how each is made, and which rows.
fn tables() -> Vec<(&'static str, Vec<(&'static str, String)>, &'static str)> {
    let same = |name: &'static str| (name, format!("t.{name}"));
    let of = |name: &'static str| (name, copied(&format!("t.{name}")));
    let by_member = "t.member_id IN (SELECT id FROM loyalty_member WHERE programme = 'bridge-km')";
    let by_account = "t.account_id IN (SELECT a.id FROM ledger_account a
        JOIN loyalty_member m ON m.id = a.owner_id WHERE m.programme = 'bridge-km')";
    vec![
        (
            "ledger_lot",
            vec![
                of("id"),
                of("account_id"),
                same("expires_on"),
                same("effective_at"),
                same("amount"),
                same("remaining"),
                same("expired"),
            ],
            by_account,
        ),
        (
            "ledger_account",
            vec![
                of("id"),
                of("owner_id"),
                same("programme"),
                same("unit"),
                same("role"),
                same("name"),
                same("state"),
                same("opened_at"),
                same("balance"),
                same("seq"),
                same("recorded_at"),
                same("next_expiry"),
            ],
            "t.owner_id IN (SELECT id FROM loyalty_member WHERE programme = 'bridge-km')",
        ),
        (
            "loyalty_activity",
            vec![
                of("id"),
                of("member_id"),
                ("key", "t.key || n.k".to_owned()),
                same("flown_on"),
                same("posted_on"),
                same("distance"),
                same("segments"),
                same("spend"),
                same("lifetime"),
            ],
            by_member,
        ),
        (
            "loyalty_fact",
            vec![
                ("key", "t.key || '+' || n.k".to_owned()),
                of("member_id"),
                same("flight_date"),
                same("posted_on"),
                same("packed"),
            ],
            by_member,
        ),
        (
            "loyalty_tier",
            vec![
                of("id"),
                of("member_id"),
                same("tier"),
                same("rank"),
                same("is_by_hand"),
                same("valid_from"),
                same("valid_to"),
                same("reason"),
                same("detail"),
                same("recorded_at"),
            ],
            by_member,
        ),
        (
            "loyalty_tier_now",
            vec![of("member_id"), same("tier"), same("rank"), same("valid_to"), same("look_on")],
            by_member,
        ),
        (
            "loyalty_evaluation",
            vec![of("member_id"), same("evaluated_to"), same("next_on")],
            by_member,
        ),
        (
            "loyalty_member",
            vec![
                of("id"),
                same("programme"),
                ("member_no", "t.member_no || '-' || n.k".to_owned()),
                same("kind"),
                same("state"),
                same("adult_on"),
                same("enrolled_at"),
            ],
            "t.programme = 'bridge-km'",
        ),
    ]
}

async fn count(db: &Db, table: &str) -> i64 {
    let mut tx = db.read().await.unwrap();
    tx.value(SqlBuilder::new(&format!("SELECT COUNT(*) FROM {table}")).build()).await.unwrap()
}

async fn multiply(db: &Db, copies: u16) {
    let mut tx = db.read().await.unwrap();
    let done: i64 = tx
        .value(sql("SELECT COUNT(*) FROM loyalty_member WHERE substr(member_no, -2) = '-1'"))
        .await
        .unwrap();
    drop(tx);
    if done > 0 {
        return;
    }
    for (table, columns, rows) in tables() {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let made: Vec<&str> = columns.iter().map(|(_, how)| how.as_str()).collect();
        // Members come last: the rows to copy are found by those there were at first.
        let numbers = (1..copies).map(|k| format!("('{k}', X'{k:04X}')")).collect::<Vec<_>>();
        let statement = format!(
            "WITH n(k, bytes) AS (VALUES {})
             INSERT INTO {table} ({}) SELECT {} FROM {table} t CROSS JOIN n WHERE {rows}",
            numbers.join(", "),
            names.join(", "),
            made.join(", "),
        );
        let mut tx = db.begin().await.unwrap();
        tx.exec(SqlBuilder::new(&statement).build()).await.unwrap();
        tx.commit().await.unwrap();
        println!("{table}: {} rows", count(db, table).await);
    }
}

async fn run(loyalty: &Loyalty, db: &Db, clock: &Arc<FixedClock>, kind: &'static str) {
    let mut tx = db.begin().await.unwrap();
    jobs::enqueue(&mut tx, New::now(kind, json!({}), clock.now()), clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    drain(loyalty, db, clock, kind).await;
}

async fn drain(loyalty: &Loyalty, db: &Db, clock: &Arc<FixedClock>, what: &str) {
    let mut all = Handlers::default();
    loyalty.handlers(&mut all);
    let begun = Instant::now();
    Worker::new(db.clone(), clock.clone(), all, 1).drain().await.unwrap();
    println!("{what}: {:.1} s", begun.elapsed().as_secs_f64());
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let file = args.next().expect("the file of a demo");
    let copies: u16 = args.next().and_then(|n| n.parse().ok()).unwrap_or(50);
    let db = Db::open(&Config::new(format!("sqlite:{file}"))).await.unwrap();
    let begun = Instant::now();
    multiply(&db, copies).await;
    println!("multiplied in {:.0} s", begun.elapsed().as_secs_f64());

    let now = SystemClock.now();
    let zone = chrono_tz::Asia::Shanghai;
    let tomorrow = now.with_timezone(&zone).date_naive().succ_opt().unwrap();
    let night = tomorrow.and_hms_opt(0, 30, 0).unwrap().and_local_timezone(zone).unwrap();
    let clock = Arc::new(FixedClock::at(night.to_utc()));
    let access = Access::open(db.clone(), clock.clone(), Vault::for_tests(), &[]).await.unwrap();
    let customers = Customers::new(db.clone(), clock.clone(), access.clone());
    let rules = Rules::default();
    let parts = Parts { db: db.clone(), clock: clock.clone(), access, customers, zone, rules };
    let loyalty = Loyalty::new(parts);
    for kind in [EXPIRE_JOB, TIERS_JOB, LIABILITY_JOB] {
        run(&loyalty, &db, &clock, kind).await;
    }

    let actor = Actor::system("bench");
    let versions = loyalty.programme_versions(&actor, CODE).await.unwrap();
    let (_, text) = loyalty.programme_version(&actor, versions[0].id).await.unwrap();
    assert!(Programme::from_toml(&text).is_ok());
    let to = tomorrow.pred_opt().unwrap();
    let span = Period { from: to.checked_sub_months(Months::new(24)).unwrap(), to };
    let asked = loyalty::replay::Asked {
        before: versions[0].id,
        after: versions[0].id,
        span,
        minor_per_thousand: 12_000,
    };
    let id = loyalty.start_replay(&actor, &asked).await.unwrap().into_inner();
    drain(&loyalty, &db, &clock, "time machine").await;
    let (replay, _) = loyalty.replay(&actor, id).await.unwrap();
    let tally = replay.tally.expect("it is done");
    println!("{} members, {} flights, {}", tally.members, tally.flights, span.from.year());
}
