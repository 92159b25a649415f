//! Tries a server out: what would be taken, and what is in it.
//!
//! The password (or the text of a private key, or an access token) comes from the environment
//! variable `COLLECT_SECRET`, so that it stands in no history of commands.
//!
//! ```text
//! cargo run -p collect --example collect -- sftp key  HOST[:PORT]
//! cargo run -p collect --example collect -- sftp list HOST[:PORT] USER SHA256:… [FOLDER [PATTERN]]
//! cargo run -p collect --example collect -- sftp take HOST[:PORT] USER SHA256:… [FOLDER [PATTERN]]
//! cargo run -p collect --example collect -- imap take HOST[:PORT] USER [FOLDER]
//! ```
//!
//! `take` reads everything and keeps nothing: files are left and e-mails are not marked.

#![expect(clippy::print_stdout, reason = "an example talks to the person who runs it")]

use std::env;
use std::error::Error;
use std::time::Duration;

use collect::imap::{self, Bookmark, Mailbox, Security, Trust};
use collect::mail::{Mail, Passed};
use collect::sftp::{self, Body, Entry, Server, Taken};
use collect::{Secret, SinkError, Timeouts};
use tokio::io::{AsyncReadExt as _, copy, sink};

const USAGE: &str = "sftp key|list|take HOST[:PORT] [USER FINGERPRINT [FOLDER [PATTERN]]]\n\
                     imap take HOST[:PORT] USER [FOLDER]";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["sftp", "key", host] => {
            println!("{}", server(host, "nobody", &[])?.fingerprint().await?);
        }
        ["sftp", what @ ("list" | "take"), host, user, print, rest @ ..] => {
            let server = server(host, user, &[print])?;
            let policy = sftp::Policy {
                folder: (*rest.first().unwrap_or(&".")).to_owned(),
                pattern: (*rest.get(1).unwrap_or(&"*")).to_owned(),
                settle: Duration::from_secs(2),
                after: sftp::After::Leave,
                ..sftp::Policy::default()
            };
            if *what == "list" {
                for file in server.look(&policy).await? {
                    println!("{}  {:>12}  {}", file.modified, file.size, file.name);
                }
            } else {
                println!("{:#?}", server.round(&policy, &mut Show).await?);
            }
        }
        ["imap", "take", host, user, rest @ ..] => {
            let mailbox = mailbox(host, user, rest.first().unwrap_or(&"INBOX"))?;
            let policy =
                imap::Policy { messages: 20, after: imap::After::Leave, ..imap::Policy::default() };
            println!("{:#?}", mailbox.round(None, &policy, &mut Show).await?);
        }
        _ => println!("{USAGE}"),
    }
    Ok(())
}

fn address(host: &str, usual: u16) -> Result<(String, u16), Box<dyn Error>> {
    match host.rsplit_once(':') {
        Some((host, port)) => Ok((host.to_owned(), port.parse()?)),
        None => Ok((host.to_owned(), usual)),
    }
}

fn server(host: &str, user: &str, prints: &[&str]) -> Result<Server, Box<dyn Error>> {
    let (host, port) = address(host, 22)?;
    let secret = Secret::new(env::var("COLLECT_SECRET").unwrap_or_default());
    let is_key = env::var("COLLECT_SECRET").is_ok_and(|text| text.contains("PRIVATE KEY"));
    let login = if is_key {
        sftp::Login::Key { text: secret, passphrase: None }
    } else {
        sftp::Login::Password(secret)
    };
    let host_keys = prints.iter().map(|print| print.parse()).collect::<Result<_, _>>()?;
    Ok(Server {
        host,
        port,
        user: user.to_owned(),
        login,
        host_keys,
        timeouts: Timeouts::default(),
    })
}

fn mailbox(host: &str, user: &str, folder: &str) -> Result<Mailbox, Box<dyn Error>> {
    let (host, port) = address(host, 993)?;
    Ok(Mailbox {
        host,
        port,
        security: if port == 143 { Security::StartTls } else { Security::Tls },
        trust: Trust::Public,
        user: user.to_owned(),
        login: imap::Login::Password(Secret::new(env::var("COLLECT_SECRET").unwrap_or_default())),
        folder: folder.to_owned(),
        timeouts: Timeouts::default(),
    })
}

struct Show;

impl sftp::Sink for Show {
    async fn take(&mut self, file: &Entry, body: &mut Body) -> Result<Taken, SinkError> {
        let mut start = vec![0; 60.min(file.size as usize)];
        body.read_exact(&mut start).await?;
        let rest = copy(body, &mut sink()).await?;
        let bytes = start.len() as u64 + rest;
        println!(
            "{}: {bytes} bytes: {}",
            file.name,
            String::from_utf8_lossy(&start).escape_debug()
        );
        Ok(Taken::Whole)
    }

    async fn commit(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}

impl imap::Sink for Show {
    async fn take(&mut self, mail: Mail) -> Result<(), SinkError> {
        println!("{}: {:?}", mail.uid, mail.pieces);
        Ok(())
    }

    async fn passed(&mut self, passed: Passed) -> Result<(), SinkError> {
        println!("{}: passed over: {}", passed.uid, passed.why.as_str());
        Ok(())
    }

    async fn commit(&mut self, _: Bookmark) -> Result<(), SinkError> {
        Ok(())
    }
}
