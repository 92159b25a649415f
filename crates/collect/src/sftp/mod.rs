//! Files from an SFTP server.
//!
//! A round lists a folder, takes files that are whole (same size and time in two looks, some
//! seconds apart), oldest first, hands each to the sink as a stream, and puts away what the sink
//! committed. Symbolic links are never followed.

mod away;
mod body;
mod connect;
mod fingerprint;
mod list;
mod round;

pub use body::Body;
pub use fingerprint::{BadFingerprint, Fingerprint};
pub use list::Entry;
pub use round::{Round, Skipped, Why};

use std::future::Future;
use std::time::Duration;

use crate::{Error, Result, Secret, SinkError, Timeouts};

/// A server and how to sign in to it.
#[derive(Clone, Debug)]
pub struct Server {
    /// Name or address.
    pub host: String,
    /// Usually 22.
    pub port: u16,
    /// Who signs in.
    pub user: String,
    /// With what.
    pub login: Login,
    /// The pinned host keys; one of them must be shown. Empty: every server is refused, with an
    /// error that names the fingerprint it offers.
    pub host_keys: Vec<Fingerprint>,
    /// How long a step may take.
    pub timeouts: Timeouts,
}

/// With what to sign in.
#[derive(Clone, Debug)]
pub enum Login {
    /// A password, also where the server asks for it by keyboard-interactive.
    Password(Secret),
    /// A private key.
    Key {
        /// The text of the file: OpenSSH, PKCS#8, PKCS#1 or PuTTY.
        text: Secret,
        /// Where the file is encrypted.
        passphrase: Option<Secret>,
    },
}

/// What to take and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The folder on the server, absolute or from where the user lands.
    pub folder: String,
    /// Names to take: `*` for any letters, `?` for one.
    pub pattern: String,
    /// The time between the two looks in which a file may not change.
    pub settle: Duration,
    /// Files of more bytes stay where they are and are told.
    pub largest: u64,
    /// Files in a round, oldest first.
    pub files: usize,
    /// The sink commits after so many files …
    pub batch_files: usize,
    /// … or so many bytes.
    pub batch_bytes: u64,
    /// What becomes of a file that was kept.
    pub after: After,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            folder: ".".to_owned(),
            pattern: "*".to_owned(),
            settle: Duration::from_secs(10),
            largest: 256 * 1024 * 1024,
            files: 2_000,
            batch_files: 400,
            batch_bytes: 8 * 1024 * 1024,
            after: After::Move("done".to_owned()),
        }
    }
}

/// What becomes of a file that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// It is moved into this folder, which is made if it is missing; from the folder of the files
    /// if it is not absolute. A file of the same name that is there stays.
    Move(String),
    /// It is deleted.
    Delete,
    /// It stays. [`Sink::unseen`] tells old from new.
    Leave,
}

/// What a sink says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was read to its end and will be kept by the next [`Sink::commit`].
    Whole,
    /// It is not wanted, for a reason to be told. It stays where it is.
    Refused(String),
}

/// Where files go.
pub trait Sink: Send {
    /// Those of `files` that are to be taken, in the same order. All, unless the sink remembers.
    ///
    /// # Errors
    /// Ends the round.
    fn unseen(
        &mut self,
        files: Vec<Entry>,
    ) -> impl Future<Output = Result<Vec<Entry>, SinkError>> + Send {
        async { Ok(files) }
    }

    /// Reads one file to its end. An error of `body` is to be handed on; nothing of that file may
    /// be kept then.
    ///
    /// # Errors
    /// Ends the round, after the files before have been committed.
    fn take(
        &mut self,
        file: &Entry,
        body: &mut Body,
    ) -> impl Future<Output = Result<Taken, SinkError>> + Send;

    /// Keeps all files taken since the last call. When this returns they are put away.
    ///
    /// # Errors
    /// Ends the round. The files stay where they are.
    fn commit(&mut self) -> impl Future<Output = Result<(), SinkError>> + Send;
}

impl Server {
    /// Connects and returns the fingerprint of the key the server offers, without signing in and
    /// without trusting it: for a person to compare and to pin.
    ///
    /// # Errors
    /// No connection, or no SSH server there.
    pub async fn fingerprint(&self) -> Result<Fingerprint> {
        connect::offered(self).await
    }

    /// The files a round would take now, oldest first, without waiting whether they settle.
    ///
    /// # Errors
    /// No connection, sign-in refused, no such folder.
    pub async fn look(&self, policy: &Policy) -> Result<Vec<Entry>> {
        policy.check()?;
        let session = connect::sign_in(self).await?;
        Ok(list::candidates(&session, policy).await?.files)
    }

    /// One round.
    ///
    /// # Errors
    /// No file could be looked at: no connection, sign-in refused, no such folder, or the sink
    /// failed before the first file. What goes wrong later is in [`Round::stopped`], beside what
    /// was kept until then.
    pub async fn round<S: Sink>(&self, policy: &Policy, sink: &mut S) -> Result<Round> {
        policy.check()?;
        let session = connect::sign_in(self).await?;
        round::run(session, policy, sink).await
    }
}

impl Policy {
    fn check(&self) -> Result<()> {
        let bad = |text: &str| text.is_empty() || text.len() > 1_000 || text.contains('\0');
        if bad(&self.folder) {
            return Err(Error::Setting("folder"));
        }
        if self.pattern.is_empty() || self.pattern.len() > 100 || self.pattern.contains('/') {
            return Err(Error::Setting("pattern"));
        }
        if self.files == 0 || self.batch_files == 0 {
            return Err(Error::Setting("files"));
        }
        match &self.after {
            After::Move(folder) if bad(folder) || matches!(folder.as_str(), "." | "./") => {
                Err(Error::Setting("done folder"))
            }
            _ => Ok(()),
        }
    }
}
