//! By what a server is known again.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use russh::keys::{HashAlg, PublicKey};

/// The SHA-256 of a host key, written as OpenSSH does: `SHA256:` and 43 letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

/// The text is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is written `SHA256:` and 43 letters, as `ssh-keygen -lf` shows it")]
pub struct BadFingerprint;

impl Fingerprint {
    pub(super) fn of(key: &PublicKey) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(key.fingerprint(HashAlg::Sha256).as_bytes());
        Self(bytes)
    }
}

impl FromStr for Fingerprint {
    type Err = BadFingerprint;

    fn from_str(text: &str) -> Result<Self, BadFingerprint> {
        let letters = text.trim().strip_prefix("SHA256:").ok_or(BadFingerprint)?;
        let bytes =
            STANDARD_NO_PAD.decode(letters.trim_end_matches('=')).map_err(|_| BadFingerprint)?;
        bytes.try_into().map(Self).map_err(|_| BadFingerprint)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SHA256:{}", STANDARD_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_as_openssh_does() {
        let text = "SHA256:Nh0Me49Zh9fDw/VYUfq43IJmI1T+XrjiYONPND8GzaM";
        let print: Fingerprint = text.parse().unwrap();
        assert_eq!(print.to_string(), text);
        assert_eq!(format!(" {text}= ").parse(), Ok(print));
        for wrong in ["", "SHA256:", "SHA256:abc", "MD5:00:11", &text[7..], &text[..40]] {
            assert_eq!(wrong.parse::<Fingerprint>(), Err(BadFingerprint), "{wrong}");
        }
    }
}
