//! One round: look, wait, read, commit, put away.

use russh_sftp::client::error::Error as Sftp;
use russh_sftp::protocol::{FileAttributes, FileType, OpenFlags, StatusCode};

use super::away::{Away, Fate, join};
use super::body::End;
use super::connect::Session;
use super::list::{self, entry};
use super::{Body, Entry, Policy, Sink, Taken};
use crate::{Error, Result, Step};

/// Files the sink is asked about at once.
const ASKED: usize = 1_000;

/// What a round did.
#[derive(Debug, Default)]
#[must_use]
pub struct Round {
    /// Files that were committed.
    pub kept: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Files that are still being written to, were replaced or vanished. The next round looks.
    pub waiting: u64,
    /// Files that need somebody's attention.
    pub skipped: Vec<Skipped>,
    /// There is more than one round takes.
    pub more: bool,
    /// Why the round ended early. What is counted above is kept all the same.
    pub stopped: Option<Error>,
    /// The file at which it ended early.
    pub stopped_at: Option<String>,
}

/// A file that stays where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub file: Entry,
    /// Why.
    pub why: Why,
}

/// Why a file stays where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// It has more bytes than the policy takes.
    TooLarge,
    /// Its name is not UTF-8 or has letters no file name may have.
    Name,
    /// The server does not let this user read it.
    Unreadable,
    /// The sink does not want it, with its reason.
    Refused(String),
    /// It was kept, but the server does not let this user move or delete it: it will be offered
    /// again in each round.
    NotPutAway,
}

pub(super) async fn run<S: Sink>(session: Session, policy: &Policy, sink: &mut S) -> Result<Round> {
    let look = list::candidates(&session, policy).await?;
    let mut round = Round { more: look.more, ..Round::default() };
    for (file, why) in look.skipped {
        round.skipped.push(Skipped { file, why });
    }
    let files = wanted(look.files, policy, sink, &mut round).await?;
    if files.is_empty() {
        return Ok(round);
    }
    tokio::time::sleep(policy.settle).await;
    let mut work = Work {
        away: Away::new(&session, &look.folder, &policy.after),
        session: &session,
        folder: &look.folder,
        round,
        batch: Vec::new(),
    };
    for file in files {
        let done = work.one(&file, policy, sink).await;
        if let Err(error) = done {
            return Ok(work.stop(error, Some(file.name), sink).await);
        }
    }
    match work.commit(sink).await {
        Ok(()) => Ok(work.round),
        Err(error) => Ok(work.stop(error, None, sink).await),
    }
}

/// The oldest files the sink has not seen, as many as a round takes.
async fn wanted<S: Sink>(
    mut files: Vec<Entry>,
    policy: &Policy,
    sink: &mut S,
    round: &mut Round,
) -> Result<Vec<Entry>> {
    let mut wanted = Vec::new();
    while !files.is_empty() && wanted.len() < policy.files {
        let rest = files.split_off(files.len().min(ASKED));
        let asked = std::mem::replace(&mut files, rest);
        wanted.extend(sink.unseen(asked).await.map_err(Error::Sink)?);
    }
    round.more |= !files.is_empty() || wanted.len() > policy.files;
    wanted.truncate(policy.files);
    Ok(wanted)
}

struct Work<'a> {
    session: &'a Session,
    folder: &'a str,
    away: Away<'a>,
    round: Round,
    batch: Vec<Entry>,
}

enum Opened {
    Body(Box<Body>),
    Waiting,
    Skipped(Why),
}

