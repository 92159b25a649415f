//! Passwords: what a good one is, and how they are kept.

mod hash;
mod rules;

pub use rules::Weakness;
pub(crate) use rules::check;

use crate::{Access, Error, Result};

impl Access {
    /// Whether a new password is good enough for somebody with this address and name, either of
    /// which may be empty.
    ///
    /// # Errors
    /// [`Error::PasswordWeak`].
    pub fn check_new_password(password: &str, email: &str, name: &str) -> Result<()> {
        check(password, email, name).map_err(Error::PasswordWeak)
    }

    /// Hashes `password` on a thread for such work.
    ///
    /// # Errors
    /// [`Error::Hashing`].
    pub async fn hash_password(&self, password: &str) -> Result<String> {
        let _turn = self.password_checks().acquire().await.map_err(|_| Error::Hashing)?;
        let password = zeroize::Zeroizing::new(password.to_owned());
        tokio::task::spawn_blocking(move || hash::make(&password))
            .await
            .map_err(|_| Error::Hashing)?
    }

    /// Whether `password` is the one behind `hash`. Without a hash (there is no such user) the
    /// same work is done, and the answer is no.
    ///
    /// # Errors
    /// [`Error::Hashing`].
    pub async fn password_fits(&self, hash: Option<String>, password: &str) -> Result<bool> {
        let _turn = self.password_checks().acquire().await.map_err(|_| Error::Hashing)?;
        let password = zeroize::Zeroizing::new(password.to_owned());
        tokio::task::spawn_blocking(move || hash::fits(hash.as_deref(), &password))
            .await
            .map_err(|_| Error::Hashing)?
    }
}
