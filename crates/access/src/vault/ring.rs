use std::collections::BTreeMap;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::VaultError;
use crate::random;

/// First byte of everything sealed.
const FORMAT: u8 = 1;
/// Format and key version.
const HEADER: usize = 5;
const NONCE: usize = 12;

/// The keys in memory.
#[derive(Clone)]
pub(super) struct Ring {
    ciphers: BTreeMap<u32, (Zeroizing<[u8; 32]>, Aes256Gcm)>,
    newest: u32,
    hash_key: Zeroizing<[u8; 32]>,
    hasher: Hmac<Sha256>,
}

/// The keys as they lie in the file.
#[derive(Serialize, Deserialize)]
struct Written {
    format: u8,
    hash_key: String,
    keys: BTreeMap<u32, String>,
}

impl Drop for Written {
    fn drop(&mut self) {
        self.hash_key.zeroize();
        self.keys.values_mut().for_each(Zeroize::zeroize);
    }
}

impl Ring {
    pub(super) fn fresh() -> Self {
        let keys = BTreeMap::from([(1, Zeroizing::new(random::bytes()))]);
        Self::of(keys, 1, Zeroizing::new(random::bytes()))
    }

    fn of(
        keys: BTreeMap<u32, Zeroizing<[u8; 32]>>,
        newest: u32,
        hash_key: Zeroizing<[u8; 32]>,
    ) -> Self {
        let ciphers = keys
            .into_iter()
            .map(|(version, key)| {
                let cipher = Aes256Gcm::new((&*key).into());
                (version, (key, cipher))
            })
            .collect();
        let hasher = <Hmac<Sha256> as KeyInit>::new_from_slice(&*hash_key)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        Self { ciphers, newest, hash_key, hasher }
    }

    pub(super) fn with_new_key(&self) -> (Self, u32) {
        let newest = self.newest + 1;
        let mut keys: BTreeMap<u32, Zeroizing<[u8; 32]>> =
            self.ciphers.iter().map(|(version, (key, _))| (*version, key.clone())).collect();
        keys.insert(newest, Zeroizing::new(random::bytes()));
        (Self::of(keys, newest, self.hash_key.clone()), newest)
    }

    pub(super) fn write(&self) -> Zeroizing<String> {
        let written = Written {
            format: FORMAT,
            hash_key: STANDARD.encode(self.hash_key.as_slice()),
            keys: self
                .ciphers
                .iter()
                .map(|(version, (key, _))| (*version, STANDARD.encode(key.as_slice())))
                .collect(),
        };
        Zeroizing::new(serde_json::to_string_pretty(&written).unwrap_or_default())
    }

    /// `None` when the text is not a key file.
    pub(super) fn read(text: &str) -> Option<Self> {
        let written: Written = serde_json::from_str(text).ok()?;
        if written.format != FORMAT {
            return None;
        }
        let keys: BTreeMap<u32, Zeroizing<[u8; 32]>> = written
            .keys
            .iter()
            .map(|(version, key)| Some((*version, key_of(key)?)))
            .collect::<Option<_>>()?;
        let newest = *keys.keys().next_back()?;
        Some(Self::of(keys, newest, key_of(&written.hash_key)?))
    }

    pub(super) fn seal(&self, value: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (_, cipher) =
            self.ciphers.get(&self.newest).ok_or(VaultError::UnknownKey(self.newest))?;
        let mut sealed = Vec::with_capacity(HEADER + NONCE + value.len() + 16);
        sealed.push(FORMAT);
        sealed.extend_from_slice(&self.newest.to_be_bytes());
        let nonce: [u8; NONCE] = random::bytes();
        let ciphertext = cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: value, aad: &sealed })
            .map_err(|_| VaultError::TooLong)?;
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    pub(super) fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (header, rest) = sealed.split_at_checked(HEADER).ok_or(VaultError::Broken)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(VaultError::Broken)?;
        let version = version_of(sealed).ok_or(VaultError::Broken)?;
        let (_, cipher) = self.ciphers.get(&version).ok_or(VaultError::UnknownKey(version))?;
        cipher
            .decrypt(&Nonce::from(*nonce), Payload { msg: ciphertext, aad: header })
            .map_err(|_| VaultError::Broken)
    }

    pub(super) fn is_newest(&self, sealed: &[u8]) -> bool {
        version_of(sealed) == Some(self.newest)
    }

    pub(super) fn keyed_hash(&self, kind: &str, normalised: &str) -> Vec<u8> {
        let mut hasher = self.hasher.clone();
        hasher.update(kind.as_bytes());
        hasher.update(&[0]);
        hasher.update(normalised.as_bytes());
        hasher.finalize().into_bytes()[..16].to_vec()
    }
}

fn key_of(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}

fn version_of(sealed: &[u8]) -> Option<u32> {
    let (format, rest) = sealed.split_first()?;
    let version = rest.first_chunk::<4>()?;
    (*format == FORMAT).then(|| u32::from_be_bytes(*version))
}
