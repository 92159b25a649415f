//! Rounds against an SFTP server on loopback.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod ground;

use std::io;
use std::time::Duration;

use collect::sftp::{After, Body, Entry, Login, Policy, Sink, Skipped, Taken, Why};
use collect::{Error, Secret, SinkError, Step};
use ground::files::{Content, FOLDER, Node, byte_at};
use ground::sftp::{PASSWORD, Setup, key, start};
use kernel::Explain as _;
use russh::keys::Algorithm;
use russh::keys::ssh_key::LineEnding;
use tokio::io::AsyncReadExt as _;

/// Keeps what it is given.
#[derive(Default)]
struct Kept {
    open: Vec<(String, Vec<u8>)>,
    files: Vec<(String, Vec<u8>)>,
    commits: Vec<usize>,
    unwanted: Option<&'static str>,
    broken: Option<&'static str>,
    commit_fails: bool,
    seen: Vec<String>,
    lazy: bool,
}

impl Sink for Kept {
    async fn unseen(&mut self, files: Vec<Entry>) -> Result<Vec<Entry>, SinkError> {
        Ok(files.into_iter().filter(|file| !self.seen.contains(&file.name)).collect())
    }

    async fn take(&mut self, file: &Entry, body: &mut Body) -> Result<Taken, SinkError> {
        if self.unwanted == Some(file.name.as_str()) {
            return Ok(Taken::Refused("known already".to_owned()));
        }
        if self.broken == Some(file.name.as_str()) {
            return Err("the database is away".into());
        }
        let mut bytes = Vec::new();
        if self.lazy {
            body.read_exact(&mut [0; 1]).await?;
        } else {
            body.read_to_end(&mut bytes).await?;
        }
        self.open.push((file.name.clone(), bytes));
        Ok(Taken::Whole)
    }

    async fn commit(&mut self) -> Result<(), SinkError> {
        if self.commit_fails {
            return Err("the disk is full".into());
        }
        self.commits.push(self.open.len());
        self.files.append(&mut self.open);
        Ok(())
    }
}

impl Kept {
    fn names(&self) -> Vec<&str> {
        self.files.iter().map(|(name, _)| name.as_str()).collect()
    }
}

fn policy() -> Policy {
    Policy { folder: FOLDER.to_owned(), settle: Duration::from_millis(20), ..Policy::default() }
}

#[tokio::test]
async fn files_are_kept_oldest_first_and_moved() {
    let server = start(Setup::default()).await;
    server.files.put("PNL_b.txt", "second", 200);
    server.files.put("PNL_a.txt", "third", 300);
    server.files.put("PNL_c.txt", "first", 100);
    server.files.put("ADL_a.txt", "no", 50);
    server.files.put(".PNL_hidden", "no", 50);
    server.files.put("PNL_d.txt.filepart", "no", 50);
    server.files.put("PNL_e.TMP", "no", 50);
    server.files.node("PNL_folder", Node::Folder, 50);
    let mut sink = Kept::default();
    let policy = Policy { pattern: "PNL*".to_owned(), ..policy() };
    let round = server.address().round(&policy, &mut sink).await.unwrap();
    assert_eq!(sink.names(), ["PNL_c.txt", "PNL_b.txt", "PNL_a.txt"]);
    assert_eq!(sink.files[0].1, b"first");
    assert_eq!((round.kept, round.bytes, round.waiting, round.more), (3, 16, 0, false));
    assert!(round.skipped.is_empty() && round.stopped.is_none());
    let names = server.files.names();
    assert!(names.contains(&"done/PNL_a.txt".to_owned()), "{names:?}");
    assert!(!names.contains(&"PNL_a.txt".to_owned()));
    let again = server.address().round(&policy, &mut sink).await.unwrap();
    assert_eq!((again.kept, sink.commits.as_slice()), (0, &[3][..]));
    server.open.none().await;
}

