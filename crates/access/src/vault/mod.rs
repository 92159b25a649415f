//! Sealing of what must not be read from the database alone, and keyed hashes to find it again.
//!
//! A sealed value is AES-256-GCM: one byte of format, four of key version, twelve of nonce, then
//! the ciphertext with its tag. Nonces are random, which bounds one key version to about four
//! thousand million values; [`Vault::rotate`] long before. Old versions stay in the key file and
//! go on opening; values are sealed anew when they are next written ([`Vault::reseal`]).
//!
//! The hash key never rotates, for every stored hash would have to be made again from the value.

mod error;
mod file;
mod ring;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use kernel::Personal;

pub use error::VaultError;
use ring::Ring;

/// The keys of one installation. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    /// Where the keys lie; none in tests.
    file: Option<PathBuf>,
    ring: RwLock<Arc<Ring>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(•••)")
    }
}

impl Vault {
    /// Opens the key file; makes one, readable by its owner only, when there is none.
    ///
    /// # Errors
    /// [`VaultError::File`] when it cannot be read or written, [`VaultError::Exposed`] when others
    /// may read it, [`VaultError::Damaged`] when it is not a key file.
    pub fn open_or_create(path: &Path) -> Result<Self, VaultError> {
        let ring = match file::read(path)? {
            Some(ring) => ring,
            None => {
                file::create(path, &Ring::fresh())?;
                // Another process may have been quicker: what lies there now is what counts.
                file::read(path)?.ok_or_else(|| VaultError::gone(path))?
            }
        };
        Ok(Self(Arc::new(Inner { file: Some(path.to_owned()), ring: RwLock::new(Arc::new(ring)) })))
    }

    /// Fresh keys that are kept nowhere.
    #[must_use]
    pub fn for_tests() -> Self {
        Self(Arc::new(Inner { file: None, ring: RwLock::new(Arc::new(Ring::fresh())) }))
    }

    fn ring(&self) -> Arc<Ring> {
        self.0.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, ring: Ring) {
        *self.0.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }

    /// Seals `value` with the newest key.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] past 64 GiB, that is never.
    pub fn seal(&self, value: &str) -> Result<Vec<u8>, VaultError> {
        self.ring().seal(value.as_bytes())
    }

    /// Opens a sealed value. A key version this process has not seen is looked for in the key
    /// file, because another process may have rotated.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`] when no key of the file fits, [`VaultError::Broken`] when the
    /// value was cut short or changed.
    pub fn open(&self, sealed: &[u8]) -> Result<Personal<String>, VaultError> {
        let opened = match self.ring().open(sealed) {
            Err(VaultError::UnknownKey(_)) => {
                self.reload()?;
                self.ring().open(sealed)?
            }
            other => other?,
        };
        String::from_utf8(opened).map(Personal::new).map_err(|_| VaultError::Broken)
    }

    /// The same value under the newest key, or `None` when it lies under it already.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn reseal(&self, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        if self.ring().is_newest(sealed) {
            return Ok(None);
        }
        let value = self.open(sealed)?;
        self.seal(value.reveal()).map(Some)
    }

    /// Sixteen bytes by which equal values of one `kind` find each other: HMAC-SHA-256, cut to
    /// 128 bits. `normalised` decides what counts as equal.
    #[must_use]
    pub fn keyed_hash(&self, kind: &str, normalised: &str) -> Vec<u8> {
        self.ring().keyed_hash(kind, normalised)
    }

    /// Adds a key version to the file; everything is sealed with it from now on. Returns it.
    ///
    /// # Errors
    /// [`VaultError::File`] when the file cannot be replaced; the old one stays then.
    pub fn rotate(&self) -> Result<u32, VaultError> {
        self.reload()?;
        let (ring, version) = self.ring().with_new_key();
        if let Some(path) = &self.0.file {
            file::replace(path, &ring)?;
        }
        self.replace(ring);
        Ok(version)
    }

    /// Tells key files apart without telling anything about the keys.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(self.keyed_hash("fingerprint", ""))
    }

    fn reload(&self) -> Result<(), VaultError> {
        if let Some(path) = &self.0.file {
            self.replace(file::read(path)?.ok_or_else(|| VaultError::gone(path))?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_and_any_changed_byte_is_noticed() {
        let vault = Vault::for_tests();
        let sealed = vault.seal("E12345218 周").unwrap();
        assert_eq!(vault.open(&sealed).unwrap().reveal(), "E12345218 周");
        assert_ne!(vault.seal("E12345218 周").unwrap(), sealed, "another nonce each time");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(vault.open(&changed).is_err(), "byte {place}");
        }
        for length in 0..sealed.len() {
            assert!(vault.open(&sealed[..length]).is_err(), "cut to {length}");
        }
        assert!(Vault::for_tests().open(&sealed).is_err(), "another installation's keys");
    }

    #[test]
    fn rotation_keeps_old_values_readable_and_reseals_them_lazily() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let vault = Vault::open_or_create(&path).unwrap();
        let other_process = Vault::open_or_create(&path).unwrap();
        let hash = vault.keyed_hash("phone", "+8613812344417");
        let old = vault.seal("old").unwrap();
        assert_eq!(vault.reseal(&old).unwrap(), None);

        assert_eq!(vault.rotate().unwrap(), 2);
        assert_eq!(vault.open(&old).unwrap().reveal(), "old");
        let new = vault.reseal(&old).unwrap().unwrap();
        assert_eq!(vault.reseal(&new).unwrap(), None);
        assert_eq!(other_process.open(&new).unwrap().reveal(), "old", "reads the new version");
        assert_eq!(vault.keyed_hash("phone", "+8613812344417"), hash, "hashes outlive rotation");
        assert_eq!(Vault::open_or_create(&path).unwrap().fingerprint(), vault.fingerprint());
    }

    #[test]
    fn keyed_hashes_differ_by_kind_value_and_installation() {
        let vault = Vault::for_tests();
        let hash = vault.keyed_hash("phone", "1");
        assert_eq!(hash.len(), 16);
        assert_eq!(hash, vault.keyed_hash("phone", "1"));
        assert_ne!(hash, vault.keyed_hash("phone", "2"));
        assert_ne!(hash, vault.keyed_hash("email", "1"));
        assert_ne!(vault.keyed_hash("a", "bc"), vault.keyed_hash("ab", "c"));
        assert_ne!(hash, Vault::for_tests().keyed_hash("phone", "1"));
    }

    #[cfg(unix)]
    #[test]
    fn the_key_file_is_its_owners_alone_and_a_wrong_one_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("secret.key");
        Vault::open_or_create(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let left: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(left.len(), 1, "no half-written file stays");

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Vault::open_or_create(&path), Err(VaultError::Exposed(_))));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "{}").unwrap();
        assert!(matches!(Vault::open_or_create(&path), Err(VaultError::Damaged(_))));
        std::fs::write(&path, "").unwrap();
        assert!(matches!(Vault::open_or_create(&path), Err(VaultError::Damaged(_))));
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", Vault::for_tests()), "Vault(•••)");
    }
}
