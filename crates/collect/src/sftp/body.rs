//! The bytes of a file on their way.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::FuturesOrdered;
use russh_sftp::client::RawSftpSession;
use russh_sftp::client::error::Error as Sftp;
use russh_sftp::protocol::{Attrs, Data, StatusCode};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::Entry;
use super::connect::Session;
use super::list::entry;
use crate::{Error, Step};

/// Bytes asked for at once: what every server gives.
const CHUNK: u32 = 32 * 1024;
/// Questions under way, so that a far server is as quick as a near one: 1 MiB in all.
const WINDOW: usize = 32;

/// One file as a stream, to be read to its end.
///
/// The end is reached only when the file had the announced size and did not change meanwhile;
/// otherwise the last read fails, and nothing of the file may be kept. A few megabytes are in
/// memory, whatever the size of the file.
pub struct Body {
    raw: Arc<RawSftpSession>,
    handle: String,
    file: Entry,
    chunk: u32,
    asked: u64,
    read: u64,
    pending: FuturesOrdered<BoxFuture<'static, Answer>>,
    buffer: Vec<u8>,
    at: usize,
    state: State,
    idle: Pin<Box<Sleep>>,
    limit: std::time::Duration,
    host: String,
}

struct Answer {
    offset: u64,
    wanted: u32,
    data: Result<Data, Sftp>,
}

enum State {
    Reading,
    /// All bytes are here; is it still the same file?
    Checking(BoxFuture<'static, Result<Attrs, Sftp>>),
    Ended(End),
}

/// How reading ended.
pub(super) enum End {
    Whole,
    /// Somebody wrote to the file.
    Changed,
    /// The server will not give it.
    Refused,
    /// The connection is of no more use.
    Broken(Error),
}

impl Body {
    pub(super) fn new(session: &Session, handle: String, file: Entry) -> Self {
        Self {
            raw: session.raw.clone(),
            handle,
            file,
            chunk: CHUNK,
            asked: 0,
            read: 0,
            pending: FuturesOrdered::new(),
            buffer: Vec::new(),
            at: 0,
            state: State::Reading,
            idle: Box::pin(tokio::time::sleep(session.limit)),
            limit: session.limit,
            host: session.host.clone(),
        }
    }

    /// How reading ended, `None` when the end was not reached; and the handle, to be closed.
    pub(super) fn into_end(self) -> (Option<End>, String) {
        let end = match self.state {
            State::Ended(end) => Some(end),
            State::Reading | State::Checking(_) => None,
        };
        (end, self.handle)
    }

    fn ask(&mut self) {
        while self.pending.len() < WINDOW && self.asked < self.file.size {
            let left = self.file.size - self.asked;
            let wanted = u32::try_from(left).unwrap_or(u32::MAX).min(self.chunk);
            let (raw, handle, offset) = (self.raw.clone(), self.handle.clone(), self.asked);
            self.pending.push_back(Box::pin(async move {
                let data = raw.read(handle, offset, wanted).await;
                Answer { offset, wanted, data }
            }));
            self.asked += u64::from(wanted);
        }
    }

    fn answered(&mut self, answer: Answer) -> State {
        let step = Step::Read;
        let data = match answer.data {
            Ok(data) => data.data,
            Err(Sftp::Status(status)) => {
                return State::Ended(match status.status_code {
                    // Shorter than it was: cut off or written anew.
                    StatusCode::Eof => End::Changed,
                    StatusCode::NoConnection | StatusCode::ConnectionLost => {
                        End::Broken(Error::Lost { host: self.host.clone(), step })
                    }
                    _ => End::Refused,
                });
            }
            Err(error) => return State::Ended(End::Broken(self.broken(&error))),
        };
        let got = u32::try_from(data.len()).unwrap_or(u32::MAX);
        if got > answer.wanted {
            let what = "more bytes than were asked for";
            let error = Error::Protocol { host: self.host.clone(), step, what };
            return State::Ended(End::Broken(error));
        }
        if got == 0 {
            return State::Ended(End::Changed);
        }
        self.read = answer.offset + u64::from(got);
        if got < answer.wanted {
            // A server may give less. The answers behind the gap are of no use, and asking for
            // less from now on avoids further gaps.
            self.pending = FuturesOrdered::new();
            self.asked = self.read;
            self.chunk = got.max(1024);
        }
        self.buffer = data;
        self.at = 0;
        State::Reading
    }

    fn broken(&self, error: &Sftp) -> Error {
        let (host, step) = (self.host.clone(), Step::Read);
        match error {
            Sftp::Timeout => Error::Timeout { host, step, seconds: self.limit.as_secs() },
            Sftp::UnexpectedPacket | Sftp::Limited(_) => {
                Error::Protocol { host, step, what: "an answer that was not asked for" }
            }
            _ => Error::Lost { host, step },
        }
    }

    fn check(&self) -> State {
        let (raw, handle) = (self.raw.clone(), self.handle.clone());
        State::Checking(Box::pin(async move { raw.fstat(handle).await }))
    }

    fn checked(&self, answer: Result<Attrs, Sftp>) -> State {
        State::Ended(match answer {
            Ok(now) if entry(&self.file.name, &now.attrs) == self.file => End::Whole,
            Ok(_) | Err(Sftp::Status(_)) => End::Changed,
            Err(error) => End::Broken(self.broken(&error)),
        })
    }

    /// Whether the server has been silent for too long.
    fn silent(&mut self, cx: &mut Context<'_>) -> bool {
        self.idle.as_mut().poll(cx).is_ready()
    }
}

impl AsyncRead for Body {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if let Some(rest) = this.buffer.get(this.at..).filter(|rest| !rest.is_empty()) {
                let len = rest.len().min(buf.remaining());
                buf.put_slice(&rest[..len]);
                this.at += len;
                return Poll::Ready(Ok(()));
            }
            let next = match &mut this.state {
                State::Ended(end) => return Poll::Ready(end.as_io()),
                State::Checking(asked) => match asked.as_mut().poll(cx) {
                    Poll::Ready(answer) => Some(this.checked(answer)),
                    Poll::Pending => None,
                },
                State::Reading if this.read == this.file.size => Some(this.check()),
                State::Reading => {
                    this.ask();
                    match this.pending.poll_next_unpin(cx) {
                        Poll::Ready(Some(answer)) => Some(this.answered(answer)),
                        Poll::Ready(None) => Some(State::Ended(End::Changed)),
                        Poll::Pending => None,
                    }
                }
            };
            match next {
                Some(state) => {
                    this.idle.as_mut().reset(Instant::now() + this.limit);
                    this.state = state;
                }
                None if this.silent(cx) => {
                    let error = this.broken(&Sftp::Timeout);
                    this.state = State::Ended(End::Broken(error));
                }
                None => return Poll::Pending,
            }
        }
    }
}

impl End {
    fn as_io(&self) -> io::Result<()> {
        match self {
            Self::Whole => Ok(()),
            Self::Changed => Err(io::Error::other("the file changed while it was read")),
            Self::Refused => Err(io::Error::other("the server does not give the file")),
            Self::Broken(error) => Err(io::Error::other(error.to_string())),
        }
    }
}