#[tokio::test]
async fn signs_in_by_key_with_and_without_passphrase_and_by_dialogue() {
    let mine = key(7, Algorithm::Ed25519);
    let setup = Setup { key: Some(mine.public_key().clone()), ..Setup::default() };
    let server = start(setup).await;
    let plain = mine.to_openssh(LineEnding::LF).unwrap();
    let mut address = server.address();
    let by_key = |text: &str, phrase: Option<&str>| Login::Key {
        text: Secret::new(text),
        passphrase: phrase.map(Secret::new),
    };
    address.login = by_key(&plain, None);
    assert!(address.look(&policy()).await.unwrap().is_empty());
    let sealed = mine
        .encrypt(&mut <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(3), "nightingale")
        .unwrap();
    let sealed = sealed.to_openssh(LineEnding::CRLF).unwrap();
    address.login = by_key(&sealed, Some("nightingale"));
    assert!(address.look(&policy()).await.unwrap().is_empty());
    for (login, code) in [
        (by_key(&sealed, None), "collect-private-key"),
        (by_key(&sealed, Some("wrong-word")), "collect-private-key"),
        (by_key("no key", None), "collect-private-key"),
        (
            by_key(&key(8, Algorithm::Ed25519).to_openssh(LineEnding::LF).unwrap(), None),
            "collect-sign-in",
        ),
        (Login::Password(Secret::new("wrong-word")), "collect-sign-in"),
    ] {
        address.login = login;
        let error = address.look(&policy()).await.unwrap_err();
        assert_eq!(error.code(), code);
        let told = format!("{error} {error:?} {:?}", error.args());
        assert!(!told.contains("wrong-word") && !told.contains("nightingale"), "{told}");
    }
    assert!(!format!("{address:?}").contains("wrong-word"));
    let asking = start(Setup { dialogue: true, ..Setup::default() }).await;
    assert!(asking.address().look(&policy()).await.unwrap().is_empty());
    let mut wrong = asking.address();
    wrong.login = Login::Password(Secret::new("wrong-word"));
    assert_eq!(wrong.look(&policy()).await.unwrap_err().code(), "collect-sign-in");
}

#[tokio::test]
async fn a_server_is_known_by_its_key_and_told_nothing_otherwise() {
    let server = start(Setup::default()).await;
    let print = server.address().fingerprint().await.unwrap();
    assert_eq!(print, server.prints[0]);
    let mut address = server.address();
    address.host_keys.clear();
    let error = address.look(&policy()).await.unwrap_err();
    assert!(
        matches!(&error, Error::HostKeyUnknown { offered, .. } if *offered == print.to_string())
    );
    let other = start(Setup { seed: 2, ..Setup::default() }).await;
    address.host_keys = other.prints.clone();
    let error = address.round(&policy(), &mut Kept::default()).await.unwrap_err();
    let Error::HostKeyChanged { offered, expected, .. } = &error else { panic!("{error}") };
    assert_eq!((offered, expected), (&print.to_string(), &other.prints[0].to_string()));
    assert!(error.args().iter().any(|(name, value)| *name == "offered" && *value == *offered));
    assert!(server.seen.lock().unwrap().is_empty(), "no password was sent");
    // Of two keys the partner told us about the other one.
    let both = start(Setup { second_key: true, ..Setup::default() }).await;
    address = both.address();
    address.host_keys = vec![both.prints[1]];
    assert!(address.look(&policy()).await.is_ok());
    address.host_keys = other.prints.clone();
    assert_eq!(address.look(&policy()).await.unwrap_err().code(), "collect-host-key-changed");
    both.open.none().await;
}

#[tokio::test]
async fn what_still_changes_waits() {
    let server = start(Setup::default()).await;
    server.files.put("grows.txt", "half", 100);
    server.files.put("gone.txt", "gone", 101);
    server.files.put("whole.txt", "whole", 102);
    server.files.put("again.txt", "old", 103);
    let mischief = ground::files::Mischief {
        grows: Some("grows.txt".to_owned()),
        vanishes: Some("gone.txt".to_owned()),
        ..Default::default()
    };
    server.files.lock().mischief = mischief;
    let mut sink = Kept::default();
    let round = server.address().round(&policy(), &mut sink).await.unwrap();
    assert_eq!(sink.names(), ["whole.txt", "again.txt"]);
    assert_eq!((round.kept, round.waiting), (2, 2));
    assert!(round.stopped.is_none() && round.skipped.is_empty());
    let round = server.address().round(&policy(), &mut sink).await.unwrap();
    assert_eq!(round.kept, 1);
    assert_eq!(sink.files[2], ("grows.txt".to_owned(), b"half and more".to_vec()));
    // Between the two looks.
    server.files.put("late.txt", "begun", 110);
    let slow = Policy { settle: Duration::from_millis(300), ..policy() };
    let (files, address) = (server.files.clone(), server.address());
    let writing = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        files.put("late.txt", "begun and ended", 110);
    };
    let (round, ()) = tokio::join!(address.round(&slow, &mut sink), writing);
    let round = round.unwrap();
    assert!(round.kept == 1 || round.waiting == 1);
    assert!(!sink.files.iter().any(|(_, bytes)| bytes == b"begun"));
}

