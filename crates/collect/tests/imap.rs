//! Rounds against an IMAP server on loopback.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod ground;

use std::time::Duration;

use collect::imap::{After, Bookmark, Login, Policy, Security, Sink, Trust};
use collect::mail::{Mail, Passed, Reading, Why};
use collect::{Error, Secret, SinkError, Step};
use ground::imap::{Mischief, PASSWORD, Server, TOKEN, start, start_named};
use kernel::Explain as _;

/// Keeps what it is given.
#[derive(Default)]
struct Kept {
    open: Vec<Mail>,
    mails: Vec<Mail>,
    passed: Vec<(u32, Why)>,
    commits: Vec<Bookmark>,
    fails: bool,
}

impl Sink for Kept {
    async fn take(&mut self, mail: Mail) -> Result<(), SinkError> {
        self.open.push(mail);
        Ok(())
    }

    async fn passed(&mut self, passed: Passed) -> Result<(), SinkError> {
        self.passed.push((passed.uid, passed.why));
        Ok(())
    }

    async fn commit(&mut self, bookmark: Bookmark) -> Result<(), SinkError> {
        if self.fails {
            return Err("the database is away".into());
        }
        self.commits.push(bookmark);
        self.mails.append(&mut self.open);
        Ok(())
    }
}

impl Kept {
    fn uids(&self) -> Vec<u32> {
        self.mails.iter().map(|mail| mail.uid).collect()
    }
}

fn mail(number: u32) -> String {
    format!(
        "From: Type B Gateway <gateway@ops.example>\r\nTo: ops@airline.example\r\n\
         Message-ID: <{number}@ops.example>\r\nDate: Mon, 23 Nov 2026 09:15:00 +0800\r\n\
         Subject: PNL\r\n\r\nQU PEKRMCA\r\n.PEKRMXB 230115\r\nPNL\r\nXB{number:04}/23NOV PEK PART1\r\n"
    )
}

fn mark(uid: u32) -> Option<Bookmark> {
    Some(Bookmark { uid_validity: 7, uid })
}

async fn filled(security: Security, mails: u32) -> Server {
    let server = start(security).await;
    for number in 1..=mails {
        server.put(mail(number));
    }
    server
}

#[tokio::test]
async fn new_mails_are_kept_once_and_marked_after_that() {
    let server = filled(Security::Tls, 3).await;
    let mut sink = Kept::default();
    let round = server.mailbox().round(None, &Policy::default(), &mut sink).await.unwrap();
    assert_eq!((round.kept, round.passed, round.more), (3, 0, false), "{:?}", round.stopped);
    assert_eq!((round.bookmark, round.renumbered), (mark(3), false));
    assert_eq!(sink.commits, [mark(3).unwrap()]);
    let first = &sink.mails[0];
    assert!(first.pieces[0].bytes.starts_with(b"QU PEKRMCA\r\n.PEKRMXB 230115\r\nPNL\r\nXB0001"));
    assert_eq!(first.message_id.as_ref().unwrap().reveal(), "1@ops.example");
    assert_eq!(first.sender.as_ref().unwrap().reveal(), "gateway@ops.example");
    assert_eq!(first.date.unwrap().to_rfc3339(), "2026-11-23T01:15:00+00:00");
    assert_eq!(server.flags(2), ["\\Seen"]);
    assert!(!format!("{sink:?}", sink = sink.mails).contains("ops.example"));
    let round =
        server.mailbox().round(round.bookmark, &Policy::default(), &mut sink).await.unwrap();
    assert_eq!((round.kept, round.bookmark), (0, mark(3)));
    assert_eq!(sink.commits.len(), 1);
    server.put(mail(4));
    let round =
        server.mailbox().round(round.bookmark, &Policy::default(), &mut sink).await.unwrap();
    assert_eq!((round.kept, round.bookmark, sink.uids()), (1, mark(4), vec![1, 2, 3, 4]));
    assert_eq!(server.mailbox().look().await.unwrap(), 4);
    server.open.none().await;
}

