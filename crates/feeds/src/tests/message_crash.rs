//! kill -9 while messages are applied: the next process goes on, nothing is lost or doubled.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use access::Actor;
use kernel::SystemClock;
use store::testing::Scratch;
use store::{Config, Db, sql};

use super::ground::{both, ground, in_processes, service};
use super::messages::list;
use crate::Error;
use crate::messages::{Delivery, MOST_DEATHS, Told};

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
    in_processes(async |scratch| killed_and_taken_up(scratch).await).await;
}

#[tokio::test]
async fn a_message_on_which_processes_die_is_put_aside() {
    both(async |ground| {
        let mut ids = Vec::new();
        for n in 0..3 {
            let text = list("PNL", &format!("CA{n}/22NOV PEK"), (1, true), "211530", "1LI/SIMR");
            ids.push(ground.send(text).await[0].id);
        }
        // A process died on the page, then others on one of its messages alone.
        assert!(ground.feeds.begin_page(&ids).await.unwrap().is_empty());
        let died = async |times: i64| {
            let mut tx = ground.db.begin().await.unwrap();
            let told = sql("UPDATE feed_trying SET times = $2 WHERE message_id = $1");
            tx.exec(told.bind(ids[1]).bind(times)).await.unwrap();
            tx.commit().await.unwrap();
        };
        died(MOST_DEATHS).await;
        let done = ground.process().await;
        assert_eq!((done.applied, done.quarantined), (2, 1), "its neighbours are well");
        let reason = Some("feeds-refused-abort".to_owned());
        assert_eq!(ground.state(ids[1]).await, ("quarantined".to_owned(), reason, false));

        // Replayed, perhaps by a program that can read it, it starts anew; once more is no death.
        assert!(ground.feeds.replay(&ground.actor, ids[1]).await.unwrap());
        ground.feeds.begin_page(&ids[1..2]).await.unwrap();
        died(MOST_DEATHS - 1).await;
        assert_eq!(ground.process().await.applied, 1);
        ground.feeds.begin_page(&[]).await.unwrap();
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_trying").await, 0);
    })
    .await;
}

#[tokio::test]
async fn stopping_is_no_death() {
    both(async |ground| {
        for n in 0..3 {
            let text = list("PNL", &format!("CA{n}/22NOV PEK"), (1, true), "211530", "1LI/SIMR");
            ground.send(text).await;
        }
        let stop: Told = Arc::new(|_| Box::pin(async { Err(Error::Cancelled) }));
        assert!(matches!(ground.feeds.process(&stop).await, Err(Error::Cancelled)));
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_trying").await, 0);
        ground.process().await;
        let applied = "SELECT COUNT(*) FROM feed_message WHERE status = 'applied'";
        assert_eq!(ground.count(applied).await, 3);
    })
    .await;
}
