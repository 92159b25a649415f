//! Secrets: the one place of this crate that asks the operating system for randomness, and the
//! two forms in which a secret is written.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRng, rngs::SysRng};
use sha2::{Digest, Sha256};

/// Letters and digits that are not mistaken for one another on paper or on the phone
/// (no `i`, `l`, `o`, `u`).
const CLEAR: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// `N` bytes nobody can guess.
///
/// # Panics
/// When the operating system has no randomness to give; nothing may go on then.
#[expect(clippy::expect_used, reason = "without the system's randomness nothing may go on")]
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    SysRng.try_fill_bytes(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A token of 256 bits for a cookie.
#[must_use]
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// `N` letters of five bits each, for secrets that a person reads or types.
pub(crate) fn clear<const N: usize>() -> String {
    bytes::<N>().iter().map(|byte| char::from(CLEAR[usize::from(byte & 31)])).collect()
}

/// `N` letters in groups of four: `k3f9-x2m8-…`.
#[must_use]
pub fn grouped<const N: usize>() -> String {
    let letters = clear::<N>();
    let groups: Vec<&str> =
        (0..letters.len()).step_by(4).map(|at| &letters[at..(at + 4).min(letters.len())]).collect();
    groups.join("-")
}

/// What is kept of a token. Tokens hold at least 128 random bits, so a plain hash is enough.
#[must_use]
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Compares secrets in a time that says nothing about where they differ.
#[must_use]
pub fn same(left: &[u8], right: &[u8]) -> bool {
    use subtle::ConstantTimeEq;
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_their_length_and_never_repeat() {
        assert_eq!(token().len(), 43);
        assert_eq!(clear::<10>().len(), 10);
        assert_eq!(grouped::<16>().len(), 19);
        assert_eq!(grouped::<6>().split('-').map(str::len).collect::<Vec<_>>(), [4, 2]);
        assert_ne!(token(), token());
        assert!(same(b"abc", b"abc") && !same(b"abc", b"abd") && !same(b"abc", b"ab"));
    }
}