#[tokio::test]
async fn moved_deleted_or_left() {
    let server = filled(Security::StartTls, 1).await;
    server.lock().able.push("STARTTLS");
    let policy = |after| Policy { after, ..Policy::default() };
    let round = |mark, after| {
        let (mailbox, policy) = (server.mailbox(), policy(after));
        async move { mailbox.round(mark, &policy, &mut Kept::default()).await.unwrap() }
    };
    let done = || After::Move("Done".to_owned());
    let _left = round(None, After::Leave).await;
    assert!(server.did("EXAMINE") && !server.did("SELECT") && server.flags(1).is_empty());
    let moved = round(None, done()).await;
    assert_eq!((moved.kept, server.lock().mails.len()), (1, 0));
    assert!(server.did("UID MOVE 1 \"Done\""));
    server.put(mail(2));
    server.lock().able.retain(|word| *word != "MOVE");
    let _moved = round(moved.bookmark, done()).await;
    assert!(server.lock().mails.is_empty());
    assert_eq!(server.lock().folders["Done"].len(), 2);
    server.put(mail(3));
    server.lock().able.retain(|word| *word != "UIDPLUS");
    let deleted = round(mark(2), After::Delete).await;
    assert_eq!((deleted.kept, deleted.unmarked), (1, None));
    assert_eq!(server.flags(3), ["\\Deleted"], "others are not removed with it");
    assert_eq!(round(None, After::Seen).await.kept, 0, "deleted ones are not read");
    server.put(mail(4));
    server.lock().mischief.fixed = true;
    let fixed = round(mark(3), done()).await;
    assert_eq!((fixed.kept, fixed.bookmark), (1, mark(4)));
    assert_eq!(fixed.unmarked.map(|one| (one.count, one.what)), Some((1, "move")));
    assert!(fixed.stopped.is_none());
}

#[tokio::test]
async fn signing_in_fails_without_telling_the_password() {
    let server = filled(Security::Tls, 1).await;
    let mut mailbox = server.mailbox();
    mailbox.login = Login::Password(Secret::new("wrong-word"));
    let error = mailbox.look().await.unwrap_err();
    assert!(matches!(error, Error::SignIn { method: "password", .. }), "{error}");
    assert!(!format!("{error:?} {mailbox:?}").contains("wrong-word"));
    mailbox.login = Login::Token(Secret::new(TOKEN));
    assert_eq!(mailbox.look().await.unwrap(), 1);
    mailbox.login = Login::Token(Secret::new("old"));
    let error = mailbox.look().await.unwrap_err();
    assert!(matches!(error, Error::SignIn { method: "token", .. }), "{error}");
    // Without SASL, by LOGIN.
    server.lock().able.retain(|word| !word.starts_with("AUTH="));
    mailbox.login = Login::Password(Secret::new(PASSWORD));
    assert_eq!(mailbox.look().await.unwrap(), 1);
    assert!(server.did("LOGIN \"ops@airline.example\""));
    mailbox.login = Login::Password(Secret::new("口令"));
    assert_eq!(mailbox.look().await.unwrap_err().code(), "collect-setting");
    mailbox.login = Login::Password(Secret::new("a\r\nb LOGOUT"));
    assert_eq!(mailbox.look().await.unwrap_err().code(), "collect-setting");
    mailbox.login = Login::Password(Secret::new(PASSWORD));
    mailbox.folder = "Nowhere".to_owned();
    assert_eq!(mailbox.look().await.unwrap_err().code(), "collect-folder");
}

