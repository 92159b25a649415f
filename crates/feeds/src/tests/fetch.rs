//! Sources that are fetched: from servers on loopback, once, and only from whom they should be.

use kernel::Personal;
use store::sql;

use super::ground::{Ground, both};
use super::messages::list;
use crate::Error;
use crate::sources::{AfterMail, Fetched, Kind, Mailbox, Secrets, Security, Setting, Sftp, Tried};

#[path = "../../../collect/tests/ground/mod.rs"]
mod servers;

use servers::{imap, sftp};

fn secret(text: &str) -> Secrets {
    Secrets { secret: Some(Personal::new(text.to_owned())), passphrase: None }
}

fn pnl(number: u32) -> String {
    list("PNL", &format!("CA{number}/22NOV PEK"), (1, true), "211530", "1LI/SIMR")
}

async fn problem(ground: &Ground, name: &str) -> String {
    let source = ground.feeds.source(&ground.actor, name).await.unwrap();
    source.problem.map(|problem| problem.code).unwrap_or_default()
}

#[tokio::test]
async fn files_of_a_server_come_in_once_and_only_from_the_pinned_one() {
    both(async |ground| {
        let server = sftp::start(sftp::Setup::default()).await;
        let (feeds, actor) = (&ground.feeds, &ground.actor);
        for n in 0..3 {
            server.files.put(&format!("{n}.txt"), &pnl(100 + n), 100);
        }
        server.files.put("other.csv", "not asked for", 100);
        let place = Sftp {
            host: "127.0.0.1".to_owned(),
            port: server.port,
            user: sftp::USER.to_owned(),
            folder: servers::files::FOLDER.to_owned(),
            pattern: "*.txt".to_owned(),
            ..Sftp::default()
        };
        let setting = Setting {
            name: "gateway".to_owned(),
            kind: Some(Kind::Sftp),
            active: true,
            sftp: Some(place.clone()),
            secrets: secret(sftp::PASSWORD),
            ..Setting::default()
        };
        let bare = Setting { secrets: Secrets::default(), ..setting.clone() };
        let refused = feeds.set_source(actor, &bare).await;
        assert!(matches!(refused, Err(Error::SourceSetting("secret"))), "{refused:?}");
        feeds.set_source(actor, &setting).await.unwrap();

        // Nobody has compared the key yet.
        assert_eq!(feeds.fetch("gateway").await.unwrap(), Fetched::default());
        assert_eq!(problem(&ground, "gateway").await, "error-collect-host-key-unknown");
        let Tried::HostKey(offered) = feeds.try_source(actor, "gateway").await.unwrap() else {
            panic!("no key was offered")
        };
        feeds.pin_host_key(actor, "gateway", &offered).await.unwrap();
        assert_eq!(feeds.try_source(actor, "gateway").await.unwrap(), Tried::Files(3));
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_message").await, 0, "only looked");

        assert_eq!(feeds.fetch("gateway").await.unwrap().kept, 3);
        assert_eq!(feeds.fetch("gateway").await.unwrap().kept, 0);
        assert_eq!(problem(&ground, "gateway").await, "");
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_message").await, 3);
        assert!(server.files.text("done/0.txt").is_some());
        assert!(server.files.text("other.csv").is_some());
        ground.process().await;
        assert_eq!(ground.count("SELECT COUNT(*) FROM flight").await, 3);

        // What it signs in with is nowhere in clear, and goes to no other server.
        let mut tx = ground.db.read().await.unwrap();
        let sealed: Vec<u8> = tx.value(sql("SELECT secret FROM feed_source")).await.unwrap();
        drop(tx);
        assert!(
            !sealed.windows(sftp::PASSWORD.len()).any(|part| part == sftp::PASSWORD.as_bytes())
        );
        let kept = feeds.source(actor, "gateway").await.unwrap();
        assert!(kept.signs_in && !format!("{kept:?}").contains(sftp::PASSWORD));
        let kept = Sftp { host: "elsewhere.example".to_owned(), ..kept.sftp.unwrap() };
        let moved = Setting { sftp: Some(kept), ..bare };
        let refused = feeds.set_source(actor, &moved).await;
        assert!(matches!(refused, Err(Error::SourceSetting("secret-again"))), "{refused:?}");
        let wrong = Setting { secrets: secret("wrong"), ..setting };
        let pinned = Sftp { host_key: offered, ..place };
        feeds.set_source(actor, &Setting { sftp: Some(pinned), ..wrong }).await.unwrap();
        feeds.fetch("gateway").await.unwrap();
        assert_eq!(problem(&ground, "gateway").await, "error-collect-sign-in");
    })
    .await;
}

fn mail(from: &str, text: &str) -> String {
    format!(
        "From: <{from}>\r\nTo: <type-b@example.com>\r\nSubject: message\r\n\
        Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=us-ascii\r\n\r\n{text}"
    )
}

#[tokio::test]
async fn e_mails_come_in_once_whatever_is_marked() {
    both(async |ground| {
        let server = imap::start(collect::imap::Security::Tls).await;
        let (feeds, actor) = (&ground.feeds, &ground.actor);
        let first = server.put(mail("gateway@example.com", &pnl(1)));
        let stranger = server.put(mail("stranger@example.net", &pnl(2)));
        let setting = Setting {
            name: "mail".to_owned(),
            kind: Some(Kind::Mailbox),
            active: true,
            mailbox: Some(Mailbox {
                host: "127.0.0.1".to_owned(),
                port: server.port,
                security: Security::Tls,
                authority: server.certificate.to_str().unwrap().to_owned(),
                user: imap::USER.to_owned(),
                folder: "INBOX".to_owned(),
                senders: vec!["example.com".to_owned()],
                after: AfterMail::Seen,
                move_to: String::new(),
            }),
            secrets: secret(imap::PASSWORD),
            ..Setting::default()
        };
        feeds.set_source(actor, &setting).await.unwrap();
        assert_eq!(feeds.try_source(actor, "mail").await.unwrap(), Tried::Mails(2));
        let fetched = feeds.fetch("mail").await.unwrap();
        assert_eq!((fetched.kept, fetched.left), (1, 1));
        assert_eq!(problem(&ground, "mail").await, "feeds-mailbox-passed");
        assert!(server.flags(first).iter().any(|flag| flag.contains("Seen")));
        assert!(server.flags(stranger).is_empty());
        assert_eq!(feeds.fetch("mail").await.unwrap(), Fetched::default(), "behind the bookmark");
        server.put(mail("ops@example.com", &pnl(3)));
        assert_eq!(feeds.fetch("mail").await.unwrap().kept, 1);
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_message").await, 2);

        // Numbered anew, all are read again; they are known.
        server.lock().uid_validity += 1;
        assert_eq!(feeds.fetch("mail").await.unwrap().kept, 2);
        assert_eq!(ground.count("SELECT COUNT(*) FROM feed_message").await, 2);
        let repeats = "SELECT CAST(SUM(repeats) AS BIGINT) FROM feed_message";
        assert_eq!(ground.count(repeats).await, 2);
        ground.process().await;
        assert_eq!(ground.count("SELECT COUNT(*) FROM flight").await, 2);

        // A round is a job for each source, every minute.
        feeds.watch().await.unwrap();
        let jobs = "SELECT COUNT(*) FROM job WHERE kind = 'feeds.fetch'";
        assert_eq!(ground.count(jobs).await, 1);
        feeds.set_source(actor, &Setting { active: false, ..setting }).await.unwrap();
        feeds.watch().await.unwrap();
        assert_eq!(ground.count(jobs).await, 1, "paused");
    })
    .await;
}
