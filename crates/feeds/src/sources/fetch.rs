//! Fetching from SFTP servers and mailboxes: a round of one source. What is kept is kept by the one
//! door for messages; only then does it leave where it came from.

use std::time::Duration;

use access::Actor;
use collect::imap::{self, Bookmark};
use collect::mail::{Mail, Passed};
use collect::{Secret, SinkError, Timeouts, sftp};
use kernel::Personal;
use sqlx::types::Json;
use store::{jobs, sql};
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::remote::{AfterFile, AfterMail, Mailbox, Secrets, Security, Sftp, SignIn};
use super::store::{self as rows, Problem};
use super::{Kind, Setting, Source};
use crate::messages::{Delivery, FETCH, LONGEST};
use crate::{Error, Feeds, Result, permissions};

/// Bytes of messages kept in one transaction.
const BYTES: u64 = 8 * 1024 * 1024;
/// Files that change within it are not whole.
const SETTLE: Duration = Duration::from_millis(if cfg!(test) { 50 } else { 10_000 });
/// A server that lets bytes drip ends here.
const LONGEST_ROUND: Duration = Duration::from_secs(15 * 60);

/// What one round fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Fetched {
    /// Files or e-mails kept.
    pub kept: u64,
    /// Files or e-mails left where they are.
    pub left: u64,
    /// There is more than one round takes.
    pub more: bool,
}

impl Feeds {
    /// A round for every source that is fetched, each in a job of its own: a server that does not
    /// answer holds up nobody else.
    pub(super) async fn enqueue_fetching(&self, sources: &[Source]) -> Result<()> {
        let due: Vec<&Source> =
            sources.iter().filter(|of| of.active && of.kind.is_fetched()).collect();
        if due.is_empty() {
            return Ok(());
        }
        let mut tx = self.db().begin().await?;
        for source in due {
            self.enqueue_fetch(&mut tx, source).await?;
        }
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(())
    }

    async fn enqueue_fetch(&self, tx: &mut store::Tx, source: &Source) -> Result<()> {
        let now = self.now();
        let args = serde_json::json!({ "source": source.name });
        let job = jobs::New::now(FETCH, args, now).key(format!("{FETCH}/{}", source.id));
        jobs::enqueue(tx, job, now).await?;
        Ok(())
    }

    /// One round of one source. What is wrong on the way is written down at the source.
    ///
    /// # Errors
    /// The database failed.
    pub async fn fetch(&self, name: &str) -> Result<Fetched> {
        let (source, secrets, bookmark) = self.ready_to_fetch(name).await?;
        if !source.active {
            return Ok(Fetched::default());
        }
        let round = async {
            match (&source.sftp, &source.mailbox) {
                (Some(sftp), _) => self.files(&source, sftp, secrets).await,
                (_, Some(mailbox)) => self.mails(&source, mailbox, secrets, bookmark).await,
                _ => Ok((Fetched::default(), None)),
            }
        };
        // What was not kept by then is offered again in the next round.
        let Ok(round) = tokio::time::timeout(LONGEST_ROUND, round).await else {
            self.trouble(&source, Some(Problem::plain("feeds-fetch-slow"))).await?;
            return Ok(Fetched::default());
        };
        let (fetched, problem) = match round {
            Ok((fetched, problem)) => (fetched, problem),
            Err(collect::Error::Sink(error)) => return Err(own(error)),
            Err(error) => (Fetched::default(), Some(Problem::of(&error))),
        };
        self.trouble(&source, problem).await?;
        Ok(fetched)
    }

    /// A source, what it signs in with, and how far it was read.
    async fn ready_to_fetch(&self, name: &str) -> Result<(Source, Secrets, Option<Bookmark>)> {
        let mut tx = self.db().read().await?;
        let source = rows::load(&mut tx, name).await?;
        let (secret, bookmark): (Option<Vec<u8>>, Option<Json<Bookmark>>) = tx
            .one(sql("SELECT secret, bookmark FROM feed_source WHERE id = $1").bind(source.id))
            .await?;
        let secrets = match &secret {
            Some(sealed) => Secrets::open(self.access().vault(), sealed)?,
            None => Secrets::default(),
        };
        Ok((source, secrets, bookmark.map(|mark| mark.0)))
    }

    async fn files(
        &self,
        source: &Source,
        sftp: &Sftp,
        secrets: Secrets,
    ) -> collect::Result<(Fetched, Option<Problem>)> {
        let mut sink = Files { feeds: self, source: &source.name, batch: Vec::new() };
        let round = server(sftp, secrets).round(&policy(sftp), &mut sink).await?;
        let left = round.skipped.len() as u64;
        let told = round.skipped.iter().map(|skipped| why(&skipped.why)).next();
        let problem = ended(round.stopped)?.or(told.map(Problem::plain));
        Ok((Fetched { kept: round.kept, left, more: round.more }, problem))
    }