#[tokio::test]
async fn a_file_that_came_anew_is_not_put_away_unread() {
    let server = start(Setup::default()).await;
    server.files.put("PNL.txt", "first", 100);
    server.files.put("second.txt", "x", 200);
    server.files.lock().mischief.replaced = Some("PNL.txt".to_owned());
    let mut sink = Kept::default();
    let round = server.address().round(&policy(), &mut sink).await.unwrap();
    assert_eq!((round.kept, round.waiting), (2, 1));
    assert_eq!(server.files.text("PNL.txt").unwrap(), "first and more");
    let round = server.address().round(&policy(), &mut sink).await.unwrap();
    assert_eq!((round.kept, sink.files[2].1.as_slice()), (1, &b"first and more"[..]));
}

#[tokio::test]
async fn names_taken_in_done_are_not_overwritten() {
    let server = start(Setup::default()).await;
    for turn in ["one", "two", "three"] {
        server.files.put("a.txt", turn, 1_700_000_000);
        let mut sink = Kept::default();
        let _round = server.address().round(&policy(), &mut sink).await.unwrap();
        assert_eq!(sink.files[0].1, turn.as_bytes());
    }
    assert_eq!(server.files.text("done/a.txt").unwrap(), "one");
    assert_eq!(server.files.text("done/20231114T221320-a.txt").unwrap(), "two");
    assert_eq!(server.files.text("done/20231114T221320-2-a.txt").unwrap(), "three");
}

#[tokio::test]
async fn deleted_or_left_if_so_wished() {
    let server = start(Setup::default()).await;
    server.files.put("a.txt", "a", 100);
    server.files.put("b.txt", "b", 200);
    let leave = Policy { after: After::Leave, files: 1, ..policy() };
    let mut sink = Kept::default();
    let round = server.address().round(&leave, &mut sink).await.unwrap();
    assert!(round.more);
    sink.seen.push("a.txt".to_owned());
    let round = server.address().round(&leave, &mut sink).await.unwrap();
    assert!(!round.more);
    assert_eq!(sink.names(), ["a.txt", "b.txt"], "what was seen does not hold up the rest");
    assert_eq!(server.files.names(), ["a.txt", "b.txt"]);
    let delete = Policy { after: After::Delete, ..policy() };
    let _round = server.address().round(&delete, &mut Kept::default()).await.unwrap();
    assert!(server.files.names().is_empty());
}

#[tokio::test]
async fn links_strange_names_and_large_files_stay() {
    let server = start(Setup::default()).await;
    server
        .files
        .lock()
        .nodes
        .insert("/etc/passwd".to_owned(), (Node::File(Content::Bytes(b"secret".to_vec())), 10));
    server.files.node("link.txt", Node::Link("/etc/passwd".to_owned()), 10);
    server.files.node("../../etc/passwd", Node::File(Content::Bytes(b"x".to_vec())), 11);
    server.files.put("bad\u{fffd}name.txt", "x", 12);
    server.files.node("huge.bin", Node::File(Content::Endless(1 << 50)), 13);
    server.files.put("locked.txt", "x", 14);
    server.files.put("good.txt", "good", 15);
    for untyped in [false, true] {
        server.files.lock().mischief.untyped = untyped;
        server.files.lock().mischief.locked = Some("locked.txt".to_owned());
        let mut sink = Kept { unwanted: Some("good.txt"), ..Kept::default() };
        let round = server.address().round(&policy(), &mut sink).await.unwrap();
        assert!(sink.files.is_empty(), "{:?}", sink.names());
        let why: Vec<(&str, &Why)> =
            round.skipped.iter().map(|Skipped { file, why }| (file.name.as_str(), why)).collect();
        assert!(why.contains(&("huge.bin", &Why::TooLarge)), "{why:?}");
        assert!(why.contains(&("bad\u{fffd}name.txt", &Why::Name)));
        assert!(why.contains(&("locked.txt", &Why::Unreadable)));
        assert!(why.contains(&("good.txt", &Why::Refused("known already".to_owned()))));
        assert!(!why.iter().any(|(name, _)| *name == "link.txt"));
    }
}

