//! What lies in the folder.

use kernel::chrono::{DateTime, Utc};
use russh_sftp::client::error::Error as Sftp;
use russh_sftp::protocol::{FileAttributes, FileType, StatusCode};

use super::connect::Session;
use super::{Policy, Why};
use crate::glob::fits;
use crate::timeouts::within;
use crate::{Error, Result, Step};

/// Entries of a folder looked at in one round.
const MOST: usize = 50_000;
/// Endings of files under way, of the programs that write them.
const PARTIAL: &[&str] = &[".part", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~"];

/// A file of the folder as the server describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Without its folder.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// When it was last written to, by the clock of the server, in whole seconds.
    pub modified: DateTime<Utc>,
}

/// What a look found.
pub(super) struct Look {
    /// The folder with all links in its path resolved.
    pub(super) folder: String,
    /// Oldest first.
    pub(super) files: Vec<Entry>,
    pub(super) skipped: Vec<(Entry, Why)>,
    /// There are more entries than are looked at in one round.
    pub(super) more: bool,
}

pub(super) async fn candidates(session: &Session, policy: &Policy) -> Result<Look> {
    let not_there = |error: Sftp| session.folder_failed(&policy.folder, &error);
    let names = session.ask(Step::List, session.raw.realpath(&policy.folder)).await?;
    let folder = names
        .map_err(not_there)?
        .files
        .into_iter()
        .next()
        .map(|file| file.filename)
        .filter(|path| !path.is_empty() && !path.contains('\0'))
        .ok_or_else(|| session.protocol(Step::List, "it does not tell where the folder is"))?;
    let handle = session.ask(Step::List, session.raw.opendir(&folder)).await?;
    let handle = handle.map_err(not_there)?.handle;
    let mut look = Look { folder, files: Vec::new(), skipped: Vec::new(), more: false };
    let mut seen = 0;
    while !look.more {
        let page = session.ask(Step::List, session.raw.readdir(&handle)).await?;
        let page = match page {
            Ok(page) => page.files,
            Err(Sftp::Status(status)) if status.status_code == StatusCode::Eof => break,
            Err(error) => return Err(session.failed(Step::List, &error)),
        };
        // A page without entries and without an end would go on for ever.
        seen += page.len().max(1);
        look.more = seen >= MOST;
        for file in page {
            look.add(&file.filename, &file.attrs, policy);
        }
    }
    // What is left of the handle ends with the connection.
    let _closed = session.ask(Step::List, session.raw.close(handle)).await?;
    let age = |entry: &Entry| (entry.modified, entry.name.clone());
    look.files.sort_by_cached_key(age);
    Ok(look)
}

impl Look {
    fn add(&mut self, name: &str, attrs: &FileAttributes, policy: &Policy) {
        if name.starts_with('.') || !fits(&policy.pattern, name) {
            return;
        }
        let partial = name.to_ascii_lowercase();
        if PARTIAL.iter().any(|ending| partial.ends_with(ending)) {
            return;
        }
        // Some servers tell no type in a listing; it is asked for before the file is opened.
        if attrs.permissions.is_some() && attrs.file_type() != FileType::File {
            return;
        }
        let entry = entry(name, attrs);
        // Names that are not UTF-8 arrive with this mark and could not be asked for again.
        if name.contains(['/', '\\', '\0', '\u{fffd}']) || name.len() > 255 {
            self.skipped.push((entry, Why::Name));
        } else if entry.size > policy.largest {
            self.skipped.push((entry, Why::TooLarge));
        } else {
            self.files.push(entry);
        }
    }
}

pub(super) fn entry(name: &str, attrs: &FileAttributes) -> Entry {
    let modified = DateTime::from_timestamp(i64::from(attrs.mtime.unwrap_or(0)), 0);
    Entry {
        name: name.to_owned(),
        size: attrs.size.unwrap_or(0),
        modified: modified.unwrap_or_default(),
    }
}

impl Session {
    /// One request and its answer, within the time a step may take.
    pub(super) async fn ask<T>(
        &self,
        step: Step,
        request: impl Future<Output = Result<T, Sftp>>,
    ) -> Result<Result<T, Sftp>> {
        within(self.limit, &self.host, step, request).await
    }

    /// What a failed request means for the round.
    pub(super) fn failed(&self, step: Step, error: &Sftp) -> Error {
        let host = self.host.clone();
        match error {
            Sftp::Status(status) => {
                let reason = match status.status_code {
                    StatusCode::NoSuchFile => "there is no such file",
                    StatusCode::PermissionDenied => "this user may not do it",
                    StatusCode::OpUnsupported => "it does not support it",
                    StatusCode::NoConnection | StatusCode::ConnectionLost => {
                        return Error::Lost { host, step };
                    }
                    _ => "it failed there",
                };
                Error::Refused { host, step, reason }
            }
            Sftp::Timeout => Error::Timeout { host, step, seconds: self.limit.as_secs() },
            Sftp::UnexpectedPacket | Sftp::Limited(_) => {
                self.protocol(step, "an answer that was not asked for")
            }
            Sftp::IO(_) | Sftp::UnexpectedBehavior(_) => Error::Lost { host, step },
        }
    }

    fn folder_failed(&self, folder: &str, error: &Sftp) -> Error {
        let reason = match error {
            Sftp::Status(status) => match status.status_code {
                StatusCode::PermissionDenied => "this user may not read it",
                StatusCode::NoConnection | StatusCode::ConnectionLost => {
                    return self.failed(Step::List, error);
                }
                _ => "there is no such folder",
            },
            _ => return self.failed(Step::List, error),
        };
        Error::Folder { host: self.host.clone(), folder: folder.to_owned(), reason }
    }

    pub(super) fn protocol(&self, step: Step, what: &'static str) -> Error {
        Error::Protocol { host: self.host.clone(), step, what }
    }
}