    async fn mails(
        &self,
        source: &Source,
        mailbox: &Mailbox,
        secrets: Secrets,
        bookmark: Option<Bookmark>,
    ) -> collect::Result<(Fetched, Option<Problem>)> {
        let mut policy = imap::Policy {
            batch_bytes: BYTES,
            after: match mailbox.after {
                AfterMail::Seen => imap::After::Seen,
                AfterMail::Move => imap::After::Move(mailbox.move_to.clone()),
                AfterMail::Delete => imap::After::Delete,
                AfterMail::Leave => imap::After::Leave,
            },
            ..imap::Policy::default()
        };
        policy.reading.senders.clone_from(&mailbox.senders);
        // Gateways say of their e-mails that a program made them.
        policy.reading.generated = true;
        let mut sink = Mails { feeds: self, source, batch: Vec::new(), troubled: 0 };
        let round = server_of(mailbox, secrets).round(bookmark, &policy, &mut sink).await?;
        let unmarked = round.unmarked.as_ref().map(|_| Problem::plain("feeds-mailbox-fixed"));
        let passed = (sink.troubled > 0).then(|| Problem::plain("feeds-mailbox-passed"));
        let problem = ended(round.stopped)?.or(unmarked).or(passed);
        Ok((Fetched { kept: round.kept, left: round.passed, more: round.more }, problem))
    }
}

/// What is taken, and what becomes of it.
fn policy(sftp: &Sftp) -> sftp::Policy {
    sftp::Policy {
        folder: sftp.folder.clone(),
        pattern: sftp.pattern.clone(),
        largest: LONGEST as u64,
        settle: SETTLE,
        batch_bytes: BYTES,
        after: match sftp.after {
            AfterFile::Move => sftp::After::Move("done".to_owned()),
            AfterFile::Delete => sftp::After::Delete,
        },
        ..sftp::Policy::default()
    }
}

/// What ended a round early is a problem of the source, but a failure of ours.
fn ended(stopped: Option<collect::Error>) -> collect::Result<Option<Problem>> {
    match stopped {
        Some(error @ collect::Error::Sink(_)) => Err(error),
        other => Ok(other.as_ref().map(|error| Problem::of(error))),
    }
}

/// The error a sink of ours failed with.
fn own(error: SinkError) -> Error {
    match error.downcast::<Error>() {
        Ok(error) => *error,
        Err(_) => Error::Reader,
    }
}

const fn why(why: &sftp::Why) -> &'static str {
    match why {
        sftp::Why::TooLarge | sftp::Why::Refused(_) => "feeds-folder-large",
        sftp::Why::NotPutAway => "feeds-folder-fixed",
        _ => "feeds-folder-unreadable",
    }
}

fn secret(of: Option<Personal<String>>) -> Secret {
    Secret::new(of.map(Personal::into_revealed).unwrap_or_default())
}

/// The server as it is set.
pub(super) fn server(sftp: &Sftp, secrets: Secrets) -> sftp::Server {
    sftp::Server {
        host: sftp.host.clone(),
        port: sftp.port,
        user: sftp.user.clone(),
        login: match sftp.sign_in {
            SignIn::Password => sftp::Login::Password(secret(secrets.secret)),
            SignIn::Key => sftp::Login::Key {
                text: secret(secrets.secret),
                passphrase: secrets
                    .passphrase
                    .filter(|of| !of.reveal().is_empty())
                    .map(|of| secret(Some(of))),
            },
        },
        host_keys: sftp.host_key.parse().into_iter().collect(),
        timeouts: Timeouts::default(),
    }
}

/// The mailbox as it is set.
pub(super) fn server_of(mailbox: &Mailbox, secrets: Secrets) -> imap::Mailbox {
    imap::Mailbox {
        host: mailbox.host.clone(),
        port: mailbox.port,
        security: match mailbox.security {
            Security::Tls => imap::Security::Tls,
            Security::StartTls => imap::Security::StartTls,
            Security::Plain => imap::Security::Plain,
        },
        trust: match mailbox.authority.as_str() {
            "" => imap::Trust::Public,
            path => imap::Trust::File(path.into()),
        },
        user: mailbox.user.clone(),
        login: imap::Login::Password(secret(secrets.secret)),
        folder: mailbox.folder.clone(),
        timeouts: Timeouts::default(),
    }
}

/// Files into messages.
struct Files<'a> {
    feeds: &'a Feeds,
    source: &'a str,
    batch: Vec<Delivery>,
}

impl sftp::Sink for Files<'_> {
    async fn take(
        &mut self,
        file: &sftp::Entry,
        body: &mut sftp::Body,
    ) -> std::result::Result<sftp::Taken, SinkError> {
        let mut bytes = Vec::new();
        body.read_to_end(&mut bytes).await?;
        self.batch.push(Delivery { bytes, name: file.name.clone(), as_of: None });
        Ok(sftp::Taken::Whole)
    }

    async fn commit(&mut self) -> std::result::Result<(), SinkError> {
        let batch = std::mem::take(&mut self.batch);
        let actor = Actor::system("feeds.fetch");
        self.feeds.receive_all(&actor, self.source, batch).await?;
        Ok(())
    }
}

