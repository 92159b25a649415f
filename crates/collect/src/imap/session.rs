//! A signed-in session and what is asked in it.

use std::collections::{HashMap, HashSet};

use imap_proto::{AttributeValue, MailboxDatum, Response, ResponseCode};

use super::command::{Done, Talk};
use super::encode;
use crate::{Error, Result, Step};

pub(super) struct Session {
    pub(super) talk: Talk,
    /// In capital letters.
    pub(super) able: HashSet<String>,
}

/// An opened folder.
#[derive(Default)]
pub(super) struct Opened {
    pub(super) messages: u32,
    pub(super) uid_validity: u32,
    /// The number the next e-mail will have, where the server says so.
    pub(super) uid_next: Option<u32>,
}

/// An e-mail, or why not.
pub(super) enum Fetched {
    Mail(Vec<u8>),
    /// Somebody deleted it.
    Gone,
    /// It is longer than it was said to be. The connection is of no more use.
    Long,
}

impl Session {
    /// Opens a folder, for reading only unless `write`.
    pub(super) async fn open(&mut self, folder: &str, write: bool) -> Result<Opened> {
        let verb = if write { "SELECT" } else { "EXAMINE" };
        let mut opened = Opened::default();
        let line = format!("{verb} {}", encode::folder(folder));
        let done = self
            .talk
            .command(Step::List, &line, 64 * 1024, |response| match response {
                Response::MailboxData(MailboxDatum::Exists(count)) => opened.messages = *count,
                Response::Data { outcome, .. } => match outcome.code {
                    Some(ResponseCode::UidValidity(number)) => opened.uid_validity = number,
                    Some(ResponseCode::UidNext(number)) if number > 0 => {
                        opened.uid_next = Some(number);
                    }
                    _ => {}
                },
                _ => {}
            })
            .await?;
        match done {
            Done::Ok if opened.uid_validity > 0 => Ok(opened),
            Done::Ok => Err(self.talk.wire.protocol(Step::List, "it does not number its e-mails")),
            Done::Long => Err(self.long(Step::List)),
            Done::No | Done::Bad => Err(Error::Folder {
                host: self.talk.wire.host.clone(),
                folder: folder.to_owned(),
                reason: "there is no such folder, or this user may not open it",
            }),
        }
    }

    /// Numbers of e-mails from `from` to `to`, without those marked as deleted, ascending.
    pub(super) async fn search(&mut self, from: u32, to: Option<u32>) -> Result<Vec<u32>> {
        let last = to.map_or_else(|| "*".to_owned(), |to| to.to_string());
        let mut found = Vec::new();
        let line = format!("UID SEARCH UID {from}:{last} UNDELETED");
        let done = self
            .talk
            .command(Step::List, &line, 0, |response| {
                if let Response::MailboxData(MailboxDatum::Search(numbers)) = response {
                    found.extend(numbers);
                }
            })
            .await?;
        self.must(Step::List, done, "it does not search")?;
        // `*` is the last e-mail even if that lies before `from`.
        found.retain(|uid| *uid >= from && to.is_none_or(|to| *uid <= to));
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Bytes of each e-mail as the server counts them.
    pub(super) async fn sizes(&mut self, uids: &[u32]) -> Result<HashMap<u32, u32>> {
        let mut sizes = HashMap::new();
        let line = format!("UID FETCH {} (UID RFC822.SIZE)", encode::set(uids));
        let done = self
            .talk
            .command(Step::Read, &line, 64 * 1024, |response| {
                let Response::Fetch(_, values) = response else { return };
                let uid = uid_of(values).filter(|uid| uids.binary_search(uid).is_ok());
                let size = values.iter().find_map(|value| match value {
                    AttributeValue::Rfc822Size(size) => Some(*size),
                    _ => None,
                });
                if let (Some(uid), Some(size)) = (uid, size) {
                    sizes.insert(uid, size);
                }
            })
            .await?;
        self.must(Step::Read, done, "it does not tell the size of e-mails")?;
        Ok(sizes)
    }

    /// An e-mail of at most `most` bytes, without marking it as read.
    pub(super) async fn fetch(&mut self, uid: u32, most: usize) -> Result<Fetched> {
        let mut mail = None;
        let line = format!("UID FETCH {uid} (UID BODY.PEEK[])");
        let done = self
            .talk
            .command(Step::Read, &line, most, |response| {
                let Response::Fetch(_, values) = response else { return };
                if uid_of(values) != Some(uid) {
                    return;
                }
                for value in values {
                    if let AttributeValue::BodySection { section: None, data: Some(data), .. } =
                        value
                    {
                        mail = Some(data.to_vec());
                    }
                }
            })
            .await?;
        if done == Done::Long {
            return Ok(Fetched::Long);
        }
        self.must(Step::Read, done, "it does not give the e-mail")?;
        Ok(mail.map_or(Fetched::Gone, Fetched::Mail))
    }

    /// Whether the server did it.
    pub(super) async fn mark(&mut self, uids: &[u32], flag: &str) -> Result<bool> {
        let line = format!("UID STORE {} +FLAGS.SILENT ({flag})", encode::set(uids));
        self.put_away(&line).await
    }

    /// Whether the server did it.
    pub(super) async fn move_to(&mut self, uids: &[u32], folder: &str) -> Result<bool> {
        let (set, folder) = (encode::set(uids), encode::folder(folder));
        if self.able.contains("MOVE") {
            return self.put_away(&format!("UID MOVE {set} {folder}")).await;
        }
        if !self.put_away(&format!("UID COPY {set} {folder}")).await? {
            return Ok(false);
        }
        self.delete(uids).await
    }

    /// Whether the server did it. Only these e-mails are removed: without UIDPLUS that cannot be
    /// said, and they are left with their mark.
    pub(super) async fn delete(&mut self, uids: &[u32]) -> Result<bool> {
        if !self.mark(uids, "\\Deleted").await? {
            return Ok(false);
        }
        if self.able.contains("UIDPLUS") {
            return self.put_away(&format!("UID EXPUNGE {}", encode::set(uids))).await;
        }
        Ok(true)
    }

    /// Says good-bye, if the server listens.
    pub(super) async fn leave(mut self) {
        let _gone = self.talk.command(Step::PutAway, "LOGOUT", 0, |_| {}).await;
    }

    async fn put_away(&mut self, line: &str) -> Result<bool> {
        match self.talk.command(Step::PutAway, line, 64 * 1024, |_| {}).await? {
            Done::Ok => Ok(true),
            Done::No | Done::Bad => Ok(false),
            Done::Long => Err(self.long(Step::PutAway)),
        }
    }

    fn must(&self, step: Step, done: Done, reason: &'static str) -> Result<()> {
        match done {
            Done::Ok => Ok(()),
            Done::Long => Err(self.long(step)),
            Done::No | Done::Bad => {
                Err(Error::Refused { host: self.talk.wire.host.clone(), step, reason })
            }
        }
    }

    fn long(&self, step: Step) -> Error {
        self.talk.wire.protocol(step, "a text longer than it may be")
    }
}

fn uid_of(values: &[AttributeValue<'_>]) -> Option<u32> {
    values.iter().find_map(|value| match value {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}
