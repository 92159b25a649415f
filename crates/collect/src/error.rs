//! What can go wrong on the way, told apart by who can do something about it.

use std::fmt;

use kernel::{Explain, Kind};

/// The result of every call into this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whatever a sink fails with. It is handed back untouched in [`Error::Sink`].
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// A step of a round, as errors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Finding the host and opening the connection.
    Connect,
    /// Agreeing on keys: the SSH key exchange or the TLS handshake.
    Secure,
    /// Signing in.
    SignIn,
    /// Opening the folder or mailbox and listing what is in it.
    List,
    /// Reading a file or message.
    Read,
    /// Moving, deleting or marking what was kept.
    PutAway,
}

impl Step {
    /// Kebab-case, stable.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Secure => "secure",
            Self::SignIn => "sign-in",
            Self::List => "list",
            Self::Read => "read",
            Self::PutAway => "put-away",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A round that could not begin or go on. Holds neither secrets nor anything of a file or message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting that cannot be.
    #[error("the setting `{0}` cannot be used")]
    Setting(&'static str),
    /// The private key of the caller cannot be read.
    #[error("the private key cannot be read: {0}")]
    PrivateKey(&'static str),
    /// No connection.
    #[error("{host}:{port} cannot be reached")]
    Unreachable {
        /// The server.
        host: String,
        /// Its port.
        port: u16,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A step took too long.
    #[error("{host} did not answer within {seconds} seconds (step: {step})")]
    Timeout {
        /// The server.
        host: String,
        /// What was being done.
        step: Step,
        /// The limit.
        seconds: u64,
    },
    /// No host key is pinned, so the server cannot be told from an impostor.
    #[error("the host key of {host} is not known; it offers {offered}")]
    HostKeyUnknown {
        /// The server.
        host: String,
        /// Its fingerprint: `SHA256:…`.
        offered: String,
    },
    /// The server shows another key than the pinned one.
    #[error("{host} offers the host key {offered}, but {expected} was agreed on")]
    HostKeyChanged {
        /// The server.
        host: String,
        /// Its fingerprint now.
        offered: String,
        /// The pinned fingerprints, with commas between.
        expected: String,
    },
    /// The TLS certificate of the server is not to be trusted.
    #[error("the certificate of {host} is not trusted: {reason}")]
    Certificate {
        /// The server.
        host: String,
        /// In a few words.
        reason: &'static str,
    },
    /// Signing in would send the password over a connection others can read.
    #[error("{host} offers no protected way to sign in: {reason}")]
    Insecure {
        /// The server.
        host: String,
        /// In a few words.
        reason: &'static str,
    },
    /// User, password or key were refused.
    #[error("{host} refused the sign-in by {method}")]
    SignIn {
        /// The server.
        host: String,
        /// `password`, `key` or `token`.
        method: &'static str,
    },
    /// The folder or mailbox does not exist or may not be read.
    #[error("{folder} on {host} cannot be opened: {reason}")]
    Folder {
        /// The server.
        host: String,
        /// As it was configured.
        folder: String,
        /// In a few words.
        reason: &'static str,
    },
    /// The server answered that it will not do a step.
    #[error("{host} refused a step ({step}): {reason}")]
    Refused {
        /// The server.
        host: String,
        /// What was being done.
        step: Step,
        /// In a few words; never what the server wrote.
        reason: &'static str,
    },
    /// The connection broke.
    #[error("the connection to {host} was lost (step: {step})")]
    Lost {
        /// The server.
        host: String,
        /// What was being done.
        step: Step,
    },
    /// The server said something that is not of the protocol or beyond its limits.
    #[error("{host} does not keep to the protocol (step: {step}): {what}")]
    Protocol {
        /// The server.
        host: String,
        /// What was being done.
        step: Step,
        /// In a few words; never what the server wrote.
        what: &'static str,
    },
    /// The caller's sink failed.
    #[error("what was collected could not be kept")]
    Sink(#[source] SinkError),
}

impl Explain for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Setting(_) | Self::PrivateKey(_) => Kind::Invalid,
            Self::HostKeyUnknown { .. }
            | Self::HostKeyChanged { .. }
            | Self::Certificate { .. }
            | Self::Insecure { .. }
            | Self::SignIn { .. } => Kind::Forbidden,
            Self::Folder { .. } => Kind::NotFound,
            Self::Refused { .. } => Kind::Conflict,
            Self::Unreachable { .. }
            | Self::Timeout { .. }
            | Self::Lost { .. }
            | Self::Protocol { .. } => Kind::Unavailable,
            Self::Sink(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Setting(_) => "collect-setting",
            Self::PrivateKey(_) => "collect-private-key",
            Self::Unreachable { .. } => "collect-unreachable",
            Self::Timeout { .. } => "collect-timeout",
            Self::HostKeyUnknown { .. } => "collect-host-key-unknown",
            Self::HostKeyChanged { .. } => "collect-host-key-changed",
            Self::Certificate { .. } => "collect-certificate",
            Self::Insecure { .. } => "collect-insecure",
            Self::SignIn { .. } => "collect-sign-in",
            Self::Folder { .. } => "collect-folder",
            Self::Refused { .. } => "collect-refused",
            Self::Lost { .. } => "collect-lost",
            Self::Protocol { .. } => "collect-protocol",
            Self::Sink(_) => "collect-sink",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Setting(name) => vec![("setting", (*name).to_owned())],
            Self::PrivateKey(reason) => vec![("reason", (*reason).to_owned())],
            Self::Unreachable { host, port, .. } => {
                vec![("host", host.clone()), ("port", port.to_string())]
            }
            Self::Timeout { host, step, seconds } => vec![
                ("host", host.clone()),
                ("step", step.to_string()),
                ("seconds", seconds.to_string()),
            ],
            Self::HostKeyUnknown { host, offered } => {
                vec![("host", host.clone()), ("offered", offered.clone())]
            }
            Self::HostKeyChanged { host, offered, expected } => vec![
                ("host", host.clone()),
                ("offered", offered.clone()),
                ("expected", expected.clone()),
            ],
            Self::Certificate { host, reason } => {
                vec![("host", host.clone()), ("reason", (*reason).to_owned())]
            }
            Self::Insecure { host, reason } => {
                vec![("host", host.clone()), ("reason", (*reason).to_owned())]
            }
            Self::SignIn { host, method } => {
                vec![("host", host.clone()), ("method", (*method).to_owned())]
            }
            Self::Folder { host, folder, reason } => vec![
                ("host", host.clone()),
                ("folder", folder.clone()),
                ("reason", (*reason).to_owned()),
            ],
            Self::Refused { host, step, reason } => step_args(host, *step, reason),
            Self::Lost { host, step } => {
                vec![("host", host.clone()), ("step", step.to_string())]
            }
            Self::Protocol { host, step, what } => step_args(host, *step, what),
            Self::Sink(_) => Vec::new(),
        }
    }
}

fn step_args(host: &str, step: Step, reason: &str) -> Vec<(&'static str, String)> {
    vec![("host", host.to_owned()), ("step", step.to_string()), ("reason", reason.to_owned())]
}