#[tokio::test]
async fn a_connection_lost_in_a_file_keeps_what_was_whole() {
    let server = start(Setup::default()).await;
    server.files.put("a.txt", "whole", 100);
    server.files.node("b.bin", Node::File(Content::Endless(5_000_000)), 200);
    server.files.put("c.txt", "later", 300);
    server.files.lock().mischief.cut = Some(("b.bin".to_owned(), 3_000_000));
    let mut sink = Kept::default();
    let round = server.address().round(&policy(), &mut sink).await.unwrap();
    let error = round.stopped.unwrap();
    assert!(
        matches!(&error, Error::Lost { host, step: Step::Read } if host == "127.0.0.1"),
        "{error}"
    );
    assert_eq!((round.kept, round.stopped_at.as_deref()), (1, Some("b.bin")));
    assert_eq!(sink.names(), ["a.txt"]);
    assert_eq!(server.files.names(), ["a.txt", "b.bin", "c.txt"], "nothing could be moved");
    server.files.lock().mischief.cut = None;
    let round = server.address().round(&policy(), &mut sink).await.unwrap();
    assert_eq!(round.kept, 3);
    assert_eq!(sink.names(), ["a.txt", "a.txt", "b.bin", "c.txt"], "the sink knows a.txt again");
    server.open.none().await;
}

#[tokio::test]
async fn a_sink_that_fails_moves_nothing() {
    let server = start(Setup::default()).await;
    server.files.put("a.txt", "a", 100);
    server.files.put("b.txt", "b", 200);
    let mut sink = Kept { commit_fails: true, ..Kept::default() };
    let round = server.address().round(&policy(), &mut sink).await.unwrap();
    assert!(matches!(round.stopped, Some(Error::Sink(_))));
    assert_eq!((round.kept, server.files.names().len()), (0, 2));
    let mut sink = Kept { broken: Some("b.txt"), ..Kept::default() };
    let one = Policy { batch_files: 1, ..policy() };
    let round = server.address().round(&one, &mut sink).await.unwrap();
    assert!(matches!(round.stopped, Some(Error::Sink(_))));
    assert_eq!((round.kept, round.stopped_at.as_deref()), (1, Some("b.txt")));
    assert!(server.files.names().contains(&"done/a.txt".to_owned()));
    let mut sink = Kept { lazy: true, ..Kept::default() };
    let long = "x".repeat(100_000);
    server.files.put("b.txt", &long, 200);
    let round = server.address().round(&policy(), &mut sink).await.unwrap();
    assert_eq!((round.kept, round.skipped.len()), (0, 1), "not read to its end is not kept");
}

#[tokio::test]
async fn a_server_that_will_not_move_is_told_of() {
    let server = start(Setup::default()).await;
    server.files.put("a.txt", "a", 100);
    server.files.lock().mischief.fixed = true;
    let round = server.address().round(&policy(), &mut Kept::default()).await.unwrap();
    assert_eq!(round.kept, 1);
    assert_eq!(round.skipped[0].why, Why::NotPutAway);
    assert!(round.stopped.is_none());
}

#[tokio::test]
async fn thousands_of_files_come_in_rounds_and_batches() {
    let server = start(Setup::default()).await;
    for number in 0..3_000 {
        server.files.put(&format!("{number:05}.txt"), "PNL", 1_000 + number);
    }
    let some = Policy { files: 250, batch_files: 100, ..policy() };
    let mut sink = Kept::default();
    let round = server.address().round(&some, &mut sink).await.unwrap();
    assert_eq!((round.kept, round.more), (250, true));
    assert_eq!(sink.commits, [100, 100, 50]);
    assert_eq!((sink.names()[0], sink.names()[249]), ("00000.txt", "00249.txt"));
    let round = server.address().round(&some, &mut sink).await.unwrap();
    assert_eq!((round.kept, sink.names()[250]), (250, "00250.txt"));
}

