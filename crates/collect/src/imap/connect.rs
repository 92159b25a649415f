//! From an address to a signed-in session.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imap_proto::{Capability, Response};
use tokio::net::TcpStream;

use super::command::{Done, Talk};
use super::encode::quoted;
use super::pipe::Pipe;
use super::session::Session;
use super::wire::{Reply, Wire};
use super::{Login, Mailbox, Security};
use crate::timeouts::within;
use crate::{Error, Result, Secret, Step};

pub(super) async fn sign_in(mailbox: &Mailbox) -> Result<Session> {
    let mut talk = open(mailbox).await?;
    let able = abilities(&mut talk).await?;
    let (method, done) = match &mailbox.login {
        Login::Token(token) => {
            let user = &mailbox.user;
            let text = format!("user={user}\x01auth=Bearer {}\x01\x01", token.reveal());
            let answer = base64_of(&Secret::new(text));
            ("token", talk.authenticate("XOAUTH2", &answer).await?)
        }
        Login::Password(password) => {
            ("password", by_password(mailbox, &mut talk, &able, password).await?)
        }
    };
    match done {
        Done::Ok => {}
        Done::No | Done::Bad | Done::Long => {
            return Err(Error::SignIn { host: mailbox.host.clone(), method });
        }
    }
    // A server may be able to do more for those it knows.
    let able = abilities(&mut talk).await?;
    Ok(Session { talk, able })
}

/// A connection on which a password may be sent.
async fn open(mailbox: &Mailbox) -> Result<Talk> {
    let Mailbox { host, port, timeouts, .. } = mailbox;
    let unreachable = |source| Error::Unreachable { host: host.clone(), port: *port, source };
    let opening = TcpStream::connect((host.as_str(), *port));
    let stream =
        within(timeouts.connect, host, Step::Connect, opening).await?.map_err(unreachable)?;
    let here = stream.peer_addr().is_ok_and(|address| address.ip().is_loopback());
    let pipe = match mailbox.security {
        Security::Tls => mailbox.protect(stream).await?,
        Security::StartTls => Pipe::Plain(stream),
        Security::Plain if here => Pipe::Plain(stream),
        Security::Plain => {
            let reason = "TLS is switched off, which is for servers on this machine only";
            return Err(Error::Insecure { host: host.clone(), reason });
        }
    };
    let mut talk = Talk::new(Wire::new(pipe, host, timeouts.step));
    greeting(&mut talk).await?;
    if mailbox.security != Security::StartTls {
        return Ok(talk);
    }
    if talk.command(Step::Secure, "STARTTLS", 0, |_| {}).await? != Done::Ok {
        let reason = "it does not offer STARTTLS";
        return Err(Error::Insecure { host: host.clone(), reason });
    }
    let pipe = mailbox.protect(talk.wire.into_clear()?).await?;
    Ok(Talk::new(Wire::new(pipe, host, timeouts.step)))
}

async fn greeting(talk: &mut Talk) -> Result<()> {
    let Reply::Whole(reply) = talk.wire.reply(Step::Connect, 0).await? else {
        return Err(talk.wire.protocol(Step::Connect, "it is no IMAP server"));
    };
    let word =
        reply.strip_prefix(b"* ").and_then(|rest| rest.split(u8::is_ascii_whitespace).next());
    match word.map(<[u8]>::to_ascii_uppercase).as_deref() {
        Some(b"OK") => Ok(()),
        Some(b"BYE") => Err(Error::Refused {
            host: talk.wire.host.clone(),
            step: Step::Connect,
            reason: "it takes no connections now",
        }),
        // Signed in already, as whom? STARTTLS is not possible any more then.
        Some(b"PREAUTH") => Err(talk.wire.protocol(Step::Connect, "it wants to know no user")),
        _ => Err(talk.wire.protocol(Step::Connect, "it is no IMAP server")),
    }
}

async fn abilities(talk: &mut Talk) -> Result<HashSet<String>> {
    let mut able = HashSet::new();
    let done = talk
        .command(Step::SignIn, "CAPABILITY", 0, |response| {
            if let Response::Capabilities(list) = response {
                able.extend(list.iter().map(|one| match one {
                    Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
                    Capability::Auth(name) => format!("AUTH={}", name.to_ascii_uppercase()),
                    Capability::Atom(name) => name.to_ascii_uppercase(),
                }));
            }
        })
        .await?;
    if done == Done::Ok {
        Ok(able)
    } else {
        Err(talk.wire.protocol(Step::SignIn, "it does not tell what it can do"))
    }
}

async fn by_password(
    mailbox: &Mailbox,
    talk: &mut Talk,
    able: &HashSet<String>,
    password: &Secret,
) -> Result<Done> {
    let (user, word) = (&mailbox.user, password.reveal());
    if word.contains(['\0', '\r', '\n']) {
        return Err(Error::Setting("password"));
    }
    if able.contains("AUTH=PLAIN") {
        let answer = base64_of(&Secret::new(format!("\0{user}\0{word}")));
        return talk.authenticate("PLAIN", &answer).await;
    }
    if able.contains("LOGINDISABLED") {
        let reason = "it takes no passwords on this connection";
        return Err(Error::Insecure { host: mailbox.host.clone(), reason });
    }
    let (Some(user), Some(word)) = (quoted(user), quoted(word).map(Secret::new)) else {
        return Err(Error::Setting("password"));
    };
    let line = Secret::new(format!("LOGIN {user} {}", word.reveal()));
    talk.command(Step::SignIn, line.reveal(), 0, |_| {}).await
}

fn base64_of(secret: &Secret) -> Secret {
    Secret::new(STANDARD.encode(secret.reveal()))
}
