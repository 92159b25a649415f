//! What becomes of a file that was kept.

use russh_sftp::client::error::Error as Sftp;
use russh_sftp::protocol::{FileAttributes, FileType, StatusCode};

use super::connect::Session;
use super::list::entry;
use super::{After, Entry};
use crate::{Result, Step};

/// Names tried for a file whose name is taken in the folder of kept files.
const TRIES: u32 = 50;

/// Puts kept files away. A failure that concerns one file is told; the round goes on.
pub(super) struct Away<'a> {
    session: &'a Session,
    folder: &'a str,
    after: &'a After,
    ready: bool,
}

/// What became of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Away,
    /// Another file of that name came meanwhile; it must not go unread.
    Replaced,
    /// The server will not do it.
    Stuck,
}

impl<'a> Away<'a> {
    pub(super) fn new(session: &'a Session, folder: &'a str, after: &'a After) -> Self {
        Self { session, folder, after, ready: false }
    }

    pub(super) async fn put(&mut self, file: &Entry) -> Result<Fate> {
        let from = join(self.folder, &file.name);
        if *self.after == After::Leave {
            return Ok(Fate::Away);
        }
        match self.about(&from).await? {
            Ok(now) if entry(&file.name, &now) == *file => {}
            Ok(_) => return Ok(Fate::Replaced),
            Err(Sftp::Status(status)) if status.status_code == StatusCode::NoSuchFile => {
                return Ok(Fate::Away);
            }
            Err(error) => return self.stuck(&error),
        }
        match self.after {
            After::Leave => Ok(Fate::Away),
            After::Delete => self.done(self.session.raw.remove(from)).await,
            After::Move(done) => {
                let done = if done.starts_with('/') {
                    done.trim_end_matches('/').to_owned()
                } else {
                    join(self.folder, done.trim_end_matches('/'))
                };
                if !self.ready {
                    if let Some(fate) = self.make(&done).await? {
                        return Ok(fate);
                    }
                    self.ready = true;
                }
                match self.free_name(&done, file).await? {
                    Some(to) => self.done(self.session.raw.rename(from, to)).await,
                    None => Ok(Fate::Stuck),
                }
            }
        }
    }

    /// Makes the folder if it is missing.
    async fn make(&self, done: &str) -> Result<Option<Fate>> {
        let (session, step) = (self.session, Step::PutAway);
        let is_folder = |attrs: &FileAttributes| {
            attrs.permissions.is_none() || attrs.file_type() == FileType::Dir
        };
        match session.ask(step, session.raw.stat(done)).await? {
            Ok(found) if is_folder(&found.attrs) => return Ok(None),
            Ok(_) => return Ok(Some(Fate::Stuck)),
            Err(Sftp::Status(status)) if status.status_code == StatusCode::NoSuchFile => {}
            Err(error) => return self.stuck(&error).map(Some),
        }
        let made = session.raw.mkdir(done, FileAttributes::empty());
        match session.ask(step, made).await? {
            Ok(_) => Ok(None),
            Err(error) => self.stuck(&error).map(Some),
        }
    }

    /// A path in `done` that nothing has. Servers differ in whether renaming overwrites, so it is
    /// never left to them.
    async fn free_name(&self, done: &str, file: &Entry) -> Result<Option<String>> {
        let stamp = file.modified.format("%Y%m%dT%H%M%S");
        for turn in 0..TRIES {
            let to = match turn {
                0 => join(done, &file.name),
                1 => join(done, &format!("{stamp}-{}", file.name)),
                more => join(done, &format!("{stamp}-{more}-{}", file.name)),
            };
            match self.about(&to).await? {
                Ok(_) => {}
                Err(Sftp::Status(status)) if status.status_code == StatusCode::NoSuchFile => {
                    return Ok(Some(to));
                }
                Err(error) => {
                    self.stuck(&error)?;
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }

    async fn about(&self, path: &str) -> Result<Result<FileAttributes, Sftp>> {
        let asked = self.session.raw.lstat(path);
        let answer = self.session.ask(Step::PutAway, asked).await?;
        Ok(answer.map(|found| found.attrs))
    }

    async fn done<T>(&self, work: impl Future<Output = Result<T, Sftp>>) -> Result<Fate> {
        match self.session.ask(Step::PutAway, work).await? {
            Ok(_) => Ok(Fate::Away),
            Err(error) => self.stuck(&error),
        }
    }

    fn stuck(&self, error: &Sftp) -> Result<Fate> {
        match self.session.failed(Step::PutAway, error) {
            crate::Error::Refused { .. } => Ok(Fate::Stuck),
            broken => Err(broken),
        }
    }
}

pub(super) fn join(folder: &str, name: &str) -> String {
    format!("{}/{name}", folder.trim_end_matches('/'))
}
