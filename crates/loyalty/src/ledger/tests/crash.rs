//! A process killed while it posts: nothing acknowledged is lost, nothing is doubled.
//!
//! The test starts itself again as a child that posts for ever and prints what was acknowledged, and
//! kills it. What the child asked for is then asked for again, all of it.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use chrono::Duration;
use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use store::testing::Scratch;
use store::{Config, Db};
use uuid::Uuid;

use super::*;

const CHILD: &str = "JETBRIDGE_TEST_LEDGER_CHILD";
/// How often it is killed; `JETBRIDGE_TEST_KILLS=500` for more.
const ROUNDS: u64 = 10;

/// The n-th batch, the same whoever makes it: ids, amounts and times follow from the seed.
fn batch(issuance: AccountId, redemption: AccountId, one: AccountId, n: u64) -> Vec<Transfer> {
    let mut rng = ChaCha8Rng::seed_from_u64(n);
    let at = NOW + Duration::seconds(1);
    let id = |rng: &mut ChaCha8Rng| kernel::ids::v7_seeded(at, rng).into();
    let mut transfers = Vec::new();
    for _ in 0..rng.random_range(1..150) {
        let amount = rng.random_range(1..100);
        let (debit, credit) = (issuance, one);
        let step = Step::Post { debit, credit, amount, expires_on: Some(day(300)) };
        transfers.push(Transfer::new(id(&mut rng), "earn", at, step));
    }
    let hold: TransferId = id(&mut rng);
    let (debit, credit, due) = (one, redemption, None);
    let step = Step::Hold { debit, credit, amount: 1, expires_on: None, due };
    transfers.push(Transfer::new(hold, "hold", at, step).linked());
    let step = Step::Settle { hold, amount: None };
    transfers.push(Transfer::new(id(&mut rng), "settle", at, step));
    transfers
}

/// What the child does; does nothing in an ordinary run.
#[tokio::test]
async fn child() {
    let Ok(what) = std::env::var(CHILD) else { return };
    let mut words = what.split(' ');
    let url = words.next().unwrap().to_owned();
    let mut id = || AccountId::from(words.next().unwrap().parse::<Uuid>().unwrap());
    let (issuance, redemption, one) = (id(), id(), id());
    let from: u64 = words.next().unwrap().parse().unwrap();
    let db = Db::open(&Config::new(url)).await.unwrap();
    let clock = Arc::new(FixedClock::at(NOW + Duration::hours(1)));
    let ledger = Ledger::new(db, clock, chrono_tz::Asia::Shanghai);
    for n in from.. {
        let outcomes = ledger.post(batch(issuance, redemption, one, n)).await.unwrap();
        assert!(outcomes.iter().all(|outcome| outcome.is_posted()), "{outcomes:?}");
        println!("acknowledged {n} .");
    }
}

async fn killed_and_asked_again(scratch: &Scratch) {
    let desk = Desk::new(scratch.db.clone()).await;
    desk.clock.advance(Duration::hours(1));
    let asked = std::env::var("JETBRIDGE_TEST_KILLS").ok().and_then(|text| text.parse().ok());
    let rounds: u64 = asked.unwrap_or(ROUNDS);
    let mut next = 0;
    for round in 0..rounds {
        let accounts = [desk.issuance, desk.redemption, desk.one].map(|id| id.to_string());
        let what = format!("{} {} {next}", scratch.url, accounts.join(" "));
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "ledger::tests::crash::child", "--nocapture"])
            .env(CHILD, what)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut acknowledged = None;
        for line in lines.map_while(Result::ok) {
            let Some(n) = line.split("acknowledged ").nth(1) else { continue };
            let n: u64 = n.trim_end_matches(" .").parse().unwrap();
            acknowledged = Some(n);
            if n >= next + 1 + round % 7 {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let last = acknowledged.unwrap();
        if round < ROUNDS || round % 20 == 0 {
            desk.sound().await;
        }
        for n in next..=last {
            let again = batch(desk.issuance, desk.redemption, desk.one, n);
            let outcomes = desk.ledger.post(again).await.unwrap();
            assert!(outcomes.iter().all(|it| *it == Outcome::AlreadyPosted), "lost: batch {n}");
        }
        // Under way when the process died: whole or not at all, and whole after asking again.
        let under_way = batch(desk.issuance, desk.redemption, desk.one, last + 1);
        let outcomes = desk.ledger.post(under_way).await.unwrap();
        let same = outcomes.iter().all(|it| *it == outcomes[0]);
        assert!(same && outcomes[0].is_posted(), "{outcomes:?}");
        next = last + 2;
    }
    let expected: i64 = (0..next)
        .flat_map(|n| batch(desk.issuance, desk.redemption, desk.one, n))
        .map(|transfer| match transfer.step {
            Step::Post { amount, .. } => amount,
            Step::Hold { amount, .. } => -amount,
            _ => 0,
        })
        .sum();
    assert_eq!(desk.balance(desk.one).await, expected);
    desk.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_loses_nothing_and_doubles_nothing() {
    let scratch = Scratch::sqlite(&[crate::MIGRATIONS]).await;
    killed_and_asked_again(&scratch).await;
    scratch.discard().await;
    if let Some(scratch) = Scratch::postgres(&[crate::MIGRATIONS]).await {
        killed_and_asked_again(&scratch).await;
        scratch.discard().await;
    }
}
