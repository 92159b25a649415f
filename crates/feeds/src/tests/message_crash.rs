//! kill -9 while messages are applied: the next process goes on, nothing is lost or doubled.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use access::Actor;
use kernel::SystemClock;
use store::testing::Scratch;
use store::{Config, Db};

use super::ground::{SETS, ground, service};
use super::messages::list;
use crate::messages::{Delivery, Told};

const URL: &str = "JETBRIDGE_TEST_MESSAGE_CRASH_URL";
const FOLDER: &str = "JETBRIDGE_TEST_MESSAGE_CRASH_FOLDER";
const FLIGHTS: u32 = 300;

/// The child: applies slowly until it is killed. Does nothing in an ordinary run of the tests.
#[tokio::test]
async fn child_of_the_message_crash_test() {
    let (Ok(url), Ok(folder)) = (std::env::var(URL), std::env::var(FOLDER)) else { return };
    let db = Db::open(&Config::new(url)).await.unwrap();
    let blobs = Path::new(&folder).join("blobs");
    let feeds = service(db, Arc::new(SystemClock), blobs).await;
    let slowly: Told = Arc::new(|_| {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok(())
        })
    });
    feeds.process(&slowly).await.unwrap();
}

async fn killed_and_taken_up(scratch: &Scratch) {
    let ground = ground(scratch.db.clone()).await;
    let mut deliveries = Vec::new();
    for n in 0..FLIGHTS {
        let flight = format!("CA{}/22NOV PEK", 1_000 + n);
        for (part, last) in [(1, false), (2, true)] {
            let name = format!("1LI/{}MR", ["AN", "BO"][usize::from(last)]);
            let text = list("PNL", &flight, (part, last), "211530", &name);
            deliveries.push(Delivery::new(text));
        }
    }
    let feeds = &ground.feeds;
    let actor = Actor::system("crash test");
    feeds.receive_all(&actor, "type-b", deliveries.clone()).await.unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::message_crash::child_of_the_message_crash_test", "--nocapture"])
        .env(URL, &scratch.url)
        .env(FOLDER, ground.folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let applied = "SELECT COUNT(*) FROM feed_message WHERE status = 'applied'";
    let mut at = 0;
    for _ in 0..600 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        at = ground.count(applied).await;
        if at > 20 {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let all = i64::from(FLIGHTS) * 2;
    assert!((1..all).contains(&at), "killed in the middle, at {at}");
    let before = ground.count(applied).await;
    assert_eq!(before % 2, 0, "both parts of a list or neither");

    // The same bytes again, as after a restart: nothing is doubled.
    let again = feeds.receive_all(&actor, "type-b", deliveries).await.unwrap();
    assert!(again.iter().all(|one| one.duplicate));
    let done = ground.process().await;
    assert_eq!(i64::try_from(done.messages).unwrap(), (all - before) / 2);
    assert_eq!(ground.count(applied).await, all);
    let twice = "SELECT COUNT(*) FROM feed_message WHERE attempts > 1";
    assert_eq!(ground.count(twice).await, 0, "each was applied once");
}

#[tokio::test]
async fn killed_while_applying_nothing_is_lost_or_doubled() {
    let scratch = Scratch::sqlite(SETS).await;
    killed_and_taken_up(&scratch).await;
    scratch.discard().await;
    if let Some(scratch) = Scratch::postgres(SETS).await {
        killed_and_taken_up(&scratch).await;
        scratch.discard().await;
    }
}