#[tokio::test]
async fn no_password_goes_over_a_connection_others_can_read() {
    let server = filled(Security::StartTls, 1).await;
    let error = server.mailbox().look().await.unwrap_err();
    assert!(matches!(error, Error::Insecure { .. }), "STARTTLS is not offered: {error}");
    assert!(!server.did("LOGIN") && !server.did("AUTHENTICATE"));
    server.lock().able.push("STARTTLS");
    assert_eq!(server.mailbox().look().await.unwrap(), 1);
    server.lock().mischief.injects = true;
    let error = server.mailbox().look().await.unwrap_err();
    assert!(
        matches!(error, Error::Protocol { step: Step::Secure, .. } | Error::Lost { .. }),
        "{error}"
    );
    let plain = filled(Security::Plain, 1).await;
    assert_eq!(plain.mailbox().look().await.unwrap(), 1, "on this machine");
    plain.lock().able = vec!["LOGINDISABLED"];
    plain.lock().commands.clear();
    let error = plain.mailbox().look().await.unwrap_err();
    assert!(matches!(error, Error::Insecure { .. }), "{error}");
    assert!(!plain.did("LOGIN") && !plain.did("AUTHENTICATE"));
}

#[tokio::test]
async fn certificates_are_checked() {
    let server = filled(Security::Tls, 1).await;
    let reason = |error: Error| match error {
        Error::Certificate { reason, .. } => reason,
        other => panic!("{other}"),
    };
    let mut mailbox = server.mailbox();
    mailbox.trust = Trust::Public;
    assert_eq!(reason(mailbox.look().await.unwrap_err()), "its issuer is not known");
    let other = start_named(Security::Tls, "mail.elsewhere.example").await;
    mailbox.trust = Trust::File(other.certificate.clone());
    let told = reason(mailbox.look().await.unwrap_err());
    assert!(told == "its issuer is not known" || told == "it is not valid", "{told}");
    assert_eq!(reason(other.mailbox().look().await.unwrap_err()), "it is for another name");
    mailbox.trust = Trust::File("/nowhere/at/all.pem".into());
    assert_eq!(mailbox.look().await.unwrap_err().code(), "collect-setting");
    // TLS where there is none.
    let plain = filled(Security::Plain, 1).await;
    mailbox = server.mailbox();
    mailbox.port = plain.port;
    assert_eq!(mailbox.look().await.unwrap_err().code(), "collect-protocol");
}

#[tokio::test]
async fn a_new_numbering_begins_anew() {
    let server = filled(Security::Plain, 3).await;
    let old = Some(Bookmark { uid_validity: 6, uid: 900 });
    let mut sink = Kept::default();
    let round = server.mailbox().round(old, &Policy::default(), &mut sink).await.unwrap();
    assert!(round.renumbered);
    assert_eq!((sink.uids(), round.bookmark), (vec![1, 2, 3], mark(3)));
}

#[tokio::test]
async fn rounds_and_batches_are_bounded_and_gaps_are_crossed() {
    let server = filled(Security::Plain, 25).await;
    server.lock().uid_next = 3_000_000_000;
    server.put(mail(26));
    let policy = Policy { messages: 20, batch_messages: 8, ..Policy::default() };
    let mut sink = Kept::default();
    let round = server.mailbox().round(None, &policy, &mut sink).await.unwrap();
    assert_eq!((round.kept, round.more, round.bookmark), (20, true, mark(20)));
    let marks: Vec<u32> = sink.commits.iter().map(|mark| mark.uid).collect();
    assert_eq!(marks, [8, 16, 20]);
    let small = Policy { batch_bytes: 1, ..policy.clone() };
    let round = server.mailbox().round(round.bookmark, &small, &mut sink).await.unwrap();
    assert_eq!((round.kept, round.more), (6, false));
    assert_eq!((sink.commits.len(), sink.uids()[25]), (9, 3_000_000_000));
    assert_eq!(round.bookmark, mark(3_000_000_000));
}

