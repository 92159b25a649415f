//! Where messages come from: what is known of each source, how it is set, when it falls silent.

mod fetch;
mod folder;
mod health;
mod keys;
mod remote;
mod store;
mod watch;

pub use fetch::{Fetched, Tried};
pub use folder::Folder;
pub use health::{Health, quality};
pub(crate) use keys::of_write_key;
pub use remote::{AfterFile, AfterMail, Mailbox, Secrets, Security, Sftp, SignIn};
pub use store::{Problem, Setting, Source};
pub(crate) use store::{heard, named};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a source hands things in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Over HTTP or from the command line.
    Messages,
    /// A folder that is watched.
    Folder,
    /// A folder on an SFTP server.
    Sftp,
    /// A mailbox on an IMAP server.
    Mailbox,
    /// Web pages and apps, by the tracking API.
    Web,
}

impl Kind {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::Messages, Self::Folder, Self::Sftp, Self::Mailbox, Self::Web];

    /// As kept in the database and in text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Folder => "folder",
            Self::Sftp => "sftp",
            Self::Mailbox => "mailbox",
            Self::Web => "web",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
