//! One round: search, fetch, commit, mark.

use super::session::{Fetched, Opened, Session};
use super::{After, Bookmark, Policy, Sink};
use crate::mail::{self, Passed, Why};
use crate::{Error, Result};

/// Numbers searched at once. Numbers have gaps: after an empty stretch a longer one is searched.
const STRETCH: u32 = 10_000;

/// What a round did.
#[derive(Debug, Default)]
#[must_use]
pub struct Round {
    /// E-mails that were committed.
    pub kept: u64,
    /// E-mails of which nothing was taken; the sink heard why.
    pub passed: u64,
    /// How far the sink has committed. The one given in when nothing was new.
    pub bookmark: Option<Bookmark>,
    /// The server numbers its e-mails anew: reading began from the first one. The sink recognises
    /// what it has.
    pub renumbered: bool,
    /// There is more than one round takes.
    pub more: bool,
    /// Kept e-mails the server did not mark, move or delete.
    pub unmarked: Option<Unmarked>,
    /// Why the round ended early. What is counted above is kept all the same.
    pub stopped: Option<Error>,
}

/// Kept e-mails that look unread in the mailbox. They are not offered again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmarked {
    /// How many.
    pub count: u64,
    /// What the server will not do: `mark`, `move` or `delete`.
    pub what: &'static str,
}

pub(super) async fn run<S: Sink>(
    mut session: Session,
    folder: &str,
    bookmark: Option<Bookmark>,
    policy: &Policy,
    sink: &mut S,
) -> Result<Round> {
    let opened = session.open(folder, policy.after != After::Leave).await?;
    let valid = bookmark.filter(|mark| mark.uid_validity == opened.uid_validity);
    let mut work = Work {
        session,
        policy,
        uid_validity: opened.uid_validity,
        at: valid.map_or(0, |mark| mark.uid),
        pending: Pending::default(),
        round: Round {
            bookmark,
            renumbered: bookmark.is_some() && valid.is_none(),
            ..Round::default()
        },
    };
    let walked = work.walk(&opened, sink).await;
    let ended = match walked {
        Ok(usable) => work.commit(sink, usable).await.map(|()| usable),
        // Those before are kept: otherwise one that always breaks the connection would hold them
        // up for ever.
        Err(error) if !matches!(error, Error::Sink(_)) => {
            Err(work.commit(sink, false).await.err().unwrap_or(error))
        }
        Err(error) => Err(error),
    };
    match ended {
        Ok(true) => work.session.leave().await,
        Ok(false) => {}
        Err(error) => work.round.stopped = Some(error),
    }
    Ok(work.round)
}

struct Work<'a> {
    session: Session,
    policy: &'a Policy,
    uid_validity: u32,
    /// The last e-mail that was looked at.
    at: u32,
    pending: Pending,
    round: Round,
}

/// What the sink has heard since the last commit.
#[derive(Default)]
struct Pending {
    taken: Vec<u32>,
    passed: u64,
    bytes: u64,
}

