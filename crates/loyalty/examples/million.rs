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

/// What is copied of a table.
struct Part {
    table: &'static str,
    /// Columns that get the copy's id.
    ids: &'static [&'static str],
    /// A text of its own, to which the copy's number is appended; may be empty.
    key: &'static str,
    /// Columns that stay.
    same: &'static [&'static str],
    /// Which rows.
    rows: &'static str,
}

const OF_MEMBERS: &str =
    "t.member_id IN (SELECT id FROM loyalty_member WHERE programme = 'bridge-km')";

/// Members come last: the rows to copy are found by those there were at first.
const PARTS: &[Part] = &[
    Part {
        table: "ledger_lot",
        ids: &["id", "account_id"],
        key: "",
        same: &["expires_on", "effective_at", "amount", "remaining", "expired"],
        rows: "t.account_id IN (SELECT a.id FROM ledger_account a
            JOIN loyalty_member m ON m.id = a.owner_id WHERE m.programme = 'bridge-km')",
    },
    Part {
        table: "ledger_account",
        ids: &["id", "owner_id"],
        key: "",
        same: &[
            "programme",
            "unit",
            "role",
            "name",
            "state",
            "opened_at",
            "balance",
            "seq",
            "recorded_at",
            "next_expiry",
        ],
        rows: "t.owner_id IN (SELECT id FROM loyalty_member WHERE programme = 'bridge-km')",
    },
    Part {
        table: "loyalty_activity",
        ids: &["id", "member_id"],
        key: "key",
        same: &["flown_on", "posted_on", "distance", "segments", "spend", "lifetime"],
        rows: OF_MEMBERS,
    },
    Part {
        table: "loyalty_fact",
        ids: &["member_id"],
        key: "key",
        same: &["flight_date", "posted_on", "packed"],
        rows: OF_MEMBERS,
    },
    Part {
        table: "loyalty_tier",
        ids: &["id", "member_id"],
        key: "",
        same: &[
            "tier",
            "rank",
            "is_by_hand",
            "valid_from",
            "valid_to",
            "reason",
            "detail",
            "recorded_at",
        ],
        rows: OF_MEMBERS,
    },
    Part {
        table: "loyalty_tier_now",
        ids: &["member_id"],
        key: "",
        same: &["tier", "rank", "valid_to", "look_on"],
        rows: OF_MEMBERS,
    },
    Part {
        table: "loyalty_evaluation",
        ids: &["member_id"],
        key: "",
        same: &["evaluated_to", "next_on"],
        rows: OF_MEMBERS,
    },
    Part {
        table: "loyalty_member",
        ids: &["id"],
        key: "member_no",
        same: &["programme", "kind", "state", "adult_on", "enrolled_at"],
        rows: "t.programme = 'bridge-km'",
    },
];

impl Part {
    fn statement(&self, copies: u16) -> String {
        let ids = self.ids.iter().map(|name| (*name, copied(&format!("t.{name}"))));
        let same = self.same.iter().map(|name| (*name, format!("t.{name}")));
        let key = Some((self.key, format!("t.{} || '-' || n.k", self.key)));
        let key = key.filter(|(name, _)| !name.is_empty());
        let (names, made): (Vec<&str>, Vec<String>) = ids.chain(key).chain(same).unzip();
        let numbers = (1..copies).map(|k| format!("('{k}', X'{k:04X}')")).collect::<Vec<_>>();
        let (table, rows) = (self.table, self.rows);
        format!(
            "WITH n(k, bytes) AS (VALUES {})
             INSERT INTO {table} ({}) SELECT {} FROM {table} t CROSS JOIN n WHERE {rows}",
            numbers.join(", "),
            names.join(", "),
            made.join(", "),
        )
    }
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
    for part in PARTS {
        let mut tx = db.begin().await.unwrap();
        tx.exec(SqlBuilder::new(&part.statement(copies)).build()).await.unwrap();
        tx.commit().await.unwrap();
        println!("{}: {} rows", part.table, count(db, part.table).await);
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
    let file = args.next().unwrap();
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
    let tally = replay.tally.unwrap();
    println!("{} members, {} flights, {}", tally.members, tally.flights, span.from.year());
}
