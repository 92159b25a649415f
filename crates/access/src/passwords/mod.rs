//! Passwords: what a good one is, and how they are kept.

mod hash;
mod rules;

pub use rules::Weakness;
pub(crate) use rules::check;

use crate::{Access, Error, Result};

impl Access {
    /// Hashes `password` on a thread for such work.
    pub(crate) async fn hash_password(&self, password: &str) -> Result<String> {
        let _turn = self.password_checks().acquire().await.map_err(|_| Error::Hashing)?;
        let password = zeroize::Zeroizing::new(password.to_owned());
        tokio::task::spawn_blocking(move || hash::make(&password))
            .await
            .map_err(|_| Error::Hashing)?
    }

    /// Whether `password` is the one behind `hash`. Without a hash (there is no such user) the
    /// same work is done, and the answer is no.
    pub(crate) async fn password_fits(&self, hash: Option<String>, password: &str) -> Result<bool> {
        let _turn = self.password_checks().acquire().await.map_err(|_| Error::Hashing)?;
        let password = zeroize::Zeroizing::new(password.to_owned());
        tokio::task::spawn_blocking(move || hash::fits(hash.as_deref(), &password))
            .await
            .map_err(|_| Error::Hashing)?
    }
}