impl Work<'_> {
    /// Whether the connection is still of use afterwards.
    async fn walk<S: Sink>(&mut self, opened: &Opened, sink: &mut S) -> Result<bool> {
        let last = opened.uid_next.map(|next| next - 1);
        let mut stretch = STRETCH;
        let mut left = self.policy.messages;
        while let Some(from) = self.at.checked_add(1).filter(|from| last.is_none_or(|l| *from <= l))
        {
            let to = last.map(|last| last.min(from.saturating_add(stretch - 1)));
            let uids = self.session.search(from, to).await?;
            stretch = if uids.is_empty() { stretch.saturating_mul(4) } else { STRETCH };
            for some in uids.chunks(self.policy.batch_messages) {
                let some = some.get(..some.len().min(left)).unwrap_or(some);
                if some.is_empty() {
                    self.round.more = true;
                    return Ok(true);
                }
                left -= some.len();
                if !self.several(some, sink).await? {
                    return Ok(false);
                }
            }
            if uids.last().is_some_and(|last| *last > self.at) {
                self.round.more = true;
                return Ok(true);
            }
            match to {
                Some(to) => self.at = to,
                None => break,
            }
        }
        Ok(true)
    }

    async fn several<S: Sink>(&mut self, uids: &[u32], sink: &mut S) -> Result<bool> {
        let sizes = self.session.sizes(uids).await?;
        for uid in uids {
            // Without a size it has been deleted meanwhile.
            if let Some(size) = sizes.get(uid)
                && !self.one(*uid, *size, sink).await?
            {
                return Ok(false);
            }
            self.at = *uid;
            let full = self.pending.taken.len() >= self.policy.batch_messages;
            if full || self.pending.bytes >= self.policy.batch_bytes {
                self.commit(sink, true).await?;
            }
        }
        Ok(true)
    }

    async fn one<S: Sink>(&mut self, uid: u32, size: u32, sink: &mut S) -> Result<bool> {
        if size > self.policy.largest {
            self.pass(Passed::unread(uid, Why::TooLarge), sink).await?;
            return Ok(true);
        }
        // Servers count line ends in different ways, so a little more than announced is no lie.
        let most = size as usize + size as usize / 8 + 64 * 1024;
        let raw = match self.session.fetch(uid, most).await? {
            Fetched::Mail(raw) => raw,
            Fetched::Gone => return Ok(true),
            Fetched::Long => {
                self.pass(Passed::unread(uid, Why::TooLarge), sink).await?;
                // The next round goes on behind it, over a new connection.
                self.at = uid;
                self.round.more = true;
                return Ok(false);
            }
        };
        let bytes = raw.len() as u64;
        match mail::read(uid, &raw, &self.policy.reading) {
            Ok(mail) => {
                drop(raw);
                sink.take(mail).await.map_err(Error::Sink)?;
                self.pending.taken.push(uid);
                self.pending.bytes += bytes;
            }
            Err(passed) => self.pass(*passed, sink).await?,
        }
        Ok(true)
    }

    async fn pass<S: Sink>(&mut self, passed: Passed, sink: &mut S) -> Result<()> {
        sink.passed(passed).await.map_err(Error::Sink)?;
        self.pending.passed += 1;
        Ok(())
    }

    async fn commit<S: Sink>(&mut self, sink: &mut S, usable: bool) -> Result<()> {
        let bookmark = Bookmark { uid_validity: self.uid_validity, uid: self.at };
        let pending = std::mem::take(&mut self.pending);
        let unchanged = self.round.bookmark == Some(bookmark);
        if (unchanged || bookmark.uid == 0) && pending.taken.is_empty() && pending.passed == 0 {
            return Ok(());
        }
        sink.commit(bookmark).await.map_err(Error::Sink)?;
        self.round.bookmark = Some(bookmark);
        self.round.kept += pending.taken.len() as u64;
        self.round.passed += pending.passed;
        if pending.taken.is_empty() {
            return Ok(());
        }
        let (done, what) = if usable {
            self.put_away(&pending.taken).await
        } else {
            (Ok(self.policy.after == After::Leave), "mark")
        };
        if !matches!(done, Ok(true)) {
            let before = self.round.unmarked.as_ref().map_or(0, |unmarked| unmarked.count);
            let count = before + pending.taken.len() as u64;
            self.round.unmarked = Some(Unmarked { count, what });
        }
        done.map(|_| ())
    }

    async fn put_away(&mut self, uids: &[u32]) -> (Result<bool>, &'static str) {
        match &self.policy.after {
            After::Leave => (Ok(true), "mark"),
            After::Seen => (self.session.mark(uids, "\\Seen").await, "mark"),
            After::Move(folder) => (self.session.move_to(uids, folder).await, "move"),
            After::Delete => (self.session.delete(uids).await, "delete"),
        }
    }
}