/// Counts and checks instead of keeping.
struct Counting(u64);

impl Sink for Counting {
    async fn take(&mut self, _: &Entry, body: &mut Body) -> Result<Taken, SinkError> {
        let mut block = vec![0; 64 * 1024];
        loop {
            let read = body.read(&mut block).await?;
            if read == 0 {
                return Ok(Taken::Whole);
            }
            let right =
                block[..read].iter().zip(self.0..).all(|(byte, place)| *byte == byte_at(place));
            if !right {
                return Err(io::Error::other("wrong bytes").into());
            }
            self.0 += read as u64;
        }
    }

    async fn commit(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}

#[tokio::test]
async fn large_files_are_streamed_also_by_servers_that_give_little() {
    let server = start(Setup::default()).await;
    let size = 200 * 1024 * 1024;
    server.files.node("large.bin", Node::File(Content::Endless(size)), 100);
    let before = resident();
    let mut sink = Counting(0);
    let round = server.address().round(&policy(), &mut sink).await.unwrap();
    assert!(round.stopped.is_none(), "{:?}", round.stopped);
    assert_eq!((sink.0, round.bytes), (size, size));
    let grown = resident().saturating_sub(before);
    assert!(grown < 100 * 1024 * 1024, "memory grew by {grown} bytes");
    server.files.node("short.bin", Node::File(Content::Endless(3_000_001)), 100);
    server.files.lock().mischief.short = Some(10_000);
    server.files.lock().asked = 0;
    let mut sink = Counting(0);
    let round = server.address().round(&policy(), &mut sink).await.unwrap();
    assert_eq!((round.kept, sink.0), (1, 3_000_001));
    let asked = server.files.lock().asked;
    assert!(asked < 3 * 3_000_001, "asked for {asked} bytes");
}

/// Bytes of memory of this process; 0 where that cannot be told.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

#[tokio::test]
async fn a_dropped_round_closes_its_connection_and_keeps_nothing() {
    let server = start(Setup::default()).await;
    server.files.put("a.txt", "a", 100);
    let mut sink = Kept::default();
    let slow = Policy { settle: Duration::from_secs(3_600), ..policy() };
    let address = server.address();
    let round = tokio::time::timeout(Duration::from_secs(1), address.round(&slow, &mut sink));
    assert!(round.await.is_err());
    assert!(sink.files.is_empty());
    server.open.none().await;
}

#[tokio::test]
async fn servers_that_are_silent_or_none_at_all() {
    let server = start(Setup::default()).await;
    server.files.put("a.txt", "a", 100);
    server.files.lock().mischief.silent = true;
    let mut address = server.address();
    address.timeouts.step = Duration::from_millis(1_500);
    let round = address.round(&policy(), &mut Kept::default()).await.unwrap();
    assert!(matches!(round.stopped, Some(Error::Timeout { step: Step::Read, .. })));
    // Takes connections and says nothing.
    let mute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    address.port = mute.local_addr().unwrap().port();
    let error = address.look(&policy()).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { step: Step::Secure, .. }), "{error}");
    drop(mute);
    let error = address.look(&policy()).await.unwrap_err();
    assert_eq!(error.code(), "collect-unreachable");
    // A web server.
    let web = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    address.port = web.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = web.accept().await {
            let _sent =
                tokio::io::AsyncWriteExt::write_all(&mut tcp, b"HTTP/1.1 400 No\r\n\r\n").await;
        }
    });
    let error = address.look(&policy()).await.unwrap_err();
    assert!(matches!(error.code(), "collect-lost" | "collect-protocol"), "{error}");
    let shell = start(Setup { subsystem: false, ..Setup::default() }).await;
    assert_eq!(shell.address().look(&policy()).await.unwrap_err().code(), "collect-refused");
    let missing = Policy { folder: "nowhere".to_owned(), ..policy() };
    let error = server.address().look(&missing).await.unwrap_err();
    assert_eq!(error.code(), "collect-folder");
    assert!(!format!("{error:?}").contains(PASSWORD));
}
