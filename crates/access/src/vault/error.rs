use std::path::{Path, PathBuf};

use kernel::{Explain, Kind};

/// The keys or something sealed with them cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key file cannot be read or written.
    #[error("the key file {} cannot be read or written", path.display())]
    File {
        /// Where it lies.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Others than its owner may read the key file.
    #[error("the key file {} may be read by others", .0.display())]
    Exposed(PathBuf),
    /// The key file is not one.
    #[error("the key file {} is damaged", .0.display())]
    Damaged(PathBuf),
    /// The key file belongs to another database.
    #[error("the key file does not belong to this database")]
    Foreign,
    /// Sealed with a key version that the key file does not have.
    #[error("a value was sealed with key version {0}, which the key file does not hold")]
    UnknownKey(u32),
    /// A sealed value was cut short or changed.
    #[error("a sealed value is damaged")]
    Broken,
    /// More than the cipher takes.
    #[error("the value is too long to be sealed")]
    TooLong,
}

impl VaultError {
    pub(super) fn file(path: &Path, source: std::io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }

    pub(super) fn gone(path: &Path) -> Self {
        Self::file(path, std::io::ErrorKind::NotFound.into())
    }
}

impl Explain for VaultError {
    fn kind(&self) -> Kind {
        match self {
            Self::TooLong => Kind::TooLarge,
            _ => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "vault-key-file",
            Self::Exposed(_) => "vault-key-exposed",
            Self::Damaged(_) => "vault-key-damaged",
            Self::Foreign => "vault-key-foreign",
            Self::UnknownKey(_) => "vault-key-unknown",
            Self::Broken => "vault-value-broken",
            Self::TooLong => "vault-value-too-long",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::File { path, .. } | Self::Exposed(path) | Self::Damaged(path) => {
                vec![("path", path.display().to_string())]
            }
            Self::UnknownKey(version) => vec![("version", version.to_string())],
            Self::Foreign | Self::Broken | Self::TooLong => Vec::new(),
        }
    }
}
