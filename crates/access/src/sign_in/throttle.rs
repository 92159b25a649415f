//! How often something may be tried. Counted before the secret is looked at, so that tries made
//! side by side count too; kept in the database, so that a restart or a second server forgets
//! nothing. Accounts are counted by what was typed, whether or not there is such a user.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use store::{Tx, sql};

use crate::{Access, Error, Origin, Result, UserId, Vault};

/// Something that is counted.
#[derive(Clone, Debug)]
pub(crate) struct Try {
    key: Vec<u8>,
    of: Of,
}

#[derive(Clone, Copy, Debug)]
enum Of {
    Account,
    Address,
}

impl Try {
    /// The password of an account.
    pub(crate) fn account(vault: &Vault, email: &str) -> Self {
        Self { key: vault.keyed_hash("throttle-account", email), of: Of::Account }
    }

    /// The second factor of a user whose password was right.
    pub(crate) fn second_factor(vault: &Vault, user: UserId) -> Self {
        Self { key: vault.keyed_hash("throttle-factor", &user.to_string()), of: Of::Account }
    }

    /// The password of somebody who is signed in.
    pub(crate) fn confirm(vault: &Vault, user: UserId) -> Self {
        Self { key: vault.keyed_hash("throttle-confirm", &user.to_string()), of: Of::Account }
    }

    /// Everything from a network address; of IPv6 the /64, which is what one site gets.
    pub(crate) fn address(vault: &Vault, address: IpAddr) -> Self {
        Self { key: vault.keyed_hash("throttle-address", &site(address)), of: Of::Address }
    }
}

fn site(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

/// Tries at an account of people who are not staff, counted: see [`Access::try_at`].
#[derive(Clone, Debug)]
pub struct Tried(Vec<Try>);

/// How a try was counted.
pub(crate) struct Counted {
    /// The first one that was too many in its window: worth a row in the trail.
    pub first_too_many: bool,
    /// When the window ends, if it was too many.
    pub again_at: Option<DateTime<Utc>>,
}

impl Access {
    /// Counts one try of each.
    ///
    /// # Errors
    /// [`Error::TooManyTries`] when one of them has been tried too often; says how long to wait.
    pub(crate) async fn count_try(&self, tries: &[Try]) -> Result<()> {
        self.count(tries).await?.again_at.map_or(Ok(()), |at| Err(self.too_many(at)))
    }

    /// Counts a try at an account of another realm than staff's, and the try of the address it
    /// came from in that realm. The account need not exist.
    ///
    /// # Errors
    /// [`Error::TooManyTries`].
    pub async fn try_at(&self, realm: &str, account: &str, origin: &Origin) -> Result<Tried> {
        let mut tries = vec![Try {
            key: self.vault().keyed_hash(&format!("throttle-{realm}-account"), account),
            of: Of::Account,
        }];
        if let Some(address) = origin.address {
            let kind = format!("throttle-{realm}-address");
            tries
                .push(Try { key: self.vault().keyed_hash(&kind, &site(address)), of: Of::Address });
        }
        self.count_sign_in(&tries).await?;
        Ok(Tried(tries))
    }

    /// Forgets tries in the transaction that lets their author in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_tried(&self, tx: &mut Tx, tried: &Tried) -> Result<()> {
        forget(tx, &tried.0).await
    }

    pub(crate) fn too_many(&self, again_at: DateTime<Utc>) -> Error {
        let seconds = (again_at - self.now()).num_seconds().max(1);
        // Rounded up: whoever waits this long is let in.
        Error::TooManyTries { minutes: seconds.saturating_add(59) / 60 }
    }

    pub(crate) async fn count(&self, tries: &[Try]) -> Result<Counted> {
        let now = self.now();
        let window = self.limits().window;
        let mut counted = Counted { first_too_many: false, again_at: None };
        let mut tx = self.db().begin().await?;
        for tried in tries {
            let most = match tried.of {
                Of::Account => self.limits().tries_per_account,
                Of::Address => self.limits().tries_per_address,
            };
            let (count, since) = count_one(&mut tx, &tried.key, now, now - window).await?;
            if count > most {
                counted.first_too_many |= count == most + 1;
                counted.again_at = counted.again_at.max(Some(since + window));
            }
        }
        tx.commit().await?;
        Ok(counted)
    }

    /// Forgets the tries: the secret was right.
    pub(crate) async fn forget_tries(&self, tries: &[Try]) -> Result<()> {
        let mut tx = self.db().begin().await?;
        forget(&mut tx, tries).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn count_one(
    tx: &mut Tx,
    key: &[u8],
    now: DateTime<Utc>,
    over_before: DateTime<Utc>,
) -> Result<(i64, DateTime<Utc>)> {
    let row: (i64, DateTime<Utc>) = tx
        .one(
            sql("INSERT INTO access_throttle (key, tries, since) VALUES ($1, 1, $2)
                 ON CONFLICT (key) DO UPDATE SET
                     tries = CASE WHEN access_throttle.since <= $3 THEN 1
                                  ELSE access_throttle.tries + 1 END,
                     since = CASE WHEN access_throttle.since <= $3 THEN $2
                                  ELSE access_throttle.since END
                 RETURNING tries, since")
            .bind(key.to_vec())
            .bind(now)
            .bind(over_before),
        )
        .await?;
    Ok(row)
}

/// An account starts anew; an address only gets this one try back, or one good account would open
/// the door for guessing at others.
pub(crate) async fn forget(tx: &mut Tx, tries: &[Try]) -> Result<()> {
    for tried in tries {
        let statement = match tried.of {
            Of::Account => sql("DELETE FROM access_throttle WHERE key = $1"),
            Of::Address => {
                sql("UPDATE access_throttle SET tries = tries - 1 WHERE key = $1 AND tries > 0")
            }
        };
        tx.exec(statement.bind(tried.key.clone())).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_one_ipv6_site_count_as_one() {
        let vault = Vault::for_tests();
        let key = |text: &str| Try::address(&vault, text.parse().unwrap()).key;
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_eq!(key("192.0.2.1"), key("::ffff:192.0.2.1"));
    }
}
