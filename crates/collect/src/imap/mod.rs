//! Messages from an IMAP mailbox.
//!
//! A round asks for what came after a bookmark, oldest first, fetches each e-mail without marking
//! it, cuts it into pieces ([`crate::mail`]), and hands it to the sink, which keeps a batch and
//! the new bookmark in one transaction. Only then are the e-mails marked, moved or deleted.

mod command;
mod connect;
mod encode;
mod pipe;
mod round;
mod session;
mod tls;
mod wire;

pub use round::{Round, Unmarked};

use std::future::Future;
use std::path::PathBuf;

use kernel::serde::{Deserialize, Serialize};

use crate::mail::{Mail, Passed, Reading};
use crate::{Error, Result, Secret, SinkError, Timeouts};

/// A mailbox and how to sign in to it.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Name or address; with TLS it must be in the certificate.
    pub host: String,
    /// Usually 993, or 143 with STARTTLS.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Whose certificates are trusted.
    pub trust: Trust,
    /// Who signs in.
    pub user: String,
    /// With what.
    pub login: Login,
    /// The folder: `INBOX`, or another in the way the server writes it.
    pub folder: String,
    /// How long a step may take.
    pub timeouts: Timeouts,
}

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after a greeting in clear. Nothing is told to a server that does not offer it.
    StartTls,
    /// None. Refused unless the server is on this machine.
    Plain,
}

/// Whose certificates are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Those of the public authorities, as browsers have them.
    Public,
    /// Only those of the authorities in this PEM file.
    File(PathBuf),
}

/// With what to sign in.
#[derive(Clone, Debug)]
pub enum Login {
    /// A password.
    Password(Secret),
    /// An OAuth 2 access token (XOAUTH2), fetched by the caller.
    Token(Secret),
}

/// How far a mailbox has been read. To be stored in the transaction that keeps the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "kernel::serde")]
pub struct Bookmark {
    /// The server's number for the numbering itself. When it changes, reading begins anew.
    pub uid_validity: u32,
    /// The last message that was looked at.
    pub uid: u32,
}

/// What to take and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// E-mails in a round, oldest first.
    pub messages: usize,
    /// The sink commits after so many e-mails …
    pub batch_messages: usize,
    /// … or so many bytes.
    pub batch_bytes: u64,
    /// E-mails of more bytes are passed over.
    pub largest: u32,
    /// How e-mails are read.
    pub reading: Reading,
    /// What becomes of an e-mail that was kept.
    pub after: After,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            messages: 500,
            batch_messages: 100,
            batch_bytes: 8 * 1024 * 1024,
            largest: 25 * 1024 * 1024,
            reading: Reading::default(),
            after: After::Seen,
        }
    }
}

/// What becomes of an e-mail that was kept. E-mails that were passed over stay as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// Nothing: the mailbox is opened for reading only.
    Leave,
    /// It is marked as read.
    Seen,
    /// It is moved into this folder.
    Move(String),
    /// It is deleted. On servers without UIDPLUS it is only marked as deleted.
    Delete,
}

/// Where e-mails go.
pub trait Sink: Send {
    /// Takes one e-mail, to be kept by the next [`commit`](Self::commit).
    ///
    /// # Errors
    /// Ends the round, after the e-mails before have been committed.
    fn take(&mut self, mail: Mail) -> impl Future<Output = Result<(), SinkError>> + Send;

    /// Hears of an e-mail that was passed over. It is not offered again, so what a person should
    /// know of it is to be written down by the next [`commit`](Self::commit).
    ///
    /// # Errors
    /// Ends the round.
    fn passed(&mut self, passed: Passed) -> impl Future<Output = Result<(), SinkError>> + Send;

    /// Keeps all taken since the last call together with the bookmark, in one transaction. When
    /// this returns, the e-mails are marked, moved or deleted.
    ///
    /// # Errors
    /// Ends the round. The next one begins where this bookmark was not kept.
    fn commit(&mut self, bookmark: Bookmark) -> impl Future<Output = Result<(), SinkError>> + Send;
}

impl Mailbox {
    /// Signs in, opens the folder, and returns how many e-mails are in it.
    ///
    /// # Errors
    /// No connection, certificate not trusted, sign-in refused, no such folder.
    pub async fn look(&self) -> Result<u32> {
        self.check()?;
        let mut session = connect::sign_in(self).await?;
        let opened = session.open(&self.folder, false).await?;
        session.leave().await;
        Ok(opened.messages)
    }

    /// One round, from behind `bookmark`; without one, from the first e-mail.
    ///
    /// # Errors
    /// The folder could not be opened: no connection, certificate not trusted, sign-in refused, no
    /// such folder. What goes wrong later is in [`Round::stopped`], beside what was kept until
    /// then.
    pub async fn round<S: Sink>(
        &self,
        bookmark: Option<Bookmark>,
        policy: &Policy,
        sink: &mut S,
    ) -> Result<Round> {
        self.check()?;
        policy.check()?;
        let session = connect::sign_in(self).await?;
        round::run(session, &self.folder, bookmark, policy, sink).await
    }

    fn check(&self) -> Result<()> {
        let bad = |text: &str| {
            text.is_empty() || text.len() > 255 || text.contains(|c: char| c.is_control())
        };
        if bad(&self.host) || self.host.contains(char::is_whitespace) {
            return Err(Error::Setting("host"));
        }
        if self.port == 0 {
            return Err(Error::Setting("port"));
        }
        if bad(&self.user) {
            return Err(Error::Setting("user"));
        }
        if bad(&self.folder) {
            return Err(Error::Setting("folder"));
        }
        Ok(())
    }
}

impl Policy {
    fn check(&self) -> Result<()> {
        if self.messages == 0 || self.batch_messages == 0 {
            return Err(Error::Setting("messages"));
        }
        match &self.after {
            After::Move(folder) if folder.is_empty() || folder.contains(char::is_control) => {
                Err(Error::Setting("done folder"))
            }
            _ => Ok(()),
        }
    }
}
