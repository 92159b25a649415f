//! An open mailbox.

use crate::Result;

pub(super) struct Session;

pub(super) struct Opened {
    pub(super) messages: u32,
}

impl Session {
    pub(super) async fn open(&mut self, _folder: &str, _write: bool) -> Result<Opened> {
        Ok(Opened { messages: 0 })
    }

    pub(super) async fn leave(self) {}
}
