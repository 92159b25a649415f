//! An e-mail, cut into the messages in it.
//!
//! Attachments are handed on byte for byte; of text bodies the transfer encoding and the character
//! set are undone. Nothing here does I/O: [`read`] is pure.

mod ignore;
mod limits;
mod pieces;

use kernel::Personal;
use kernel::chrono::{DateTime, Utc};

pub use pieces::read;

/// How e-mails are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Addresses (`ops@example.com`) or domains (`example.com`, not those below it) that may
    /// send. Empty: everybody. The address is the one in `From`, which anybody can write: it sorts
    /// out what came by mistake and is no protection where strangers can send to the mailbox.
    pub senders: Vec<String>,
    /// When the text of the e-mail itself is taken.
    pub body: Body,
    /// Names of attachments to take: `*` for any letters, `?` for one. Empty: all but pictures,
    /// signatures and what else programs add of themselves.
    pub names: Vec<String>,
    /// Whether a body in HTML only is turned into text; otherwise it is passed over.
    pub html: bool,
    /// Whether e-mails that say they were made by a program are taken (`Auto-Submitted:
    /// auto-generated`). Answers of people who are out and failed deliveries never are.
    pub generated: bool,
    /// How deep e-mails may be attached to e-mails.
    pub depth: u8,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            senders: Vec::new(),
            body: Body::Alone,
            names: Vec::new(),
            html: true,
            generated: false,
            depth: 3,
        }
    }
}

/// When the text of an e-mail is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// When there is no attachment.
    Alone,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// An e-mail and the messages in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its number in the mailbox.
    pub uid: u32,
    /// `Message-ID` without its angle brackets, for the audit trail.
    pub message_id: Option<Personal<String>>,
    /// The address in `From`, in small letters, for the audit trail.
    pub sender: Option<Personal<String>>,
    /// `Date`, as the sender's program wrote it.
    pub date: Option<DateTime<Utc>>,
    /// In the order of the e-mail; at least one.
    pub pieces: Vec<Piece>,
}

/// One message.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// The name of the attachment without folders; none of a body.
    pub name: Option<String>,
    /// In small letters: `text/plain`, `application/gzip`.
    pub media_type: String,
    /// An attachment as it was attached; a body as UTF-8.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Piece")
            .field("media_type", &self.media_type)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// An e-mail of which nothing is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Its number in the mailbox.
    pub uid: u32,
    /// Why.
    pub why: Why,
    /// `Message-ID` without its angle brackets, where the e-mail was read so far.
    pub message_id: Option<Personal<String>>,
    /// The address in `From`, where the e-mail was read so far.
    pub sender: Option<Personal<String>>,
}

impl Passed {
    pub(crate) fn unread(uid: u32, why: Why) -> Self {
        Self { uid, why, message_id: None, sender: None }
    }
}

/// Why nothing of an e-mail is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// More bytes than the policy takes, or more than the server had said.
    TooLarge,
    /// More parts, headers or levels than any program writes.
    TooManyParts,
    /// No e-mail at all.
    Unreadable,
    /// The sender is not on the list.
    Sender,
    /// The answer of somebody who is out.
    AutoReply,
    /// A delivery that failed, or a receipt.
    Report,
    /// Made by a program, where that is not taken.
    Generated,
    /// Encrypted, or packed as only one program does (`winmail.dat`).
    Sealed,
    /// E-mails attached to e-mails beyond the depth that is read.
    TooDeep,
    /// The text is HTML only, where that is not taken.
    Html,
    /// Neither an attachment that is wanted nor text.
    Empty,
}

impl Why {
    /// Kebab-case, stable: for counters and pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::TooManyParts => "too-many-parts",
            Self::Unreadable => "unreadable",
            Self::Sender => "sender",
            Self::AutoReply => "auto-reply",
            Self::Report => "report",
            Self::Generated => "generated",
            Self::Sealed => "sealed",
            Self::TooDeep => "too-deep",
            Self::Html => "html",
            Self::Empty => "empty",
        }
    }

    /// Whether a person should hear of it: something that was meant for us is not taken.
    #[must_use]
    pub const fn is_trouble(self) -> bool {
        !matches!(self, Self::AutoReply | Self::Report | Self::Generated)
    }
}