impl Work<'_> {
    async fn one<S: Sink>(&mut self, file: &Entry, policy: &Policy, sink: &mut S) -> Result<()> {
        let mut body = match self.open(file).await? {
            Opened::Body(body) => body,
            Opened::Waiting => {
                self.round.waiting += 1;
                return Ok(());
            }
            Opened::Skipped(why) => {
                self.skip(file, why);
                return Ok(());
            }
        };
        let taken = sink.take(file, &mut body).await;
        let (end, handle) = body.into_end();
        match (end, taken) {
            // What the sink says of a broken connection is only what it was told.
            (Some(End::Broken(error)), _) => return Err(error),
            (Some(End::Changed), _) => self.round.waiting += 1,
            (Some(End::Refused), _) => self.skip(file, Why::Unreadable),
            (_, Err(error)) => return Err(Error::Sink(error)),
            (_, Ok(Taken::Refused(reason))) => self.skip(file, Why::Refused(reason)),
            (Some(End::Whole), Ok(Taken::Whole)) => self.batch.push(file.clone()),
            (None, Ok(Taken::Whole)) => {
                self.skip(file, Why::Refused("not read to its end".to_owned()));
            }
        }
        let closed = self.session.ask(Step::Read, self.session.raw.close(handle)).await?;
        if let Err(error) = closed
            && !matches!(error, Sftp::Status(_))
        {
            return Err(self.session.failed(Step::Read, &error));
        }
        let bytes: u64 = self.batch.iter().map(|file| file.size).sum();
        if self.batch.len() >= policy.batch_files || bytes >= policy.batch_bytes {
            self.commit(sink).await?;
        }
        Ok(())
    }

    /// Opens the file if it is the one of the first look. Opening follows links, so what was
    /// opened is compared once more.
    async fn open(&self, file: &Entry) -> Result<Opened> {
        let (session, raw) = (self.session, &self.session.raw);
        let path = join(self.folder, &file.name);
        let found = match session.ask(Step::Read, raw.lstat(&path)).await? {
            Ok(found) => found.attrs,
            Err(error) => return self.not_opened(&error),
        };
        if !same(file, &found) {
            return Ok(Opened::Waiting);
        }
        let opening = raw.open(&path, OpenFlags::READ, FileAttributes::empty());
        let handle = match session.ask(Step::Read, opening).await? {
            Ok(handle) => handle.handle,
            Err(error) => return self.not_opened(&error),
        };
        match session.ask(Step::Read, raw.fstat(&handle)).await? {
            Ok(opened) if same(file, &opened.attrs) => {
                Ok(Opened::Body(Box::new(Body::new(session, handle, file.clone()))))
            }
            _ => {
                let _closed = session.ask(Step::Read, raw.close(handle)).await?;
                Ok(Opened::Waiting)
            }
        }
    }

    fn not_opened(&self, error: &Sftp) -> Result<Opened> {
        match error {
            Sftp::Status(status) if status.status_code == StatusCode::NoSuchFile => {
                Ok(Opened::Waiting)
            }
            Sftp::Status(_) => Ok(Opened::Skipped(Why::Unreadable)),
            error => Err(self.session.failed(Step::Read, error)),
        }
    }

    fn skip(&mut self, file: &Entry, why: Why) {
        self.round.skipped.push(Skipped { file: file.clone(), why });
    }

    async fn keep<S: Sink>(&mut self, sink: &mut S) -> Result<Vec<Entry>> {
        let batch = std::mem::take(&mut self.batch);
        if !batch.is_empty() {
            sink.commit().await.map_err(Error::Sink)?;
            self.round.kept += batch.len() as u64;
            self.round.bytes += batch.iter().map(|file| file.size).sum::<u64>();
        }
        Ok(batch)
    }

    async fn commit<S: Sink>(&mut self, sink: &mut S) -> Result<()> {
        for file in self.keep(sink).await? {
            match self.away.put(&file).await? {
                Fate::Away => {}
                Fate::Replaced => self.round.waiting += 1,
                Fate::Stuck => self.skip(&file, Why::NotPutAway),
            }
        }
        Ok(())
    }

    /// Files already taken are kept: otherwise one that always breaks the connection would hold
    /// up those before it for ever.
    async fn stop<S: Sink>(mut self, error: Error, at: Option<String>, sink: &mut S) -> Round {
        let kept = match &error {
            Error::Sink(_) => Ok(Vec::new()),
            _ => self.keep(sink).await,
        };
        self.round.stopped = Some(match kept {
            Ok(_) => error,
            Err(sink) => sink,
        });
        self.round.stopped_at = at;
        self.round
    }
}

/// Whether these are the attributes of that file, unchanged, and of a file at all.
fn same(file: &Entry, attrs: &FileAttributes) -> bool {
    let regular = attrs.permissions.is_none() || attrs.file_type() == FileType::File;
    regular && entry(&file.name, attrs) == *file
}
