//! Short codes of fixed width, kept in place.

use std::fmt;

use serde::{Serialize, Serializer};

/// Up to `N` ASCII characters of a fixed field, padded with blanks. Copied, never allocated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code<const N: usize>([u8; N]);

impl<const N: usize> Code<N> {
    /// Nothing but blanks.
    pub const BLANK: Self = Self([b' '; N]);

    /// None if `text` is longer than `N` or not printable ASCII.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut code = Self::BLANK;
        code.0.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        text.bytes().all(|byte| (b' '..=b'~').contains(&byte)).then_some(code)
    }

    /// `bytes` must be ASCII.
    #[inline]
    pub(super) const fn of(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// Without the blanks around it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default().trim_matches(' ')
    }

    /// With its blanks.
    #[must_use]
    pub const fn columns(&self) -> &[u8; N] {
        &self.0
    }

    /// Nothing there.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0 == [b' '; N]
    }
}

impl<const N: usize> Default for Code<N> {
    fn default() -> Self {
        Self::BLANK
    }
}

impl<const N: usize> fmt::Debug for Code<N> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), out)
    }
}

impl<const N: usize> fmt::Display for Code<N> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl<const N: usize> Serialize for Code<N> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}
