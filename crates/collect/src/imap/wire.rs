//! Answers of a server, cut out of the stream within bounds.
//!
//! Cutting is done here and not by a client library so that a literal is refused by its announced
//! size before it is read, and so that commands with passwords pass through no logging.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::pipe::Pipe;
use crate::timeouts::within;
use crate::{Error, Result, Step};

/// Bytes of an answer outside its literals: a million numbers found by a search.
const LINE: usize = 12 * 1024 * 1024;
/// Brackets within brackets: the grammar is read by recursion.
const DEPTH: usize = 40;
const BLOCK: usize = 32 * 1024;

pub(super) struct Wire {
    pipe: Pipe,
    buffer: Vec<u8>,
    at: usize,
    pub(super) host: String,
    limit: Duration,
}

/// One answer.
pub(super) enum Reply {
    /// Whole, with its literals and its last line end.
    Whole(Vec<u8>),
    /// It announced more bytes than it may have. The connection is of no more use.
    Long,
}

impl Wire {
    pub(super) fn new(pipe: Pipe, host: &str, limit: Duration) -> Self {
        Self { pipe, buffer: Vec::new(), at: 0, host: host.to_owned(), limit }
    }

    /// The connection itself, to put TLS over it. Whatever was sent before that in clear could be
    /// anybody's and must not be taken for an answer.
    pub(super) fn into_clear(self) -> Result<tokio::net::TcpStream> {
        match self.pipe {
            Pipe::Plain(stream) if self.at == self.buffer.len() => Ok(stream),
            _ => Err(Error::Protocol {
                host: self.host,
                step: Step::Secure,
                what: "answers in clear after TLS was agreed on",
            }),
        }
    }

    pub(super) async fn send(&mut self, step: Step, bytes: &[u8]) -> Result<()> {
        let sending = async {
            self.pipe.write_all(bytes).await?;
            self.pipe.flush().await
        };
        let sent = within(self.limit, &self.host, step, sending).await?;
        sent.map_err(|_| self.lost(step))
    }

    /// The next answer, with literals of at most `literal` bytes in all.
    pub(super) async fn reply(&mut self, step: Step, literal: usize) -> Result<Reply> {
        let mut reply = Vec::new();
        let (mut lines, mut literals, mut depth) = (0, 0, 0);
        loop {
            let begin = reply.len();
            self.line(step, LINE - lines, &mut reply).await?;
            let line = reply.get(begin..).unwrap_or_default();
            lines += line.len();
            depth = nested(line, depth);
            if depth > DEPTH || lines >= LINE {
                return Err(self.protocol(step, "an answer without end"));
            }
            let Some(size) = announced(&reply, begin) else { return Ok(Reply::Whole(reply)) };
            literals = size.saturating_add(literals);
            if literals > literal {
                return Ok(Reply::Long);
            }
            self.bytes(step, size, &mut reply).await?;
        }
    }

    async fn line(&mut self, step: Step, most: usize, into: &mut Vec<u8>) -> Result<()> {
        let begin = into.len();
        loop {
            let here = self.buffer.get(self.at..).unwrap_or_default();
            let end = memchr::memchr(b'\n', here).map(|end| end + 1);
            let part = end.unwrap_or(here.len());
            into.extend_from_slice(&here[..part]);
            self.at += part;
            if end.is_some() {
                return Ok(());
            }
            if into.len() - begin > most {
                return Err(self.protocol(step, "a line without end"));
            }
            self.fill(step).await?;
        }
    }

    async fn bytes(&mut self, step: Step, size: usize, into: &mut Vec<u8>) -> Result<()> {
        let mut left = size;
        while left > 0 {
            let here = self.buffer.get(self.at..).unwrap_or_default();
            let part = here.len().min(left);
            into.extend_from_slice(&here[..part]);
            self.at += part;
            left -= part;
            if left > 0 {
                self.fill(step).await?;
            }
        }
        Ok(())
    }

    /// Reads some more once all that is there has been used.
    async fn fill(&mut self, step: Step) -> Result<()> {
        self.buffer.clear();
        self.at = 0;
        self.buffer.reserve(BLOCK);
        let reading = self.pipe.read_buf(&mut self.buffer);
        match within(self.limit, &self.host, step, reading).await? {
            Ok(read) if read > 0 => Ok(()),
            _ => Err(self.lost(step)),
        }
    }

    pub(super) fn lost(&self, step: Step) -> Error {
        Error::Lost { host: self.host.clone(), step }
    }

    pub(super) fn protocol(&self, step: Step, what: &'static str) -> Error {
        Error::Protocol { host: self.host.clone(), step, what }
    }
}

/// The size of the literal that follows the line which begins at `begin`: `… {123}`. Status
/// answers end in free text, which announces nothing.
fn announced(reply: &[u8], begin: usize) -> Option<usize> {
    if begin == 0 {
        let second = reply.strip_prefix(b"* ")?.split(u8::is_ascii_whitespace).next()?;
        if [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"]
            .iter()
            .any(|word| word.eq_ignore_ascii_case(second))
        {
            return None;
        }
    }
    let line = reply.get(begin..)?.trim_ascii_end().strip_suffix(b"}")?;
    let open = memchr::memrchr(b'{', line)?;
    let digits = line.get(open + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // More digits than a number has is more bytes than any limit allows.
    Some(std::str::from_utf8(digits).ok()?.parse().unwrap_or(usize::MAX))
}

/// The deepest nesting of brackets, going on from `open` of earlier lines.
fn nested(line: &[u8], open: usize) -> usize {
    let (mut open, mut deepest) = (open, open);
    for byte in line {
        match byte {
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    if deepest > DEPTH { deepest } else { open }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_announced_at_the_end_of_data_only() {
        assert_eq!(announced(b"* 1 FETCH (BODY[] {12}\r\n", 0), Some(12));
        assert_eq!(announced(b"* 1 FETCH (BODY[] {12+}\r\n", 0), Some(12));
        assert_eq!(announced(b"* OK quota {12}\r\n", 0), None);
        assert_eq!(announced(b"A1 OK done {12}\r\n", 0), None);
        assert_eq!(announced(b"* 1 FETCH (FLAGS ())\r\n", 0), None);
        assert_eq!(
            announced(b"* 1 FETCH (BODY[] {99999999999999999999999}\r\n", 0),
            Some(usize::MAX)
        );
    }

    #[test]
    fn brackets_are_counted_over_lines() {
        assert_eq!(nested(b"((()", 0), 2);
        assert_eq!(nested(b")(", 1), 1);
        assert!(nested(&[b'('; 100], 0) > DEPTH);
        assert!(nested(&[&[b'('; 100][..], &[b')'; 100]].concat(), 0) > DEPTH);
    }
}
