//! Passwords and keys that cannot leak by accident.

use std::fmt;

use zeroize::Zeroizing;

/// A password, token, private key or passphrase.
///
/// `Debug` prints dots, there is no `Display`, and the memory is wiped when it is dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn dots_whatever_the_value() {
        assert_eq!(format!("{:?}", Some(Secret::new("open sesame"))), "Some(•••)");
    }
}
