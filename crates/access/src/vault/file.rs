//! The key file: written beside its place first, then put there whole, readable by its owner only.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{VaultError, ring::Ring};
use crate::random;

/// The keys in the file, or `None` when there is no file.
pub(super) fn read(path: &Path) -> Result<Option<Ring>, VaultError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            return Err(VaultError::Damaged(path.to_owned()));
        }
        Err(error) => return Err(VaultError::file(path, error)),
    };
    refuse_exposed(path)?;
    Ring::read(&text).map(Some).ok_or_else(|| VaultError::Damaged(path.to_owned()))
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), VaultError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)
        .map_err(|error| VaultError::file(path, error))?
        .permissions()
        .mode();
    if mode & 0o077 == 0 { Ok(()) } else { Err(VaultError::Exposed(path.to_owned())) }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), VaultError> {
    Ok(())
}

/// Puts a new file there, unless one is there already.
pub(super) fn create(path: &Path, ring: &Ring) -> Result<(), VaultError> {
    let beside = write_beside(path, ring)?;
    let linked = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside).map_err(|error| VaultError::file(&beside, error))?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(VaultError::file(path, error))
        }
        _ => Ok(()),
    }
}

/// Puts the file in the place of the old one.
pub(super) fn replace(path: &Path, ring: &Ring) -> Result<(), VaultError> {
    let beside = write_beside(path, ring)?;
    std::fs::rename(&beside, path).map_err(|error| VaultError::file(path, error))
}

fn write_beside(path: &Path, ring: &Ring) -> Result<PathBuf, VaultError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| VaultError::file(folder, error))?;
    }
    let beside = path.with_extension(format!("key.{}", random::clear::<8>()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut file| {
        file.write_all(ring.write().as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| VaultError::file(&beside, error))?;
    Ok(beside)
}