/// E-mails into messages, with the bookmark in the same transaction.
struct Mails<'a> {
    feeds: &'a Feeds,
    source: &'a Source,
    batch: Vec<Delivery>,
    /// E-mails passed over that were meant for us.
    troubled: u64,
}

impl imap::Sink for Mails<'_> {
    async fn take(&mut self, mail: Mail) -> std::result::Result<(), SinkError> {
        for piece in mail.pieces {
            if piece.bytes.len() > LONGEST {
                self.troubled += 1;
                continue;
            }
            let name = piece.name.unwrap_or_default();
            self.batch.push(Delivery { bytes: piece.bytes, name, as_of: None });
        }
        Ok(())
    }

    async fn passed(&mut self, passed: Passed) -> std::result::Result<(), SinkError> {
        self.troubled += u64::from(passed.why.is_trouble());
        Ok(())
    }

    async fn commit(&mut self, bookmark: Bookmark) -> std::result::Result<(), SinkError> {
        let batch = std::mem::take(&mut self.batch);
        Ok(self.feeds.keep_mails(self.source.id, batch, bookmark).await?)
    }
}

impl Feeds {
    async fn keep_mails(
        &self,
        source: Uuid,
        batch: Vec<Delivery>,
        bookmark: Bookmark,
    ) -> Result<()> {
        let mark = sql("UPDATE feed_source SET bookmark = $2 WHERE id = $1")
            .bind(source)
            .bind(serde_json::to_value(bookmark)?);
        let mut tx = self.receive_in(source, batch).await?;
        tx.exec(mark).await?;
        tx.commit().await?;
        self.db().ring_for_jobs();
        Ok(())
    }
}

impl Kind {
    /// Whether things are fetched from elsewhere, in a job.
    #[must_use]
    pub const fn is_fetched(self) -> bool {
        matches!(self, Self::Sftp | Self::Mailbox)
    }
}

/// What trying a source came to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tried {
    /// Signed in; so many files are waiting.
    Files(u64),
    /// Signed in; so many e-mails are in the folder.
    Mails(u64),
    /// No host key is pinned yet; the server offers the one with this fingerprint.
    HostKey(String),
    /// This stands in the way.
    Failed(Problem),
}

/// Somebody waits for the answer.
const PATIENCE: Timeouts =
    Timeouts { connect: Duration::from_secs(8), step: Duration::from_secs(10) };

impl Feeds {
    /// Connects to a fetched source and looks, without taking anything.
    ///
    /// # Errors
    /// Denied; [`Error::NoSource`]; [`Error::SourceSetting`] for a source that is not fetched.
    pub async fn try_source(&self, actor: &Actor, name: &str) -> Result<Tried> {
        actor.may(permissions::SOURCES)?;
        let (source, secrets, _) = self.ready_to_fetch(name).await?;
        let tried = match (&source.sftp, &source.mailbox) {
            (Some(sftp), _) => try_files(sftp, secrets).await,
            (_, Some(mailbox)) => {
                let server = imap::Mailbox { timeouts: PATIENCE, ..server_of(mailbox, secrets) };
                server.look().await.map(|found| Tried::Mails(found.into()))
            }
            _ => return Err(Error::SourceSetting("not-fetched")),
        };
        Ok(tried.unwrap_or_else(|error| Tried::Failed(Problem::of(&error))))
    }

    /// Pins the host key of an SFTP source: from now on only a server that has it is signed in to.
    ///
    /// # Errors
    /// Denied; [`Error::NoSource`]; [`Error::SourceSetting`] for what is no fingerprint.
    pub async fn pin_host_key(&self, actor: &Actor, name: &str, key: &str) -> Result<Source> {
        actor.may(permissions::SOURCES)?;
        let source = self.source(actor, name).await?;
        let Some(sftp) = source.sftp else { return Err(Error::SourceSetting("not-fetched")) };
        let setting = Setting {
            name: source.name,
            kind: Some(source.kind),
            active: source.active,
            expected_minutes: source.expected_minutes,
            sftp: Some(Sftp { host_key: key.trim().to_owned(), ..sftp }),
            ..Setting::default()
        };
        self.set_source(actor, &setting).await
    }
}

async fn try_files(sftp: &Sftp, secrets: Secrets) -> collect::Result<Tried> {
    let server = sftp::Server { timeouts: PATIENCE, ..server(sftp, secrets) };
    if server.host_keys.is_empty() {
        return Ok(Tried::HostKey(server.fingerprint().await?.to_string()));
    }
    let found = server.look(&policy(sftp)).await?;
    Ok(Tried::Files(found.len() as u64))
}
