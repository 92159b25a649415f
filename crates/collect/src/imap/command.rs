//! Commands and the answers to them.

use imap_proto::Response;

use super::wire::{Reply, Wire};
use crate::{Result, Secret, Step};

/// Bytes of all answers to one command, beside the literal that was asked for.
const ANSWERS: usize = 16 * 1024 * 1024;

/// The end of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Ok,
    /// The server will not.
    No,
    /// The server does not understand.
    Bad,
    /// An answer was longer than it may be. The connection is of no more use.
    Long,
}

/// Commands over a wire, each with a tag of its own.
pub(super) struct Talk {
    pub(super) wire: Wire,
    count: u32,
}

enum Heard {
    Done(Done),
    /// The server waits for more of the command.
    GoOn,
    Data(Vec<u8>),
}

impl Talk {
    pub(super) fn new(wire: Wire) -> Self {
        Self { wire, count: 0 }
    }

    /// Sends a command and listens until it is done. `literal` bounds the literals of an answer.
    pub(super) async fn command(
        &mut self,
        step: Step,
        line: &str,
        literal: usize,
        mut hear: impl FnMut(&Response<'_>),
    ) -> Result<Done> {
        let tag = self.tag();
        let line = Secret::new(format!("{tag} {line}\r\n"));
        self.wire.send(step, line.reveal().as_bytes()).await?;
        let mut heard = 0;
        loop {
            match self.hear(step, &tag, literal).await? {
                Heard::Done(done) => return Ok(done),
                Heard::GoOn => return Err(self.wire.protocol(step, "a question out of turn")),
                Heard::Data(data) => {
                    heard += data.len();
                    if heard > literal.saturating_add(ANSWERS) {
                        return Err(self.wire.protocol(step, "answers without end"));
                    }
                    // What the grammar does not know was not asked for.
                    if let Ok((_, response)) = Response::parse(&data) {
                        hear(&response);
                    }
                }
            }
        }
    }

    /// Signs in by a SASL mechanism with one answer, given in base64.
    pub(super) async fn authenticate(&mut self, mechanism: &str, answer: &Secret) -> Result<Done> {
        let (step, tag) = (Step::SignIn, self.tag());
        self.wire.send(step, format!("{tag} AUTHENTICATE {mechanism}\r\n").as_bytes()).await?;
        let mut questions = 0;
        loop {
            match self.hear(step, &tag, 0).await? {
                Heard::Done(done) => return Ok(done),
                Heard::Data(_) => {}
                Heard::GoOn if questions == 0 => {
                    let line = Secret::new(format!("{}\r\n", answer.reveal()));
                    self.wire.send(step, line.reveal().as_bytes()).await?;
                    questions = 1;
                }
                // A refusal may come with an explanation, which is to be acknowledged.
                Heard::GoOn if questions == 1 => {
                    self.wire.send(step, b"\r\n").await?;
                    questions = 2;
                }
                Heard::GoOn => return Err(self.wire.protocol(step, "questions without end")),
            }
        }
    }

    fn tag(&mut self) -> String {
        self.count += 1;
        format!("J{:04}", self.count)
    }

    async fn hear(&mut self, step: Step, tag: &str, literal: usize) -> Result<Heard> {
        let Reply::Whole(reply) = self.wire.reply(step, literal).await? else {
            return Ok(Heard::Done(Done::Long));
        };
        if reply.starts_with(b"+") {
            return Ok(Heard::GoOn);
        }
        let mut words = reply.trim_ascii_end().splitn(3, |byte| *byte == b' ');
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if first == tag.as_bytes() {
            return match second.to_ascii_uppercase().as_slice() {
                b"OK" => Ok(Heard::Done(Done::Ok)),
                b"NO" => Ok(Heard::Done(Done::No)),
                b"BAD" => Ok(Heard::Done(Done::Bad)),
                _ => Err(self.wire.protocol(step, "an end it does not explain")),
            };
        }
        if first != b"*" {
            return Err(self.wire.protocol(step, "an answer to something else"));
        }
        if second.eq_ignore_ascii_case(b"BYE") {
            return Err(self.wire.lost(step));
        }
        Ok(Heard::Data(reply))
    }
}