#[tokio::test]
async fn a_connection_cut_in_a_mail_keeps_those_before() {
    let server = filled(Security::Tls, 4).await;
    server.lock().mischief.cut = Some(3);
    let mut sink = Kept::default();
    let round = server.mailbox().round(None, &Policy::default(), &mut sink).await.unwrap();
    assert!(matches!(round.stopped, Some(Error::Lost { step: Step::Read, .. })));
    assert_eq!((sink.uids(), round.bookmark), (vec![1, 2], mark(2)));
    assert_eq!(round.unmarked.unwrap().count, 2);
    assert!(server.flags(3).is_empty(), "not marked before it was kept");
    server.lock().mischief.cut = None;
    let round =
        server.mailbox().round(round.bookmark, &Policy::default(), &mut sink).await.unwrap();
    assert_eq!((round.kept, sink.uids()), (2, vec![1, 2, 3, 4]));
}

#[tokio::test]
async fn large_mails_are_passed_over_and_lies_do_no_harm() {
    let server = filled(Security::Plain, 4).await;
    let big = format!("{}{}", mail(5), "X".repeat(200_000));
    server.put(big);
    let policy = Policy { largest: 100_000, ..Policy::default() };
    for announced in ["4294967295", "536870000", "99999999999999999999999999"] {
        server.lock().mischief =
            Mischief { announces: Some((2, announced)), ..Mischief::default() };
        let mut sink = Kept::default();
        let round = server.mailbox().round(None, &policy, &mut sink).await.unwrap();
        assert!(round.stopped.is_none() && round.more, "{:?}", round.stopped);
        assert_eq!((round.kept, round.passed, round.bookmark), (1, 1, mark(2)));
        assert_eq!(sink.passed, [(2, Why::TooLarge)]);
        let round = server.mailbox().round(round.bookmark, &policy, &mut sink).await.unwrap();
        assert_eq!((round.kept, round.passed, round.bookmark), (2, 1, mark(5)));
        assert_eq!(sink.passed[1], (5, Why::TooLarge));
    }
    assert!(!server.did("UID FETCH 5 (UID BODY"), "by its size, before it is fetched");
}

#[tokio::test]
async fn hostile_and_silent_servers() {
    let server = filled(Security::Plain, 1).await;
    let mut mailbox = server.mailbox();
    server.lock().mischief.nested = true;
    let round = mailbox.round(None, &Policy::default(), &mut Kept::default()).await.unwrap();
    assert!(matches!(round.stopped, Some(Error::Protocol { step: Step::List, .. })));
    server.lock().mischief = Mischief { endless: true, ..Mischief::default() };
    let error = mailbox.look().await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error}");
    server.lock().mischief = Mischief { silent: true, ..Mischief::default() };
    mailbox.timeouts.step = Duration::from_millis(300);
    let error = mailbox.look().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { step: Step::SignIn, .. }), "{error}");
    assert!(mailbox.look().await.is_err());
    mailbox.port = 1;
    assert_eq!(mailbox.look().await.unwrap_err().code(), "collect-unreachable");
}

#[tokio::test]
async fn a_sink_that_fails_moves_no_bookmark() {
    let server = filled(Security::Plain, 2).await;
    let mut sink = Kept { fails: true, ..Kept::default() };
    let round = server.mailbox().round(mark(1), &Policy::default(), &mut sink).await.unwrap();
    assert!(matches!(round.stopped, Some(Error::Sink(_))));
    assert_eq!((round.kept, round.bookmark), (0, mark(1)));
    assert!(server.flags(2).is_empty());
}

#[tokio::test]
async fn strangers_are_passed_over_and_left_as_they_are() {
    let server = filled(Security::Plain, 1).await;
    server.put("From: someone@elsewhere.example\r\nSubject: hello\r\n\r\nBuy!\r\n");
    let reading = Reading { senders: vec!["ops.example".to_owned()], ..Reading::default() };
    let policy = Policy { reading, ..Policy::default() };
    let mut sink = Kept::default();
    let round = server.mailbox().round(None, &policy, &mut sink).await.unwrap();
    assert_eq!((round.kept, round.passed, round.bookmark), (1, 1, mark(2)));
    assert_eq!(sink.passed, [(2, Why::Sender)]);
    assert!(server.flags(2).is_empty());
}
