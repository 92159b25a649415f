//! kill -9 in the middle of an import: started again, it ends as if nothing had happened.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use access::Actor;
use kernel::SystemClock;
use store::testing::Scratch;
use store::{Config, Db};

use super::ground::{ground, in_processes, service};
use crate::Policy;
use crate::imports::{MappingRef, Report, Status, silent};

const URL: &str = "JETBRIDGE_TEST_CRASH_URL";
const FILE: &str = "JETBRIDGE_TEST_CRASH_FILE";
const ROWS: u64 = 30_000;

fn text() -> String {
    let mut text = "member_no,flight_date,origin,destination,km,fare,outcome\n".to_owned();
    for n in 0..ROWS {
        let day = 1 + n % 28;
        text.push_str(&format!("{},2026-03-{day:02},CAN,PEK,1967,{n},flown\n", 500_000 + n / 9));
    }
    text
}

fn mapping() -> MappingRef {
    MappingRef::Name("segments".to_owned())
}

/// The child: imports slowly until it is killed. Does nothing in an ordinary run of the tests.
#[tokio::test]
async fn child_of_the_crash_test() {
    let (Ok(url), Ok(file)) = (std::env::var(URL), std::env::var(FILE)) else { return };
    let db = Db::open(&Config::new(url)).await.unwrap();
    let blobs = Path::new(&file).with_file_name("blobs");
    let feeds = service(db, Arc::new(SystemClock), blobs).await;
    let actor = Actor::system("crash test");
    let policy = Policy::CreateOrUpdate;
    let id = feeds.import_file(&actor, file.as_ref(), None, &mapping(), policy).await.unwrap();
    let slowly: Report = Arc::new(|_| {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(250)).await;
            Ok(())
        })
    });
    feeds.run_import(id, slowly).await.unwrap();
}

async fn killed_and_taken_up(scratch: &Scratch) {
    let ground = ground(scratch.db.clone()).await;
    let path = ground.file("crash.csv", text());
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::crash::child_of_the_crash_test", "--nocapture"])
        .env(URL, &scratch.url)
        .env(FILE, &path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut at = 0;
    for _ in 0..600 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        at = ground
            .count("SELECT CAST(COALESCE(MAX(rows_done), 0) AS BIGINT) FROM feed_import")
            .await;
        if at > 0 {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!((1..i64::try_from(ROWS).unwrap()).contains(&at), "killed in the middle, at {at}");

    let feeds = &ground.feeds;
    let policy = Policy::CreateOrUpdate;
    let id = feeds.import_file(&ground.actor, &path, None, &mapping(), policy).await.unwrap();
    let before = feeds.import(&ground.actor, id).await.unwrap();
    assert_eq!(before.status, Status::Importing, "the killed import is found again");
    let import = feeds.run_import(id, silent()).await.unwrap();
    assert_eq!(import.status, Status::Done);
    assert_eq!((import.counts.read, import.counts.created), (ROWS, ROWS));
    assert_eq!(import.counts.people, ROWS.div_ceil(9));
    let rows = i64::try_from(ROWS).unwrap();
    let sums = ground.sums().await;
    assert_eq!(sums[0], (rows + 8) / 9);
    assert_eq!((sums[3], sums[4]), (rows, rows * 1_967));
}

#[tokio::test]
async fn a_killed_import_ends_as_if_nothing_had_happened() {
    in_processes(async |scratch| killed_and_taken_up(scratch).await).await;
}
