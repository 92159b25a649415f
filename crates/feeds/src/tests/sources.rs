//! Sources: set, watched, silent, and how they are doing.

use access::{Actor, Role};
use chrono::Duration;
use store::sql;
use uuid::Uuid;

use super::ground::both;
use super::messages::list;
use crate::Error;
use crate::events::SILENT;
use crate::sources::{Folder, Kind, Setting};

fn setting(name: &str) -> Setting {
    Setting { name: name.to_owned(), active: true, ..Setting::default() }
}

#[expect(clippy::disallowed_methods, reason = "compared with times the file system gives")]
#[tokio::test]
async fn files_of_a_watched_folder_come_in_once_and_move_away() {
    both(async |ground| {
        let folder = ground.folder.path().join("in");
        std::fs::create_dir_all(&folder).unwrap();
        for n in 0..3 {
            let flight = format!("CA{}/22NOV PEK", 100 + n);
            let text = list("PNL", &flight, (1, true), "211530", "1LI/SIMR");
            let path = folder.join(format!("{n}.txt"));
            std::fs::write(&path, text).unwrap();
            let rested = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
            std::fs::File::options().write(true).open(&path).unwrap().set_modified(rested).unwrap();
        }
        std::fs::write(folder.join("fresh.txt"), "half").unwrap();
        let path = folder.to_str().unwrap().to_owned();
        let watched = Setting {
            kind: Some(Kind::Folder),
            folder: Some(Folder { path, pattern: "*.txt".to_owned() }),
            ..setting("drop-box")
        };
        ground.feeds.set_source(&ground.actor, &watched).await.unwrap();
        assert_eq!(ground.feeds.watch().await.unwrap(), 3);
        assert_eq!(ground.feeds.watch().await.unwrap(), 0);
        assert!(folder.join("done/0.txt").exists() && folder.join("fresh.txt").exists());
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_message").await, 3);
        ground.process().await;
        let health = ground.feeds.health(&ground.actor).await.unwrap();
        assert_eq!((health[0].received, health[0].settled, health[0].quarantined), (3, 3, 0));
        assert_eq!(health[0].hours.iter().sum::<u64>(), 3);
        assert!(health[0].quality.is_some_and(|score| score > 90.0));
        assert!(health[0].lag_seconds.is_some_and(|lag| lag > 0));

        std::fs::remove_dir_all(&folder).unwrap();
        ground.feeds.watch().await.unwrap();
        let source = ground.feeds.source(&ground.actor, "drop-box").await.unwrap();
        assert_eq!(source.problem.unwrap().code, "feeds-folder-unreadable");
    })
    .await;
}

#[tokio::test]
async fn silence_is_told_once_until_the_source_is_heard_again() {
    both(async |ground| {
        let expected = Setting { expected_minutes: Some(30), ..setting("type-b") };
        ground.feeds.set_source(&ground.actor, &expected).await.unwrap();
        let told = async || {
            ground.feeds.watch().await.unwrap();
            let mut tx = ground.db.read().await.unwrap();
            let count = sql("SELECT COUNT(*) FROM outbox_event WHERE type = $1").bind(SILENT);
            tx.value::<i64>(count).await.unwrap()
        };
        assert_eq!(told().await, 0);
        ground.clock.advance(Duration::minutes(31));
        assert_eq!(told().await, 1);
        ground.clock.advance(Duration::minutes(31));
        assert_eq!(told().await, 1, "once");
        ground.send(list("PNL", "CA1/22NOV PEK", (1, true), "211530", "1LI/SIMR")).await;
        assert_eq!(told().await, 1);
        ground.clock.advance(Duration::minutes(31));
        assert_eq!(told().await, 2, "silent anew");
    })
    .await;
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused() {
    both(async |ground| {
        let feeds = &ground.feeds;
        let refused = async |setting: Setting| feeds.set_source(&ground.actor, &setting).await;
        let folder = |path: &str, pattern: &str| {
            let folder = Folder { path: path.to_owned(), pattern: pattern.to_owned() };
            Setting { kind: Some(Kind::Folder), folder: Some(folder), ..setting("f") }
        };
        assert!(matches!(refused(setting("No Name")).await, Err(Error::SourceName)));
        for (setting, what) in [
            (Setting { expected_minutes: Some(0), ..setting("a") }, "minutes"),
            (folder("relative", "*"), "path"),
            (folder("/tmp", "../*"), "pattern"),
            (Setting { kind: Some(Kind::Folder), ..setting("f") }, "folder"),
        ] {
            let error = refused(setting).await.unwrap_err();
            assert!(matches!(error, Error::SourceSetting(of) if of == what), "{what}: {error}");
        }
        refused(setting("plain")).await.unwrap();
        let key = feeds.make_write_key(&ground.actor, "plain").await;
        assert!(matches!(key, Err(Error::SourceSetting("web"))));
        let policy = feeds.access().policy().clone();
        let agent = Actor::staff(Uuid::nil(), "agent", &[Role::Agent], &policy);
        assert!(matches!(feeds.set_source(&agent, &setting("x")).await, Err(Error::Denied(_))));
    })
    .await;
}
