//! Argon2id with the parameters OWASP names first for servers: 19 MiB, 2 passes, 1 lane
//! (Password Storage Cheat Sheet). The parameters stand in each hash, so that they can be raised.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use super::rules::MOST_BYTES;
use crate::{Error, Result, random};

const KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(KIB, PASSES, LANES, None).map_err(|_| Error::Hashing)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

pub(super) fn make(password: &str) -> Result<String> {
    let salt: [u8; 16] = random::bytes();
    let hash: PasswordHash = argon2()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|_| Error::Hashing)?;
    Ok(hash.to_string())
}

pub(super) fn fits(hash: Option<&str>, password: &str) -> Result<bool> {
    // Longer ones cannot have been set; the work is done all the same.
    let tried = if password.len() <= MOST_BYTES { password } else { "" };
    let kept = PasswordHash::new(match hash {
        Some(hash) => hash,
        None => nobodys()?,
    })
    .map_err(|_| Error::Hashing)?;
    let fits = argon2()?.verify_password(tried.as_bytes(), &kept).is_ok();
    Ok(fits && hash.is_some() && tried.len() == password.len())
}

/// A hash no password fits, to spend the same time on.
fn nobodys() -> Result<&'static str> {
    static NOBODYS: OnceLock<String> = OnceLock::new();
    if let Some(hash) = NOBODYS.get() {
        return Ok(hash);
    }
    let made = make(&random::token())?;
    Ok(NOBODYS.get_or_init(|| made))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = make("granite-lantern-47").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(fits(Some(&hash), "granite-lantern-47").unwrap());
        assert!(!fits(Some(&hash), "granite-lantern-48").unwrap());
        assert!(!fits(None, "granite-lantern-47").unwrap());
        assert_ne!(hash, make("granite-lantern-47").unwrap(), "another salt each time");
        let empty = make("").unwrap();
        assert!(!fits(Some(&empty), &"x".repeat(MOST_BYTES + 1)).unwrap());
    }
}
