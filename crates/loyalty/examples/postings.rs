//! How many postings a second the ledger takes, beside a bare insert of the same rows.
//!
//! ```text
//! cargo run --release -p loyalty --example postings -- sqlite:/tmp/postings/books.db
//! cargo run --release -p loyalty --example postings -- postgres://user@host/an_empty_database
//! ```
//!
//! Every commit waits for the disk. One run, one database: `batches` posts accruals to members in
//! batches of 5,000; `bare` inserts the same transfer rows, in batches as long, into a table of the
//! same shape without anything else; `singles` posts one at a time from 32 clients; `bare singles`
//! inserts one row a transaction from 32 clients. Last, everything is worked out anew.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement talks and may stop")]

use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use kernel::{Clock, SystemClock};
use loyalty::MemberId;
use loyalty::ledger::{AccountId, Book, Ledger, Outcome, Role, Step, Transfer, TransferId, Unit};
use store::{Col, Config, Db, Value, sql};

const PROGRAMME: &str = "ZH";
const CLIENTS: usize = 32;

struct Plan {
    members: usize,
    transfers: usize,
    batch: usize,
    singles: usize,
}

#[tokio::main]
async fn main() {
    let mut given = std::env::args().skip(1);
    let url = given.next().unwrap_or_else(|| "sqlite:postings.db".to_owned());
    let mut number = |usual: usize| given.next().and_then(|it| it.parse().ok()).unwrap_or(usual);
    let plan = Plan {
        members: number(20_000),
        transfers: number(200_000),
        batch: 5_000,
        singles: number(16_000),
    };
    let db = Db::open(&Config { connections: 34, ..Config::new(url) }).await.unwrap();
    let clock = Arc::new(SystemClock);
    store::migrate(&db, &[store::MIGRATIONS, loyalty::MIGRATIONS], clock.now()).await.unwrap();
    let ledger = Ledger::new(db.clone(), clock.clone(), chrono_tz::Asia::Shanghai);
    let (issuance, accounts) = open(&db, &ledger, &plan).await;
    println!("{:?}: {} members", db.engine(), accounts.len());

    let transfers = |count: usize| -> Vec<Transfer> {
        (0..count).map(|at| accrual(issuance, accounts[at % accounts.len()], at)).collect()
    };
    let all = transfers(plan.transfers);
    let start = Instant::now();
    for batch in all.chunks(plan.batch) {
        let outcomes = ledger.post(batch.to_vec()).await.unwrap();
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Posted));
    }
    tell("batches", plan.transfers, start);

    bare_table(&db).await;
    let start = Instant::now();
    for batch in all.chunks(plan.batch) {
        bare(&db, batch).await;
    }
    tell("bare", plan.transfers, start);

    let singles = Arc::new(transfers(plan.singles));
    let start = Instant::now();
    let (books, given) = (ledger.clone(), singles.clone());
    clients(plan.singles, move |at| {
        let (ledger, singles) = (books.clone(), given.clone());
        async move {
            let outcomes = ledger.post(vec![singles[at].clone()]).await.unwrap();
            assert_eq!(outcomes, [Outcome::Posted]);
        }
    })
    .await;
    tell("singles, 32 clients", plan.singles, start);

    let start = Instant::now();
    clients(plan.singles, move |at| {
        let (db, singles) = (db.clone(), singles.clone());
        async move { bare(&db, std::slice::from_ref(&singles[at])).await }
    })
    .await;
    tell("bare singles, 32 clients", plan.singles, start);

    let start = Instant::now();
    let checked = ledger.check().await.unwrap();
    println!(
        "check: {} accounts, {} transfers, {} differences, {:.1} s",
        checked.accounts,
        checked.transfers,
        checked.differences.len(),
        start.elapsed().as_secs_f64()
    );
}

fn tell(what: &str, count: usize, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate to be read")]
    let rate = count as f64 / seconds;
    println!("{what}: {count} in {seconds:.2} s = {rate:.0}/s");
}

async fn open(db: &Db, ledger: &Ledger, plan: &Plan) -> (AccountId, Vec<AccountId>) {
    let members: Vec<MemberId> =
        (0..plan.members).map(|_| MemberId::new(SystemClock.now())).collect();
    let mut tx = db.begin().await.unwrap();
    ledger.open_programme(&mut tx, PROGRAMME).await.unwrap();
    ledger.open_members(&mut tx, &members, PROGRAMME).await.unwrap();
    let book = Book::new(PROGRAMME, Unit::Miles);
    let issuance = ledger.role(&mut tx, &book, Role::Issuance, "").await.unwrap();
    let accounts: Vec<uuid::Uuid> = tx
        .values(sql("SELECT id FROM ledger_account WHERE unit = 'miles' AND owner_id IS NOT NULL"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    (issuance, accounts.into_iter().map(AccountId::from).collect())
}

fn accrual(issuance: AccountId, member: AccountId, at: usize) -> Transfer {
    let now = SystemClock.now();
    let expires_on = NaiveDate::from_ymd_opt(2035, 12, 31);
    let amount = 500 + i64::try_from(at % 4_000).unwrap();
    let step = Step::Post { debit: issuance, credit: member, amount, expires_on };
    let why = serde_json::json!({
        "flight": "ZH9001", "from": "SZX", "to": "PEK", "class": "Y", "distance_km": 1950,
        "share": 100, "rule": "accrual-domestic-y", "version": 3
    });
    let id = TransferId::new(now);
    Transfer::new(id, "accrual-flight", now, step).because(format!("479-{at:010}-1"), why)
}

async fn clients<F: Future<Output = ()> + Send + 'static>(
    count: usize,
    one: impl Fn(usize) -> F + Send + Sync + 'static,
) {
    let one = Arc::new(one);
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let one = one.clone();
            tokio::spawn(async move {
                for at in (client..count).step_by(CLIENTS) {
                    one(at).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn bare_table(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    tx.script(
        "CREATE TABLE bare_transfer (id UUID PRIMARY KEY, code TEXT NOT NULL,
            debit_id UUID NOT NULL, credit_id UUID NOT NULL, amount BIGINT NOT NULL,
            effective_at TIMESTAMPTZ NOT NULL, recorded_at TIMESTAMPTZ NOT NULL,
            expires_on DATE, reference TEXT NOT NULL, explanation JSONB NOT NULL)",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

async fn bare(db: &Db, batch: &[Transfer]) {
    let columns = [
        Col::uuid("id"),
        Col::text("code"),
        Col::uuid("debit_id"),
        Col::uuid("credit_id"),
        Col::i64("amount"),
        Col::time("effective_at"),
        Col::time("recorded_at"),
        Col::date("expires_on"),
        Col::text("reference"),
        Col::json("explanation"),
    ];
    let rows = batch.iter().filter_map(|transfer| {
        let Step::Post { debit, credit, amount, expires_on } = &transfer.step else { return None };
        Some(vec![
            // Singles come a second time: an id of its own.
            TransferId::new(transfer.effective_at).uuid().into(),
            (&transfer.code).into(),
            debit.uuid().into(),
            credit.uuid().into(),
            (*amount).into(),
            transfer.effective_at.into(),
            transfer.effective_at.into(),
            (*expires_on).into(),
            (&transfer.reference).into(),
            transfer.explanation.clone().into(),
        ])
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    let mut tx = db.begin().await.unwrap();
    tx.bulk("bare_transfer", &columns, rows, "").await.unwrap();
    tx.commit().await.unwrap();
}
