//! What can go wrong with an import, told apart by what the caller can do about it.

use kernel::{Explain, Kind};

use crate::file::FileError;
use crate::mapping::MappingError;

/// The result of every call into this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed operation on feeds.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor's roles do not allow it.
    #[error(transparent)]
    Denied(#[from] access::Denied),
    /// There is no such import.
    #[error("there is no such import")]
    NotFound,
    /// There is no such mapping.
    #[error("there is no mapping called {0}")]
    NoMapping(String),
    /// The mapping comes with the program and cannot be changed.
    #[error("the mapping {0} comes with the program")]
    ShippedMapping(String),
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The mapping does not fit.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The mapping is for another kind of rows.
    #[error("the mapping is for {mapping}, the import is of {import}")]
    Kind {
        /// What the mapping is for.
        mapping: &'static str,
        /// What was asked for.
        import: &'static str,
    },
    /// The import is not in a state in which this can be done.
    #[error("this cannot be done while the import is {status}")]
    State {
        /// The state it is in.
        status: &'static str,
    },
    /// Nothing has been mapped yet.
    #[error("the columns have not been mapped yet")]
    Unmapped,
    /// More bytes than were announced.
    #[error("more bytes arrived than the {0} that were announced")]
    UploadSize(u64),
    /// The upload is not complete.
    #[error("{received} of {size} bytes have arrived")]
    Incomplete {
        /// Bytes that arrived.
        received: u64,
        /// Bytes announced.
        size: u64,
    },
    /// The file has been removed after the time for which it is kept.
    #[error("the file is no longer kept")]
    FileGone,
    /// The time for undoing is over.
    #[error("the import can no longer be undone")]
    UndoOver,
    /// Another process has taken the import over.
    #[error("another process has taken the import over")]
    Lost,
    /// Somebody asked to stop.
    #[error("the import was cancelled")]
    Cancelled,
    /// The page cursor was not made by us.
    #[error(transparent)]
    Cursor(#[from] kernel::page::BadCursor),
    /// The thread that reads the file stopped on a fault of the program.
    #[error("the reader stopped on a fault of the program")]
    Reader,
    /// There was nothing but blanks.
    #[error("the message is empty")]
    EmptyMessage,
    /// Longer than a message may be.
    #[error("the message is longer than {0} bytes")]
    LongMessage(u64),
    /// There is no such message.
    #[error("there is no such message")]
    NoMessage,
    /// The message is not in a state in which this can be done.
    #[error("this cannot be done while the message is {status}")]
    MessageState {
        /// The state it is in.
        status: &'static str,
    },
    /// A filter or selection of messages that is none.
    #[error("the selection of messages cannot be read")]
    BadSelection,
    /// Nothing of the selection is aside.
    #[error("none of these messages can be replayed")]
    NothingAside,
    /// Personal data are shown for a purpose, and this is none.
    #[error("there is no such purpose")]
    Purpose,
    /// A setting of a source that cannot be.
    #[error("the source cannot be set like that: {0}")]
    SourceSetting(&'static str),
    /// A kept message could not be packed or unpacked.
    #[error("a kept message could not be packed or unpacked")]
    Packing,
    /// The text of the message has been removed after the time for which it is kept.
    #[error("the text of the message is no longer kept")]
    TextGone,
    /// The name of a source has other letters than it may have.
    #[error("a source is named by up to 60 small letters, digits and hyphens")]
    SourceName,
    /// There is no such source.
    #[error("there is no such source")]
    NoSource,
    /// Customers refused or failed.
    #[error(transparent)]
    Customers(#[from] customers::Error),
    /// Flights refused or failed.
    #[error(transparent)]
    Flights(#[from] flights::Error),
    /// The audit trail failed.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// The database or the disk failed underneath.
    #[error("the import could not be read or written")]
    Store(#[from] store::Error),
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(store::Error::from(error))
    }
}

impl Error {
    fn inner(&self) -> Option<&dyn Explain> {
        match self {
            Self::Denied(inner) => Some(inner),
            Self::File(inner) => Some(inner),
            Self::Mapping(inner) => Some(inner),
            Self::Cursor(inner) => Some(inner),
            Self::Customers(inner) => Some(inner),
            Self::Flights(inner) => Some(inner),
            Self::Access(inner) => Some(inner),
            Self::Store(inner) => Some(inner),
            _ => None,
        }
    }
}

impl Explain for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound | Self::NoMapping(_) => Kind::NotFound,
            Self::NoMessage | Self::NoSource => Kind::NotFound,
            Self::MessageState { .. } | Self::TextGone => Kind::Conflict,
            Self::EmptyMessage | Self::SourceName | Self::SourceSetting(_) => Kind::Invalid,
            Self::BadSelection | Self::NothingAside | Self::Purpose => Kind::Invalid,
            Self::LongMessage(_) => Kind::TooLarge,
            Self::State { .. } | Self::Unmapped | Self::Incomplete { .. } => Kind::Conflict,
            Self::ShippedMapping(_) | Self::FileGone | Self::UndoOver => Kind::Conflict,
            Self::Lost | Self::Cancelled => Kind::Conflict,
            Self::Kind { .. } => Kind::Invalid,
            Self::UploadSize(_) => Kind::TooLarge,
            other => other.inner().map_or(Kind::Internal, Explain::kind),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "feeds-import-not-found",
            Self::NoMapping(_) => "feeds-mapping-not-found",
            Self::ShippedMapping(_) => "feeds-mapping-shipped",
            Self::Kind { .. } => "feeds-kind",
            Self::State { .. } => "feeds-state",
            Self::Unmapped => "feeds-unmapped",
            Self::UploadSize(_) => "feeds-upload-size",
            Self::Incomplete { .. } => "feeds-upload-incomplete",
            Self::FileGone => "feeds-file-gone",
            Self::UndoOver => "feeds-undo-over",
            Self::Lost => "feeds-lost",
            Self::Cancelled => "feeds-cancelled",
            Self::EmptyMessage => "feeds-message-empty",
            Self::LongMessage(_) => "feeds-message-long",
            Self::NoMessage => "feeds-message-not-found",
            Self::MessageState { .. } => "feeds-message-state",
            Self::BadSelection => "feeds-selection",
            Self::Purpose => "feeds-purpose",
            Self::NothingAside => "feeds-nothing-aside",
            Self::SourceSetting(_) => "feeds-source-setting",
            Self::Packing => "feeds-packing",
            Self::TextGone => "feeds-text-gone",
            Self::SourceName => "feeds-source-name",
            Self::NoSource => "feeds-source-not-found",
            other => other.inner().map_or("feeds-reader", Explain::code),
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoMapping(name) | Self::ShippedMapping(name) => vec![("name", name.clone())],
            Self::Kind { mapping, import } => {
                vec![("mapping", (*mapping).to_owned()), ("import", (*import).to_owned())]
            }
            Self::State { status } | Self::MessageState { status } => {
                vec![("status", (*status).to_owned())]
            }
            Self::SourceSetting(what) => vec![("what", (*what).to_owned())],
            Self::LongMessage(size) => vec![("megabytes", (size / 1_048_576).to_string())],
            Self::UploadSize(size) => vec![("size", size.to_string())],
            Self::Incomplete { received, size } => {
                vec![("received", received.to_string()), ("size", size.to_string())]
            }
            other => other.inner().map(Explain::args).unwrap_or_default(),
        }
    }
}
